"""Calls that must end in time, whatever the store behind them does."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future, wait
from typing import TypeVar

from cdalake.errors import StoreUnavailable

T = TypeVar("T")


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
        outcome: Future[T] = Future()
        threading.Thread(
            target=self._carry_out, args=(action, outcome), name="deadline", daemon=True
        ).start()
        if not wait([outcome], timeout=max(0.0, ends - time.monotonic())).done:
            self._rests_until = time.monotonic() + self._rest
            raise _too_slow(what, self._seconds)
        return outcome.result()

    def _carry_out(self, action: Callable[[], T], outcome: Future[T]) -> None:
        def freeing() -> T:
            try:
                return action()
            finally:
                self._free.release()

        try:
            outcome.set_result(freeing())
        except BaseException as error:  # noqa: BLE001 - it is raised where the call was made
            outcome.set_exception(error)


class Deadlines:
    """One deadline for each store: one that hangs must not take the others' places."""

    def __init__(self, seconds: float, rest_seconds: float = 30.0, at_once: int = 4) -> None:
        self._seconds = seconds
        self._rest = rest_seconds
        self._at_once = at_once
        self._lock = threading.Lock()
        self._of: dict[Hashable, Deadline] = {}

    def of(self, store: Hashable) -> Deadline:
        """The deadline of a store, by whatever tells it from others."""
        with self._lock:
            new = Deadline(self._seconds, self._at_once, self._rest)
            return self._of.setdefault(store, new)


def _too_slow(what: str, seconds: float) -> StoreUnavailable:
    return StoreUnavailable(
        "STORE_TOO_SLOW",
        f"{what} did not answer within {seconds:g} s.",
        "Everything else on this page is from the index; try again in half a minute.",
    )
