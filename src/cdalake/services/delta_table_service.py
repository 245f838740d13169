"""Tables, answered from the index; only samples are read live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from cdalake.catalog.registration import place
from cdalake.catalog.runs import RunStore
from cdalake.catalog.tables import Filter, Row, TableIndex, day_of
from cdalake.delta.schema import Schema, type_text
from cdalake.engine.progress import utc_now
from cdalake.errors import AmbiguousTable, TableNotFoundException, UsageError
from cdalake.models.base import ErrorInfo
from cdalake.models.table import (
    ColumnSchema,
    DayPoint,
    FingerprintInterval,
    Health,
    HistoryPage,
    LagPoint,
    ManifestPanel,
    Sample,
    SchemaChange,
    TableDetail,
    TableFacet,
    TableList,
    TableRun,
    TableSummary,
    Transaction,
)
from cdalake.services import run_views
from cdalake.services.health import BAD_RUNS, RANK
from cdalake.services.masking import looks_personal
from cdalake.services.queries import TableQuery
from cdalake.services.spark_service import SparkExecutionService
from cdalake.settings import Connection, Settings

DAYS = 14
HISTORY = 100
PREVIEW_ROWS = 10
RUNS = 30
LAG_POINTS = 500

Days = Mapping[str, tuple[int, int]]


class DeltaTableService:
    """The design document's name for the service of tables."""

    def __init__(
        self, settings: Settings, index: TableIndex, runs: RunStore, spark: SparkExecutionService
    ) -> None:
        self._settings = settings
        self._index = index
        self._runs = runs
        self._spark = spark

    # -- list -------------------------------------------------------------------------------

    def list(self, query: TableQuery) -> TableList:
        """A page of tables.

        Raises:
            UsageError: ``NO_CONNECTION``.
        """
        names = self._connection_names(query.connection)
        wanted = Filter(query.search, tuple(h.value for h in query.health), query.apps, names)
        now = utc_now()
        page = self._index.page(
            wanted,
            query.sort.column,
            query.limit,
            query.offset,
            descending=query.sort.is_descending,
            today=day_of(now),
        )
        keys = [(row["connection"], row["name"]) for row in page.rows]
        days = self._index.days(keys, last_days(now)[0])
        found = zip(page.rows, keys, strict=True)
        return TableList(
            tables=[self._summary(row, days.get(key, {}), now) for row, key in found],
            total=page.total,
            total_tables=page.total_tables,
            total_rows=page.total_rows,
            total_bytes=page.total_bytes,
            health=health_facets(page.health),
            apps=[TableFacet(value=v, count=c) for v, c in sorted(page.apps.items())],
            as_of=as_of(self._index.checks(), names),
            error=self._listing_error(names),
        )

    def _connection_names(self, name: str | None) -> tuple[str, ...]:
        if name is not None:
            return (self._settings.connection(name).name,)
        return tuple(self._settings.connections)

    def _listing_error(self, names: Sequence[str]) -> ErrorInfo | None:
        checks = self._index.checks()
        errors = (checks.get(name, {}).get("error") for name in names)
        return run_views.error(next((error for error in errors if error), None))

    def _summary(self, row: Row, days: Days, now: datetime) -> TableSummary:
        return TableSummary(**self._summary_fields(row, days, now))

    def _summary_fields(self, row: Row, days: Days, now: datetime) -> dict[str, Any]:
        connection = self._settings.connections[row["connection"]]
        exists = row["version"] is not None
        by_day = [days.get(day, (0, 0))[0] for day in last_days(now)]
        return {
            "name": row["name"],
            "connection": row["connection"],
            "path": f"{connection.target.rstrip('/')}/{row['name']}",
            "app": row["app"],
            "is_typelist": row["is_typelist"],
            "health": Health(row["health"]),
            "health_reason": row["health_reason"],
            "transaction_count": row["version"] + 1 if exists else None,
            "version": row["version"],
            "last_updated": row["last_data_at"],
            "size_bytes": row["size_bytes"],
            "row_count": row["rows"],
            "file_count": row["files"],
            "unknown_reason": _unknown_reason(row),
            "fingerprint": current_fingerprint(row),
            "fingerprint_count": len(row["fingerprints"] or row["cursors"]),
            "manifest_time": moment(row["manifest_ms"]),
            "watermark": moment(row["watermark_ms"]),
            "processing_lag_seconds": row["lag_s"],
            "source_age_seconds": _age(row["manifest_ms"], now),
            "lag_limit_seconds": connection.lag_limit_seconds,
            "rows_today": by_day[-1] if exists else None,
            "rows_by_day": by_day,
            "last_run_id": row["run_id"],
            "last_run_status": row["run_status"],
            "error": run_views.error(trouble(row)),
            "error_since": row["failing_since"],
        }

    # -- one table --------------------------------------------------------------------------

    def detail(self, name: str, connection: str | None, *, with_sample: bool) -> TableDetail:
        """One table with what its page shows first.

        Raises:
            TableNotFoundException: no connection knows the name.
            AmbiguousTable: several do, and none of them is the default.
        """
        row = self._find(name, connection)
        now = utc_now()
        key = (row["connection"], name)
        days = self._index.days([key], last_days(now)[0]).get(key, {})
        history, total = self._index.history(*key, None, HISTORY, None)
        sample = self._preview(row) if with_sample else _NO_SAMPLE
        columns = _columns(row)
        where = self._settings.connections[row["connection"]]
        runs = self._runs.of_table(place(where.target), name, RUNS)
        return TableDetail(
            **self._summary_fields(row, days, now),
            schema=columns,
            history=[_transaction(commit) for commit in history],
            history_total=total,
            sample_data=sample.rows,
            sample_error=sample.error,
            masked_columns=[column.name for column in columns if column.masked],
            fingerprints=_fingerprints(row),
            schema_changes=[_schema_change(c) for c in self._index.schema_changes(key, None, 100)],
            manifest=_manifest(row),
            volume=[_day_point(day, days) for day in last_days(now)],
            lag=[_lag_point(point) for point in self._index.lag(*key, LAG_POINTS)],
            runs=[_table_run(run) for run in runs],
            warnings=[run_views.warning(note) for note in (runs[0]["warnings"] if runs else [])],
            layout=row["layout"],
            snippet=snippet(where, name),
            as_of=as_of(self._index.checks(), [row["connection"]]),
        )

    def history(
        self, name: str, connection: str | None, before: int | None, limit: int, op: str | None
    ) -> HistoryPage:
        """Versions, newest first."""
        row = self._find(name, connection)
        found, total = self._index.history(row["connection"], name, before, limit + 1, op)
        more = len(found) > limit
        return HistoryPage(
            history=[_transaction(commit) for commit in found[:limit]],
            total=total,
            next_before=found[limit - 1]["version"] if more else None,
        )

    def sample(self, name: str, connection: str | None, limit: int, version: int | None) -> Sample:
        """Rows read live."""
        row = self._find(name, connection)
        if row["version"] is None and row["manifest_problem"]:
            # Its name may be no table's at all: nothing is read under it.
            return _NO_SAMPLE.model_copy(update={"error": run_views.error(row["manifest_problem"])})
        where = self._settings.connections[row["connection"]]
        return self._spark.sample(where, name, version, limit, is_typelist=row["is_typelist"])

    def _preview(self, row: Row) -> Sample:
        if row["version"] is None:
            return _NO_SAMPLE
        where = self._settings.connections[row["connection"]]
        is_typelist = row["is_typelist"]
        return self._spark.sample(where, row["name"], None, PREVIEW_ROWS, is_typelist=is_typelist)

    def _find(self, name: str, connection: str | None) -> Row:
        names = self._connection_names(connection)
        rows = {row["connection"]: row for row in self._index.named(name)}
        known = [rows[c] for c in names if c in rows]
        if not known:
            raise TableNotFoundException.named(name)
        return known[0] if len(known) == 1 else self._default_of(name, known)

    def _default_of(self, name: str, known: Sequence[Row]) -> Row:
        try:
            default = self._settings.connection(None).name
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


def as_of(checks: Mapping[str, Row], names: Sequence[str]) -> datetime | None:
    """The oldest of the connections' last complete looks; None while one had none yet."""
    times = [checks.get(name, {}).get("as_of") for name in names]
    known = [at for at in times if at is not None]
    return min(known) if known and len(known) == len(times) else None


def moment(epoch_ms: int | None) -> datetime | None:
    """Epoch ms as a moment; None for what no calendar holds."""
    if epoch_ms is None or not 0 <= epoch_ms < 253_402_300_800_000:
        return None
    return datetime.fromtimestamp(epoch_ms / 1000, UTC)


def _age(epoch_ms: int | None, now: datetime) -> int | None:
    at = moment(epoch_ms)
    return None if at is None else max(0, int((now - at).total_seconds()))


def last_days(now: datetime) -> list[str]:
    """The days that are shown, oldest first."""
    return [day_of(now - timedelta(days=back)) for back in range(DAYS - 1, -1, -1)]


def health_facets(counts: Mapping[str, int]) -> list[TableFacet]:
    """Health and its number of tables, the worst first."""
    return [
        TableFacet(value=health.value, count=counts[health.value])
        for health in sorted(RANK, key=lambda health: RANK[health])
        if counts.get(health.value)
    ]


def trouble(row: Row) -> dict[str, str] | None:
    """What is wrong with a table, as a problem."""
    run_error = row["run_error"] if row["run_status"] in BAD_RUNS else None
    problem: dict[str, str] | None = run_error or row["manifest_problem"] or row["read_error"]
    return problem


def _unknown_reason(row: Row) -> str | None:
    if row["read_error"]:
        return str(row["read_error"]["message"])
    if row["version"] is None:
        return "not loaded yet"
    return "not every file of the table says how many rows it has" if row["rows"] is None else None


def current_fingerprint(row: Row) -> str | None:
    """The fingerprint CDA writes now: the one that began last."""
    since = row["fingerprints"] or row["cursors"]
    return max(since, key=lambda fingerprint: since[fingerprint]) if since else None


def _columns(row: Row) -> list[ColumnSchema]:
    if not row["schema_string"]:
        return []
    hides = not row["is_typelist"]
    return [
        ColumnSchema(
            name=field.name,
            type=type_text(field.type),
            nullable=field.nullable,
            role=_role(field.name),
            masked=hides and looks_personal(field.name),
            comment=(field.metadata or {}).get("comment"),
        )
        for field in Schema.parse(row["schema_string"])
    ]


def _role(column: str) -> Any:
    if column.lower() == "id":
        return "key"
    return "cda" if column.startswith("gwcbi___") else "business"


def _transaction(commit: Row) -> Transaction:
    fields = {name: commit[name] for name in _TRANSACTION}
    return Transaction(
        **fields,
        watermark=moment(commit["watermark_ms"]),
        schema_changed=commit["schema_change"] is not None,
    )


_TRANSACTION = (
    "version",
    "timestamp",
    "operation",
    "user",
    "engine",
    "run_id",
    "rows",
    "files_added",
    "files_removed",
    "bytes_added",
    "data_change",
    "parameters",
)


def _schema_change(commit: Row) -> SchemaChange:
    return SchemaChange(
        version=commit["version"], timestamp=commit["timestamp"], **commit["schema_change"]
    )


def _fingerprints(row: Row) -> list[FingerprintInterval]:
    since, cursors = row["fingerprints"], row["cursors"]
    names = sorted({*since, *cursors}, key=lambda name: since.get(name, 0))
    return [
        FingerprintInterval(
            fingerprint=name,
            since=moment(since.get(name)),
            watermark=moment(cursors.get(name)),
            is_current=name == current_fingerprint(row),
        )
        for name in names
    ]


def _manifest(row: Row) -> ManifestPanel:
    return ManifestPanel(
        manifest_time=moment(row["manifest_ms"]),
        manifest_time_ms=_digits(row["manifest_ms"]),
        watermark=moment(row["watermark_ms"]),
        watermark_ms=_digits(row["watermark_ms"]),
        total_processed_records=row["records"],
        data_files_path=row["data_files_path"],
        pending=_pending(row),
    )


def _digits(number: int | None) -> str | None:
    return None if number is None else str(number)


def _pending(row: Row) -> str | None:
    if not row["in_manifest"]:
        return None
    if row["version"] is None:
        return "everything: the table is not loaded yet"
    if row["lag_s"] is None:
        return "unknown: the table's log has no watermark of cdalake"
    if row["lag_s"] == 0:
        return "caught up"
    return "folders after the watermark; the next run says how many"


def _day_point(day: str, days: Days) -> DayPoint:
    rows, commits = days.get(day, (0, 0))
    return DayPoint(day=day, rows=rows, commits=commits)


def _lag_point(point: Row) -> LagPoint:
    return LagPoint(at=point["at"], lag_seconds=point["lag_s"], run_id=point["run_id"])


def _table_run(row: Row) -> TableRun:
    result = run_views.result(row)
    return TableRun(
        run_id=row["run_id"],
        attempt=row["attempt"],
        status=row["status"],
        started_at=row["started_at"],
        finished_at=row["finished_at"],
        duration_seconds=result.duration_seconds,
        rows=row["rows"],
        files=row["files"],
        folders=row["folders"],
        version=row["version"],
        error=result.error,
    )


def snippet(connection: Connection, table: str) -> str:
    """How to read the table elsewhere."""
    url = f"{connection.target.rstrip('/')}/{table}"
    return f"import polars as pl\n\ndf = pl.read_delta({url!r})\n"
