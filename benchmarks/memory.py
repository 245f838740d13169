"""The memory of a process and of those below it, looked at while they live; Linux alone.

Not ``ru_maxrss``: a child begins with the peak of the process that started it.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

SAMPLE_EVERY_S = 0.01


class Watch:
    """Looks at a process and those below it until `end`; `peak` is in bytes (RSS)."""

    def __init__(self, pid: int) -> None:
        self.peak = 0
        self._pid = pid
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def end(self) -> int:
        """Most bytes at once."""
        self._ended.set()
        self._thread.join()
        return self.peak

    def _look(self) -> None:
        while not self._ended.wait(SAMPLE_EVERY_S):
            self.peak = max(self.peak, sum(map(_resident, _tree(self._pid))))


def _tree(pid: int) -> list[int]:
    found, pending = [], [pid]
    while pending:
        found.append(pending.pop())
        tasks = Path(f"/proc/{found[-1]}/task")
        try:
            texts = [(task / "children").read_text() for task in tasks.iterdir()]
        except OSError:
            continue
        pending += [int(child) for text in texts for child in text.split()]
    return found


def _resident(pid: int) -> int:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
