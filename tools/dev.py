"""The API and the page, both reloading on a change, until Ctrl-C; then both are gone."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from tools.machine import ROOT, WEB, environment

PATIENCE_S = 5.0  # for a process to end by itself before it is killed


@dataclass(frozen=True)
class Part:
    """One of the processes.

    Attributes:
        command: what to run.
        cwd: where.
        env: its environment.
    """

    command: Sequence[str]
    cwd: Path
    env: Mapping[str, str]


class Stop(BaseException):
    """Somebody wants us to end."""


def run(parts: Sequence[Part]) -> int:
    """Run the parts until one ends or a signal comes; then end every process of every part."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    children: list[subprocess.Popen[bytes]] = []
    try:
        for part in parts:
            # A session of its own: its whole family can be ended, and Ctrl-C reaches us alone.
            children.append(  # noqa: PERF401 one by one, for a signal may come between two
                subprocess.Popen(
                    part.command,
                    cwd=part.cwd,
                    env=dict(part.env),
                    stdin=subprocess.DEVNULL,
                    start_new_session=True,
                )
            )
        while all(child.poll() is None for child in children):
            time.sleep(0.1)
        return next(child.returncode for child in children if child.returncode is not None) or 0
    except Stop:
        return 0
    finally:
        _end(children)


def _stop(_number: int, _frame: FrameType | None) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # ending takes a moment; once is enough
    raise Stop


def _end(children: Sequence[subprocess.Popen[bytes]]) -> None:
    for child in children:
        _signal(child, signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE_S
    for child in children:
        with suppress(subprocess.TimeoutExpired):
            child.wait(max(0.0, deadline - time.monotonic()))
        _signal(child, signal.SIGKILL)  # whatever the part left behind
        child.wait()


def _signal(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(child.pid, number)


def free_port(first: int) -> int:
    """The first port from here on that nobody listens on."""
    for port in range(first, first + 100):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return port
    sys.exit(f"No free port from {first} to {first + 99}.")


def main() -> None:
    """Start both and say where the page is."""
    api, page = free_port(8000), free_port(5173)
    env = environment(CDALAKE_API=f"http://127.0.0.1:{api}", CDALAKE_WEB_PORT=str(page))
    reload = ["--reload", "--reload-dir", str(ROOT / "src"), "--timeout-graceful-shutdown", "1"]
    serve = ["uvicorn", "--factory", "cdalake.server.app:create_app", "--port", str(api), *reload]
    vite = ["bun", "run", "dev"]
    print(f"page  http://127.0.0.1:{page}\nAPI   http://127.0.0.1:{api}/docs", flush=True)
    sys.exit(run([Part(serve, ROOT, env), Part(vite, WEB, env)]))


if __name__ == "__main__":
    main()
