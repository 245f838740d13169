"""What the routes depend on: the services, and who asks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Request
from pydantic import AfterValidator

from cdalake.access import Role
from cdalake.bootstrap import Services
from cdalake.errors import PermissionMissing
from cdalake.server.door import identify
from cdalake.services.queries import Requester


def get_services(request: Request) -> Services:
    """The services of this process."""
    services: Services = request.app.state.services
    return services


Served = Annotated[Services, Depends(get_services)]


COUNTED_TO = 2**62


def _bounded(number: int) -> int:
    return max(-COUNTED_TO, min(number, COUNTED_TO))


Count = Annotated[int, AfterValidator(_bounded)]
"""A whole number of a request: databases count in 64 bits, and behind so many there is nothing."""


def zoned(at: datetime | None) -> datetime | None:
    """A moment of a request in UTC, which it is without a zone too."""
    if at is None or at.tzinfo is None:
        return at and at.replace(tzinfo=UTC)
    try:
        return at.astimezone(UTC)
    except OverflowError:
        # Before the first year or after the last one: their very edge is as good.
        return at.replace(tzinfo=UTC)


def get_requester(request: Request, services: Served) -> Requester:
    """Who asks."""
    return identify(request, services.access)


class Needs:
    """Lets those pass who have at least a role, and says who they are."""

    def __init__(self, role: Role) -> None:
        self.role = role

    def __call__(
        self, request: Request, requester: Annotated[Requester, Depends(get_requester)]
    ) -> Requester:
        """The requester, if the role is enough.

        Raises:
            PermissionMissing: it is not.
        """
        request.scope["cdalake.user"] = requester.name  # for the log
        if not requester.role.may(self.role):
            raise PermissionMissing.of(requester.role.value, self.role.value)
        return requester


Viewer = Annotated[Requester, Depends(Needs(Role.VIEWER))]
"""Whoever may look: every route that reads."""

Operator = Annotated[Requester, Depends(Needs(Role.OPERATOR))]
"""Whoever may start and stop runs."""

Admin = Annotated[Requester, Depends(Needs(Role.ADMIN))]
"""Whoever may change connections and access, and read the audit log."""
