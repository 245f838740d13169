"""The audit log: every action is written down with who asked for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from cdalake.access import Role
from cdalake.catalog.audit import AuditFilter, AuditStore
from cdalake.engine.progress import utc_now
from cdalake.models.audit import Action, AuditEntry, AuditPage
from cdalake.services.queries import Requester

ITSELF = Requester("cdalake", "schedule", Role.ADMIN)
"""What the server does by its settings, without being asked."""

HIDDEN = "****"
WHO_LENGTH = 128
SUBJECT_LENGTH = 512
EXPORT_PAGE = 500
_SECRET = re.compile(r"secret|password|passwd|token|(access|private|api)_?key", re.IGNORECASE)


class AuditLog:
    """Records and shows actions."""

    def __init__(self, store: AuditStore) -> None:
        self._store = store

    def record(
        self,
        requester: Requester,
        action: Action,
        subject: str,
        detail: Mapping[str, Any] | None = None,
    ) -> None:
        """Write down an action that was done.

        Args:
            subject: what it was done to, e.g. a run id or a table's name.
            detail: facts worth keeping, as JSON; what is named like a secret is hidden.
        """
        self._store.add(
            {
                "at": utc_now(),
                "who": requester.name[:WHO_LENGTH],
                "role": requester.role.value,
                "trigger": requester.trigger,
                "action": action.value,
                "subject": subject[:SUBJECT_LENGTH],
                "detail": _harmless(detail or {}),
            }
        )

    def forget(self, before: datetime) -> int:
        """Remove entries that are older; how many there were, which is an entry itself."""
        removed = self._store.forget(before)
        if removed:
            self.record(ITSELF, Action.AUDIT_FORGET, f"{removed} old")
        return removed

    def page(self, wanted: AuditFilter, before: int | None, limit: int) -> AuditPage:
        """Entries, newest first."""
        rows = self._store.page(wanted, before, limit + 1)
        entries = [_entry(row) for row in rows[:limit]]
        more = len(rows) > limit
        return AuditPage(entries=entries, next_before=rows[limit - 1]["id"] if more else None)

    def all(self, wanted: AuditFilter) -> Iterator[AuditEntry]:
        """Every entry, newest first, without holding them all."""
        before: int | None = None
        while True:
            page = self.page(wanted, before, EXPORT_PAGE)
            yield from page.entries
            if page.next_before is None:
                return
            before = page.next_before


def _entry(row: Mapping[str, Any]) -> AuditEntry:
    return AuditEntry.model_validate({**row, "id": str(row["id"])})


def _harmless(value: Any) -> Any:
    """The detail without what somebody put there by mistake."""
    if isinstance(value, Mapping):
        return {
            str(k): HIDDEN if v is not None and _SECRET.search(str(k)) else _harmless(v)
            for k, v in value.items()
        }
    if isinstance(value, list | tuple):
        return [_harmless(item) for item in value]
    return value
