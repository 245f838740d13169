"""Connections: look, try, and for admins add, change and remove."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Query, Response

from cdalake.models.audit import Action
from cdalake.models.connection import (
    ConnectionChange,
    ConnectionInfo,
    ConnectionTest,
    ConnectionTestResult,
    ConnectionValues,
    NewConnection,
    TestConsent,
)
from cdalake.server.deps import Admin, Operator, Served, Viewer

router = APIRouter(prefix="/api/connections", tags=["connections"])

Preview = Annotated[bool, Query(description="Say what would change, and change nothing")]
IfMatch = Annotated[str | None, Header(description="The revision that is to be changed")]


@router.get("")
def list_connections(services: Served, _: Viewer) -> list[ConnectionInfo]:
    """Every connection with what the last look at it said."""
    return services.sources.list()


@router.post("", status_code=201)
def add_connection(
    services: Served,
    admin: Admin,
    response: Response,
    body: NewConnection,
    preview: Preview = False,
) -> ConnectionChange:
    """Keep a new connection."""
    made = services.sources.add(body, admin.name, preview=preview)
    if preview:
        response.status_code = 200
        return made
    services.audit.record(admin, Action.CONNECTION_ADD, made.name, _detail(made))
    return made


@router.post("/test")
def test_values(services: Served, admin: Admin, body: ConnectionTest) -> ConnectionTestResult:
    """Try a connection that is not kept yet, step by step."""
    result = services.sources.test(body.values, consent=body.consent)
    detail = {"source": body.values.source, "target": body.values.target, "ok": result.ok}
    services.audit.record(admin, Action.CONNECTION_TEST, "values", detail)
    return result


@router.get("/{name}")
def get_connection(services: Served, _: Viewer, response: Response, name: str) -> ConnectionInfo:
    """One connection; its ETag is the If-Match of a change."""
    found = services.sources.get(name)
    if found.revision:
        response.headers["etag"] = f'"{found.revision}"'
    return found


@router.put("/{name}")
def replace_connection(
    services: Served,
    admin: Admin,
    name: str,
    body: ConnectionValues,
    preview: Preview = False,
    if_match: IfMatch = None,
) -> ConnectionChange:
    """Give a connection other values; those of the file or environment are read-only."""
    revision = _revision(if_match)
    made = services.sources.replace(name, body, revision, admin.name, preview=preview)
    if made.differences and not preview:
        services.audit.record(admin, Action.CONNECTION_CHANGE, name, _detail(made))
    return made


@router.delete("/{name}")
def remove_connection(
    services: Served, admin: Admin, name: str, if_match: IfMatch = None
) -> ConnectionChange:
    """Forget a connection; its source and target are not touched."""
    made = services.sources.remove(name, _revision(if_match))
    services.audit.record(admin, Action.CONNECTION_REMOVE, name, _detail(made))
    return made


@router.post("/{name}/test")
def test_connection(
    services: Served, operator: Operator, name: str, body: TestConsent
) -> ConnectionTestResult:
    """Try a connection step by step; nothing is written without consent."""
    result = services.sources.test_known(name, consent=body.consent)
    detail = {"ok": result.ok, "consent": body.consent}
    services.audit.record(operator, Action.CONNECTION_TEST, name, detail)
    return result


def _revision(if_match: str | None) -> str | None:
    return if_match.removeprefix("W/").strip('" ') if if_match else None


def _detail(change: ConnectionChange) -> dict[str, object]:
    return {"differences": [each.model_dump() for each in change.differences]}
