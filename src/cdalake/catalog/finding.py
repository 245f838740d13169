"""Find tables in the index: pages in any order, and how many there are of each kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Select, and_, case, func, or_, select

from cdalake.catalog.database import Database
from cdalake.catalog.filters import FACETS, Filter, Near, Term, facet_values, is_business
from cdalake.catalog.near import near
from cdalake.catalog.schema import column_words, lake_tables, table_columns, table_days
from cdalake.catalog.tables import Row, day_of

Key = tuple[str, str]
"""Connection and name of a table."""

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
        return statement.order_by(direction.nulls_last(), *ties)


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

    def page(
        self, wanted: Filter, order: Order, limit: int, offset: int = 0, after: Place | None = None
    ) -> Found:
        """A page of tables."""
        listed = [column for column in lake_tables.c if column.name not in _BEHIND]
        statement = select(*listed, order.value().label("order_value")).where(wanted.condition())
        if order.key == "rows_today":
            statement = statement.outerjoin(table_days, _is_today(day_of(wanted.now)))
        if after is not None:
            statement = statement.where(order.after(after))
        statement = order.sort(statement).limit(limit + 1).offset(offset)
        with self._database.reading() as reader:
            rows = [dict(row) for row in reader.execute(statement).mappings()]
        has_more = len(rows) > limit > 0
        rows = rows[:limit]
        return Found(rows, _place(rows[-1]) if has_more else None)

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
        listed = [column for column in lake_tables.c if column.name not in _BEHIND]
        wanted = set(keys)
        found = []
        with self._database.reading() as reader:
            for start in range(0, len(keys), CHUNK):
                names = [name for _, name in keys[start : start + CHUNK]]
                rows = reader.execute(select(*listed).where(lake_tables.c.name.in_(names)))
                found += [dict(row) for row in rows.mappings()]
        return [row for row in found if (row["connection"], row["name"]) in wanted]

    def census(self, wanted: Filter) -> Census:
        """Count tables, and of each facet by the other facets."""
        with self._database.reading() as reader:
            groups = _groups(reader, wanted)
            total_tables = _count(reader, Filter(wanted.connections))
        chosen = [group for group in groups if not wanted.refused_by(group)]
        known = sum(group["known"] for group in chosen)
        existing = sum(group["existing"] for group in chosen)
        row_sum = sum(group["row_sum"] for group in chosen)
        return Census(
            found=sum(group["tables"] for group in groups),
            total=sum(group["tables"] for group in chosen),
            total_tables=total_tables,
            total_rows=row_sum if known == existing else None,
            total_bytes=sum(group["size_sum"] for group in chosen),
            facets=_facets(groups, wanted),
        )

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
        tables = func.count()
        statement = (
            select(column_words.c.key, tables)
            .join(table_columns, table_columns.c.word_id == column_words.c.id)
            .where(
                table_columns.c.connection.in_(connections),
                column_words.c.key.contains(text.lower(), autoescape=True),
            )
            .group_by(column_words.c.key)
            .order_by(tables.desc(), column_words.c.key)
            .limit(limit)
        )
        with self._database.reading() as reader:
            return [(key, int(count)) for key, count in reader.execute(statement)]

    def names(self, connections: Sequence[str]) -> list[tuple[str, str, bool]]:
        """Connection, name, and whether the manifest names it; of every table."""
        columns = (lake_tables.c.connection, lake_tables.c.name, lake_tables.c.in_manifest)
        statement = select(*columns).where(lake_tables.c.connection.in_(connections))
        with self._database.reading() as reader:
            found = reader.execute(statement.order_by(lake_tables.c.name)).all()
        return [(connection, name, bool(named)) for connection, name, named in found]

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


def _place(row: Row) -> Place:
    return Place(row["order_value"], row["name"], row["connection"])


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
