"""Which tables are meant: words, facets and dates as SQL that every database understands."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, Protocol

from sqlalchemy import ColumnElement, Text, and_, case, cast, exists, false, or_, select

from cdalake.catalog.schema import column_words, lake_tables, table_columns
from cdalake.engine.progress import utc_now

Where = Literal["name", "column", "fingerprint"]

FACETS = ("health", "app", "connection", "lag", "changed", "size", "rows")

LAG_BANDS = {"under_1m": 60, "under_15m": 900, "under_1h": 3600, "under_6h": 6 * 3600}
SIZE_BANDS = {"under_1mb": 10**6, "under_100mb": 10**8, "under_10gb": 10**10}
ROW_BANDS = {"none": 1, "under_10k": 10**4, "under_1m": 10**6, "under_100m": 10**8}
SYSTEM = "gwcbi___"
"""Columns that CDA adds to every table: found when asked for, no news otherwise."""


class Wanted(Protocol):
    """One part of a search."""

    def condition(self) -> ColumnElement[bool]:
        """As SQL."""


@dataclass(frozen=True)
class Term:
    """A word of the search; `where` narrows it to names, columns or fingerprints."""

    text: str
    where: Where | None = None

    def condition(self) -> ColumnElement[bool]:
        """As SQL."""
        if self.where == "name":
            return is_named_like(self.text)
        if self.where == "column":
            return has_columns(column_words.c.key.contains(self.text.lower(), autoescape=True))
        if self.where == "fingerprint":
            return has_fingerprint(self.text)
        return or_(
            is_named_like(self.text),
            has_columns(and_(is_business(), is_column_like(self.text))),
            has_fingerprint(self.text),
        )


@dataclass(frozen=True)
class Near:
    """Names of tables and of columns that a word may have meant."""

    names: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()

    def condition(self) -> ColumnElement[bool]:
        """As SQL."""
        ways: list[ColumnElement[bool]] = [false()]
        if self.names:
            ways.append(lake_tables.c.name.in_(self.names))
        if self.columns:
            ways.append(has_columns(column_words.c.key.in_(self.columns)))
        return or_(*ways)


@dataclass(frozen=True)
class Filter:
    """Which tables.

    Attributes:
        connections: those to look in.
        terms: all of them must match.
        columns: names of columns that a table must have.
        changed_since: a data commit at or after that moment.
        chosen: values of facets, by facet; none means all.
        now: what "today" is counted from.
    """

    connections: tuple[str, ...] = ()
    terms: tuple[Wanted, ...] = ()
    columns: tuple[str, ...] = ()
    changed_since: datetime | None = None
    chosen: Mapping[str, Sequence[str]] = field(default_factory=dict)
    now: datetime = field(default_factory=utc_now)

    @property
    def question(self) -> Hashable:
        """All that what is counted for `base` depends on, besides connections and the tables."""
        minute = self.now.replace(second=0, microsecond=0)
        return self.terms, self.columns, self.changed_since, minute

    def base(self) -> ColumnElement[bool]:
        """Everything but the facets, as SQL."""
        parts: list[ColumnElement[bool]] = [lake_tables.c.connection.in_(self.connections)]
        parts += [term.condition() for term in self.terms]
        parts += [has_columns(column_words.c.key == name.lower()) for name in self.columns]
        if self.changed_since is not None:
            parts.append(lake_tables.c.last_data_at >= self.changed_since)
        return and_(*parts)

    def condition(self) -> ColumnElement[bool]:
        """All of it, as SQL."""
        values = facet_values(self.now)
        chosen = [values[facet].in_(wanted) for facet, wanted in self.chosen.items() if wanted]
        return and_(self.base(), *chosen)

    def refused_by(self, group: Mapping[str, Any]) -> list[str]:
        """The facets that leave out a group of tables."""
        return [
            facet for facet, wanted in self.chosen.items() if wanted and group[facet] not in wanted
        ]


def facet_values(now: datetime) -> dict[str, ColumnElement[Any]]:
    """What each facet calls a table."""
    tables = lake_tables.c
    return {
        "health": tables.health,
        "app": tables.app,
        "connection": tables.connection,
        "lag": _band(tables.lag_s, LAG_BANDS, "over_6h"),
        "changed": _age(tables.last_data_at, now),
        "size": _band(tables.size_bytes, SIZE_BANDS, "over_10gb"),
        "rows": _band(tables.rows, ROW_BANDS, "over_100m"),
    }


def _band(column: Any, bounds: Mapping[str, int], last: str) -> ColumnElement[Any]:
    below = [(column < bound, name) for name, bound in bounds.items()]
    return case((column.is_(None), "unknown"), *below, else_=last)


def _age(column: Any, now: datetime) -> ColumnElement[Any]:
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return case(
        (column.is_(None), "never"),
        (column >= today, "today"),
        (column >= now - timedelta(days=7), "this_week"),
        (column >= now - timedelta(days=30), "this_month"),
        else_="earlier",
    )


def is_named_like(text: str) -> ColumnElement[bool]:
    """The table's name contains the text, whatever the case."""
    return lake_tables.c.name.icontains(text, autoescape=True)


def has_fingerprint(text: str) -> ColumnElement[bool]:
    """One of the table's fingerprints begins with the text."""
    # Keys of a JSON object stand in quotes, its numbers do not: timestamps are never found.
    documents = (lake_tables.c.fingerprints, lake_tables.c.cursors)
    return or_(*(cast(each, Text).icontains(f'"{text}', autoescape=True) for each in documents))


def is_column_like(text: str) -> ColumnElement[bool]:
    """A column's name contains the text."""
    return column_words.c.key.contains(text.lower(), autoescape=True)


def is_business() -> ColumnElement[bool]:
    """The column is none of CDA's own."""
    return ~column_words.c.key.startswith(SYSTEM, autoescape=True)


def has_columns(which: ColumnElement[bool]) -> ColumnElement[bool]:
    """The table has a column of that kind."""
    theirs = and_(
        table_columns.c.connection == lake_tables.c.connection,
        table_columns.c.table_name == lake_tables.c.name,
        table_columns.c.word_id.in_(select(column_words.c.id).where(which)),
    )
    return exists().where(theirs).correlate(lake_tables)
