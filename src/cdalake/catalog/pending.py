"""What tables still have to bring, as last counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, select

from cdalake.catalog.database import Database
from cdalake.catalog.schema import table_pending
from cdalake.catalog.upsert import upsert

Row = dict[str, Any]


class PendingStore:
    """The last count of each table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, rows: Sequence[Row]) -> None:
        """Put counts in place."""
        if rows:
            with self._database.writing() as writer:
                upsert(writer, table_pending, rows)

    def of(self, connection: str, names: Sequence[str] | None = None) -> dict[str, Row]:
        """Counts of a connection's tables, by name; of these tables only where they are named."""
        condition = table_pending.c.connection == connection
        if names is not None:
            condition = and_(condition, table_pending.c.table_name.in_(names))
        with self._database.reading() as reader:
            found = reader.execute(select(table_pending).where(condition)).mappings()
            return {row["table_name"]: dict(row) for row in found}
