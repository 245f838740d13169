"""The list of tables, answered from the index."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time
from enum import StrEnum
from typing import Any

from cdalake.catalog.filters import Filter
from cdalake.catalog.finding import Census, Key, Order, TableFinder, key_of
from cdalake.catalog.tables import Row, TableIndex
from cdalake.engine.progress import utc_now
from cdalake.errors import UsageError
from cdalake.models.base import ErrorInfo
from cdalake.models.table import (
    ChangedBand,
    LagBand,
    ListedTable,
    NamedTables,
    RowBand,
    SizeBand,
    TableFacet,
    TableList,
    TableSummary,
)
from cdalake.services import run_views, search
from cdalake.services.connections import Connections
from cdalake.services.queries import SortKey, TableQuery, TableSelection
from cdalake.services.table_summary import (
    as_of,
    health_facets,
    last_days,
    summary_fields,
)

SUGGESTIONS = 20


class TableListService:
    """Lists and searches tables."""

    def __init__(self, connections: Connections, index: TableIndex, finder: TableFinder) -> None:
        self._connections = connections
        self._index = index
        self._finder = finder

    def page(self, query: TableQuery) -> TableList:
        """A page of tables.

        Raises:
            UsageError: ``NO_CONNECTION`` or ``BAD_CURSOR``.
        """
        order = order_of(query.sort, query.selection)
        after = search.decode(query.cursor, order) if query.cursor else None
        wanted, census, is_similar = self._look(query.selection)
        found = self._finder.page(wanted, order, query.limit, query.offset, after)
        looked_in = query.selection.connections or wanted.connections
        matched = self._finder.matched_columns(wanted, [key_of(row) for row in found.rows])
        return TableList(
            tables=[
                ListedTable(**fields, matched_columns=matched.get(key_of(row), []))
                for row, fields in zip(found.rows, self._fields(found.rows), strict=True)
            ],
            total=census.total,
            total_tables=census.total_tables,
            total_rows=census.total_rows,
            total_bytes=census.total_bytes,
            is_similar=is_similar,
            next_cursor=search.encode(found.next, order),
            **_facets(census.facets),
            as_of=as_of(self._index.checks(), looked_in),
            error=self._listing_error(looked_in),
        )

    def every(self, selection: TableSelection, sort: SortKey) -> Iterator[TableSummary]:
        """Every table of a selection, read as it is asked for.

        Raises:
            UsageError: ``NO_CONNECTION``.
        """
        wanted, _, _ = self._look(selection)
        return self._each(wanted, order_of(sort, selection))

    def _each(self, wanted: Filter, order: Order) -> Iterator[TableSummary]:
        for rows in self._finder.each(wanted, order):
            yield from (TableSummary(**fields) for fields in self._fields(rows))

    def rows(self, query: TableQuery) -> tuple[list[Row], int]:
        """A page of rows of the index, for services that show something else of them."""
        wanted, census, _ = self._look(query.selection)
        order = order_of(query.sort, query.selection)
        return self._finder.page(wanted, order, query.limit, query.offset).rows, census.total

    def all_rows(self, selection: TableSelection) -> Iterator[Row]:
        """Every row of a selection, by name."""
        wanted, _, _ = self._look(selection)
        for rows in self._finder.each(wanted, Order()):
            yield from rows

    def known_rows(self, keys: Sequence[Key]) -> list[Row]:
        """The rows of these tables; what is not known is left out."""
        names = set(self._connections.names)
        return self._finder.rows_of([key for key in keys if key[0] in names])

    def names(self, connection: str | None) -> list[NamedTables]:
        """The names of all tables, by connection."""
        wanted = self._connections.meant(connection)
        named = {name: NamedTables(connection=name, names=[], orphans=[]) for name in wanted}
        for where, name, is_in_manifest in self._finder.names(wanted):
            (named[where].names if is_in_manifest else named[where].orphans).append(name)
        return list(named.values())

    def column_names(self, text: str, connection: str | None) -> list[TableFacet]:
        """Columns to choose from, those of the most tables first."""
        names = self._connections.meant(connection)
        found = self._finder.column_names(names, text.strip(), SUGGESTIONS)
        return [TableFacet(value=name, count=count) for name, count in found]

    def _look(self, selection: TableSelection) -> tuple[Filter, Census, bool]:
        """The filter, what it finds, and whether it had to guess what was meant."""
        wanted = self._filter(selection)
        census = self._finder.census(wanted)
        if census.found or not wanted.terms:
            return wanted, census, False
        meant = self._finder.near(wanted)
        if meant is None:
            return wanted, census, False
        return meant, self._finder.census(meant), True

    def _filter(self, selection: TableSelection) -> Filter:
        for name in selection.connections:
            self._connections.get(name)
        since = selection.changed_since
        return Filter(
            connections=self._connections.names,
            terms=search.parse_terms(selection.search),
            columns=selection.columns,
            changed_since=datetime.combine(since, time(), UTC) if since else None,
            chosen=_chosen(selection),
        )

    def _listing_error(self, names: Sequence[str]) -> ErrorInfo | None:
        checks = self._index.checks()
        errors = (checks.get(name, {}).get("error") for name in names)
        return run_views.error(next((error for error in errors if error), None))

    def _fields(self, rows: Sequence[Row]) -> Iterator[dict[str, Any]]:
        now = utc_now()
        days = self._index.days([key_of(row) for row in rows], last_days(now)[0])
        for row in rows:
            connection = self._connections.get(row["connection"])
            yield summary_fields(connection, row, days.get(key_of(row), {}), now)


def check_fields(names: Sequence[str] | None) -> list[str]:
    """Names of fields of a table, as they were asked for; all when none was.

    Raises:
        UsageError: ``NO_SUCH_FIELD``.
    """
    known = TableSummary.model_fields
    for name in names or ():
        if name not in known:
            raise UsageError(
                "NO_SUCH_FIELD",
                f"A table has no field {name!r}.",
                f"Choose from: {', '.join(known)}.",
            )
    return list(names or known)


def order_of(sort: SortKey, selection: TableSelection) -> Order:
    """The order of a list; the order by match goes by the words of the search."""
    text = search.first_word(search.parse_terms(selection.search))
    return Order(sort.column, sort.is_descending, text)


def _chosen(selection: TableSelection) -> dict[str, tuple[str, ...]]:
    return {
        "health": selection.health,
        "app": selection.apps,
        "connection": selection.connections,
        "lag": selection.lag,
        "changed": selection.changed,
        "size": selection.size,
        "rows": selection.rows,
    }


def _facets(counts: Mapping[str, Mapping[str, int]]) -> dict[str, list[TableFacet]]:
    return {
        "health": health_facets(counts["health"]),
        "apps": _by_name(counts["app"]),
        "connections": _by_name(counts["connection"]),
        "lags": _in_order(LagBand, counts["lag"]),
        "changes": _in_order(ChangedBand, counts["changed"]),
        "sizes": _in_order(SizeBand, counts["size"]),
        "row_counts": _in_order(RowBand, counts["rows"]),
    }


def _by_name(counts: Mapping[str, int]) -> list[TableFacet]:
    return [TableFacet(value=value, count=count) for value, count in sorted(counts.items())]


def _in_order(bands: type[StrEnum], counts: Mapping[str, int]) -> list[TableFacet]:
    return [
        TableFacet(value=band.value, count=counts[band.value])
        for band in bands
        if counts.get(band.value)
    ]
