"""Programs that end with their test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ray_runs import Running, Start


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts programs and sees to their end."""
    started: list[Running] = []

    def begin(*command: str, **environment: str) -> Running:
        home = {"CDALAKE_HOME": str(tmp_path / "home")}
        started.append(Running(list(command), tmp_path, **home, **environment))
        return started[-1]

    yield begin
    for run in started:
        run.close()
