"""How a current table stands after a run has been at it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Ignored:
    """Changes that say nothing about any id's state.

    Attributes:
        unknown_operations: of no operation that CDA is known to write (R36).
        without_id: of a known operation, with null as id.
    """

    unknown_operations: int = 0
    without_id: int = 0


@dataclass(frozen=True)
class Refreshed:
    """How a current table stands after it was brought up to its raw table.

    Attributes:
        version: of the current table.
        rows: live rows.
        changed: rows written that are new or other than before.
        deleted: rows that went; of a full re-merge: ids that are deleted.
        raw_version: version of the raw table it was made of.
        tombstone_version: version of the tombstones it saw.
        full: everything was merged anew.
        reason: why, if so.
    """

    version: int
    rows: int
    changed: int
    deleted: int
    raw_version: int
    tombstone_version: int
    full: bool = False
    reason: str | None = None
    ignored: Ignored = field(default=Ignored())

    @property
    def sentence(self) -> str:
        """What people read in the log."""
        why = f", merged anew because {self.reason}" if self.reason else ""
        return (
            f"current table version {self.version}: {self.changed} rows changed, "
            f"{self.deleted} deleted, {self.rows} there{why}"
        )

    def to_json(self) -> dict[str, Any]:
        """Part of a table's result."""
        return asdict(self)
