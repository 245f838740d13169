"""The place `ray`: a run's tables are spread over a cluster, the files of its largest ones too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed, wait
from dataclasses import dataclass, field, replace

from cdalake.cda.manifest import ManifestEntry
from cdalake.engine.execute import TableRun
from cdalake.engine.job import Job
from cdalake.engine.plan import TablePlan
from cdalake.engine.progress import Event, Sink, TableResult
from cdalake.engine.spec import Action, RunSpec
from cdalake.engine.workplace import Threads, in_order
from cdalake.runners.ray_cluster import connected
from cdalake.runners.ray_dispatch import Dispatch, Parcels
from cdalake.runners.ray_tasks import Commission, HandedKeys
from cdalake.storage.inline import InlineKeys
from cdalake.telemetry.tracing import carried

GRACE_S = 30.0


@dataclass(frozen=True)
class Hot:
    """From where on the files of a table are brought by several workers.

    Attributes:
        files, bytes: pending; one of them is enough.
        parcel_files, parcel_bytes: at most so many in one task.
    """

    files: int = 2000
    bytes: int = 2 * 1024**3
    parcel_files: int = 64
    parcel_bytes: int = 256 * 1024**2

    def is_hot(self, plan: TablePlan) -> bool:
        """The plan is worth the way."""
        return plan.files >= self.files or plan.size >= self.bytes


@dataclass
class _Held:
    """A sink that keeps what planning said until it is known who goes on."""

    sink: Sink
    events: list[Event] = field(default_factory=list)

    def emit(self, event: Event) -> None:
        """Keep it."""
        self.events.append(event)

    def let_go(self, kinds: Iterable[str] | None = None) -> None:
        """Hand on what was kept, or only these kinds of it."""
        for event in self.events:
            if kinds is None or event.kind in kinds:
                self.sink.emit(event)
        self.events = []


class RayWorkplace:
    """Plans where the run is, and sends out what has something to bring.

    A run with nothing new never starts Ray, which costs seconds and half a gigabyte.

    Args:
        show_logs: what workers print goes to this process's output.
        hot: which tables are split.
        grace_s: how long after a cancel workers may take to stop by themselves.
    """

    def __init__(
        self,
        spec: RunSpec,
        keys: InlineKeys | None = None,
        *,
        show_logs: bool = False,
        hot: Hot = Hot(),
        grace_s: float = GRACE_S,
    ) -> None:
        self._spec = spec
        self._show_logs = show_logs
        self._hot = hot
        self._grace_s = grace_s
        # The names of thousands of tables are nobody's business out there.
        self._commission = _commission(replace(spec, include=(), exclude=()), keys)

    def work(self, job: Job, entries: Sequence[ManifestEntry]) -> list[TableResult]:
        """As the port has it.

        Raises:
            CdalakeError: the cluster cannot be had.
        """
        if job.spec.action is not Action.SYNC:
            # Choices are made for few tables, by people who wait.
            return Threads().work(job, entries)
        tables = [_Planned.of(job, entry) for entry in entries]
        with ThreadPoolExecutor(max(1, job.spec.workers), thread_name_prefix="table") as pool:
            plans = [pool.submit(carried(table.prepare)) for table in tables]
            if not _anything_to_bring(plans):
                return [future.result() for future in _stay(pool, job, tables)]
            with connected(self._spec.ray_address, show_logs=self._show_logs) as cluster:
                wait(plans)  # which went on meanwhile
                dispatch = Dispatch(cluster, job, self._commission, self._grace_s)
                return self._spread(dispatch, pool, tables)

    def _spread(
        self, dispatch: Dispatch, pool: ThreadPoolExecutor, tables: Sequence[_Planned]
    ) -> list[TableResult]:
        job = dispatch.job
        hot = [table for table in tables if table.has_work and self._hot.is_hot(table.plan)]
        parcels = Parcels(dispatch, self._hot.parcel_files, self._hot.parcel_bytes)
        here = _stay(pool, job, (table for table in tables if not table.has_work))
        here += _stay(pool, replace(job, carrier=parcels), hot)
        away = {id(t.run): t for t in tables if t.has_work and t not in hot}
        for run in in_order([table.run for table in away.values()], job.spec.largest_first):
            away[id(run)].held.let_go({"table_planned"})
            dispatch.send_table(run)
        dispatch.finish(here)
        return [*dispatch.results, *(future.result() for future in here)]


def _commission(spec: RunSpec, keys: InlineKeys | None) -> Commission:
    if keys is None:
        return Commission(spec)
    source, target = keys.pinned(spec.source_access), keys.pinned(spec.target_access)
    there = replace(spec, source_access=source, target_access=target)
    return Commission(there, HandedKeys(keys))


@dataclass(frozen=True, eq=False)
class _Planned:
    """A table that was planned here, wherever it will be worked at."""

    run: TableRun
    held: _Held

    @classmethod
    def of(cls, job: Job, entry: ManifestEntry) -> _Planned:
        held = _Held(job.sink)
        return cls(TableRun(replace(job, sink=held), entry), held)

    def prepare(self) -> _Planned:
        self.run.prepare()
        return self

    @property
    def plan(self) -> TablePlan:
        survey = self.run.survey
        return TablePlan(self.run.table) if survey is None else survey.plan

    @property
    def has_work(self) -> bool:
        """There is something to bring."""
        return self.run.problem is None and bool(self.plan.batches)

    def finish(self, job: Job) -> TableResult:
        """Work at it in the run's process."""
        self.held.let_go()
        self.run.job = job
        return self.run.execute()


def _anything_to_bring(plans: Iterable[Future[_Planned]]) -> bool:
    """Some table has; known as soon as the first one is known to."""
    return any(plan.result().has_work for plan in as_completed(plans))


def _stay(
    pool: ThreadPoolExecutor, job: Job, tables: Iterable[_Planned]
) -> list[Future[TableResult]]:
    """What has nothing to bring is not worth the way."""
    return [pool.submit(carried(table.finish), job) for table in tables]
