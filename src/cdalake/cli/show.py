"""``cdalake plan`` and ``cdalake tables``: what would be done, and what is there."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cdalake.cli.report import console, print_problem, size_text
from cdalake.cli.run import Request
from cdalake.delta.log import read_snapshot
from cdalake.engine.execute import TableRun
from cdalake.engine.foreign import CURSOR
from cdalake.engine.plan import TablePlan
from cdalake.engine.spec import Action
from cdalake.engine.sync import plan
from cdalake.engine.zero_copy import layout_of
from cdalake.errors import CdalakeError, Problem, UsageError
from cdalake.settings import load
from cdalake.storage import Store

MOST_NAMED = 20
"""Files of a table on a screen; ``--json`` has all of them."""


def show_plan(request: Request, *, as_json: bool) -> int:
    """Print the plan of every table; 0, 2 when one cannot be planned, 1 when none is meant."""
    planned = plan(request.spec(request.resolve(load())))
    rows = [_planned(table) for table in planned.tables]
    rows += [_rejected(name, problem) for name, problem in planned.failed.items()]
    for note in planned.notes:
        print(f"cdalake: {note.code}: {note.message}", file=sys.stderr)
    if as_json:
        print(json.dumps({"tables": rows}))
    else:
        _print_plan(rows, request.places)
    if not rows and planned.notes:
        return 1
    return 2 if any(row["error"] for row in rows) else 0


def _planned(table: TableRun) -> dict[str, Any]:
    plan_ = table.survey.plan if table.survey else None
    folders = [folder for batch in plan_.batches for folder in batch.folders] if plan_ else []
    return {
        "table": table.table,
        "folders": plan_.folders if plan_ else 0,
        "files": plan_.files if plan_ else 0,
        "bytes": plan_.size if plan_ else 0,
        "commits": len(plan_.batches) if plan_ else 0,
        "from": folders[0].timestamp if folders else None,
        "to": folders[-1].timestamp if folders else None,
        "removes": len(plan_.removes) if plan_ else 0,
        **(_by_name(table, plan_) if plan_ and table.job.spec.action is not Action.SYNC else {}),
        "warnings": [note.to_json() for note in table.notes],
        "error": _error(table),
    }


def _by_name(table: TableRun, plan_: TablePlan) -> dict[str, Any]:
    """Exactly what a choice would do."""
    folders = (folder for batch in plan_.batches for folder in batch.folders)
    return {
        "does": list(table.outline),
        "reads": [file.key for folder in folders for file in folder.files],
        "takes_out": [file.path for file in plan_.removes],
        "checks": plan_.checks and dict(plan_.checks),
    }


def _error(table: TableRun) -> dict[str, Any] | None:
    problem: Problem | None = table.problem or (table.survey.plan.stop if table.survey else None)
    return problem.to_json() if problem else None


def _rejected(name: str, problem: Problem) -> dict[str, Any]:
    nothing = {"folders": 0, "files": 0, "bytes": 0, "commits": 0, "from": None, "to": None}
    return {"table": name, **nothing, "removes": 0, "warnings": [], "error": problem.to_json()}


def _print_plan(rows: list[dict[str, Any]], places: Sequence[str]) -> None:
    screen = console()
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("table")
    takes_out = any(row["removes"] for row in rows)
    counted = ("folders", "files", "size", "commits", *(["takes out"] if takes_out else []))
    for name in counted:
        table.add_column(name, justify="right")
    table.add_column("folders from")
    table.add_column("to")
    for row in rows:
        counts = [str(row["folders"]), str(row["files"]), size_text(row["bytes"])]
        counts += [str(row["commits"]), *([str(row["removes"])] if takes_out else [])]
        times = [_time(row["from"]), _time(row["to"])]
        table.add_row(escape(row["table"]), *counts, *times)
    screen.print(table)
    for row in rows:
        for sentence in row.get("does", ()):
            screen.print(f"{escape(row['table'])}: {escape(sentence)}", soft_wrap=True)
        _print_files(screen, row)
        _print_remarks(screen, row, places)


def _print_files(screen: Console, row: dict[str, Any]) -> None:
    for what, names in (("reads", row.get("reads")), ("takes out", row.get("takes_out"))):
        for name in (names or [])[:MOST_NAMED]:
            screen.print(f"{escape(row['table'])}: {what} {escape(name)}", soft_wrap=True)
        if len(names or []) > MOST_NAMED:
            rest = len(names or []) - MOST_NAMED
            screen.print(f"{escape(row['table'])}: {what} {rest} more; --json names all of them")


def _print_remarks(screen: Console, row: dict[str, Any], places: Sequence[str]) -> None:
    for note in row["warnings"]:
        what, message = f"{row['table']}: {note['code']}", note["message"]
        screen.print(f"[yellow]{escape(what)}[/] {escape(message)}", soft_wrap=True)
    if row["error"]:
        print_problem(screen, Problem(**row["error"]), row["table"], places)


def _time(epoch_ms: int | None) -> str:
    if epoch_ms is None:
        return ""
    return f"{datetime.fromtimestamp(epoch_ms / 1000, UTC):%Y-%m-%d %H:%M:%S}Z"


def show_tables(target: str, *, as_json: bool) -> int:
    """Print the Delta tables of a target; 0, or 2 when one cannot be read.

    Raises:
        UsageError: ``TARGET_NOT_FOUND``: a mistyped folder is no empty lake.
    """
    store = Store.open(target)
    if store.location.is_local and not store.local_path("").is_dir():
        raise UsageError(
            "TARGET_NOT_FOUND",
            f"There is no folder {store.url}.",
            "Check the path; the first sync makes it.",
        )
    names = [name for name in store.list_folders() if not name.startswith(("_", "."))]
    with ThreadPoolExecutor(8) as pool:
        rows = [row for row in pool.map(lambda name: _described(store, name), names) if row]
    if as_json:
        print(json.dumps({"tables": rows}))
    else:
        _print_tables(rows, store.url)
    return 2 if any(row["error"] for row in rows) else 0


def _described(store: Store, name: str) -> dict[str, Any] | None:
    """What is at a folder of the target; None when it is no Delta table."""
    row: dict[str, Any] = {"table": name, "version": None, "rows": None, "files": None}
    row |= {"bytes": None, "watermark": None, "layout": None, "error": None}
    try:
        snapshot = read_snapshot(store, name)
    except CdalakeError as error:
        return {**row, "error": error.as_problem().to_json()}
    if snapshot is None:
        return None
    cursors = [v for app, v in snapshot.transactions.items() if app.startswith(CURSOR)]
    counts = {"version": snapshot.version, "rows": snapshot.rows, "files": len(snapshot.files)}
    facts = {"bytes": snapshot.size_bytes, "watermark": max(cursors, default=None)}
    layout = layout_of(snapshot.metadata, snapshot.files) if cursors else None
    return {**row, **counts, **facts, "layout": layout}


def _print_tables(rows: list[dict[str, Any]], url: str) -> None:
    screen = console()
    if not rows:
        screen.print(f"There is no Delta table at {escape(url)}.", soft_wrap=True)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("table")
    for name in ("version", "rows", "files", "size"):
        table.add_column(name, justify="right")
    table.add_column("watermark")
    for row in rows:
        table.add_row(*_cells(row))
    screen.print(table)


def _cells(row: dict[str, Any]) -> list[str]:
    if row["error"]:
        return [escape(row["table"]), "", "", "", "", f"[red]{row['error']['code']}[/]"]
    rows = "unknown" if row["rows"] is None else str(row["rows"])
    size = size_text(row["bytes"])
    return [
        escape(row["table"]),
        str(row["version"]),
        rows,
        str(row["files"]),
        size,
        _time(row["watermark"]),
    ]
