"""What callers ask of the services, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from cdalake.access import Role
from cdalake.engine.progress import Level
from cdalake.models.table import ChangedBand, Health, LagBand, RowBand, SizeBand


class SortKey(StrEnum):
    """Order of the list of tables; what is unknown always comes last."""

    NAME = "name"
    NAME_DOWN = "-name"
    LAG = "lag"
    LAG_DOWN = "-lag"
    SOURCE_AGE = "source_age"
    SOURCE_AGE_DOWN = "-source_age"
    ROWS = "rows"
    ROWS_DOWN = "-rows"
    ROWS_TODAY = "rows_today"
    ROWS_TODAY_DOWN = "-rows_today"
    SIZE = "size"
    SIZE_DOWN = "-size"
    FILES = "files"
    FILES_DOWN = "-files"
    VERSIONS = "versions"
    VERSIONS_DOWN = "-versions"
    HEALTH = "health"
    HEALTH_DOWN = "-health"
    APP = "app"
    APP_DOWN = "-app"
    LAST_UPDATED = "last_updated"
    LAST_UPDATED_DOWN = "-last_updated"
    MATCH = "match"

    @property
    def column(self) -> str:
        """The key without its direction."""
        return self.value.removeprefix("-")

    @property
    def is_descending(self) -> bool:
        """Greatest first."""
        return self.value.startswith("-")


@dataclass(frozen=True)
class TableSelection:
    """Which tables of the list, in the words of a request.

    Attributes:
        search: words; see `search.parse_terms`.
        connections: those to look in and, at the same time, a facet; none means all.
        columns: names of columns that a table must have.
    """

    search: str = ""
    health: tuple[Health, ...] = ()
    apps: tuple[str, ...] = ()
    connections: tuple[str, ...] = ()
    lag: tuple[LagBand, ...] = ()
    changed: tuple[ChangedBand, ...] = ()
    size: tuple[SizeBand, ...] = ()
    rows: tuple[RowBand, ...] = ()
    columns: tuple[str, ...] = ()
    changed_since: date | None = None


@dataclass(frozen=True)
class TableQuery:
    """A page of the list of tables."""

    selection: TableSelection = TableSelection()
    sort: SortKey = SortKey.NAME
    limit: int = 200
    offset: int = 0
    cursor: str | None = None


@dataclass(frozen=True)
class LogQuery:
    """A page of a run's log.

    Attributes:
        after: number of the last line already seen.
        level: that level and worse; None for all.
        table: only lines of that table.
        text: only lines whose message contains it, ignoring case.
        attempt: only lines of that attempt.
        since, until: only lines of that time, both ends included.
    """

    after: int = 0
    limit: int = 500
    level: Level | None = None
    table: str | None = None
    text: str = ""
    attempt: int | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def is_filtered(self) -> bool:
        """Some lines may be left out."""
        chosen = (self.level, self.table, self.text, self.attempt, self.since, self.until)
        return any(chosen)


@dataclass(frozen=True)
class Requester:
    """Who asks.

    Attributes:
        name: ends up in the audit log and in each commit's ``userName``.
        trigger: ``page`` or ``api``.
        role: what they may do.
    """

    name: str
    trigger: str
    role: Role
