from __future__ import annotations

from collections.abc import Iterator

import pytest

from cdalake.catalog.database import Database
from cdalake.catalog.runs import RunStore
from cdalake.catalog.tables import TableIndex


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database of its own."""
    opened = Database.open(database_url)
    yield opened
    opened.close()


@pytest.fixture
def store(database: Database) -> RunStore:
    return RunStore(database)


@pytest.fixture
def index(database: Database) -> TableIndex:
    return TableIndex(database)
