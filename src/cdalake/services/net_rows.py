"""By how many rows a commit changed its table, where its log says so."""

from __future__ import annotations

from collections.abc import Mapping

from cdalake.catalog.tables import Row

SAME = ("OPTIMIZE", "WIDEN FILES")
"""They write rows again, and change none."""
ADDED = ("num_target_rows_inserted", "numTargetRowsInserted")
TAKEN = ("num_deleted_rows", "numDeletedRows", "num_target_rows_deleted", "numTargetRowsDeleted")
CHANGED = ("num_updated_rows", "numUpdatedRows")
"""``operationMetrics`` of delta-rs and of Spark."""


def net_rows(commit: Row) -> int | None:
    """Rows added less rows removed; None where the log does not say both."""
    if not commit["data_change"] or commit["operation"] in SAME:
        return 0
    if commit["files_removed"] == 0:
        rows: int | None = commit["rows"]
        return rows
    return _measured(commit["metrics"] or {})


def _measured(metrics: Mapping[str, object]) -> int | None:
    """What writers of others say: of files that are written again, nothing else tells."""
    told = {name: value for name, value in metrics.items() if isinstance(value, int)}
    if not told.keys() & {*ADDED, *TAKEN, *CHANGED}:
        return None
    return sum(told.get(name, 0) for name in ADDED) - sum(told.get(name, 0) for name in TAKEN)
