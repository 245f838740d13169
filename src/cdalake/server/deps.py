"""What the routes depend on."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from cdalake.bootstrap import Services
from cdalake.services.queries import Requester
from cdalake.settings import user_name


def get_services(request: Request) -> Services:
    """The services of this process."""
    services: Services = request.app.state.services
    return services


Served = Annotated[Services, Depends(get_services)]


def requester(request: Request) -> Requester:
    """Who asks: on loopback the person who runs the server; browsers send an Origin."""
    trigger = "page" if "origin" in request.headers else "api"
    return Requester(user_name(), trigger)
