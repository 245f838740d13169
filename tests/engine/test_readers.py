"""Readers that share no line with us find in the tables what the generator says is there.

DuckDB's own delta reader is built on delta-kernel and not on delta-rs; it lives in an environment
of its own, because its extension pins an older DuckDB.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from cdalake.samples import Export
from conftest import Lake, codes
from faults import difference, multiset
from readers import (
    COMPARE,
    Query,
    Reader,
    Row,
    by_delta_rs,
    by_duckdb,
    by_polars,
    by_polars_through_pyarrow,
)

AWKWARD = "sp ace 100% a+b ü"
"""A folder as people name them; who decodes or encodes once too often misses it."""
AWKWARD_FILES = ("sp ace.parquet", "100%.parquet", "a%20b+c.parquet", "Ünï=cödé,;'&.parquet")


@pytest.fixture(params=["delta-rs", "Polars", "DuckDB"])
def reader(request: pytest.FixtureRequest, tmp_path: Path) -> Reader:
    if request.param == "DuckDB":
        return lambda lake, queries: by_duckdb(lake, queries, tmp_path)
    return {"delta-rs": by_delta_rs, "Polars": by_polars}[request.param]


@pytest.fixture(params=["folder", "S3"])
def any_lake(request: pytest.FixtureRequest) -> Lake:
    name = {"folder": "lake", "S3": "s3_lake"}[request.param]
    lake: Lake = request.getfixturevalue(name)
    return lake


Made = tuple[Lake, Export]
Once = Callable[[Callable[[Lake], Made]], Made]


@pytest.fixture(scope="module")
def made() -> dict[tuple[str, Callable[[Lake], Made]], Made]:
    """The lakes there are so far, by place and what made them."""
    return {}


@pytest.fixture
def once(
    any_lake: Lake,
    request: pytest.FixtureRequest,
    made: dict[tuple[str, Callable[[Lake], Made]], Made],
) -> Once:
    """A lake that all readers read: the first who asks for it makes it."""
    place = request.node.callspec.params["any_lake"]

    def ask(make: Callable[[Lake], Made]) -> Made:
        if (place, make) not in made:
            made[place, make] = make(any_lake)
        return made[place, make]

    return ask


def all_tables(lake: Lake, tables: int = 11) -> Made:
    export = lake.export(tables=tables, folders=7, rows=40)
    result = lake.sync()
    assert result.status == "completed", result
    return lake, export


def three_tables(lake: Lake) -> Made:
    return all_tables(lake, 3)


def from_a_checkpoint(lake: Lake) -> Made:
    """A table at an awkward place whose older commits are only in its checkpoint."""
    there = Lake(lake.source_url, f"{lake.target_url}/{AWKWARD}")
    export = there.export(tables=1, folders=54, rows=2)
    assert codes(there.sync(commit_per_folder=True).tables[0]) == ["REBASED"]
    assert there.target.get("cc_claim/_delta_log/_last_checkpoint")
    for version in range(50):
        there.target.delete(f"cc_claim/_delta_log/{version:020d}.json")
    return there, export


def bare_rows(lake: Lake, export: Export, table: str) -> list[Row]:
    """The data files themselves, one by one, with null for columns that a file lacks."""
    files = [io.BytesIO(lake.source.get(file.path)) for file in export.files(table)]
    rows = [row for file in files for row in pq.read_table(file).to_pylist()]
    blank = dict.fromkeys(name for row in rows for name in row)
    return [blank | row for row in rows]


def assert_same(wanted: Sequence[Row], found: Sequence[Row], what: object) -> None:
    assert difference(multiset(wanted), multiset(found)) == {}, what


def test_every_table_of_the_sample_reads_as_the_generator_says(once: Once, reader: Reader) -> None:
    lake, export = once(all_tables)
    queries = [Query(name) for name in export.tables]

    answers = reader(lake, queries)

    assert len(queries) == 11
    for query, found in zip(queries, answers, strict=True):
        truth = export.rows(query.table)
        assert set(found[0]) == set(truth[0]), query.table
        assert_same(truth, found, query.table)


def test_a_new_column_is_null_in_older_rows_and_a_widened_one_keeps_its_values(
    once: Once, reader: Reader
) -> None:
    lake, export = once(three_tables)
    claims, transactions = reader(lake, [Query("cc_claim"), Query("cc_transaction")])

    older = {file.fingerprint: file for file in export.files("cc_claim")}
    assert len(older) == 2
    first_schema = [f for f in export.files("cc_claim") if "litigationstatus_ext" not in f.rows[0]]
    old_keys = {row["gwcbi___seqval"] for file in first_schema for row in file.rows}
    olds = [row for row in claims if row["gwcbi___seqval"] in old_keys]
    assert len(olds) == sum(len(file.rows) for file in first_schema)
    assert {row["litigationstatus_ext"] for row in olds} == {None}
    assert any(row["litigationstatus_ext"] for row in claims)

    amounts = multiset({"amount": row["amount"]} for row in transactions)
    assert amounts == multiset({"amount": r["amount"]} for r in export.rows("cc_transaction"))
    assert max(row["amount"] or 0 for row in transactions) > Decimal(10) ** 16


COLUMNS = ("id", "gwcbi___seqval", "updatetime", "publicid", "amount")


def test_a_filtered_query_equals_the_same_query_on_the_bare_files(
    once: Once, reader: Reader
) -> None:
    lake, export = once(three_tables)
    rows = {name: bare_rows(lake, export, name) for name in ("cc_claim", "cc_transaction")}
    for name, found in rows.items():
        assert_same(export.rows(name), found, name)
    queries = [
        Query(table, column, compare, value)
        for table, bare in rows.items()
        for column in COLUMNS
        if column in bare[0]
        for compare, value in picked(bare, column)
    ]

    answers = reader(lake, queries)

    assert {type(query.value) for query in queries} == {int, Decimal, datetime, str}
    for query, found in zip(queries, answers, strict=True):
        assert_same(query.on(rows[query.table]), found, query)
    assert {query.compare for query, found in zip(queries, answers, strict=True) if found} == {
        *COMPARE
    }


def picked(rows: Sequence[Row], column: str) -> list[tuple[str, Any]]:
    """Every comparison with a value from the middle, and equality with the two at the ends."""
    values = sorted({row[column] for row in rows if row[column] is not None})
    middle = [(compare, values[len(values) // 2]) for compare in COMPARE]
    return [*middle, ("=", values[0]), ("=", values[-1])]


def test_awkward_names_of_the_target_and_of_source_files_are_read(
    any_lake: Lake, reader: Reader
) -> None:
    lake = Lake(any_lake.source_url, f"{any_lake.target_url}/{AWKWARD}")
    rows = deliver_awkwardly(lake)
    by = by_polars_through_pyarrow if reader is by_polars else reader

    found, filtered = by(lake, [Query("t"), Query("t", "id", ">", 1)])

    assert_same(rows, found, AWKWARD_FILES)
    assert_same(rows[2:], filtered, AWKWARD_FILES)
    assert lake.sync().tables[0].status == "no_change"


def deliver_awkwardly(lake: Lake) -> list[Row]:
    """Sync one row from each of `AWKWARD_FILES`."""
    rows = [{"id": number, "name": f"n{number}"} for number in range(len(AWKWARD_FILES))]
    for row, name in zip(rows, AWKWARD_FILES, strict=True):
        lake.deliver("t/aa/1680000000000", {"id": [row["id"]], "name": [row["name"]]}, name)
    lake.announce("t", 1_680_000_000_000, "aa")
    assert lake.sync().status == "completed"
    return rows


@pytest.mark.xfail(strict=True, reason="Polars 2.1 takes delta-rs' encoded addresses for paths")
def test_polars_own_scan_reads_a_target_with_an_awkward_name(lake: Lake) -> None:
    """It fails alike on tables of delta-rs; `use_pyarrow=True` reads both."""
    there = Lake(lake.source_url, f"{lake.target_url}/{AWKWARD}")
    rows = deliver_awkwardly(there)
    assert_same(rows, by_polars(there, [Query("t")])[0], AWKWARD)


@pytest.mark.xfail(strict=True, reason="delta-kernel decodes a table's address once too often")
def test_a_target_whose_name_holds_a_percent_escape_is_read(lake: Lake, reader: Reader) -> None:
    """delta-rs does not find a table again that it has written to such a place itself."""
    there = Lake(lake.source_url, f"{lake.target_url}/a%20b")
    rows = deliver_awkwardly(there)
    assert_same(rows, reader(there, [Query("t")])[0], "a%20b")


def test_a_checkpoint_is_written_and_read_at_an_awkward_place(once: Once, reader: Reader) -> None:
    lake, export = once(from_a_checkpoint)
    by = by_polars_through_pyarrow if reader is by_polars else reader

    assert_same(export.rows("cc_claim"), by(lake, [Query("cc_claim")])[0], "checkpoint")
    assert lake.sync().tables[0].status == "no_change"
