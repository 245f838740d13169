"""A server that cannot start says why in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import CommandLine


def test_a_home_that_cannot_be_made_is_a_sentence_as_of_every_command(
    cdalake: CommandLine, tmp_path: Path
) -> None:
    home = no_folder(tmp_path)
    served = cdalake("serve", "--port", 0, CDALAKE_HOME=str(home))
    listed = cdalake("token", "list", CDALAKE_HOME=str(home))
    assert (served.code, served.err) == (listed.code, listed.err)
    assert served.code == 64
    assert "DATABASE_UNUSABLE" in served.err
    assert str(home) in served.err
    assert "Traceback" not in served.err


def test_a_home_beside_another_database_that_cannot_be_made_is_a_sentence_too(
    cdalake: CommandLine, tmp_path: Path
) -> None:
    home = no_folder(tmp_path)
    database = f"sqlite:///{tmp_path / 'cdalake.db'}"
    served = cdalake("serve", "--port", 0, CDALAKE_HOME=str(home), CDALAKE_DATABASE_URL=database)
    assert served.code == 64
    assert "HOME_UNUSABLE" in served.err
    assert f"{home} cannot be written (Not a directory)" in " ".join(served.err.split())
    assert "Traceback" not in served.err


def no_folder(tmp_path: Path) -> Path:
    """A home whose parent is a file: not even a superuser can make it."""
    (tmp_path / "file").write_text("")
    return tmp_path / "file" / "home"
