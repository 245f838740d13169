"""What the routes depend on: the services, and who asks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Request

from cdalake.bootstrap import Services
from cdalake.errors import PermissionMissing
from cdalake.models.access import Role
from cdalake.services.queries import Requester
from cdalake.settings import user_name


def get_services(request: Request) -> Services:
    """The services of this process."""
    services: Services = request.app.state.services
    return services


Served = Annotated[Services, Depends(get_services)]


def zoned(at: datetime | None) -> datetime | None:
    """A moment of a request; without a zone it is UTC."""
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at


def identify(request: Request) -> Requester:
    """Who asks: on loopback the person who runs the server."""
    # Browsers say what a request is for; programs do not.
    trigger = "page" if "sec-fetch-site" in request.headers else "api"
    return Requester(user_name(), trigger, Role.ADMIN)


class Needs:
    """Lets those pass who have at least a role, and says who they are."""

    def __init__(self, role: Role) -> None:
        self.role = role

    def __call__(self, requester: Annotated[Requester, Depends(identify)]) -> Requester:
        """The requester, if the role is enough.

        Raises:
            PermissionMissing: it is not.
        """
        if not requester.role.may(self.role):
            raise PermissionMissing.of(requester.role.value, self.role.value)
        return requester


Viewer = Annotated[Requester, Depends(Needs(Role.VIEWER))]
"""Whoever may look: every route that reads."""

Operator = Annotated[Requester, Depends(Needs(Role.OPERATOR))]
"""Whoever may start and stop runs."""

Admin = Annotated[Requester, Depends(Needs(Role.ADMIN))]
"""Whoever may change connections and access, and read the audit log."""
