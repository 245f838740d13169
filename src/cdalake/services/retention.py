"""Forgets old runs and old entries of the audit log, where somebody asked for it."""

from __future__ import annotations

import logging
from datetime import timedelta

from cdalake.catalog.leases import Leases
from cdalake.catalog.retention import OldRuns
from cdalake.engine.progress import utc_now
from cdalake.models.audit import Action
from cdalake.models.system import RetentionFacts
from cdalake.services.audit import ITSELF, AuditLog
from cdalake.services.background import Loop
from cdalake.services.queries import Requester
from cdalake.settings import Retention

log = logging.getLogger("cdalake.retention")

PACE_S = 3600.0
LEASE = "retention"
SHOWN = 50
"""So many run ids stand in the audit log; of more, their number."""


class RetentionService:
    """Looks once an hour, and when an admin asks."""

    def __init__(self, rule: Retention, history: OldRuns, audit: AuditLog, leases: Leases) -> None:
        self._rule = rule
        self._leases = leases
        self._history = history
        self._audit = audit
        self._loop = Loop("retention", self._look, PACE_S, log, "Could not forget what is old")

    def start(self) -> None:
        """Begin."""
        self._loop.start()

    def stop(self) -> None:
        """End."""
        self._loop.stop()

    @property
    def is_working(self) -> bool:
        """The thread lives."""
        return self._loop.is_working

    def _look(self) -> None:
        """Of several servers that look at the same time one does it."""
        if not self._leases.hold([LEASE]):
            return
        self.clean_up(ITSELF)
        if self._rule.audit_days:
            self._audit.forget(utc_now() - timedelta(days=self._rule.audit_days))

    def due(self) -> list[str]:
        """Runs that the rule no longer keeps."""
        if not (self._rule.days or self._rule.runs):
            return []
        before = utc_now() - timedelta(days=self._rule.days) if self._rule.days else None
        return self._history.due(before, self._rule.runs)

    def clean_up(self, requester: Requester) -> list[str]:
        """Forget them; the audit log says which."""
        removed = self._history.forget(self.due())
        if removed:
            detail = {"count": len(removed), "runs": removed[:SHOWN]}
            self._audit.record(requester, Action.RUNS_FORGET, f"{len(removed)} runs", detail)
            log.info("Forgot %d old runs", len(removed))
        return removed

    def facts(self) -> RetentionFacts:
        """The rule, and how many runs it would forget now."""
        return RetentionFacts(days=self._rule.days, runs=self._rule.runs, due=len(self.due()))
