"""Who was refused: written down in the audit log, whoever tries to fill it with that."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cdalake.models.audit import Action
from cdalake.services.audit import AuditLog
from cdalake.services.queries import Requester

WINDOW_S = 60.0
MOST = 60
"""Entries in a window, of each action: strangers who guess do not hide what known people tried."""


@dataclass
class _Window:
    """What was refused in one minute."""

    ends: float = 0.0
    written: int = 0
    left_out: int = 0


class Refusals:
    """The first refusals of every minute and action are entries, the rest a number in the next."""

    def __init__(self, audit: AuditLog, clock: Callable[[], float] = time.monotonic) -> None:
        self._audit = audit
        self._clock = clock
        self._lock = threading.Lock()
        self._windows: defaultdict[Action, _Window] = defaultdict(_Window)

    def note(
        self,
        requester: Requester,
        action: Action,
        asked: str,
        detail: Mapping[str, Any] | None = None,
    ) -> None:
        """Write one down.

        Args:
            asked: what they wanted, as method and path.
            detail: facts worth keeping.
        """
        with self._lock:
            unwritten = self._begin_anew(action)
            window = self._windows[action]
            is_over = window.written >= MOST
            window.written += not is_over
            window.left_out += is_over
        if not is_over:
            before = {"not_written_before": unwritten} if unwritten else {}
            self._audit.record(requester, action, asked, {**(detail or {}), **before})

    def _begin_anew(self, action: Action) -> int:
        """Begin the next minute when it is there; how many the last one left out."""
        now, before = self._clock(), self._windows[action]
        if now < before.ends:
            return 0
        self._windows[action] = _Window(now + WINDOW_S)
        return before.left_out
