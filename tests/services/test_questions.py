"""Answers of the services that no other test asks for."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from cdalake.bootstrap import build
from cdalake.catalog.runs import RunStore
from cdalake.catalog.tables import TableIndex
from cdalake.engine.process import Process
from cdalake.engine.progress import RunState, utc_now
from cdalake.engine.spec import RunSpec
from cdalake.errors import AmbiguousTable, StoreUnavailable, UsageError
from cdalake.services.config_service import ConfigService
from cdalake.services.connection_refresher import ConnectionRefresher, Wish
from cdalake.services.queries import LogQuery, TableQuery, TableSelection
from cdalake.services.run_views import config
from cdalake.services.spark_service import Wanted
from cdalake.settings import AccessRef, Connection, load, mask_key

if TYPE_CHECKING:
    from .conftest import Home


def test_a_name_of_several_connections_must_be_told_apart(home: Home, tmp_path: Path) -> None:
    home.lake.export(tables=1)
    (name,) = home.lake.manifest()
    names = ("east", "west")
    connections = {n: Connection(n, home.lake.source_url, str(tmp_path / n)) for n in names}
    settings = replace(home.settings, connections=connections)
    services = build(settings, {})
    index, runs = TableIndex(services.database), RunStore(services.database)
    for connection in connections.values():
        ConnectionRefresher(connection, index, runs, 60).refresh(Wish())
    with pytest.raises(AmbiguousTable, match="east, west"):
        services.tables.detail(name, None, with_sample=False)
    chosen = services.tables.detail(name, "west", with_sample=False)
    assert chosen.connection == "west"
    assert services.table_list.page(TableQuery()).total == 2
    assert services.table_list.page(TableQuery(TableSelection(connections=("east",)))).total == 1
    services.database.close()


def test_the_default_connection_is_meant_where_several_know_a_name(
    home: Home, tmp_path: Path
) -> None:
    home.lake.export(tables=1)
    (name,) = home.lake.manifest()
    other = Connection("other", home.lake.source_url, str(tmp_path / "other"))
    both = {"other": other, **home.settings.connections}
    services = build(replace(home.settings, connections=both), {})
    index, runs = TableIndex(services.database), RunStore(services.database)
    for connection in both.values():
        ConnectionRefresher(connection, index, runs, 60).refresh(Wish())
    assert services.tables.detail(name, None, with_sample=False).connection == "default"
    services.database.close()


def test_without_a_connection_the_overview_says_so(home: Home) -> None:
    services = build(replace(home.settings, connections={}), {})
    assert services.dashboard.overview().headline == "No connection is configured"
    assert services.config.configuration(None).connection == ""
    services.database.close()


def test_before_the_first_look_nothing_is_claimed(home: Home) -> None:
    board = home.services.dashboard.overview()
    assert (board.headline, board.subline) == ("Not looked at yet", "No run yet")
    assert board.as_of is None
    assert home.services.config.health().s3_access is None


def test_an_answer_about_a_run_does_not_contradict_itself(home: Home) -> None:
    """Its directory may know more than the database; one answer has one of both."""
    home.lake.export()
    run_id = home.start()
    process = home.until(run_id, lambda run: run.process is not None).process
    until_ended(home, run_id)
    told = home.services.guidewire.status(run_id)
    finished = [result for result in told.results if result.process_finish_time is not None]
    assert len(finished) == told.tables_processed
    assert sum(result.rows for result in told.results) == told.rows
    assert process is not None
    home.ended(run_id)


def until_ended(home: Home, run_id: str) -> None:
    """The process has ended; the database has not heard of it."""
    deadline = time.monotonic() + 60
    while home.directory(run_id).result_of(1) is None:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_what_a_run_was_asked_is_told_without_secrets(home: Home) -> None:
    home.lake.export(tables=1)
    asked = {"table_names": ["cc_*"], "exceptions": ["x"], "largest_tables_first_count": 1}
    run_id = home.start(**asked, parallel=False, commit_per_folder=True, aws_region="here")
    told = home.services.guidewire.status(run_id).config
    connection = home.settings.connections["default"]
    assert told.model_dump() == {
        **asked,
        "connection": "default",
        "source": connection.source,
        "target": connection.target,
        "parallel": False,
        "workers": 1,
        "runner": "threads",
        "ray_address": None,
        "commit_per_folder": True,
        "action": "sync",
        "since": None,
        "files": [],
        "layout": "copy",
        "current": False,
        "schema_change": "merge",
        "rebase": None,
        "lookback_seconds": 7200,
        "settle_seconds": 900,
        "credential": "none (folders)",
        "aws_access_key_id": None,
    }
    home.ended(run_id)


def test_a_run_names_whose_credentials_it_used_and_nothing_more() -> None:
    stores = RunSpec("r1", "default", source="s3://acme/cda", target="s3://lake/gw")
    assert config(stores).credential == "environment (AWS_*)"
    profile = replace(stores, source_access=AccessRef("profile:acme"))
    assert config(profile).credential == "source: profile acme; target: environment (AWS_*)"
    brought = config(replace(profile, inline_key=mask_key("AKIAPLANTEDPLANTED01")))
    assert brought.credential == "access key ****ED01, sent with the request"


def test_lines_that_a_crash_left_behind_its_state_are_read_in_the_end(home: Home) -> None:
    home.lake.export(tables=1)
    run_id = home.start()
    home.ended(run_id)
    directory = home.directory(run_id)
    state = directory.read("state.json")
    assert state is not None
    last = directory.last_line()
    directory.write("state.json", {**state, "lines": last - 2})
    page = home.services.logs.page(run_id, LogQuery(last - 2))
    assert [line.line for line in page.lines] == [last - 1, last]
    assert (page.last_line, page.next_offset) == (last, last)


def test_the_overview_tells_of_the_run_that_works(home: Home) -> None:
    home.lake.export(tables=1)
    run_id = home.start()
    board = home.services.dashboard.overview()
    assert board.active_run is not None
    assert board.active_run.run_id == run_id
    assert board.subline == f"run {run_id} works: 0 of 0 tables"
    home.ended(run_id)


def test_recent_schema_changes_are_told_in_words(home: Home) -> None:
    home.lake.export(tables=1)
    where = Path(home.lake.target_url) / "mine"
    pl.DataFrame({"id": [1]}).write_delta(where)
    pl.DataFrame({"id": [2], "more": ["x"]}).write_delta(
        where, mode="append", delta_write_options={"schema_mode": "merge"}
    )
    home.refresh()
    (change,) = home.services.dashboard.overview().schema_changes
    assert (change.table, change.summary) == ("mine", "added more")


def test_a_broken_data_file_is_a_sample_error_and_no_crash(home: Home) -> None:
    home.lake.export(tables=1)
    where = Path(home.lake.target_url) / "mine"
    pl.DataFrame({"id": [1]}).write_delta(where)
    home.refresh()
    for file in where.glob("*.parquet"):
        file.write_bytes(b"no parquet")
    sample = home.services.tables.sample("mine", None, Wanted(10))
    assert sample.rows == []
    assert sample.error is not None
    assert sample.error.code == "SAMPLE_FAILED"


def test_a_target_that_cannot_be_opened_is_a_listing_error(home: Home) -> None:
    bad = replace(home.settings.connections["default"], target="ftp://nowhere")
    ConnectionRefresher(bad, home.index, home.runs, 60).refresh(Wish())
    assert home.index.checks()["default"]["error"]["code"] == "BAD_LOCATION"


def test_a_region_that_is_not_the_servers_is_refused(home: Home) -> None:
    home.services.guidewire._region = "eu-west-1"
    home.lake.export(tables=1)
    home.ended(home.start(aws_region="eu-west-1"))
    with pytest.raises(UsageError, match="NOT_THE_CONNECTIONS"):
        home.start(aws_region="us-east-1")


def test_the_connections_own_places_may_be_repeated(home: Home) -> None:
    home.lake.export(tables=1)
    source = f"{home.lake.source_url}/manifest.json"
    run_id = home.start(aws_manifest_location=source, aws_s3_bucket=home.lake.target_url)
    assert home.ended(run_id).state is RunState.COMPLETED


def origins(home: Home, environment: dict[str, str], name: str) -> dict[str, str]:
    settings = load(environment, home.settings.home)
    shown = ConfigService(
        settings, home.connections(settings), home.index, environment
    ).configuration(name)
    group = f"Connection {name}"
    return {value.name: value.origin for value in shown.settings if value.group == group}


def test_every_value_of_a_connection_says_where_it_is_from(home: Home) -> None:
    file = home.settings.home / "cdalake.toml"
    file.write_text('[connections.east]\nsource = "/a"\ntarget = "/b"\nsettle_seconds = 900\n')
    environment = {
        "CDALAKE_HOME": str(home.settings.home),
        "CDALAKE_SOURCE": "/c",
        "CDALAKE_TARGET": "/d",
        "CDALAKE_LAG_LIMIT_SECONDS": "60",
    }
    here = f"{file} [connections.east]"
    east = origins(home, environment, "east")
    assert {n for n, o in east.items() if o == here} == {"source", "target", "settle"}
    assert east["lag limit"] == "environment CDALAKE_LAG_LIMIT_SECONDS"
    assert (east["workers"], east["look-back"], east["credential"]) == ("default",) * 3
    default = origins(home, environment, "default")
    assert default["source"] == "environment CDALAKE_SOURCE"
    assert default["lag limit"] == "environment CDALAKE_LAG_LIMIT_SECONDS"
    assert default["settle"] == default["layout"] == "default"


def test_an_endpoint_is_shown_without_its_user(home: Home) -> None:
    environment = {"AWS_ENDPOINT_URL": "http://me:word@host:9/x?k=1", "AWS_REGION": "eu-west-1"}
    connections = home.connections(home.settings)
    service = ConfigService(home.settings, connections, home.index, environment)
    shown = service.configuration(None)
    values = {setting.name: setting.value for setting in shown.settings}
    assert values["endpoint"] == "http://host:9/x"
    assert shown.aws_region == "eu-west-1"


def test_a_process_of_another_machine_is_given_up_when_it_falls_silent(home: Home) -> None:
    home.lake.export(tables=1)
    run_id = home.start()
    run = home.run(run_id)
    home.runs.claim(run, "the other server")
    home.runs.started(run, Process("another machine", 1, 1.0))
    home.look()
    assert home.run(run_id).attempt == 1
    for minutes, state in ((2, RunState.UNKNOWN), (6, RunState.PENDING)):
        long_ago = utc_now() - timedelta(minutes=minutes)
        home.runs._change(home.run(run_id), [*RunState], heartbeat_at=long_ago)
        home.look()
        assert home.run(run_id).state is state
    assert home.ended(run_id).attempt == 2


def test_a_run_that_does_not_hear_its_cancel_is_ended_by_force(home: Home) -> None:
    import os
    import signal

    home.lake.export(tables=1)
    run_id = home.start()
    process = home.until(run_id, lambda run: run.process is not None).process
    assert process is not None
    os.kill(process.pid, signal.SIGSTOP)
    home.services.guidewire.cancel(run_id)
    long_ago = utc_now() - timedelta(minutes=5)
    home.runs._change(home.run(run_id), [RunState.CANCELLING], cancelled_at=long_ago)
    assert home.ended(run_id).state is RunState.CANCELLED


def test_a_service_whose_threads_do_not_live_is_not_ready(home: Home) -> None:
    with pytest.raises(StoreUnavailable, match="NOT_READY"):
        home.services.check_ready()
    home.services.start()
    home.services.check_ready()
    home.services.refresher.nudge()
    home.services.stop()
