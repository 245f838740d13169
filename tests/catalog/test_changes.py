from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from cdalake.catalog.changes import MANY, ChangeLog, Kind
from cdalake.catalog.connections import ConnectionStore
from cdalake.catalog.database import Database
from cdalake.catalog.reading import EMPTY_TABLE, Reading
from cdalake.catalog.runs import NewRun, Run, RunStore
from cdalake.catalog.tables import BLANK, TableIndex
from cdalake.engine.process import Process
from cdalake.engine.progress import RunState
from cdalake.engine.spec import RunSpec
from cdalake.errors import Problem

NOW = datetime(2026, 11, 26, tzinfo=UTC)


class Notes:
    """What was noted since it was asked last."""

    def __init__(self, database: Database) -> None:
        self.log = ChangeLog(database)
        self._seen = 0

    def new(self) -> list[tuple[Kind, str | None]]:
        found = self.log.after(self._seen, 10_000)
        self._seen = found[-1].id if found else self._seen
        return [(change.kind, change.name) for change in found]


def run_of(store: RunStore) -> Run:
    run = store.get("r1")
    assert run is not None
    return run


def reading(state: RunState) -> Reading:
    return Reading(
        attempt=1,
        state=state,
        started_at=NOW,
        finished_at=NOW if state.is_final else None,
        heartbeat_at=NOW,
        host="here",
        pid=1,
        process_started=1.5,
        tables={"cc_claim": {**EMPTY_TABLE, "status": "failed"}},
    )


def apply(store: RunStore, state: RunState) -> bool:
    told = reading(state)
    return store.apply(run_of(store), told, told.tables)


def row(name: str) -> dict[str, Any]:
    return {**BLANK, "connection": "a", "name": name, "app": "cc", "is_typelist": False}


RUN = [(Kind.RUN, "r1")]


def test_every_state_of_a_run_is_noted_and_its_progress_apart(
    database: Database, store: RunStore
) -> None:
    notes = Notes(database)
    spec = RunSpec("r1", "a", "/source", "/target")
    assert store.add(NewRun(spec, "/target", "server"))
    assert notes.new() == RUN
    assert not store.add(NewRun(spec, "/target", "server"))
    assert notes.new() == []
    store.wait(run_of(store), "another run goes on")
    assert notes.new() == RUN
    store.claim(run_of(store), "me")
    store.started(run_of(store), Process("here", 1, 1.5))
    assert notes.new() == RUN * 2
    assert apply(store, RunState.RUNNING)
    assert notes.new() == [(Kind.PROGRESS, "r1")]
    assert apply(store, RunState.COMPLETED_WITH_ERRORS)
    assert notes.new() == RUN
    assert not apply(store, RunState.RUNNING)
    assert notes.new() == []
    store.retry(run_of(store), ["cc_claim"])
    assert notes.new() == RUN
    store.end(run_of(store), RunState.FAILED, Problem("X", "It broke.", "Retry."))
    assert notes.new() == RUN


def test_every_writer_of_the_index_notes_what_it_wrote(
    database: Database, index: TableIndex
) -> None:
    notes = Notes(database)
    index.save([row("cc_claim"), row("cc_exposure")], {})
    assert sorted(notes.new()) == [(Kind.TABLE, "cc_claim"), (Kind.TABLE, "cc_exposure")]
    point = {"connection": "a", "table_name": "cc_claim", "run_id": "r1", "at": NOW, "lag_s": 5}
    index.add_lag_points([point])
    index.forget_history("a", "cc_claim")
    assert notes.new() == [(Kind.TABLE, "cc_claim")] * 2
    check = dict.fromkeys(("source_ok", "target_ok", "source_ms", "target_ms", "error", "as_of"))
    index.save_check({**check, "connection": "a", "target": "/target", "checked_at": NOW})
    assert notes.new() == [(Kind.CONNECTION, "a")]
    index.remove("a", ["cc_exposure"])
    assert notes.new() == [(Kind.TABLE, "cc_exposure")]
    index.remove("a", [])
    assert notes.new() == []
    index.remove_connection("a")
    assert notes.new() == [(Kind.TABLE, None), (Kind.CONNECTION, "a")]


def test_a_connection_that_is_entered_changed_or_removed_is_noted(database: Database) -> None:
    notes = Notes(database)
    store = ConnectionStore(database)
    given = {"source": "/source", "target": "/target"}
    added = store.add("a", given, "ana")
    assert added is not None
    assert store.add("a", given, "ana") is None
    assert notes.new() == [(Kind.CONNECTION, "a")]
    changed = store.replace("a", given, "ana", added.revision)
    assert changed is not None
    assert not store.remove("a", added.revision)
    assert notes.new() == [(Kind.CONNECTION, "a")]
    assert store.remove("a", changed.revision)
    assert notes.new() == [(Kind.CONNECTION, "a")]


def test_of_very_many_tables_one_note_is_made(database: Database, index: TableIndex) -> None:
    index.save([row(f"t{number}") for number in range(MANY + 1)], {})
    assert Notes(database).new() == [(Kind.TABLE, None)]


def test_what_a_transaction_that_fails_noted_is_gone_with_it(
    database: Database, index: TableIndex
) -> None:
    assert not index.add_commits("a", "nosuch", 3, [{"version": 4}])
    assert Notes(database).new() == []


def test_old_notes_are_forgotten_and_numbers_never_begin_anew(
    database: Database, index: TableIndex
) -> None:
    log = ChangeLog(database)
    for _ in range(3):
        index.save([row("cc_claim")], {})
    newest = log.newest()
    log.forget(newest + 5)
    assert [change.id for change in log.after(0, 10)] == [newest]
    index.save([row("cc_claim")], {})
    assert log.newest() == newest + 1
