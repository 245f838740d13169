"""Manifests that runs were made from are kept by content (R5, R71)."""

from __future__ import annotations

import json
import os
from pathlib import Path

from cdalake.engine.manifests import Manifests
from cdalake.engine.recorder import RunRecorder
from cdalake.engine.rundir import RunDirectory
from cdalake.engine.sync import run
from conftest import Lake


def recorded(lake: Lake, runs: Path) -> dict[str, object]:
    """A sync with its run directory; its state.json."""
    spec = lake.spec()
    directory = RunDirectory.create(runs, spec)
    recorder = RunRecorder(directory, spec.run_id)
    recorder.close(run(spec, recorder, lambda: False).to_json())
    return directory.read("state.json") or {}


def test_r5_r71_the_manifest_of_a_run_is_kept_once_for_all_that_had_it(
    lake: Lake, tmp_path: Path
) -> None:
    lake.export(tables=1)
    runs = tmp_path / "home" / "runs"

    first, again = recorded(lake, runs), recorded(lake, runs)

    assert first["manifest_sha256"] == again["manifest_sha256"]
    kept = Manifests(runs).read(str(first["manifest_sha256"]))
    assert json.loads(kept or b"") == lake.manifest()
    assert len(list((tmp_path / "home" / "manifests").iterdir())) == 1
    lake.extend(1)
    later = recorded(lake, runs)
    assert later["manifest_sha256"] != first["manifest_sha256"]


def test_manifests_of_forgotten_runs_are_forgotten_and_no_others(tmp_path: Path) -> None:
    manifests = Manifests(tmp_path / "runs")
    for name in ("aa", "bb"):
        manifests.keep(name, b"{}")
    os.utime(tmp_path / "manifests" / "aa.json.gz", (1, 1))

    manifests.forget(before=2)

    assert (manifests.read("aa"), manifests.read("bb")) == (None, b"{}")
    manifests.keep("bb", b"{}")


def test_a_name_that_is_no_hash_leads_nowhere(tmp_path: Path) -> None:
    assert Manifests(tmp_path / "runs").read("../../etc/passwd") is None


def test_a_manifest_cut_off_by_a_full_disk_is_as_good_as_none(tmp_path: Path) -> None:
    manifests = Manifests(tmp_path / "runs")
    manifests.keep("aa", b"{}" * 99)
    path = tmp_path / "manifests" / "aa.json.gz"
    path.write_bytes(path.read_bytes()[:12])

    assert manifests.read("aa") is None
