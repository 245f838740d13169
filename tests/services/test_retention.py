"""Old runs are forgotten, where somebody asked for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from cdalake.catalog.audit import AuditFilter, AuditStore
from cdalake.catalog.database import Database
from cdalake.catalog.leases import Leases
from cdalake.catalog.registration import adopt
from cdalake.catalog.retention import OldRuns
from cdalake.catalog.runs import RunStore
from cdalake.catalog.schema import audit
from cdalake.catalog.tables import BLANK, TableIndex
from cdalake.engine.progress import RunResult, RunState, TableResult, TableState, utc_now
from cdalake.engine.recorder import RunRecorder
from cdalake.engine.rundir import RunDirectory
from cdalake.engine.spec import RunSpec
from cdalake.models.audit import Action
from cdalake.services.audit import ITSELF, AuditLog
from cdalake.services.retention import RetentionService
from cdalake.settings import Retention


class Past:
    """Runs that ended some days ago."""

    def __init__(self, database: Database, runs: Path) -> None:
        self.database = database
        self.runs = runs
        self.store = RunStore(database)
        self.audit = AuditLog(AuditStore(database))

    def add(self, run_id: str, days: int, state: RunState = RunState.COMPLETED) -> None:
        directory = RunDirectory.create(self.runs, RunSpec(run_id, "default", "/s", "/t"))
        at = utc_now() - timedelta(days=days)
        table = TableResult("cc_claim", TableState.OK, started_at=at, finished_at=at)
        result = RunResult(run_id, state, at, at, [table])
        RunRecorder(directory, run_id).close(result.to_json() if state.is_final else None)
        assert adopt(self.store, directory) is not None

    def service(self, *, days: int = 0, runs: int = 0, audit_days: int = 0) -> RetentionService:
        old_runs = OldRuns(self.database, self.runs)
        rule = Retention(days, runs, audit_days)
        return RetentionService(rule, old_runs, self.audit, Leases(self.database))

    @property
    def left(self) -> set[str]:
        """Runs with row and directory; a run has both or none."""
        directories = {path.name for path in self.runs.iterdir()}
        assert directories == self.store.ids()
        return directories


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An open database, of both kinds in turn."""
    opened = Database.open(database_url)
    yield opened
    opened.close()


@pytest.fixture
def past(database: Database, tmp_path: Path) -> Past:
    runs = tmp_path / "runs"
    runs.mkdir()
    past = Past(database, runs)
    for run_id, days in (("20260101-a", 40), ("20260102-b", 20), ("20260103-c", 1)):
        past.add(run_id, days)
    return past


def test_nothing_is_forgotten_by_itself(past: Past) -> None:
    service = past.service()
    assert service.clean_up(ITSELF) == []
    assert len(past.left) == 3
    assert service.facts().due == 0


def test_runs_older_than_so_many_days_go_with_directory_and_log(past: Past) -> None:
    service = past.service(days=30)
    assert service.facts().due == 1
    assert service.clean_up(ITSELF) == ["20260101-a"]
    assert past.left == {"20260102-b", "20260103-c"}
    assert past.store.whole("20260101-a") is None
    assert not (past.runs.parent / "forgotten").exists()
    assert service.facts().due == 0


def test_of_more_than_so_many_runs_the_oldest_go(past: Past) -> None:
    past.service(runs=1).clean_up(ITSELF)
    assert past.left == {"20260103-c"}


def test_a_run_that_goes_on_stays(past: Past) -> None:
    past.add("20250101-z", 400, RunState.RUNNING)
    past.service(days=30).clean_up(ITSELF)
    assert "20250101-z" in past.left


def test_the_last_run_of_a_table_stays(past: Past) -> None:
    facts = {"app": "ClaimCenter", "is_typelist": False, "run_id": "20260101-a"}
    row = {**BLANK, **facts, "connection": "default", "name": "cc_claim"}
    TableIndex(past.database).save([row], {})
    past.service(days=10).clean_up(ITSELF)
    assert past.left == {"20260101-a", "20260103-c"}


def test_a_run_that_was_retried_meanwhile_stays(past: Past) -> None:
    run = past.store.get("20260101-a")
    assert run is not None
    assert past.store.retry(run, ["cc_claim"])
    assert OldRuns(past.database, past.runs).forget(["20260101-a"]) == []
    assert "20260101-a" in past.left


def test_a_directory_that_is_gone_already_is_no_trouble(past: Past) -> None:
    for path in (past.runs / "20260101-a").iterdir():
        path.unlink()
    (past.runs / "20260101-a").rmdir()
    assert past.service(days=30).clean_up(ITSELF) == ["20260101-a"]
    assert len(past.left) == 2


def test_the_audit_log_says_what_went_and_who_asked(past: Past) -> None:
    past.service(days=10).clean_up(ITSELF)
    (entry,) = past.audit.page(AuditFilter(), None, 10).entries
    assert (entry.who, entry.action, entry.subject) == ("cdalake", "runs.forget", "2 runs")
    assert entry.detail == {"count": 2, "runs": ["20260102-b", "20260101-a"]}


def test_the_thread_looks_by_itself_and_ends_when_asked(past: Past) -> None:
    service = past.service(days=30)
    service.start()
    assert service.is_working
    service.stop()
    assert not service.is_working
    assert "20260101-a" not in past.left


def test_of_two_servers_one_forgets(past: Past) -> None:
    other = Leases(past.database)
    assert other.hold(["retention"])
    service = past.service(days=30)
    service.start()
    service.stop()
    assert "20260101-a" in past.left


def test_old_entries_of_the_audit_log_go_when_asked_and_that_is_an_entry(past: Past) -> None:
    store = AuditStore(past.database)
    for days in (400, 10):
        past.audit.record(ITSELF, Action.TABLES_REFRESH, f"{days} days ago")
        with past.database.writing() as writer:
            newest = select(func.max(audit.c.id)).scalar_subquery()
            at = utc_now() - timedelta(days=days)
            writer.execute(update(audit).where(audit.c.id == newest).values(at=at))
    service = past.service(audit_days=365)
    service.start()
    service.stop()
    left = [(row["action"], row["subject"]) for row in store.page(AuditFilter(), None, 10)]
    assert left == [("audit.forget", "1 old"), ("tables.refresh", "10 days ago")]
