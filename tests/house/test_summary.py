"""The end of `make test`, and the gates of `make check`."""

import json
from pathlib import Path

import pytest

from tools.check import missing_binaries
from tools.coverage_gate import by_package, verdict
from tools.test import Outcome, read_report, summary

JUNIT = """<testsuites><testsuite>
<testcase classname="tests.a" name="passes"/>
<testcase classname="tests.a" name="fails"><failure message="no"/></testcase>
<testcase classname="tests.a" name="breaks"><error message="no"/></testcase>
<testcase classname="tests.a" name="needs_duckdb"><skipped message="not here"/></testcase>
</testsuite></testsuites>"""


def test_a_report_is_counted_and_what_was_left_out_is_named(tmp_path: Path) -> None:
    report = tmp_path / "pytest.xml"
    report.write_text(JUNIT)
    left_out = [("tests.a needs_duckdb", "not here")]
    assert read_report(report) == (1, 2, left_out)


def test_a_suite_that_wrote_no_report_counts_nothing(tmp_path: Path) -> None:
    assert read_report(tmp_path / "missing.xml") == (0, 0, [])


def test_the_summary_names_what_was_not_run_and_ends_with_the_counts(
    capsys: pytest.CaptureFixture[str],
) -> None:
    left_out = [("walk.spec.ts", "no browser")]
    assert (
        summary([Outcome("pytest", 7, 1, [], 2.0), Outcome("playwright", 0, 0, left_out, 0.0)]) == 1
    )
    said = capsys.readouterr().out
    assert "playwright: walk.spec.ts: no browser" in said
    assert said.endswith("\n7 passed, 1 failed, 1 not run\n")


def covered(reached: int, of: int) -> dict[str, dict[str, int]]:
    return {
        "summary": {
            "covered_lines": reached,
            "num_statements": of,
            "covered_branches": 0,
            "num_branches": 0,
        }
    }


def test_coverage_is_held_package_by_package(tmp_path: Path) -> None:
    report = {
        "files": {
            "src/cdalake/cda/manifest.py": covered(100, 100),
            "src/cdalake/delta/log.py": covered(90, 100),
            "src/cdalake/cli.py": covered(0, 100),
        }
    }
    assert [each.percent for each in by_package(report)][:2] == [100.0, 90.0]
    (tmp_path / "coverage.json").write_text(json.dumps(report))
    well, said = verdict(tmp_path / "coverage.json")
    assert not well
    assert "delta       90.0 % too low" in said


def test_a_platform_without_its_binary_is_found_in_bun_lock() -> None:
    lock = """{"packages": {
      "biome": ["biome@2.0.0", "", {"optionalDependencies": {"b-linux": "1", "b-mac": "1"}}],
      "b-linux": ["b-linux@1.0.0", "", {}],
    }}"""
    assert missing_binaries(lock) == ["biome@2.0.0 wants b-mac"]
