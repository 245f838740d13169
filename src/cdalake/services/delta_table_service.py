"""One table, answered from the index; only samples are read live."""

from __future__ import annotations

from collections.abc import Sequence

from cdalake.catalog.registration import place
from cdalake.catalog.runs import RunStore
from cdalake.catalog.table_history import Key, TableHistory, VersionFilter
from cdalake.catalog.tables import Row, TableIndex
from cdalake.engine.progress import utc_now
from cdalake.errors import AmbiguousTable, TableNotFoundException, UsageError
from cdalake.models.table import Sample, TableDetail
from cdalake.services import run_views, table_views
from cdalake.services.connections import Connections
from cdalake.services.snippets import snippets
from cdalake.services.spark_service import SparkExecutionService, Wanted
from cdalake.services.table_summary import as_of, last_days, summary_fields

HISTORY = 100
PREVIEW_ROWS = 10
RUNS = 30
LAG_POINTS = 500


class DeltaTableService:
    """The design document's name for the service of tables."""

    def __init__(
        self,
        connections: Connections,
        index: TableIndex,
        runs: RunStore,
        history: TableHistory,
        spark: SparkExecutionService,
    ) -> None:
        self._connections = connections
        self._index = index
        self._runs = runs
        self._history = history
        self._spark = spark

    def detail(self, name: str, connection: str | None, *, with_sample: bool) -> TableDetail:
        """One table with what its page shows first.

        Raises:
            TableNotFoundException: no connection knows the name.
            AmbiguousTable: several do, and none of them is the default.
        """
        row = self.find(name, connection)
        now = utc_now()
        key = (row["connection"], name)
        days = self._index.days([key], last_days(now)[0]).get(key, {})
        history, total = self._history.versions(Key(*key), VersionFilter(), HISTORY)
        sample = self._preview(row) if with_sample else _NO_SAMPLE
        columns = table_views.columns(row, self._spark.masking)
        where = self._connections.get(row["connection"])
        target = place(where.target, where.target_access)
        runs = self._runs.of_table(target, name, RUNS)
        by_engine = snippets(where, name, row["layout"])
        return TableDetail(
            **summary_fields(where, row, days, now),
            schema=columns,
            history=[table_views.transaction(commit) for commit in history],
            history_total=total,
            sample_data=sample.rows,
            sample_error=sample.error,
            masked_columns=[column.name for column in columns if column.masked],
            fingerprints=table_views.fingerprints(row),
            schema_changes=[
                table_views.schema_change(c) for c in self._index.schema_changes(*key, 100)
            ],
            manifest=table_views.manifest(
                where, row, self._index.pending.of(key[0], [name]).get(name)
            ),
            volume=[table_views.day_point(day, days) for day in last_days(now)],
            lag=[table_views.lag_point(point) for point in self._index.lag(*key, LAG_POINTS)],
            runs=[table_views.table_run(run) for run in runs],
            warnings=[run_views.warning(note) for note in (runs[0]["warnings"] if runs else [])],
            hold=table_views.hold(row),
            quarantine=table_views.quarantine(row),
            verification=table_views.verification(self._runs.checked(target, name)),
            layout=row["layout"],
            snippet=by_engine[0].text,
            snippets=by_engine,
            schema_as_of=row["read_at"],
            as_of=as_of(self._index.checks(), [row["connection"]]),
        )

    def sample(self, name: str, connection: str | None, wanted: Wanted) -> Sample:
        """Rows read live."""
        row = self.find(name, connection)
        if row["version"] is None and row["manifest_problem"]:
            # Its name may be no table's at all: nothing is read under it.
            return _NO_SAMPLE.model_copy(update={"error": run_views.error(row["manifest_problem"])})
        where = self._connections.get(row["connection"])
        return self._spark.sample(where, name, wanted, is_typelist=row["is_typelist"])

    def _preview(self, row: Row) -> Sample:
        if row["version"] is None:
            return _NO_SAMPLE
        where = self._connections.get(row["connection"])
        is_typelist = row["is_typelist"]
        wanted = Wanted(PREVIEW_ROWS)
        return self._spark.sample(where, row["name"], wanted, is_typelist=is_typelist)

    def find(self, name: str, connection: str | None) -> Row:
        """The index's row of a table.

        Raises:
            TableNotFoundException: no connection knows the name.
            AmbiguousTable: several do, and none of them is the default.
        """
        names = self._connections.meant(connection)
        rows = {row["connection"]: row for row in self._index.named(name)}
        known = [rows[c] for c in names if c in rows]
        if not known:
            raise TableNotFoundException.named(name)
        return known[0] if len(known) == 1 else self._default_of(name, known)

    def _default_of(self, name: str, known: Sequence[Row]) -> Row:
        try:
            default = self._connections.get(None).name
        except UsageError:
            default = ""
        for row in known:
            if row["connection"] == default:
                return row
        candidates = ", ".join(sorted(row["connection"] for row in known))
        raise AmbiguousTable(
            "AMBIGUOUS_TABLE",
            f"Several connections have a table {name!r}: {candidates}.",
            "Name one of them with ?connection=.",
        )


_NO_SAMPLE = Sample(version=None, columns=[], masked_columns=[], rows=[], error=None)
