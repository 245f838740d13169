from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cdalake.catalog.changes import ChangeLog, Kind, note
from cdalake.catalog.database import Database
from cdalake.models.changes import ChangedTable, Changes
from cdalake.services.changes import AT_ONCE, KEPT, LOOKS_PER_CLEANING, ChangeFeed
from databases import new_sqlite


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database.open(new_sqlite(tmp_path / "cdalake.db"))
    yield opened
    opened.close()


@pytest.fixture
def feed(database: Database) -> ChangeFeed:
    """A feed that looks when a test says so."""
    return ChangeFeed(ChangeLog(database))


def change(database: Database, kind: Kind, *names: str) -> None:
    with database.writing() as writer:
        note(writer, kind, "a", names)


def is_empty(told: Changes) -> bool:
    parts = (told.runs, told.progress, told.tables, told.connections)
    return not told.everything and not any(parts)


def test_a_reader_is_told_what_changed_since_it_asked_each_thing_once(
    database: Database, feed: ChangeFeed
) -> None:
    begin = feed.since(None)
    assert is_empty(begin)
    change(database, Kind.PROGRESS, "r1", "r2")
    change(database, Kind.RUN, "r1")
    change(database, Kind.TABLE, "cc_claim")
    change(database, Kind.TABLE, "cc_claim")
    change(database, Kind.CONNECTION, "a")
    feed.look()
    told = feed.since(begin.last_id)
    assert (told.runs, told.progress) == (["r1"], ["r2"])
    assert told.tables == [ChangedTable(connection="a", name="cc_claim")]
    assert told.connections == ["a"]
    assert not told.everything
    assert is_empty(feed.since(told.last_id))
    assert feed.since(told.last_id).last_id == told.last_id == feed.newest


def test_a_new_reader_is_told_what_changed_just_now(database: Database, feed: ChangeFeed) -> None:
    change(database, Kind.RUN, "r1")
    feed.look()
    assert feed.since(None).runs == ["r1"]


def test_what_one_server_told_is_a_beginning_for_another(database: Database) -> None:
    one, other = ChangeFeed(ChangeLog(database)), ChangeFeed(ChangeLog(database))
    change(database, Kind.RUN, "r1")
    one.look()
    told = one.since(0)
    assert is_empty(other.since(told.last_id))
    change(database, Kind.RUN, "r2")
    other.look()
    assert other.since(told.last_id).runs == ["r2"]
    assert one.since(0).server != other.since(0).server


def test_who_was_away_for_long_or_comes_from_another_database_reads_everything_anew(
    database: Database, feed: ChangeFeed
) -> None:
    change(database, Kind.RUN, "r1")
    feed.look()
    assert feed.since(feed.newest + 1).everything
    for _ in range(KEPT // 100 + 1):
        change(database, Kind.TABLE, *(f"t{number}" for number in range(100)))
    feed.look()
    assert feed.since(0).everything
    many = feed.since(feed.newest - AT_ONCE - 1)
    assert many.everything
    assert many.tables == []
    assert not feed.since(feed.newest - AT_ONCE).everything


def test_a_feed_begins_with_what_was_noted_before_it_and_ends(
    database: Database, feed: ChangeFeed
) -> None:
    change(database, Kind.RUN, "r1")
    feed.start()
    assert feed.is_working
    assert feed.since(0).runs == ["r1"]
    feed.stop()
    assert not feed.is_working


def test_old_notes_leave_the_database_now_and_then(database: Database, feed: ChangeFeed) -> None:
    for _ in range(KEPT // 100 + 3):
        change(database, Kind.TABLE, *(f"t{number}" for number in range(100)))
    feed.look()
    for _ in range(LOOKS_PER_CLEANING):
        feed.clean()
    kept = ChangeLog(database).after(0, 2 * KEPT)
    assert len(kept) == KEPT


def test_a_look_that_fails_is_not_the_last_one(database: Database, feed: ChangeFeed) -> None:
    feed.start()
    with database.writing() as writer:
        writer.exec_driver_sql("ALTER TABLE changes RENAME TO gone")
    assert feed.is_working
    with database.writing() as writer:
        writer.exec_driver_sql("ALTER TABLE gone RENAME TO changes")
    change(database, Kind.RUN, "r1")
    feed.look()
    assert feed.since(0).runs == ["r1"]
    feed.stop()
