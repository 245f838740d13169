"""Every check that is not a test. All of them run; those that fail are named at the end."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tools import coverage_gate, setup
from tools.bring import CannotSetUp
from tools.machine import REPORTS, ROOT, WEB, quiet
from tools.test import COVERAGE_STAMP, pytest, sources_digest

Verdict = tuple[bool, str]  # whether all is well, and what there is to say
GENERATED = [WEB / "openapi.json", WEB / "src" / "api" / "generated"]


def command(*parts: str, cwd: Path = ROOT) -> Callable[[], Verdict]:
    """A check that is a program: well when its exit code is 0."""

    def run() -> Verdict:
        done = quiet(parts, cwd)
        return done.returncode == 0, done.stdout

    return run


def generated_files() -> dict[Path, bytes]:
    """What was generated from the API, file by file."""
    found = [
        path for place in GENERATED for path in ([place] if place.is_file() else place.rglob("*"))
    ]
    return {path.relative_to(ROOT): path.read_bytes() for path in found if path.is_file()}


def client_is_current() -> Verdict:
    """Make the TypeScript client again; it must come out as it is."""
    before = generated_files()
    for step in (
        command("uv", "run", "--no-sync", "python", "-m", "cdalake.server.openapi"),
        command("bun", "run", "gen", cwd=WEB),
    ):
        well, said = step()
        if not well:
            return False, said
    after = generated_files()
    changed = sorted(
        str(path) for path in before.keys() | after.keys() if before.get(path) != after.get(path)
    )
    if changed:
        return False, "The API changed. These files are new, commit them:\n" + "\n".join(changed)
    return (
        bool(after),
        ""
        if after
        else "Nothing is generated: web/openapi.json and web/src/api/generated are missing.",
    )


def bun_lock_is_complete() -> Verdict:
    """Every platform's binary has its entry in bun.lock, or others cannot install."""
    missing = missing_binaries((WEB / "bun.lock").read_text())
    return not missing, "\n".join(missing)


def missing_binaries(text: str) -> list[str]:
    """The optional packages a bun.lock names but does not lock."""
    packages = json.loads(re.sub(r",(\s*[}\]])", r"\1", text))["packages"].values()
    locked = {match[1] for entry in packages if (match := re.match(r"(@?[^@]+)@", entry[0]))}
    return [
        f"{entry[0]} wants {name}"
        for entry in packages
        for part in entry
        if isinstance(part, dict)
        for name in part.get("optionalDependencies", {})
        if name not in locked
    ]


def coverage_holds() -> Verdict:
    """Judge the coverage `make test` measured; measure here only if that is missing or stale."""
    fresh = COVERAGE_STAMP.is_file() and COVERAGE_STAMP.read_text() == sources_digest()
    if not (fresh and (ROOT / ".coverage").is_file()):
        setup.bring_up_to("everything")
        well, said = command(*pytest("--cov", "--cov-report=", "-q"))()
        if not well:
            return False, said
    REPORTS.mkdir(parents=True, exist_ok=True)
    report = REPORTS / "coverage.json"
    well, said = command("uv", "run", "--no-sync", "coverage", "json", "-o", str(report))()
    return coverage_gate.verdict(report) if well else (False, said)


CHECKS: dict[str, Callable[[], Verdict]] = {
    "format": command("uv", "run", "--no-sync", "ruff", "format", "--check", "."),
    "lint": command("uv", "run", "--no-sync", "ruff", "check", "."),
    "types": command("uv", "run", "--no-sync", "mypy"),
    "layers": command("uv", "run", "--no-sync", "lint-imports"),
    "uv.lock": command("uv", "lock", "--check"),
    "page lint": command("bun", "run", "lint", cwd=WEB),
    "page types": command("bun", "run", "typecheck", cwd=WEB),
    "page client": client_is_current,
    "bun.lock": bun_lock_is_complete,
    "coverage": coverage_holds,
}


def main() -> None:
    """Run them all."""
    failed = []
    for name, check in CHECKS.items():
        started = time.monotonic()
        try:
            well, said = check()
        except (OSError, CannotSetUp) as error:  # what the check looks at is not there
            well, said = False, str(error)
        print(
            f"{'ok  ' if well else 'FAIL'}  {name:<12}{time.monotonic() - started:6.1f} s",
            flush=True,
        )
        if not well or name == "coverage":
            print("\n".join(f"      {line}" for line in said.strip().splitlines()), flush=True)
        if not well:
            failed.append(name)
    print(
        f"\n{len(CHECKS) - len(failed)} passed, {len(failed)} failed"
        + "".join(f"\n  {name}" for name in failed)
    )
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
