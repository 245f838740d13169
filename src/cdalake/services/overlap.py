"""May two runs touch one table? Then one waits for the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from cdalake.catalog.runs import Run
from cdalake.engine.patterns import Patterns, is_glob
from cdalake.engine.progress import RunState
from cdalake.engine.spec import RunSpec

MAX_ACTIVE = 4
NAMED = 3

TablesOf = Callable[[Run], Iterable[str]]
"""Names that a run may work on, as far as they are known."""


@dataclass(frozen=True)
class Obstacle:
    """A run that another one has to wait for.

    Attributes:
        tables: what both want, as far as it is known.
    """

    run_id: str
    tables: tuple[str, ...]

    @property
    def reason(self) -> str:
        """Why the other one waits."""
        if not self.tables:
            return f"Waits for run {self.run_id}, which may work on the same tables."
        more = len(self.tables) - NAMED
        named = ", ".join(self.tables[:NAMED])
        return f"Waits for run {self.run_id} because of {named}" + (
            f" and {more:,} more." if more > 0 else "."
        )


def waiting_reason(run: Run, unfinished: Sequence[Run], tables_of: TablesOf) -> str | None:
    """Why a pending run must not start yet; None when it may."""
    others = [other for other in unfinished if other.run_id != run.run_id]
    blocking = next((other for other in others if _blocks(other, run)), None)
    if blocking is not None:
        return obstacle(run.attempt_spec, blocking, tables_of(blocking)).reason
    active = [other for other in others if _is_active(other)]
    if len(active) >= MAX_ACTIVE:
        return f"Waits for one of {len(active)} other runs to end."
    return None


def obstacles(
    spec: RunSpec, target: str, unfinished: Iterable[Run], names: Iterable[str]
) -> list[Obstacle]:
    """The runs that a run yet to be asked for would wait for."""
    known = list(names)
    return [
        obstacle(spec, other, known)
        for other in unfinished
        if other.target == target and may_overlap(other.attempt_spec, spec)
    ]


def obstacle(spec: RunSpec, other: Run, names: Iterable[str]) -> Obstacle:
    """What a run and another one that it waits for have in common."""
    specs = (spec, other.attempt_spec)
    literal = {name for each in specs if _is_literal(each.include) for name in each.include}
    both = _chosen(spec, _chosen(other.attempt_spec, {*names, *literal}))
    return Obstacle(other.run_id, tuple(sorted(both)))


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
            return bool(_chosen(second, _chosen(first, set(first.include))))
    return True


def _is_literal(patterns: Sequence[str]) -> bool:
    return bool(patterns) and not any(map(is_glob, patterns))


def _chosen(spec: RunSpec, names: set[str]) -> set[str]:
    wanted, unwanted = Patterns.of(spec.include), Patterns.of(spec.exclude)
    kept = {name for name in names if wanted.match(name)} if spec.include else names
    return {name for name in kept if not unwanted.match(name)} if spec.exclude else kept
