"""Who was refused: written down in the audit log, whoever tries to fill it with that."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from cdalake.models.audit import Action
from cdalake.services.audit import AuditLog
from cdalake.services.queries import Requester

WINDOW_S = 60.0
MOST = 60
"""Entries in a window, of all that are refused together."""


@dataclass
class _Window:
    """What was refused in one minute."""

    ends: float
    written: int = 0
    left_out: int = 0


class Refusals:
    """The first refusals of every minute are entries of their own, the rest a number."""

    def __init__(self, audit: AuditLog, clock: Callable[[], float] = time.monotonic) -> None:
        self._audit = audit
        self._clock = clock
        self._lock = threading.Lock()
        self._window = _Window(0.0)

    def note(self, requester: Requester, action: Action, asked: str) -> None:
        """Write one down.

        Args:
            asked: what they wanted, as method and path.
        """
        with self._lock:
            unwritten = self._begin_anew()
            self._window.written += 1
            is_over = self._window.written > MOST
            self._window.left_out += is_over
        if not is_over:
            detail = {"not_written_before": unwritten} if unwritten else None
            self._audit.record(requester, action, asked, detail)

    def _begin_anew(self) -> int:
        """Begin the next minute when it is there; how many the last one left out."""
        now = self._clock()
        if now < self._window.ends:
            return 0
        before, self._window = self._window, _Window(now + WINDOW_S)
        return before.left_out
