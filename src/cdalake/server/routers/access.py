"""Who asks, and who may: the tokens."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from cdalake.models.access import Me, NewToken, TokenInfo, TokenRequest
from cdalake.models.audit import Action
from cdalake.models.guidewire import Message
from cdalake.server.deps import Admin, Served, Viewer
from cdalake.server.door import Visit, door_of

router = APIRouter(prefix="/api", tags=["access"])


@router.get("/me")
def get_me(request: Request, viewer: Viewer) -> Me:
    """Who asks, and what they may do."""
    door = door_of(request.scope)
    has_cookie = Visit.of(request.scope).cookie in request.cookies
    return Me(
        name=viewer.name,
        role=viewer.role,
        has_login=door.needs_login,
        can_log_out=has_cookie,
    )


@router.get("/tokens")
def list_tokens(services: Served, _: Admin) -> list[TokenInfo]:
    """Every named token, without the token itself."""
    return services.access.tokens()


@router.post("/tokens", status_code=201)
def add_token(services: Served, admin: Admin, response: Response, body: TokenRequest) -> NewToken:
    """Make a token; it is in this answer and nowhere else."""
    made = services.access.add_token(body, admin.name)
    services.audit.record(admin, Action.ACCESS_GRANT, made.name, {"role": made.role.value})
    response.headers["cache-control"] = "no-store"
    return made


@router.delete("/tokens/{name}")
def revoke_token(services: Served, admin: Admin, name: str) -> Message:
    """End a token and every login with it."""
    services.access.revoke(name)
    services.audit.record(admin, Action.ACCESS_REVOKE, name)
    return Message(message="Token revoked")
