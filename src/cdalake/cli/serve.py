"""``cdalake serve``: the page and the API."""

from __future__ import annotations

import sys
import webbrowser
from dataclasses import replace

from cdalake.settings import Settings


def serve_page(
    settings: Settings,
    host: str | None,
    port: int | None,
    *,
    show: bool = False,
    exit_code: int = 0,
) -> None:
    """Serve until stopped; the address is printed once it answers.

    Args:
        show: open the address in a browser where there is a terminal to come from.
        exit_code: of the process in the end.
    """
    from cdalake.server import run

    ours = replace(settings, host=host or settings.host)

    def ready(url: str) -> None:
        print(f"cdalake: the page is at {url}", flush=True)
        if ours.needs_login:
            print(f"cdalake: {_login(ours, url)}", flush=True)
        if show and sys.stdout.isatty():
            webbrowser.open(url)

    first = settings.port if port is None else port
    run(ours, ours.host, first, ready, exit_code)


def _login(settings: Settings, url: str) -> str:
    """How the first admin logs in. The token is shown to a person, never to a file of logs."""
    from cdalake.services.access import KEPT_IN, first_token

    if settings.access.token is not None:
        return f"log in at {url}/login with the token of CDALAKE_TOKEN"
    if not sys.stdout.isatty():
        return f"log in at {url}/login with the token in {settings.home / KEPT_IN}"
    # Behind the `#`: browsers keep that to themselves.
    return f"log in at {url}/login#{first_token(None, settings.home).reveal()}"
