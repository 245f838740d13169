"""Errors as RFC 9457 problem details: the only place where an error meets HTTP."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException

from cdalake.errors import (
    AccessDenied,
    AmbiguousTable,
    CdalakeError,
    LoginRequired,
    NotFound,
    PermissionMissing,
    Problem,
    RunConflict,
    SparkExecutionException,
    TokenTaken,
    TooManyAttempts,
    Transient,
)
from cdalake.models.base import ProblemDetails
from cdalake.server.headers import headers_for

log = logging.getLogger("cdalake.server")

CONTENT_TYPE = "application/problem+json"

STATUS: tuple[tuple[type[CdalakeError], int], ...] = (
    (LoginRequired, 401),
    (AccessDenied, 403),
    (PermissionMissing, 403),
    (NotFound, 404),
    (AmbiguousTable, 409),
    (RunConflict, 409),
    (TokenTaken, 409),
    (TooManyAttempts, 429),
    (Transient, 503),
    (SparkExecutionException, 422),
)
"""First match counts; every other error of ours is a 400."""

OF_STATUS = {401: {"www-authenticate": "Bearer"}, 429: {"retry-after": "60"}}
"""Headers that belong to a status."""

RESPONSES: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "Problem details (RFC 9457)",
        "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}},
    }
}
"""What every operation may answer besides its result, for OpenAPI."""


def status_of(error: CdalakeError) -> int:
    """The HTTP status of an error of ours."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), 400)


def problem(status: int, what: Problem, request_id: str) -> JSONResponse:
    """The answer for a problem."""
    body = ProblemDetails(
        type=f"/docs/errors#{what.code}",
        title=HTTPStatus(status).phrase,
        status=status,
        # Names of fields in a request may hold half a character, which no answer can.
        detail=what.message.encode(errors="replace").decode(),
        code=what.code,
        hint=what.hint,
        request_id=request_id,
    )
    headers = OF_STATUS.get(status)
    return JSONResponse(body.model_dump(mode="json"), status, headers, media_type=CONTENT_TYPE)


def install(app: FastAPI) -> None:
    """Register the handlers."""
    app.add_exception_handler(CdalakeError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


def request_id_of(request: Request) -> str:
    """The id the guard gave the request."""
    return str(request.scope.get("cdalake.request_id", ""))


async def _ours(request: Request, error: Any) -> Response:
    if isinstance(error, LoginRequired) and _is_read_by_a_person(request):
        back = quote(request.url.path, safe="")
        return RedirectResponse(f"/login?to={back}", 303, {"cache-control": "no-store"})
    return problem(status_of(error), error.as_problem(), request_id_of(request))


def _is_read_by_a_person(request: Request) -> bool:
    """A browser that was led to the reference: the only pages beside the one with the login."""
    wants_page = "text/html" in request.headers.get("accept", "")
    return wants_page and request.url.path in ("/docs", "/docs/errors")


async def _invalid(request: Request, error: Any) -> JSONResponse:
    # Never `input`: it would put what was sent, a key perhaps, into the answer.
    faults = [f"{_where(item['loc'])}: {item['msg']}" for item in error.errors()]
    what = Problem("INVALID_REQUEST", "; ".join(faults), "See /docs for what this path takes.")
    return problem(400, what, request_id_of(request))


def _where(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location[1:]) or str(location[0])


async def _http(request: Request, error: Any) -> JSONResponse:
    code = {404: "NO_SUCH_PATH", 405: "METHOD_NOT_ALLOWED"}.get(error.status_code, "HTTP_ERROR")
    what = Problem(code, f"{request.method} {request.url.path}: {error.detail}", "See /docs.")
    answer = problem(error.status_code, what, request_id_of(request))
    answer.headers.update(error.headers or {})
    return answer


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    request_id = request_id_of(request)
    log.error("Request %s failed: %s", request_id, type(error).__name__, exc_info=error)
    what = Problem(
        "INTERNAL_ERROR",
        "cdalake itself failed to answer.",
        f"Please report it with the server's log of request {request_id}.",
    )
    answer = problem(500, what, request_id)
    # Starlette answers for a defect outside of every middleware, the guard too.
    answer.headers.update(headers_for(request.scope, request_id))
    return answer
