"""Answers that cost a look at every table of a connection, kept until one of its tables changes.

A list of thousands of tables is asked for again and again, sorted, turned over and filtered; what
is counted for it stays the same meanwhile. The note of the last change (`changes`) says whether.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

from sqlalchemy import Connection

from cdalake.catalog.changes import Kind, newest_of

T = TypeVar("T")

KEPT = 64
"""Answers, those asked for last: one of 10,000 tables may take a megabyte."""


class Remembered:
    """Answers by connection and question."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: OrderedDict[tuple[str, Hashable], tuple[int, Any]] = OrderedDict()

    def ask(
        self,
        reader: Connection,
        connection: str,
        question: Hashable,
        read: Callable[[], T],
    ) -> T:
        """The answer as the reader's own transaction would find it.

        Args:
            reader: its state decides what has changed.
            question: all that the answer depends on, besides the tables of the connection.
            read: finds the answer by the same reader.
        """
        note = newest_of(reader, Kind.TABLE, connection)
        key = (connection, question)
        with self._lock:
            known = self._answers.get(key)
        answer = cast("T", known[1]) if known is not None and known[0] == note else read()
        self._keep(key, (note, answer))
        return answer

    def _keep(self, key: tuple[str, Hashable], answer: tuple[int, Any]) -> None:
        with self._lock:
            self._answers[key] = answer
            self._answers.move_to_end(key)
            while len(self._answers) > KEPT:
                self._answers.popitem(last=False)
