"""Pieces of one table's page, from rows of the index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeGuard

from cdalake.catalog.tables import Row
from cdalake.cda.manifest import ManifestEntry
from cdalake.cda.source import Rebase, table_root
from cdalake.delta.schema import Field, Schema, type_text
from cdalake.errors import CdalakeError, SourceError
from cdalake.models.base import ErrorInfo
from cdalake.models.table import (
    Checks,
    ColumnSchema,
    DayPoint,
    FingerprintInterval,
    Hold,
    LagPoint,
    ManifestPanel,
    QuarantinedFile,
    SchemaChange,
    TableRun,
    Transaction,
    Verification,
)
from cdalake.services import run_views
from cdalake.services.health import BAD_RUNS
from cdalake.services.masking import Masking
from cdalake.services.net_rows import net_rows
from cdalake.services.table_summary import Days, current_fingerprint, moment
from cdalake.settings import Connection
from cdalake.storage import parse_location


def columns(row: Row, masking: Masking) -> list[ColumnSchema]:
    """Columns of a schema; none where it cannot be understood, which its problem tells."""
    try:
        fields = list(Schema.parse(row["schema_string"])) if row["schema_string"] else []
    except SourceError:
        return []
    names = [field.name for field in fields]
    hidden = set(masking.columns(row["name"], names, is_typelist=row["is_typelist"]))
    return [
        ColumnSchema(
            name=field.name,
            type=type_text(field.type),
            nullable=field.nullable,
            role=_role(field.name),
            masked=field.name in hidden,
            comment=_comment(field),
        )
        for field in fields
    ]


def _comment(field: Field) -> str | None:
    comment = (field.metadata or {}).get("comment")
    return comment if isinstance(comment, str) else None


def _role(column: str) -> Any:
    if column.lower() == "id":
        return "key"
    return "cda" if column.startswith("gwcbi___") else "business"


def transaction(commit: Row) -> Transaction:
    """A version."""
    fields = {name: commit[name] for name in _TRANSACTION}
    return Transaction(
        **fields,
        net_rows=net_rows(commit),
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
    "bytes_removed",
    "metrics",
    "data_change",
    "parameters",
)


def schema_change(commit: Row) -> SchemaChange:
    """What a version changed."""
    return SchemaChange(
        version=commit["version"], timestamp=commit["timestamp"], **commit["schema_change"]
    )


def change_in_words(change: Mapping[str, Sequence[str]]) -> str:
    """``added a, b; removed c``."""
    parts = [f"{kind} {', '.join(names)}" for kind, names in change.items() if names]
    return "; ".join(parts)


def fingerprints(row: Row) -> list[FingerprintInterval]:
    """Schema versions of CDA, oldest first."""
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


def manifest(where: Connection, row: Row, count: Row | None) -> ManifestPanel:
    """What the manifest says, and what was counted to be pending."""
    return ManifestPanel(
        manifest_time=moment(row["manifest_ms"]),
        manifest_time_ms=_digits(row["manifest_ms"]),
        watermark=moment(row["watermark_ms"]),
        watermark_ms=_digits(row["watermark_ms"]),
        newest_change=moment(row["change_ms"]),
        total_processed_records=row["records"],
        data_files_path=row["data_files_path"],
        source_folder=source_folder(where, row["name"], row["data_files_path"]),
        **_pending(row, count),
    )


def source_folder(where: Connection, table: str, data_files_path: str | None) -> str | None:
    """Where a run looks for the table's folders below the source; None outside of it."""
    if data_files_path is None:
        return None
    entry = ManifestEntry(table, 0, 0, data_files_path, {})
    try:
        rebase = Rebase.parse(where.rebase) if where.rebase else None
        return table_root(entry, parse_location(where.source), rebase).path
    except CdalakeError:
        return None


def _digits(number: int | None) -> str | None:
    return None if number is None else str(number)


def _pending(row: Row, count: Row | None) -> dict[str, Any]:
    if row["lag_s"] == 0:
        return _told("caught up", folders=0, files=0, bytes=0)
    if not row["in_manifest"] or row["manifest_problem"]:
        return _told("unknown: the manifest does not say" if row["in_manifest"] else None)
    if row["version"] is not None and row["lag_s"] is None:
        return _told("unknown: the table's log has no watermark of cdalake")
    if not is_of(count, row):
        return _told("not counted yet: the source is listed in the background")
    if count["folders"] is None:
        return _told(f"unknown: {count['error']['message']}", counted_at=count["counted_at"])
    why = f"; {count['error']['message']}" if count["error"] else ""
    return _told(f"{folders_in_words(count['folders'])}{why}", **count)


def is_of(count: Row | None, row: Row) -> TypeGuard[Row]:
    """The count was made of the table as it stands; the manifest may have moved on since."""
    return count is not None and bool(count["version"] == row["version"])


def folders_in_words(folders: int) -> str:
    """``1 folder``, ``3 folders``."""
    return "1 folder" if folders == 1 else f"{folders} folders"


def _told(sentence: str | None, **count: Any) -> dict[str, Any]:
    return {
        "pending": sentence,
        "pending_folders": count.get("folders"),
        "pending_files": count.get("files"),
        "pending_bytes": count.get("bytes"),
        "pending_as_of": count.get("counted_at"),
    }


def day_point(day: str, days: Days) -> DayPoint:
    """A day of the volume."""
    rows, commits = days.get(day, (0, 0))
    return DayPoint(day=day, rows=rows, commits=commits)


def lag_point(point: Row) -> LagPoint:
    """The lag after one run."""
    return LagPoint(at=point["at"], lag_seconds=point["lag_s"], run_id=point["run_id"])


def table_run(row: Row) -> TableRun:
    """How the table ended in a run."""
    result = run_views.result(row)
    return TableRun(
        run_id=row["run_id"],
        action=row["action"],
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


def hold(row: Row) -> Hold | None:
    """What a person is asked: by the last run, or by the last verification."""
    is_bad = row["run_status"] in BAD_RUNS
    by_run = row["run_error"] if is_bad and row["run_error"] else {}
    # A file that is set aside was chosen about; the next run goes on without it.
    if by_run.get("choices") and by_run.get("subject") not in row["quarantine"]:
        return _hold(by_run, row["failing_since"], row["run_id"])
    if row["check_error"]:
        return _hold(row["check_error"], row["failing_since"], row["check_run_id"])
    return None


def _hold(problem: Mapping[str, Any], since: datetime | None, run_id: str | None) -> Hold:
    return Hold(error=ErrorInfo(**problem), since=since, run_id=run_id)


def quarantine(row: Row) -> list[QuarantinedFile]:
    """Files that are left out, by key."""
    return [
        QuarantinedFile(key=key, reason=reason) for key, reason in sorted(row["quarantine"].items())
    ]


def verification(end: Row | None) -> Verification | None:
    """The newest verification."""
    if end is None:
        return None
    return Verification(
        run_id=end["run_id"],
        version=end["version"],
        action=end["action"],
        status=end["status"],
        finished_at=end["finished_at"],
        checks=Checks(**end["checks"]),
        error=run_views.error(end["error"]),
    )
