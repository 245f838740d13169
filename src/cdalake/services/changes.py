"""Tells readers what changed: one look at the database for all of them."""

from __future__ import annotations

import logging
import threading
import uuid
from collections import deque
from collections.abc import Iterable
from datetime import timedelta

from cdalake.catalog.changes import Change, ChangeLog, Kind
from cdalake.engine.progress import utc_now
from cdalake.models.changes import ChangedTable, Changes
from cdalake.services.background import Loop

log = logging.getLogger("cdalake.changes")

PACE_S = 0.5
KEPT = 2000
"""Notes that are remembered; who was away for longer is told to read everything anew."""
AT_ONCE = 500
"""Notes of one answer; more are told as everything."""
LOOKS_PER_CLEANING = 240
RECENT = timedelta(seconds=15)
"""A new reader is told these too: what it read just before may be older than its first answer."""


class ChangeFeed:
    """The newest changes, in memory."""

    def __init__(self, notes: ChangeLog) -> None:
        self._notes = notes
        self._server = uuid.uuid4().hex[:12]
        self._looking = threading.Lock()
        self._lock = threading.Lock()  # of what is below; never held while the database is asked
        self._kept: deque[Change] = deque(maxlen=KEPT)
        self._first = 0  # everything behind this number is kept
        self._newest = 0
        self._looks = 0
        self._loop = Loop("changes", self._beat, PACE_S, log, "Could not look for changes")

    def start(self) -> None:
        """Begin, with what was noted before."""
        self._first = self._newest = max(0, self._notes.newest() - KEPT)
        self.look()
        self._loop.start()

    def stop(self) -> None:
        """End."""
        self._loop.stop()

    @property
    def is_working(self) -> bool:
        """The thread lives."""
        return self._loop.is_working

    @property
    def newest(self) -> int:
        """The number of the newest change."""
        return self._newest

    def _beat(self) -> None:
        self.look()
        self.clean()

    def look(self) -> None:
        """Read what was noted since the last look."""
        with self._looking:
            while found := self._notes.after(self._newest, KEPT):
                self._keep(found)

    def _keep(self, found: list[Change]) -> None:
        with self._lock:
            lost = max(0, len(self._kept) + len(found) - KEPT)
            if lost:
                self._first = [*self._kept, *found][lost - 1].id
            self._kept.extend(found)
            self._newest = found[-1].id

    def clean(self) -> None:
        """Let the database forget what nobody is told any more, once in many times."""
        self._looks += 1
        if self._looks % LOOKS_PER_CLEANING == 0:
            self._notes.forget(self._newest - KEPT)

    def since(self, after: int | None) -> Changes:
        """What changed after a number; without one, what changed just now."""
        if after is not None and after > self._newest:
            # Another server told it, which had looked later than we.
            self.look()
        with self._lock:
            kept, newest, first = list(self._kept), self._newest, self._first
        if after is None:
            begin = utc_now() - RECENT
            return self._told([change for change in kept if change.at >= begin], newest)
        # A number of the future is one of another database.
        if after < first or after > newest:
            return self._told([], newest, everything=True)
        return self._told([change for change in kept if change.id > after], newest)

    def _told(self, found: list[Change], newest: int, *, everything: bool = False) -> Changes:
        everything = everything or len(found) > AT_ONCE
        named = [] if everything else found
        runs = _names(named, Kind.RUN)
        return Changes(
            last_id=newest,
            everything=everything,
            runs=runs,
            progress=[run for run in _names(named, Kind.PROGRESS) if run not in runs],
            tables=_tables(named),
            connections=_names(named, Kind.CONNECTION),
            server=self._server,
        )


def _names(found: Iterable[Change], kind: Kind) -> list[str]:
    return list(dict.fromkeys(c.name for c in found if c.kind is kind and c.name is not None))


def _tables(found: Iterable[Change]) -> list[ChangedTable]:
    keys = dict.fromkeys((c.connection or "", c.name) for c in found if c.kind is Kind.TABLE)
    return [ChangedTable(connection=connection, name=name) for connection, name in keys]
