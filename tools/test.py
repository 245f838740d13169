"""Every test: pytest, vitest, Playwright; then one summary that also names what was not run.

With arguments it is pytest alone, with those arguments.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tools.machine import REPORTS, ROOT, TOOLS, WEB, environment

COVERAGE_STAMP = TOOLS / "stamps" / "coverage"
WORKERS = max(2, min(4, os.cpu_count() or 2))


@dataclass(frozen=True)
class Suite:
    """A test program that writes a JUnit report.

    Attributes:
        name: for people.
        command: what to run.
        cwd: where.
        env: what to add to the environment.
    """

    name: str
    command: Sequence[str]
    cwd: Path = ROOT
    env: Mapping[str, str] = field(default_factory=dict)

    @property
    def report(self) -> Path:
        """Its JUnit report."""
        return REPORTS / f"{self.name}.xml"


@dataclass(frozen=True)
class Outcome:
    """What a suite came to.

    Attributes:
        name: the suite.
        passed: how many tests passed.
        failed: how many did not, an unexplained end of the program counting as one.
        not_run: name and reason of each test that was left out.
        seconds: how long it took.
    """

    name: str
    passed: int
    failed: int
    not_run: Sequence[tuple[str, str]]
    seconds: float


def pytest(*arguments: str) -> list[str]:
    """The pytest command."""
    spread = ["-n", str(WORKERS), "--dist", "loadgroup"]
    return ["uv", "run", "--no-sync", "pytest", *spread, "--durations=10", *arguments]


def suites() -> list[Suite]:
    """The three of them, each with its report."""
    junit = {name: str(REPORTS / f"{name}.xml") for name in ("pytest", "vitest", "playwright")}
    vitest = ["--reporter=default", "--reporter=junit", f"--outputFile.junit={junit['vitest']}"]
    return [
        Suite("pytest", pytest("--cov", "--cov-report=", f"--junitxml={junit['pytest']}")),
        Suite("vitest", ["bun", "run", "test", *vitest], WEB),
        Suite(
            "playwright",
            ["bun", "run", "e2e", "--reporter=list,junit"],
            WEB,
            {"PLAYWRIGHT_JUNIT_OUTPUT_FILE": junit["playwright"]},
        ),
    ]


def run(suite: Suite) -> Outcome:
    """Run a suite and read its report."""
    suite.report.unlink(missing_ok=True)
    print(f"\n── {suite.name} ──", flush=True)
    started = time.monotonic()
    code = subprocess.run(
        suite.command,
        cwd=suite.cwd,
        env=environment(**suite.env),
        stdin=subprocess.DEVNULL,
        check=False,
    ).returncode
    passed, failed, not_run = read_report(suite.report)
    if code and not failed:
        failed = 1  # it ended badly without saying which test is to blame
    return Outcome(suite.name, passed, failed, not_run, time.monotonic() - started)


def read_report(report: Path) -> tuple[int, int, list[tuple[str, str]]]:
    """Count a JUnit report: passed, failed, and what was skipped and why."""
    passed, failed, not_run = 0, 0, []
    cases = ET.parse(report).iter("testcase") if report.is_file() else ()
    for case in cases:
        skipped = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif skipped is not None:
            name = f"{case.get('classname', '')} {case.get('name', '')}"
            not_run.append((name, skipped.get("message") or "no reason given"))
        else:
            passed += 1
    return passed, failed, not_run


def sources_digest() -> str:
    """Changes whenever coverage has to be measured again."""
    digest = hashlib.sha256()
    for folder in ("src", "tests"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def has_browser() -> bool:
    """Whether set-up found or brought one."""
    return bool(environment().get("CDALAKE_CHROMIUM"))


def measure_coverage(suite: Suite) -> Outcome:
    """Run pytest under coverage and note for which sources the data holds."""
    COVERAGE_STAMP.unlink(missing_ok=True)
    digest = sources_digest()
    outcome = run(suite)
    if (ROOT / ".coverage").is_file():
        COVERAGE_STAMP.parent.mkdir(parents=True, exist_ok=True)
        COVERAGE_STAMP.write_text(digest)
    return outcome


def summary(outcomes: Sequence[Outcome]) -> int:
    """Print what happened and answer with the number of failures."""
    print("\n── summary ──")
    for outcome in outcomes:
        print(
            f"{outcome.name:<12}{outcome.passed:>5} passed, {outcome.failed} failed"
            f"{outcome.seconds:9.1f} s"
        )
    left_out = [(outcome.name, *each) for outcome in outcomes for each in outcome.not_run]
    if left_out:
        print("\nnot run on this machine:")
        for suite, name, reason in left_out:
            print(f"  {suite}: {name}: {reason}")
    failed = sum(outcome.failed for outcome in outcomes)
    passed = sum(outcome.passed for outcome in outcomes)
    print(f"\n{passed} passed, {failed} failed, {len(left_out)} not run", flush=True)
    return failed


def main(arguments: Sequence[str]) -> None:
    """Run everything, or a part of pytest."""
    if arguments:
        command = ["uv", "run", "--no-sync", "pytest", *arguments]
        sys.exit(subprocess.run(command, cwd=ROOT, env=environment(), check=False).returncode)
    REPORTS.mkdir(parents=True, exist_ok=True)
    python, page, browser = suites()
    outcomes = [measure_coverage(python), run(page)]
    if has_browser():
        outcomes.append(run(browser))
    else:
        reason = "no browser; install chromium or set CDALAKE_CHROMIUM"
        specs = sorted(path.name for path in (WEB / "e2e").glob("**/*.spec.ts"))
        outcomes.append(Outcome(browser.name, 0, 0, [(spec, reason) for spec in specs], 0.0))
    sys.exit(1 if summary(outcomes) else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
