"""Demo data, for a server that has nothing to show yet."""

from __future__ import annotations

from fastapi import APIRouter

from cdalake.models.audit import Action
from cdalake.models.guidewire import StartJobResponse
from cdalake.server.deps import Admin, Served
from cdalake.services.demo import NAME

router = APIRouter(prefix="/api/demo", tags=["demo"])


@router.post("", status_code=201)
def start_demo(services: Served, admin: Admin) -> StartJobResponse:
    """Write a sample export beside the server's data, connect it, and start its first run."""
    started = services.demo.start(admin)
    services.audit.record(admin, Action.CONNECTION_ADD, NAME, {"demo": True})
    services.audit.record(admin, Action.RUN_START, started.run_id, {"connection": NAME})
    return started
