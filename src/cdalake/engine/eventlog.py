"""The log of a run, as its chunks hold it: ``events-FIRST-COUNT.jsonl``."""

from __future__ import annotations

import itertools
import json
import os
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cdalake.engine.progress import Event, Level

Line = tuple[int, dict[str, Any]]
"""A number, which starts at 1, and an event."""

_CHUNK = re.compile(r"events-(\d{9})-(\d{6})\.jsonl")
_LEVELS = frozenset(Level)
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""A line that cannot be read does not say when it was written."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A file of log lines, as its name tells it."""

    name: str
    first: int
    count: int

    @property
    def last(self) -> int:
        """Number of its last line."""
        return self.first + self.count - 1


def chunk_name(first: int, count: int) -> str:
    """Carries first line and count, so that a reader finds an offset without opening files."""
    return f"events-{first:09d}-{count:06d}.jsonl"


class EventLog:
    """Reading side. Numbers have no gaps, across attempts too.

    A line that is damaged or gone is an event of kind ``damaged``.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def lines(self, after: int, may_matter: Callable[[str], bool]) -> Iterator[Line]:
        """Lines with a number greater than `after`, oldest first.

        Args:
            may_matter: told raw JSON, of a chunk or of a line; what it denies is left out unread.
        """
        seen = after
        for chunk in self._chunks_after(after):
            gone = range(seen + 1, chunk.first)
            yield from ((number, _damaged(number, "its file is gone")) for number in gone)
            yield from self._lines_of(chunk, max(seen, chunk.first - 1), may_matter)
            seen = chunk.last

    def _lines_of(
        self, chunk: Chunk, after: int, may_matter: Callable[[str], bool]
    ) -> Iterator[Line]:
        texts = self._texts(chunk)
        if len(texts) == chunk.count and not may_matter("\n".join(texts)):
            return
        texts += [""] * (chunk.count - len(texts))
        for number, text in enumerate(texts[: chunk.count], chunk.first):
            if number > after and (not text or may_matter(text)):
                yield number, _event(number, text, chunk.name)

    def _texts(self, chunk: Chunk) -> list[str]:
        try:
            text = (self._path / chunk.name).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return []
        # Not by splitlines: JSON may hold other line separators as they are.
        return text.rstrip("\n").split("\n") if text.strip() else []

    def last_line(self) -> int:
        """Number of the newest line; 0 when there is none."""
        chunks = self._chunks()
        return chunks[-1].last if chunks else 0

    def _chunks_after(self, after: int) -> Iterator[Chunk]:
        chunks = self._chunks()
        # The chunk before the first one that begins too late may hold the line.
        begin = max(0, bisect_right(chunks, after + 1, key=lambda chunk: chunk.first) - 1)
        return (chunk for chunk in itertools.islice(chunks, begin, None) if chunk.last > after)

    def _chunks(self) -> list[Chunk]:
        """The chunks, oldest first. A run of many hours has tens of thousands."""
        try:
            with os.scandir(self._path) as entries:
                names = sorted(e.name for e in entries if e.name.startswith("events-"))
        except (FileNotFoundError, NotADirectoryError):
            return []
        found = (_CHUNK.fullmatch(name) for name in names)
        return [Chunk(m[0], int(m[1]), int(m[2])) for m in found if m]


def _event(number: int, text: str, chunk: str) -> dict[str, Any]:
    """An event as it was written, or what stands for one that cannot be read."""
    try:
        event = json.loads(text)
        datetime.fromisoformat(event["at"])
        if event["level"] in _LEVELS and isinstance(event["message"], str):
            return {"kind": "log", "table": None, **event}
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    return _damaged(number, f"{chunk} is damaged there")


def _damaged(number: int, why: str) -> dict[str, Any]:
    message = f"Line {number} cannot be read: {why}."
    return Event("damaged", message, level=Level.ERROR, at=_NEVER).to_json()
