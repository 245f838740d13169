"""A sync behind a store that throttles, breaks off, hangs, forgets and lies, over real HTTP."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from cdalake.engine.progress import RunResult, RunState, TableState
from cdalake.engine.sync import run
from cdalake.engine.write import CHECKPOINT_EVERY
from cdalake.samples import Export
from cdalake.settings import AccessRef
from cdalake.storage import Store
from cdalake.storage.patience import Patience
from cdalake.storage.store import STREAM_ABOVE
from conftest import Lake, codes, result_of
from faults import Truth, multiset, read_by_delta_rs, told
from faulty_s3 import (
    AMPLE,
    HASTE,
    PASSING,
    Answer,
    Fault,
    FaultyS3,
    Hang,
    Html,
    Lag,
    LostAnswer,
    Reset,
    Rule,
    Slow,
    hasty,
)

TRIES = 4
"""Runs that may be needed until all is well."""

KINDS: dict[str, Fault] = {
    **PASSING,
    "expired": Answer(403, "ExpiredToken"),
    "refused": Answer(403, "AccessDenied"),
    "wrong clock": Answer(403, "RequestTimeTooSkewed"),
    "another was faster": Answer(412, "PreconditionFailed"),
    "another is at it": Answer(409, "ConditionalRequestConflict"),
    "a web page": Html(400),
    "gone": Answer(404, "NoSuchKey"),
}


@dataclass
class HastyLake(Lake):
    """A lake whose runs wait for a store but a moment."""

    proxy: FaultyS3 = None  # type: ignore[assignment] - the fields before it have defaults
    patience: Patience = HASTE
    told: list[RunResult] = field(default_factory=list)

    def sync(self, *_: Any, **options: Any) -> RunResult:
        def opened(url: str, ref: AccessRef) -> Store:
            return hasty(url, ref, self.patience)

        result = run(self.spec(**options), self.listener, lambda: False, opened)
        self.told.append(result)
        assert_says_why(result)
        return result

    def sync_until_whole(self, export: Export, **options: Any) -> int:
        """Sync until every table is well; how many runs that took."""
        for number in range(1, TRIES + 1):
            if self.sync(**options).status is RunState.COMPLETED:
                self.proxy.heal()
                Truth.of(export).check(self.target)
                return number
        raise AssertionError([t.error for t in self.told[-1].tables])


def assert_says_why(result: RunResult) -> None:
    """Whatever went wrong has a code, a sentence and a next step, and none is a defect of ours."""
    problems = [t.error for t in result.tables if not t.status.is_good] + [result.error]
    for problem in problems:
        if result.status is not RunState.COMPLETED and problem is not None:
            assert problem.code != "INTERNAL_ERROR", problem.sentence
            assert problem.message.endswith(".")
            assert problem.hint.endswith(".")
    assert all(t.error for t in result.tables if t.status is TableState.FAILED)


@pytest.fixture(params=["two buckets", "one bucket"])
def shaky_lake(request: pytest.FixtureRequest, shaky_s3: FaultyS3, s3: Any) -> HastyLake:
    """A lake behind the proxy; nothing is wrong yet."""
    source = s3()
    target = source if request.param == "one bucket" else s3()
    return HastyLake(f"{source}/cda", f"{target}/lake", proxy=shaky_s3)


BY_TURNS = [(kind, ["two buckets", "one bucket"][turn % 2]) for turn, kind in enumerate(KINDS)]


FINAL = {"expired", "refused", "wrong clock", "a web page", "gone", "another was faster"}
"""Each ends a table, so that as many runs are needed."""


def at_random(kind: str, seed: int, share: float = 0.15) -> Rule:
    """Faults of a kind at places that follow from the seed."""
    return Rule(KINDS[kind], share=share, seed=seed, most=3 if kind in FINAL else 12)


@pytest.mark.parametrize(("kind", "shaky_lake"), BY_TURNS, indirect=["shaky_lake"])
def test_no_row_is_lost_or_doubled_whatever_the_store_does(
    shaky_lake: HastyLake, shaky_s3: FaultyS3, kind: str
) -> None:
    """R50, R64: faults at random places, in a first load and in one of what is new."""
    seed = sorted(KINDS).index(kind)
    export = shaky_lake.export(tables=2, folders=3, rows=12, files_per_folder=2, seed=seed)
    shaky_s3.rules = [at_random(kind, seed)]
    shaky_lake.sync_until_whole(export)
    assert shaky_s3.struck > 0, "nothing went wrong"

    export = shaky_lake.extend()
    shaky_s3.rules = [at_random(kind, seed + 100)]
    shaky_lake.sync_until_whole(export, commit_per_folder=True)


@pytest.mark.parametrize("shaky_lake", ["two buckets"], indirect=True)
@pytest.mark.parametrize("seed", range(8))
def test_all_kinds_of_faults_together_end_in_whole_tables(
    shaky_lake: HastyLake, shaky_s3: FaultyS3, seed: int
) -> None:
    dice = random.Random(seed)
    export = shaky_lake.export(tables=2, folders=3, rows=12, seed=seed)
    quick = sorted(KINDS.keys() - FINAL - {"no answer", "no answer, though done", "stalled body"})
    kinds = dice.sample(quick, 4)
    shaky_s3.rules = [at_random(kind, seed, dice.uniform(0.02, 0.1)) for kind in kinds]
    # What is not asked again ends its table: rarely, or no run would ever end well.
    shaky_s3.rules.append(at_random(dice.choice(sorted(FINAL)), seed, 0.01))

    shaky_lake.sync_until_whole(export, commit_per_folder=dice.random() < 0.5)


# -- a put whose answer was lost ------------------------------------------------------------


@pytest.mark.parametrize("shaky_lake", ["two buckets", "one bucket"], indirect=True)
@pytest.mark.parametrize("lost", [LostAnswer(), Hang(takes_effect=True)], ids=["reset", "silence"])
def test_a_commit_whose_answer_was_lost_counts_once(
    shaky_lake: HastyLake, shaky_s3: FaultyS3, lost: Fault
) -> None:
    """R64"""
    export = shaky_lake.export(tables=1, folders=3, rows=12)
    shaky_s3.rules = [Rule(lost, verb="PUT", path=r"_delta_log/\d{20}\.json", nth=(1, 3))]

    result = shaky_lake.sync(commit_per_folder=True)

    assert shaky_s3.struck == 2
    (table,) = result.tables
    assert (table.status, table.error) == (TableState.OK, None)
    assert (table.commits, table.version) == (table.folders, table.folders - 1)
    assert table.rows == len(export.rows(table.table))
    Truth.of(export).check(shaky_lake.target)


@pytest.mark.parametrize("shaky_lake", ["two buckets", "one bucket"], indirect=True)
def test_a_commit_that_took_effect_before_the_store_went_away_is_found_by_the_next_run(
    shaky_lake: HastyLake, shaky_s3: FaultyS3
) -> None:
    """R64: every try takes effect or is refused, and no answer ever comes."""
    export = shaky_lake.export(tables=1, folders=3, rows=12)
    shaky_s3.rules = [Rule(LostAnswer(), path="_delta_log", verb="PUT")]
    (table,) = shaky_lake.sync().tables
    assert table.error is not None
    assert table.error.code == "STORE_UNAVAILABLE"

    shaky_s3.heal()
    (table,) = shaky_lake.sync().tables

    assert (table.status, table.commits) == (TableState.NO_CHANGE, 0)
    Truth.of(export).check(shaky_lake.target)


@pytest.mark.parametrize("shaky_lake", ["two buckets", "one bucket"], indirect=True)
def test_copies_whose_answers_were_lost_are_there_once(
    shaky_lake: HastyLake, shaky_s3: FaultyS3
) -> None:
    """R32"""
    export = shaky_lake.export(tables=1, folders=3, rows=12)
    shaky_s3.rules = [Rule(LostAnswer(), verb="PUT|COPY", path=r"\.parquet", first_only=True)]

    assert shaky_lake.sync().status is RunState.COMPLETED
    assert shaky_s3.struck >= len(export.files(shaky_lake.told[0].tables[0].table))
    Truth.of(export).check(shaky_lake.target)
    copies = [p for p in shaky_lake.objects() if p.endswith(".parquet")]
    assert len(copies) == sum(len(export.files(table)) for table in export.tables)


@pytest.mark.parametrize("shaky_lake", ["two buckets"], indirect=True)
@pytest.mark.parametrize("verb", ["POST", "PART", "COMPLETE"])
def test_a_large_file_whose_answers_were_lost_is_there_once(
    shaky_lake: HastyLake, shaky_s3: FaultyS3, verb: str
) -> None:
    shaky_lake.patience = AMPLE
    dice = random.Random(0)
    values = [dice.randbytes(1 << 20) for _ in range(STREAM_ABOVE // (1 << 20) + 1)]
    shaky_lake.deliver("t/f1/1700000000000", {"id": list(range(len(values))), "x": values})
    shaky_lake.announce("t", 1_700_000_000_000, "f1")
    shaky_s3.rules = [Rule(LostAnswer(), verb=verb, most=1)]

    assert shaky_lake.sync().status is RunState.COMPLETED
    assert shaky_s3.struck == 1
    assert [row["x"] for row in shaky_lake.rows("t")] == values
    assert len([p for p in shaky_lake.objects() if p.endswith(".parquet")]) == 1


@pytest.mark.parametrize("shaky_lake", ["two buckets"], indirect=True)
def test_a_rewritten_file_whose_answer_was_lost_is_there_once(
    shaky_lake: HastyLake, shaky_s3: FaultyS3
) -> None:
    """R67"""
    shaky_lake.deliver("t/f1/1700000000000", {"id": [1], "Name": ["a"]})
    shaky_lake.deliver("t/f1/1700000000001", {"id": [2], "NAME": ["b"]})
    shaky_lake.announce("t", 1_700_000_000_001, "f1")
    shaky_s3.rules = [Rule(LostAnswer(), verb="PUT|COMPLETE", path=r"\.as-", most=1)]

    assert shaky_lake.sync().status is RunState.COMPLETED
    assert shaky_s3.struck == 1, "no file was rewritten"
    assert [row["Name"] for row in shaky_lake.rows("t")] == ["a", "b"]


@pytest.mark.parametrize("shaky_lake", ["two buckets"], indirect=True)
def test_a_memory_whose_answer_was_lost_costs_nothing(
    shaky_lake: HastyLake, shaky_s3: FaultyS3
) -> None:
    """R59"""
    shaky_lake.export(tables=1, folders=2, rows=12)
    shaky_s3.rules = [Rule(LostAnswer(), verb="PUT", path="_cdalake/", most=1)]
    (table,) = shaky_lake.sync().tables
    assert (table.status, shaky_s3.struck) == (TableState.OK, 1)
    assert "STATE_NOT_WRITTEN" not in codes(table)

    shaky_s3.heal()
    before = len(shaky_s3.asked)
    (table,) = shaky_lake.sync().tables
    assert table.status is TableState.NO_CHANGE
    assert len(shaky_s3.asked) - before <= 4, "the memory was not believed"


@pytest.mark.parametrize("shaky_lake", ["two buckets"], indirect=True)
@pytest.mark.parametrize("fault", [LostAnswer(), Answer(503, "SlowDown")])
def test_a_checkpoint_comes_through_faults_or_is_left_out(
    shaky_lake: HastyLake, shaky_s3: FaultyS3, fault: Fault
) -> None:
    """R55"""
    shaky_lake.patience = AMPLE
    export = shaky_lake.export(tables=1, folders=CHECKPOINT_EVERY, rows=5, files_per_folder=1)
    shaky_s3.rules = [Rule(fault, path="checkpoint", verb="PUT|COMPLETE|POST", most=2)]

    result = shaky_lake.sync(commit_per_folder=True)

    assert shaky_s3.struck > 0
    assert result.status is RunState.COMPLETED
    Truth.of(export).check(shaky_lake.target)


# -- faults that do not end -----------------------------------------------------------------


@pytest.mark.parametrize("shaky_lake", ["two buckets"], indirect=True)
@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Answer(503, "SlowDown"), "STORE_THROTTLED"),
        (Answer(500, "InternalError"), "STORE_UNAVAILABLE"),
        (Reset(), "STORE_UNAVAILABLE"),
        (Hang(), "STORE_UNAVAILABLE"),
        (Html(400), "STORE_UNAVAILABLE"),
        (Answer(403, "ExpiredToken"), "CREDENTIALS_EXPIRED"),
        (Answer(403, "RequestTimeTooSkewed"), "CLOCK_SKEWED"),
        (Answer(403, "AccessDenied"), "ACCESS_DENIED"),
    ],
)
def test_a_run_under_faults_without_end_ends_with_their_code(
    shaky_lake: HastyLake, shaky_s3: FaultyS3, fault: Fault, code: str
) -> None:
    """R50: first the manifest, then the tables, then their files. No table waits for ever."""
    export = shaky_lake.export(tables=6, folders=2, rows=12)
    for place in ("manifest", "_delta_log|_cdalake", r"\.parquet"):
        shaky_s3.rules = [Rule(fault, path=place)]
        result = shaky_lake.sync()
        problems = [result.error] if result.error else [t.error for t in result.tables]
        assert {problem.code for problem in problems if problem} == {code}, place
        assert None not in problems

    shaky_s3.heal()
    assert shaky_lake.sync_until_whole(export) == 1


@pytest.mark.parametrize("shaky_lake", ["two buckets"], indirect=True)
def test_many_tables_do_not_wait_one_after_the_other_for_a_store_that_is_down(
    shaky_lake: HastyLake, shaky_s3: FaultyS3
) -> None:
    shaky_lake.export(tables=60, folders=1, rows=1)
    shaky_s3.rules = [Rule(Hang(), path="/lake")]
    before = len(shaky_s3.asked)

    result = shaky_lake.sync()

    assert {t.error.code for t in result.tables if t.error} == {"STORE_UNAVAILABLE"}
    assert len(result.tables) == 60
    assert len(shaky_s3.asked) - before < 60, "each table found out by itself"


# -- listings that lag behind ---------------------------------------------------------------


@pytest.mark.parametrize("shaky_lake", ["two buckets", "one bucket"], indirect=True)
@pytest.mark.parametrize("place", ["/cda/.*parquet", "/lake/", "/"])
@pytest.mark.parametrize("listings", [1, 2])
def test_listings_that_lag_behind_lose_and_double_nothing(
    shaky_lake: HastyLake, shaky_s3: FaultyS3, place: str, listings: int
) -> None:
    """R56: of an export that is being written; an old one is not listed again without need."""
    export = shaky_lake.export(tables=2, folders=3, rows=12, end=datetime.now(UTC))
    shaky_lake.sync()
    shaky_s3.lag = Lag(listings, place)
    for _ in range(2):
        export = shaky_lake.extend()
        for _ in range(TRIES):
            shaky_lake.sync()

    shaky_s3.heal()
    assert shaky_lake.sync().status is RunState.COMPLETED
    truth = Truth.of(export)
    for table, rows in truth.rows.items():
        added = [path for _, path in told(shaky_lake.target, table).adds]
        assert sorted(added) == sorted(truth.paths[table])
        assert multiset(read_by_delta_rs(shaky_lake.target, table)) == rows


@pytest.mark.parametrize("shaky_lake", ["two buckets"], indirect=True)
def test_a_file_that_no_listing_showed_in_time_comes_by_the_look_back(
    shaky_lake: HastyLake, shaky_s3: FaultyS3
) -> None:
    """R56"""
    for place in ("f1/1700000000000", "f1/1700000001000"):
        shaky_lake.deliver(f"t/{place}", {"id": [1]})
    shaky_s3.lag = Lag(1, "part-late")
    shaky_lake.deliver("t/f1/1700000000000", {"id": [2]}, "part-late.parquet")
    shaky_lake.announce("t", 1_700_000_001_000, "f1")

    first = result_of(shaky_lake.sync(), "t")
    shaky_lake.deliver("t/f1/1700000002000", {"id": [3]})
    shaky_lake.announce("t", 1_700_000_002_000, "f1")
    second = result_of(shaky_lake.sync(), "t")

    assert (first.rows, codes(first)) == (2, [])
    assert (second.rows, codes(second)) == (2, ["LATE_FILE"])
    assert [row["id"] for row in shaky_lake.rows("t")] == [1, 1, 2, 3]


@pytest.mark.parametrize("shaky_lake", ["two buckets"], indirect=True)
def test_a_file_that_is_listed_though_it_is_gone_stops_its_table_with_its_name(
    shaky_lake: HastyLake, shaky_s3: FaultyS3
) -> None:
    shaky_s3.lag = Lag(1, "part-gone")
    for name in ("part-00000", "part-gone"):
        shaky_lake.deliver("t/f1/1700000000000", {"id": [1]}, f"{name}.parquet")
    shaky_lake.announce("t", 1_700_000_000_000, "f1")
    for _ in range(2):
        shaky_lake.source.list()
    shaky_lake.source.delete("t/f1/1700000000000/part-gone.parquet")

    first = result_of(shaky_lake.sync(), "t")
    second = result_of(shaky_lake.sync(), "t")

    assert first.error is not None
    assert (first.error.code, "part-gone" in first.error.message) == ("OBJECT_NOT_FOUND", True)
    assert (second.status, second.rows) == (TableState.OK, 1)


# -- as many requests as the store bears ----------------------------------------------------


@dataclass
class Overload:
    """Answers 503 while more than `bears` requests are under way."""

    proxy: FaultyS3
    bears: int

    async def __call__(self, exchange: Any) -> Any:
        if self.proxy.in_flight > self.bears:
            return await Answer(503, "SlowDown")(exchange)
        return await Slow(0.01)(exchange)


@pytest.mark.parametrize("shaky_lake", ["two buckets"], indirect=True)
def test_a_store_gets_as_many_requests_as_it_bears_and_the_run_says_so(
    shaky_lake: HastyLake, shaky_s3: FaultyS3
) -> None:
    """R52"""
    shaky_lake.patience = AMPLE
    export = shaky_lake.export(tables=3, folders=8, rows=4, files_per_folder=2)
    overload = Rule(Overload(shaky_s3, bears=6))
    shaky_s3.rules = [overload]

    assert shaky_lake.sync_until_whole(export) == 1

    slowed = [e for e in shaky_lake.listener.events if e.data.get("code") == "STORE_SLOWED"]
    assert 1 <= len(slowed) <= 2, "once a store"
    assert all("requests at a time instead of" in event.message for event in slowed)
    (summary, *_) = [e for e in shaky_lake.listener.events if "requests_at_once" in e.data]
    assert summary.data["failed"]["throttled"] > 0
    assert summary.data["requests_at_once"] < 32


@pytest.mark.parametrize("shaky_lake", ["two buckets"], indirect=True)
def test_a_run_without_faults_says_nothing_of_them(
    shaky_lake: HastyLake, shaky_s3: FaultyS3
) -> None:
    shaky_lake.patience = AMPLE
    export = shaky_lake.export(tables=2, folders=2, rows=4)
    assert shaky_lake.sync_until_whole(export) == 1
    assert not [e for e in shaky_lake.listener.events if "requests_at_once" in e.data]
