"""Readers that share no line with us find in the tables what the generator says is there.

DuckDB's own delta reader is built on delta-kernel and not on delta-rs; it lives in an environment
of its own, because its extension pins an older DuckDB.
"""

from __future__ import annotations

import fcntl
import io
import json
import operator
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

import polars as pl
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable

from cdalake.samples import Export
from conftest import Lake, codes
from faults import difference, multiset
from tools.machine import TOOLS, environment

DUCKDB = "1.5.5"
AWKWARD = "sp ace 100% a+b ü"
"""A folder as people name them; who decodes or encodes once too often misses it."""
AWKWARD_FILES = ("sp ace.parquet", "100%.parquet", "a%20b+c.parquet", "Ünï=cödé,;'&.parquet")

Row = dict[str, Any]
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    ">": operator.gt,
}


@dataclass(frozen=True)
class Query:
    """Every row of a table, or those where `column` compares so with `value`."""

    table: str
    column: str | None = None
    compare: str = "="
    value: Any = None

    def on(self, rows: Sequence[Row]) -> list[Row]:
        """The same query on rows in memory; null compares with nothing."""
        if self.column is None:
            return list(rows)
        known = [row for row in rows if row[self.column] is not None]
        return [row for row in known if COMPARE[self.compare](row[self.column], self.value)]


Reader = Callable[[Lake, Sequence[Query]], list[list[Row]]]


def by_delta_rs(lake: Lake, queries: Sequence[Query]) -> list[list[Row]]:
    """delta-rs, whose files are skipped by the log's statistics."""
    return [_by_delta_rs(lake, query) for query in queries]


def _by_delta_rs(lake: Lake, query: Query) -> list[Row]:
    url = f"{lake.target_url}/{query.table}"
    table = DeltaTable(url, storage_options=lake.target.delta_options())
    if query.column is None:
        return table.to_pyarrow_table().to_pylist()
    where = COMPARE[query.compare](pc.field(query.column), query.value)
    return table.to_pyarrow_dataset().to_table(filter=where).to_pylist()


def by_polars(lake: Lake, queries: Sequence[Query]) -> list[list[Row]]:
    """Polars: all at once with `read_delta`, filtered with `scan_delta`."""
    return [_by_polars(lake, query) for query in queries]


def _by_polars(lake: Lake, query: Query) -> list[Row]:
    return _rows_by_polars(lake, query, use_pyarrow=False)


def by_polars_through_pyarrow(lake: Lake, queries: Sequence[Query]) -> list[list[Row]]:
    """Polars as it reads awkward names: its own scan takes encoded addresses for paths."""
    return [_rows_by_polars(lake, query, use_pyarrow=True) for query in queries]


def _rows_by_polars(lake: Lake, query: Query, *, use_pyarrow: bool) -> list[Row]:
    url = f"{lake.target_url}/{query.table}"
    how: Any = {"storage_options": lake.target.delta_options(), "use_pyarrow": use_pyarrow}
    if query.column is None:
        return pl.read_delta(url, **how).to_arrow().to_pylist()
    where = COMPARE[query.compare](pl.col(query.column), pl.lit(query.value))
    return pl.scan_delta(url, **how).filter(where).collect().to_arrow().to_pylist()


PROGRAM = """
import json, os, sys, duckdb
home, queries = sys.argv[1], json.load(sys.stdin)
db = duckdb.connect(config={"autoinstall_known_extensions": False,
                            "autoload_known_extensions": False,
                            "extension_directory": "/nowhere"})
for name in ("httpfs", "delta"):
    db.execute(f"LOAD '{home}/duckdb_extension_{name}/extensions/v{duckdb.__version__}/"
               f"{name}.duckdb_extension'")
db.execute("SET TimeZone = 'UTC'")
if "AWS_ENDPOINT_URL" in os.environ:
    db.execute(f'''CREATE SECRET (TYPE s3, URL_STYLE 'path', USE_SSL false,
        KEY_ID '{os.environ["AWS_ACCESS_KEY_ID"]}', SECRET '{os.environ["AWS_SECRET_ACCESS_KEY"]}',
        REGION '{os.environ["AWS_REGION"]}',
        ENDPOINT '{os.environ["AWS_ENDPOINT_URL"].removeprefix("http://")}')''')
for query in queries:
    where = f" WHERE {query['where']}" if query["where"] else ""
    url = query["url"].replace("'", "''")
    db.execute(f"COPY (SELECT * FROM delta_scan('{url}'){where}) TO '{query['answer']}' "
               "(FORMAT parquet)")
"""


def by_duckdb(lake: Lake, queries: Sequence[Query], place: Path) -> list[list[Row]]:
    """DuckDB's delta extension, in a process of its own."""
    home = duckdb_home()
    answers = [place / f"{uuid.uuid4().hex}.parquet" for _ in queries]
    orders = [
        {
            "url": address(f"{lake.target_url}/{query.table}"),
            "where": query.column and f'"{query.column}" {query.compare} {literal(query.value)}',
            "answer": str(answer),
        }
        for query, answer in zip(queries, answers, strict=True)
    ]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, home],
        input=json.dumps(orders),
        env=os.environ | {"PYTHONPATH": str(home)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return [pq.read_table(answer).to_pylist() for answer in answers]


def address(url: str) -> str:
    """A place as a URL: DuckDB takes a bare % for the beginning of an escape."""
    scheme, _, path = url.rpartition("://")
    return f"{scheme or 'file'}://{quote(path)}"


def literal(value: Any) -> str:
    """A value as SQL writes it."""
    if isinstance(value, datetime):
        return f"TIMESTAMPTZ '{value.isoformat(sep=' ')}'"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return str(value)


def duckdb_home() -> Path:
    """The folder with DuckDB and its extensions, brought where it is missing.

    Without a network the tests that need it are listed as not run, with the reason.
    """
    home = TOOLS / f"duckdb-{DUCKDB}"
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / "duckdb.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not home.is_dir():
            _bring_duckdb(home)
    return home


def _bring_duckdb(home: Path) -> None:
    env = environment()
    uv = shutil.which("uv", path=env["PATH"])
    program = [uv] if uv else [sys.executable, "-m", "uv"]
    packages = [f"{name}=={DUCKDB}" for name in ("duckdb", *EXTENSIONS)]
    partial = home.with_name(f".{home.name}.{os.getpid()}")
    command = [*program, "pip", "install", "--python", sys.executable, "--target", str(partial)]
    done = subprocess.run([*command, *packages], env=env, capture_output=True, text=True)
    if done.returncode:
        shutil.rmtree(partial, ignore_errors=True)
        why = (done.stderr.strip().splitlines() or ["uv said nothing"])[-1].strip()
        pytest.skip(f"DuckDB's delta reader could not be brought: {why}")
    partial.rename(home)


EXTENSIONS = ("duckdb-extension-delta", "duckdb-extension-httpfs")


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
