"""Connections: look, try, and for admins add, change and remove."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Header, Query, Response
from fastapi.responses import StreamingResponse

from cdalake.models.audit import Action
from cdalake.models.connection import (
    ConnectionChange,
    ConnectionInfo,
    ConnectionTest,
    ConnectionTestResult,
    ConnectionValues,
    ManifestPage,
    NewConnection,
    ObjectPage,
    TestConsent,
)
from cdalake.models.guidewire import Message
from cdalake.server.deps import Admin, Operator, Served, Viewer
from cdalake.services.browsing import Folder

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
def get_connection(services: Served, _: Viewer, name: str) -> ConnectionInfo:
    """One connection; its `revision` is the If-Match of a change."""
    # No ETag of the revision: what the last look said changes without it.
    return services.sources.get(name)


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


@router.post("/{name}/pause")
def pause_runs(services: Served, operator: Operator, name: str) -> Message:
    """Let no run of the connection begin until it is resumed; those that go on do."""
    if not services.sources.pause(name, operator.name):
        return Message(message=f"The runs of {name} are paused already")
    services.audit.record(operator, Action.RUNS_PAUSE, name)
    return Message(message=f"The runs of {name} are paused")


@router.post("/{name}/resume")
def resume_runs(services: Served, operator: Operator, name: str) -> Message:
    """Let runs of the connection begin again, even where it is gone from the configuration."""
    if not services.sources.resume(name):
        return Message(message=f"The runs of {name} were not paused")
    services.audit.record(operator, Action.RUNS_RESUME, name)
    return Message(message=f"The runs of {name} begin again")


Side = Annotated[Literal["source", "target"], Query()]
Path = Annotated[str, Query(max_length=2048, description="Below the side's location; no '..'")]


@router.get("/{name}/manifest")
def get_manifest(
    services: Served,
    _: Viewer,
    name: str,
    search: Annotated[str, Query(max_length=200)] = "",
    only: Literal["new", "not_loaded"] | None = None,
    limit: Annotated[int, Query(ge=1, le=5000)] = 500,
    offset: Annotated[int, Query(ge=0, le=2**31)] = 0,
) -> ManifestPage:
    """The manifest's entries by table, as they were read last; no store is asked."""
    return services.browsing.manifest(name, search, only, limit, offset)


@router.get("/{name}/objects")
def list_objects(
    services: Served,
    _: Viewer,
    name: str,
    side: Side = "source",
    path: Path = "",
    after: Annotated[
        str, Query(max_length=2048, description="`next_after` of the page before")
    ] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 500,
) -> ObjectPage:
    """One folder of a source or target, read live within eight seconds."""
    return services.browsing.objects(name, Folder(side, path, after, limit))


@router.get("/{name}/objects/content", response_class=StreamingResponse)
def download_object(
    services: Served, operator: Operator, name: str, path: Path, side: Side = "source"
) -> StreamingResponse:
    """An object as a file, up to 256 MiB; written to the audit log."""
    found = services.browsing.download(name, side, path)
    detail = {"side": side, "path": path, "size": found.size}
    services.audit.record(operator, Action.OBJECT_DOWNLOAD, name, detail)
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(found.name, safe='')}",
        "content-length": str(found.size),
        "cache-control": "no-store",
    }
    return StreamingResponse(found.chunks, media_type="application/octet-stream", headers=headers)


def _revision(if_match: str | None) -> str | None:
    return if_match.removeprefix("W/").strip('" ') if if_match else None


def _detail(change: ConnectionChange) -> dict[str, object]:
    return {"differences": [each.model_dump() for each in change.differences]}
