"""What the routes depend on."""

from __future__ import annotations

import getpass
from functools import cache
from typing import Annotated

from fastapi import Depends, Request

from cdalake.bootstrap import Services
from cdalake.services.queries import Requester


def get_services(request: Request) -> Services:
    """The services of this process."""
    services: Services = request.app.state.services
    return services


Served = Annotated[Services, Depends(get_services)]


@cache
def _operating_system_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # A user id without a name, as containers have.
        return "unknown"


def requester(request: Request) -> Requester:
    """Who asks: on loopback the person who runs the server; browsers send an Origin."""
    trigger = "page" if "origin" in request.headers else "api"
    return Requester(_operating_system_user(), trigger)
