from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.command import downgrade
from alembic.migration import MigrationContext
from sqlalchemy import text

from cdalake.catalog import migrate
from cdalake.catalog.database import Database
from cdalake.catalog.finding import TableFinder
from cdalake.catalog.schema import HEAD, metadata
from cdalake.catalog.tables import BLANK, TableIndex
from cdalake.errors import UsageError

if TYPE_CHECKING:
    from databases import Postgres

OPEN = """
import sys
from cdalake.catalog.database import Database
from cdalake.catalog.finding import TableFinder
database = Database.open(sys.argv[1])
database.ping()
print("alembic" in sys.modules)
"""


def url_of(home: Path) -> str:
    return f"sqlite:///{home / 'home' / 'cdalake.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database that nobody has migrated."""
    if request.param == "sqlite":
        yield url_of(tmp_path)
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.create(migrated=False)
    yield url
    server.drop(url)


def open_elsewhere(url: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", OPEN, url]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_eight_processes_started_together_on_an_empty_home_all_come_up(empty_url: str) -> None:
    children = [open_elsewhere(empty_url) for _ in range(8)]
    ends = [(*child.communicate(timeout=120), child.returncode) for child in children]
    assert [code for _, _, code in ends] == [0] * 8, [errors for _, errors, _ in ends]


def test_a_database_that_is_up_to_date_is_opened_without_alembic(empty_url: str) -> None:
    Database.open(empty_url).close()
    child = open_elsewhere(empty_url)
    output, errors = child.communicate(timeout=60)
    assert output.strip() == "False", errors


def test_the_migrations_create_the_tables_the_code_declares(empty_url: str) -> None:
    database = Database.open(empty_url)
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    database.close()


def test_the_code_asks_for_the_newest_migration() -> None:
    assert migrate.head() == HEAD


def test_a_database_of_any_earlier_version_is_brought_up_and_down_again(empty_url: str) -> None:
    database = Database.open(empty_url)
    with database.engine.connect() as connection:
        settings = migrate.config()
        settings.attributes["connection"] = connection
        downgrade(settings, "0001")
        connection.commit()
    database.close()
    again = Database.open(empty_url)
    with again.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    again.close()


def test_columns_of_tables_that_are_known_already_are_taken_over(tmp_path: Path) -> None:
    database = Database.open(url_of(tmp_path))
    schemas = {
        "cc_claim": '{"fields": [{"name": "Id"}, {"name": "note"}]}',
        "cc_note": '{"fields": [{"name": "id"}]}',
        "broken": "[]",
        "later": None,
    }
    index = TableIndex(database)
    facts = {"connection": "default", "app": "", "is_typelist": False}
    index.save([{**BLANK, **facts, "name": n, "schema_string": s} for n, s in schemas.items()], {})
    with database.engine.connect() as connection:
        settings = migrate.config()
        settings.attributes["connection"] = connection
        downgrade(settings, "0009")
        connection.commit()
    database.close()
    again = Database.open(url_of(tmp_path))
    found = TableFinder(again).column_names(["default"], "", 10)
    again.close()
    assert found == [("id", 2), ("note", 1)]


def test_sqlite_lets_readers_read_while_somebody_writes(tmp_path: Path) -> None:
    database = Database.open(url_of(tmp_path))
    with database.writing(), database.reading() as reader:
        assert reader.execute(text("SELECT count(*) FROM runs")).scalar() == 0
        assert reader.execute(text("PRAGMA journal_mode")).scalar() == "wal"
    database.close()


def test_a_database_of_a_newer_version_is_refused(empty_url: str) -> None:
    database = Database.open(empty_url)
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    with pytest.raises(UsageError) as caught:
        Database.open(empty_url)
    assert caught.value.code == "DATABASE_TOO_NEW"


def test_a_file_that_is_no_database_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "cdalake.db"
    path.write_bytes(b"this is no database at all" * 100)
    with pytest.raises(UsageError) as caught:
        Database.open(f"sqlite:///{path}")
    assert caught.value.code == "DATABASE_UNUSABLE"


@pytest.mark.parametrize(
    "url",
    [
        "garbage",
        "postgresql://me:word@host:port/db",
        "oracle2://me:word@host/db",
        "mysql://me:word@host/db",
        "sqlite://",
        "sqlite:///:memory:",
    ],
)
def test_a_database_that_cannot_be_meant_is_refused_with_a_next_step(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        Database.open(url)
    assert caught.value.code == "BAD_SETTING"
    assert ":word@" not in str(caught.value)
    assert "CDALAKE_DATABASE_URL" in caught.value.message
    assert "sqlite:///" in caught.value.hint


def test_a_database_below_a_file_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError) as caught:
        Database.open(f"sqlite:///{tmp_path / 'file' / 'cdalake.db'}")
    assert caught.value.code == "DATABASE_UNUSABLE"
