"""The list of runs, many at once, a run beside the one before, its results as files."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from cdalake.catalog.reading import EMPTY_TABLE, Reading
from cdalake.catalog.run_list import RunFilter, RunList
from cdalake.catalog.runs import NewRun
from cdalake.engine.progress import RunState, utc_now
from cdalake.engine.spec import RunSpec
from cdalake.errors import RunNotFound
from cdalake.models.guidewire import BulkRequest
from cdalake.services import result_files
from cdalake.services.run_history import usual

if TYPE_CHECKING:
    from .conftest import Home

NOW = utc_now().replace(microsecond=0)


def ended(
    home: Home,
    run_id: str,
    minutes_ago: float,
    tables: dict[str, dict[str, Any]],
    state: RunState = RunState.COMPLETED,
    **spec: Any,
) -> str:
    """A run of the past; `tables` are columns of its tables, with `seconds` for how long."""
    at = NOW - timedelta(minutes=minutes_ago)
    asked = RunSpec(run_id, "default", home.lake.source_url, home.lake.target_url)
    asked = replace(asked, **{"trigger": "page", "requested_by": "ana", **spec})
    home.runs.add(NewRun(asked, home.lake.target_url, "server", created_at=at))
    rows = {}
    for name, columns in tables.items():
        seconds = columns.pop("seconds", 1.0)
        times = {"started_at": at, "finished_at": at + timedelta(seconds=seconds)}
        rows[name] = {**EMPTY_TABLE, **times, "status": "ok", **columns}
    last = max((row["finished_at"] for row in rows.values()), default=at)
    reading = Reading(1, state, at, last, last, "here", 1, 1.0, tables=rows)
    home.runs.apply(home.run(run_id), reading, list(rows))
    return run_id


def listed(home: Home, wanted: RunFilter, **options: Any) -> list[str]:
    runs, _, _ = home.services.guidewire.list(wanted, options.pop("limit", 100), **options)
    return [run.run_id for run in runs]


def test_runs_are_filtered_by_state_trigger_who_time_table_and_connection(home: Home) -> None:
    ended(home, "r1", 90, {"cc_a": {}}, requested_by="bo", trigger="cli")
    ended(home, "r2", 60, {"cc_b": {"status": "failed"}}, RunState.COMPLETED_WITH_ERRORS)
    ended(home, "r3", 30, {"cc_a": {}}, connection="east")
    assert listed(home, RunFilter()) == ["r3", "r2", "r1"]
    assert listed(home, RunFilter(states=(RunState.COMPLETED_WITH_ERRORS,))) == ["r2"]
    assert listed(home, RunFilter(triggers=("cli",))) == ["r1"]
    assert listed(home, RunFilter(requested_by=("ana",))) == ["r3", "r2"]
    assert listed(home, RunFilter(connections=("east",))) == ["r3"]
    assert listed(home, RunFilter(table="cc_a")) == ["r3", "r1"]
    since = NOW - timedelta(minutes=61)
    assert listed(home, RunFilter(since=since)) == ["r3", "r2"]
    assert listed(home, RunFilter(until=since)) == ["r1"]
    facets = home.services.guidewire.facets()
    assert facets.requested_by == {"ana": 2, "bo": 1}
    assert facets.states == {"completed": 2, "completed_with_errors": 1}
    assert (facets.triggers, facets.connections) == (
        {"cli": 1, "page": 2},
        {"default": 2, "east": 1},
    )


def test_pages_go_on_behind_the_last_run_seen_whatever_comes_meanwhile(home: Home) -> None:
    for number in range(5):
        ended(home, f"r{number}", 5, {})
    runs, total, following = home.services.guidewire.list(RunFilter(), 2)
    assert ([run.run_id for run in runs], total, following) == (["r4", "r3"], 5, "r3")
    ended(home, "r9", 0, {})
    runs, total, following = home.services.guidewire.list(RunFilter(), 3, before=following)
    assert ([run.run_id for run in runs], total, following) == (["r2", "r1", "r0"], 6, None)
    assert listed(home, RunFilter(), before="no-such-run") == []


def test_many_are_cancelled_at_once_and_each_says_what_became_of_it(home: Home) -> None:
    waiting = home.start(table_names=["cc_a"])
    done = ended(home, "r1", 5, {})
    ids = [waiting, done, "no-such-run", waiting]
    answer = home.services.guidewire.bulk(BulkRequest(action="cancel", run_ids=ids))
    assert [(item.run_id, item.ok) for item in answer.items] == [
        (waiting, True),
        (done, False),
        ("no-such-run", False),
    ]
    assert [item.error.code for item in answer.items if item.error] == [
        "RUN_IS_FINAL",
        "RUN_NOT_FOUND",
    ]
    assert home.run(waiting).state in (RunState.CANCELLED, RunState.CANCELLING)


def test_many_are_retried_at_once(home: Home) -> None:
    failed = {"cc_a": {"status": "failed", "error": {"code": "X", "message": "m", "hint": "h"}}}
    bad = ended(home, "r1", 5, failed, RunState.COMPLETED_WITH_ERRORS)
    good = ended(home, "r2", 4, {"cc_a": {}})
    answer = home.services.guidewire.bulk(BulkRequest(action="retry", run_ids=[bad, good]))
    assert [(item.ok, item.error and item.error.code) for item in answer.items] == [
        (True, None),
        (False, "NOTHING_TO_RETRY"),
    ]
    assert home.run(bad).attempt == 2


def test_a_second_retry_keeps_the_selection_of_what_failed(home: Home) -> None:
    error = {"code": "X", "message": "m", "hint": "h"}
    tables = {"cc_a": {"status": "failed", "error": error}, "cc_b": {}}
    run_id = ended(home, "r1", 5, tables, RunState.COMPLETED_WITH_ERRORS)
    home.services.guidewire.retry(run_id)
    again = {"cc_a": {**EMPTY_TABLE, "status": "failed", "error": error, "finished_at": NOW}}
    reading = Reading(2, RunState.COMPLETED_WITH_ERRORS, NOW, NOW, NOW, "h", 1, 1.0, tables=again)
    home.runs.apply(home.run(run_id), reading, ["cc_a"])
    home.services.guidewire.retry(run_id)
    run = home.run(run_id)
    assert (run.attempt, run.retry, run.spec.include) == (3, ("cc_a",), ())


def test_a_run_is_compared_with_the_one_before_of_the_same_selection(home: Home) -> None:
    error = {"code": "X", "message": "m", "hint": "h"}
    before = {
        "fast": {"seconds": 9.0, "rows": 5},
        "gone": {},
        "mended": {"status": "failed", "error": error},
        "same": {"seconds": 1.0},
        "slow": {"seconds": 1.0},
    }
    now = {
        "broken": {"status": "failed", "error": error},
        "fast": {"seconds": 2.0, "rows": 7},
        "mended": {},
        "same": {"seconds": 1.1},
        "slow": {"seconds": 4.0},
    }
    ended(home, "r1", 30, before)
    ended(home, "other", 20, {}, include=("cc_*",))
    ended(home, "r2", 10, now, workers=2, rebase="a=b", commit_per_folder=True)
    found = home.services.history.compare("r2")
    assert found.before is not None
    assert found.before.run_id == "r1"
    assert [t.table for t in found.slower] == ["slow"]
    assert [(t.table, t.rows_before, t.rows_now) for t in found.faster] == [("fast", 5, 7)]
    assert [t.table for t in found.new_failures] == ["broken"]
    assert [t.table for t in found.mended] == ["mended"]
    assert (found.only_before, found.only_now) == (["gone"], ["broken"])
    assert {c.name: (c.before, c.now) for c in found.config} == {
        "workers": ("8", "2"),
        "rebase": ("not set", "a=b"),
        "commit_per_folder": ("no", "yes"),
    }


def test_the_first_run_of_a_selection_has_nothing_beside_it(home: Home) -> None:
    ended(home, "r1", 30, {"cc_a": {}})
    assert home.services.history.compare("r1").before is None
    with pytest.raises(RunNotFound):
        home.services.history.compare("no-such-run")


def test_what_is_usual_is_a_range_of_paces_and_the_median_time_of_the_same_selection(
    home: Home,
) -> None:
    runs = RunList(home.services.database)
    asked = RunSpec("x", "default", home.lake.source_url, home.lake.target_url)
    assert usual(runs, home.lake.target_url, asked) is None
    for number, seconds in enumerate((2.0, 4.0, 8.0)):
        size = {"seconds": seconds, "bytes": 800, "bytes_done": 800}
        ended(home, f"r{number}", 10 + number, {"cc_a": size})
    ended(home, "quick", 5, {"cc_b": {"seconds": 0.1}}, include=("cc_b",))
    found = usual(runs, home.lake.target_url, asked)
    assert found is not None
    assert (found.runs, found.seconds) == (4, 4.0)
    assert (found.slow_bytes_per_second, found.fast_bytes_per_second) == (100.0, 400.0)


def test_results_are_files_that_a_spreadsheet_cannot_be_tricked_by(home: Home) -> None:
    error = {"code": "X", "message": "=cmd()", "hint": "h, i"}
    tables = {"cc_a": {"status": "failed", "error": error}, "cc_b": {"rows": 7}}
    run_id = ended(home, "r1", 5, tables, RunState.COMPLETED_WITH_ERRORS)
    results = home.services.guidewire.status(run_id).results
    rows = list(csv.DictReader("".join(result_files.csv(results)).splitlines()))
    assert [(r["table"], r["status"], r["rows"], r["error"]) for r in rows] == [
        ("cc_a", "failed", "0", "'=cmd()"),
        ("cc_b", "ok", "7", ""),
    ]
    told = json.loads("".join(result_files.json(results)))
    assert [row["table"] for row in told] == ["cc_a", "cc_b"]
    assert json.loads("".join(result_files.json([]))) == []
