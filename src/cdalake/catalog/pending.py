"""What tables still have to bring, as last counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, and_, select

from cdalake.catalog.database import Database
from cdalake.catalog.schema import lake_tables, table_pending
from cdalake.catalog.upsert import upsert

Row = dict[str, Any]


@dataclass(frozen=True)
class Work:
    """What a table still has to bring.

    Attributes:
        waits: it was stopped, and a person is asked what becomes of it.
    """

    folders: int
    bytes: int
    waits: bool = False


NOTHING = Work(0, 0)


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

    def work(self, connection: str) -> dict[str, Work]:
        """What each table as it stands has to bring; without those of which nobody knows."""
        same = and_(
            table_pending.c.connection == lake_tables.c.connection,
            table_pending.c.table_name == lake_tables.c.name,
        )
        statement = (
            select(
                lake_tables.c.name,
                lake_tables.c.lag_s,
                lake_tables.c.version,
                lake_tables.c.run_error,
                table_pending.c.version.label("counted_version"),
                table_pending.c.folders,
                table_pending.c.bytes,
            )
            .join(table_pending, same, isouter=True)
            .where(lake_tables.c.connection == connection)
        )
        with self._database.reading() as reader:
            rows = reader.execute(statement).mappings()
            return {row["name"]: work for row in rows if (work := _work(row)) is not None}


def _work(row: RowMapping) -> Work | None:
    if row["lag_s"] == 0:
        return NOTHING
    is_of = row["counted_version"] == row["version"]
    if not is_of or row["bytes"] is None:
        return None
    return Work(row["folders"], row["bytes"], waits=bool((row["run_error"] or {}).get("choices")))
