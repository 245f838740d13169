"""Find tables in the index: pages in any order, and how many there are of each kind."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import nsmallest
from typing import Any

from sqlalchemy import Connection, Select, and_, case, func, or_, select

from cdalake.catalog.database import Database
from cdalake.catalog.filters import FACETS, Filter, Near, Term, facet_values, is_business
from cdalake.catalog.near import near
from cdalake.catalog.remembered import Remembered
from cdalake.catalog.schema import column_words, lake_tables, table_columns, table_days
from cdalake.catalog.tables import Row, day_of

Key = tuple[str, str]
"""Connection and name of a table."""


def key_of(row: Row) -> Key:
    """The table that a row of the index is about."""
    return row["connection"], row["name"]


ORDERS: Mapping[str, Any] = {
    "name": lake_tables.c.name,
    "lag": lake_tables.c.lag_s,
    "source_age": -lake_tables.c.manifest_ms,
    "rows": lake_tables.c.rows,
    "size": lake_tables.c.size_bytes,
    "files": lake_tables.c.files,
    "versions": lake_tables.c.version,
    "health": lake_tables.c.health_rank,
    "app": lake_tables.c.app,
    "last_updated": lake_tables.c.last_data_at,
}

_ALWAYS_KNOWN = ("name", "health", "app", "match", "rows_today")
_BEHIND = ("schema_string", "commit_tag", "read_at")
"""Columns that a list does not read."""
BATCH = 1000
CHUNK = 500


@dataclass(frozen=True)
class Place:
    """Where a page begins: right after the table with this value, name and connection."""

    value: Any
    name: str
    connection: str


@dataclass(frozen=True)
class Order:
    """In which order; what is unknown always comes last, equals are ordered by name.

    Attributes:
        key: of `ORDERS`, or ``rows_today``, or ``match``: how well the name matches `text`.
    """

    key: str = "name"
    descending: bool = False
    text: str = ""

    def value(self) -> Any:
        """What is compared."""
        if self.key == "rows_today":
            return func.coalesce(table_days.c.rows, 0)
        return _match(self.text) if self.key == "match" else ORDERS[self.key]

    def after(self, place: Place) -> Any:
        """The condition of everything that comes behind a place."""
        value, name, connection = self.value(), lake_tables.c.name, lake_tables.c.connection
        follows = or_(name > place.name, and_(name == place.name, connection > place.connection))
        if place.value is None:
            return and_(value.is_(None), follows)
        beyond = value < place.value if self.descending else value > place.value
        return or_(beyond, value.is_(None), and_(value == place.value, follows))

    def sort(self, statement: Select[Any]) -> Select[Any]:
        """The statement, ordered."""
        direction = self.value().desc() if self.descending else self.value().asc()
        ties = (lake_tables.c.name, lake_tables.c.connection)
        # What is always known is not said to come last: a sort for nothing.
        first = direction if self.key in _ALWAYS_KNOWN else direction.nulls_last()
        return statement.order_by(first, *ties)


def _match(text: str) -> Any:
    name = func.lower(lake_tables.c.name)
    wanted = text.lower()
    return case(
        (name == wanted, 0),
        (name.endswith(f"_{wanted}", autoescape=True), 1),
        (name.contains(wanted, autoescape=True), 2),
        else_=3,
    )


@dataclass(frozen=True)
class Census:
    """How many tables there are.

    Attributes:
        found: before the facets; `total` after them.
        total_rows: None when not every table knows its own.
        facets: for each facet, tables by value over the other facets.
    """

    found: int
    total: int
    total_tables: int
    total_rows: int | None
    total_bytes: int
    facets: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Found:
    """A page of tables; `next` is where the following one begins, None behind the last."""

    rows: list[Row]
    next: Place | None


class TableFinder:
    """Reads lists of tables."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._remembered = Remembered()

    def page(
        self, wanted: Filter, order: Order, limit: int, offset: int = 0, after: Place | None = None
    ) -> Found:
        """A page of tables."""
        keys = select(lake_tables.c.connection, lake_tables.c.name)
        keys = keys.add_columns(order.value().label("order_value")).where(wanted.condition())
        if order.key == "rows_today":
            keys = keys.outerjoin(table_days, _is_today(day_of(wanted.now)))
        if after is not None:
            keys = keys.where(order.after(after))
        keys = order.sort(keys).limit(limit + 1).offset(offset)
        with self._database.reading() as reader:
            # Rows are wide: sorted are their keys, read are only those of the page.
            found = reader.execute(keys).all()
            rows = _rows(reader, [(row.connection, row.name) for row in found[:limit]])
        has_more = len(found) > limit > 0
        last = found[limit - 1] if has_more else None
        return Found(rows, Place(last.order_value, last.name, last.connection) if last else None)

    def each(self, wanted: Filter, order: Order) -> Iterator[list[Row]]:
        """Every table, batch by batch; tables that move meanwhile may be missed or met twice."""
        place: Place | None = None
        while True:
            found = self.page(wanted, order, BATCH, after=place)
            yield found.rows
            place = found.next
            if place is None:
                return

    def rows_of(self, keys: Sequence[Key]) -> list[Row]:
        """These tables, as far as they are known."""
        with self._database.reading() as reader:
            return _rows(reader, keys)

    def census(self, wanted: Filter) -> Census:
        """Count tables, and of each facet by the other facets."""
        with self._database.reading() as reader:
            groups = self._groups(reader, wanted)
            everything = self._groups(reader, Filter(wanted.connections, now=wanted.now))
        chosen = [group for group in groups if not wanted.refused_by(group)]
        known = sum(group["known"] for group in chosen)
        existing = sum(group["existing"] for group in chosen)
        row_sum = sum(group["row_sum"] for group in chosen)
        return Census(
            found=sum(group["tables"] for group in groups),
            total=sum(group["tables"] for group in chosen),
            total_tables=sum(group["tables"] for group in everything),
            total_rows=row_sum if known == existing else None,
            total_bytes=sum(group["size_sum"] for group in chosen),
            facets=_facets(groups, wanted),
        )

    def _groups(self, reader: Connection, wanted: Filter) -> list[Row]:
        return [
            group
            for connection in wanted.connections
            for group in self._groups_of(reader, replace(wanted, connections=(connection,)))
        ]

    def _groups_of(self, reader: Connection, wanted: Filter) -> list[Row]:
        (connection,) = wanted.connections
        question = ("groups", wanted.question)
        return self._remembered.ask(reader, connection, question, lambda: _groups(reader, wanted))

    def near(self, wanted: Filter) -> Filter | None:
        """The filter with words that nothing has replaced by what they may have meant."""
        with self._database.reading() as reader:
            bare = replace(wanted, columns=(), changed_since=None, chosen={})
            terms = [
                term if _count(reader, replace(bare, terms=(term,))) else self._meant(reader, term)
                for term in wanted.terms
            ]
        if any(term is None for term in terms):
            return None
        return replace(wanted, terms=tuple(term for term in terms if term is not None))

    def _meant(self, reader: Connection, term: Any) -> Near | None:
        if not isinstance(term, Term) or term.where == "fingerprint":
            return None
        names: list[str] = []
        columns: list[str] = []
        if term.where != "column":
            names = near(term.text, reader.execute(select(lake_tables.c.name)).scalars())
        if term.where != "name":
            words = reader.execute(select(column_words.c.key).where(is_business()))
            columns = near(term.text, words.scalars())
        return Near(tuple(names), tuple(columns)) if names or columns else None

    def matched_columns(self, wanted: Filter, keys: Sequence[Key]) -> dict[Key, list[str]]:
        """Columns of these tables that the words of the search found."""
        conditions = [column for term in wanted.terms for column in _column_conditions(term)]
        found: dict[Key, list[str]] = defaultdict(list)
        if not conditions or not keys:
            return found
        statement = (
            select(table_columns.c.connection, table_columns.c.table_name, table_columns.c.name)
            .join(column_words, column_words.c.id == table_columns.c.word_id)
            .where(
                or_(*conditions),
                table_columns.c.connection.in_({connection for connection, _ in keys}),
                table_columns.c.table_name.in_([name for _, name in keys]),
            )
            .order_by(table_columns.c.name)
        )
        with self._database.reading() as reader:
            for connection, table, column in reader.execute(statement):
                found[connection, table].append(column)
        return found

    def column_names(
        self, connections: Sequence[str], text: str, limit: int
    ) -> list[tuple[str, int]]:
        """Columns whose name contains the text, and how many tables have each."""
        found: Counter[str] = Counter()
        with self._database.reading() as reader:
            for connection in connections:
                found.update(self._tables_by_column(reader, connection))
        wanted = [(key, count) for key, count in found.items() if text.lower() in key]
        return nsmallest(limit, wanted, key=lambda one: (-one[1], one[0]))

    def _tables_by_column(self, reader: Connection, connection: str) -> dict[str, int]:
        return self._remembered.ask(
            reader, connection, "columns", lambda: _tables_by_column(reader, connection)
        )

    def names(self, connections: Sequence[str]) -> list[tuple[str, str, bool]]:
        """Connection, name, and whether the manifest names it; of every table."""
        with self._database.reading() as reader:
            found = [named for each in connections for named in self._names(reader, each)]
        return sorted(found, key=lambda named: named[1])

    def _names(self, reader: Connection, connection: str) -> list[tuple[str, str, bool]]:
        return self._remembered.ask(reader, connection, "names", lambda: _names(reader, connection))

    def worst(self, wanted: Filter, limit: int) -> tuple[list[Row], int]:
        """Tables, the worst first, and their number."""
        condition = wanted.condition()
        statement = select(lake_tables).where(condition)
        statement = statement.order_by(
            lake_tables.c.health_rank, lake_tables.c.lag_s.desc().nulls_last(), lake_tables.c.name
        )
        with self._database.reading() as reader:
            total = _count(reader, wanted)
            return [dict(row) for row in reader.execute(statement.limit(limit)).mappings()], total


def _column_conditions(term: Any) -> list[Any]:
    if isinstance(term, Near):
        return [column_words.c.key.in_(term.columns)] if term.columns else []
    if term.where in ("name", "fingerprint"):
        return []
    contains = column_words.c.key.contains(term.text.lower(), autoescape=True)
    return [contains if term.where else and_(is_business(), contains)]


def _is_today(today: str) -> Any:
    return and_(
        table_days.c.connection == lake_tables.c.connection,
        table_days.c.table_name == lake_tables.c.name,
        table_days.c.day == today,
    )


def _rows(reader: Connection, keys: Sequence[Key]) -> list[Row]:
    """What a list shows of these tables, in their order; what is not known is left out."""
    listed = [column for column in lake_tables.c if column.name not in _BEHIND]
    found: dict[Key, Row] = {}
    for start in range(0, len(keys), CHUNK):
        wanted = keys[start : start + CHUNK]
        named = lake_tables.c.name.in_([name for _, name in wanted])
        theirs = lake_tables.c.connection.in_({connection for connection, _ in wanted})
        for row in reader.execute(select(*listed).where(named, theirs)).mappings():
            found[row["connection"], row["name"]] = dict(row)
    return [found[key] for key in keys if key in found]


def _names(reader: Connection, connection: str) -> list[tuple[str, str, bool]]:
    statement = select(lake_tables.c.name, lake_tables.c.in_manifest)
    found = reader.execute(statement.where(lake_tables.c.connection == connection))
    return [(connection, name, bool(is_named)) for name, is_named in found]


def _tables_by_column(reader: Connection, connection: str) -> dict[str, int]:
    counted = select(table_columns.c.word_id, func.count().label("tables"))
    counted = counted.where(table_columns.c.connection == connection)
    per_word = counted.group_by(table_columns.c.word_id).subquery()
    statement = select(column_words.c.key, func.sum(per_word.c.tables))
    statement = statement.join(per_word, per_word.c.word_id == column_words.c.id)
    found = reader.execute(statement.group_by(column_words.c.key))
    return {key: int(tables) for key, tables in found}


def _count(reader: Connection, wanted: Filter) -> int:
    counted = select(func.count()).select_from(lake_tables).where(wanted.condition())
    return reader.execute(counted).scalar_one()


def _groups(reader: Connection, wanted: Filter) -> list[Row]:
    """Tables by every facet at once: one look at the index answers for all of them."""
    values = facet_values(wanted.now)
    labelled = [values[facet].label(f"facet_{facet}") for facet in FACETS]
    sums = (lake_tables.c.rows, lake_tables.c.version, lake_tables.c.size_bytes)
    inner = select(*labelled, *sums).where(wanted.base()).subquery()
    facets = [inner.c[f"facet_{facet}"].label(facet) for facet in FACETS]
    counts = {
        "tables": func.count(),
        "row_sum": func.coalesce(func.sum(inner.c.rows), 0),
        "known": func.count(inner.c.rows),
        "existing": func.count(inner.c.version),
        "size_sum": func.coalesce(func.sum(inner.c.size_bytes), 0),
    }
    columns = [count.label(name) for name, count in counts.items()]
    statement = select(*facets, *columns).group_by(*(inner.c[f"facet_{f}"] for f in FACETS))
    found = reader.execute(statement).mappings()
    return [{**row, **{name: int(row[name]) for name in counts}} for row in found]


def _facets(groups: Sequence[Row], wanted: Filter) -> dict[str, dict[str, int]]:
    """Tables by value, for each facet over the other facets."""
    counts: dict[str, dict[str, int]] = {facet: defaultdict(int) for facet in FACETS}
    for group in groups:
        refused = wanted.refused_by(group)
        # A group that one facet alone leaves out is what that facet could bring back.
        for facet in FACETS if not refused else refused if len(refused) == 1 else ():
            counts[facet][group[facet]] += group["tables"]
    return counts
