"""Starts runs of exactly the tables that somebody chose."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from glob import escape

from cdalake.catalog.finding import Key, key_of
from cdalake.catalog.tables import Row
from cdalake.errors import CdalakeError, Problem, TableNotFoundException
from cdalake.models.base import ErrorInfo
from cdalake.models.guidewire import GuidewireConfig, StartJobRequest
from cdalake.models.table_runs import (
    StartedRun,
    TableKey,
    TableRunsAnswer,
    TableRunsItem,
    TableRunsRequest,
    TablesMatching,
)
from cdalake.services.guidewire_service import GuidewireService
from cdalake.services.health import BAD_RUNS
from cdalake.services.queries import Requester, TableSelection
from cdalake.services.table_list import TableListService

Refusals = dict[Key, Problem]


class TableRuns:
    """One request, one run a connection, one answer a table."""

    def __init__(self, tables: TableListService, guidewire: GuidewireService) -> None:
        self._tables = tables
        self._guidewire = guidewire

    def start(self, request: TableRunsRequest, requester: Requester) -> TableRunsAnswer:
        """Start what can be started; say of every table what became of it."""
        keys, rows = self._chosen(request)
        refused = {
            key: problem for key in keys if (problem := _refusal(request, rows.get(key), key))
        }
        wanted: dict[str, list[str]] = defaultdict(list)
        for connection, name in keys:
            if (connection, name) not in refused:
                wanted[connection].append(name)
        runs = []
        for number, (connection, names) in enumerate(sorted(wanted.items()), 1):
            try:
                runs.append(self._start(request, requester, connection, names, number))
            except CdalakeError as error:
                refused |= {(connection, name): error.as_problem() for name in names}
        by_connection = {run.connection: run.run_id for run in runs}
        return TableRunsAnswer(
            runs=runs, items=[_item(key, by_connection, refused) for key in keys]
        )

    def _chosen(self, request: TableRunsRequest) -> tuple[list[Key], Mapping[Key, Row]]:
        if request.matching is not None:
            without = {_key(table) for table in request.without}
            rows = self._tables.all_rows(selection_of(request.matching))
            found = {key_of(row): row for row in rows if key_of(row) not in without}
            return list(found), found
        keys = list(dict.fromkeys(_key(table) for table in request.tables or ()))
        return keys, {key_of(row): row for row in self._tables.known_rows(keys)}

    def _start(
        self,
        request: TableRunsRequest,
        requester: Requester,
        connection: str,
        names: Sequence[str],
        number: int,
    ) -> StartedRun:
        every = self._tables.names(connection)[0].names
        # A run of everything says so: it also takes tables that are new by then.
        is_everything = request.matching is not None and set(names) == set(every)
        config = GuidewireConfig(
            connection=connection,
            table_names=None if is_everything else [escape(name) for name in names],
        )
        request_id = f"{request.request_id}-{number}" if request.request_id else None
        body = StartJobRequest(config=config, request_id=request_id)
        started = self._guidewire.start(body, requester)
        return StartedRun(
            run_id=started.run_id,
            connection=connection,
            status=started.status,
            tables=len(names),
        )


def selection_of(matching: TablesMatching) -> TableSelection:
    """The filters of a body, as those of an address."""
    return TableSelection(
        search=matching.search,
        health=tuple(matching.health),
        apps=tuple(matching.app),
        connections=tuple(matching.connection),
        lag=tuple(matching.lag),
        changed=tuple(matching.changed),
        size=tuple(matching.size),
        rows=tuple(matching.rows),
        columns=tuple(matching.column),
        changed_since=matching.changed_since,
    )


def _refusal(request: TableRunsRequest, row: Row | None, key: Key) -> Problem | None:
    if row is None:
        return TableNotFoundException.named(key[1]).as_problem()
    if not row["in_manifest"]:
        return Problem(
            "NOT_IN_MANIFEST",
            f"The manifest does not name a table {key[1]!r}.",
            "There is nothing to bring: it is in the target only.",
        )
    if request.action == "retry" and row["run_status"] not in BAD_RUNS:
        return Problem(
            "NOTHING_TO_RETRY",
            f"The last run of {key[1]!r} did not fail.",
            "Run it, if it is to be brought all the same.",
        )
    return None


def _item(key: Key, runs: Mapping[str, str], refused: Refusals) -> TableRunsItem:
    problem = refused.get(key)
    return TableRunsItem(
        connection=key[0],
        name=key[1],
        run_id=None if problem else runs[key[0]],
        error=ErrorInfo(**problem.to_json()) if problem else None,
    )


def _key(table: TableKey) -> Key:
    return table.connection, table.name
