"""Rows of a view of a table (raw, current, history), or of one id; read live, JSON-ready."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cdalake.catalog.database import mended
from cdalake.catalog.sampling import Origin, Rows, json_value
from cdalake.current.columns import quoted, select_list
from cdalake.current.duck import duck
from cdalake.current.files import Stores, current_path, in_order
from cdalake.current.table import read_files
from cdalake.current.views import NEED, Found, Question, find
from cdalake.delta.log import read_snapshot
from cdalake.delta.schema import Schema
from cdalake.errors import SparkExecutionException
from cdalake.settings import AccessRef
from cdalake.storage import Store

RETIRED = "retired"
"""The column of an entity that its application keeps but does not use any more: 0 while it does."""


def get_ready() -> None:
    """Import what a look needs: the first one would take seconds for it on a busy machine."""
    import duckdb  # noqa: F401 - for what it costs
    import fsspec  # type: ignore[import-untyped]  # noqa: F401 - has no types; as above


def look_up(
    target: str,
    table: str,
    asked: Question,
    access: AccessRef,
    source: Origin,
    *,
    active_only: bool = False,
) -> Rows:
    """Answer a question about a table's rows.

    Args:
        active_only: of the current view, without rows that are retired.

    Raises:
        SparkExecutionException: ``ACTIVE_ONLY_NOT_POSSIBLE``: the table has no such column.
        CdalakeError: of `cdalake.current.views.find`.
    """
    stores = Stores(Store.open(target, access), Store.open(source.url, source.access))
    found = (_find_active if active_only else find)(stores, table, asked)
    names = [(name, mended(name)) for name in found.columns]
    rows = [{ours: json_value(row.get(name)) for name, ours in names} for row in found.rows]
    return Rows(found.version, [ours for _, ours in names], rows)


def _find_active(stores: Stores, table: str, asked: Question) -> Found:
    """The current view without retired rows, which are no deleted ones (R42)."""
    # An id has one row. Of others the first few may all be retired: none of them are taken.
    found = find(stores, table, asked if asked.id is not None else replace(asked, limit=0))
    retired = next((name for name in found.columns if name.lower() == RETIRED), None)
    if retired is None:
        raise SparkExecutionException(
            "ACTIVE_ONLY_NOT_POSSIBLE",
            f"{table} has no column retired, so all its rows are active.",
            "Look at them without active_only.",
        )
    if asked.id is not None:
        return replace(found, rows=[row for row in found.rows if not row[retired]])
    rows = _active(stores, current_path(table), found.version, retired, asked.limit)
    return replace(found, rows=rows)


def _active(
    stores: Stores, path: str, version: int, retired: str, limit: int
) -> list[dict[str, Any]]:
    snapshot = read_snapshot(stores.target, path, version)
    if snapshot is None or not snapshot.files:
        return []
    files = read_files([stores.url(path, file) for file in in_order([*snapshot.files.values()])])
    fields = Schema.parse(snapshot.metadata.schema_string).fields
    # A number in entities, a flag in typelists, and null where the column came later.
    is_active = f"COALESCE(TRY_CAST({quoted(retired)} AS BIGINT), 0) = 0"
    with duck(stores, NEED) as db:
        table = db.connection.sql(f"FROM {files}").project(select_list(fields, db.columns(files)))
        found = table.filter(is_active).limit(limit)
        rows: list[dict[str, Any]] = found.to_arrow_table().to_pylist()
    return rows
