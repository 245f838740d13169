"""Numbers in the sentences that people read."""

from __future__ import annotations


def counted(count: int, noun: str) -> str:
    """A number with its noun, e.g. ``1 file``, ``1,242 rows``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
