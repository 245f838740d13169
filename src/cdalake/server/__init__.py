"""The HTTP edge: FastAPI, security, the page."""

from __future__ import annotations

from collections.abc import Callable

from cdalake.settings import Settings

__all__ = ["run"]


def run(
    settings: Settings,
    host: str,
    port: int,
    on_ready: Callable[[str], None],
    exit_code: int = 0,
) -> None:
    """Serve until SIGINT or SIGTERM; `on_ready` gets the address once it answers.

    Args:
        port: the first port to try; 0 for any free one.
        exit_code: of the process, where it cannot but end in here.

    Raises:
        UsageError: ``NO_FREE_PORT``, or the database or the home cannot be used.
    """
    from cdalake.server.serving import serve

    serve(settings, host, port, on_ready, exit_code)
