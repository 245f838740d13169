"""How much of each column is null, asked for when somebody looks."""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING, Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable

from cdalake.models.table import TableNulls
from cdalake.services.null_shares import NullShares
from cdalake.storage import Store

if TYPE_CHECKING:
    from pathlib import Path

    from cdalake.settings import Connection

    from .conftest import Home

ROWS = pl.DataFrame(
    {"id": [1, 2, 3, 4], "name": ["a", None, None, None], "more": [1.5, 2.5, 3.5, None]}
)


def written(home: Home, rows: pl.DataFrame = ROWS, **options: Any) -> str:
    """A table of others, in the index."""
    home.lake.export(tables=1)
    path = f"{home.lake.target_url}/mine"
    rows.write_delta(path, **options)
    home.refresh()
    return path


def counter(home: Home, **limits: int) -> NullShares:
    """One that has counted nothing yet."""
    return NullShares(home.services.connections, home.services.tables.find, 30, **limits)


def asked(home: Home, name: str = "mine") -> TableNulls:
    found = counter(home).of(name, None)
    assert found.error is None, found.error
    return found


def shares(found: TableNulls) -> dict[str, float | None]:
    return {column.name: column.share for column in found.columns}


def test_the_share_of_nulls_is_of_the_rows_that_are_there_now(home: Home) -> None:
    path = written(home)
    assert shares(asked(home)) == {"id": 0, "name": 0.75, "more": 0.25}

    DeltaTable(path).delete("id > 2")
    home.refresh()

    found = asked(home)
    assert (found.version, found.rows) == (1, 2)
    assert shares(found) == {"id": 0, "name": 0.5, "more": 0}


def test_a_table_that_cdalake_wrote_tells_what_a_reader_counts(home: Home) -> None:
    home.lake.export(tables=1, folders=3, rows=30)
    name = home.lake.sync().tables[0].table
    home.refresh()
    frame = pl.read_delta(f"{home.lake.target_url}/{name}")

    found = asked(home, name)

    known = {column.name: column.nulls for column in found.columns if column.nulls is not None}
    assert len(known) > 5
    assert known == {column: frame[column].null_count() for column in known}


def test_a_column_without_statistics_says_why(home: Home) -> None:
    written(home, ROWS.with_columns(tags=pl.Series([["x"], ["y"], None, None])))
    (tags,) = (column for column in asked(home).columns if column.name == "tags")
    assert (tags.nulls, tags.share) == (None, None)
    assert tags.unknown_reason == "The log has no statistics of this column."


def test_a_checkpoint_tells_the_same_as_the_commits_before_it(home: Home) -> None:
    path = written(home)
    before = asked(home)
    DeltaTable(path).create_checkpoint()
    assert asked(home) == before


def test_a_checkpoint_with_values_instead_of_texts_tells_the_same(
    home: Home, tmp_path: Path
) -> None:
    path = written(home)
    before = asked(home)
    DeltaTable(path).create_checkpoint()
    with_values(tmp_path / "lake" / "mine" / "_delta_log" / f"{0:020d}.checkpoint.parquet")
    assert asked(home) == before


def with_values(checkpoint: Path) -> None:
    """Write the statistics as some engines do: as columns, not as text."""
    rows = pq.read_table(checkpoint).to_pylist()
    for row in rows:
        if row["add"]:
            told = json.loads(row["add"].pop("stats"))
            row["add"]["stats_parsed"] = {key: told[key] for key in ("numRecords", "nullCount")}
            row["add"].pop("partitionValues")
    pq.write_table(pa.Table.from_pylist(rows), checkpoint)


def test_it_is_counted_once_for_a_version(home: Home) -> None:
    written(home)
    counts = counter(home)
    first = counts.of("mine", None)
    home.lake.target.put(f"mine/_delta_log/{0:020d}.json", b"no log any more")
    assert counts.of("mine", None) is first


def test_a_log_that_cannot_be_read_is_an_error_and_not_a_table_without_columns(home: Home) -> None:
    written(home)
    home.lake.target.put(f"mine/_delta_log/{0:020d}.json", b"no log any more")
    found = home.services.nulls.of("mine", None)
    assert found.columns == []
    assert found.error is not None
    assert found.error.code == "LOG_BROKEN"


def test_a_log_that_takes_too_long_is_counted_for_those_who_ask_again(home: Home) -> None:
    written(home)
    answers = threading.Event()

    def slow(connection: Connection) -> Store:
        answers.wait(60)
        return Store.open(connection.target, connection.target_access)

    services = home.services
    counts = NullShares(services.connections, services.tables.find, 0.05, open_store=slow)

    error = counts.of("mine", None).error
    assert error is not None
    assert error.code == "STORE_TOO_SLOW"
    answers.set()
    deadline = time.monotonic() + 30
    while counts.of("mine", None).error:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert shares(counts.of("mine", None)) == {"id": 0, "name": 0.75, "more": 0.25}


def test_a_table_of_too_many_files_is_left_alone(home: Home) -> None:
    ROWS[:1].write_delta(written(home), mode="append")
    home.refresh()
    error = counter(home, most_files=1).of("mine", None).error
    assert error is not None
    assert (error.code, "2 files" in error.message) == ("TOO_MANY_FILES", True)


def test_a_table_that_is_not_loaded_has_nothing_to_count(home: Home) -> None:
    name = home.lake.export(tables=1).tables[0]
    home.refresh()
    found = home.services.nulls.of(name, None)
    assert (found.version, found.rows, found.columns, found.error) == (None, None, [], None)
