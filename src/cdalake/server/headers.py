"""The headers of every answer, a defect's too."""

from __future__ import annotations

from starlette.types import Scope

from cdalake.server.door import Visit, door_of

CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors "
)
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}
YEAR_S = 31_536_000


def headers_for(scope: Scope, request_id: str) -> dict[str, str]:
    """Headers of the answer to a request."""
    made = {**HEADERS, **_keeping(scope["path"]), **_framing(door_of(scope).access.frame_ancestors)}
    if Visit.of(scope).is_https:
        made["strict-transport-security"] = f"max-age={YEAR_S}"
    return {**made, "x-request-id": request_id}


def _keeping(path: str) -> dict[str, str]:
    """What is said to one reader is for no other one; lists that have a tag say so themselves."""
    return {"cache-control": "no-store"} if path.startswith(("/api/", "/metrics")) else {}


def _framing(ancestors: tuple[str, ...]) -> dict[str, str]:
    """Who may show the page inside theirs; the older header knows only nobody."""
    if not ancestors:
        return {"content-security-policy": f"{CSP}'none'", "x-frame-options": "DENY"}
    return {"content-security-policy": CSP + " ".join(ancestors)}
