"""``cdalake sync``: exit codes, JSON lines, signals, and the run directory it leaves."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cdalake.engine.process import process_start
from cdalake.engine.rundir import RunDirectory
from conftest import Lake, in_order

T0 = 1_768_000_000_000
UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
STATES = {"ok", "no_change", "partial", "failed", "paused", "skipped", "cancelled"}
TABLE = {
    "table",
    "status",
    "folders",
    "files",
    "rows",
    "bytes",
    "commits",
    "version",
    "watermark",
    "warnings",
    "error",
    "duration_seconds",
}
RESULT = {
    "run_id",
    "status",
    "started_at",
    "finished_at",
    "duration_seconds",
    "totals",
    "tables",
}


def keeps_the_contract(result: dict[str, Any]) -> bool:
    """Every field of the command line's contract, with values that may stand there."""
    assert set(result) >= RESULT
    assert all(UTC.fullmatch(result[name]) for name in ("started_at", "finished_at"))
    for table in result["tables"]:
        assert set(table) >= TABLE
        assert table["status"] in STATES
        assert all(set(note) == {"code", "message"} for note in table["warnings"])
        if table["error"] is not None:
            assert all(table["error"][name] for name in ("code", "message", "hint"))
        is_good = table["status"] in {"ok", "no_change", "skipped"}
        assert is_good or table["status"] == "cancelled" or table["error"] is not None
        assert is_good or result["status"] != "completed"
    return True


def test_a_good_run_ends_with_0_and_its_result_is_the_last_line(cdalake: Any, lake: Lake) -> None:
    export = lake.export(tables=2, folders=3, rows=10)

    done = cdalake("sync", lake.source_url, lake.target_url, "--json")

    assert done.code == 0
    assert keeps_the_contract(done.last)
    assert done.last["status"] == "completed"
    assert [table["table"] for table in done.last["tables"]] == export.tables
    assert {line["kind"] for line in done.lines[:-1]} >= {
        "run_started",
        "committed",
        "run_finished",
    }
    for table in export.tables:
        assert lake.rows(table) == in_order(export.rows(table))

    again = cdalake("sync", lake.source_url, lake.target_url, "--json")
    assert (again.code, keeps_the_contract(again.last)) == (0, True)
    assert {table["status"] for table in again.last["tables"]} == {"no_change"}


def test_one_bad_table_ends_with_2_and_people_read_why(cdalake: Any, lake: Lake) -> None:
    lake.export(tables=1, folders=2, rows=5)
    lake.announce("gone", T0, "fp")

    said = cdalake("sync", lake.source_url, lake.target_url)
    told = cdalake("sync", lake.source_url, lake.target_url, "--json")

    assert (said.code, told.code) == (2, 2)
    for text in ("cc_claim", "SOURCE_EMPTY", "nothing was changed", "completed_with_errors"):
        assert text in said.out
    assert "ERROR gone: SOURCE_EMPTY" in said.err
    assert keeps_the_contract(told.last)
    assert told.last["status"] == "completed_with_errors"


def test_no_table_could_be_tried_ends_with_1(cdalake: Any, lake: Lake) -> None:
    said = cdalake("sync", lake.source_url, lake.target_url)
    told = cdalake("sync", lake.source_url, lake.target_url, "--json")

    assert (said.code, told.code) == (1, 1)
    assert "MANIFEST_NOT_FOUND" in said.out
    assert keeps_the_contract(told.last)
    assert told.last["error"]["code"] == "MANIFEST_NOT_FOUND"
    assert told.last["error"]["hint"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("sync", "--no-such-option"), "BAD_ARGUMENTS: No such option: --no-such-option"),
        (("rebuild", "a", "b"), "BAD_ARGUMENTS: Missing option '--table'"),
        (("rebuild", "a", "b"), "rebuild --help"),
        (("sync", "a", "b", "--ray-address", "127.0.0.1:6379"), "BAD_ARGUMENTS: --ray-address"),
        (("plan", "a", "b", "--schema-change", "guess"), "BAD_SCHEMA_CHANGE"),
        (("sync", "a", "b", "--workers", "no"), "BAD_ARGUMENTS: Invalid value for '--workers'"),
        (("sync", "only-a-source"), "BAD_ARGUMENTS"),
        (("sync",), "NO_CONNECTION"),
        (("sync", "a", "a/b"), "PATHS_OVERLAP"),
        (("sync", "a", "b", "--layout", "shallow"), "BAD_LAYOUT"),
        (("sync", "a", "b", "--schema-change", "guess"), "BAD_SCHEMA_CHANGE"),
        (("sync", "a", "b", "--schema-change", "replace"), "CONFIRMATION_NEEDED"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else value,
)
def test_wrong_usage_ends_with_64(cdalake: Any, arguments: tuple[str, ...], says: str) -> None:
    done = cdalake(*arguments)

    assert done.code == 64
    assert says in done.err
    assert done.out == ""
    assert not (cdalake.home / ".cdalake").exists()


def test_ctrl_c_ends_with_130_says_what_was_committed_and_resumes(cdalake: Any, lake: Lake) -> None:
    """A small pipe that nobody reads holds the run back until the signal is there."""
    for place in range(150):
        lake.deliver(f"t/fp/{T0 + place}", {"id": [place]})
    lake.announce("t", T0 + 149, "fp")
    command = cdalake.command("sync", lake.source_url, lake.target_url, "--json")
    with subprocess.Popen(
        [*command, "--commit-per-folder"],
        env=cdalake.env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        fcntl.fcntl(process.stdout, fcntl.F_SETPIPE_SZ, 4096)
        head = b""
        while b'"committed"' not in head:
            head += process.stdout.readline()
        process.send_signal(signal.SIGINT)
        rest, err = process.communicate(timeout=120)

    result = json.loads(rest.splitlines()[-1])
    assert process.returncode == 130
    assert b"stopping at the next folder" in err
    assert keeps_the_contract(result)
    (table,) = result["tables"]
    assert (result["status"], table["status"]) == ("cancelled", "cancelled")
    assert 0 < table["folders"] < 150
    assert table["watermark"] == T0 + table["folders"] - 1
    assert [row["id"] for row in lake.rows("t")] == list(range(table["rows"]))

    again = cdalake("sync", lake.source_url, lake.target_url, "--json")
    assert again.code == 0
    assert again.last["tables"][0]["folders"] == 150 - table["folders"]
    assert [row["id"] for row in lake.rows("t")] == list(range(150))


def test_a_terminal_sees_a_bar_and_what_went_wrong_above_it(cdalake: Any, lake: Lake) -> None:
    lake.export(tables=1, folders=2, rows=5)
    lake.announce("gone", T0, "fp", dataFilesPath="gone[/bold]")

    code, shown, out = on_a_terminal(cdalake, lake, stdout=subprocess.PIPE)

    assert code == 2
    assert b"of 2 tables" in shown
    assert b"gone: SOURCE_EMPTY" in shown
    assert b"gone[/bold]" in shown
    assert b"gone[/bold]" in out


def test_a_terminal_sees_each_error_once(cdalake: Any, lake: Lake) -> None:
    lake.announce("gone", T0, "fp")

    code, shown, _ = on_a_terminal(cdalake, lake, stdout=None)

    assert (code, shown.count(b"SOURCE_EMPTY")) == (2, 1)


def on_a_terminal(cdalake: Any, lake: Lake, stdout: int | None) -> tuple[int, bytes, bytes]:
    """A sync: its exit code, what the terminal shows, and what went to a pipe instead."""
    mine, theirs = pty.openpty()
    with subprocess.Popen(
        cdalake.command("sync", lake.source_url, lake.target_url),
        env=cdalake.env | {"TERM": "xterm", "COLUMNS": "400"},
        stdout=theirs if stdout is None else stdout,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        shown = b"".join(iter(lambda: _read(mine), b""))
        out, _ = process.communicate(timeout=120)
    os.close(mine)
    return process.returncode, shown, out or b""


def _read(terminal: int) -> bytes:
    """What is on a terminal; nothing once the other side has closed it."""
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""


def test_a_run_leaves_a_directory_that_tells_all_of_it(cdalake: Any, lake: Lake) -> None:
    lake.export(tables=2, folders=2, rows=5)

    done = cdalake("sync", lake.source_url, lake.target_url, "--json", "--table", "cc_c*")

    (path,) = cdalake.runs
    directory = RunDirectory(path)
    assert path.name == done.last["run_id"]
    spec = directory.spec
    assert spec is not None
    assert (spec.source, spec.include, spec.trigger) == (lake.source_url, ("cc_c*",), "cli")
    result = directory.read("result.json")
    assert result is not None
    assert {key: result[key] for key in done.last} == done.last
    lines = list(directory.lines())
    assert [number for number, _ in lines] == list(range(1, len(lines) + 1))
    assert [event for _, event in lines] == [{**told, "attempt": 1} for told in done.lines[:-1]]
    state = directory.read("state.json")
    assert state is not None
    assert (state["state"], state["lines"]) == ("completed", len(lines))
    assert state["tables"]["cc_claim"]["status"] == "ok"
    assert state["tables"]["cc_claim"]["rows"] == done.last["tables"][0]["rows"]
    assert process_start(state["pid"]) is None


def test_a_run_of_relative_paths_can_be_retried_from_any_folder(cdalake: Any, lake: Lake) -> None:
    lake.export(tables=1, folders=1, rows=5)
    places = [os.path.relpath(url, cdalake.home) for url in (lake.source_url, lake.target_url)]

    assert cdalake("sync", *places).code == 0

    (path,) = cdalake.runs
    spec = RunDirectory(path).spec
    assert spec is not None
    assert (spec.source, spec.target) == (lake.source_url, lake.target_url)


def test_a_home_that_cannot_be_written_is_a_warning(cdalake: Any, lake: Lake) -> None:
    lake.export(tables=1, folders=1, rows=5)
    in_the_way = cdalake.home / "file"
    in_the_way.write_text("")

    done = cdalake("sync", lake.source_url, lake.target_url, "--json", CDALAKE_HOME=str(in_the_way))

    assert done.code == 0
    assert "no run directory" in done.err
    assert done.last["status"] == "completed"


FORGETFUL = """
import shutil, sys
from cdalake.cli.run import JsonLines, Request, carry_out
from cdalake.settings import load

class Forgetful(JsonLines):
    def emit(self, event):
        super().emit(event)
        if event.kind == "table_started":
            shutil.rmtree(load().runs_dir)

request = Request(sys.argv[1], sys.argv[2], None)
settings = load()
result = carry_out(settings, request.spec(request.resolve(settings)), Forgetful())
JsonLines.print_result(result)
sys.exit(result.exit_code)
"""


def test_a_run_directory_that_vanishes_does_not_take_the_result_along(
    cdalake: Any, lake: Lake
) -> None:
    lake.export(tables=1, folders=1, rows=5)

    done = subprocess.run(
        [sys.executable, "-c", FORGETFUL, lake.source_url, lake.target_url],
        env=cdalake.env,
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert json.loads(done.stdout.splitlines()[-1])["status"] == "completed"
    assert done.returncode == 0
    assert "run directory" in done.stderr


def test_options_reach_the_run(cdalake: Any, lake: Lake) -> None:
    export = lake.export(tables=3, folders=3, rows=5)

    done = cdalake(
        *("sync", lake.source_url, lake.target_url, "--json", "--commit-per-folder"),
        *("--table", "cc_*", "--exclude", "*exposure", "--workers", "1"),
        *("--rebase", "s3://guidewire-cda-sample/cda/="),
    )

    tables = {table["table"]: table for table in done.last["tables"]}
    assert set(tables) == {"cc_claim", "cc_transaction"}
    claim = tables["cc_claim"]
    assert claim["commits"] == len({file.folder for file in export.files("cc_claim")})
    assert claim["warnings"] == []


def test_a_connection_of_the_environment_is_used_without_arguments(
    cdalake: Any, lake: Lake
) -> None:
    lake.export(tables=1, folders=1, rows=5)

    done = cdalake("sync", "--json", CDALAKE_SOURCE=lake.source_url, CDALAKE_TARGET=lake.target_url)

    assert done.code == 0
    spec = RunDirectory(cdalake.runs[0]).spec
    assert spec is not None
    assert spec.connection == "default"


def test_a_connection_of_the_settings_file_is_used_by_name_and_by_place(
    cdalake: Any, lake: Lake
) -> None:
    lake.export(tables=1, folders=1, rows=5)
    (cdalake.home / "cdalake.toml").write_text(
        f'[connections.prod]\nsource = "{lake.source_url}"\ntarget = "{lake.target_url}"\n'
        "settle_seconds = 5\n"
    )

    by_name = cdalake("sync", "--connection", "prod", "--json")
    by_place = cdalake("sync", lake.source_url, lake.target_url, "--json")
    unknown = cdalake("sync", "--connection", "test", "--json")

    assert (by_name.code, by_place.code, unknown.code) == (0, 0, 64)
    specs = [RunDirectory(path).spec for path in cdalake.runs]
    assert [(spec.connection, spec.settle_seconds) for spec in specs if spec] == [("prod", 5)] * 2
    assert "prod" in unknown.err


def test_r53_secrets_are_in_nothing_that_a_run_leaves(cdalake: Any, s3_lake: Lake) -> None:
    """Keys come from the environment of the process and go nowhere from there."""
    secret = "Planted/Secret+Value0123456789abcdef"
    s3_lake.export(tables=1, folders=1, rows=5)
    aws = {name: value for name, value in os.environ.items() if name.startswith("AWS_")}

    done = cdalake(
        *("sync", s3_lake.source_url, s3_lake.target_url, "--json"),
        **{**aws, "AWS_SECRET_ACCESS_KEY": secret},
    )

    assert done.code == 0
    written = [path.read_bytes() for path in cdalake.home.rglob("*") if path.is_file()]
    stored = [s3_lake.target.get(info.path) for info in s3_lake.target.list()]
    for data in (*written, *stored, done.out.encode(), done.err.encode()):
        assert secret.encode() not in data
        assert aws["AWS_ACCESS_KEY_ID"].encode() not in data


HEAVY = ("ray", "fastapi", "sqlalchemy", "alembic", "duckdb", "uvicorn", "polars", "pandas")


def imported(err: str) -> list[str]:
    """Modules in the order they were imported, as ``-X importtime`` tells."""
    return [line.rpartition("|")[2].strip() for line in err.splitlines() if "import time" in line]


@pytest.mark.parametrize("command", ["plan", "tables", "sample", "--version"])
def test_nothing_heavy_is_imported_where_it_is_not_needed(
    cdalake: Any, lake: Lake, command: str
) -> None:
    lake.export(tables=1, folders=1, rows=5)
    Path(lake.target_url).mkdir()
    arguments = {
        "plan": (lake.source_url, lake.target_url),
        "tables": (lake.target_url,),
        "sample": (f"{lake.source_url}-2", "--tables", 1, "--folders", 1),
    }

    done = cdalake(command, *arguments.get(command, ()), python=("-X", "importtime"))

    assert done.code == 0
    modules = {name.partition(".")[0] for name in imported(done.err)}
    assert "typer" in modules
    assert not modules & set(HEAVY)


def test_a_sync_is_ready_to_work_before_the_database_is_imported(cdalake: Any, lake: Lake) -> None:
    """Its row is written beside the work, not before it."""
    lake.export(tables=1, folders=1, rows=5)

    done = cdalake("sync", lake.source_url, lake.target_url, python=("-X", "importtime"))

    assert done.code == 0
    modules = imported(done.err)
    ready = modules.index("cdalake.engine.sync")
    assert not [name for name in modules[:ready] if name.partition(".")[0] in HEAVY]
    assert not {name.partition(".")[0] for name in modules} & {"ray", "fastapi", "duckdb"}


def test_a_current_table_is_merged_wherever_the_temporary_folder_is(
    cdalake: Any, lake: Lake, tmp_path: Path
) -> None:
    lake.export(tables=1)
    scratch = tmp_path / "o'brien"
    scratch.mkdir()

    done = cdalake(
        "sync", lake.source_url, lake.target_url, "--current", "--json", TMPDIR=str(scratch)
    )

    assert (done.code, done.last["status"]) == (0, "completed"), done.err
    assert lake.rows("_current/cc_claim")
