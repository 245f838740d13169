"""The server itself: how it does, its log, and what it forgets."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse

from cdalake.engine.progress import utc_now
from cdalake.models.audit import Action
from cdalake.models.system import CleanUp, LogLines, SystemStatus
from cdalake.server.deps import Admin, Served
from cdalake.telemetry.logs import NEWEST

router = APIRouter(tags=["system"])


@router.get("/metrics", response_class=PlainTextResponse)
def get_metrics(services: Served) -> PlainTextResponse:
    """Everything that is counted, for Prometheus."""
    text = services.observation.exposition()
    return PlainTextResponse(text, media_type="text/plain; version=0.0.4; charset=utf-8")


@router.get("/api/system")
def get_system(services: Served) -> SystemStatus:
    """Versions, threads, index, runs and how long things take."""
    return services.observation.status()


@router.get("/api/system/log")
def get_system_log(admin: Admin) -> LogLines:
    """The newest lines of the server's log."""
    del admin
    return LogLines(lines=NEWEST.lines())


@router.get("/api/support-bundle", response_class=Response)
def get_support_bundle(services: Served, admin: Admin) -> Response:
    """Settings, checks, runs, errors and log as one zip file, without secrets and without rows."""
    bundle = services.support.build()
    services.audit.record(admin, Action.SUPPORT_BUNDLE, "support bundle", {"bytes": len(bundle)})
    name = f"cdalake-support-{utc_now():%Y%m%d-%H%M%S}.zip"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(bundle, media_type="application/zip", headers=headers)


@router.post("/api/system/clean-up")
def clean_up_runs(services: Served, admin: Admin) -> CleanUp:
    """Forget the runs that the retention settings no longer keep, now and not within the hour."""
    return CleanUp(removed=services.retention.clean_up(admin))
