"""Would this run work? Tried before it is started; nothing is written, nothing is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from cdalake.catalog.pauses import Pauses
from cdalake.catalog.registration import place
from cdalake.catalog.run_list import RunList
from cdalake.catalog.runs import RunStore
from cdalake.catalog.tables import TableIndex
from cdalake.engine.spec import RunSpec, SchemaChange
from cdalake.engine.sync import check
from cdalake.models.guidewire import (
    GuidewireConfig,
    PendingWork,
    Preflight,
    PreflightStep,
    WaitsFor,
)
from cdalake.services.checks import Export, Step, carry_out, source_checks, target_checks
from cdalake.services.deadline import Deadlines
from cdalake.services.guidewire_service import GuidewireService
from cdalake.services.overlap import Obstacle, obstacles
from cdalake.services.queries import Requester
from cdalake.services.run_history import usual

LIMIT_S = 8.0
REST_S = 5.0


class PreflightService:
    """Looks before a run leaps."""

    def __init__(
        self,
        runs: GuidewireService,
        store: RunStore,
        index: TableIndex,
        listed: RunList,
        pauses: Pauses,
    ) -> None:
        self._runs = runs
        self._store = store
        self._index = index
        self._list = listed
        self._pauses = pauses
        self._deadlines = Deadlines(LIMIT_S, REST_S)

    def look(self, config: GuidewireConfig, requester: Requester) -> Preflight:
        """Try every step that a run would take first.

        Raises:
            UsageError: the config asks for what this server does not do.
        """
        spec = self._runs.spec_for(config, requester)
        source, target, rebase = check(spec, self._runs.opener(config))
        is_split = spec.schema_change == SchemaChange.PER_FINGERPRINT
        export = Export(source, rebase, spec.include, spec.exclude, is_split)
        steps = list(carry_out(source_checks(export), self._deadlines.of(spec.source)))
        chosen = export.selection
        pause = self._pauses.of(spec.connection)
        pending = self._pending(spec.connection, chosen.tables if chosen else ())
        wanted = target_checks(target, consent=False, needed=pending.bytes if pending else None)
        steps += carry_out(wanted, self._deadlines.of(spec.target))
        return Preflight(
            connection=spec.connection,
            can_start=not any(step.is_failed for step in steps),
            tables_chosen=len(chosen.tables) if chosen else None,
            tables_total=len(export.manifest.names) if chosen else None,
            steps=[_step(step) for step in steps],
            pending=pending,
            pause=pause.reason if pause else None,
            waits_for=[_waits(each) for each in self._obstacles(spec, export)],
            usual=usual(self._list, place(spec.target, spec.target_access), spec),
        )

    def _pending(self, connection: str, tables: Sequence[str]) -> PendingWork | None:
        """What the tables still have to bring; None unless every one has been counted."""
        known = self._index.pending.work(connection)
        work = [known[name] for name in tables if name in known]
        if not work or len(work) < len(tables):
            return None
        return PendingWork(
            tables=sum(each.folders > 0 for each in work),
            waiting=sum(each.folders > 0 and each.waits for each in work),
            folders=sum(each.folders for each in work),
            bytes=sum(each.bytes for each in work),
        )

    def _obstacles(self, spec: RunSpec, export: Export) -> list[Obstacle]:
        names = export.manifest.names or self._index.names(spec.connection)
        return obstacles(
            spec, place(spec.target, spec.target_access), self._store.unfinished(), names
        )


def _step(step: Step) -> PreflightStep:
    return PreflightStep(**asdict(step))


def _waits(obstacle: Obstacle) -> WaitsFor:
    tables = list(obstacle.tables)
    return WaitsFor(run_id=obstacle.run_id, tables=tables, reason=obstacle.reason)
