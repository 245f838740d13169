"""One table: answered from the index, except for the sample."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from cdalake.current.views import View
from cdalake.models.audit import Action
from cdalake.models.guidewire import Message
from cdalake.models.table import PlannedTable, PlanRequest, Sample, TableDetail
from cdalake.server.answers import NOT_KEPT
from cdalake.server.deps import Count, Operator, Served, Viewer
from cdalake.services.spark_service import Wanted

router = APIRouter(prefix="/api/tables", tags=["tables"])

ConnectionName = Annotated[str | None, Query(description="Needed where several know the name")]


@router.post("/refresh", status_code=202)
def refresh_tables(
    services: Served, operator: Operator, connection: ConnectionName = None
) -> Message:
    """Ask for a fresh look at manifest and target; the answer does not wait for it."""
    services.connections.meant(connection)
    services.refresher.nudge(connection)
    services.audit.record(operator, Action.TABLES_REFRESH, connection or "all connections")
    return Message(message="Refresh requested")


@router.get("/{name}")
def get_table(
    services: Served,
    viewer: Viewer,
    response: Response,
    name: str,
    connection: ConnectionName = None,
    sample: Annotated[bool, Query(description="false leaves `sample_data` empty")] = True,
) -> TableDetail:
    """One table with what its page shows first."""
    found = services.tables.detail(name, connection, with_sample=sample)
    if found.sample_data:
        response.headers["cache-control"] = (
            NOT_KEPT  # rows are kept by nobody, not even by a browser
        )
        facts = {"connection": found.connection, "rows": len(found.sample_data)}
        services.audit.record(viewer, Action.TABLE_SAMPLE, name, facts)
    return found


@router.get("/{name}/sample")
def get_table_sample(
    services: Served,
    viewer: Viewer,
    response: Response,
    name: str,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    version: Annotated[Count | None, Query(ge=0)] = None,
    connection: ConnectionName = None,
    view: Annotated[
        View,
        Query(
            description="raw: every change; current: the latest state of each id; history: each "
            "state with valid_from, valid_to and is_current"
        ),
    ] = View.RAW,
    key: Annotated[
        str | None, Query(alias="id", max_length=256, description="Only rows of this id")
    ] = None,
    active_only: Annotated[
        bool, Query(description="Of the current view: no rows whose `retired` is not 0")
    ] = False,
) -> Sample:
    """Rows read live within two seconds; personal columns are masked, nothing is stored."""
    response.headers["cache-control"] = NOT_KEPT  # rows are kept by nobody, not even by a browser
    wanted = Wanted(limit, version, view, key or None, active_only)
    found = services.tables.sample(name, connection, wanted)
    if found.rows:
        where = services.tables.find(name, connection)["connection"]
        facts = {"connection": where, "rows": len(found.rows), "version": found.version}
        facts |= {"view": view.value} if view is not View.RAW else {}
        facts |= {"id": key} if key else {}
        facts |= {"active_only": True} if active_only else {}
        services.audit.record(viewer, Action.TABLE_SAMPLE, name, facts)
    return found


@router.post("/{name}/plan")
def plan_table(
    services: Served,
    operator: Operator,
    name: str,
    body: PlanRequest,
    connection: ConnectionName = None,
) -> PlannedTable:
    """The dry run of an action: what it would read and take out; nothing is started or written."""
    row = services.tables.find(name, connection)
    return services.dry_run.of(row, body, operator)
