"""What we know how to write, and to show, and the refusal of everything else (R61)."""

from __future__ import annotations

from collections.abc import Iterator

from cdalake.delta.actions import Metadata, Protocol, Snapshot
from cdalake.delta.schema import Schema
from cdalake.errors import SparkExecutionException, UnsupportedTable

# Features that ask nothing of a writer who only adds files, or nothing while they are not used.
KNOWN_FEATURES = frozenset(
    {
        "appendOnly",
        "invariants",
        "checkConstraints",
        "changeDataFeed",
        "generatedColumns",
        "columnMapping",
        "identityColumns",
        "deletionVectors",
        "timestampNtz",
        "domainMetadata",
        "vacuumProtocolCheck",
        "inCommitTimestamp",
        "variantType",
    }
)
FIELD_METADATA = {
    "delta.invariants": "an invariant",
    "delta.generationExpression": "a generated column",
    "delta.identity.start": "an identity column",
}


def check_writable(table: str, protocol: Protocol, metadata: Metadata) -> None:
    """Refuse a table that needs what we do not write; nothing has been written by then.

    Raises:
        UnsupportedTable: ``UNSUPPORTED_TABLE_FEATURE`` with everything that stands in the way.
    """
    obstacles = list(_obstacles(protocol, metadata))
    if obstacles:
        raise UnsupportedTable(
            "UNSUPPORTED_TABLE_FEATURE",
            f"The table {table} now needs {', '.join(obstacles)}, which cdalake does not write; "
            "nothing was written.",
            "Undo that change on the table, or load it into another target.",
        )


def _obstacles(protocol: Protocol, metadata: Metadata) -> Iterator[str]:
    if protocol.min_writer > 7 or protocol.min_reader > 3:
        yield f"protocol {protocol.min_reader}/{protocol.min_writer}"
    features = {*protocol.writer_features, *protocol.reader_features}
    for feature in sorted(features - KNOWN_FEATURES):
        yield f"the feature {feature}"
    yield from _properties(metadata)
    yield from _columns(metadata)


def _properties(metadata: Metadata) -> Iterator[str]:
    properties = metadata.configuration
    if properties.get("delta.columnMapping.mode", "none") != "none":
        yield "column mapping"
    for name in ("delta.enableInCommitTimestamps", "delta.enableRowTracking"):
        if properties.get(name, "").lower() == "true":
            yield name
    for name in sorted(properties):
        if name.startswith("delta.constraints."):
            yield f"the constraint {name.removeprefix('delta.constraints.')}"
    if metadata.partition_columns:
        yield f"partitions by {', '.join(metadata.partition_columns)}"


def _columns(metadata: Metadata) -> Iterator[str]:
    for field in Schema.parse(metadata.schema_string):
        for key, what in FIELD_METADATA.items():
            if key in (field.metadata or {}):
                yield f"{what} ({field.name})"
        if not field.nullable:
            yield f"a column that must not be null ({field.name})"


def check_plain(table: str, snapshot: Snapshot) -> None:
    """Refuse to show rows that are in a file and not in its table.

    Raises:
        SparkExecutionException: ``SAMPLE_UNSUPPORTED``.
    """
    if not snapshot.has_plain_files:
        raise SparkExecutionException(
            "SAMPLE_UNSUPPORTED",
            f"The files of {table} do not hold its rows as they are "
            "(column mapping or deletion vectors).",
            "Read it with an engine that knows these features, e.g. DuckDB or Spark.",
        )
