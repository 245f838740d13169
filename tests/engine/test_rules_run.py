"""Rules R49, R51 to R54, R60: how a run goes, ends, is cancelled, and what it must not do."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cdalake.engine.progress import Event, RunResult, RunState, TableResult, TableState
from cdalake.engine.sync import plan, run
from cdalake.errors import UsageError
from cdalake.settings import AccessRef
from cdalake.storage import ObjectInfo, Store
from conftest import Lake, Listener, in_order, result_of

T0 = 1_768_000_000_000


def series(lake: Lake, count: int, table: str = "t", rows: int = 1) -> None:
    for place in range(count):
        lake.deliver(f"{table}/fp/{T0 + place}", {"id": [place] * rows})
    lake.announce(table, T0 + count - 1, "fp")


class CancelWhen(Listener):
    """Hears a run and asks it to stop once `enough` is true of an event."""

    def __init__(self, enough: Callable[[Event], bool]) -> None:
        super().__init__()
        self._enough = enough
        self._stop = threading.Event()

    def emit(self, event: Event) -> None:
        super().emit(event)
        if self._enough(event):
            self._stop.set()

    def asked(self) -> bool:
        return self._stop.is_set()


def committed(count: int) -> Callable[[Event], bool]:
    return lambda event: event.kind == "committed" and event.data["version"] == count - 1


def test_r49_every_requested_table_ends_in_exactly_one_state(lake: Lake) -> None:
    """One of each kind: ok, no_change, partial, failed before and while it was tried."""
    lake.export(tables=2, folders=2, rows=5)
    lake.sync(include=("cc_exposure",))
    series(lake, 2, "half")
    lake.source.put(f"half/fp/{T0 + 1}/part-00000.parquet", b"PAR1 no more")
    lake.announce("gone", T0, "fp")
    manifest = lake.manifest()
    lake.write_manifest({"bad": {}, **manifest})

    result = lake.sync(include=("*", "absent"))

    assert {table.table: table.status for table in result.tables} == {
        "bad": "failed",
        "cc_claim": "ok",
        "cc_exposure": "no_change",
        "half": "partial",
        "gone": "failed",
        "absent": "failed",
    }
    assert (result.status, result.exit_code) == ("completed_with_errors", 2)
    for table in result.tables:
        assert (table.error is None) == table.status.is_good
        if table.error is not None:
            assert all((table.error.code, table.error.message, table.error.hint))
    totals = result.totals
    assert (totals["tables"], totals["failed"], totals["partial"]) == (6, 3, 1)
    assert totals["rows"] == sum(table.rows for table in result.tables)


def test_r49_a_run_of_good_tables_is_completed(lake: Lake) -> None:
    series(lake, 1)

    assert [(r.status, r.exit_code) for r in (lake.sync(), lake.sync())] == [("completed", 0)] * 2


class Defective(Store):
    """Breaks in a way nobody thought of where the memory of the table t is read."""

    def get_with_info(self, path: str) -> tuple[bytes, ObjectInfo]:
        if path == "_cdalake/t.json":
            raise ZeroDivisionError(path)
        return super().get_with_info(path)


def test_r49_a_defect_of_ours_fails_the_table_and_says_so(lake: Lake) -> None:
    series(lake, 1)
    series(lake, 1, "other")
    lake.sync()

    result = run(lake.spec(), lake.listener, lambda: False, Defective.open)

    table = result_of(result, "t")
    assert table.error is not None
    assert (table.status, table.error.code) == ("failed", "INTERNAL_ERROR")
    assert result_of(result, "other").status == "no_change"


def test_r49_a_defect_of_ours_before_any_table_ends_the_run_with_a_result(lake: Lake) -> None:
    def broken(url: str, access: AccessRef) -> Store:
        raise ZeroDivisionError(url)

    result = run(lake.spec(), lake.listener, lambda: False, broken)

    assert (result.status, result.exit_code) == ("failed", 1)
    assert result.error is not None
    assert result.error.code == "INTERNAL_ERROR"
    assert "ZeroDivisionError" in result.error.message
    assert [event.kind for event in lake.listener.events] == ["run_finished"]


def test_r49_events_tell_the_same_story_as_the_result(lake: Lake) -> None:
    lake.export(tables=2, folders=3, rows=5)
    manifest = lake.manifest()
    lake.write_manifest({"bad": {}, **manifest})

    result = lake.sync()

    kinds = [event.kind for event in lake.listener.events]
    assert (kinds[0], kinds[-1]) == ("run_started", "run_finished")
    assert lake.listener.events[0].data["tables"] == ["cc_claim", "cc_exposure", "bad"]
    ends = [event.data for event in lake.listener.events if event.kind == "table_finished"]
    assert sorted(ends, key=str) == sorted((t.to_json() for t in result.tables), key=str)
    written = [event.data["rows"] for event in lake.listener.events if event.kind == "committed"]
    assert sum(written) == result.totals["rows"]


def test_r51_cancel_stops_at_the_next_folder_and_the_next_run_goes_on(lake: Lake) -> None:
    series(lake, 5)
    series(lake, 3, "second")
    stopper = CancelWhen(committed(2))

    result = run(lake.spec(commit_per_folder=True, workers=1), stopper, stopper.asked)

    assert (result.status, result.exit_code) == ("cancelled", 130)
    table = result_of(result, "t")
    assert (table.status, table.folders, table.rows, table.commits) == ("cancelled", 2, 2, 2)
    assert (table.version, table.watermark) == (1, T0 + 1)
    assert (table.error, result_of(result, "second").status) == (None, "cancelled")
    assert [row["id"] for row in lake.rows("t")] == [0, 1]

    rest = result_of(lake.sync(), "t")
    assert (rest.status, rest.folders) == ("ok", 3)
    assert [row["id"] for row in lake.rows("t")] == [0, 1, 2, 3, 4]


def test_r51_within_a_commit_the_folders_that_are_there_are_kept(lake: Lake) -> None:
    """Cancelled while files are brought: what is complete is committed, the rest resumes."""
    for place in range(4):
        for part in range(60):
            lake.deliver(f"t/fp/{T0 + place}", {"id": [place]}, f"part-{part:05}.parquet")
    lake.announce("t", T0 + 3, "fp")
    asked = iter(range(10_000))

    result = result_of(lake.sync(is_cancelled=lambda: next(asked) > 150), "t")

    assert result.status == "cancelled"
    assert 0 < result.folders < 4
    assert result.watermark == T0 + result.folders - 1
    assert len(lake.rows("t")) == result.rows == result.folders * 60
    assert result_of(lake.sync(), "t").folders == 4 - result.folders
    assert len(lake.rows("t")) == 240


def test_r51_a_run_that_is_cancelled_at_once_tries_nothing(lake: Lake) -> None:
    series(lake, 1)

    result = lake.sync(is_cancelled=lambda: True)

    assert (result.status, result_of(result, "t").status) == ("cancelled", "cancelled")
    assert lake.objects() == {}


def test_r51_a_cancel_that_comes_after_the_last_table_changes_nothing(lake: Lake) -> None:
    """Every table is done: to call that cancelled would be untrue."""
    series(lake, 1)
    stopper = CancelWhen(lambda event: event.kind == "table_finished")

    result = run(lake.spec(), stopper, stopper.asked)

    assert (result.status, result.exit_code) == ("completed", 0)


def test_r52_the_table_with_the_most_pending_bytes_goes_first(lake: Lake) -> None:
    series(lake, 1, "small")
    series(lake, 1, "large", rows=50_000)
    series(lake, 1, "middle", rows=5_000)

    lake.sync(workers=1)
    assert _started(lake) == ["large", "middle", "small"]


@pytest.mark.parametrize(
    ("count", "order"),
    [(0, ["small", "large", "middle"]), (1, ["large", "small", "middle"])],
)
def test_r52_so_many_of_the_largest_go_first(lake: Lake, count: int, order: list[str]) -> None:
    series(lake, 1, "small")
    series(lake, 1, "large", rows=50_000)
    series(lake, 1, "middle", rows=5_000)

    result = lake.sync(workers=1, largest_first=count)

    assert _started(lake) == order
    assert [table.table for table in result.tables] == ["small", "large", "middle"]


def _started(lake: Lake) -> list[str | None]:
    return [event.table for event in lake.listener.events if event.kind == "table_started"]


def test_r52_tables_run_side_by_side(lake: Lake) -> None:
    """Each of two tables waits for the other to have begun, which one worker alone cannot do."""
    series(lake, 1, "one")
    series(lake, 1, "two")
    barrier = threading.Barrier(2)

    class Together(Listener):
        def emit(self, event: Event) -> None:
            if event.kind == "table_started":
                barrier.wait(timeout=60)

    assert run(lake.spec(workers=2), Together(), lambda: False).status == "completed"


def test_r54_a_plan_writes_nothing_and_tells_what_a_sync_does(lake: Lake) -> None:
    lake.export(tables=3, folders=4, rows=10)
    lake.announce("gone", T0, "fp")

    planned = plan(lake.spec(include=("*", "absent")))

    assert not Path(lake.target_url).exists()
    assert list(planned.failed) == ["absent"]
    by_name = {table.table: table for table in planned.tables}
    problem = by_name["gone"].problem
    assert problem is not None
    assert problem.code == "SOURCE_EMPTY"
    result = lake.sync(include=("cc_*",))
    for done in result.tables:
        survey = by_name[done.table].survey
        assert survey is not None
        told = survey.plan
        batches = len(told.batches)
        assert (told.folders, told.files, batches) == (done.folders, done.files, done.commits)
    before = lake.objects()
    lake.extend(2)
    assert all(
        table.survey and table.survey.plan.folders
        for table in plan(lake.spec(include=("cc_*",))).tables
    )
    assert lake.objects() == before


@pytest.mark.parametrize("place", ["", "/inside", "/../export", "/inside/deeper"])
def test_r60_a_target_inside_the_source_is_refused(lake: Lake, place: str) -> None:
    series(lake, 1)
    before = {info.path for info in lake.source.list()}

    result = lake.sync(target=f"{lake.source_url}{place}".replace("/../export", "/"))

    assert (result.status, result.tables) == ("failed", ())
    assert result.error is not None
    assert result.error.code == "PATHS_OVERLAP"
    assert {info.path for info in lake.source.list()} == before


def test_r60_a_source_inside_the_target_is_refused(lake: Lake) -> None:
    series(lake, 1)

    result = lake.sync(target=str(Path(lake.source_url).parent))

    assert result.error is not None
    assert result.error.code == "PATHS_OVERLAP"


def test_r60_a_place_whose_name_only_begins_alike_is_another_one(lake: Lake) -> None:
    series(lake, 1)

    assert lake.sync(target=f"{lake.source_url}-tables").status == "completed"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"layout": "shallow"}, "BAD_LAYOUT"),
        ({"rebase": "no-equals-sign"}, "BAD_REBASE"),
        ({"target": "ftp://host/x"}, "BAD_LOCATION"),
        ({"source": "s3://"}, "BAD_LOCATION"),
    ],
)
def test_a_request_that_cannot_be_meant_fails_the_run(
    lake: Lake, options: dict[str, Any], code: str
) -> None:
    result = lake.sync(**options)

    assert (result.status, result.exit_code, result.tables) == ("failed", 1, ())
    assert result.error is not None
    assert (result.error.code, bool(result.error.hint)) == (code, True)
    with pytest.raises(UsageError):
        plan(lake.spec(**options))


def test_a_run_with_dirt_brings_every_good_row_and_names_what_failed(lake: Lake) -> None:
    """The whole export with everything ugly that was seen in real ones."""
    export = lake.export(tables=11, folders=6, rows=10, dirt=True)

    result = lake.sync(settle_seconds=0)

    failed = {t.table: t.error.code for t in result.tables if t.error is not None}
    assert failed == export.expected_failures
    assert [table.table for table in result.tables if table.error is None] == export.tables
    for table in export.tables:
        assert lake.rows(table) == in_order(export.rows(table)), table
    longer = lake.extend(2)
    lake.sync(settle_seconds=0)
    for table in longer.tables:
        assert lake.rows(table) == in_order(longer.rows(table)), table


def test_numbers_of_a_result_that_never_started() -> None:
    table = TableResult("t", TableState.SKIPPED)

    assert (table.duration_seconds, table.to_json()["started_at"]) == (None, None)
    assert {state for state in RunState if state.is_final} == {
        RunState.COMPLETED,
        RunState.COMPLETED_WITH_ERRORS,
        RunState.FAILED,
        RunState.CANCELLED,
    }
    assert isinstance(RunResult.exit_code, property)
