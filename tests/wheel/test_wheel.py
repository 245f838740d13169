"""The wheel: built from the sdist, installed into an empty environment, used from there."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("wheel")  # one worker builds it once

ROOT = Path(__file__).resolve().parents[2]
SENTENCE = "The page is not built"
PACKAGING = ["pyproject.toml", "hatch_build.py", "README.md", "LICENSE"]
WHERE = """
import json, pathlib, cdalake
home = pathlib.Path(cdalake.__file__).parent
print(json.dumps({"home": str(home), "page": (home / "ui/dist/index.html").read_text()}))
"""
ROWS = """
import sys
from deltalake import DeltaTable
print(*(DeltaTable(path).count() for path in sys.argv[1:]))
"""


def run(
    *command: str | Path, cwd: Path = ROOT, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


def must(
    *command: str | Path, cwd: Path = ROOT, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    done = run(*command, cwd=cwd, env=env)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done


@dataclass(frozen=True)
class Installed:
    """An environment that has the wheel and nothing of the checkout."""

    bin: Path
    elsewhere: Path
    home: Path

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        env = {"PATH": os.defpath, "HOME": str(self.home), "LANG": "C.UTF-8"}
        return must(self.bin / program, *arguments, cwd=self.elsewhere, env=env)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    place = tmp_path_factory.mktemp("wheel")
    must("uv", "build", "--out-dir", place / "dist", ROOT)  # the sdist, and the wheel out of it
    (wheel,) = (place / "dist").glob("*.whl")
    must("uv", "venv", "--python", sys.executable, place / "env")
    must("uv", "export", "--frozen", "--no-dev", "--no-emit-project", "-o", place / "locked.txt")
    python = place / "env" / "bin" / "python"
    must("uv", "pip", "install", "--python", python, "--require-hashes", "-r", place / "locked.txt")
    must("uv", "pip", "install", "--python", python, "--no-deps", wheel)
    (place / "elsewhere").mkdir()
    (place / "home").mkdir()
    return Installed(python.parent, place / "elsewhere", place / "home")


def test_the_installed_demo_makes_tables_that_can_be_read(installed: Installed) -> None:
    installed.run("cdalake", "demo", "--no-serve")
    tables = [log.parent for log in installed.home.rglob("_delta_log")]
    assert len(tables) > 1
    rows = installed.run("python", "-c", ROWS, *(str(table) for table in tables)).stdout.split()
    assert sum(int(count) for count in rows) > 0


def test_the_page_is_inside_the_installed_package(installed: Installed) -> None:
    said = installed.run("python", "-c", WHERE).stdout
    assert str(ROOT) not in said
    assert "<script" in said


@pytest.fixture
def without_page(tmp_path: Path) -> Path:
    """The sources as a fresh clone has them."""
    for name in (*PACKAGING, "docs/reference/errors.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(
        ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("dist", "__pycache__")
    )
    return tmp_path


def test_a_wheel_without_the_page_is_refused(without_page: Path) -> None:
    done = run("uv", "build", "--wheel", without_page)
    assert done.returncode != 0
    assert SENTENCE in done.stderr


def test_an_editable_install_needs_no_page(without_page: Path) -> None:
    env = without_page / "env"
    must("uv", "venv", "--python", sys.executable, env)
    must("uv", "pip", "install", "--python", env / "bin/python", "--no-deps", "-e", without_page)
