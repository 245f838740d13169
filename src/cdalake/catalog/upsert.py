"""Insert or update, in the words of the database at hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

CHUNK = 200
"""Rows of one statement: SQLite bounds the parameters."""


def upsert(
    connection: Connection,
    table: Table,
    rows: Sequence[dict[str, Any]],
    keep: Sequence[str] = (),
) -> None:
    """Put rows in place by primary key; all rows name the same columns.

    Args:
        keep: columns that a row which is there already keeps as they are.
    """
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    keys = [column.name for column in table.primary_key]
    untouched = {*keys, *keep}
    # In one order for all: two that lock the same rows crosswise would wait for each other.
    ordered = sorted(rows, key=lambda row: [row[key] for key in keys])
    for start in range(0, len(rows), CHUNK):
        statement = insert(table).values(ordered[start : start + CHUNK])
        others = {name: statement.excluded[name] for name in rows[0] if name not in untouched}
        connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=others))


def add_up(
    connection: Connection, table: Table, rows: Sequence[dict[str, Any]], sums: Sequence[str]
) -> None:
    """Insert rows, or add their `sums` to those of the row that is there already."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    keys = [column.name for column in table.primary_key]
    for start in range(0, len(rows), CHUNK):
        statement = insert(table).values(list(rows[start : start + CHUNK]))
        added = {name: table.c[name] + statement.excluded[name] for name in sums}
        connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=added))


def insert_new(connection: Connection, table: Table, row: dict[str, Any]) -> bool:
    """Insert a row unless it, or one with the same unique value, is there; did we."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = insert(table).values(row).on_conflict_do_nothing()
    # Not the driver's count of rows: it does not tell nothing from unknown.
    made = connection.execute(statement.returning(*table.primary_key))
    return made.first() is not None


def insert_missing(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert the rows whose unique values are not there yet."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    for start in range(0, len(rows), CHUNK):
        statement = insert(table).values(list(rows[start : start + CHUNK]))
        connection.execute(statement.on_conflict_do_nothing())
