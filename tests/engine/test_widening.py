"""R68: columns that widen under files that are there, and the files that follow them."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable, TableFeatures

from cdalake.engine.rewrite import GROUP_BYTES
from cdalake.engine.spec import Action
from cdalake.engine.state import state_path
from cdalake.engine.widen import FILES, NARROW_SINCE
from conftest import Lake, codes, result_of
from faults import DIED, Graveyard, quiet_sync
from readers import Query, by_duckdb

T0 = 1_768_000_000_000
ID = pa.int64()
NOW: dict[str, Any] = {"lookback_seconds": 0}
"""No late file is waited for: the next run begins with the narrower ones."""


def deliver(lake: Lake, fingerprint: str, folder: int, ids: list[int], values: pa.Array) -> None:
    lake.deliver(f"t/{fingerprint}/{T0 + folder}", {"id": pa.array(ids, ID), "v": values})


def sync(lake: Lake, last: int, *fingerprints: str, **options: Any) -> Any:
    lake.announce("t", T0 + last, *(fingerprints or ("narrow", "wide")))
    return result_of(lake.sync(**{**NOW, **options}), "t")


def values(lake: Lake) -> dict[int, Any]:
    return {row["id"]: row["v"] for row in lake.rows("t")}


def columns_of_files(lake: Lake) -> dict[str, str]:
    """The type of ``v`` in each file that the table has now."""
    found = {}
    for path in lake.table("t").files:
        table = pq.read_table(pa.BufferReader(lake.target.get(f"t/{path}")))
        found[path] = str(table.schema.field("v").type)
    return found


def is_waiting(lake: Lake) -> bool:
    return NARROW_SINCE in lake.table("t").metadata.configuration


def changes(lake: Lake, version: int) -> list[tuple[str, bool]]:
    """What a version did to files, and whether it says that rows changed."""
    lines = (line.popitem() for line in lake.commit("t", version))
    return [(kind, body["dataChange"]) for kind, body in lines if kind in {"add", "remove"}]


CENTS = Decimal("1.10")
PAIRS = [
    pytest.param(pa.int32(), pa.int64(), 7, 2**40, id="int to long"),
    pytest.param(pa.int8(), pa.int32(), 7, 2**20, id="byte to int"),
    pytest.param(
        pa.decimal128(18, 2), pa.decimal128(38, 2), CENTS, CENTS * 10**30, id="more digits"
    ),
]


@pytest.mark.parametrize(("narrow", "wide", "one", "two"), PAIRS)
def test_r68_narrow_files_are_made_wide_in_a_later_commit_that_changes_no_row(
    lake: Lake, narrow: Any, wide: Any, one: Any, two: Any
) -> None:
    deliver(lake, "narrow", 0, [1, 2], pa.array([one, None], narrow))
    sync(lake, 0, "narrow")
    deliver(lake, "wide", 1, [3], pa.array([two], wide))

    first = sync(lake, 1)

    assert (first.status, first.rows, first.commits, codes(first)) == (
        "ok",
        1,
        2,
        ["WIDENED_FILES"],
    )
    assert values(lake) == {1: one, 2: None, 3: two}
    assert lake.commit("t", 1)[0]["commitInfo"]["rows"] == 1
    assert changes(lake, 1) == [("add", True)]
    assert changes(lake, 2) == [("remove", False), ("add", False)]
    assert lake.commit("t", 2)[0]["commitInfo"]["total_rows"] == 3
    assert set(columns_of_files(lake).values()) == {str(wide)}
    assert not is_waiting(lake)
    assert result_of(lake.sync(**NOW), "t").status == "no_change"


def test_r68_within_the_look_back_narrow_files_stay_and_late_ones_join_them(lake: Lake) -> None:
    deliver(lake, "narrow", 0, [1], pa.array([7], pa.int32()))
    deliver(lake, "wide", 1, [2], pa.array([2**40]))
    deliver(lake, "narrow", 2, [3], pa.array([8], pa.int32()))
    early = sync(lake, 2, lookback_seconds=7200)
    deliver(lake, "narrow", 3, [4], pa.array([9], pa.int32()))
    late = sync(lake, 3, lookback_seconds=7200)

    assert (codes(early), codes(late)) == ([], [])
    assert sorted(columns_of_files(lake).values()) == ["int32", "int32", "int32", "int64"]
    assert values(lake) == {1: 7, 2: 2**40, 3: 8, 4: 9}
    assert is_waiting(lake)

    assert codes(result_of(lake.sync(**NOW), "t")) == ["WIDENED_FILES"]

    assert set(columns_of_files(lake).values()) == {"int64"}
    assert values(lake) == {1: 7, 2: 2**40, 3: 8, 4: 9}


def test_r68_a_check_of_the_table_writes_nothing(lake: Lake) -> None:
    deliver(lake, "narrow", 0, [1], pa.array([7], pa.int32()))
    deliver(lake, "wide", 1, [2], pa.array([2**40]))
    sync(lake, 1, lookback_seconds=7200)

    sync(lake, 1, action=Action.VERIFY)

    assert (lake.table("t").version, is_waiting(lake)) == (0, True)


def test_r68_a_narrow_file_that_comes_after_all_that_is_rewritten_at_once(lake: Lake) -> None:
    deliver(lake, "wide", 0, [1], pa.array([2**40]))
    sync(lake, 0, "wide")
    deliver(lake, "narrow", 1, [2], pa.array([7], pa.int32()))

    result = sync(lake, 1)

    assert (result.status, result.commits, codes(result)) == ("ok", 1, [])
    assert set(columns_of_files(lake).values()) == {"int64"}
    assert values(lake) == {1: 2**40, 2: 7}
    assert not is_waiting(lake)


@pytest.fixture
def many(lake: Lake) -> Lake:
    """A table of more narrow files than one run rewrites, in the run that widened it."""
    for number in range(FILES + 20):
        name = f"part-{number:05}.parquet"
        rows = {"id": [number], "v": pa.array([number], pa.int32())}
        lake.deliver(f"t/narrow/{T0}", rows, name)
    sync(lake, 0, "narrow")
    deliver(lake, "wide", 1, [10_000], pa.array([2**40]))
    assert codes(sync(lake, 1, lookback_seconds=7200)) == []
    return lake


EVERY = {number: number for number in range(FILES + 20)} | {10_000: 2**40}


def kinds(lake: Lake) -> list[int]:
    """How many files are narrow, and how many wide."""
    found = list(columns_of_files(lake).values())
    return [found.count("int32"), found.count("int64")]


@pytest.mark.parametrize("is_forgotten", [False, True], ids=["remembered", "memory lost"])
def test_r68_one_run_rewrites_so_many_files_and_the_next_goes_on(
    many: Lake, is_forgotten: bool
) -> None:
    assert kinds(many) == [FILES + 20, 1]

    first = result_of(many.sync(**NOW), "t")
    assert (first.status, kinds(many), values(many) == EVERY) == ("ok", [20, FILES + 1], True)
    assert "the next run goes on" in first.warnings[0].message
    if is_forgotten:
        many.target.delete(state_path("t"))
    second = result_of(many.sync(**NOW), "t")

    assert (second.status, kinds(many), values(many) == EVERY) == ("ok", [0, FILES + 21], True)
    assert not is_waiting(many)
    assert result_of(many.sync(**NOW), "t").status == "no_change"


def test_r27_r68_an_optimize_in_between_does_no_harm(many: Lake) -> None:
    many.sync(**NOW)
    many.delta("t").optimize.compact()
    deliver(many, "narrow", 2, [20_000], pa.array([5], pa.int32()))

    results = [sync(many, 2), result_of(many.sync(**NOW), "t")]

    assert [result.status for result in results] == ["ok", "no_change"]
    assert values(many) == EVERY | {20_000: 5}
    assert set(columns_of_files(many).values()) == {"int64"}
    assert not is_waiting(many)


def test_r68_a_file_with_a_deletion_vector_stays_as_it_is(many: Lake) -> None:
    """A copy of it would bring the deleted rows back; this one has none, or it would be held."""
    many.delta("t").alter.add_feature(
        TableFeatures.DeletionVectors, allow_protocol_versions_increase=True
    )
    first = min(many.table("t").files)
    log = many.commit("t", 0)
    add = next(line["add"] for line in log if line.get("add", {}).get("path") == first)
    vector = {
        "storageType": "i",
        "pathOrInlineDv": "^Bg9^0rr910000000000iXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L",
        "sizeInBytes": 40,
        "cardinality": 0,
    }
    lines = [
        {"commitInfo": {"operation": "REORG"}},
        {"remove": {"path": first, "dataChange": False, "deletionTimestamp": T0}},
        {"add": {**add, "dataChange": False, "deletionVector": vector}},
    ]
    version = many.table("t").version + 1
    many.target.put(f"t/_delta_log/{version:020d}.json", "\n".join(map(json.dumps, lines)).encode())

    for _ in range(2):
        many.sync(**NOW)

    assert many.table("t").files[first].deletion_vector == vector
    assert kinds(many) == [1, FILES + 20]


# --- float to double -------------------------------------------------------------------------


def by_delta_rs(lake: Lake, version: int, _: Path) -> dict[int, Any]:
    found = DeltaTable(f"{lake.target_url}/t", version=version).to_pyarrow_table().to_pylist()
    return {row["id"]: row["v"] for row in found}


def by_polars(lake: Lake, version: int, _: Path) -> dict[int, Any]:
    found = pl.read_delta(f"{lake.target_url}/t", version=version)
    return dict(found.select("id", "v").iter_rows())


def by_duckdb_newest(lake: Lake, _: int, place: Path) -> dict[int, Any]:
    (found,) = by_duckdb(lake, [Query("t")], place)
    return {row["id"]: row["v"] for row in found}


FLOATS = {1: 1.5, 2: 0.25, 3: None}
DOUBLES = {**FLOATS, 4: 1e300, 5: 0.1}


@pytest.fixture
def floats(lake: Lake) -> Lake:
    """A table of floats, to which a double comes."""
    deliver(lake, "narrow", 0, [1], pa.array([1.5], pa.float32()))
    deliver(lake, "narrow", 1, [2, 3], pa.array([0.25, None], pa.float32()))
    sync(lake, 1, "narrow")
    deliver(lake, "wide", 2, [4, 5], pa.array([1e300, 0.1]))
    lake.announce("t", T0 + 2, "narrow", "wide")
    return lake


@pytest.mark.parametrize("read", [by_delta_rs, by_polars, by_duckdb_newest])
def test_r68_float_becomes_double_with_all_files_in_one_commit(
    floats: Lake, read: Any, tmp_path: Path
) -> None:
    """No version has double columns over float files, nor the other way round."""
    assert read(floats, 0, tmp_path) == FLOATS

    result = result_of(floats.sync(), "t")

    assert (result.status, result.rows, result.commits, result.version) == ("ok", 2, 1, 1)
    assert codes(result) == ["WIDENED_FILES"]
    assert read(floats, 1, tmp_path) == DOUBLES
    assert sorted(changes(floats, 1)) == [
        ("add", False),
        ("add", False),
        ("add", True),
        ("remove", False),
        ("remove", False),
    ]
    info = floats.commit("t", 1)[0]["commitInfo"]
    assert (info["rows"], info["total_rows"], info["isBlindAppend"]) == (2, 5, False)
    assert set(columns_of_files(floats).values()) == {"double"}
    assert result_of(floats.sync(), "t").status == "no_change"


def test_r68_a_float_after_the_double_is_rewritten_as_it_comes(floats: Lake) -> None:
    floats.sync()
    deliver(floats, "narrow", 3, [6], pa.array([2.5], pa.float32()))

    assert (sync(floats, 3).status, values(floats)) == ("ok", DOUBLES | {6: 2.5})
    assert set(columns_of_files(floats).values()) == {"double"}


def test_r68_floats_and_doubles_of_one_load_meet_in_one_commit(lake: Lake) -> None:
    deliver(lake, "narrow", 0, [1], pa.array([1.5], pa.float32()))
    deliver(lake, "wide", 1, [2], pa.array([1e300]))
    deliver(lake, "narrow", 2, [3], pa.array([2.5], pa.float32()))

    assert (sync(lake, 2).commits, values(lake)) == (1, {1: 1.5, 2: 1e300, 3: 2.5})
    assert set(columns_of_files(lake).values()) == {"double"}


def test_r68_floats_that_are_read_again_are_not_swapped_too(floats: Lake) -> None:
    """A re-sync takes files out in the commit whose doubles change the column."""
    result = result_of(floats.sync(action=Action.RESYNC, since=T0 + 1), "t")

    assert (result.status, values(floats)) == ("ok", DOUBLES)
    removed = [line["remove"]["path"] for line in floats.commit("t", 1) if "remove" in line]
    assert len(set(removed)) == len(removed) == 2
    assert set(columns_of_files(floats).values()) == {"double"}


def test_r51_a_run_that_is_cancelled_meanwhile_commits_nothing_of_it(floats: Lake) -> None:
    before = floats.table("t").version
    asked = iter([False] * 3)

    result = result_of(floats.sync(lambda: next(asked, True)), "t")

    assert (result.status, floats.table("t").version) == ("cancelled", before)
    assert values(floats) == FLOATS
    assert result_of(floats.sync(), "t").status == "ok"
    assert values(floats) == DOUBLES


@pytest.fixture
def graveyard() -> Iterator[Graveyard]:
    with Graveyard.opened() as opened:
        yield opened


@pytest.mark.parametrize("moment", ["before", "after"])
def test_r24_r68_a_process_that_ends_at_any_call_leaves_a_right_table(
    floats: Lake, graveyard: Graveyard, tmp_path: Path, moment: str
) -> None:
    """Either all files are doubles or none is, and the next run ends where one run would."""
    place = Lake(floats.source_url, str(tmp_path / "interrupted"))
    shutil.copytree(floats.target_url, place.target_url)
    _, calls = quiet_sync(place.source_url, place.target_url)
    assert {"put", "put_new"} <= {call.operation for call in calls}
    for call in calls:
        shutil.rmtree(place.target_url)
        shutil.copytree(floats.target_url, place.target_url)
        died = graveyard.bury(place.source_url, place.target_url, call.number, moment)
        assert died.code == DIED
        assert values(place) in (FLOATS, DOUBLES)
        again = result_of(place.sync(), "t")
        assert again.status in {"ok", "no_change"}
        assert values(place) == DOUBLES
        assert set(columns_of_files(place).values()) == {"double"}


def test_r67_r68_a_large_file_is_rewritten_a_piece_at_a_time(lake: Lake) -> None:
    """60 MB of rows that were packed into one group of 100 kB; no piece is as large."""
    rows, length = 600, 100_000
    long = pa.array([random.Random(7).randbytes(length)] * rows)
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table({"ID": range(rows), "v": long}), sink, row_group_size=rows)
    deliver(lake, "narrow", 0, [-1], pa.array([b"x"]))
    lake.source.put(f"t/wide/{T0 + 1}/part-00000.parquet", sink.getvalue().to_pybytes())

    assert sync(lake, 1).rows == rows + 1

    path = next(path for path in lake.table("t").files if ".as-" in path)
    told = pq.read_metadata(pa.BufferReader(lake.target.get(f"t/{path}")))
    sizes = [told.row_group(n).num_rows * length for n in range(told.num_row_groups)]
    assert sum(sizes) == rows * length
    assert max(sizes) < 1.6 * GROUP_BYTES
    assert values(lake) == dict(enumerate(long.to_pylist())) | {-1: b"x"}
