"""The overview and the trends."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from cdalake.models.dashboard import Dashboard
from cdalake.models.trends import Trends
from cdalake.server.deps import Served

router = APIRouter(prefix="/api", tags=["dashboard"])


Narrowed = Annotated[str | None, Query(description="Only this connection; all without it")]


@router.get("/dashboard")
def get_dashboard(services: Served, connection: Narrowed = None) -> Dashboard:
    """Is anything wrong, and what; of all connections or of one."""
    return services.dashboard.overview(connection)


@router.get("/trends")
def get_trends(
    services: Served,
    days: Annotated[Literal["7", "30", "90"], Query(description="Length of the period")] = "30",
    connection: Narrowed = None,
) -> Trends:
    """How it went over the last days, beside as many days before them; a minute old at most."""
    return services.trends.trends(int(days), connection)
