"""The configuration, read-only."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from cdalake.models.config import Configuration
from cdalake.server.deps import Served

router = APIRouter(prefix="/api", tags=["config"])


@router.get("/config")
def get_config(
    services: Served, connection: Annotated[str | None, Query()] = None
) -> Configuration:
    """Every setting with its origin; no secret is in it."""
    return services.config.configuration(connection)
