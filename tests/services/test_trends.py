"""Trends, the button that retries, and the sums behind the overview."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, text

from cdalake.catalog.connections import ConnectionStore
from cdalake.catalog.database import Database
from cdalake.catalog.filters import Filter
from cdalake.catalog.finding import TableFinder
from cdalake.catalog.migrate import config
from cdalake.catalog.overview import Overview
from cdalake.catalog.reading import EMPTY_TABLE, Reading
from cdalake.catalog.runs import NewRun, RunStore
from cdalake.catalog.tables import BLANK, TableIndex, day_of
from cdalake.catalog.trends import TrendStore
from cdalake.engine.progress import RunState, utc_now
from cdalake.engine.spec import RunSpec
from cdalake.services.connections import Connections
from cdalake.services.trends_service import TrendsService, quantile
from cdalake.settings import Connection, load
from databases import new_sqlite

if TYPE_CHECKING:
    from .conftest import Home

TARGET = "/lake"


class Past:
    """A database in which things happened on days gone by."""

    def __init__(self, folder: Path, url: str) -> None:
        self.database = Database.open(url)
        self.index = TableIndex(self.database)
        self.runs = RunStore(self.database)
        connection = Connection("default", "/source", TARGET)
        bare = load({"CDALAKE_HOME": str(folder)}, folder)
        self.settings = replace(bare, connections={"default": connection})

    def trends(self) -> TrendsService:
        connections = Connections(self.settings, ConnectionStore(self.database))
        return TrendsService(connections, TrendStore(self.database))

    def run(
        self, days_ago: float, state: RunState, seconds: float, **tables: tuple[str, float]
    ) -> str:
        """A run with its tables: name to (status, seconds)."""
        began = utc_now() - timedelta(days=days_ago)
        spec = RunSpec(f"run-{days_ago}", "default", "/source", TARGET)
        self.runs.add(NewRun(spec, TARGET, "server", created_at=began))
        run = self.runs.get(spec.run_id)
        assert run is not None
        rows = {
            name: {
                **EMPTY_TABLE,
                "status": status,
                "started_at": began,
                "finished_at": began + timedelta(seconds=took),
            }
            for name, (status, took) in tables.items()
        }
        ended = began + timedelta(seconds=seconds)
        told = Reading(
            attempt=1,
            state=state,
            started_at=began,
            finished_at=ended,
            heartbeat_at=ended,
            host="here",
            pid=1,
            process_started=1.0,
            tables=rows,
        )
        assert self.runs.apply(run, told, rows)
        return spec.run_id

    def table(self, name: str, app: str) -> None:
        self.index.save([{**BLANK, "connection": "default", "name": name, "app": app,
                          "is_typelist": False}], {})  # fmt: skip

    def commit(self, name: str, version: int, days_ago: float, rows: int) -> None:
        at = utc_now() - timedelta(days=days_ago)
        row: dict[str, Any] = dict.fromkeys(("user", "engine", "run_id", "watermark_ms"))
        row |= {"version": version, "timestamp": at, "operation": "WRITE", "rows": rows}
        row |= {"files_added": 1, "files_removed": 0, "bytes_added": 9, "data_change": True}
        row |= {"parameters": {}, "schema_string": None, "schema_change": None}
        assert self.index.add_commits("default", name, version - 1, [row])

    def volume(self) -> dict[str, tuple[int, int]]:
        found = self.index.volume(["default"], "2000-01-01")
        return {app: (rows, commits) for _, app, rows, commits in found}


@pytest.fixture
def past(tmp_path: Path) -> Iterator[Past]:
    made = Past(tmp_path, new_sqlite(tmp_path / "cdalake.db"))
    yield made
    made.database.close()


def test_a_period_is_summed_up_beside_the_one_before(past: Past) -> None:
    past.run(1, RunState.COMPLETED, 10)
    past.run(2, RunState.COMPLETED, 30)
    past.run(3, RunState.COMPLETED_WITH_ERRORS, 20)
    past.run(4, RunState.CANCELLED, 900)
    past.run(9, RunState.FAILED, 5)
    past.table("cc_claim", "ClaimCenter")
    past.commit("cc_claim", 0, 9, 7)
    past.commit("cc_claim", 1, 1, 5)
    told = past.trends().trends(7)
    assert told.days == len(told.by_day) == 7
    assert (told.totals.runs, told.totals.completed, told.totals.failed) == (4, 2, 1)
    assert told.totals.success_rate == pytest.approx(0.6667)
    assert (told.totals.p50_seconds, told.totals.p95_seconds) == (20, 30)
    assert (told.totals.rows, told.totals.commits) == (5, 1)
    assert (told.before.runs, told.before.success_rate, told.before.rows) == (1, 0, 7)
    yesterday = next(day for day in told.by_day if day.rows)
    assert (yesterday.rows, yesterday.commits) == (5, 1)
    assert sum(day.completed for day in told.by_day) == 2
    assert sum(day.failed for day in told.by_day) == 1


def test_without_a_run_nothing_is_made_up(past: Past) -> None:
    told = past.trends().trends(30)
    assert (told.totals.success_rate, told.totals.p50_seconds) == (None, None)
    assert (told.totals.mean_recovery_seconds, told.slowest_since) == (None, None)
    assert told.slowest == []


def test_the_slowest_tables_are_those_that_take_longest_when_they_have_something_to_do(
    past: Past,
) -> None:
    past.run(2, RunState.COMPLETED, 60, slow=("ok", 50), quick=("ok", 1), idle=("no_change", 99))
    last = past.run(1, RunState.COMPLETED, 60, slow=("failed", 30), quick=("ok", 3))
    slow, quick = past.trends().trends(7).slowest
    assert (slow.table, slow.runs, slow.mean_seconds) == ("slow", 2, 40)
    assert (slow.longest_seconds, slow.last_run_id) == (50, last)
    assert (quick.table, quick.mean_seconds, quick.connection) == ("quick", 2, "default")


def test_recovery_is_the_time_from_failed_to_well(past: Past) -> None:
    now = utc_now()
    key = {"connection": "default", "table_name": "cc_claim"}
    past.index.add_recoveries(
        [
            {**key, "began_at": now - timedelta(hours=30), "ended_at": now - timedelta(hours=28)},
            {**key, "began_at": now - timedelta(hours=27), "ended_at": now - timedelta(hours=26)},
            {**key, "began_at": now - timedelta(days=41), "ended_at": now - timedelta(days=40)},
        ]
    )
    told = past.trends().trends(30)
    assert (told.totals.recoveries, told.totals.mean_recovery_seconds) == (2, 5400)
    assert (told.before.recoveries, told.before.mean_recovery_seconds) == (1, 86_400)


def test_an_answer_stands_for_a_minute(past: Past) -> None:
    trends = past.trends()
    first = trends.trends(7)
    past.run(1, RunState.COMPLETED, 10)
    assert trends.trends(7) is first
    assert trends.trends(30).totals.runs == 1


@pytest.mark.parametrize(
    ("values", "half", "most"), [([], None, None), ([4.0], 4, 4), ([1.0, 2.0, 3.0, 9.0], 2, 9)]
)
def test_a_quantile_is_one_of_the_values(
    values: list[float], half: float | None, most: float | None
) -> None:
    assert (quantile(values, 0.5), quantile(values, 0.95)) == (half, most)


def test_days_by_application_follow_their_tables(past: Past) -> None:
    past.table("cc_claim", "ClaimCenter")
    past.table("cc_note", "ClaimCenter")
    past.table("pc_policy", "PolicyCenter")
    for name in ("cc_claim", "cc_note", "pc_policy"):
        past.commit(name, 0, 0, 10)
    past.commit("cc_note", 1, 0, 5)
    assert past.volume() == {"ClaimCenter": (25, 3), "PolicyCenter": (10, 1)}
    past.index.forget_history("default", "cc_note")
    past.commit("cc_note", 0, 0, 1)
    past.index.remove("default", ["pc_policy"])
    assert past.volume() == {"ClaimCenter": (11, 2), "PolicyCenter": (0, 0)}
    past.index.remove_connection("default")
    assert past.volume() == {}


def test_lags_are_counted_between_bounds(past: Past) -> None:
    for name, lag in (("a", 0), ("b", 59), ("c", 60), ("d", 4000), ("e", None)):
        row = {**BLANK, "connection": "default", "name": name, "app": "Other"}
        past.index.save([{**row, "is_typelist": False, "lag_s": lag}], {})
    overview = Overview(past.database)
    assert overview.lag_counts(["default"], (0, 60, 3600)) == [2, 1, 1]
    assert overview.lag_counts(["other"], (0, 60)) == [0, 0]
    behind = overview.most_behind(["default"], 2)
    assert [(row["name"], row["lag_s"]) for row in behind] == [("d", 4000), ("c", 60)]


def test_the_overview_reads_no_row_of_the_tables(past: Past) -> None:
    """Rows are wide; its counts are answered from an index alone, however many tables there are."""
    asked: list[str] = []

    @event.listens_for(past.database.engine, "before_cursor_execute")
    def _(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("SELECT"):
            plan = past.database.engine.raw_connection().execute(
                f"EXPLAIN QUERY PLAN {statement}", parameters
            )
            asked.extend(row[3] for row in plan.fetchall() if "lake_tables" in row[3])

    overview, names = Overview(past.database), ["default"]
    overview.health(names)
    overview.lag_counts(names, (0, 60))
    overview.last_data_at(names)
    overview.failed_in_runs(names, 0, 10)
    overview.most_behind(names, 10)
    overview.worst(names, [0, 1, 2], 10)
    assert len(asked) == 6
    assert all("COVERING INDEX lake_tables_" in step for step in asked), asked


def test_what_is_counted_beside_lists_and_schema_changes_have_indexes(past: Past) -> None:
    asked: list[str] = []

    @event.listens_for(past.database.engine, "before_cursor_execute")
    def _(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        plan = past.database.engine.raw_connection().execute(
            f"EXPLAIN QUERY PLAN {statement}", parameters
        )
        asked.extend(row[3] for row in plan.fetchall() if row[3].startswith(("SCAN", "SEARCH")))

    TableFinder(past.database).census(Filter(("default",)))
    assert [step for step in asked if "COVERING INDEX" not in step] == [], asked
    asked.clear()
    past.index.schema_changes(None, utc_now() - timedelta(days=7), 20)
    assert ["commits_by_schema_change" in step for step in asked] == [True], asked


def test_a_database_from_before_gets_its_days_by_application(tmp_path: Path) -> None:
    from alembic.command import downgrade

    url = new_sqlite(tmp_path / "cdalake.db")
    past = Past(tmp_path, url)
    past.table("cc_claim", "ClaimCenter")
    past.commit("cc_claim", 0, 0, 10)
    with past.database.engine.connect() as connection:
        settings = config()
        settings.attributes["connection"] = connection
        downgrade(settings, "0005")
        connection.commit()
    past.database.close()
    again = Past(tmp_path, url)
    assert again.volume() == {"ClaimCenter": (10, 1)}
    again.database.close()


def break_paths(home: Home, *names: str) -> dict[str, Any]:
    """The manifest as it was; in the store it has these tables elsewhere."""
    manifest = home.lake.manifest()
    broken = {name: {**manifest[name], "dataFilesPath": "/not/there"} for name in names}
    home.lake.write_manifest({**manifest, **broken})
    return manifest


def test_one_button_retries_the_run_that_failed_exactly_these_tables(home: Home) -> None:
    home.lake.export()
    first, second, _ = sorted(home.lake.manifest())
    break_paths(home, first, second)
    run_id = home.start()
    home.ended(run_id)
    home.refresh()
    (offer,) = home.services.dashboard.overview().retry
    assert (offer.run_id, offer.tables) == (run_id, [first, second])


def test_tables_that_failed_in_several_runs_need_a_run_of_their_own(home: Home) -> None:
    home.lake.export()
    first, second, _ = sorted(home.lake.manifest())
    break_paths(home, first, second)
    for name in (first, second):
        home.ended(home.start(table_names=[name]))
    home.refresh()
    (offer,) = home.services.dashboard.overview().retry
    assert (offer.run_id, offer.tables) == (None, [first, second])


def test_a_run_that_failed_others_too_is_not_retried_whole(home: Home) -> None:
    home.lake.export()
    first, second, _ = sorted(home.lake.manifest())
    manifest = break_paths(home, first, second)
    home.ended(home.start())
    home.lake.write_manifest({**home.lake.manifest(), first: manifest[first]})
    home.ended(home.start(table_names=[first]))
    home.refresh()
    (offer,) = home.services.dashboard.overview().retry
    assert (offer.run_id, offer.tables) == (None, [second])


def test_a_table_that_is_mended_is_a_recovery(home: Home) -> None:
    home.lake.export()
    first, *_ = sorted(home.lake.manifest())
    manifest = break_paths(home, first)
    home.ended(home.start())
    home.refresh()
    home.lake.write_manifest(manifest)
    home.ended(home.start())
    home.refresh()
    assert home.services.dashboard.overview().retry == []
    told = home.services.trends.trends(7)
    assert told.totals.recoveries == 1
    assert told.totals.mean_recovery_seconds is not None
    with home.services.database.reading() as reader:
        assert reader.execute(text("SELECT table_name FROM recoveries")).scalars().all() == [first]


def test_volume_has_rows_and_commits_by_application(home: Home) -> None:
    home.lake.export()
    home.ended(home.start())
    home.refresh()
    today = home.services.dashboard.overview().volume[-1]
    assert today.day == day_of(datetime.now(UTC))
    assert set(today.rows_by_app) == set(today.commits_by_app)
    assert today.commits == sum(today.commits_by_app.values()) == 3
