"""A run beside the runs before it: how long it may take, and what has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from statistics import median
from typing import Any

from cdalake.catalog.run_list import RunList
from cdalake.catalog.runs import Run, RunStore
from cdalake.engine.progress import RunState
from cdalake.engine.spec import Action, RunSpec
from cdalake.errors import RunNotFound
from cdalake.models.guidewire import (
    ChangedSetting,
    ComparedTable,
    RunComparison,
    RunConfig,
    Usual,
)
from cdalake.services import run_views

REMEMBERED = 30
SHOWN = 20
NOTICEABLE_S = 0.5
"""Tables whose time differs by less are as fast as before."""
ENOUGH_S = 1.0
"""Shorter runs say nothing about a pace."""

Rows = Mapping[str, Mapping[str, Any]]


class RunHistory:
    """Compares runs."""

    def __init__(self, store: RunStore, listed: RunList) -> None:
        self._store = store
        self._list = listed

    def compare(self, run_id: str) -> RunComparison:
        """The run beside the one before of the same selection.

        Raises:
            RunNotFound: there is no such run.
        """
        run, now = self._whole(run_id)
        earlier = self._list.predecessor(run)
        if earlier is None:
            return _alone(run)
        return _compared(earlier, self._whole(earlier.run_id)[1], run, now)

    def _whole(self, run_id: str) -> tuple[Run, Rows]:
        found = self._store.whole(run_id)
        if found is None:
            raise RunNotFound.with_id(run_id)
        return found[0], {row["table_name"]: row for row in found[1]}


def usual(listed: RunList, target: str, spec: RunSpec) -> Usual | None:
    """How the newest runs of the same target went; None when there are none."""
    ended = [run for run in listed.ended(target, REMEMBERED) if run.state is not RunState.FAILED]
    if not ended:
        return None
    alike = [run for run in ended if _asked(run.spec) == _asked(spec)]
    paces = sorted(_pace(run) for run in ended if _took(run) >= ENOUGH_S and _pace(run) > 0)
    return Usual(
        runs=len(ended),
        seconds=round(median(_took(run) for run in alike or ended), 3),
        slow_bytes_per_second=round(paces[len(paces) // 4], 1) if paces else None,
        fast_bytes_per_second=round(paces[(3 * len(paces)) // 4], 1) if paces else None,
    )


def _asked(spec: RunSpec) -> tuple[Action, frozenset[str], frozenset[str]]:
    return spec.action, frozenset(spec.include), frozenset(spec.exclude)


def _took(run: Run) -> float:
    if run.started_at is None or run.finished_at is None:
        return 0.0
    return max(0.0, (run.finished_at - run.started_at).total_seconds())


def _pace(run: Run) -> float:
    return run.totals.get("bytes_done", 0) / max(_took(run), 0.001)


def _alone(run: Run) -> RunComparison:
    return RunComparison(
        run_id=run.run_id,
        before=None,
        now=run_views.summary(run),
        slower=[],
        faster=[],
        new_failures=[],
        mended=[],
        only_before=[],
        only_now=[],
        config=[],
    )


def _compared(earlier: Run, before: Rows, run: Run, now: Rows) -> RunComparison:
    tables = [_table(name, before.get(name), now.get(name)) for name in sorted({*before, *now})]
    both = [table for table in tables if table.table in before and table.table in now]
    return RunComparison(
        run_id=run.run_id,
        before=run_views.summary(earlier),
        now=run_views.summary(run),
        slower=_moved(both, lambda change: change > NOTICEABLE_S),
        faster=_moved(both, lambda change: change < -NOTICEABLE_S),
        new_failures=[t for t in tables if _failed(t.status_now) and not _failed(t.status_before)],
        mended=[t for t in both if _failed(t.status_before) and _good(t.status_now)],
        only_before=[name for name in before if name not in now],
        only_now=[name for name in now if name not in before],
        config=list(_changes(run_views.config(earlier.spec), run_views.config(run.spec))),
    )


def _table(
    name: str, before: Mapping[str, Any] | None, now: Mapping[str, Any] | None
) -> ComparedTable:
    was = run_views.result(before) if before else None
    is_now = run_views.result(now) if now else None
    return ComparedTable(
        table=name,
        status_before=was.status if was else None,
        status_now=is_now.status if is_now else None,
        seconds_before=was.duration_seconds if was else None,
        seconds_now=is_now.duration_seconds if is_now else None,
        rows_before=was.rows if was else None,
        rows_now=is_now.rows if is_now else None,
    )


def _moved(tables: list[ComparedTable], wanted: Callable[[float], bool]) -> list[ComparedTable]:
    changes = [(_change(table), table) for table in tables]
    moved = [(change, table) for change, table in changes if wanted(change)]
    moved.sort(key=lambda pair: (-abs(pair[0]), pair[1].table))
    return [table for _, table in moved[:SHOWN]]


def _change(table: ComparedTable) -> float:
    if table.seconds_before is None or table.seconds_now is None:
        return 0.0
    return table.seconds_now - table.seconds_before


def _failed(status: str | None) -> bool:
    return status in {"failed", "partial", "paused"}


def _good(status: str | None) -> bool:
    return status in {"ok", "no_change"}


def _changes(before: RunConfig, now: RunConfig) -> Iterator[ChangedSetting]:
    one, other = before.model_dump(), now.model_dump()
    for name, value in other.items():
        if one[name] != value:
            yield ChangedSetting(name=name, before=_words(one[name]), now=_words(value))


def _words(value: Any) -> str:
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, list) else str(value)
