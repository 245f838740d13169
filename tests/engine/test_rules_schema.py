"""Rules R14 to R20, R66, R67: broken files, columns that come, widen, change case or conflict."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

from conftest import Lake, codes, in_order, result_of

T0 = 1_768_000_000_000


def deliver_all(lake: Lake, *tables: Any, table: str = "t") -> None:
    """Each table as a folder of a fingerprint of its own, a millisecond apart."""
    for place, columns in enumerate(tables):
        lake.deliver(f"{table}/fp{place}/{T0 + place}", columns)
    fingerprints = (f"fp{place}" for place in range(len(tables)))
    lake.announce(table, T0 + len(tables) - 1, *fingerprints)


def types(lake: Lake, table: str = "t") -> dict[str, str]:
    fields = json.loads(lake.table(table).metadata.schema_string)["fields"]
    assert all(field["nullable"] for field in fields)
    return {field["name"]: field["type"] for field in fields}


def stats(lake: Lake, version: int, table: str = "t") -> list[dict[str, Any]]:
    adds = [line["add"] for line in lake.commit(table, version) if "add" in line]
    return [json.loads(add["stats"], parse_float=Decimal) for add in adds]


def cut_off(lake: Lake, path: str) -> bytes:
    """Take the end of a source file away; its whole content."""
    whole = lake.source.get(path)
    lake.source.put(path, whole[: len(whole) // 2])
    return whole


def test_r14_every_file_has_exact_statistics(lake: Lake) -> None:
    export = lake.export(tables=3, folders=3, rows=10)
    lake.sync()

    for table in export.tables:
        written = stats(lake, 0, table)
        for file, said in zip(export.files(table), written, strict=True):
            known = [row["id"] for row in file.rows]
            assert said["numRecords"] == len(file.rows)
            if known:
                assert (said["minValues"]["id"], said["maxValues"]["id"]) == (
                    min(known),
                    max(known),
                )
                assert said["nullCount"]["id"] == 0
        assert all(len(said["nullCount"]) <= 32 for said in written)


@pytest.mark.parametrize("per_folder", [False, True])
def test_r15_a_cut_off_file_stops_its_table_before_its_folder(lake: Lake, per_folder: bool) -> None:
    export = lake.export(tables=3, folders=3, rows=10)
    files = export.files("cc_claim")
    middle = sorted({file.folder for file in files})[1]
    broken = [file for file in files if file.folder == middle][-1]
    whole = cut_off(lake, broken.path)

    result = lake.sync(commit_per_folder=per_folder)

    claim = result_of(result, "cc_claim")
    assert (result.status, claim.status) == ("completed_with_errors", "partial")
    assert claim.error is not None
    assert (claim.error.code, bool(claim.error.hint)) == ("BAD_FILE", True)
    assert broken.path.rpartition("/")[2] in claim.error.message
    assert claim.watermark == files[0].folder
    before = [row for file in files if file.folder < middle for row in file.rows]
    assert lake.rows("cc_claim") == in_order(before)
    assert result_of(result, "cc_exposure").status == "ok"

    still = result_of(lake.sync(commit_per_folder=per_folder), "cc_claim")
    assert (still.status, still.watermark) == ("failed", files[0].folder)
    lake.source.put(broken.path, whole)
    assert result_of(lake.sync(commit_per_folder=per_folder), "cc_claim").status == "ok"
    assert lake.rows("cc_claim") == in_order(export.rows("cc_claim"))


def test_r16_columns_are_united_and_older_rows_have_null(lake: Lake) -> None:
    export = lake.export(tables=3, folders=6, rows=10)
    assert len({file.fingerprint for file in export.files("cc_claim")}) == 2
    lake.sync()

    for table in export.tables:
        assert lake.rows(table) == in_order(export.rows(table))
        by_polars = pl.read_delta(f"{lake.target_url}/{table}").to_dicts()
        assert in_order(by_polars) == in_order(export.rows(table))
    assert list(types(lake, "cc_claim"))[-1] == "litigationstatus_ext"


def test_r16_a_column_may_go_and_come_back(lake: Lake) -> None:
    deliver_all(lake, {"id": [1], "a": ["x"]}, {"id": [2]}, {"a": ["z"], "id": [3]})

    lake.sync()

    assert [(row["id"], row["a"]) for row in lake.rows("t")] == [(1, "x"), (2, None), (3, "z")]
    assert list(types(lake)) == ["id", "a"]


@pytest.mark.parametrize("per_folder", [False, True])
def test_r16_r67_names_of_other_case_meet_in_one_column(lake: Lake, per_folder: bool) -> None:
    """Left as it is, the second file's column would read as NULL."""
    deliver_all(
        lake,
        {"id": [1], "Name": ["x"]},
        {"ID": [2], "NAME": ["y"]},
        {"id": [3], "Name": ["z"], "more": [7]},
    )

    result = result_of(lake.sync(commit_per_folder=per_folder), "t")

    rows = [(1, "x", None), (2, "y", None), (3, "z", 7)]
    assert (result.status, result.rows) == ("ok", 3)
    assert list(types(lake)) == ["id", "Name", "more"]
    assert [tuple(row.values()) for row in lake.rows("t")] == rows
    assert pl.read_delta(f"{lake.target_url}/t").sort("id").rows() == rows
    lake.announce("t", T0 + 3, "fp0", "fp1", "fp2")
    assert result_of(lake.sync(), "t").status == "no_change"


def test_r65_a_rewritten_file_is_written_once_and_adopted_after_a_crash(lake: Lake) -> None:
    """Another writer may have it in the log by the time we are there."""
    deliver_all(lake, {"id": [1]}, {"ID": [2]})
    lake.sync()
    before = {path: facts for path, facts in lake.objects().items() if path.endswith(".parquet")}
    for path in lake.objects():
        if path not in before:
            lake.target.delete(path)

    assert result_of(lake.sync(), "t").status == "ok"

    assert [row["id"] for row in lake.rows("t")] == [1, 2]
    assert {path: lake.objects()[path] for path in before} == before
    assert sum(path.endswith(".parquet") for path in lake.objects()) == len(before)


def test_r16_two_columns_that_differ_in_case_within_a_file_are_refused(lake: Lake) -> None:
    deliver_all(lake, {"id": [1], "ID": [2]})

    result = result_of(lake.sync(), "t")

    assert (result.status, result.error and result.error.code) == ("paused", "DUPLICATE_COLUMN")


CENTS = Decimal("1.10")
WIDER = [
    (pa.int32(), pa.int64(), "long", 7, 2**40),
    (pa.int64(), pa.int32(), "long", 2**40, 7),
    (pa.int8(), pa.int16(), "short", 7, 300),
    (pa.int16(), pa.int8(), "short", 300, 7),
    (pa.decimal128(18, 2), pa.decimal128(20, 2), "decimal(20,2)", CENTS, CENTS * 10**17),
    (pa.decimal128(20, 2), pa.decimal128(18, 2), "decimal(20,2)", CENTS * 10**17, CENTS),
    (pa.float64(), pa.float32(), "double", 1.1, 2.5),
]


@pytest.mark.parametrize(("before", "after", "kind", "one", "two"), WIDER, ids=str)
def test_r17_types_widen(
    lake: Lake, before: Any, after: Any, kind: str, one: Any, two: Any
) -> None:
    """Metadata widens with the commit of the wider data, and a narrow file fits a wide table."""
    deliver_all(
        lake,
        pa.table({"id": [1], "v": pa.array([one], before)}),
        pa.table({"id": [2], "v": pa.array([two], after)}),
    )

    result = result_of(lake.sync(commit_per_folder=True), "t")

    assert result.status == "ok"
    assert types(lake)["v"] == kind
    assert {row["id"]: row["v"] for row in lake.rows("t")} == {1: one, 2: two}
    frame = pl.read_delta(f"{lake.target_url}/t")
    assert dict(frame.select("id", "v").iter_rows()) == {1: one, 2: two}


def test_r17_the_sample_widens_a_decimal_from_18_to_20_digits(lake: Lake) -> None:
    export = lake.export(tables=3, folders=6, rows=10)

    lake.sync(commit_per_folder=True, include=("cc_transaction",))

    assert types(lake, "cc_transaction")["amount"] == "decimal(20,2)"
    assert lake.rows("cc_transaction") == in_order(export.rows("cc_transaction"))


@pytest.mark.parametrize("per_folder", [False, True])
def test_r17_types_that_do_not_meet_stop_the_table_before_that_folder(
    lake: Lake, per_folder: bool
) -> None:
    """Both types and the first such file are named; what came before is committed."""
    deliver_all(lake, {"id": [1], "v": [7]}, {"id": [2], "v": [8]}, {"id": [3], "v": ["nine"]})
    lake.deliver(f"other/fp/{T0}", {"id": [1]})
    lake.announce("other", T0, "fp")

    result = lake.sync(commit_per_folder=per_folder)

    table = result_of(result, "t")
    assert (table.status, table.error and table.error.code) == ("paused", "SCHEMA_CONFLICT")
    assert table.error is not None
    for fact in ("'v'", "long", "string", f"fp2/{T0 + 2}/part-00000.parquet"):
        assert fact in table.error.message
    assert [row["id"] for row in lake.rows("t")] == [1, 2]
    assert table.watermark == T0 + 1
    assert result_of(result, "other").status == "ok"
    again = result_of(lake.sync(), "t")
    assert (again.status, again.error and again.error.code) == ("paused", "SCHEMA_CONFLICT")
    assert types(lake) == {"id": "long", "v": "long"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (pa.decimal128(18, 2), pa.decimal128(18, 4)),
        (pa.date32(), pa.timestamp("us", "UTC")),
        (pa.int64(), pa.float64()),
        (pa.list_(pa.int64()), pa.list_(pa.string())),
    ],
    ids=str,
)
def test_r17_nothing_is_changed_that_could_lose_values(lake: Lake, before: Any, after: Any) -> None:
    deliver_all(
        lake,
        pa.table({"id": [1], "v": pa.nulls(1, before)}),
        pa.table({"id": [2], "v": pa.nulls(1, after)}),
    )

    table = result_of(lake.sync(), "t")

    assert table.error is not None
    assert table.error.code == "SCHEMA_CONFLICT"
    assert [row["id"] for row in lake.rows("t")] == [1]


def test_r18_timestamps_of_any_unit_are_microseconds_in_utc(lake: Lake) -> None:
    moment = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    units = [pa.timestamp("ms"), pa.timestamp("us", "UTC"), pa.timestamp("ns")]
    deliver_all(
        lake,
        *(
            pa.table({"id": [place], "at": pa.array([moment], unit)})
            for place, unit in enumerate(units)
        ),
    )

    lake.sync()

    assert types(lake)["at"] == "timestamp"
    assert [row["at"] for row in lake.rows("t")] == [moment] * 3
    assert pl.read_delta(f"{lake.target_url}/t")["at"].to_list() == [moment] * 3


def test_r19_a_new_column_comes_in_the_commit_of_its_first_data(lake: Lake) -> None:
    deliver_all(lake, {"id": [1]}, {"id": [2]}, {"id": [3], "more": ["x"]})

    lake.sync(commit_per_folder=True)

    has_schema = [any("metaData" in line for line in lake.commit("t", v)) for v in range(3)]
    assert has_schema == [True, False, True]
    assert any("add" in line for line in lake.commit("t", 2))


def test_a_column_of_a_type_delta_does_not_have_stops_its_table(lake: Lake) -> None:
    odd = pa.table({"id": [1], "t": pa.array([1], pa.time64("us"))})
    deliver_all(lake, {"id": [1]}, odd)

    table = result_of(lake.sync(), "t")

    assert (table.status, table.error and table.error.code) == (
        "paused",
        "UNSUPPORTED_COLUMN_TYPE",
    )


def test_nested_columns_are_kept(lake: Lake) -> None:
    point = pa.struct([("x", pa.int64()), ("y", pa.list_(pa.string()))])
    nested = pa.table({"id": [1], "p": pa.array([{"x": 1, "y": ["a"]}], point)})
    deliver_all(lake, nested, nested)

    lake.sync()

    assert [row["p"] for row in lake.rows("t")] == [{"x": 1, "y": ["a"]}] * 2


def test_files_without_cdc_columns_are_raw_rows_like_any_other(lake: Lake) -> None:
    deliver_all(lake, {"anything": ["x"]})

    result = result_of(lake.sync(), "t")

    assert (result.status, codes(result)) == ("ok", [])
    assert lake.delta("t").to_pyarrow_table().to_pylist() == [{"anything": "x"}]
