"""How source and target of a connection answer when somebody looks at them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from cdalake.catalog.tables import Row
from cdalake.cda.manifest import Manifest
from cdalake.engine.progress import utc_now
from cdalake.errors import CdalakeError, NotFound, Problem
from cdalake.services.table_rows import LONGEST_NAME
from cdalake.storage import Store

T = TypeVar("T")


@dataclass
class ConnectionCheck:
    """How source and target answered in one pass."""

    source_ok: bool | None = None
    target_ok: bool | None = None
    source_ms: float | None = None
    target_ms: float | None = None
    error: Problem | None = None
    as_of: datetime | None = None

    def source(self, read: Callable[[], Manifest]) -> Manifest | None:
        """Read the manifest, and remember how that went."""
        manifest, self.source_ms = self._timed(read)
        self.source_ok = manifest is not None
        return manifest

    def target(self, read: Callable[[], list[str]]) -> list[str] | None:
        """List the target, and remember how that went."""
        folders, self.target_ms = self._timed(read)
        self.target_ok = folders is not None
        return folders

    def _timed(self, read: Callable[[], T]) -> tuple[T | None, float]:
        began = time.monotonic()
        found = None
        try:
            found = read()
        except CdalakeError as error:
            self.error = self.error or error.as_problem()
        return found, round((time.monotonic() - began) * 1000, 1)

    def row(self, connection: str, target: str, known: Row) -> Row:
        """What the index keeps of it.

        Args:
            target: the place that the connection's tables are in.
            known: what the index kept of the check before.
        """
        return {
            "connection": connection,
            "target": target,
            "source_ok": self.source_ok,
            "target_ok": self.target_ok,
            "source_ms": self.source_ms,
            "target_ms": self.target_ms,
            "error": self.error.to_json() if self.error else None,
            "checked_at": utc_now(),
            "as_of": self.as_of or known.get("as_of"),
        }


def folders_of(target: Store) -> list[str]:
    """Folders that may be tables."""
    try:
        names = target.list_folders()
    except NotFound as error:
        # Before its first run a target is not there yet; a bucket has to be.
        if error.code == "BUCKET_NOT_FOUND":
            raise
        return []
    return [name for name in names if not name.startswith(("_", ".")) and len(name) <= LONGEST_NAME]
