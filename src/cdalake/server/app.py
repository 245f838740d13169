"""The FastAPI application."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import Depends, FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.routing import Match

from cdalake import __version__
from cdalake.access import Role
from cdalake.bootstrap import Services, build
from cdalake.models.base import ProblemDetails
from cdalake.server import codes, problems, reference
from cdalake.server.answers import Answers
from cdalake.server.deps import Needs
from cdalake.server.door import Door
from cdalake.server.frontend import DIST, Frontend
from cdalake.server.observed import Observed
from cdalake.server.routers import (
    access,
    audit,
    changes,
    compare,
    config,
    connections,
    dashboard,
    demo,
    guidewire,
    health,
    jobs,
    login,
    runs,
    system,
    table_history,
    table_lists,
    tables,
)
from cdalake.server.security import Guard
from cdalake.settings import Settings, load

ROUTERS = (
    changes,
    demo,
    dashboard,
    table_lists,
    tables,
    table_history,
    compare,
    guidewire,
    runs,
    jobs,
    config,
    connections,
    audit,
    access,
    system,
)
"""A route of these that names no role needs the viewer's."""

OPEN = (health, login)
"""What anybody may ask."""

LOOKING = [Depends(Needs(Role.VIEWER))]


def create_app(
    settings: Settings | None = None, dist: Path = DIST, services: Services | None = None
) -> FastAPI:
    """The application over `settings` (the environment's by default); nothing is started yet.

    Args:
        services: those of `settings`; made when the application starts, where there are none.
    """
    app = _api()
    app.state.settings = settings or load()
    app.state.services = services
    app.state.door = Door.of(app.state.settings)

    def page(request: Request) -> Response:
        return frontend.answer(request)

    frontend = Frontend(dist)
    app.add_api_route("/{path:path}", page, methods=["GET", "HEAD"], include_in_schema=False)
    return app


def document() -> dict[str, Any]:
    """The OpenAPI document."""
    return _api().openapi()


def _api() -> FastAPI:
    app = FastAPI(
        title="Guidewire Connector Monitor",
        version=__version__,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
        generate_unique_id_function=_operation_id,
        responses=problems.RESPONSES,
    )
    problems.install(app)
    app.add_middleware(Answers)
    app.add_middleware(Guard)
    app.add_middleware(Observed)
    for module in ROUTERS:
        app.include_router(module.router, dependencies=LOOKING)
    for module in OPEN:
        app.include_router(module.router)
    _add_schema(app)
    for path, answer in _REFERENCE.items():
        app.add_api_route(path, answer, dependencies=LOOKING, include_in_schema=False)
    every = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
    app.add_api_route("/api/{path:path}", _no_such_path, methods=every, include_in_schema=False)
    return app


def _operation_id(route: APIRoute) -> str:
    return route.name


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    services: Services = app.state.services or build(app.state.settings)
    app.state.services = services
    services.start()
    try:
        yield
    finally:
        services.stop()


def _reference(request: Request) -> HTMLResponse:
    return HTMLResponse(reference.render(request.app.openapi()))


def _openapi(request: Request) -> JSONResponse:
    return JSONResponse(request.app.openapi())


def _errors() -> HTMLResponse:
    return HTMLResponse(reference.page("Errors and warnings", codes.body()))


def _search() -> Response:
    return Response(reference.SCRIPT, media_type="text/javascript")


_REFERENCE: dict[str, Callable[..., Response]] = {
    "/docs": _reference,
    "/docs/errors": _errors,
    "/docs/search.js": _search,
    "/openapi.json": _openapi,
}


def _no_such_path(request: Request) -> None:
    # Before the page's route: an unknown API path must never be answered with the page.
    matches = (route.matches(request.scope)[0] for route in request.app.router.routes)
    if Match.PARTIAL in matches:
        raise HTTPException(405, "not with this method")
    raise HTTPException(404, "no such path")


def _add_schema(app: FastAPI) -> None:
    """Name the schema of problems, which the shared responses refer to."""
    original = app.openapi

    def openapi() -> dict[str, Any]:
        described = original()
        # FastAPI describes validation errors as its own; ours are problems like all others.
        for methods in described["paths"].values():
            for operation in methods.values():
                operation["responses"].pop("422", None)
        schemas = described["components"]["schemas"]
        schemas.pop("HTTPValidationError", None)
        schemas.pop("ValidationError", None)
        schemas["ProblemDetails"] = ProblemDetails.model_json_schema(mode="serialization")
        return described

    app.openapi = openapi  # type: ignore[method-assign]
