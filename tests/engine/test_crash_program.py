"""R24 for the program itself: `cdalake sync`, killed at moments that nobody chose."""

from __future__ import annotations

import os
import random
from pathlib import Path

from conftest import Lake
from faults import Program, Truth, kill_at_random


def test_a_program_killed_twenty_times_at_random_moments_ends_exact(
    lake: Lake, tmp_path: Path
) -> None:
    seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(1_000_000))
    print(f"SEED={seed}")  # noqa: T201 - to be killed at the same moments again
    lake.export(tables=5, folders=6, rows=40)

    killings = kill_at_random(
        lake.source_url, lake.target_url, tmp_path / "home", lake.extend, 20, seed
    )

    assert killings.midway > 0, killings
    export = lake.extend()
    Program(lake.source_url, lake.target_url, tmp_path / "home").end()
    Truth.of(export).check(lake.target)
    print(killings)  # noqa: T201
