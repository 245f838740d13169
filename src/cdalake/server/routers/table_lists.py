"""Many tables at once. No table's name begins with ``_``, so that these paths are free."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from cdalake.engine.progress import utc_now
from cdalake.models.audit import Action
from cdalake.models.matrix import Matrix
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
from cdalake.models.table_runs import TableRunsAnswer, TableRunsRequest
from cdalake.server.deps import Count, Operator, Served
from cdalake.server.export import Format, export
from cdalake.services.queries import SortKey, TableQuery, TableSelection
from cdalake.services.table_list import check_fields

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
    offset: Annotated[Count, Query(ge=0)] = 0,
    cursor: Annotated[
        str | None, Query(max_length=2000, description="`next_cursor` of the page before")
    ] = None,
) -> TableList:
    """Tables of manifest and target, filtered and sorted; `-` before a sort key turns it round."""
    query = TableQuery(
        selection=selected,
        sort=sort,
        limit=limit,
        offset=offset,
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


@router.get("/_matrix")
def get_table_matrix(
    services: Served,
    selected: Selected,
    sort: SortKey = SortKey.NAME,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[Count, Query(ge=0)] = 0,
    runs: Annotated[int, Query(ge=1, le=100)] = 30,
    before_run: Annotated[
        str | None, Query(max_length=64, description="Only runs older than this one")
    ] = None,
) -> Matrix:
    """How each table of a page ended in each of the newest runs, from old to new."""
    query = TableQuery(selection=selected, sort=sort, limit=limit, offset=offset)
    return services.matrix.page(query, runs, before_run)


@router.get("/_export", response_class=StreamingResponse)
def export_tables(
    services: Served,
    selected: Selected,
    sort: SortKey = SortKey.NAME,
    chosen: Annotated[Format, Query(alias="format")] = Format.CSV,
    field: Annotated[
        list[Name] | None, Query(description="Fields of a table, in this order; all by default")
    ] = None,
) -> StreamingResponse:
    """Every table that matches, as a file that is sent while it is read."""
    fields = check_fields(field)
    rows = services.table_list.every(selected, sort)
    name = f"tables-{utc_now():%Y%m%d-%H%M%S}"
    return export(name, chosen, fields, (table.model_dump(mode="json") for table in rows))


@router.post("/_run", status_code=202)
def run_tables(services: Served, operator: Operator, body: TableRunsRequest) -> TableRunsAnswer:
    """Run, or retry, exactly these tables: one run a connection, and one answer a table."""
    answer = services.table_runs.start(body, operator)
    for run in answer.runs:
        detail = {"connection": run.connection, "tables": run.tables, "action": body.action}
        services.audit.record(operator, Action.RUN_START, run.run_id, detail)
    return answer
