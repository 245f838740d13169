"""What a Delta log says, as columns of the index: pure functions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from cdalake.catalog.database import json_text
from cdalake.catalog.tables import Row
from cdalake.delta.actions import Snapshot, believable
from cdalake.delta.log import Commit
from cdalake.delta.schema import Schema, describe_change
from cdalake.engine.zero_copy import layout_of
from cdalake.errors import SourceError
from cdalake.services.health import median_gap

CURSOR = "cda:"
METRICS = 64
"""Of one commit; the protocol sets no limit."""
LAST_MS = 253_402_300_799_999
"""The end of the year 9999, which is the last one that dates can say."""
WHOLE = re.compile(r"-?\d{1,15}")
FOLDER = re.compile(r"(?:^|/)[^/]+/(\d{12,14})/[^/]+$")


def columns_of(snapshot: Snapshot) -> Row:
    """The index's columns of a table at its newest version."""
    cursors = _cursors(snapshot)
    return {
        "read_error": None,
        "table_id": snapshot.metadata.id,
        "version": snapshot.version,
        "commit_tag": snapshot.commit_tag,
        "rows": snapshot.rows,
        "size_bytes": believable(snapshot.size_bytes),
        "files": len(snapshot.files),
        "schema_string": _sound(snapshot.metadata.schema_string),
        "layout": layout_of(snapshot.metadata, snapshot.files) if cursors else None,
        "cursors": cursors,
        "watermark_ms": max(cursors.values(), default=None),
        "gap_s": median_gap(_folders(snapshot.files)),
    }


def _cursors(snapshot: Snapshot) -> dict[str, int]:
    """The newest folder of each fingerprint, epoch ms.

    Raises:
        ValueError: somebody wrote one that is no time.
    """
    cursors = {
        application.removeprefix(CURSOR): folder
        for application, folder in snapshot.transactions.items()
        if application.startswith(CURSOR)
    }
    for fingerprint, folder in cursors.items():
        if not 0 <= folder <= LAST_MS:
            raise ValueError(f"the cursor {folder} of {fingerprint} is no time")
    return cursors


def _sound(schema: str | None) -> str | None:
    """The schema as a database and an answer can hold it; others write logs too."""
    if schema is None or "\\u" not in schema:
        return schema
    try:
        return json_text(json.loads(schema))
    except ValueError:
        return schema


def schema_names(schema: str | None) -> list[str]:
    """Names of the columns; none where there is no schema, or none that makes sense."""
    if schema is None:
        return []
    try:
        return [field.name for field in Schema.parse(schema)]
    except SourceError:
        # Others write logs too. The table's own page says what is wrong with it.
        return []


def _folders(paths: Iterable[str]) -> list[int]:
    """Folder timestamps that the names of data files still carry."""
    return [int(match[1]) for path in paths if (match := FOLDER.search(path))]


def commit_rows(commits: Sequence[Commit], schema: str | None) -> list[Row]:
    """Commits as rows of the history.

    Args:
        schema: the schema before the first of them; None when there is none, or it is unknown.
    """
    rows = []
    for commit in commits:
        change = schema_change(schema, commit.schema_string)
        schema = commit.schema_string or schema
        rows.append(_commit_row(commit, change))
    return rows


def _commit_row(commit: Commit, change: dict[str, list[str]] | None) -> Row:
    info = commit.info
    return {
        "version": commit.version,
        "timestamp": commit.timestamp,
        "operation": str(info.get("operation") or "UNKNOWN")[:64],
        "user": _text(info.get("userName") or info.get("userId") or info.get("engineInfo")),
        "engine": _text(info.get("engineInfo")),
        "run_id": _text(info.get("run_id"), 64),
        "watermark_ms": _number(info.get("watermark")),
        "rows": believable(commit.added_rows),
        "files_added": commit.added,
        "files_removed": commit.removed,
        "bytes_added": believable(commit.added_bytes),
        "bytes_removed": believable(commit.removed_bytes),
        "metrics": _metrics(info.get("operationMetrics")),
        "data_change": commit.data_change,
        "parameters": _parameters(info.get("operationParameters")),
        "schema_string": _sound(commit.schema_string),
        "schema_change": change,
    }


def _text(value: Any, length: int = 256) -> str | None:
    return None if value is None else str(value)[:length]


def _number(value: Any) -> int | None:
    # Other writers may put anything there.
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return believable(value) if is_number else None


def _parameters(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


Metric = int | str


def _metrics(value: Any) -> dict[str, Metric] | None:
    """``operationMetrics``, whoever wrote them: numbers come as text; None where there are none."""
    if not isinstance(value, dict) or not value:
        return None
    some = list(value.items())[:METRICS]
    return {str(name)[:128]: _metric(metric) for name, metric in some}


def _metric(value: Any) -> Metric:
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    # A number that a browser would round stays text.
    return int(text) if WHOLE.fullmatch(text) else text[:256]


def schema_change(before: str | None, after: str | None) -> dict[str, list[str]] | None:
    """What changed; None for nothing. Order alone is no change, nor is a table's beginning."""
    if before is None or after is None:
        return None
    try:
        added, removed, changed = describe_change(Schema.parse(before), Schema.parse(after))
    except SourceError:
        # Of a version that was mended since: the history goes on.
        return None
    change = {"added": added, "removed": removed, "changed": changed}
    return change if any(change.values()) else None
