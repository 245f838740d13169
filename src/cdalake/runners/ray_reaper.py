"""Ends what a private Ray leaves behind when the run's process is killed.

Run as a program of its own, with nothing but the standard library. Most of Ray's processes go with
their parent, by the kernel; the agents that the raylet starts wait for minutes. They are known as
its children while it lives, by number and time of start, so that nobody else's process is ever
touched. Elsewhere than on Linux there is nothing to read, and Ray has a reaper of its own.
"""

from __future__ import annotations

import os
import select
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")
PAUSE_S = 0.25


def children(pid: int) -> Iterator[int]:
    """Processes that any thread of a process started."""
    for thread in (PROC / str(pid) / "task").glob("*"):
        yield from map(int, _read(thread / "children").split())


def below_raylets(pid: int) -> dict[int, bytes]:
    """What the raylets that a process started have started, with the time of its start."""
    raylets = [each for each in children(pid) if _read(_of(each, "comm")).strip() == b"raylet"]
    return {each: started(each) for raylet in raylets for each in children(raylet)}


def started(pid: int) -> bytes:
    """A number that tells a process from a later one of the same pid; empty when it is gone."""
    after_name = _read(_of(pid, "stat")).rpartition(b")")[2].split()
    return after_name[19] if after_name else b""


def _of(pid: int, what: str) -> Path:
    return PROC / str(pid) / what


def _read(path: Path) -> bytes:
    with suppress(OSError):
        return path.read_bytes()
    return b""


def main(parent: int) -> None:
    """Wait for the end of `parent`, which holds our input, then end what is left of its Ray."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    known: dict[int, bytes] = {}
    while not select.select([sys.stdin], [], [], PAUSE_S)[0]:
        known |= below_raylets(parent)
    for pid, at in known.items():
        if started(pid) == at:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main(int(sys.argv[1]))
