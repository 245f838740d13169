"""Many tables at once. No table's name begins with ``_``, so that these paths are free."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from cdalake.models.table import (
    ChangedBand,
    Health,
    LagBand,
    NamedTables,
    RowBand,
    SizeBand,
    TableFacet,
    TableList,
)
from cdalake.server.deps import Served
from cdalake.services.queries import SortKey, TableQuery, TableSelection

MAX_OFFSET = 2**62
"""Databases count in 64 bits; behind so many rows there is nothing."""

router = APIRouter(prefix="/api/tables", tags=["tables"])

ConnectionName = Annotated[str | None, Query(description="Only this connection's tables")]
Name = Annotated[str, Query(max_length=256)]


def selection(
    search: Annotated[
        str,
        Query(
            max_length=200,
            description="Words that name, column or fingerprint contain; `name:`, `column:` or "
            "`fingerprint:` before a word narrows it",
        ),
    ] = "",
    health: Annotated[list[Health] | None, Query()] = None,
    app: Annotated[list[Name] | None, Query()] = None,
    connection: Annotated[list[Name] | None, Query()] = None,
    lag: Annotated[list[LagBand] | None, Query()] = None,
    changed: Annotated[list[ChangedBand] | None, Query()] = None,
    size: Annotated[list[SizeBand] | None, Query()] = None,
    rows: Annotated[list[RowBand] | None, Query()] = None,
    column: Annotated[list[Name] | None, Query(description="The table has this column")] = None,
    changed_since: Annotated[date | None, Query(description="UTC day of the last commit")] = None,
) -> TableSelection:
    """Which tables a request means."""
    return TableSelection(
        search=search,
        health=tuple(health or ()),
        apps=tuple(app or ()),
        connections=tuple(connection or ()),
        lag=tuple(lag or ()),
        changed=tuple(changed or ()),
        size=tuple(size or ()),
        rows=tuple(rows or ()),
        columns=tuple(column or ()),
        changed_since=changed_since,
    )


Selected = Annotated[TableSelection, Depends(selection)]


@router.get("")
def list_tables(
    services: Served,
    selected: Selected,
    sort: SortKey = SortKey.NAME,
    limit: Annotated[int, Query(ge=0, le=10_000)] = 200,
    offset: Annotated[int, Query(ge=0)] = 0,
    cursor: Annotated[
        str | None, Query(max_length=2000, description="`next_cursor` of the page before")
    ] = None,
) -> TableList:
    """Tables of manifest and target, filtered and sorted; `-` before a sort key turns it round."""
    query = TableQuery(
        selection=selected,
        sort=sort,
        limit=limit,
        offset=min(offset, MAX_OFFSET),
        cursor=cursor,
    )
    return services.table_list.page(query)


@router.get("/_names")
def list_table_names(services: Served, connection: ConnectionName = None) -> list[NamedTables]:
    """The names of all tables and nothing else, by connection."""
    return services.table_list.names(connection)


@router.get("/_columns")
def list_column_names(
    services: Served,
    search: Annotated[str, Query(max_length=200)] = "",
    connection: ConnectionName = None,
) -> list[TableFacet]:
    """Up to 20 columns whose name contains `search`, and how many tables have each."""
    return services.table_list.column_names(search, connection)
