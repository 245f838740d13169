from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cdalake.catalog.reading import EMPTY_TABLE, Reading
from cdalake.catalog.runs import NewRun, Run, RunStore
from cdalake.engine.process import Process
from cdalake.engine.progress import RunState
from cdalake.engine.spec import RunSpec
from cdalake.errors import Problem

PROBLEM = Problem("RUN_PROCESS_LOST", "It is gone.", "Retry.")
HERE = Process("here", 4711, 1.5)


def add(store: RunStore, run_id: str = "r1", **fields: Any) -> Run:
    spec = RunSpec(run_id, "default", "/source", "/target", include=("cc_*",))
    store.add(NewRun(spec, "/target", "server", **fields))
    return get(store, run_id)


def get(store: RunStore, run_id: str = "r1") -> Run:
    run = store.get(run_id)
    assert run is not None
    return run


def reading(state: RunState = RunState.RUNNING, **tables: str) -> Reading:
    now = datetime.now(UTC)
    rows = {name: {**EMPTY_TABLE, "status": status, "rows": 5} for name, status in tables.items()}
    return Reading(
        attempt=1,
        state=state,
        started_at=now,
        finished_at=now if state.is_final else None,
        heartbeat_at=now,
        host="here",
        pid=4711,
        process_started=1.5,
        tables=rows,
    )


def apply(store: RunStore, run: Run, told: Reading) -> bool:
    return store.apply(run, told, told.tables)


def test_a_run_comes_back_as_it_was_asked(store: RunStore) -> None:
    run = add(store, request_id="abc")
    assert run.state is RunState.PENDING
    assert run.spec.include == ("cc_*",)
    assert store.by_request("abc") == run
    assert abs(run.created_at - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_request_makes_one_run_however_often_it_is_repeated(store: RunStore) -> None:
    add(store, "r1", request_id="abc")
    spec = RunSpec("r2", "default", "/source", "/target")
    assert not store.add(NewRun(spec, "/target", "server", request_id="abc"))
    assert store.page(10, 0, [])[1] == 1


def test_one_of_many_claimants_wins(store: RunStore) -> None:
    run = add(store)
    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(lambda n: store.claim(run, f"server {n}"), range(8)))
    assert won.count(True) == 1


def test_a_run_that_has_its_process_is_not_claimed_again(store: RunStore) -> None:
    run = add(store)
    store.claim(run, "one")
    store.started(run, HERE)
    assert get(store).process == HERE
    assert not store.claim(get(store), "other")


def test_tables_and_totals_follow_what_the_directory_says(store: RunStore) -> None:
    run = add(store)
    apply(store, run, reading(cc_claim="ok", cc_note="running", cc_check="pending"))
    told = get(store)
    assert told.state is RunState.RUNNING
    assert (told.totals["ok"], told.totals["running"], told.totals["pending"]) == (1, 1, 1)
    assert told.totals["rows"] == 15
    assert told.process == HERE


def test_an_ended_run_is_not_changed_by_what_comes_late(store: RunStore) -> None:
    run = add(store)
    assert apply(store, run, reading(RunState.COMPLETED, cc_claim="ok"))
    assert not apply(store, run, reading(RunState.RUNNING, cc_claim="running"))
    assert get(store).state is RunState.COMPLETED
    assert store.tables("r1")[0]["status"] == "ok"


def test_a_cancelled_run_stays_cancelling_until_its_process_has_said_how_it_ended(
    store: RunStore,
) -> None:
    run = add(store)
    apply(store, run, reading(cc_claim="running"))
    assert store.request_cancel(get(store))
    apply(store, run, reading(cc_claim="running"))
    assert get(store).state is RunState.CANCELLING
    apply(store, run, reading(RunState.CANCELLED, cc_claim="cancelled"))
    assert get(store).state is RunState.CANCELLED


def test_a_run_that_never_began_is_cancelled_at_once(store: RunStore) -> None:
    run = add(store)
    assert store.request_cancel(run)
    assert get(store).state is RunState.CANCELLED
    assert not store.claim(run, "server")


def test_an_ended_run_cannot_be_cancelled(store: RunStore) -> None:
    run = add(store)
    apply(store, run, reading(RunState.COMPLETED))
    assert not store.request_cancel(get(store))


def test_a_lost_run_is_taken_up_by_one_server_only(store: RunStore) -> None:
    run = add(store)
    apply(store, run, reading(cc_claim="running"))
    lost = get(store)
    with ThreadPoolExecutor(4) as pool:
        won = list(pool.map(lambda _: store.take_up(lost), range(4)))
    assert won.count(True) == 1
    again = get(store)
    assert (again.attempt, again.losses, again.state) == (2, 1, RunState.PENDING)
    assert again.process is None


def test_ending_a_run_closes_the_tables_that_were_open(store: RunStore) -> None:
    run = add(store)
    apply(store, run, reading(cc_claim="ok", cc_note="running"))
    assert store.end(get(store), RunState.FAILED, PROBLEM)
    states = {row["table_name"]: row["status"] for row in store.tables("r1")}
    assert states == {"cc_claim": "ok", "cc_note": "failed"}
    ended = get(store)
    assert ended.error == PROBLEM.to_json()
    assert ended.totals["failed"] == 1


def test_a_retry_is_the_next_attempt_of_the_same_run_over_its_bad_tables(store: RunStore) -> None:
    run = add(store)
    apply(store, run, reading(RunState.COMPLETED_WITH_ERRORS, cc_claim="ok", cc_note="failed"))
    assert store.retry(get(store), ["cc_note"])
    again = get(store)
    assert (again.attempt, again.state) == (2, RunState.PENDING)
    assert again.attempt_spec.include == ("cc_note",)
    assert again.spec.include == ("cc_*",)
    states = {row["table_name"]: (row["attempt"], row["status"]) for row in store.tables("r1")}
    assert states == {"cc_claim": (1, "ok"), "cc_note": (2, "pending")}
    assert not store.retry(again, ["cc_note"])


def states(store: RunStore) -> dict[str, tuple[int, str]]:
    return {row["table_name"]: (row["attempt"], row["status"]) for row in store.tables("r1")}


def test_a_retry_that_fails_as_a_whole_leaves_no_table_open(store: RunStore) -> None:
    run = add(store)
    apply(store, run, reading(RunState.COMPLETED_WITH_ERRORS, cc_claim="ok", cc_note="failed"))
    store.retry(get(store), ["cc_note"])
    no_manifest = replace(reading(RunState.FAILED), attempt=2, error=PROBLEM.to_json())
    assert apply(store, get(store), no_manifest)
    assert states(store) == {"cc_claim": (1, "ok"), "cc_note": (2, "failed")}
    assert store.tables("r1")[1]["error"] == PROBLEM.to_json()
    assert get(store).totals["failed"] == 1
    assert "pending" not in get(store).totals


@pytest.mark.parametrize(
    ("end", "left"),
    [
        (RunState.FAILED, "failed"),
        (RunState.CANCELLED, "cancelled"),
        (RunState.COMPLETED_WITH_ERRORS, "skipped"),
    ],
)
def test_what_a_lost_attempt_left_open_ends_with_the_run(
    store: RunStore, end: RunState, left: str
) -> None:
    run = add(store)
    apply(store, run, reading(cc_claim="ok", cc_note="running", cc_check="pending"))
    store.take_up(get(store))
    apply(store, get(store), replace(reading(end, cc_check="failed"), attempt=2))
    assert states(store) == {
        "cc_claim": (1, "ok"),
        "cc_note": (1, left),
        "cc_check": (2, "failed"),
    }
    attempts = [(row["attempt"], row["status"]) for row in store.of_table("/target", "cc_check", 9)]
    assert attempts == [(2, "failed"), (1, "cancelled")]


def test_a_run_that_is_lost_for_good_closes_what_earlier_attempts_left_open(
    store: RunStore,
) -> None:
    apply(store, add(store), reading(cc_note="running"))
    store.take_up(get(store))
    assert store.end(get(store), RunState.FAILED, PROBLEM)
    assert states(store) == {"cc_note": (1, "failed")}


def test_a_table_whose_name_looks_like_a_pattern_is_retried_by_its_name(store: RunStore) -> None:
    run = add(store)
    apply(store, run, reading(RunState.COMPLETED_WITH_ERRORS, **{"bad[1]*": "failed"}))
    store.retry(get(store), ["bad[1]*"])
    assert get(store).attempt_spec.include == ("bad[[]1][*]",)


def test_runs_come_newest_first_and_can_be_chosen_by_state(store: RunStore) -> None:
    now = datetime.now(UTC)
    for number in range(3):
        add(store, f"r{number}", created_at=now + timedelta(seconds=number))
    apply(store, get(store, "r1"), reading(RunState.COMPLETED))
    found, total = store.page(2, 0, [])
    assert ([run.run_id for run in found], total) == (["r2", "r1"], 3)
    assert [run.run_id for run in store.page(10, 0, ["completed"])[0]] == ["r1"]
    assert [run.run_id for run in store.unfinished()] == ["r0", "r2"]


def test_the_last_end_of_each_table_is_found_and_a_cancelled_one_says_nothing(
    store: RunStore,
) -> None:
    run = add(store)
    told = reading(RunState.CANCELLED, cc_claim="failed", cc_note="cancelled")
    for row in told.tables.values():
        row["finished_at"] = datetime.now(UTC)
    apply(store, run, told)
    ends = store.ends("/target", None)
    assert [(end["table_name"], end["status"]) for end in ends] == [("cc_claim", "failed")]
    assert store.ends("/target", ends[-1]["finished_at"]) == []
    assert store.ends("/elsewhere", None) == []


@pytest.mark.parametrize("attempt", [2, 3])
def test_what_an_old_attempt_says_does_not_touch_the_new_one(store: RunStore, attempt: int) -> None:
    old = add(store)
    apply(store, old, reading(cc_claim="running"))
    for _ in range(attempt - 1):
        store.take_up(get(store))
    assert not apply(store, old, reading(RunState.COMPLETED, cc_claim="ok"))
    assert get(store).state is RunState.PENDING


def test_a_result_wins_over_our_guess_that_the_process_was_lost(store: RunStore) -> None:
    run = add(store)
    apply(store, run, reading(cc_claim="running"))
    store.end(get(store), RunState.FAILED, PROBLEM)
    assert [lost.run_id for lost in store.lost(run.created_at)] == ["r1"]
    assert not apply(store, get(store), reading(cc_claim="running"))
    assert apply(store, get(store), reading(RunState.COMPLETED, cc_claim="ok"))
    ended = get(store)
    assert (ended.state, ended.error, ended.totals["ok"]) == (RunState.COMPLETED, None, 1)
    assert store.lost(run.created_at) == []


def test_no_result_changes_an_end_that_was_told(store: RunStore) -> None:
    run = add(store)
    told = replace(reading(RunState.FAILED), error=replace(PROBLEM, code="OTHER").to_json())
    apply(store, run, told)
    assert not apply(store, get(store), reading(RunState.COMPLETED, cc_claim="ok"))


def test_a_silent_run_is_unknown_until_it_says_something(store: RunStore) -> None:
    run = add(store)
    apply(store, run, reading(cc_claim="running"))
    store.fall_silent(get(store))
    assert get(store).state is RunState.UNKNOWN
    apply(store, get(store), reading(cc_claim="running"))
    assert get(store).state is RunState.RUNNING
