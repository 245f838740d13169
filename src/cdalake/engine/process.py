"""Processes, told apart from later ones of the same number."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Process:
    """A process of some machine.

    Attributes:
        started: see `process_start`.
    """

    host: str
    pid: int
    started: float | None


def process_start(pid: int) -> float | None:
    """A number that tells this process from a later one with the same `pid`; None if it is gone.

    On Linux the start time in clock ticks since boot; elsewhere 0.0 for a process that exists.
    """
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        if Path("/proc/self/stat").exists():
            return None
        return _exists(pid)
    after_name = text.rpartition(")")[2].split()
    is_zombie = after_name[0] == "Z"
    return None if is_zombie else float(after_name[19])


def _exists(pid: int) -> float | None:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        return 0.0
    return 0.0
