"""Nulls of columns, as statistics tell them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from cdalake.delta.actions import DataFile, Metadata, Protocol, Snapshot
from cdalake.delta.nulls import Nulls, count_nulls
from cdalake.delta.schema import Field, Schema


def a_file(name: str, rows: int | None = 10, stats: Any = None, **nulls: Any) -> DataFile:
    told = {"numRecords": rows, "nullCount": nulls} if stats is None else stats
    text = told if isinstance(told, str) else json.dumps(told)
    return DataFile(path=name, size=1, modified_ms=0, rows=rows, stats=text)


def nulls(
    *files: DataFile, columns: tuple[Field, ...] = (Field("id", "long"),), **body: Any
) -> Any:
    metadata = Metadata.new("t", Schema(columns).to_string(), 0)
    snapshot = Snapshot(
        0, Protocol(1, 2), Metadata({**metadata.body, **body}), files={f.path: f for f in files}
    )
    return count_nulls(snapshot)


def reason(*files: DataFile, **more: Any) -> str | None:
    (only,) = nulls(*files, **more)
    assert (only.count is None) == (only.reason is not None)
    return only.reason


def test_nulls_of_all_files_are_added_up() -> None:
    assert nulls(a_file("a", id=3), a_file("b", id=4)) == [Nulls("id", 7)]


def test_a_table_without_rows_has_no_share_to_tell() -> None:
    assert reason() == "The table has no rows."
    assert reason(a_file("a", rows=0, id=0)) == "The table has no rows."


def test_a_column_that_one_file_does_not_count_is_unknown() -> None:
    whole = a_file("a", id=3)
    assert reason(whole, a_file("b")) == "1 of 2 files have no statistics of it."
    assert reason(a_file("b")) == "The log has no statistics of this column."
    assert reason(whole, a_file("b", rows=None)) == "Some files do not say how many rows they have."


def test_what_cannot_be_a_count_is_none() -> None:
    for odd in ({"b": 1}, "3", True, -1, 11, None):
        assert reason(a_file("a", id=odd)) == "The log has no statistics of this column."
    for broken in ("no json", "[]", '{"nullCount": 3}', '{"numRecords": 10}'):
        assert reason(a_file("a", stats=broken)) == "The log has no statistics of this column."


def test_deletion_vectors_make_every_count_doubtful() -> None:
    hidden = replace(a_file("a", id=3), deleted_rows=1)
    assert reason(hidden) == "Deletion vectors hide rows that the statistics still count."


def test_a_column_of_partitions_has_no_statistics() -> None:
    found = reason(a_file("a"), partitionColumns=["id"])
    assert found == "The table is partitioned by it, and the log has no statistics of that."


def test_a_mapped_column_is_found_by_its_name_in_the_files() -> None:
    mapped = Field("id", "long", metadata={"delta.columnMapping.physicalName": "col-1"})
    assert nulls(a_file("a", **{"col-1": 2}), columns=(mapped,)) == [Nulls("id", 2)]
