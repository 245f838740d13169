"""Readers of Delta tables that share no line with us.

DuckDB's own Delta reader and DataFusion live in environments of their own: the one because its
extension pins an older DuckDB, the other for its size.
"""

from __future__ import annotations

import fcntl
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
from pathlib import Path
from typing import Any
from urllib.parse import quote

import polars as pl
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable, QueryBuilder

from conftest import Lake
from elsewhere import dataset
from tools.machine import TOOLS, environment

DUCKDB = "1.5.5"
DATAFUSION = "55.0.0"

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
    how: Any = {"storage_options": _aws(lake), "use_pyarrow": use_pyarrow}
    if query.column is None:
        return pl.read_delta(url, **how).to_arrow().to_pylist()
    where = COMPARE[query.compare](pl.col(query.column), pl.lit(query.value))
    return pl.scan_delta(url, **how).filter(where).collect().to_arrow().to_pylist()


def _aws(lake: Lake) -> dict[str, str]:
    """Where the store is; Polars has other names and types for how often to try."""
    return {k: v for k, v in lake.target.delta_options().items() if "retr" not in k}


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
    home = brought("duckdb", DUCKDB, *DUCKDB_PACKAGES)
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


DUCKDB_PACKAGES = tuple(
    f"{name}=={DUCKDB}" for name in ("duckdb", "duckdb-extension-delta", "duckdb-extension-httpfs")
)


def brought(name: str, version: str, *packages: str) -> Path:
    """The folder with Python packages that the environment of the tests must not have.

    Without a network the tests that need it are listed as not run, with the reason.
    """
    home = TOOLS / f"{name}-{version}"
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not home.is_dir():
            _bring(home, packages)
    return home


def _bring(home: Path, packages: Sequence[str]) -> None:
    env = environment()
    uv = shutil.which("uv", path=env["PATH"])
    program = [uv] if uv else [sys.executable, "-m", "uv"]
    partial = home.with_name(f".{home.name}.{os.getpid()}")
    command = [*program, "pip", "install", "--python", sys.executable, "--target", str(partial)]
    done = subprocess.run([*command, *packages], env=env, capture_output=True, text=True)
    if done.returncode:
        shutil.rmtree(partial, ignore_errors=True)
        why = (done.stderr.strip().splitlines() or ["uv said nothing"])[-1].strip()
        pytest.skip(f"{home.name} could not be brought: {why}")
    partial.rename(home)


# -- one table, whole -------------------------------------------------------------------------


def whole_by_delta_rs(lake: Lake, table: str, _: Path) -> list[Row]:
    """delta-rs' own dataset."""
    return _by_delta_rs(lake, Query(table))


def whole_by_dataset(lake: Lake, table: str, _: Path) -> list[Row]:
    """The same with a file system that takes absolute paths."""
    return dataset(lake, table).to_table().to_pylist()


def whole_by_query_builder(lake: Lake, table: str, _: Path) -> list[Row]:
    """delta-rs' SQL."""
    found = QueryBuilder().register("t", lake.delta(table)).execute("SELECT * FROM t")
    return pl.DataFrame(found.read_all()).to_arrow().to_pylist()


def whole_by_polars(lake: Lake, table: str, _: Path) -> list[Row]:
    """Polars' own scan."""
    found = pl.scan_delta(f"{lake.target_url}/{table}", storage_options=_aws(lake))
    return found.collect().to_arrow().to_pylist()


def whole_by_polars_on_dataset(lake: Lake, table: str, _: Path) -> list[Row]:
    """Polars on the dataset."""
    return pl.scan_pyarrow_dataset(dataset(lake, table)).collect().to_arrow().to_pylist()


def whole_by_duckdbs_own(lake: Lake, table: str, place: Path) -> list[Row]:
    """DuckDB's `delta_scan`."""
    return by_duckdb(lake, [Query(table)], place)[0]


def whole_by_duckdb_on_dataset(lake: Lake, table: str, _: Path) -> list[Row]:
    """DuckDB's SQL on the dataset."""
    import duckdb

    with duckdb.connect() as db:
        db.execute("SET TimeZone = 'UTC'")
        db.register("t", dataset(lake, table))
        found: list[Row] = db.sql("SELECT * FROM t").to_arrow_table().to_pylist()
        return found


DATAFUSION_PROGRAM = """
import json, sys, pyarrow as pa, pyarrow.parquet as pq
from datafusion import SessionContext
from deltalake import DeltaTable
order = json.load(sys.stdin)
context = SessionContext()
context.register_table("t", DeltaTable(order["url"], storage_options=order["options"]))
pq.write_table(pa.table(context.sql("SELECT * FROM t").to_arrow_table()), order["answer"])
"""


def whole_by_datafusion(lake: Lake, table: str, place: Path) -> list[Row]:
    """DataFusion on delta-rs' table provider."""
    home = brought("datafusion", DATAFUSION, f"datafusion=={DATAFUSION}")
    answer = place / f"{uuid.uuid4().hex}.parquet"
    order = {"url": f"{lake.target_url}/{table}", "options": lake.target.delta_options()}
    done = subprocess.run(
        [sys.executable, "-c", DATAFUSION_PROGRAM],
        input=json.dumps({**order, "answer": str(answer)}),
        env=os.environ | {"PYTHONPATH": str(home)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return pq.read_table(answer).to_pylist()
