"""Log in and out: the only routes of the API that anybody may ask."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from cdalake.access import Role
from cdalake.errors import LoginRequired
from cdalake.models.access import LoginRequest, Me
from cdalake.models.audit import Action
from cdalake.models.guidewire import Message
from cdalake.server.deps import Served
from cdalake.server.door import Visit, trigger_of
from cdalake.services.queries import Requester

router = APIRouter(prefix="/api", tags=["access"])

NOBODY = "unknown"


@router.post("/login")
def log_in(services: Served, request: Request, response: Response, body: LoginRequest) -> Me:
    """Begin a session with a token; the answer sets the cookie that later requests are known by."""
    visit = Visit.of(request.scope)
    trigger = trigger_of(request)
    try:
        session = services.access.log_in(body.token.get_secret_value(), visit.address)
    except LoginRequired as error:
        detail = {"address": visit.address, "code": error.code}
        nobody = Requester(NOBODY, trigger, Role.VIEWER)
        services.refusals.note(nobody, Action.LOGIN_REFUSED, "page", detail)
        raise
    _end_old(services, request, visit)
    response.headers["cache-control"] = "no-store"
    response.set_cookie(
        visit.cookie,
        session.secret,
        expires=session.expires_at,
        httponly=True,
        secure=visit.is_https,
        samesite="strict",
    )
    identity = session.identity
    requester = Requester(identity.name, trigger, identity.role)
    services.audit.record(requester, Action.LOGIN, "page", {"address": visit.address})
    return Me(name=identity.name, role=identity.role, has_login=True, can_log_out=True)


@router.post("/logout")
def log_out(services: Served, request: Request, response: Response) -> Message:
    """End the session of this browser; it is no error when there is none."""
    visit = Visit.of(request.scope)
    _end_old(services, request, visit)
    response.delete_cookie(visit.cookie, httponly=True, secure=visit.is_https, samesite="strict")
    return Message(message="Logged out")


def _end_old(services: Served, request: Request, visit: Visit) -> None:
    secret = request.cookies.get(visit.cookie)
    identity = services.access.by_session(secret) if secret else None
    if secret is None or identity is None:
        return
    services.access.log_out(secret)
    requester = Requester(identity.name, trigger_of(request), identity.role)
    services.audit.record(requester, Action.LOGOUT, "page")
