"""Is the service well; from cached checks, never blocking."""

from __future__ import annotations

from fastapi import APIRouter

from cdalake.models.config import HealthStatus
from cdalake.models.guidewire import Message
from cdalake.server.deps import Served

router = APIRouter(tags=["health"])


@router.get("/health")
def get_health(services: Served) -> HealthStatus:
    """What the last checks of the connections said."""
    return services.config.health()


@router.get("/health/ready")
def get_readiness(services: Served) -> Message:
    """The database answers and the background threads live; 503 otherwise."""
    services.check_ready()
    return Message(message="ready")
