"""Words that were meant: a search that finds nothing looks for names a slip or two away."""

from __future__ import annotations

from collections.abc import Iterable

SHORT = 3
"""Words up to here are taken as they stand: one slip makes any of them any other."""
MIDDLE = 6
"""Words up to here forgive one slip, longer ones two."""


def near(text: str, names: Iterable[str]) -> list[str]:
    """Names that are, or have a part that is, `text` but for a slip or two."""
    wanted = text.lower()
    slips = _forgiven(wanted)
    if not slips:
        return []
    return [name for name in names if _is_near(wanted, name.lower(), slips)]


def _forgiven(word: str) -> int:
    if len(word) <= SHORT:
        return 0
    return 1 if len(word) <= MIDDLE else 2


def _is_near(wanted: str, name: str, slips: int) -> bool:
    return any(slips_between(wanted, part, slips) <= slips for part in {name, *name.split("_")})


def slips_between(one: str, other: str, most: int) -> int:
    """Letters to add, drop, change or swap with their neighbour; `most` + 1 for any more."""
    if abs(len(one) - len(other)) > most or len(set(one) ^ set(other)) > 2 * most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        now = [row]
        for column, theirs in enumerate(other, 1):
            cost = min(
                last[column] + 1,
                now[column - 1] + 1,
                last[column - 1] + (letter != theirs),
            )
            if _is_swap(one, other, row, column):
                cost = min(cost, before[column - 2] + 1)
            now.append(cost)
        if min(now) > most:
            return most + 1
        before, last = last, now
    return last[-1]


def _is_swap(one: str, other: str, row: int, column: int) -> bool:
    if row < 2 or column < 2:
        return False
    return one[row - 1] == other[column - 2] and one[row - 2] == other[column - 1]
