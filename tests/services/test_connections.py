from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cdalake.bootstrap import Services, build
from cdalake.catalog.connections import ConnectionStore
from cdalake.errors import UsageError
from cdalake.services.connections import Connections
from cdalake.settings import Settings

if TYPE_CHECKING:
    from conftest import Lake
    from services.conftest import Home


@pytest.fixture
def store(home: Home) -> ConnectionStore:
    return ConnectionStore(home.services.database)


@pytest.fixture
def more(tmp_path: Path, lake: Lake) -> dict[str, Any]:
    """What a connection of the database is given: the same export, another target."""
    return {"source": lake.source_url, "target": str(tmp_path / "more"), "workers": 3}


def fresh(home: Home, settings: Settings | None = None) -> Connections:
    return home.connections(settings or home.settings)


def test_a_connection_of_the_database_stands_beside_those_of_the_configuration(
    home: Home, store: ConnectionStore, more: dict[str, Any]
) -> None:
    store.add("more", more, "ana")
    known = fresh(home)
    assert known.names == ("default", "more")
    assert (known.get("more").workers, known.get("more").origin) == (3, "page")
    assert known.default() == home.settings.connections["default"]


def test_limits_of_the_environment_are_those_of_a_connection_that_says_nothing(
    home: Home, store: ConnectionStore, more: dict[str, Any]
) -> None:
    store.add("more", more, "ana")
    settings = replace(home.settings, limits={"lag_limit_seconds": 42})
    assert fresh(home, settings).get("more").lag_limit_seconds == 42


def test_a_connection_of_the_configuration_is_not_shadowed_by_one_of_the_database(
    home: Home, store: ConnectionStore, more: dict[str, Any]
) -> None:
    store.add("default", more, "ana")
    assert fresh(home).get("default") == home.settings.connections["default"]


def test_a_row_that_cannot_be_understood_hides_no_other_connection(
    home: Home, store: ConnectionStore, more: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    store.add("newer", {**more, "colour": "red"}, "ana")
    store.add("more", more, "ana")
    assert fresh(home).names == ("default", "more")
    assert "newer" in caplog.text


def test_without_any_connection_none_is_the_default(home: Home, store: ConnectionStore) -> None:
    empty = fresh(home, replace(home.settings, connections={}))
    assert empty.default() is None
    with pytest.raises(UsageError, match="NO_CONNECTION"):
        empty.get(None)


def test_the_first_connection_is_the_default_where_several_are_and_none_is_meant(
    home: Home, store: ConnectionStore, more: dict[str, Any]
) -> None:
    store.add("a", more, "ana")
    store.add("b", more, "ana")
    known = fresh(home, replace(home.settings, connections={}))
    assert known.default() == known.get("a")


def test_a_name_is_added_once_and_changed_or_removed_only_as_it_was_seen(
    store: ConnectionStore, more: dict[str, Any]
) -> None:
    first = store.add("more", more, "ana")
    assert first is not None
    assert store.add("more", more, "ben") is None
    second = store.replace("more", {**more, "workers": 5}, "ben", first.revision)
    assert second is not None
    assert store.replace("more", more, "ana", first.revision) is None
    assert not store.remove("more", first.revision)
    assert [(row.given["workers"], row.changed_by) for row in store.all()] == [(5, "ben")]
    assert store.remove("more", second.revision)
    assert store.all() == []


@pytest.fixture
def started(home: Home) -> Iterator[Services]:
    """A second server on the database of `home`, at work."""
    services = build(replace(home.settings, refresh_seconds=1), {})
    services.start()
    yield services
    services.stop()


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_server_takes_in_what_another_one_adds_changes_and_removes(
    home: Home, store: ConnectionStore, more: dict[str, Any], started: Services, tmp_path: Path
) -> None:
    home.lake.export(tables=2)
    until(lambda: len(home.index.rows_of("default")) == 2)
    added = store.add("more", more, "ana")
    assert added is not None
    until(lambda: len(home.index.rows_of("more")) == 2)
    elsewhere = {**more, "source": str(tmp_path / "nothing")}
    changed = store.replace("more", elsewhere, "ana", added.revision)
    assert changed is not None
    until(lambda: home.index.checks().get("more", {}).get("source_ok") is False)
    assert store.remove("more", changed.revision)
    until(lambda: "more" not in home.index.checks())
    until(lambda: home.index.rows_of("more") == {})
    assert len(home.index.rows_of("default")) == 2
    assert started.refresher.is_working
