"""Which tables the patterns of a run mean."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_WILD = re.compile(r"[*?\[]")
_ESCAPED = re.compile(r"\[[*?\[]\]")


@dataclass(frozen=True)
class Patterns:
    """Globs, and names that are none, whatever their case: thousands of both come at once.

    Attributes:
        globs: all of them in one expression; None when there is none.
    """

    given: tuple[str, ...]
    names: frozenset[str]
    globs: re.Pattern[str] | None

    @classmethod
    def of(cls, patterns: Sequence[str]) -> Patterns:
        """Tell the ones from the others."""
        globs = [pattern for pattern in patterns if is_glob(pattern)]
        names = {pattern.lower() for pattern in patterns}.difference(map(str.lower, globs))
        return cls(tuple(patterns), frozenset(names), _expression(globs))

    def match(self, name: str) -> bool:
        """One of them means the table."""
        lower = name.lower()
        if lower in self.names:
            return True
        return self.globs is not None and self.globs.match(lower) is not None

    def without(self, tables: Iterable[str]) -> list[str]:
        """Those that mean none of the tables."""
        known = {name.lower() for name in tables}
        return [pattern for pattern in self.given if not _means_one(pattern, known)]


def is_glob(pattern: str) -> bool:
    """It may mean more than the table of its name."""
    return _WILD.search(pattern) is not None


def is_one(pattern: str) -> bool:
    """It is the name of one table, as it is or with its wild characters escaped."""
    return not is_glob(_ESCAPED.sub("", pattern))


def _means_one(pattern: str, names: set[str]) -> bool:
    if not is_glob(pattern):
        return pattern.lower() in names
    return bool(fnmatch.filter(names, pattern.lower()))


def _expression(globs: Iterable[str]) -> re.Pattern[str] | None:
    parts = [fnmatch.translate(glob.lower()) for glob in globs]
    return re.compile("|".join(parts)) if parts else None
