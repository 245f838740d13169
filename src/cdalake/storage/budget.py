"""How many bytes may be on their way through this process at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Budget:
    """A number of bytes that threads share; who needs more than is left waits.

    Attributes:
        limit: bytes; a single need above it is let through alone.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._used = 0
        self._freed = threading.Condition()

    @contextmanager
    def hold(self, need: int) -> Iterator[None]:
        """Keep `need` bytes for as long as the block lasts."""
        need = min(need, self.limit)
        with self._freed:
            self._freed.wait_for(lambda: self._used + need <= self.limit)
            self._used += need
        try:
            yield
        finally:
            with self._freed:
                self._used -= need
                self._freed.notify_all()
