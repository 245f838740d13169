"""Holds and what people choose: asked for, tried without writing, carried out, shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cdalake.catalog.table_history import VersionFilter
from cdalake.engine.spec import Action
from cdalake.errors import UsageError
from cdalake.models.guidewire import GuidewireConfig, ProcessingJobStatus
from cdalake.models.table import Health, PlannedTable, PlanRequest, TableDetail

from .conftest import ME

if TYPE_CHECKING:
    from .conftest import Home

T0 = 1_790_000_000_000
MINUTE = 60_000


def deliver(home: Home, place: int) -> None:
    """One more folder with one row."""
    at = T0 + place * MINUTE
    home.lake.deliver(f"t/fp/{at}", {"id": [place]})
    home.lake.announce("t", at, "fp", totalProcessedRecordsCount=place + 1)


@pytest.fixture
def loaded(home: Home) -> Home:
    """A table of three folders, in three versions."""
    for place in range(3):
        deliver(home, place)
    ended(home, commit_per_folder=True)
    return home


def ended(home: Home, **config: Any) -> ProcessingJobStatus:
    """A run to its end, and the index after it."""
    run_id = home.start(**config)
    home.ended(run_id)
    home.refresh("t")
    return home.services.guidewire.status(run_id)


def chosen(home: Home, action: Action, **more: Any) -> ProcessingJobStatus:
    return ended(home, action=action, table_names=["t"], **more)


def detail(home: Home) -> TableDetail:
    return home.services.tables.detail("t", None, with_sample=False)


def tried(home: Home, action: Action, **more: Any) -> PlannedTable:
    row = home.services.tables.find("t", None)
    return home.services.dry_run.of(row, PlanRequest(action=action, **more), ME)


def held(home: Home) -> ProcessingJobStatus:
    """A colleague's RESTORE, and the sync that notices it."""
    home.lake.delta("t").restore(1)
    deliver(home, 3)
    return ended(home)


def copies(home: Home) -> list[str]:
    return [info.path for info in home.lake.target.list("t") if info.path.endswith(".parquet")]


# -- asking -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("config", "code"),
    [
        ({"action": "rebuild"}, "TABLES_NOT_NAMED"),
        ({"action": "rebuild", "table_names": ["cc_*"]}, "TABLES_NOT_NAMED"),
        ({"action": "accept", "table_names": ["t"], "exceptions": ["u"]}, "TABLES_NOT_NAMED"),
        ({"action": "resync", "table_names": ["t"]}, "SINCE_MISSING"),
        ({"action": "rebuild", "table_names": ["t"], "since": 1}, "NOT_OF_THIS_ACTION"),
        ({"action": "quarantine", "table_names": ["t"]}, "FILES_NOT_NAMED"),
        ({"action": "accept", "table_names": ["t"], "files": ["f"]}, "NOT_OF_THIS_ACTION"),
    ],
)
def test_a_choice_that_does_not_say_what_it_is_about_is_refused(
    home: Home, config: dict[str, Any], code: str
) -> None:
    with pytest.raises(UsageError) as refused:
        home.start(**config)
    assert refused.value.code == code
    assert home.runs.unfinished() == []


def test_a_name_with_its_wild_characters_escaped_is_one_table(home: Home) -> None:
    run_id = home.start(action="rebuild", table_names=["odd[[]1]", "plain"])
    assert home.run(run_id).action is Action.REBUILD


def test_the_same_request_for_another_action_is_another_run(loaded: Home) -> None:
    first = ended(loaded, action="verify")
    assert first.config.action is Action.VERIFY
    assert (first.action, first.status) == (Action.VERIFY, "completed")


# -- a hold -----------------------------------------------------------------------------------


def test_r62_a_held_table_says_why_since_when_and_what_can_be_chosen(loaded: Home) -> None:
    run = held(loaded)
    told = detail(loaded)
    assert told.hold is not None
    assert told.hold.error.code == "CHANGED_OUTSIDE"
    assert told.hold.error.choices == ["accept", "resync", "rebuild"]
    assert (told.hold.run_id, told.hold.since) == (run.run_id, told.error_since)
    assert told.health is Health.FAILED
    assert told.health_reason.startswith("waits for a choice, CHANGED_OUTSIDE: ")
    assert [group.choices for group in run.error_groups] == [["accept", "resync", "rebuild"]]
    item = next(i for i in loaded.services.dashboard.overview().attention if i.table == "t")
    assert (item.action, item.choices) == ("choose", ["accept", "resync", "rebuild"])


def test_a_dry_run_names_every_file_and_writes_nothing(loaded: Home) -> None:
    held(loaded)
    before = loaded.lake.objects()
    told = tried(loaded, Action.RESYNC, since=T0 + MINUTE)
    assert (told.error, told.commits, told.folders, told.files) == (None, 1, 3, 3)
    assert [key.split("/")[1] for key in told.reads] == [str(T0 + n * MINUTE) for n in (1, 2, 3)]
    assert (told.removed_files, told.removed_rows, len(told.takes_out)) == (1, 1, 1)
    assert told.bytes > 0
    assert told.first_folder is not None
    assert loaded.lake.objects() == before


def test_a_dry_run_names_the_first_files_and_counts_all(loaded: Home) -> None:
    told = tried(loaded, Action.REBUILD, limit=2)
    assert (told.files, len(told.reads)) == (3, 2)
    assert (told.removed_files, len(told.takes_out)) == (3, 2)


def test_what_was_tried_is_what_is_done_and_the_table_is_healthy_again(loaded: Home) -> None:
    held(loaded)
    told = tried(loaded, Action.RESYNC, since=T0 + MINUTE)
    run = chosen(loaded, Action.RESYNC, since=T0 + MINUTE)
    assert (run.status, run.action, run.config.since) == ("completed", "resync", T0 + MINUTE)
    assert (run.results[0].files, run.commits) == (told.files, told.commits)
    after = detail(loaded)
    assert (after.hold, after.health is Health.FAILED) == (None, False)
    assert [row["id"] for row in loaded.lake.rows("t")] == [0, 1, 2, 3]
    assert [each.action for each in after.runs[:2]] == ["resync", "sync"]


def test_rows_that_a_table_had_before_are_not_new_when_they_are_written_again(
    loaded: Home,
) -> None:
    chosen(loaded, Action.REBUILD)
    loaded.lake.delta("t").restore(1)
    loaded.refresh("t")
    told = detail(loaded)
    assert [(each.operation, each.net_rows) for each in told.history[:3]] == [
        ("RESTORE", None),
        ("REBUILD", 0),
        ("WRITE", 1),
    ]
    assert (told.rows_today, told.volume[-1].rows) == (3, 3)
    days = loaded.services.table_history.timeline("t", None, 7).by_day
    assert sum(day.rows for day in days) == 3


def test_a_retry_of_a_choice_is_the_same_choice_on_the_tables_that_failed(loaded: Home) -> None:
    run = ended(loaded, action="rebuild", table_names=["t", "nosuch"])
    assert run.status == "completed_with_errors"
    loaded.services.guidewire.retry(run.run_id)
    again = loaded.run(run.run_id).attempt_spec
    assert (again.action, again.include) == (Action.REBUILD, ("nosuch",))


def test_a_table_that_the_manifest_does_not_name_cannot_be_planned(loaded: Home) -> None:
    row = {**loaded.services.tables.find("t", None), "name": "nosuch"}
    told = loaded.services.dry_run.of(row, PlanRequest(action=Action.REBUILD), ME)
    assert told.error is not None
    assert told.error.code == "NOT_IN_MANIFEST"


# -- verifying --------------------------------------------------------------------------------


def test_r58_what_a_verification_misses_stays_until_it_is_repaired(loaded: Home) -> None:
    loaded.lake.target.delete(copies(loaded)[0])
    run = chosen(loaded, Action.VERIFY)
    assert [table.status for table in run.results] == ["failed"]
    deliver(loaded, 3)
    assert ended(loaded).status == "completed"

    told = detail(loaded)
    assert told.health is Health.FAILED
    assert told.hold is not None
    assert (told.hold.error.code, told.hold.run_id) == ("DATA_FILE_GONE", run.run_id)
    assert told.hold.error.choices == ["repair", "rebuild"]
    assert told.error_since is not None
    assert told.verification is not None
    assert (told.verification.checks.gone, told.verification.checks.files) == (1, 3)

    assert chosen(loaded, Action.REPAIR).status == "completed"
    assert (detail(loaded).hold, detail(loaded).error_since) == (None, None)
    assert chosen(loaded, Action.VERIFY).status == "completed"
    proven = detail(loaded).verification
    assert proven is not None
    assert proven.version == detail(loaded).version
    assert (proven.checks.gone, proven.checks.missing, proven.checks.difference) == (0, 0, 0)


def test_a_good_verification_ends_what_an_earlier_one_found(loaded: Home) -> None:
    key = copies(loaded)[0]
    body = loaded.lake.target.get(key)
    loaded.lake.target.delete(key)
    chosen(loaded, Action.VERIFY)
    since = detail(loaded).error_since
    assert (detail(loaded).health, since is None) == (Health.FAILED, False)

    loaded.lake.target.put(key, body)
    assert chosen(loaded, Action.VERIFY).status == "completed"
    told = detail(loaded)
    assert (told.hold, told.error_since, told.health is Health.FAILED) == (None, None, False)
    assert loaded.services.trends.trends(7).totals.recoveries == 1


# -- what mends nothing -----------------------------------------------------------------------


def spoilt(home: Home) -> str:
    """A folder with a good and a bad file, and the sync that stops before it: the bad one's key."""
    key = f"fp/{T0 + 3 * MINUTE}/bad.parquet"
    home.lake.source.put(f"t/{key}", b"PAR1 no parquet PAR1")
    deliver(home, 3)
    ended(home)
    return key


def test_a_good_verification_mends_nothing_that_a_sync_met(loaded: Home) -> None:
    spoilt(loaded)
    before = detail(loaded)
    assert (before.health, before.hold is None) == (Health.FAILED, False)
    assert chosen(loaded, Action.VERIFY).status == "completed"
    after = detail(loaded)
    assert (after.health, after.health_reason) == (before.health, before.health_reason)
    assert (after.hold, after.error_since) == (before.hold, before.error_since)
    assert after.verification is not None


def test_of_what_is_pending_it_is_said_how_much_waits_for_a_choice(loaded: Home) -> None:
    spoilt(loaded)
    loaded.refresh()
    pending = loaded.services.preflight.look(GuidewireConfig(), ME).pending
    assert pending is not None
    assert (pending.tables, pending.waiting) == (1, 1)


def test_a_verification_leaves_a_hold_as_it_is(loaded: Home) -> None:
    held(loaded)
    before = detail(loaded).hold
    assert before is not None
    chosen(loaded, Action.VERIFY)
    after = detail(loaded).hold
    assert after is not None
    assert (after.error.code, after.error.choices) == (before.error.code, before.error.choices)
    assert after.since == before.since
    chosen(loaded, Action.ACCEPT)
    assert detail(loaded).hold is None


def test_r62_a_change_of_others_is_told_by_the_verification_that_meets_it(loaded: Home) -> None:
    loaded.lake.delta("t").restore(1)
    chosen(loaded, Action.VERIFY)
    told = detail(loaded)
    assert told.hold is not None
    assert told.hold.error.code == "CHANGED_OUTSIDE"


def test_r15_a_file_set_aside_is_not_yet_a_table_that_came_on(loaded: Home) -> None:
    key = spoilt(loaded)
    assert chosen(loaded, Action.QUARANTINE, files=[key]).status == "completed"
    assert (detail(loaded).health, detail(loaded).hold) == (Health.FAILED, None)
    ended(loaded)
    assert detail(loaded).health is not Health.FAILED


def test_a_choice_that_failed_leaves_the_hold_with_all_that_can_be_chosen(loaded: Home) -> None:
    held(loaded)
    before = detail(loaded).hold
    loaded.lake.delta("t").optimize.compact()
    run = chosen(loaded, Action.RESYNC, since=T0)
    assert [table.status for table in run.results] == ["paused"]
    assert detail(loaded).hold == before


def test_a_verification_of_a_table_that_was_never_verified_is_not_told(loaded: Home) -> None:
    assert detail(loaded).verification is None


def test_the_runs_of_an_action_are_found(loaded: Home) -> None:
    from cdalake.catalog.run_list import RunFilter

    ended(loaded, action="verify")
    found, total, _ = loaded.services.guidewire.list(RunFilter(actions=(Action.VERIFY,)), 10)
    assert ([run.action for run in found], total) == ([Action.VERIFY], 1)
    assert loaded.services.guidewire.facets().actions == {"sync": 1, "verify": 1}


# -- quarantine -------------------------------------------------------------------------------


def test_r15_a_bad_file_is_set_aside_by_name_and_released(loaded: Home) -> None:
    key = spoilt(loaded)
    told = detail(loaded)
    assert told.hold is not None
    assert (told.hold.error.code, told.hold.error.subject) == ("BAD_FILE", key)
    assert told.hold.error.choices == ["quarantine"]

    chosen(loaded, Action.QUARANTINE, files=[key])
    ended(loaded)
    aside = detail(loaded)
    assert [file.key for file in aside.quarantine] == [key]
    assert "ana" in aside.quarantine[0].reason
    assert (aside.hold, aside.quarantined_files) == (None, 1)
    assert aside.health is not Health.FAILED

    loaded.lake.source.delete(f"t/{key}")
    chosen(loaded, Action.RELEASE, files=[key])
    assert detail(loaded).quarantine == []


def test_history_tells_by_how_many_rows_a_rebuild_changed_the_table(loaded: Home) -> None:
    before = detail(loaded).row_count
    lost = min(info.path for info in loaded.lake.source.list("t") if info.path.endswith(".parquet"))
    loaded.lake.source.delete(lost)
    chosen(loaded, Action.REBUILD)

    told = loaded.services.table_history.versions("t", None, VersionFilter(), 1).history[0]

    now = detail(loaded).row_count
    assert before is not None
    assert now is not None
    assert (told.operation, told.net_rows) == ("REBUILD", now - before)
    assert now < before
