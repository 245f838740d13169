"""Tables times runs: what happened to each, at a glance."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from cdalake.catalog.registration import place
from cdalake.catalog.run_matrix import Cell, MatrixStore
from cdalake.catalog.runs import Run, RunStore
from cdalake.catalog.tables import Row
from cdalake.errors import RunNotFound
from cdalake.models.matrix import Matrix, MatrixCell, MatrixRow, MatrixRun
from cdalake.models.table import Health
from cdalake.services import run_views
from cdalake.services.connections import Connections
from cdalake.services.queries import TableQuery
from cdalake.services.table_list import TableListService

Cells = Mapping[tuple[str, str], Cell]
"""By run and table."""


class MatrixService:
    """Puts the matrix together."""

    def __init__(
        self,
        connections: Connections,
        tables: TableListService,
        runs: RunStore,
        store: MatrixStore,
    ) -> None:
        self._connections = connections
        self._tables = tables
        self._runs = runs
        self._store = store

    def page(self, query: TableQuery, runs: int, before_run: str | None) -> Matrix:
        """A page of tables with their newest runs, or with those before a run.

        Raises:
            UsageError: ``NO_CONNECTION``.
            RunNotFound: there is no run `before_run`.
        """
        rows, total = self._tables.rows(query)
        targets = self._targets(query.selection.connections)
        found = self._store.newest(list(targets.values()), runs + 1, self._moment(before_run))
        shown = found[:runs][::-1]
        cells = self._cells(shown, rows)
        return Matrix(
            runs=[_run(run) for run in shown],
            tables=[_row(row, targets[row["connection"]], shown, cells) for row in rows],
            total=total,
            older=shown[0].run_id if len(found) > runs else None,
        )

    def _targets(self, chosen: tuple[str, ...]) -> dict[str, str]:
        """Targets by connection: runs of the command line name none."""
        known = self._connections.all()
        return {
            name: place(connection.target, connection.target_access)
            for name, connection in known.items()
            if not chosen or name in chosen
        }

    def _moment(self, run_id: str | None) -> tuple[datetime, str] | None:
        if run_id is None:
            return None
        run = self._runs.get(run_id)
        if run is None:
            raise RunNotFound.with_id(run_id)
        return run.created_at, run_id

    def _cells(self, shown: list[Run], rows: list[Row]) -> Cells:
        names = sorted({row["name"] for row in rows})
        found = self._store.cells([run.run_id for run in shown], names)
        return {(cell["run_id"], cell["table_name"]): cell for cell in found}


def _run(run: Run) -> MatrixRun:
    seen = run_views.summary(run)
    return MatrixRun(
        run_id=run.run_id,
        connection=run.connection,
        status=seen.status,
        created_at=run.created_at,
        duration_seconds=seen.duration_seconds,
    )


def _row(row: Row, target: str, shown: list[Run], cells: Cells) -> MatrixRow:
    return MatrixRow(
        name=row["name"],
        connection=row["connection"],
        health=Health(row["health"]),
        cells=[
            _cell(cells.get((run.run_id, row["name"]))) if run.target == target else None
            for run in shown
        ],
    )


def _cell(cell: Cell | None) -> MatrixCell | None:
    if cell is None:
        return None
    result = run_views.result(cell)
    return MatrixCell(
        status=result.status,
        rows=result.rows,
        duration_seconds=result.duration_seconds,
        error_code=result.error.code if result.error else None,
    )
