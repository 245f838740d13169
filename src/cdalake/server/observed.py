"""ASGI middleware around everything: each request gets its id, one log line and its numbers."""

from __future__ import annotations

import logging
import re
import time
import uuid
from contextlib import ExitStack
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cdalake.telemetry.logs import about
from cdalake.telemetry.metrics import REQUEST_SECONDS, REQUESTS, STREAMS
from cdalake.telemetry.tracing import end_request, request_span

log = logging.getLogger("cdalake.http")

REQUEST_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}")
PAGE = "page"
REFUSED = "refused"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
QUIET = frozenset({"/health", "/health/ready", "/metrics", PAGE})
"""Asked again and again by machines, or files of the page: logged on the level debug."""


class Observed:
    """Measures and logs; what it wraps knows nothing of it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and note how it went."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request_id = request_id_for(headers)
        scope["cdalake.request_id"] = request_id
        exchange = _Exchange(scope)
        with (
            about(request_id=request_id),
            request_span(exchange.method, headers) as span,
            ExitStack() as open_streams,
        ):
            try:
                await self.app(scope, receive, exchange.listening(send, open_streams))
            finally:
                exchange.end()
                end_request(span, exchange.method, exchange.route, exchange.status)


def request_id_for(headers: Headers) -> str:
    """The id a caller gave, where it can do no harm; else a new one."""
    given = headers.get("x-request-id", "")
    return given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex[:16]


class _Exchange:
    """One request and its answer."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._began = time.perf_counter()
        self.status = 500  # until somebody answers
        self._is_stream = False

    def listening(self, send: Send, open_streams: ExitStack) -> Send:
        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.status = message["status"]
                kind = Headers(raw=message.get("headers", [])).get("content-type", "")
                self._is_stream = kind.startswith("text/event-stream")
                if self._is_stream:
                    open_streams.enter_context(STREAMS.one_more())
            await send(message)

        return answer

    def end(self) -> None:
        seconds = time.perf_counter() - self._began
        method, route = self.method, self.route
        REQUESTS.add(method, route, str(self.status))
        if not self._is_stream:
            REQUEST_SECONDS.observe(seconds, route)
        level = logging.DEBUG if route in QUIET and self.status < 400 else logging.INFO
        facts = {
            "method": method,
            "route": route,
            "status": self.status,
            "duration_ms": round(seconds * 1000, 1),
            "user": self._scope.get("cdalake.user"),
        }
        log.log(level, "%s %s %s", method, route, self.status, extra={"facts": facts})

    @property
    def method(self) -> str:
        """The method, one of those there are."""
        method = str(self._scope["method"])
        return method if method in METHODS else "OTHER"

    @property
    def route(self) -> str:
        """The template of the path: paths themselves are without number and may hold anything."""
        route: Any = self._scope.get("route")
        template = getattr(route, "path", None)
        if template is None:
            return REFUSED
        return PAGE if template == "/{path:path}" else str(template)
