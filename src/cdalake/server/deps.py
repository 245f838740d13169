"""What the routes depend on: the services, and who asks."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Header, Request
from pydantic import AfterValidator

from cdalake.access import Role
from cdalake.bootstrap import Services
from cdalake.errors import LoginRequired, PermissionMissing, TooManyAttempts
from cdalake.models.audit import Action
from cdalake.server.door import Visit, identify, trigger_of
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


def resume_from(last_event_id: Annotated[str | None, Header()] = None) -> int | None:
    """The number behind which a stream goes on; None where the browser has none."""
    known = last_event_id or ""
    return int(known) if known.isdecimal() and len(known) < 19 else None


ResumeFrom = Annotated[int | None, Depends(resume_from)]


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
    """Who asks.

    Raises:
        LoginRequired: nobody knows; a wrong token is written down.
    """
    try:
        return identify(request, services.access)
    except LoginRequired as error:
        if error.code == "TOKEN_WRONG":
            services.refusals.note(_stranger(request), Action.LOGIN_REFUSED, _asked(request))
        raise


def _stranger(request: Request) -> Requester:
    """Whoever it is, by where they come from."""
    address = Visit.of(request.scope).address
    return Requester(f"unknown at {address}", trigger_of(request), Role.VIEWER)


def _asked(request: Request) -> str:
    return f"{request.method} {request.url.path}"


LOOK_S = 1.0
"""Between looks at whether the reader of a stream may still read."""


class Presence:
    """Whether the reader of a stream is still there, and still somebody."""

    def __init__(self, request: Request, services: Served) -> None:
        self._request = request
        self._access = services.access
        self._next_look = time.monotonic() + LOOK_S

    async def is_gone(self) -> bool:
        """The connection is closed, or the login behind it has ended."""
        return await self._request.is_disconnected() or not await self._is_known()

    async def _is_known(self) -> bool:
        if time.monotonic() < self._next_look:
            return True
        self._next_look = time.monotonic() + LOOK_S
        try:
            await asyncio.to_thread(identify, self._request, self._access)
        except (LoginRequired, PermissionMissing, TooManyAttempts):
            return False
        return True


Present = Annotated[Presence, Depends(Presence)]


class Needs:
    """Lets those pass who have at least a role, and says who they are."""

    def __init__(self, role: Role) -> None:
        self.role = role

    def __call__(
        self,
        request: Request,
        services: Served,
        requester: Annotated[Requester, Depends(get_requester)],
    ) -> Requester:
        """The requester, if the role is enough.

        Raises:
            PermissionMissing: it is not.
        """
        request.scope["cdalake.user"] = requester.name  # for the log
        if not requester.role.may(self.role):
            services.refusals.note(requester, Action.ACCESS_REFUSED, _asked(request))
            raise PermissionMissing.of(requester.role.value, self.role.value)
        return requester


Viewer = Annotated[Requester, Depends(Needs(Role.VIEWER))]
"""Whoever may look: every route that reads."""

Operator = Annotated[Requester, Depends(Needs(Role.OPERATOR))]
"""Whoever may start and stop runs."""

Admin = Annotated[Requester, Depends(Needs(Role.ADMIN))]
"""Whoever may change connections and access, and read the audit log."""
