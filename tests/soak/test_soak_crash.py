"""Hundreds of kills: `make soak`, with SEED and ROUNDS in the environment to run it again."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from conftest import Lake
from faults import Program, Truth, kill_at_random

ROUNDS = int(os.environ.get("ROUNDS") or 300)


@pytest.mark.parametrize("place", ["lake", "s3_lake"], ids=["folder", "S3"])
def test_a_program_killed_at_hundreds_of_random_moments_ends_exact(
    place: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    lake: Lake = request.getfixturevalue(place)
    seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(1_000_000))
    print(f"SEED={seed}")  # noqa: T201 - to be killed at the same moments again
    lake.export(tables=6, folders=6, rows=40)
    done = 0

    while done < ROUNDS:
        step = min(30, ROUNDS - done)
        killings = kill_at_random(
            lake.source_url, lake.target_url, tmp_path / "home", lake.extend, step, seed + done
        )
        done += step
        export = lake.extend()
        Program(lake.source_url, lake.target_url, tmp_path / "home").end()
        Truth.of(export).check(lake.target)
        print(f"{done} rounds, {killings}, {export.folders} folders a table")  # noqa: T201
