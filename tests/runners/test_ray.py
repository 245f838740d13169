"""The runner `ray` with a real Ray of its own."""

from __future__ import annotations

import json
import os
import pickle
import signal
from pathlib import Path

import pytest

from cdalake.runners.places import is_ray_installed
from cdalake.secret import Secret
from cdalake.settings import AMBIENT
from cdalake.storage.inline import InlineKeys
from conftest import Lake
from ray_runs import Start, assert_exact, of_session, sync, until

pytestmark = [
    pytest.mark.xdist_group("ray"),  # each Ray takes seconds and half a gigabyte
    pytest.mark.skipif(not is_ray_installed(), reason="Ray is not installed"),
]

PLANTED = "planted-" + "5ecret" * 4

# -- a Ray of the run's own -------------------------------------------------------------------


def test_a_private_ray_ends_with_its_run_and_the_tables_are_exact(
    lake: Lake, start: Start, tmp_path: Path
) -> None:
    export = lake.export(tables=4)
    killed = sync(start, lake)
    killed.until(lambda line: line.get("kind") == "cluster")
    os.kill(killed.process.pid, signal.SIGKILL)
    killed.process.wait()
    until(lambda: not of_session(killed.process.pid))

    run = sync(start, lake)
    result = run.result()
    assert (run.process.returncode, result["status"]) == (0, "completed")
    assert_exact(lake, export, result)
    until(lambda: not of_session(run.process.pid))
    state = json.loads((tmp_path / "home/runs" / result["run_id"] / "state.json").read_text())
    assert state["cluster"]["address"] is None
    assert [node["is_alive"] for node in state["cluster"]["nodes"]] == [True]
    assert run.kinds >= {"run_started", "table_planned", "committed", "table_finished", "cluster"}


def test_a_run_with_nothing_new_starts_no_ray(lake: Lake, start: Start) -> None:
    lake.export()
    lake.sync()
    run = sync(start, lake)
    assert {table["status"] for table in run.result()["tables"]} == {"no_change"}
    assert "cluster" not in run.kinds


# -- keys -------------------------------------------------------------------------------------


def test_keys_travel_only_in_the_wrapping_that_is_made_for_it() -> None:
    from cdalake.runners.ray_tasks import HandedKeys

    keys = InlineKeys.of("AKIAPLANTEDPLANTED00", PLANTED, None)
    with pytest.raises(TypeError):
        pickle.dumps(keys)
    handed = HandedKeys(keys)
    assert PLANTED not in repr(handed)
    there = pickle.loads(pickle.dumps(handed)).opener("s3://bucket/x", AMBIENT)  # noqa: S301
    assert there.access.keys.secret_access_key == Secret(PLANTED)
