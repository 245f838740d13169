"""The same promises on a real S3 server: in one bucket, in two, and when answers are lost."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator

import pytest

from cdalake.engine.sync import run
from cdalake.errors import NotFound
from cdalake.storage import Store
from conftest import Lake
from faults import (
    DIED,
    Call,
    Faults,
    Graveyard,
    LostAnswer,
    SentTwice,
    Silence,
    Truth,
    quiet_sync,
    told,
)


@pytest.fixture(params=["one bucket", "two buckets"])
def buckets(request: pytest.FixtureRequest, s3: Callable[[], str]) -> Lake:
    """Copied by the server inside of one bucket, streamed through us between two."""
    source = s3()
    target = source if request.param == "one bucket" else s3()
    return Lake(f"{source}/cda", f"{target}/lake")


@pytest.fixture
def graveyard(s3: Callable[[], str]) -> Iterator[Graveyard]:
    with Graveyard.opened() as opened:
        yield opened


def test_an_export_in_one_bucket_and_in_two_becomes_the_same_tables(buckets: Lake) -> None:
    export = buckets.export(tables=4, folders=6, rows=12)

    assert buckets.sync().status == "completed"
    Truth.of(export).check(buckets.target)
    again = buckets.objects()
    assert {table.status for table in buckets.sync().tables} == {"no_change"}
    assert buckets.objects() == again

    later = buckets.extend(2)
    assert buckets.sync().status == "completed"
    Truth.of(later).check(buckets.target)


def test_a_file_too_large_for_memory_is_streamed_whole(buckets: Lake) -> None:
    size = 12 * 1024 * 1024
    buckets.source.put("large", bytes(range(256)) * (size // 256))
    (info,) = [info for info in buckets.source.list() if info.path == "large"]

    buckets.target.copy_from(buckets.source, info, "copy")

    assert buckets.target.get("copy") == buckets.source.get("large")


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_run_that_ends_at_any_kind_of_storage_call_ends_in_the_same_tables(
    buckets: Lake, graveyard: Graveyard, moment: str
) -> None:
    export = buckets.export(tables=1, folders=6, rows=4)
    truth = Truth.of(export)
    _, calls = quiet_sync(buckets.source_url, f"{buckets.target_url}/whole")
    whole = {name: told(Store.open(f"{buckets.target_url}/whole"), name) for name in export.tables}
    for call in one_of_each_kind(calls):
        target = f"{buckets.target_url}/{uuid.uuid4().hex}"

        corpse = graveyard.bury(buckets.source_url, target, call.number, moment)
        assert corpse == (DIED, [call.operation, call.path])
        again, _ = quiet_sync(buckets.source_url, target)

        assert again.status == "completed", (call, again)
        truth.check(Store.open(target))
        for name, log in whole.items():
            now = told(Store.open(target), name)
            assert (now.stats, now.sizes, now.cursors) == (log.stats, log.sizes, log.cursors)


def one_of_each_kind(calls: list[Call]) -> list[Call]:
    """The last call of every operation on every kind of object; every commit and every state."""
    kinds = {}
    for call in calls:
        is_ours = call.path.startswith("_cdalake/") or "/_delta_log" in call.path
        kinds[call.operation, call.path if is_ours else call.path.partition("/")[0]] = call
    return list(kinds.values())


@pytest.mark.parametrize("operation", ["copy", "put_new", "put_if"])
def test_an_answer_that_is_lost_after_the_deed_costs_no_row(buckets: Lake, operation: str) -> None:
    buckets.export(tables=2, folders=4, rows=8)
    buckets.sync()
    export = buckets.extend(2)

    hurt, calls = quiet_sync(buckets.source_url, buckets.target_url, LostAnswer(operation))
    well, _ = quiet_sync(buckets.source_url, buckets.target_url)

    assert operation in {call.operation for call in calls}
    assert hurt.status == ("completed" if operation == "put_if" else "completed_with_errors")
    assert well.status == "completed"
    Truth.of(export).check(buckets.target)


def test_a_commit_that_is_refused_because_it_is_there_already_is_ours(buckets: Lake) -> None:
    """R64: the client lost the answer and sent the put again, which the store refuses with 412."""
    export = buckets.export(tables=2, folders=6, rows=8)

    result, calls = quiet_sync(
        buckets.source_url, buckets.target_url, SentTwice("put_new"), commit_per_folder=True
    )

    assert result.status == "completed", result
    Truth.of(export).check(buckets.target)
    commits = [c for c in calls if c.operation == "put_new" and "/_delta_log/" in c.path]
    assert len(commits) == len({call.path for call in commits}), "a commit was tried anew"
    assert result.totals["commits"] == len(commits), "a commit of ours was taken for a rival's"
    asked = [call.path for call in calls if call.operation == "get"]
    assert {call.path for call in commits} <= set(asked), "the version was not read first"


def test_a_copy_that_is_sent_twice_is_taken_for_what_it_is(buckets: Lake) -> None:
    export = buckets.export(tables=2, folders=6, rows=8)

    result, _ = quiet_sync(buckets.source_url, buckets.target_url, SentTwice("copy"))

    assert result.status == "completed", result
    Truth.of(export).check(buckets.target)


def test_every_request_goes_through_the_counted_door(buckets: Lake) -> None:
    """What the crash tests end is every call there is: `run` opens no store of its own."""
    buckets.export(tables=1, folders=2, rows=8)
    faults = Faults()

    run(buckets.spec(), Silence(), lambda: False, faults.open)

    written = {
        call.path for call in faults.calls if call.operation in {"put_new", "put_if", "copy"}
    }
    assert {info.path for info in buckets.target.list()} == written


def test_a_target_bucket_that_is_not_there_ends_every_table_with_its_code_and_is_not_made(
    s3_lake: Lake,
) -> None:
    s3_lake.export(tables=2)
    elsewhere = Lake(s3_lake.source_url, "s3://no-such-bucket-anywhere/lake")
    result = elsewhere.sync()
    assert [table.error.code for table in result.tables if table.error] == ["BUCKET_NOT_FOUND"] * 2
    with pytest.raises(NotFound, match="BUCKET_NOT_FOUND"):
        elsewhere.target.list()
