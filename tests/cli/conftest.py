"""The command line as people use it: a process of its own with an empty home."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest


@dataclass
class Ended:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Standard output, every line of which must be JSON."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def last(self) -> dict[str, Any]:
        return self.lines[-1]


@dataclass
class CommandLine:
    """``cdalake`` in a process with an environment of its own."""

    home: Path
    env: dict[str, str]

    def __call__(self, *arguments: object, python: tuple[str, ...] = (), **env: str) -> Ended:
        done = subprocess.run(
            self.command(*arguments, python=python),
            env=self.env | env,
            cwd=self.home,
            capture_output=True,
            text=True,
            timeout=120,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    @staticmethod
    def command(*arguments: object, python: tuple[str, ...] = ()) -> list[str]:
        return [sys.executable, *python, "-m", "cdalake", *map(str, arguments)]

    @property
    def runs(self) -> list[Path]:
        """Run directories, oldest first."""
        return sorted((self.home / ".cdalake" / "runs").iterdir())


@pytest.fixture
def cdalake(tmp_path: Path, _bare_environment: None) -> CommandLine:
    """The command line with an empty home and no settings."""
    home = tmp_path / "home"
    home.mkdir()
    return CommandLine(home, {**os.environ, "HOME": str(home), "PYTHONWARNINGS": "error"})
