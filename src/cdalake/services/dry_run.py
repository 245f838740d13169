"""What a run would do to one table, with the engine's own plan, in bounded time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from glob import escape

from cdalake.catalog.tables import Row
from cdalake.cda.layout import Folder
from cdalake.delta.actions import rows_of
from cdalake.engine.execute import TableRun
from cdalake.engine.plan import TablePlan
from cdalake.engine.sync import Planned, plan
from cdalake.errors import Problem
from cdalake.models.base import ErrorInfo
from cdalake.models.guidewire import GuidewireConfig
from cdalake.models.table import Checks, PlannedTable, PlanRequest
from cdalake.services import run_views
from cdalake.services.connections import Connections
from cdalake.services.deadline import Deadlines
from cdalake.services.endpoints import Endpoints
from cdalake.services.guidewire_service import GuidewireService
from cdalake.services.queries import Requester
from cdalake.services.table_summary import moment

LIMIT_S = 30.0
REST_S = 5.0
AT_ONCE = 2


class DryRun:
    """Plans, and says so; nothing is written."""

    def __init__(
        self, connections: Connections, endpoints: Endpoints, runs: GuidewireService
    ) -> None:
        self._connections = connections
        self._endpoints = endpoints
        self._runs = runs
        self._deadlines = Deadlines(LIMIT_S, REST_S, AT_ONCE)

    def of(self, row: Row, request: PlanRequest, requester: Requester) -> PlannedTable:
        """What the action would do to the table of an index's row.

        Raises:
            CdalakeError: it is asked for wrongly, or source or target cannot be read in time
                (``STORE_TOO_SLOW``).
        """
        self._endpoints.check_again(self._connections.get(row["connection"]))
        config = GuidewireConfig(
            connection=row["connection"],
            table_names=[escape(row["name"])],
            action=request.action,
            since=request.since,
            files=request.files,
        )
        spec = replace(self._runs.spec_for(config, requester), workers=1)
        planned = self._deadlines.of(spec.connection).call(
            partial(plan, spec), "The export or the table"
        )
        return _answer(row, request, planned)


def _answer(row: Row, request: PlanRequest, planned: Planned) -> PlannedTable:
    found = next(iter(planned.tables), None)
    refused = next(iter(planned.failed.values()), None)
    survey = found.survey if found else None
    the_plan = survey.plan if survey else TablePlan(row["name"])
    folders = [folder for batch in the_plan.batches for folder in batch.folders]
    return PlannedTable(
        connection=row["connection"],
        table=row["name"],
        action=request.action,
        folders=the_plan.folders,
        files=the_plan.files,
        bytes=the_plan.size,
        commits=len(the_plan.batches),
        first_folder=_time(folders[:1]),
        last_folder=_time(folders[-1:]),
        reads=list(_keys(folders))[: request.limit],
        removed_files=len(the_plan.removes),
        removed_rows=rows_of(the_plan.removes),
        takes_out=[file.path for file in the_plan.removes[: request.limit]],
        does=list(found.outline) if found else [],
        checks=Checks(**the_plan.checks) if the_plan.checks else None,
        warnings=[run_views.warning(note.to_json()) for note in (found.notes if found else ())],
        error=_error(refused or _problem(found)),
    )


def _keys(folders: Sequence[Folder]) -> Iterator[str]:
    for folder in folders:
        yield from (file.key for file in folder.files)


def _time(folders: Sequence[Folder]) -> datetime | None:
    return moment(folders[0].timestamp) if folders else None


def _problem(table: TableRun | None) -> Problem | None:
    if table is None:
        return None
    return table.problem or (table.survey.plan.stop if table.survey else None)


def _error(problem: Problem | None) -> ErrorInfo | None:
    return run_views.error(problem.to_json()) if problem else None
