from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdalake.models.table import Health
from cdalake.services.health import Facts, assess, headline, in_words, median_gap

NOW = datetime(2026, 11, 23, 9, 52, tzinfo=UTC)
HOUR = 3600


def at(hour: int, minute: int) -> int:
    return int(datetime(2026, 11, 23, hour, minute, tzinfo=UTC).timestamp() * 1000)


CAUGHT_UP = Facts(
    in_manifest=True,
    version=4,
    manifest_ms=at(9, 40),
    watermark_ms=at(9, 40),
    listed_ms=at(9, 40),
)
BEHIND = replace(CAUGHT_UP, watermark_ms=at(8, 5), listed_ms=at(8, 5))
PROBLEM = {"code": "X", "message": "The bucket is gone.", "hint": "Find it."}


def health_of(facts: Facts, now: datetime = NOW) -> Health:
    return assess(facts, HOUR, now).health


def test_a_table_with_nothing_pending_is_healthy_and_has_no_lag() -> None:
    verdict = assess(CAUGHT_UP, HOUR, NOW)
    assert (verdict.health, verdict.lag_s) == (Health.HEALTHY, 0)
    assert verdict.reason == "caught up with the manifest of 09:40:00 UTC"


def test_a_table_is_late_above_its_limit_and_the_reason_is_the_subtraction() -> None:
    verdict = assess(BEHIND, HOUR, NOW)
    assert (verdict.health, verdict.lag_s) == (Health.LATE, 95 * 60)
    assert verdict.reason == (
        "manifest 09:40:00 UTC − watermark 08:05:00 UTC = 1 h 35 min; limit 60 min"  # noqa: RUF001
    )


def test_a_lag_at_the_limit_is_not_late() -> None:
    assert health_of(replace(BEHIND, watermark_ms=at(8, 40))) is Health.HEALTHY


def test_folders_that_never_come_do_not_make_a_caught_up_table_late() -> None:
    """The last listing left nothing: an old watermark then only says that CDA wrote no folder."""
    assert health_of(replace(CAUGHT_UP, watermark_ms=at(1, 0))) is Health.HEALTHY


def test_a_table_that_waits_for_a_choice_has_failed_with_the_code_of_its_hold() -> None:
    problem = {"code": "CHANGED_OUTSIDE", "message": "Rows changed.", "hint": "Choose."}
    why = "waits for a choice, CHANGED_OUTSIDE: Rows changed."
    by_run = replace(BEHIND, run_id="r7", run_status="paused", run_error=problem)
    assert assess(by_run, HOUR, NOW).reason == why
    by_checks = replace(BEHIND, run_id="r8", run_status="no_change", check_error=problem)
    verdict = assess(by_checks, HOUR, NOW)
    assert (verdict.health, verdict.reason) == (Health.FAILED, why)


@pytest.mark.parametrize("status", ["failed", "partial"])
def test_a_table_whose_last_run_did_not_end_well_has_failed_even_when_late(status: str) -> None:
    facts = replace(BEHIND, run_id="r7", run_status=status, run_error=PROBLEM)
    verdict = assess(facts, HOUR, NOW)
    assert verdict.health is Health.FAILED
    assert verdict.reason == f"run r7 ended {status}: The bucket is gone."
    assert verdict.lag_s == 95 * 60


@pytest.mark.parametrize("status", ["ok", "no_change", "skipped", "cancelled", None])
def test_other_ends_do_not_count_as_failed(status: str | None) -> None:
    assert health_of(replace(CAUGHT_UP, run_status=status)) is Health.HEALTHY


def test_a_manifest_entry_that_cannot_be_used_is_a_failure() -> None:
    assert health_of(replace(CAUGHT_UP, manifest_problem=PROBLEM)) is Health.FAILED


@pytest.mark.parametrize("status", ["ok", "no_change"])
def test_a_table_that_a_run_had_in_the_target_and_that_is_gone_is_no_table_not_loaded_yet(
    status: str,
) -> None:
    facts = Facts(True, None, manifest_ms=at(9, 40), run_id="r1", run_status=status)
    verdict = assess(facts, HOUR, NOW)
    assert verdict.health is Health.UNKNOWN
    assert verdict.reason == "run r1 had it in the target, where it is no more"


def test_a_table_of_the_manifest_that_the_target_lacks_is_not_loaded() -> None:
    facts = Facts(in_manifest=True, version=None, manifest_ms=at(9, 40))
    assert assess(facts, HOUR, NOW).lag_s is None
    assert health_of(facts) is Health.NOT_LOADED


def test_a_table_the_manifest_does_not_name_is_an_orphan() -> None:
    assert health_of(Facts(in_manifest=False, version=3)) is Health.ORPHAN


def test_a_table_that_cannot_be_read_or_has_no_watermark_is_unknown() -> None:
    assert health_of(replace(CAUGHT_UP, read_error=PROBLEM)) is Health.UNKNOWN
    foreign = replace(CAUGHT_UP, listed_ms=None, watermark_ms=None)
    assert health_of(foreign) is Health.UNKNOWN


def test_a_caught_up_table_is_quiet_after_three_times_its_own_rhythm() -> None:
    facts = replace(CAUGHT_UP, gap_s=600)
    manifest = datetime(2026, 11, 23, 9, 40, tzinfo=UTC)
    assert health_of(facts, manifest + timedelta(minutes=30)) is Health.HEALTHY
    assert health_of(facts, manifest + timedelta(minutes=31)) is Health.QUIET
    late = replace(facts, watermark_ms=at(8, 0), listed_ms=at(8, 0))
    assert health_of(late, manifest + timedelta(days=1)) is Health.LATE


def test_the_reason_of_a_quiet_table_says_since_when_and_not_how_long() -> None:
    facts = replace(CAUGHT_UP, gap_s=600)
    verdict = assess(facts, HOUR, datetime(2026, 11, 23, 11, 0, tzinfo=UTC))
    assert verdict.reason == "caught up; nothing new since 09:40:00 UTC, usually every 10 min"
    assert assess(facts, HOUR, datetime(2026, 11, 23, 23, 0, tzinfo=UTC)).reason == verdict.reason
    next_day = assess(facts, HOUR, datetime(2026, 11, 24, 0, 0, tzinfo=UTC))
    assert "since 2026-11-23 09:40:00 UTC" in next_day.reason


def test_a_verdict_holds_until_the_table_turns_quiet_or_the_day_ends() -> None:
    facts = replace(CAUGHT_UP, gap_s=600)
    quiet_at, midnight = NOW.replace(hour=10, minute=10), datetime(2026, 11, 24, tzinfo=UTC)
    assert assess(facts, HOUR, NOW).until == quiet_at
    assert assess(facts, HOUR, quiet_at + timedelta(seconds=1)).until == midnight
    assert assess(replace(facts, gap_s=86_400), HOUR, NOW).until == midnight
    assert assess(BEHIND, HOUR, NOW).until == midnight


@given(
    manifest=st.integers(at(0, 0) - 3 * 86_400_000, at(23, 59)),
    watermark=st.integers(0, 5 * HOUR * 1000),
    gap=st.none() | st.floats(0, 5 * 86_400),
    is_listed=st.booleans(),
    before_ms=st.integers(1, 86_400_000),
)
def test_no_verdict_changes_before_the_moment_it_names(
    manifest: int, watermark: int, gap: float | None, is_listed: bool, before_ms: int
) -> None:
    listed = manifest if is_listed else None
    facts = Facts(True, 4, manifest, manifest - watermark, listed, gap)
    verdict = assess(facts, HOUR, NOW)
    later = assess(facts, HOUR, max(NOW, verdict.until - timedelta(milliseconds=before_ms)))
    assert (later.health, later.reason, later.lag_s) == (
        verdict.health,
        verdict.reason,
        verdict.lag_s,
    )


def test_a_table_without_a_rhythm_is_never_quiet() -> None:
    assert median_gap([1_000, 2_000, 3_000]) is None
    assert health_of(CAUGHT_UP, NOW + timedelta(days=400)) is Health.HEALTHY


def test_the_rhythm_is_the_median_gap_between_folders() -> None:
    assert median_gap([0, 60_000, 120_000, 9_000_000, 9_060_000]) == 60


@pytest.mark.parametrize(
    ("counts", "total", "sentence"),
    [
        ({Health.FAILED: 3, Health.LATE: 9}, 480, "3 tables failed and 9 are late, of 480"),
        ({Health.FAILED: 1}, 480, "1 table failed, of 480"),
        ({Health.LATE: 1, Health.HEALTHY: 3}, 4, "1 table is late, of 4"),
        ({Health.HEALTHY: 11}, 11, "All 11 tables are healthy"),
        ({Health.HEALTHY: 1}, 1, "The only table is healthy"),
        ({Health.NOT_LOADED: 2, Health.HEALTHY: 1}, 3, "2 tables of 3 are not loaded yet"),
        ({Health.UNKNOWN: 1, Health.HEALTHY: 1}, 2, "1 table of 2 cannot be judged"),
        (
            {Health.QUIET: 2, Health.ORPHAN: 1, Health.HEALTHY: 1},
            4,
            "No table failed or is late; 2 quiet and 1 orphan, of 4",
        ),
        ({}, 0, "No tables yet"),
    ],
)
def test_the_headline_answers_in_one_sentence(
    counts: dict[Health, int], total: int, sentence: str
) -> None:
    assert headline(counts, total) == sentence


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(5, "5 s"), (90, "1 min"), (3600, "1 h"), (5700, "1 h 35 min"), (200_000, "2 d 7 h")],
)
def test_durations_are_said_in_their_two_greatest_units(seconds: int, words: str) -> None:
    assert in_words(seconds) == words


def test_a_current_table_that_stays_behind_makes_its_table_late() -> None:
    """R70: the raw table is caught up, and what people read of it is not."""
    behind = replace(CAUGHT_UP, current_ms=CAUGHT_UP.watermark_ms - 2 * 3_600_000)

    found = assess(behind, 3600, NOW)

    assert (found.health, found.lag_s) == (Health.LATE, 0)
    assert found.reason.startswith("the current table is behind: raw ")
    assert found.reason.endswith("= 2 h; limit 60 min")
    assert (
        assess(replace(behind, current_ms=behind.watermark_ms), 3600, NOW).health is not Health.LATE
    )
