"""How a run is told on a terminal. Progress goes to standard error, results to standard output."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from cdalake.cli.remedies import remedies
from cdalake.engine.progress import Event, Level, RunResult, Sink, TableResult, TableState
from cdalake.errors import Problem
from cdalake.words import counted

STYLES = {
    TableState.OK: "green",
    TableState.NO_CHANGE: "dim",
    TableState.SKIPPED: "dim",
    TableState.CANCELLED: "yellow",
}


class Screen(Sink, Protocol):
    """A sink that shows a run to somebody, and can be put away."""

    def close(self) -> None:
        """Put away what must not stay on the screen."""


class JsonLines:
    """Every event as one JSON line on standard output."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # Libraries that print, like Ray, are sent elsewhere while they are at work.
        self._out = sys.stdout

    def emit(self, event: Event) -> None:
        """Print the event."""
        with self._lock:
            print(json.dumps(event.to_json()), file=self._out, flush=True)

    def close(self) -> None:
        """Nothing to put away."""

    @staticmethod
    def print_result(result: RunResult) -> None:
        """Print the last line."""
        print(json.dumps(result.to_json()), flush=True)


class Plain:
    """Commits, warnings and ends as lines, for logs and pipes."""

    KINDS = frozenset({"run_started", "committed", "warning", "error", "run_finished"})

    def __init__(self) -> None:
        # Tables are worked at in threads of their own, and each line is one of them.
        self._lock = threading.Lock()

    def emit(self, event: Event) -> None:
        """Print the event if a person wants to know it."""
        if event.kind in self.KINDS:
            mark = "" if event.level is Level.INFO else f"{event.level.value.upper()} "
            with self._lock:
                sys.stderr.write(f"{mark}{_line(event)}\n")

    def close(self) -> None:
        """Nothing to put away."""


def _line(event: Event) -> str:
    return f"{event.table}: {event.message}" if event.table else event.message


class ProgressBar:
    """One bar over the bytes of all tables; warnings and errors above it.

    Args:
        tells_errors: False where the result, which has them all, is shown on the same terminal.
    """

    def __init__(self, *, tells_errors: bool = True) -> None:
        self._kinds = ("warning", "error") if tells_errors else ("warning",)
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            DownloadColumn(),
            TimeRemainingColumn(),
        )
        self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
        self._task = self._bar.add_task("planning", total=None)
        self._lock = threading.Lock()
        self._total = 0
        self._done: dict[str | None, int] = {}
        self._ended = 0
        self._tables = 0
        self._bar.start()

    def emit(self, event: Event) -> None:
        """Move the bar."""
        with self._lock:
            self._take(event)
        if event.level is not Level.INFO and event.kind in self._kinds:
            line = f"[{_style(event)}]{escape(_line(event))}[/]"
            self._bar.console.print(line, highlight=False)

    def _take(self, event: Event) -> None:
        if event.kind == "run_started":
            self._tables = len(event.data["tables"])
        elif event.kind == "table_planned":
            self._total += event.data["bytes"]
        elif event.kind == "progress":
            self._done[event.table] = event.data["bytes"]
        elif event.kind == "table_finished":
            self._ended += 1
        self._bar.update(
            self._task,
            description=f"{self._ended} of {self._tables} tables",
            completed=sum(self._done.values()),
            total=self._total or None,
        )

    def close(self) -> None:
        """Remove the bar."""
        self._bar.stop()


def _style(event: Event) -> str:
    return "red" if event.level is Level.ERROR else "yellow"


def console() -> Console:
    """Standard output: as wide as the terminal, and wide enough for whole names elsewhere."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else 160)


def size_text(count: float) -> str:
    """Bytes for people, e.g. ``12.4 MB``."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} B" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"


def print_result(result: RunResult, places: Sequence[str] = ()) -> None:
    """Print how every table ended, and what to do about those that did not end well.

    Args:
        places: arguments that say where export and tables are, for commands to be pasted.
    """
    screen = console()
    if result.tables:
        screen.print(_table(result))
    for table in result.tables:
        for sentence in table.did:
            screen.print(f"{escape(table.table)}: {escape(sentence)}", soft_wrap=True)
        if table.checks is not None:
            screen.print(f"{escape(table.table)}: {escape(_checked(table.checks))}", soft_wrap=True)
        if table.error is not None:
            print_problem(screen, table.error, table.table, places)
    if result.error is not None:
        print_problem(screen, result.error)
    screen.print(_summary(result))


def _checked(checks: Mapping[str, Any]) -> str:
    """What `verify` counted, as a sentence."""
    folders = ", ".join(f"{count} {state}" for state, count in sorted(checks["folders"].items()))
    metrics = f"; batch metrics of folders: {folders}" if folders else ""
    files, rows = counted(checks["files"], "committed file"), checks["rows"]
    known = "rows unknown" if rows is None else counted(rows, "row")
    records = checks["records"]
    promised = "" if records is None else f", CDA counts {records:,}"
    return (
        f"{files}, {checks['missing']} missing, {checks['gone']} gone, {checks['changed']} changed "
        f"in the export; {known}{promised}{metrics}{_current(checks['current'])}"
    )


def _current(found: Mapping[str, Any] | None) -> str:
    """How the current table compares; nothing where there is none, or none was compared."""
    if found is None:
        return ""
    said = "as it should be" if found["is_right"] else "not as it should be"
    when = f" for version {found['raw_version']}" if found["is_behind"] else ""
    return f"; current table: {said}{when}, {counted(found['rows'], 'row')}"


def print_problem(
    screen: Console, problem: Problem, table: str | None = None, places: Sequence[str] = ()
) -> None:
    """Print what went wrong and the next step; brackets in a path are no markup."""
    what = f"{table}: {problem.code}" if table else problem.code
    screen.print(f"[red]{escape(what)}[/] {escape(problem.message)}", soft_wrap=True)
    screen.print(f"  {escape(problem.hint)}", soft_wrap=True)
    for command in remedies(problem, table, places) if table else ():
        screen.print(f"    {escape(command)}", soft_wrap=True)


def _table(result: RunResult) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("table")
    table.add_column("state")
    # A verification brings nothing: what it counted is told below.
    counts = () if _only_looked(result) else ("folders", "files", "rows", "size")
    for name in (*counts, "version", "seconds"):
        table.add_column(name, justify="right")
    for item in result.tables:
        table.add_row(*_cells(item, has_counts=bool(counts)))
    return table


def _only_looked(result: RunResult) -> bool:
    return any(t.checks is not None for t in result.tables) and not result.totals["commits"]


def _cells(item: TableResult, *, has_counts: bool) -> list[str]:
    style = STYLES.get(item.status, "red")
    counts = [str(item.folders), str(item.files), str(item.rows), size_text(item.bytes)]
    version = "" if item.version is None else str(item.version)
    seconds = f"{item.duration_seconds or 0:.2f}"
    state = f"[{style}]{item.status.value}[/]"
    return [escape(item.table), state, *(counts if has_counts else ()), version, seconds]


def _summary(result: RunResult) -> str:
    seconds = (result.finished_at - result.started_at).total_seconds()
    what = ", ".join(_totals(result))
    return f"Run {result.run_id} {result.status.value}: {what} in {seconds:.2f} s"


def _totals(result: RunResult) -> Iterator[str]:
    totals = result.totals
    yield counted(totals["tables"], "table")
    if not _only_looked(result):
        yield counted(totals["folders"], "folder")
        yield counted(totals["rows"], "row")
        yield size_text(totals["bytes"])
