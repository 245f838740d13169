"""The port between runs and the place where their work happens."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from cdalake.engine.process import Process
from cdalake.storage.inline import InlineKeys

NOT_RECORDED = 74
"""Exit code of a process that could not write how its attempt ended; again would end alike."""


class Runner(Protocol):
    """Starts attempts of runs and knows whether they still go on."""

    def start(self, directory: Path, attempt: int, keys: InlineKeys | None = None) -> Process:
        """Start an attempt, whose spec is in `directory`; it outlives this process.

        Args:
            keys: handed to it and to nobody else.
        """

    def is_alive(self, process: Process) -> bool | None:
        """The process still works; None when it is not ours to tell."""

    def exit_code(self, process: Process) -> int | None:
        """How a process ended that we started; None when that is not known."""

    def kill(self, process: Process) -> None:
        """End the process at once; what it committed stays committed."""
