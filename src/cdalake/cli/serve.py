"""``cdalake serve``: the page and the API."""

from __future__ import annotations

import sys
import webbrowser

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

    def ready(url: str) -> None:
        print(f"cdalake: the page is at {url}", flush=True)
        if show and sys.stdout.isatty():
            webbrowser.open(url)

    first = settings.port if port is None else port
    run(settings, host or settings.host, first, ready, exit_code)
