from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def cdalake(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cdalake", *words],
        env={"CDALAKE_HOME": str(home), "HOME": str(home), "COLUMNS": "120"},
        cwd=home,
        capture_output=True,
        text=True,
    )


def test_a_token_is_shown_once_listed_without_itself_and_revoked(tmp_path: Path) -> None:
    made = cdalake(tmp_path, "token", "add", "ana", "--role", "operator")
    assert made.returncode == 0, made.stderr
    token = made.stdout.strip()
    assert token.startswith("cdl_")
    listed = cdalake(tmp_path, "token", "list").stdout
    assert listed.splitlines()[1].split()[:2] == ["ana", "operator"]
    assert "never" in listed
    assert token not in listed
    assert token.encode() not in (tmp_path / "cdalake.db").read_bytes()
    again = cdalake(tmp_path, "token", "add", "ana", "--role", "viewer")
    assert (again.returncode, "TOKEN_TAKEN" in again.stderr) == (1, True)
    assert cdalake(tmp_path, "token", "revoke", "ana").returncode == 0
    assert "TOKEN_NOT_FOUND" in cdalake(tmp_path, "token", "revoke", "ana").stderr
    assert "no token" in cdalake(tmp_path, "token", "list").stdout


def test_a_name_that_no_token_may_have_is_wrong_usage(tmp_path: Path) -> None:
    done = cdalake(tmp_path, "token", "add", "a b", "--role", "viewer")
    assert (done.returncode, "BAD_ARGUMENTS" in done.stderr) == (64, True)
    assert cdalake(tmp_path, "token", "add", "ana", "--role", "root").returncode == 64
