"""Which reader can read which layout: the table of docs/reference/readers.md, cell by cell (R30).

Every cell is a test: "yes" must give every row, "no" must fail. A reader that learns something
makes a test fail here, and then the page changes. Spark's cells are in tests/spark.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import readers
from conftest import Lake, in_order

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "readers.md"
TABLE = "cc_claim"

Rows = list[dict[str, Any]]
Reader = Callable[[Lake, str, Path], Rows]


READERS: dict[str, Reader] = {
    "delta-rs, `to_pyarrow_table()`": readers.whole_by_delta_rs,
    "delta-rs, `QueryBuilder`": readers.whole_by_query_builder,
    "pyarrow, the dataset below": readers.whole_by_dataset,
    "DuckDB, SQL on that dataset": readers.whole_by_duckdb_on_dataset,
    "DuckDB, `delta_scan()`": readers.whole_by_duckdbs_own,
    "Polars, `scan_delta()`": readers.whole_by_polars,
    "Polars, `scan_pyarrow_dataset()`": readers.whole_by_polars_on_dataset,
    "DataFusion": readers.whole_by_datafusion,
}
PLACES = {
    "`copy`, folder": ("copy", "folder"),
    "`copy`, S3": ("copy", "two buckets"),
    "`zero_copy`, folder": ("zero_copy", "folder"),
    "`zero_copy`, S3, one bucket": ("zero_copy", "one bucket"),
    "`zero_copy`, S3, two buckets": ("zero_copy", "two buckets"),
}


@functools.cache
def documented() -> dict[tuple[str, str], str]:
    """The page's table: reader and place to what the cell says."""
    text = PAGE.read_text().partition("\n\nEvery cell")[0]
    lines = [line.strip("|").split(" | ") for line in text.splitlines() if line.startswith("|")]
    head, _, *body = [[cell.strip() for cell in line] for line in lines]
    cells = [zip(head[1:], row[1:], strict=True) for row in body]
    return {
        (row[0], place): cell for row, said in zip(body, cells, strict=True) for place, cell in said
    }


def test_the_page_has_a_row_for_every_reader_that_is_tested() -> None:
    spark = "Spark 4.0 with Delta 4.0"
    assert {reader for reader, _ in documented()} == {*READERS, spark}
    assert {place for _, place in documented()} == set(PLACES)
    assert set(documented().values()) == {"yes", "no"}
    assert {documented()[spark, place] for place in PLACES} == {"yes"}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", READERS)
def test_r30_a_reader_reads_what_the_page_says_and_no_more(
    request: pytest.FixtureRequest, tmp_path: Path, name: str, place: str
) -> None:
    layout, where = PLACES[place]
    lake = lake_at(request, where)
    export = lake.export(tables=1, folders=6, rows=20)
    assert lake.sync(layout=layout).status == "completed"

    if documented()[name, place] == "yes":
        assert in_order(READERS[name](lake, TABLE, tmp_path)) == in_order(export.rows(TABLE))
        return
    with pytest.raises((Exception, BaseExceptionGroup)):
        READERS[name](lake, TABLE, tmp_path)


def lake_at(request: pytest.FixtureRequest, where: str) -> Lake:
    if where == "folder":
        lake: Lake = request.getfixturevalue("lake")
        return lake
    make = request.getfixturevalue("s3")
    source = make()
    return Lake(f"{source}/cda", f"{source if where == 'one bucket' else make()}/lake")


def test_the_program_on_the_page_reads_a_table_with_rewritten_files(lake: Lake) -> None:
    """One log with both kinds of paths."""
    lake.deliver("t/fp/1768000000000", {"id": [1], "Name": ["a"]})
    lake.deliver("t/fp/1768000060000", {"id": [2], "NAME": ["b"]})
    lake.announce("t", 1768000060000, "fp")
    lake.sync(layout="zero_copy")
    (program,) = re.findall("```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    names: dict[str, Any] = {}
    exec(program, names)  # noqa: S102 - our own page

    found = names["dataset"](f"{lake.target_url}/t").to_table().to_pylist()

    assert in_order(found) == [{"id": 1, "Name": "a"}, {"id": 2, "Name": "b"}]
