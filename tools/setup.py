"""Set a checkout up: what `make` needs is brought once and stamped.

Everything lands in ``.tools``, ``.venv`` and ``web/node_modules``. A step that has run leaves a
stamp of what it was made from; it runs again when that changes or its result is gone.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tools import bring
from tools.machine import BIN, BROWSER_NOTE, DIST, ROOT, TOOLS, VENV, WEB

STAMPS = TOOLS / "stamps"
# The page does not depend on these; editing a test must not rebuild it.
NOT_THE_PAGE = {"node_modules", "e2e", "test-results", "playwright-report", ".vite"}


@dataclass(frozen=True)
class Step:
    """One thing to bring.

    Attributes:
        name: what is brought, for people.
        made_from: text that changes when the step has to run again.
        is_there: whether what the step leaves behind is still there.
        bring: does it.
    """

    name: str
    made_from: Callable[[], str]
    is_there: Callable[[], bool]
    bring: Callable[[], None]

    @property
    def stamp(self) -> Path:
        """Where the digest of `made_from` is kept."""
        return STAMPS / self.name.replace(" ", "-")

    def run(self) -> None:
        """Bring it, unless it is there."""
        digest = hashlib.sha256(self.made_from().encode()).hexdigest()
        if self.is_there() and self.stamp.is_file() and self.stamp.read_text() == digest:
            return
        started = time.monotonic()
        self.bring()
        STAMPS.mkdir(parents=True, exist_ok=True)
        self.stamp.write_text(digest)
        print(f"setup: {self.name:<16} {time.monotonic() - started:5.1f} s", file=sys.stderr)


def contents(*paths: Path) -> str:
    """The text of small files, as a step's `made_from`; one that is missing counts as empty."""
    return "\0".join(path.read_text() if path.is_file() else "" for path in paths)


def page_sources() -> str:
    """A digest of every file the built page depends on."""
    digest = hashlib.sha256()
    for folder, folders, files in os.walk(WEB):
        folders[:] = sorted(name for name in folders if name not in NOT_THE_PAGE)
        for path in (Path(folder, name) for name in sorted(files)):
            if ".test." not in path.name:
                digest.update(f"{path.relative_to(WEB)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def browser_is_there() -> bool:
    """Whether the tests have their browser: one that was named, or the one we settled on."""
    if os.environ.get("CDALAKE_CHROMIUM"):
        return True
    note = BROWSER_NOTE.read_text().strip() if BROWSER_NOTE.is_file() else ""
    return bool(note) and Path(note).exists()


LOCKS = [ROOT / "pyproject.toml", ROOT / "uv.lock"]
MODULES = WEB / "node_modules"
WEB_LOCKS = [WEB / "package.json", WEB / "bun.lock"]
STEPS = [
    Step("uv", lambda: f"{bring.UV_OLDEST}", (BIN / "uv").exists, bring.uv),
    Step("python packages", lambda: contents(*LOCKS), (VENV / "pyvenv.cfg").exists, bring.packages),
    Step("node", lambda: contents(ROOT / "uv.lock"), (BIN / "node").exists, bring.node),
    Step("bun", lambda: bring.BUN, (BIN / "bun").exists, bring.bun),
    Step("page packages", lambda: contents(*WEB_LOCKS), MODULES.exists, bring.page_packages),
    Step("page", page_sources, (DIST / "index.html").exists, bring.page),
    Step("browser", lambda: bring.CHROMIUM, browser_is_there, bring.browser),
]
# How far down the list a target has to go.
GOALS = {"python": 2, "web": 5, "page": 6, "everything": 7}


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Hold the set-up: two ``make`` in one checkout must not build into each other."""
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def bring_up_to(goal: str) -> None:
    """Bring everything up to a goal."""
    with alone():
        for step in STEPS[: GOALS[goal]]:
            step.run()


if __name__ == "__main__":
    try:
        bring_up_to(sys.argv[1])
    except bring.CannotSetUp as error:
        sys.exit(f"setup: {error}")
