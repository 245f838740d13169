"""What happens to the tables between two refreshes: maintenance, other writers, crashes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from deltalake import write_deltalake

from cdalake.current.files import Stores
from cdalake.current.refresh import refresh
from cdalake.delta.log import commit_path, read_snapshot
from cdalake.errors import CommitContention, StoreUnavailable
from cdalake.storage import Store
from current.raw import Raw, change


@pytest.fixture
def raw(tmp_path: Path) -> Raw:
    """Three commits of which the current table knows two."""
    raw = Raw(Store.open(str(tmp_path / "lake")))
    raw.append([change(1, 1, 2), change(2, 2, 2)], [change(3, 3, 2)])
    raw.append([change(2, 4, 1)])
    raw.refresh()
    raw.append([change(1, 5, name="new"), change(3, 6, 1), change(4, 7, 2)])
    return raw


EXPECTED = [(1, "new"), (4, "a")]


def seen(raw: Raw) -> list[tuple[int, str]]:
    assert raw.state() == raw.oracle()
    return [(row["id"], row["name"]) for row in raw.current]


def vacuum(raw: Raw, path: str) -> None:
    raw.delta(path).vacuum(retention_hours=0, dry_run=False, enforce_retention_duration=False)


def test_a_compaction_of_the_raw_table_is_no_change(raw: Raw) -> None:
    """R27, R39: dataChange=false commits are ignored; the files they replaced are still there."""
    raw.delta("t").optimize.compact()

    done = raw.refresh()

    assert (done.full, done.changed, done.deleted) == (False, 2, 1)
    assert seen(raw) == EXPECTED


def test_a_compaction_alone_only_moves_the_cursor(raw: Raw) -> None:
    """R39"""
    raw.refresh()
    before = raw.delta("_current/t").file_uris()
    raw.delta("t").optimize.compact()

    done = raw.refresh()

    assert (done.full, done.changed, done.raw_version) == (False, 0, 3)
    assert raw.delta("_current/t").file_uris() == before


def test_files_that_were_vacuumed_mean_everything_anew(raw: Raw) -> None:
    """R39"""
    raw.delta("t").optimize.compact()
    vacuum(raw, "t")

    done = raw.refresh()

    assert done.full
    assert done.reason is not None
    assert done.reason.endswith("was vacuumed")
    live = [{k: v for k, v in row.items() if not k.startswith("_cda")} for row in raw.current]
    assert live == [
        {k: v for k, v in row.items() if not k.startswith("_cda")}
        for _, row in sorted(raw.oracle().live.items())
    ]


def test_a_cleaned_log_means_everything_anew(raw: Raw) -> None:
    """R39: the commit that is needed is in the checkpoint only."""
    raw.delta("t").create_checkpoint()
    raw.store.delete(commit_path("t", 2))
    raw.append([change(5, 8, 2)])

    done = raw.refresh()

    assert done.reason == "the raw table's log lacks commits after version 1"
    assert seen(raw) == [*EXPECTED, (5, "a")]


def test_a_restore_of_the_raw_table_means_everything_anew(raw: Raw) -> None:
    """R39: rows went, so what they did to the current table must go too."""
    raw.refresh()
    raw.delta("t").restore(1)
    del raw.changes[-3:]

    done = raw.refresh()

    assert done.reason == "version 3 of the raw table removed rows"
    assert seen(raw) == [(1, "a"), (3, "a")]


def test_another_table_of_the_same_name_means_everything_anew(raw: Raw) -> None:
    """R39: the old current table is readable until the new one is complete."""
    raw.refresh()
    for info in raw.store.list("t"):
        raw.store.delete(info.path)
    raw.changes.clear()
    raw.append([change(8, 1, 2)])

    done = raw.refresh()

    assert done.reason == "there is no cursor of this raw table"
    assert seen(raw) == [(8, "a")]
    raw.delta("_current/t").load_as_version(1)
    commits = raw.store.list("_current/t/_delta_log")
    assert len(commits) == 3, "one commit replaced everything"


def test_a_deleted_current_table_is_made_anew(raw: Raw) -> None:
    for info in raw.store.list("_current/t"):
        raw.store.delete(info.path)

    done = raw.refresh()

    assert done.full
    assert seen(raw) == EXPECTED


@pytest.mark.parametrize("path", ["_current/t", "_current/_tombstones/t"])
def test_somebody_elses_change_of_it_means_everything_anew(raw: Raw, path: str) -> None:
    """R62: rows that another writer removed or added do not stay so."""
    raw.delta(path).delete("id >= 0")

    done = raw.refresh()

    assert done.reason == "somebody else changed the current table"
    assert seen(raw) == EXPECTED


def test_an_append_by_somebody_else_does_not_stay(raw: Raw) -> None:
    """R62"""
    write_deltalake(
        raw.delta("_current/t"), raw.delta("_current/t").to_pyarrow_table(), mode="append"
    )

    assert raw.refresh().full
    assert seen(raw) == EXPECTED


def test_maintenance_of_the_current_table_does_no_harm(raw: Raw) -> None:
    """R27"""
    for path in ("_current/t", "_current/_tombstones/t"):
        raw.delta(path).optimize.compact()
        raw.delta(path).create_checkpoint()
        raw.delta(path).cleanup_metadata()
        vacuum(raw, path)

    done = raw.refresh()

    assert (done.full, seen(raw)) == (False, EXPECTED)


def test_what_a_current_table_needs_of_a_writer_that_we_do_not_do_is_refused(raw: Raw) -> None:
    """R61"""
    raw.delta("_current/t").alter.add_constraint({"positive": "id > 0"})

    with pytest.raises(Exception, match="positive"):
        raw.refresh()


@dataclass
class Dying:
    """A store of which one put of a commit never happens, as when the process ends there."""

    at: str

    def store(self, location: Any) -> Store:
        outer = self

        class Mortal(Store):
            def put_new(self, path: str, data: bytes) -> str | None:
                if path.startswith(outer.at):
                    raise StoreUnavailable("STORE_UNAVAILABLE", "gone", "")
                return super().put_new(path, data)

        return Mortal(location)


@pytest.mark.parametrize("at", ["_current/_tombstones/t/_delta_log", "_current/t/_delta_log"])
def test_a_crash_before_either_commit_loses_nothing(raw: Raw, at: str) -> None:
    """R37: with the tombstones written and the rows not, the old rows are still right to read."""
    before = raw.current
    with pytest.raises(StoreUnavailable):
        refresh(Stores(Dying(at).store(raw.store.location)), "t")
    assert raw.current == before, "nothing is visible of half a refresh"

    done = raw.refresh()

    assert (done.full, seen(raw)) == (False, EXPECTED)


@dataclass
class Meddler:
    """Somebody who does a whole refresh of his own at a chosen moment of ours."""

    raw: Raw
    at: str
    times: int = 1
    before: Callable[[], None] = lambda: None
    after: Callable[[], None] = lambda: None
    done: list[int] = field(default_factory=list)

    def store(self) -> Store:
        outer = self

        class Contested(Store):
            def put_new(self, path: str, data: bytes) -> str | None:
                if path.startswith(outer.at) and len(outer.done) < outer.times:
                    outer.done.append(len(outer.done))
                    outer.before()
                    outer.raw.refresh()
                    outer.after()
                return super().put_new(path, data)

        return Contested(self.raw.store.location)


@pytest.mark.parametrize("at", ["_current/_tombstones/t/_delta_log", "_current/t/_delta_log"])
@pytest.mark.parametrize("is_new", [False, True], ids=["same changes", "one more delete"])
def test_two_writers_end_as_one(raw: Raw, at: str, is_new: bool) -> None:
    """R37: whoever loses reads everything again, the other's tombstones too."""

    def more() -> None:
        if is_new:
            raw.append([change(4, 9, 1)])

    meddler = Meddler(raw, at, before=more)

    refresh(Stores(meddler.store()), "t")

    assert meddler.done == [0]
    assert seen(raw) == (EXPECTED[:1] if is_new else EXPECTED)
    snapshot = read_snapshot(raw.store, "_current/t")
    assert snapshot is not None
    there = {info.path for info in raw.store.list("_current/t") if "_delta_log" not in info.path}
    named = {f"_current/t/{path}" for path in (*snapshot.files, *snapshot.removed)}
    assert there == named, "the loser took his files away"


def test_who_never_wins_gives_up(raw: Raw) -> None:
    """R64"""
    number = iter(range(100))
    meddler = Meddler(
        raw,
        "_current/t/_delta_log",
        times=99,
        after=lambda: raw.append([change(50, 100 + next(number), 2)]),
    )

    with pytest.raises(CommitContention):
        refresh(Stores(meddler.store()), "t")


def test_the_visible_commit_says_what_it_was_made_of(raw: Raw) -> None:
    """R37, R39"""
    done = raw.refresh(told={"run_id": "r1", "userName": "somebody"})

    lines = raw.store.get(commit_path("_current/t", done.version)).splitlines()
    info = json.loads(lines[0])["commitInfo"]
    raw_id = raw.delta("t").metadata().id
    assert (info["raw_version"], info["tombstone_version"]) == (2, 1)
    assert (info["run_id"], info["userName"], info["changed"], info["deleted"]) == (
        "r1",
        "somebody",
        2,
        1,
    )
    for path in ("_current/t", "_current/_tombstones/t"):
        assert raw.delta(path).transaction_version(f"cdalake:current:{raw_id}") == 2


def test_a_file_at_an_absolute_path_is_read_where_it_is(raw: Raw, tmp_path: Path) -> None:
    """R30: zero_copy tables name files of the export."""
    source = Store.open(str(tmp_path / "export"))
    snapshot = read_snapshot(raw.store, "t")
    assert snapshot is not None
    for path in snapshot.files:
        source.put(path, raw.store.get(f"t/{path}"))
        raw.store.delete(f"t/{path}")
    for version in range(3):
        log = raw.store.get(commit_path("t", version)).decode()
        for path in snapshot.files:
            log = log.replace(f'"{path}"', f'"{tmp_path}/export/{path}"')
        raw.store.put(commit_path("t", version), log.encode())

    done = refresh(Stores(raw.store, source), "t")

    assert (done.full, seen(raw)) == (False, EXPECTED)
    assert replace(refresh(Stores(raw.store, source), "t", anew=True), version=0).rows == 2
