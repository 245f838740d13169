"""Work beside the requests."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable


class Loop:
    """Looks once, then again at its pace or when it is woken, in a thread of its own.

    Args:
        failed: the sentence of the log when a look fails.
    """

    def __init__(
        self, name: str, look: Callable[[], object], pace_s: float, log: logging.Logger, failed: str
    ) -> None:
        self._look = look
        self._pace_s = pace_s
        self._log = log
        self._failed = failed
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin with a look."""
        self._thread.start()

    def wake(self) -> None:
        """Look now."""
        self._wake.set()

    def ask_to_stop(self) -> None:
        """End after the look at hand."""
        self._stop.set()
        self._wake.set()

    def join(self, timeout: float) -> None:
        """Wait for the end."""
        self._thread.join(timeout)

    def stop(self, timeout: float = 10) -> None:
        """End, and wait for it."""
        self.ask_to_stop()
        self.join(timeout)

    @property
    def is_stopping(self) -> bool:
        """It was asked to end."""
        return self._stop.is_set()

    @property
    def is_working(self) -> bool:
        """The thread lives."""
        return self._thread.is_alive()

    def _run(self) -> None:
        self._look_once()
        while not self._is_told_to_stop():
            self._look_once()

    def _look_once(self) -> None:
        try:
            self._look()
        except Exception:  # noqa: BLE001 - whatever it is, the thread must outlive it
            # A locked database or a full disk: the next look may succeed.
            self._log.exception(self._failed)

    def _is_told_to_stop(self) -> bool:
        self._wake.wait(self._pace_s)
        # Only now: whoever wakes or stops us during a look must be heard after it.
        self._wake.clear()
        return self._stop.is_set()
