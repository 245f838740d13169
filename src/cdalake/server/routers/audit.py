"""The audit log."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime

from cdalake.access import Role
from cdalake.catalog.audit import AuditFilter
from cdalake.models.audit import Action, AuditEntry, AuditPage
from cdalake.server.deps import Admin, Needs, Served, zoned
from cdalake.server.export import Format, export

router = APIRouter(prefix="/api/audit", tags=["audit"], dependencies=[Depends(Needs(Role.ADMIN))])


def get_filter(
    who: Annotated[str | None, Query(max_length=128)] = None,
    action: Annotated[str | None, Query(max_length=64)] = None,
    subject: Annotated[str | None, Query(max_length=512, description="A part of it")] = None,
    since: Annotated[AwareDatetime | None, Query(description="From this moment on")] = None,
    until: Annotated[AwareDatetime | None, Query(description="Before this moment")] = None,
) -> AuditFilter:
    """Which entries."""
    return AuditFilter(who, action, subject, zoned(since), zoned(until))


Wanted = Annotated[AuditFilter, Depends(get_filter)]
Chosen = Annotated[Format, Query(alias="format")]


@router.get("")
def list_audit(
    services: Served,
    wanted: Wanted,
    before: Annotated[int | None, Query(ge=1, le=2**62, description="Only older ones")] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> AuditPage:
    """Who did what, newest first."""
    return services.audit.page(wanted, before, limit)


@router.get("/export", response_class=StreamingResponse)
def export_audit(
    services: Served, admin: Admin, wanted: Wanted, chosen: Chosen = Format.CSV
) -> StreamingResponse:
    """The same as a file, every entry that matches."""
    services.audit.record(admin, Action.AUDIT_EXPORT, "audit log", {"format": chosen.value})
    rows = (entry.model_dump(mode="json") for entry in services.audit.all(wanted))
    return export("audit", chosen, list(AuditEntry.model_fields), rows)
