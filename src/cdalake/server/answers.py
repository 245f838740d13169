"""What every JSON answer to a read has: an ETag, and 304 for who has it already."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COMPRESSED_FROM = 1024
COMPRESS_LEVEL = 1
"""A list of thousands of tables must not wait for its last percent."""
NOT_KEPT = "no-store"


class Answers:
    """ASGI middleware: ETags and compression for JSON under ``/api``; streams pass untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self._plain = app
        self._tagged = GZipMiddleware(Tagged(app), COMPRESSED_FROM, COMPRESS_LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass it on, by the way it needs."""
        is_read = scope["type"] == "http" and scope["method"] == "GET"
        is_ours = is_read and scope["path"].startswith("/api/")
        await (self._tagged if is_ours else self._plain)(scope, receive, send)


class Tagged:
    """Tags JSON answers and leaves out the body that the client has."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application answer, and look at what it says."""
        wanted = Headers(scope=scope).get("if-none-match", "")
        await self._app(scope, receive, _Tagger(send, wanted))


@dataclass
class _Tagger:
    """Holds the head of an answer back until its body is there."""

    send: Send
    wanted: str
    _head: Message = field(default_factory=dict)

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_json(message):
            self._head = message
        elif message["type"] == "http.response.body" and self._head:
            head, self._head = self._head, {}
            await self._answer(head, message)
        else:
            await self.send(message)

    async def _answer(self, head: Message, body: Message) -> None:
        headers = MutableHeaders(scope=head)
        is_kept = headers.get("cache-control") != NOT_KEPT
        if is_kept and not body.get("more_body"):
            headers.setdefault("etag", tag_of(body.get("body", b"")))
            headers.setdefault("cache-control", "private, no-cache")
            if matches(self.wanted, headers["etag"]):
                head, body = _not_modified(head), {**body, "body": b""}
        await self.send(head)
        await self.send(body)


def _is_json(head: Message) -> bool:
    is_json = Headers(scope=head).get("content-type", "").startswith("application/json")
    return is_json and head["status"] == 200


def _not_modified(head: Message) -> Message:
    headers = MutableHeaders(raw=list(head["headers"]))
    for name in ("content-length", "content-type"):
        del headers[name]
    return {**head, "status": 304, "headers": headers.raw}


def tag_of(body: bytes) -> str:
    """The tag of a body; weak, for it says nothing of how the body is encoded."""
    return f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


def matches(wanted: str, tag: str) -> bool:
    """``If-None-Match`` names the tag; weak and strong ones compare alike."""
    names = {name.strip().removeprefix("W/") for name in wanted.split(",")}
    return wanted.strip() == "*" or tag.removeprefix("W/") in names
