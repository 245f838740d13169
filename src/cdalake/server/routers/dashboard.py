"""The overview."""

from __future__ import annotations

from fastapi import APIRouter

from cdalake.models.dashboard import Dashboard
from cdalake.server.deps import Served

router = APIRouter(prefix="/api", tags=["dashboard"])


@router.get("/dashboard")
def get_dashboard(services: Served) -> Dashboard:
    """Is anything wrong, and what."""
    return services.dashboard.overview()
