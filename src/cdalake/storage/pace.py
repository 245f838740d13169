"""How many requests a store is given at once: as many as it bears, found out by its answers.

Additive increase, multiplicative decrease, as TCP does it: a store that throttles or does not
answer in time is given half as many, and one more for each round of good answers. `Pace` is the
arithmetic, a value; `Gate` lets this process's threads through by it. All tables, runs and
services of a process share the gate of a store, that is of a bucket at an address.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TypeVar

from obstore.exceptions import GenericError

from cdalake.storage.patience import Cause, GaveUp, Patience, cause_of
from cdalake.telemetry.metrics import STORE_RETRIES

T = TypeVar("T")

AT_ONCE = 64
"""More hide no more latency: a few tables' listings beside the 48 files of a run."""
FORGETS_AFTER_S = 30.0
"""Without a request a store's silence says nothing."""


@dataclass(frozen=True)
class Pace:
    """How wide the gate is.

    Attributes:
        ceiling: requests at once where nothing speaks against it.
        width: requests at once now, with the share of the next one that is earned already.
        lowered_at: number of the newest request when the width was last lowered.
    """

    ceiling: int
    width: float
    lowered_at: int = 0

    @classmethod
    def of(cls, ceiling: int) -> Pace:
        """The pace of a store of which nothing is known."""
        return cls(ceiling, float(ceiling))

    @property
    def at_once(self) -> int:
        """Requests that may be under way; at least one."""
        return int(self.width)

    @property
    def is_slowed(self) -> bool:
        """Less than was wished for."""
        return self.width < self.ceiling

    def slowed(self, number: int, newest: int, in_flight: int) -> Pace:
        """After request `number` was too much: half of what was under way.

        Requests that were under way already when it was lowered say nothing of the new width.
        """
        if number <= self.lowered_at:
            return self
        return replace(self, width=max(1.0, min(self.width, in_flight) / 2), lowered_at=newest)

    def eased(self, in_flight: int) -> Pace:
        """After a good answer; only where the width is made use of."""
        if not self.is_slowed or in_flight < self.at_once:
            return self
        return replace(self, width=min(float(self.ceiling), self.width + 1 / self.width))


@dataclass(frozen=True)
class Slowed:
    """A store is given fewer requests from here on."""

    store: str
    cause: Cause
    before: int
    now: int


Listener = Callable[[Slowed], None]


@dataclass
class Gate:
    """Lets requests to one store through.

    Attributes:
        store: how people call it.
        failed: requests that came to nothing, by cause.
        has_answered: the store is there.
    """

    store: str
    patience: Patience
    ceiling: int = AT_ONCE
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], object] = time.sleep
    failed: Counter[Cause] = field(default_factory=Counter)
    has_answered: bool = False

    def __post_init__(self) -> None:
        self.pace = Pace.of(self.ceiling)
        self.in_flight = 0
        self._newest = 0
        self._changed = threading.Condition()
        self._silent_since: float | None = None
        self._left_at = 0.0
        self._last: tuple[Cause, Exception] | None = None
        self._listeners: list[Listener] = []

    def ask(self, operation: str, request: Callable[[], T]) -> T:
        """The answer to `request`, which is sent again where that helps.

        Raises:
            GaveUp: patience ended.
            Exception: from the client, what no further try would change.
        """
        began, tries = self.clock(), 0
        while True:
            try:
                return self._let_through(request)
            except GaveUp:
                raise
            except Exception as error:
                cause, tries = cause_of(error), tries + 1
                if cause is None:
                    raise
                self._wait_or_give_up(cause, tries, self.clock() - began, error)
            STORE_RETRIES.add(operation, cause.value)

    def _wait_or_give_up(self, cause: Cause, tries: int, seconds: float, error: Exception) -> None:
        goes_on = self.patience.goes_on(cause, tries, seconds, has_answered=self.has_answered)
        if not goes_on:
            raise GaveUp(cause, tries, seconds, error) from error
        self.sleep(self.patience.pause(tries))

    def _let_through(self, request: Callable[[], T]) -> T:
        number = self.enter()
        try:
            answer = request()
        except BaseException as error:
            self.leave(number, error if isinstance(error, Exception) else None)
            raise
        self.leave(number)
        return answer

    def enter(self) -> int:
        """Wait for a place; the number of this request.

        Raises:
            GaveUp: the store is down, and somebody is finding out already whether it still is.
        """
        with self._changed:
            self._forget()
            self._changed.wait_for(lambda: self._is_down or self.in_flight < self.pace.at_once)
            if self._is_down and self.in_flight and self._last is not None:
                cause, error = self._last
                raise GaveUp(cause, 0, self._silence(), error)
            self.in_flight += 1
            self._newest += 1
            return self._newest

    def leave(self, number: int, error: Exception | None = None) -> None:
        """A request is over; `error` where the client raised one."""
        cause = cause_of(error) if error else None
        with self._changed:
            before = self.pace
            if error and cause:
                self._fail(number, cause, error)
            if cause in (None, Cause.CONFLICT):
                self._succeed()
            self.in_flight -= 1
            self._left_at = self.clock()
            self._changed.notify_all()
            slowed = self._slowed(before, cause)
        if slowed:
            for listener in list(self._listeners):
                listener(slowed)

    def _succeed(self) -> None:
        """Any answer will do: a refusal too tells that the store is there and well."""
        self.has_answered, self._silent_since = True, None
        self.pace = self.pace.eased(self.in_flight)

    def _fail(self, number: int, cause: Cause, error: Exception) -> None:
        self.failed[cause] += 1
        self._last = (cause, GenericError(str(error)))  # not itself, which holds on to its frames
        self._silent_since = self.clock() if self._silent_since is None else self._silent_since
        if cause.is_overload:
            self.pace = self.pace.slowed(number, self._newest, self.in_flight)

    def _slowed(self, before: Pace, cause: Cause | None) -> Slowed | None:
        if cause is None or self.pace.at_once >= before.at_once:
            return None
        return Slowed(self.store, cause, before.at_once, self.pace.at_once)

    @property
    def _is_down(self) -> bool:
        return self._silence() > self.patience.silence

    def _silence(self) -> float:
        """Seconds for which nobody had a good answer."""
        return 0.0 if self._silent_since is None else self.clock() - self._silent_since

    def _forget(self) -> None:
        if not self.in_flight and self.clock() - self._left_at > FORGETS_AFTER_S:
            self._silent_since = None

    @contextmanager
    def heard_by(self, listener: Listener) -> Iterator[None]:
        """Tell `listener` whenever the store is slowed down, as long as the block lasts."""
        self._listeners.append(listener)
        try:
            yield
        finally:
            self._listeners.remove(listener)


class Gates:
    """The gates of this process, by store."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._of: dict[tuple[str, Patience], Gate] = {}

    def of(self, store: str, patience: Patience) -> Gate:
        """The gate of a store; one and the same for everybody who is as patient."""
        with self._lock:
            return self._of.setdefault((store, patience), Gate(store, patience))


GATES = Gates()
