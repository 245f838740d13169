"""Answers that cost a look at every table of a connection, kept until one of its tables changes.

A list of thousands of tables is asked for again and again, sorted, turned over and filtered; what
is counted for it stays the same meanwhile. The note of the last change (`changes`) says whether.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import Connection

from cdalake.catalog.changes import Kind, newest_of

T = TypeVar("T")

KEPT = 64
"""Answers, those asked for last: one of 10,000 tables may take a megabyte."""


class Answers(Generic[T]):
    """Answers by question, each good while its stamp is the same; of many those asked for last."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, tuple[object, T]] = OrderedDict()

    def known(self, question: Hashable, stamp: object) -> T | None:
        """The answer that is there; None when it has to be found."""
        with self._lock:
            kept = self._kept.get(question)
        return kept[1] if kept is not None and kept[0] == stamp else None

    def ask(self, question: Hashable, stamp: object, find: Callable[[], T]) -> T:
        """The answer that is there, or the one that `find` finds."""
        known = self.known(question, stamp)
        answer = find() if known is None else known
        with self._lock:
            self._kept[question] = (stamp, answer)
            self._kept.move_to_end(question)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return answer


class Remembered:
    """Answers by connection and question, good until a table of the connection changes."""

    def __init__(self) -> None:
        self._answers: Answers[Any] = Answers(KEPT)

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
        return cast("T", self._answers.ask((connection, question), note, read))
