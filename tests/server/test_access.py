from __future__ import annotations

from collections.abc import Iterator

from fastapi.dependencies.models import Dependant

from cdalake.access import Role
from cdalake.server.app import create_app
from cdalake.server.deps import Needs

OPEN = {"/health", "/health/ready", "/api/login", "/api/logout"}
"""What anybody may ask: probes have no login."""


def needs(dependant: Dependant) -> Iterator[Role]:
    if isinstance(dependant.call, Needs):
        yield dependant.call.role
    for inner in dependant.dependencies:
        yield from needs(inner)


def test_every_route_needs_a_role_and_every_one_that_acts_more_than_a_viewers() -> None:
    included = [r for r in create_app().routes if hasattr(r, "effective_route_contexts")]
    routes = [route for router in included for route in router.effective_route_contexts()]
    assert len(routes) > 20
    for route in routes:
        roles = set(needs(route.dependant))
        assert bool(roles) != (route.path in OPEN), route.path
        if roles and not route.methods <= {"GET", "HEAD"}:
            assert roles - {Role.VIEWER}, route.path
