"""The list of tables, answered from the index."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cdalake.catalog.tables import Filter, Row, TableIndex, day_of
from cdalake.engine.progress import utc_now
from cdalake.models.base import ErrorInfo
from cdalake.models.table import TableFacet, TableList, TableSummary
from cdalake.services import run_views
from cdalake.services.connections import Connections
from cdalake.services.queries import TableQuery
from cdalake.services.table_summary import (
    Days,
    as_of,
    health_facets,
    last_days,
    summary_fields,
)


class TableListService:
    """Lists and searches tables."""

    def __init__(self, connections: Connections, index: TableIndex) -> None:
        self._connections = connections
        self._index = index

    def list(self, query: TableQuery) -> TableList:
        """A page of tables.

        Raises:
            UsageError: ``NO_CONNECTION``.
        """
        names = self._connections.meant(query.connection)
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

    def _listing_error(self, names: Sequence[str]) -> ErrorInfo | None:
        checks = self._index.checks()
        errors = (checks.get(name, {}).get("error") for name in names)
        return run_views.error(next((error for error in errors if error), None))

    def _summary(self, row: Row, days: Days, now: datetime) -> TableSummary:
        connection = self._connections.get(row["connection"])
        return TableSummary(**summary_fields(connection, row, days, now))
