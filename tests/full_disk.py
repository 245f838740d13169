"""Processes for which the disk is full."""

from __future__ import annotations

import resource
from pathlib import Path

from cdalake.engine.process import Process
from cdalake.runners.process import ProcessRunner
from cdalake.storage.inline import InlineKeys


class FullDiskRunner(ProcessRunner):
    """Its processes cannot write a byte to any file."""

    def start(self, directory: Path, attempt: int, keys: InlineKeys | None = None) -> Process:
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
        try:
            return super().start(directory, attempt, keys)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
