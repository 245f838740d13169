"""What the writer does not know stops the table; what asks nothing of it does not (R61, R27)."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from deltalake import DeltaTable, Field, Schema, TableFeatures, write_deltalake

from cdalake.delta.actions import Metadata, Protocol, Snapshot
from cdalake.delta.log import read_snapshot
from cdalake.delta.support import check_writable
from cdalake.errors import UnsupportedTable
from cdalake.storage import Store

ID = Schema([Field("id", "long")])
ROWS = pa.table({"id": [1, 2]})


def check(snapshot: Snapshot) -> None:
    check_writable("t", snapshot.protocol, snapshot.metadata)


class Lake:
    """Tables of delta-rs in a folder, and how we see them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def create(self, schema: Schema = ID, **how: Any) -> DeltaTable:
        return DeltaTable.create(str(self.folder / "t"), schema, **how)

    def write(self, data: Any = ROWS, **how: Any) -> DeltaTable:
        write_deltalake(str(self.folder / "t"), data, **how)
        return DeltaTable(str(self.folder / "t"))

    def snapshot(self) -> Snapshot:
        snapshot = read_snapshot(Store.open(str(self.folder)), "t")
        assert snapshot is not None
        return snapshot

    def refusal(self) -> str:
        """Why we would not write here."""
        with pytest.raises(UnsupportedTable) as caught:
            check(self.snapshot())
        assert caught.value.code == "UNSUPPORTED_TABLE_FEATURE"
        assert "nothing was written" in caught.value.message
        return caught.value.message


@pytest.fixture
def tables(tmp_path: Path) -> Lake:
    return Lake(tmp_path)


def test_an_ordinary_table_is_written(tables: Lake) -> None:
    """R61"""
    tables.write()

    check(tables.snapshot())


def test_column_mapping_stops_the_table(tables: Lake) -> None:
    """R61: a plain add would read back as NULLs."""
    tables.create(configuration={"delta.columnMapping.mode": "name"})

    assert "column mapping" in tables.refusal()


def test_a_check_constraint_stops_the_table(tables: Lake) -> None:
    """R61"""
    tables.write().alter.add_constraint({"positive": "id > 0"})

    assert "the constraint positive" in tables.refusal()


def test_partitions_stop_the_table(tables: Lake) -> None:
    """R61"""
    tables.write(pa.table({"id": [1], "state": [2]}), partition_by=["state"])

    assert "partitions by state" in tables.refusal()


def test_a_column_that_must_not_be_null_stops_the_table(tables: Lake) -> None:
    """R61: CDA's columns may all be null."""
    tables.create(Schema([Field("id", "long", nullable=False)]))

    assert "must not be null (id)" in tables.refusal()


@pytest.mark.parametrize(
    ("metadata", "what"),
    [
        ({"delta.generationExpression": "id + 1"}, "a generated column (g)"),
        ({"delta.invariants": '{"expression":{"expression":"g > 1"}}'}, "an invariant (g)"),
        ({"delta.identity.start": "1"}, "an identity column (g)"),
    ],
)
def test_a_column_with_rules_of_its_own_stops_the_table(
    tables: Lake, metadata: dict[str, str], what: str
) -> None:
    """R61"""
    tables.create(Schema([Field("id", "long"), Field("g", "long", metadata=metadata)]))

    assert what in tables.refusal()


@pytest.mark.parametrize(
    ("feature", "name"),
    [
        (TableFeatures.RowTracking, "rowTracking"),
        (TableFeatures.IcebergCompatV1, "icebergCompatV1"),
        (TableFeatures.V2Checkpoint, "v2Checkpoint"),
    ],
)
def test_a_feature_the_writer_does_not_know_stops_the_table(
    tables: Lake, feature: Any, name: str
) -> None:
    """R61"""
    tables.create().alter.add_feature(feature, allow_protocol_versions_increase=True)

    assert f"the feature {name}" in tables.refusal()


@pytest.mark.parametrize(
    "feature",
    [
        TableFeatures.AppendOnly,
        TableFeatures.Invariants,
        TableFeatures.CheckConstraints,
        TableFeatures.ChangeDataFeed,
        TableFeatures.GeneratedColumns,
        TableFeatures.IdentityColumns,
        TableFeatures.ColumnMapping,
        TableFeatures.DeletionVectors,
        TableFeatures.DomainMetadata,
        TableFeatures.TimestampWithoutTimezone,
        TableFeatures.VariantType,
    ],
)
def test_a_feature_that_is_only_there_does_not_stop_the_table(tables: Lake, feature: Any) -> None:
    """R27, R61: what counts is its use."""
    tables.create().alter.add_feature(feature, allow_protocol_versions_increase=True)

    check(tables.snapshot())


@pytest.mark.parametrize(
    "properties",
    [
        {"delta.appendOnly": "true"},
        {"delta.enableChangeDataFeed": "true"},
        {"delta.enableDeletionVectors": "true"},
        {"delta.logRetentionDuration": "interval 7 days"},
    ],
)
def test_harmless_properties_do_not_stop_the_table(
    tables: Lake, properties: dict[str, str]
) -> None:
    """R27"""
    tables.create(configuration=properties)

    check(tables.snapshot())


def test_a_comment_and_another_column_do_not_stop_the_table(tables: Lake) -> None:
    """R27"""
    table = tables.write()
    table.alter.set_table_description("claims")
    table.alter.add_columns([Field("extra", "string", metadata={"comment": "mine"})])

    check(tables.snapshot())


@pytest.mark.parametrize("name", ["delta.enableInCommitTimestamps", "delta.enableRowTracking"])
@pytest.mark.parametrize("value", ["true", "TRUE"])
def test_properties_delta_rs_cannot_set_stop_the_table_too(
    tables: Lake, name: str, value: str
) -> None:
    """R61: such a table comes from Spark."""
    tables.create()
    rewrite_metadata(tables, {name: value})

    assert name in tables.refusal()


@pytest.mark.parametrize(
    "properties",
    [
        {"delta.enableInCommitTimestamps": "false"},
        {"delta.enableRowTracking": "false"},
        {"delta.columnMapping.mode": "none"},
    ],
)
def test_a_property_that_is_off_does_not_stop_the_table(
    tables: Lake, properties: dict[str, str]
) -> None:
    """R27"""
    tables.create()
    rewrite_metadata(tables, properties)

    check(tables.snapshot())


def rewrite_metadata(tables: Lake, properties: dict[str, str]) -> None:
    """Append a version as another engine would, with these properties."""
    body = {**tables.snapshot().metadata.body, "configuration": properties}
    Store.open(str(tables.folder)).put(
        "t/_delta_log/00000000000000000001.json", json.dumps({"metaData": body}).encode()
    )


@pytest.mark.parametrize(("reader", "writer"), [(4, 7), (3, 8), (9, 9)])
def test_a_protocol_of_the_future_stops_the_table(tables: Lake, reader: int, writer: int) -> None:
    """R61"""
    tables.write()
    snapshot = replace(tables.snapshot(), protocol=Protocol(reader, writer))

    with pytest.raises(UnsupportedTable, match=f"protocol {reader}/{writer}"):
        check(snapshot)


def test_a_feature_of_readers_only_counts_too() -> None:
    """R61"""
    metadata = Metadata.new("t", '{"type":"struct","fields":[]}', 0)

    with pytest.raises(UnsupportedTable, match="the feature newThing"):
        check_writable("t", Protocol(3, 7, ("newThing",), ()), metadata)


def test_everything_that_stands_in_the_way_is_named_at_once(tables: Lake) -> None:
    """R61"""
    table = tables.write(pa.table({"id": [1], "state": [2]}), partition_by=["state"])
    table.alter.add_constraint({"positive": "id > 0"})

    message = tables.refusal()

    assert "the constraint positive, partitions by state" in message
