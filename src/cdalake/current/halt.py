"""How work at a current table ends soon after its run was cancelled."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

EVERY_S = 0.2
"""A cancel is heard within so many seconds, whatever a statement takes."""


class Cancelled(Exception):
    """The run was cancelled before the current table's next version; readers see the old one."""


def never() -> bool:
    """Nobody cancels."""
    return False


class Halt:
    """Ends statements of DuckDB, from another thread, once somebody asked the run to stop.

    Args:
        is_cancelled: asked from any thread; believed for good once it says yes.
    """

    def __init__(self, is_cancelled: Callable[[], bool] = never) -> None:
        self._is_cancelled = is_cancelled
        self._is_on = threading.Event()
        self._lock = threading.Lock()
        self._connections: list[Any] = []

    @property
    def is_on(self) -> bool:
        """The run was cancelled."""
        if not self._is_on.is_set() and self._is_cancelled():
            self._is_on.set()
        return self._is_on.is_set()

    def check(self) -> None:
        """Go on, if nobody cancelled.

        Raises:
            Cancelled: somebody did.
        """
        if self.is_on:
            raise Cancelled

    @contextmanager
    def over(self, connection: Any) -> Iterator[None]:
        """Interrupt this connection too, as long as the block lasts."""
        with self._lock:
            self._connections.append(connection)
        try:
            yield
        finally:
            with self._lock:
                self._connections.remove(connection)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Listen for a cancel beside what the block does."""
        if self._is_cancelled is never:
            yield
            return
        is_over = threading.Event()
        watch = threading.Thread(target=self._watch, args=(is_over,), name="halt", daemon=True)
        watch.start()
        try:
            yield
        finally:
            is_over.set()
            watch.join()

    def _watch(self, is_over: threading.Event) -> None:
        while not is_over.wait(EVERY_S):
            # Again and again: an interrupt between two statements is lost.
            if self.is_on:
                self._interrupt()

    def _interrupt(self) -> None:
        with self._lock:
            for connection in self._connections:
                connection.interrupt()
