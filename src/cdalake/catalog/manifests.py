"""The manifest's entries as the index has them; asking for them asks no store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from cdalake.catalog.database import Database
from cdalake.catalog.schema import lake_tables as t

SHOWN = (
    t.c.name,
    t.c.app,
    t.c.manifest_ms,
    t.c.records,
    t.c.data_files_path,
    t.c.fingerprints,
    t.c.manifest_problem,
    t.c.version,
    t.c.watermark_ms,
    t.c.health,
)


@dataclass(frozen=True)
class Entries:
    """A page of entries and how many there are of each kind."""

    rows: list[dict[str, Any]]
    total: int
    all: int
    new: int
    not_loaded: int


class ManifestIndex:
    """Reads entries of manifests."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(
        self, connection: str, search: str, only: str | None, since_ms: int, limit: int, offset: int
    ) -> Entries:
        """Entries by name; `only` may be ``new`` (written since `since_ms`) or ``not_loaded``."""
        is_entry = and_(t.c.connection == connection, t.c.in_manifest)
        kinds: dict[str, ColumnElement[bool]] = {
            "new": t.c.manifest_ms >= since_ms,
            "not_loaded": t.c.version.is_(None),
        }
        wanted = [is_entry, *_matches(search), *([kinds[only]] if only else [])]
        page = select(*SHOWN).where(*wanted).order_by(t.c.name).limit(limit).offset(offset)
        with self._database.reading() as reader:

            def count(*conditions: ColumnElement[bool]) -> int:
                statement = select(func.count()).select_from(t).where(*conditions)
                return int(reader.execute(statement).scalar_one())

            return Entries(
                rows=[dict(row) for row in reader.execute(page).mappings()],
                total=count(*wanted),
                all=count(is_entry),
                new=count(is_entry, kinds["new"]),
                not_loaded=count(is_entry, kinds["not_loaded"]),
            )


def _matches(search: str) -> list[ColumnElement[bool]]:
    return [t.c.name.icontains(word, autoescape=True) for word in search.split()]
