"""The server process: its port, its start and its end."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from types import FrameType

import uvicorn

from cdalake import __version__
from cdalake.bootstrap import build
from cdalake.errors import UsageError
from cdalake.server.app import create_app
from cdalake.settings import Settings
from cdalake.telemetry import logs, tracing

PORTS_TRIED = 100
GRACE_S = 5


def serve(
    settings: Settings, host: str, port: int, on_ready: Callable[[str], None], exit_code: int
) -> None:
    """See `cdalake.server.run`."""
    listener = listen(host, port)
    logs.configure(settings.logs.form, settings.logs.level)
    try:
        with tracing.sending(os.environ, __version__):
            port = listener.getsockname()[1]
            config = _config(replace(settings, host=host, port=port))
            _Server(config, lambda: on_ready(address(listener))).run(sockets=[listener])
    finally:
        listener.close()
    _leave(exit_code)


def _config(settings: Settings) -> uvicorn.Config:
    # Built before uvicorn starts: of a home that cannot be used it would make a traceback.
    app = create_app(settings, services=build(settings))
    return uvicorn.Config(
        app,
        log_config=None,  # its lines are written as ours are
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_S,
    )


def listen(host: str, port: int) -> socket.socket:
    """A socket on the first free port from `port` on.

    Raises:
        UsageError: ``NO_FREE_PORT``.
    """
    name = host.strip("[]")
    last = port + PORTS_TRIED if port else 1
    for candidate in range(port, min(last, 65536)):
        with suppress(OSError):
            return _bound(name, candidate)
    raise UsageError(
        "NO_FREE_PORT",
        f"No port from {port} to {last - 1} is free on {host}.",
        "Choose another one with --port.",
    )


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # By its number: asyncio asks the protocol before it lets answers go at once, and an answer
    # that waits for the reader's acknowledgement of its headers is 40 ms late.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        # A port of a server that ended a moment ago is free; one that is listened on is not.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener


def address(listener: socket.socket) -> str:
    """The URL behind a socket."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _Server(uvicorn.Server):
    """Says when it answers, and tells the streams when it ends."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and not self.should_exit:
            self._on_ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        del frame
        # Streams are open requests: unless they end, the graceful end waits for them in vain.
        services = getattr(getattr(self.config.app, "state", None), "services", None)
        if services is not None:
            services.stopping.set()
        # Not uvicorn's own way: it would raise the signal again once it has ended well.
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True


def _leave(exit_code: int) -> None:
    """End although a store may still keep a thread waiting; nothing is lost with it."""
    others = [t for t in threading.enumerate() if t is not threading.current_thread()]
    if any(thread.name.startswith(("refresh-", "index")) for thread in others):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(exit_code)
