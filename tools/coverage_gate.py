"""Hold line and branch coverage of the packages where a missed case loses rows.

Reads what ``coverage json`` writes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PACKAGES = ("cda", "delta", "engine", "services", "server")
AT_LEAST = 95.0


@dataclass(frozen=True)
class Covered:
    """How much of a package the tests went through.

    Attributes:
        package: below ``cdalake``.
        reached: lines and branches that were run.
        of: lines and branches there are.
    """

    package: str
    reached: int
    of: int

    @property
    def percent(self) -> float:
        """Lines and branches together; a package without code has nothing to miss."""
        return 100.0 * self.reached / self.of if self.of else 100.0


def by_package(report: Mapping[str, Any]) -> list[Covered]:
    """Add the files of a coverage report up to our packages."""
    return [_package(name, report["files"].items()) for name in PACKAGES]


def _package(name: str, files: Iterable[tuple[str, Mapping[str, Any]]]) -> Covered:
    inside = [each["summary"] for path, each in files if f"/cdalake/{name}/" in f"/{path}"]
    reached = sum(each["covered_lines"] + each["covered_branches"] for each in inside)
    return Covered(
        name, reached, sum(each["num_statements"] + each["num_branches"] for each in inside)
    )


def verdict(report_file: Path) -> tuple[bool, str]:
    """Whether every package is covered well enough, and a line for each."""
    packages = by_package(json.loads(report_file.read_text()))
    low = [each for each in packages if each.percent < AT_LEAST]
    lines = [
        f"{each.package:<10}{each.percent:6.1f} %{' too low' if each in low else ''}"
        for each in packages
    ]
    return not low, "\n".join([f"at least {AT_LEAST:.0f} % of lines and branches:", *lines])
