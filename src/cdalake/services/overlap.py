"""May two runs touch one table? Then one waits for the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from cdalake.catalog.runs import Run
from cdalake.engine.progress import RunState
from cdalake.engine.spec import RunSpec

MAX_ACTIVE = 4


def waiting_reason(run: Run, unfinished: Sequence[Run]) -> str | None:
    """Why a pending run must not start yet; None when it may."""
    others = [other for other in unfinished if other.run_id != run.run_id]
    blocking = next((other for other in others if _blocks(other, run)), None)
    if blocking is not None:
        return f"Waits for run {blocking.run_id}, which works on the same tables."
    active = [other for other in others if _is_active(other)]
    if len(active) >= MAX_ACTIVE:
        return f"Waits for one of {len(active)} other runs to end."
    return None


def _is_active(run: Run) -> bool:
    return run.process is not None or run.state is not RunState.PENDING


def _blocks(other: Run, run: Run) -> bool:
    is_before = _is_active(other) or (other.created_at, other.run_id) < (run.created_at, run.run_id)
    same_place = other.target == run.target
    return is_before and same_place and may_overlap(other.attempt_spec, run.attempt_spec)


def may_overlap(one: RunSpec, other: RunSpec) -> bool:
    """Some table may be chosen by both; two globs are taken to meet."""
    for first, second in ((one, other), (other, one)):
        if _is_literal(first.include):
            return any(_chooses(first, name) and _chooses(second, name) for name in first.include)
    return True


def _is_literal(patterns: Sequence[str]) -> bool:
    return bool(patterns) and not any(c in pattern for pattern in patterns for c in "*?[")


def _chooses(spec: RunSpec, name: str) -> bool:
    if _matches(name, spec.exclude):
        return False
    return not spec.include or _matches(name, spec.include)


def _matches(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name.lower(), pattern.lower()) for pattern in patterns)
