"""What a newcomer types."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TARGETS = ["setup", "demo", "test", "check", "soak", "bench", "dev", "wheel"]


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def path_with_sh(tmp_path: Path) -> Path:
    """A PATH that holds a shell and what the test puts there."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "sh").symlink_to("/bin/sh")
    return folder


def python_sh(path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", ROOT / "tools" / "python.sh", "-c", "import sys; print(sys.version_info[:2])"],
        env={"PATH": str(path)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_make_alone_lists_every_target_with_a_sentence() -> None:
    said = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    listed = dict(re.findall(r"^  (\w+) +(\S.*)$", said, re.MULTILINE))
    assert set(TARGETS) <= listed.keys()


def test_ci_runs_the_tests_and_the_checks_and_nothing_else() -> None:
    text = (ROOT / ".ci" / "run").read_text()
    assert re.findall(r"for target in (.*);", text) == ["test check"]
    assert re.findall(r"^ +make .*", text, re.MULTILINE) == [
        '    make "$target" </dev/null && end=passed || { end=FAILED; failed=1; }'
    ]
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_an_old_python_ends_with_one_sentence(path_with_sh: Path) -> None:
    script(path_with_sh / "python3", "exit 1")
    done = python_sh(path_with_sh)
    assert done.returncode == 69
    assert done.stdout == ""
    assert done.stderr.startswith("cdalake needs Python 3.11 to 3.14")
    assert done.stderr.count("\n") == 1


def test_a_python_under_its_versioned_name_is_found_behind_a_shim_that_fails(
    path_with_sh: Path,
) -> None:
    script(path_with_sh / "python3", "echo 'no version is set' >&2; exit 127")
    script(
        path_with_sh / "python3.11",
        "[ \"$2\" = 'import sys; print(sys.version_info[:2])' ] && echo found; exit 0",
    )
    assert python_sh(path_with_sh).stdout == "found\n"


def test_a_uv_brings_python_where_there_is_none(path_with_sh: Path) -> None:
    script(path_with_sh / "uv", 'echo "$@"')
    assert "--python >=3.11,<3.15 python -c" in python_sh(path_with_sh).stdout
