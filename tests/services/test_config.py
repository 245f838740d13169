from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cdalake.catalog.connections import ConnectionStore
from cdalake.catalog.database import Database
from cdalake.catalog.tables import TableIndex
from cdalake.services.config_service import ConfigService
from cdalake.services.connections import Connections
from cdalake.settings import load
from databases import new_sqlite

Shown = Callable[[str], str]


@pytest.fixture
def shown(tmp_path: Path) -> Iterator[Shown]:
    """The endpoint of the environment as the page of settings shows it."""
    database = Database.open(new_sqlite(tmp_path / "cdalake.db"))
    settings = load({"CDALAKE_HOME": str(tmp_path)}, tmp_path)
    connections = Connections(settings, ConnectionStore(database))

    def show(endpoint: str) -> str:
        told = {"AWS_ENDPOINT_URL": endpoint}
        config = ConfigService(settings, connections, TableIndex(database), told)
        found = config.configuration(None).settings
        return next(setting.value for setting in found if setting.name == "endpoint")

    yield show
    database.close()


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://store.example:9000/x",
        "http://me:word@store.example:9000/x",
        "http://me:a/b@c:d@store.example:9000/x?token=word",
    ],
)
def test_an_endpoint_is_shown_without_its_user(shown: Shown, endpoint: str) -> None:
    assert shown(endpoint) == "http://store.example:9000/x"


def test_an_endpoint_without_a_scheme_is_shown_without_its_user_too(shown: Shown) -> None:
    assert shown("me:word@store.example:9000") == "store.example:9000"


@pytest.mark.parametrize("endpoint", ["http://h/x?token=a@word", "http://me:a?word@h/x"])
def test_what_could_be_either_a_query_or_a_password_is_not_shown(
    shown: Shown, endpoint: str
) -> None:
    assert shown(endpoint) == "http://****"
