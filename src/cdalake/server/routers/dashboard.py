"""The overview and the trends."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from cdalake.models.dashboard import Dashboard
from cdalake.models.trends import Trends
from cdalake.server.deps import Served

router = APIRouter(prefix="/api", tags=["dashboard"])


@router.get("/dashboard")
def get_dashboard(services: Served) -> Dashboard:
    """Is anything wrong, and what."""
    return services.dashboard.overview()


@router.get("/trends")
def get_trends(
    services: Served,
    days: Annotated[Literal["7", "30", "90"], Query(description="Length of the period")] = "30",
) -> Trends:
    """How it went over the last days, beside as many days before them; a minute old at most."""
    return services.trends.trends(int(days))
