"""What the index tells of a table, by where it comes from: the manifest, its runs, its name."""

from __future__ import annotations

from datetime import datetime

from cdalake.catalog.tables import BLANK, Row
from cdalake.cda.manifest import ManifestEntry
from cdalake.engine.progress import TableState
from cdalake.services.applications import app_of, is_typelist
from cdalake.services.health import BAD_RUNS, Facts

LONGEST_NAME = 256
"""Of a table, in the database."""


def new_row(connection: str, name: str) -> Row:
    """A table of which only the name is known."""
    facts = {"app": app_of(name), "is_typelist": is_typelist(name)}
    return {**BLANK, **facts, "connection": connection, "name": name}


NOT_NAMED: Row = {
    "in_manifest": False,
    "manifest_ms": None,
    "records": None,
    "data_files_path": None,
    "fingerprints": {},
    "manifest_problem": None,
}
"""What is known when the manifest does not name it."""


def manifest_columns(entry: ManifestEntry) -> Row:
    """What the manifest says of it."""
    return {
        "in_manifest": True,
        "manifest_ms": entry.manifest_time,
        "records": entry.records,
        "data_files_path": entry.data_files_path,
        "fingerprints": dict(entry.schema_history),
        "manifest_problem": None,
    }


def is_only_newer(row: Row, saved: Row | None) -> bool:
    """The log was read again and says what it said before."""
    return saved is not None and {**row, "read_at": None} == {**saved, "read_at": None}


def is_nothing(row: Row) -> bool:
    """Neither the manifest names it nor anything keeps it from being read."""
    return not row["in_manifest"] and row["read_error"] is None


def is_news(row: Row, end: Row) -> bool:
    """The end of a run says something that the row does not."""
    known = (row["run_id"], row["run_status"], row["run_at"])
    is_older = row["run_at"] is not None and end["finished_at"] < row["run_at"]
    return not is_older and known != (end["run_id"], end["status"], end["finished_at"])


def recovery(row: Row, at: datetime) -> list[Row]:
    """The time a table was failed, when nothing is wrong with it any more.

    Args:
        at: the end of the run that found it so.
    """
    if row["failing_since"] is None or _is_bad(row):
        return []
    key = {"connection": row["connection"], "table_name": row["name"]}
    return [{**key, "began_at": row["failing_since"], "ended_at": at}]


def failing_since(row: Row, at: datetime) -> datetime | None:
    """Since when it is failed; None when nothing is wrong with it."""
    return (row["failing_since"] or at) if _is_bad(row) else None


def _is_bad(row: Row) -> bool:
    # A sync that brought what was new says nothing of what a verification missed, nor the reverse.
    return row["run_status"] in BAD_RUNS or row["check_error"] is not None


def run_columns(end: Row) -> Row:
    """What the end of a run says of it (`RunStore.ends`)."""
    return {
        "run_id": end["run_id"],
        "run_status": end["status"],
        "run_error": end["error"],
        "run_at": end["finished_at"],
    }


def is_newer_proof(row: Row, end: Row) -> bool:
    """What is proven of it is not known yet (`RunStore.proofs`)."""
    return row["check_at"] is None or end["finished_at"] > row["check_at"]


def proof_columns(end: Row) -> Row:
    """What is proven of it."""
    return {
        "check_error": None if TableState(end["status"]).is_good else end["error"],
        "check_run_id": end["run_id"],
        "check_at": end["finished_at"],
    }


def facts_of(row: Row) -> Facts:
    """The facts of a row that its health follows from."""
    return Facts(
        in_manifest=row["in_manifest"],
        version=row["version"],
        manifest_ms=row["manifest_ms"],
        watermark_ms=row["watermark_ms"],
        listed_ms=row["listed_ms"],
        current_ms=row["current_ms"],
        gap_s=row["gap_s"],
        manifest_problem=row["manifest_problem"],
        read_error=row["read_error"],
        run_id=row["run_id"],
        run_status=row["run_status"],
        run_error=row["run_error"],
        check_error=row["check_error"],
    )


def is_place(row: Row) -> bool:
    """The name can be a folder of the target; a manifest may name anything."""
    problem = row["manifest_problem"] or {}
    name = row["name"]
    is_folder = "/" not in name and not name.startswith(("_", "."))
    return is_folder and problem.get("code") != "BAD_TABLE_NAME"


def version_of(row: Row) -> int:
    """Its version; -1 while it is not loaded."""
    return -1 if row["version"] is None else int(row["version"])
