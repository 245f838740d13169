"""Set-up, in a project of its own with a uv that only takes notes."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FAKE_UV = """#!/bin/sh
if [ "$1" = --version ]; then echo 'uv 0.13.9'; exit; fi
echo "$@" >> "{notes}"
mkdir -p .venv && touch .venv/pyvenv.cfg
"""
FAILING_UV = """#!/bin/sh
if [ "$1" = --version ]; then echo 'uv 0.13.9'; exit; fi
echo 'no route to host'; exit 2
"""


@dataclass(frozen=True)
class House:
    """A checkout that has only the helpers and the lock files."""

    root: Path
    bin: Path
    notes: Path

    def setup(self, goal: str, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "tools.setup", goal],
            cwd=self.root,
            env={"PATH": f"{self.bin}:/usr/bin:/bin", "HOME": str(self.root), **env},
            capture_output=True,
            text=True,
            check=False,
        )

    def uv_calls(self) -> list[str]:
        return self.notes.read_text().splitlines() if self.notes.exists() else []


@pytest.fixture
def house(tmp_path: Path) -> House:
    shutil.copytree(
        ROOT / "tools", tmp_path / "tools", ignore=shutil.ignore_patterns("__pycache__")
    )
    for name in ("pyproject.toml", "uv.lock"):
        (tmp_path / name).write_text("")
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    uv = bin_ / "uv"
    uv.write_text(FAKE_UV.format(notes=tmp_path / "notes"))
    uv.chmod(0o755)
    return House(tmp_path, bin_, tmp_path / "notes")


def test_a_second_set_up_does_nothing(house: House) -> None:
    first = house.setup("python")
    assert first.returncode == 0, first.stderr
    assert house.uv_calls() == [f"sync --locked --python {sys.executable}"]
    assert "python packages" in first.stderr
    second = house.setup("python")
    assert (second.returncode, second.stderr) == (0, "")
    assert len(house.uv_calls()) == 1


def test_a_changed_lock_is_synced_again_with_the_python_that_is_there(house: House) -> None:
    house.setup("python")
    (house.root / "uv.lock").write_text("# changed")
    house.setup("python")
    assert house.uv_calls()[1:] == ["sync --locked"]


def test_a_step_whose_result_is_gone_runs_again(house: House) -> None:
    house.setup("python")
    shutil.rmtree(house.root / ".venv")
    house.setup("python")
    assert len(house.uv_calls()) == 2


def test_without_uv_and_without_packages_one_sentence_says_what_to_install(house: House) -> None:
    (house.bin / "uv").write_text("#!/bin/sh\necho 'uv 0.1.0'\n")  # too old to read the lock
    done = house.setup("python", PIP_NO_INDEX="1", PIP_CONFIG_FILE="/dev/null")
    assert done.returncode == 1
    assert done.stderr == (
        "setup: Install uv, or pip (Debian: python3-venv and python3-pip):"
        " none could be used here.\n"
    )


def browser_note(house: House, **env: str) -> str:
    """What set-up settles on as the browser of the tests, in a PATH without one."""
    subprocess.run(
        [sys.executable, "-c", "from tools import bring; bring.browser()"],
        cwd=house.root,
        env={"PATH": str(house.bin), "HOME": str(house.root), **env},
        check=True,
    )
    return (house.root / ".tools" / "browser").read_text()


def test_an_installed_chromium_is_the_browser(house: House) -> None:
    stub = house.bin / "chromium"
    stub.write_text("#!/bin/sh\necho 'install the snap first'; exit 1\n")
    stub.chmod(0o755)
    chrome = house.bin / "google-chrome"
    chrome.write_text("#!/bin/sh\necho 'Google Chrome 150'\n")
    chrome.chmod(0o755)
    assert browser_note(house) == f"{chrome}\n"


def test_a_browser_that_was_named_comes_before_all(house: House) -> None:
    assert browser_note(house, CDALAKE_CHROMIUM="/opt/mine") == "/opt/mine\n"


def test_no_browser_is_noted_and_is_no_error(house: House) -> None:
    assert browser_note(house) == ""


def test_a_failing_tool_is_quoted(house: House) -> None:
    (house.bin / "uv").write_text(FAILING_UV)
    done = house.setup("python")
    assert done.returncode == 1
    assert "no route to host" in done.stderr
    assert "Is the package index reachable" in done.stderr
