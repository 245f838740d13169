"""One table over time, from the index alone; how much is null, from the log."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query

from cdalake.catalog.table_history import VersionFilter
from cdalake.models.table import HistoryPage, SchemaVersions, TableNulls, TableSchema, TableTimeline
from cdalake.server.deps import Count, Served, zoned
from cdalake.server.routers.tables import ConnectionName

router = APIRouter(prefix="/api/tables", tags=["tables"])

VERSIONS = 2**62
"""Databases count in 64 bits; no table has so many versions."""


@router.get("/{name}/history")
def get_table_history(
    services: Served,
    name: str,
    before: Annotated[Count | None, Query(description="Only versions below this one")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    operation: str | None = None,
    until: Annotated[
        datetime | None, Query(description="Only versions committed up to this moment")
    ] = None,
    connection: ConnectionName = None,
) -> HistoryPage:
    """Versions of a table, newest first."""
    below = None if before is None else max(-VERSIONS, min(before, VERSIONS))
    wanted = VersionFilter(operation=operation, before=below, until=zoned(until))
    return services.table_history.versions(name, connection, wanted, limit)


@router.get("/{name}/timeline")
def get_table_timeline(
    services: Served,
    name: str,
    days: Annotated[Literal["1", "7", "30", "90"], Query(description="Length")] = "7",
    connection: ConnectionName = None,
) -> TableTimeline:
    """Lag, rows, commits and events of the last days."""
    return services.table_history.timeline(name, connection, int(days))


@router.get("/{name}/schemas")
def get_table_schemas(
    services: Served, name: str, connection: ConnectionName = None
) -> SchemaVersions:
    """Versions that brought a schema of their own, newest first."""
    return services.table_history.schemas(name, connection)


@router.get("/{name}/schema")
def get_table_schema(
    services: Served,
    name: str,
    version: Annotated[int | None, Query(ge=0, le=VERSIONS)] = None,
    connection: ConnectionName = None,
) -> TableSchema:
    """The schema in force at a version (the newest by default), from that version's metadata."""
    return services.table_history.schema(name, connection, version)


@router.get("/{name}/nulls")
def get_table_nulls(services: Served, name: str, connection: ConnectionName = None) -> TableNulls:
    """How much of each column is null, from the statistics in the log, counted within seconds."""
    return services.nulls.of(name, connection)
