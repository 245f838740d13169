from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import text, update

from cdalake.catalog.database import Database
from cdalake.catalog.runs import LOST, NewRun, RunStore
from cdalake.catalog.schema import runs
from cdalake.engine.progress import RunState, utc_now
from cdalake.engine.spec import RunSpec
from cdalake.errors import Problem, StoreUnavailable, UsageError
from databases import Postgres, start_postgres

SPEC = RunSpec("r1", "default", "/source", "/target")


@pytest.fixture
def fragile() -> Iterator[Postgres]:
    """A server of one test, which may stop it."""
    server = start_postgres()
    yield server
    server.close()


def count(database: Database) -> int:
    with database.reading() as reader:
        return int(reader.execute(text("SELECT count(*) FROM runs")).scalar_one())


def test_a_reader_sees_one_state_whatever_is_written_meanwhile(
    database: Database, store: RunStore
) -> None:
    with database.reading() as reader:
        assert reader.execute(text("SELECT count(*) FROM runs")).scalar() == 0
        store.add(NewRun(SPEC, "/target", "server"))
        assert reader.execute(text("SELECT count(*) FROM runs")).scalar() == 0
    assert count(database) == 1


def test_a_statement_that_is_wrong_is_a_defect_and_no_outage(database: Database) -> None:
    with pytest.raises(Exception, match="nowhere"), database.reading() as reader:
        reader.execute(text("SELECT * FROM nowhere"))
    assert count(database) == 0


def test_an_outage_is_said_and_ends_by_itself(fragile: Postgres) -> None:
    database = Database.open(fragile.create())
    assert count(database) == 0
    fragile.pause()
    for action in (database.reading, database.writing):
        with pytest.raises(StoreUnavailable) as caught, action():
            pass
        assert caught.value.code == "DATABASE_UNAVAILABLE"
    fragile.resume()
    assert count(database) == 0
    with database.writing() as writer:
        writer.execute(text("SELECT 1"))
    database.close()


def test_a_database_that_is_away_at_the_start_is_told_without_its_password() -> None:
    with pytest.raises(UsageError) as caught:
        Database.open("postgresql://me:hush@/cdalake?host=/nowhere&password=hush")
    assert caught.value.code == "DATABASE_UNUSABLE"
    assert "me" in caught.value.message
    assert "hush" not in str(caught.value)


def test_text_that_a_broken_export_brings_can_be_stored_and_asked_for(
    store: RunStore, database: Database
) -> None:
    nasty = "a\0b \ud800 \\u0000 ü"
    spec = replace(SPEC, include=(nasty,), requested_by=nasty)
    store.add(NewRun(spec, nasty, "server", request_id=nasty))
    found = store.by_request(nasty)
    assert found is not None
    store.end(found, RunState.FAILED, Problem(LOST, nasty, nasty))
    with database.writing() as writer:
        writer.execute(update(runs).values(finished_at=utc_now()))
    (lost,) = store.lost(found.created_at)
    assert "\\u0000 ü" in (lost.error or {})["message"]
