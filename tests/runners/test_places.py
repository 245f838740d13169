"""Where tables are worked at: what can be told without going there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cdalake.access import Role
from cdalake.cli.doctor import examine
from cdalake.engine.job import Job
from cdalake.engine.progress import Event, TableResult, TableState
from cdalake.engine.recorder import Progress
from cdalake.engine.spec import RunSpec
from cdalake.engine.sync import run
from cdalake.engine.workplace import Threads
from cdalake.errors import UsageError
from cdalake.models.guidewire import GuidewireConfig
from cdalake.runners.cluster import ClusterStatus, Node
from cdalake.runners.places import check_place, place_for
from cdalake.services.guidewire_service import run_spec
from cdalake.services.queries import Requester
from cdalake.settings import Connection, connection_of, load
from conftest import Lake

BARE = RunSpec("r", "test", "/export", "/lake")
ME = Requester("ana", "api", Role.OPERATOR)


class Elsewhere:
    """A place that finds every table as it should be, and remembers who came."""

    def __init__(self) -> None:
        self.tables: list[str] = []

    def work(self, job: Job, entries: Any) -> list[TableResult]:
        assert job.sink is not None
        self.tables = [entry.table for entry in entries]
        return [TableResult(table, TableState.NO_CHANGE) for table in self.tables]


def test_a_run_works_at_the_place_it_is_given_and_keeps_what_cannot_be_tried(lake: Lake) -> None:
    export = lake.export()
    place = Elsewhere()
    spec = lake.spec(include=(*export.tables, "no_such_table"))
    result = run(spec, lake.listener, lambda: False, workplace=place)
    assert sorted(place.tables) == sorted(export.tables)
    assert {t.table: t.status for t in result.tables} == {
        **dict.fromkeys(export.tables, TableState.NO_CHANGE),
        "no_such_table": TableState.FAILED,
    }


def test_threads_are_the_place_where_nothing_is_said() -> None:
    assert isinstance(place_for(BARE), Threads)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"runner": "spark"}, "BAD_RUNNER"),
        ({"runner": "ray", "ray_address": "auto"}, "BAD_RAY_ADDRESS"),
        ({"runner": "ray", "ray_address": "http://head:8265"}, "BAD_RAY_ADDRESS"),
        ({"runner": "ray", "ray_address": "me:word@head:6379"}, "BAD_RAY_ADDRESS"),
    ],
)
def test_a_place_that_cannot_be_is_wrong_usage(asked: dict[str, Any], code: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_place(replace(BARE, **asked))
    assert caught.value.code == code
    assert "word" not in str(caught.value)


def test_a_connection_of_the_file_says_where_its_tables_are_worked_at() -> None:
    values = {"source": "/s", "target": "/t", "runner": "ray", "ray_address": "ray://head:10001"}
    connection = connection_of("far", values, "here", {})
    spec = run_spec(GuidewireConfig(), connection, ME)
    assert (spec.runner, spec.ray_address) == ("ray", "ray://head:10001")
    assert spec.ray_dedup_logs


@pytest.mark.parametrize(
    "wrong", [{"runner": "spark"}, {"ray_address": "head"}, {"ray_address": "me:word@head:6379"}]
)
def test_what_is_no_runner_or_no_address_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(UsageError) as caught:
        connection_of("far", {"source": "/s", "target": "/t", **wrong}, "here", {})
    assert caught.value.code == "BAD_SETTING"


def test_a_request_that_is_not_parallel_takes_one_thread_whatever_the_connection_has() -> None:
    far = Connection("far", "/s", "/t", runner="ray", ray_address="head:6379")
    spec = run_spec(GuidewireConfig(parallel=False, ray_dedup_logs="0"), far, ME)
    assert (spec.runner, spec.ray_address, spec.workers) == ("threads", None, 1)
    assert not spec.ray_dedup_logs


def test_doctor_says_whether_ray_can_be_used(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    examine(load({"CDALAKE_HOME": str(tmp_path)}, tmp_path))
    told = capfd.readouterr()
    assert "Ray: " in told.out + told.err


NODES = (Node("10.0.0.6 (a1)", True, 4.0, 3, 8), Node("10.0.0.7 (b2)", False, 4.0))


def test_a_cluster_counts_the_cpus_of_the_nodes_that_live() -> None:
    status = ClusterStatus("10.0.0.5:6379", NODES, 3.0, 3, 12)
    assert (status.cpus, status.alive) == (4.0, 1)
    said = "1 node, 1 dead, 3 of 4 CPUs, 3 tasks running, 12 pending"
    assert status.sentence == said


def test_the_state_of_a_run_has_its_cluster_as_it_was_told_last() -> None:
    progress = Progress("r")
    assert progress.to_json()["cluster"] is None
    for running in (1, 3):
        status = ClusterStatus(None, NODES, 1.0, running, 0)
        progress.apply(Event("cluster", status.sentence, data=status.to_json()))
    told = progress.to_json()["cluster"]
    assert (told["tasks_running"], told["cpus"], len(told["nodes"])) == (3, 4.0, 2)
    assert told["told_at"].endswith("Z")
