"""What a choice of a person comes to, in sentences that hold before it is made and after."""

from __future__ import annotations

from collections.abc import Iterator

from cdalake.delta.actions import DataFile, rows_of
from cdalake.delta.places import key_of
from cdalake.engine.plan import TablePlan
from cdalake.engine.spec import Action
from cdalake.engine.view import TableView
from cdalake.words import are, counted


def outline(action: Action, view: TableView, plan: TablePlan) -> tuple[str, ...]:
    """What is done to a table that stands like `view`; nothing for what only looks or syncs."""
    if action in (Action.SYNC, Action.VERIFY):
        return ()
    return tuple(_sentences(action, view, plan))


def _sentences(action: Action, view: TableView, plan: TablePlan) -> Iterator[str]:
    if action is Action.ACCEPT and plan.batches:
        yield _accepted(view, plan.batches[0].exchange.accepted_rows)
    for key in plan.sets_aside:
        yield _set_aside(key, [file for file in plan.removes if _is_of(file, key)])
    for key in sorted(plan.releases):
        yield f"{key} is in quarantine no more."
    if action is not Action.QUARANTINE and (plan.files or plan.removes):
        yield _exchanged(plan)
    if action is Action.REPAIR and is_current_wrong(plan):
        yield "The current table is merged anew."


def _accepted(view: TableView, difference: int) -> str:
    if view.rows is None:
        return "The rows are accepted as they are; how many they are, the log does not say."
    rows = f"{counted(view.rows, 'row')} {are(view.rows)} accepted"
    if not difference:
        return f"{rows}; no other number than at our newest commit is known."
    before, way = view.rows - difference, "more" if difference > 0 else "fewer"
    of = f"{rows} where our newest commit left {before:,}"
    return f"{of}: {abs(difference):,} {way}."


def _is_of(file: DataFile, key: str) -> bool:
    return key in (file.path, key_of(file.path))


def _set_aside(key: str, files: list[DataFile]) -> str:
    if not files:
        return f"{key} is set aside; the table has none of its rows."
    return f"{key} is set aside and leaves the table with {_rows(files)}."


def _rows(files: list[DataFile]) -> str:
    rows = rows_of(files)
    return "rows that nobody counted" if rows is None else counted(rows, "row")


def _exchanged(plan: TablePlan) -> str:
    reads = f"Reads {counted(plan.files, 'file')} of the export"
    if not plan.removes:
        return f"{reads}; takes nothing out."
    out = f"{counted(len(plan.removes), 'file')} with {_rows(list(plan.removes))}"
    fewer = len(plan.removes) - plan.files
    less = f": {counted(fewer, 'file')} fewer than before" if fewer > 0 else ""
    return f"{reads}; takes {out} out{less}."


def is_current_wrong(plan: TablePlan) -> bool:
    """A look at the current table found it other than its raw table says (R45)."""
    current = (plan.checks or {}).get("current")
    return current is not None and not current["is_right"]
