"""Which rows of a commit are new to its table: what it writes again was counted once before."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_

from cdalake.catalog.schema import commits

REPLACING = ("REBUILD", "RESYNC", "REPAIR", "WIDEN FILES", "OPTIMIZE", "DELETE", "UPDATE", "MERGE")
"""Where these take files out, what they write is mostly what was there; how much, no log says."""
RESTORE = "RESTORE"
"""All that it writes was there before."""


def new_rows(commit: dict[str, Any]) -> int:
    """Rows that the table had never had; 0 where that is unknown."""
    operation = commit["operation"]
    is_again = operation in REPLACING and (commit["files_removed"] or 0) > 0
    return 0 if is_again or operation == RESTORE else commit["rows"] or 0


def new_rows_of_commits() -> ColumnElement[int]:
    """The same in the database."""
    is_again = and_(commits.c.operation.in_(REPLACING), commits.c.files_removed > 0)
    is_old = or_(is_again, commits.c.operation == RESTORE)
    return case((is_old, 0), else_=func.coalesce(commits.c.rows, 0))
