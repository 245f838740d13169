"""The overview and the trends of one connection among several."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cdalake.bootstrap import Services, build
from cdalake.catalog.runs import NewRun, RunStore
from cdalake.catalog.tables import TableIndex
from cdalake.engine.spec import RunSpec
from cdalake.errors import UsageError
from cdalake.services.connection_refresher import ConnectionRefresher, Wish
from cdalake.settings import Connection
from conftest import Lake

if TYPE_CHECKING:
    from .conftest import Home


@pytest.fixture
def claims(tmp_path: Path) -> Lake:
    """A second lake, of five loaded tables, one of them with a new column."""
    lake = Lake(str(tmp_path / "claims-source"), str(tmp_path / "claims-target"))
    lake.export(tables=5)
    lake.sync()
    return lake


@pytest.fixture
def both(home: Home, claims: Lake) -> Iterator[Services]:
    """Services of two connections: `default` with three tables unloaded, `claims` with five."""
    home.lake.export(tables=3)
    other = Connection("claims", claims.source_url, claims.target_url, lag_limit_seconds=120)
    known = {**home.settings.connections, "claims": other}
    services = build(replace(home.settings, connections=known), {})
    index, runs = TableIndex(services.database), RunStore(services.database)
    for name, connection in known.items():
        ConnectionRefresher(connection, index, runs, 60).refresh(Wish())
        spec = RunSpec(f"run-of-{name}", name, connection.source, connection.target)
        runs.add(NewRun(spec, connection.target, "server"))
    yield services
    services.database.close()


def test_the_overview_of_a_connection_tells_of_no_other(both: Services) -> None:
    whole = both.dashboard.overview()
    one = both.dashboard.overview("claims")
    assert (whole.total_tables, one.total_tables) == (8, 5)
    assert [each.name for each in whole.connections] == ["default", "claims"]
    assert [each.name for each in one.connections] == ["claims"]
    assert {run.run_id for run in whole.runs} == {"run-of-default", "run-of-claims"}
    assert [run.run_id for run in one.runs] == ["run-of-claims"]
    assert one.active_run is not None
    assert one.active_run.run_id == "run-of-claims"
    assert one.subline.startswith("run run-of-claims")
    assert sum(bar.count for bar in one.freshness) <= 5
    assert {each.connection for each in (*one.attention, *one.most_behind)} <= {"claims"}
    assert {each.connection for each in one.schema_changes} <= {"claims"}
    assert one.lag_limit_seconds == 120
    assert one.s3_bucket.endswith("claims-target")
    assert one.rows_today > 0 == both.dashboard.overview("default").rows_today
    assert whole.headline != one.headline


def test_the_trends_of_a_connection_tell_of_no_other(both: Services) -> None:
    whole, one = both.trends.trends(7), both.trends.trends(7, "claims")
    none = both.trends.trends(7, "default")
    assert whole.totals.rows == one.totals.rows > 0
    assert none.totals.rows == 0
    assert both.trends.trends(7, "claims") == one


def test_a_connection_that_is_not_there_is_an_error_with_the_known_ones(both: Services) -> None:
    for ask in (both.dashboard.overview, lambda name: both.trends.trends(7, name)):
        with pytest.raises(UsageError, match=r"'nope' \(known: claims, default\)"):
            ask("nope")
