"""R25, R64, R65: several syncs of one target end as one."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from cdalake.engine.progress import Event, RunResult
from cdalake.engine.sync import run
from cdalake.storage import Store
from conftest import Lake
from faults import (
    Action,
    Call,
    Faults,
    FaultStore,
    Meeting,
    Program,
    Rival,
    Truth,
    multiset,
    quiet_sync,
    read_by_delta_rs,
    told,
)

ROUNDS = 3
"""How often two programs are started together, the export growing in between."""


@pytest.fixture(params=["folder", "s3"])
def any_lake(request: pytest.FixtureRequest) -> Lake:
    """A lake in folders, and one in buckets."""
    name = {"folder": "lake", "s3": "s3_lake"}[request.param]
    lake: Lake = request.getfixturevalue(name)
    return lake


def test_two_programs_at_once_end_as_one(any_lake: Lake, tmp_path: Path) -> None:
    export = any_lake.export(tables=4, folders=4, rows=20)
    commits = 0
    for number in range(ROUNDS):
        options = ["--commit-per-folder"] if number % 2 else []
        both = [
            Program(any_lake.source_url, any_lake.target_url, tmp_path / f"home-{n}", *options)
            for n in "ab"
        ]
        results = [program.end() for program in both]
        commits += sum(table["commits"] for result in results for table in result["tables"])
        Truth.of(export).check(any_lake.target)
        if number < ROUNDS - 1:
            export = any_lake.extend(2)
    assert commits == sum(len(told(any_lake.target, name).infos) for name in export.tables)


def test_a_rival_sync_before_any_storage_call_changes_nothing(lake: Lake, tmp_path: Path) -> None:
    lake.export(tables=2, folders=4, rows=8)
    lake.sync()
    export = lake.extend(2)
    truth = Truth.of(export)
    _, calls = quiet_sync(lake.source_url, share(lake, tmp_path / "whole"))
    for call in calls:
        target = share(lake, tmp_path / str(call.number))
        rival = Rival(call.number, lambda target=target: quiet_sync(lake.source_url, target)[0])

        result, _ = quiet_sync(lake.source_url, target, rival)

        assert_both_committed_what_they_say(target, call, [result, *rival.results])
        truth.check(Store.open(target))


def assert_both_committed_what_they_say(
    target: str, call: Call, results: Sequence[RunResult]
) -> None:
    store = Store.open(target)
    logs = [told(store, name) for name in store.list_folders() if not name.startswith("_")]
    runs = [info["run_id"] for log in logs for info in log.infos.values()]
    assert len(results) == 2
    for result in results:
        assert result.status == "completed", (call, result)
        assert runs.count(result.run_id) == result.totals["commits"], (call, result)


def test_a_rival_first_load_before_any_storage_call_changes_nothing(
    lake: Lake, tmp_path: Path
) -> None:
    export = lake.export(tables=2, folders=5, rows=4)
    truth = Truth.of(export)
    _, calls = quiet_sync(lake.source_url, str(tmp_path / "whole"))
    for call in calls:
        target = str(tmp_path / str(call.number))
        rival = Rival(call.number, lambda target=target: quiet_sync(lake.source_url, target)[0])

        result, _ = quiet_sync(lake.source_url, target, rival)

        assert_both_committed_what_they_say(target, call, [result, *rival.results])
        truth.check(Store.open(target))


def test_a_rival_that_knows_a_newer_manifest_loses_nothing_and_doubles_nothing(
    lake: Lake, tmp_path: Path
) -> None:
    lake.export(tables=2, folders=3, rows=4)
    _, calls = quiet_sync(lake.source_url, str(tmp_path / "whole"))
    for call in calls:
        source, target = tmp_path / f"export-{call.number}", str(tmp_path / str(call.number))
        shutil.copytree(lake.source_url, source)
        there = Lake(str(source), target)

        def go_on(there: Lake = there) -> RunResult:
            there.extend(2)
            return quiet_sync(there.source_url, there.target_url)[0]

        rival = Rival(call.number, go_on)
        result, _ = quiet_sync(there.source_url, target, rival)

        assert_both_committed_what_they_say(target, call, [result, *rival.results])
        export = there.extend(1)
        assert quiet_sync(there.source_url, target)[0].status == "completed"
        Truth.of(export).check(Store.open(target))


def test_syncs_that_meet_at_the_same_version_commit_each_folder_once(any_lake: Lake) -> None:
    export = any_lake.export(tables=2, folders=4, rows=12)
    barrier = threading.Barrier(3)

    results = at_once(any_lake, lambda: Meeting(barrier), workers=4)

    assert {result.status for result in results} == {"completed"}
    Truth.of(export).check(any_lake.target)
    assert [len(told(any_lake.target, name).infos) for name in export.tables] == [1, 1]
    assert sum(result.totals["commits"] for result in results) == 2


def test_three_threads_that_commit_every_folder_for_itself_end_as_one(any_lake: Lake) -> None:
    export = any_lake.export(tables=2, folders=15, rows=8)

    results = at_once(any_lake, lambda: None, commit_per_folder=True)

    assert [(r.status, [t.error for t in r.tables if t.error]) for r in results] == [
        ("completed", [])
    ] * 3
    Truth.of(export).check(any_lake.target)
    for name in export.tables:
        folders = {file.folder for file in export.files(name)}
        assert len(told(any_lake.target, name).infos) == len(folders)


def test_a_run_that_always_comes_second_still_ends_well(lake: Lake) -> None:
    export = lake.export(tables=1, folders=14, rows=12)

    def run_ahead(store: FaultStore, call: Call, action: Action) -> Any:
        if call.operation == "put_new" and "/_delta_log/" in call.path:
            sink = OneCommit()
            run(lake.spec(commit_per_folder=True), sink, sink.is_done)
        return action()

    result, _ = quiet_sync(lake.source_url, lake.target_url, run_ahead, commit_per_folder=True)

    assert (result.status, result.tables[0].error) == ("completed", None)
    Truth.of(export).check(lake.target)


class OneCommit:
    """A sink that has enough after one commit."""

    def __init__(self) -> None:
        self._seen = False

    def emit(self, event: Event) -> None:
        self._seen |= event.kind == "committed"

    def is_done(self) -> bool:
        return self._seen


def test_a_rewritten_file_survives_a_rival_that_rewrites_it_too(lake: Lake, tmp_path: Path) -> None:
    lake.deliver("t/aa/1680000000000", {"id": [1], "Name": ["a"]})
    lake.announce("t", 1_680_000_000_000, "aa")
    lake.sync()
    lake.deliver("t/bb/1680000001000", {"id": [2], "name": ["b"]})
    lake.announce("t", 1_680_000_001_000, "aa", "bb")
    _, calls = quiet_sync(lake.source_url, share(lake, tmp_path / "whole"))

    for call in calls:
        target = share(lake, tmp_path / str(call.number))
        rival = Rival(call.number, lambda target=target: quiet_sync(lake.source_url, target)[0])
        result, _ = quiet_sync(lake.source_url, target, rival)

        assert result.status == "completed", (call, result)
        assert_readable(target, "t", [{"id": 1, "Name": "a"}, {"id": 2, "Name": "b"}])


def test_a_file_committed_by_a_rival_stays_when_the_loser_wanted_it_rewritten(
    lake: Lake, tmp_path: Path
) -> None:
    """The rival has not seen the late folder that makes its own file the odd one out."""
    first, late, second = (f"t/aa/{1_680_000_000_000 + n}" for n in (0, 1000, 2000))
    lake.deliver(first, {"id": [1]})
    lake.announce("t", 1_680_000_000_000, "aa")
    lake.sync()
    lake.deliver(second, {"id": [3], "note": ["c"]})
    lake.announce("t", 1_680_000_002_000, "aa")
    before = tmp_path / "export-before"
    shutil.copytree(lake.source_url, before)
    lake.deliver(late, {"id": [2], "Note": ["b"]})
    lake.announce("t", 1_680_000_002_000, "aa", totalProcessedRecordsCount=3)
    _, calls = quiet_sync(lake.source_url, share(lake, tmp_path / "whole"))

    for call in calls:
        target = share(lake, tmp_path / str(call.number))
        rival = Rival(call.number, lambda target=target: quiet_sync(str(before), target)[0])
        quiet_sync(lake.source_url, target, rival)
        quiet_sync(lake.source_url, target)

        rows = read_by_delta_rs(Store.open(target), "t")
        assert sorted(row["id"] for row in rows) == [1, 2, 3], call
        sizes = {info.path: info.size for info in Store.open(target).list("t")}
        for path, size in told(Store.open(target), "t").sizes.items():
            assert sizes.get(f"t/{path}") == size, (call, path)


def assert_readable(target: str, table: str, rows: list[dict[str, Any]]) -> None:
    store = Store.open(target)
    assert multiset(read_by_delta_rs(store, table)) == multiset(rows)
    paths = [path for _, path in told(store, table).adds]
    assert len(paths) == len(set(paths))


def at_once(lake: Lake, script: Callable[[], Any], **options: Any) -> list[RunResult]:
    """Three syncs in threads."""
    stores = [Faults(script()) for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        futures = [
            pool.submit(run, lake.spec(**options), lake.listener, lambda: False, faults.open)
            for faults in stores
        ]
        return [future.result() for future in futures]


def share(lake: Lake, target: Path) -> str:
    """The same target under another name, its tags and times unchanged."""
    shutil.copytree(lake.target_url, target, copy_function=os.link)
    return str(target)
