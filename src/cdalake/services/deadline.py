"""Calls that must end in time, whatever the store behind them does."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from cdalake.errors import StoreUnavailable

T = TypeVar("T")


class _Call(Generic[T]):
    """One call in a thread of its own."""

    def __init__(self, action: Callable[[], T], done: Callable[[], None]) -> None:
        self._action = action
        self._done = done
        self._ended = threading.Event()
        self._value: T | None = None
        self._error: BaseException | None = None

    def run(self) -> None:
        """Carry it out."""
        try:
            self._value = self._action()
        except BaseException as error:  # noqa: BLE001 - it is raised where the call was made
            self._error = error
        finally:
            self._done()
            self._ended.set()

    def wait(self, seconds: float) -> bool:
        """It ended in time."""
        return self._ended.wait(seconds)

    def result(self) -> T:
        """What it gave."""
        if self._error is not None:
            raise self._error
        return self._value  # type: ignore[return-value]


class Deadline:
    """Bounds the calls to one store in time and number.

    After a call that did not end in time the store is left alone for a while: a page that asks
    again and again must not pay, or pile up, for each time.
    """

    def __init__(self, seconds: float, at_once: int = 4, rest_seconds: float = 30.0) -> None:
        self._seconds = seconds
        self._rest = rest_seconds
        self._free = threading.Semaphore(at_once)
        self._rests_until = 0.0

    def call(self, action: Callable[[], T], what: str) -> T:
        """The result of `action`; the wait for a place counts as part of the call.

        Raises:
            StoreUnavailable: ``STORE_TOO_SLOW``: not in time, or not long ago.
        """
        ends = time.monotonic() + self._seconds
        if time.monotonic() < self._rests_until or not self._free.acquire(timeout=self._seconds):
            raise _too_slow(what, self._seconds)
        # A daemon: a store that never answers must not keep the process from ending.
        call = _Call(action, self._free.release)
        threading.Thread(target=call.run, name="deadline", daemon=True).start()
        if not call.wait(max(0.0, ends - time.monotonic())):
            self._rests_until = time.monotonic() + self._rest
            raise _too_slow(what, self._seconds)
        return call.result()


def _too_slow(what: str, seconds: float) -> StoreUnavailable:
    return StoreUnavailable(
        "STORE_TOO_SLOW",
        f"{what} did not answer within {seconds:g} s.",
        "Everything else on this page is from the index; try again in half a minute.",
    )
