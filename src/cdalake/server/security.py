"""What stands before every route: who may ask, and the headers of every answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cdalake.errors import Problem
from cdalake.server.door import Door, door_of, has_session
from cdalake.server.headers import headers_for
from cdalake.server.problems import problem

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
MAX_BODY = 1024 * 1024


@dataclass(frozen=True)
class Refusal:
    """Why a request is not even looked at."""

    status: int
    problem: Problem


class Guard:
    """ASGI middleware: Host and Origin, content type, body size, headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse the request, or pass it on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request_id = str(scope["cdalake.request_id"])
        door = door_of(scope)
        answer = _with_headers(send, headers_for(scope, request_id))
        refusal = examine(scope["method"], scope["path"], headers, door)
        if refusal is not None:
            response = problem(refusal.status, refusal.problem, request_id)
            await response(scope, receive, answer)
            return
        await self.app(scope, receive, answer)


def _with_headers(send: Send, ours: Mapping[str, str]) -> Send:
    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in ours.items():
                headers.setdefault(name, value)
        await send(message)

    return answer


def examine(method: str, path: str, headers: Headers, door: Door) -> Refusal | None:
    """Why the request is refused; None when it may pass."""
    host = headers.get("host", "")
    # The name decides against DNS rebinding; a development proxy brings another port.
    if not door.answers_to(_hostname(host)):
        return _refuse(403, "HOST_NOT_ALLOWED", f"The host {host!r} is not this server's.")
    if method in SAFE_METHODS:
        return _examine_reading(path, headers)
    if _is_foreign(headers, host):
        return _refuse(403, "ORIGIN_NOT_ALLOWED", "Another site must not change anything here.")
    return _examine_body(headers)


def _examine_reading(path: str, headers: Headers) -> Refusal | None:
    """Another site may lead a reader here; it may not have the browser ask behind their back."""
    is_led = headers.get("sec-fetch-mode") == "navigate" or not path.startswith("/api/")
    if is_led or headers.get("sec-fetch-site", "none") in ("same-origin", "none"):
        return None
    return _refuse(403, "ORIGIN_NOT_ALLOWED", "Another site must not ask anything here.")


def _hostname(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _is_foreign(headers: Headers, host: str) -> bool:
    origin = headers.get("origin")
    if origin is not None and _netloc(origin) != host.lower():
        return True
    site = headers.get("sec-fetch-site")
    if origin is None and site is None:
        # A program needs no cookie, and a browser that sends one says where it stands.
        return has_session(headers)
    return site not in (None, "same-origin", "none")


def _netloc(origin: str) -> str:
    try:
        parts = urlsplit(origin)
    except ValueError:
        return ""
    return parts.netloc.lower() if parts.scheme in ("http", "https") else ""


def _examine_body(headers: Headers) -> Refusal | None:
    length = headers.get("content-length", "0")
    if "transfer-encoding" not in headers and length == "0":
        return None
    if "transfer-encoding" in headers or not length.isdecimal() or int(length) > MAX_BODY:
        return _refuse(413, "BODY_TOO_LARGE", "A body must say its length, at most 1 MiB.")
    if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        return _refuse(415, "NOT_JSON", "A body must have the content type application/json.")
    return None


HINTS = {
    "HOST_NOT_ALLOWED": "Use http://127.0.0.1 or http://localhost, or name it in "
    "CDALAKE_PUBLIC_HOSTS.",
    "ORIGIN_NOT_ALLOWED": "Use the page of this server, or a client that sends no Origin.",
    "BODY_TOO_LARGE": "Send less, with a Content-Length header.",
    "NOT_JSON": "Send JSON and say so.",
}


def _refuse(status: int, code: str, message: str) -> Refusal:
    return Refusal(status, Problem(code, message, HINTS[code]))
