"""Where the project's tools live on this machine, and how to run a command among them.

``python -m tools.machine COMMAND…`` runs COMMAND in that environment.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
BIN = TOOLS / "bin"
VENV = ROOT / ".venv"
WEB = ROOT / "web"
DIST = ROOT / "src" / "cdalake" / "ui" / "dist"
REPORTS = TOOLS / "reports"
BROWSER_NOTE = TOOLS / "browser"  # its text is the path of the browser that set-up settled on

COLOURS = re.compile(r"\x1b\[[0-9;]*m")
# They would lead uv, Python or Node to another project's packages.
FOREIGN = (
    "VIRTUAL_ENV",
    "CONDA_PREFIX",
    "PYTHONHOME",
    "PYTHONPATH",
    "UV_PROJECT_ENVIRONMENT",
    "NODE_PATH",
)
# Images of containers set it. Every child process of a test would compile all it imports again.
WASTEFUL = ("PYTHONDONTWRITEBYTECODE",)


def environment(**extra: str) -> dict[str, str]:
    """The environment of every command: our tools first, the machine's certificates trusted."""
    env = {name: value for name, value in os.environ.items() if name not in FOREIGN + WASTEFUL}
    env["PATH"] = os.pathsep.join([str(BIN), str(VENV / "bin"), env.get("PATH", os.defpath)])
    # Behind a company's proxy the certificates that count are the machine's, not the built-in ones.
    env.setdefault("UV_SYSTEM_CERTS", "true")
    env.setdefault("NODE_USE_SYSTEM_CA", "1")
    if not env.get("CDALAKE_CHROMIUM") and BROWSER_NOTE.is_file():
        env["CDALAKE_CHROMIUM"] = BROWSER_NOTE.read_text().strip()
    return env | extra


def quiet(
    command: Sequence[str | Path], cwd: Path = ROOT, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command with its output kept, colours aside; one that cannot start has code 127."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            env=env or environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    except OSError as error:
        return subprocess.CompletedProcess(list(command), 127, stdout=str(error))
    done.stdout = COLOURS.sub("", done.stdout)
    return done


def main(command: Sequence[str]) -> None:
    """Become COMMAND, so that signals and the exit code are its own."""
    env = environment()
    os.chdir(ROOT)
    try:
        os.execvpe(command[0], list(command), env)  # noqa: S606 the caller names the program
    except OSError as error:
        sys.exit(f"{command[0]}: {error.strerror}")


if __name__ == "__main__":
    main(sys.argv[1:])
