"""Numbers and times in the sentences that people read."""

from __future__ import annotations

from datetime import UTC, datetime


def counted(count: int, noun: str) -> str:
    """A number with its noun, e.g. ``1 file``, ``1,242 rows``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def are(count: int) -> str:
    """What goes with `counted`: ``is`` or ``are``."""
    return "is" if count == 1 else "are"


def moment(epoch_ms: int) -> str:
    """Epoch milliseconds as the export writes them, and as people do."""
    try:
        at = datetime.fromtimestamp(epoch_ms / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return str(epoch_ms)  # beyond what a calendar knows
    return f"{epoch_ms} ({at:%Y-%m-%d %H:%M:%S} UTC)"
