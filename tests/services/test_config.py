from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cdalake.catalog.connections import ConnectionStore
from cdalake.catalog.database import Database
from cdalake.catalog.tables import TableIndex
from cdalake.services.config_service import ConfigService
from cdalake.services.connections import Connections
from cdalake.settings import load
from databases import new_sqlite

Shown = Callable[[str], str]


Settings = Callable[[dict[str, str]], dict[str, str]]


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    """Every value that the page of settings shows in an environment, by name."""
    database = Database.open(new_sqlite(tmp_path / "cdalake.db"))

    def show(environment: dict[str, str]) -> dict[str, str]:
        known = load({"CDALAKE_HOME": str(tmp_path), **environment}, tmp_path)
        connections = Connections(known, ConnectionStore(database))
        config = ConfigService(known, connections, TableIndex(database), environment)
        return {each.name: each.value for each in config.configuration(None).settings}

    yield show
    database.close()


@pytest.fixture
def shown(settings: Settings) -> Shown:
    """The endpoint of the environment as the page of settings shows it."""
    return lambda endpoint: settings({"AWS_ENDPOINT_URL": endpoint})["endpoint"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("7200", "7200 s (2 h)"),
        ("5400", "5400 s (1 h 30 min)"),
        ("90", "90 s"),
        ("0", "0 s"),
        ("90000", "90000 s"),
    ],
)
def test_a_span_is_shown_as_it_is_set_and_in_words_where_they_say_the_same(
    settings: Settings, given: str, said: str
) -> None:
    places = {"CDALAKE_SOURCE": "/source", "CDALAKE_TARGET": "/target"}
    assert settings({**places, "CDALAKE_LOOKBACK_SECONDS": given})["look-back"] == said


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


def test_what_a_command_was_given_stands_there_with_where_it_is_from(tmp_path: Path) -> None:
    environment = {"CDALAKE_HOME": str(tmp_path), "CDALAKE_PORT": "9000"}
    database = Database.open(new_sqlite(tmp_path / "cdalake.db"))
    asked = load(environment, tmp_path)
    connections = Connections(asked, ConnectionStore(database))

    def shown(**given: Any) -> dict[str, tuple[str, str]]:
        known = replace(asked, **given)
        config = ConfigService(known, connections, TableIndex(database), environment)
        return {e.name: (e.value, e.origin) for e in config.configuration(None).settings}

    assert shown()["port"] == ("9000", "environment CDALAKE_PORT")
    assert shown()["host"] == ("127.0.0.1", "default")
    assert shown(port=19440)["port"] == ("19440", "command line")
    demo = tmp_path / "demo"
    assert shown(home=demo)["home"] == (str(demo), "command line")
    database.close()
