"""The run's side of its tasks on Ray: who has what, what was told, what is tried again."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any

import ray
from ray.exceptions import RayError, RayTaskError, TaskCancelledError

from cdalake.cda.layout import SourceFile
from cdalake.cda.manifest import ManifestEntry
from cdalake.delta.actions import Metadata
from cdalake.engine.bring import Brought
from cdalake.engine.execute import TableRun, defect
from cdalake.engine.job import Job
from cdalake.engine.plan import Exchange
from cdalake.engine.progress import Event, Level, TableResult
from cdalake.errors import Problem
from cdalake.runners.cluster import ClusterStatus
from cdalake.runners.ray_cluster import Cluster
from cdalake.runners.ray_errands import LOST, Errand, ParcelErrand, TableErrand, parcels
from cdalake.runners.ray_tasks import Commission, Parcel

PACE_S = 0.25
STATUS_EVERY_S = 1.0
TELL_EVERY_S = 5.0
MAX_ATTEMPTS = 3
NO_CPU_S = 600.0
"""A cluster that grows with its work may begin with no CPU at all."""
LAST_WAIT_S = 15.0
"""So long Ray may take to end what it was told to end."""


class Dispatch:
    """Errands on their way, seen after by one thread; sent out by any.

    Attributes:
        results: of the tables that came back.
    """

    def __init__(self, cluster: Cluster, job: Job, commission: Commission, grace_s: float) -> None:
        self.job = job
        self.results: list[TableResult] = []
        self._cluster = cluster
        self._commission = commission
        self._recall = Recall(grace_s)
        self._watch = Watch(cluster, job)
        self._lock = threading.Lock()
        self._away: dict[Any, Errand] = {}
        self._begun: set[tuple[str, int]] = set()
        self._gone: Problem | None = None

    def send_table(self, table: TableRun) -> None:
        """Give a whole table to some worker."""
        self.send(TableErrand(table, self.job.sink.emit, self.results.append))

    def send(self, errand: Errand) -> None:
        """Give an errand to some worker."""
        if self._gone is not None:
            errand.fail(self._gone)
            return
        try:
            ref = errand.send(self._cluster, self._commission)
        except RayError as error:
            errand.fail(_lost_cluster(error))
            return
        with self._lock:
            self._away[ref] = errand

    def finish(self, here: Sequence[Future[TableResult]]) -> None:
        """See after everything until it is back; those `here` may send out more meanwhile."""
        while self._away or not all(future.done() for future in here):
            try:
                self._turn()
            except RayError as error:
                self._abandon(_lost_cluster(error))
            except Exception as error:  # noqa: BLE001 - who waits here would wait for ever
                self._abandon(defect(error))
        if self._gone is None:
            self._watch.look(0, 0, is_last=True)

    def _turn(self) -> None:
        ready = self._back()
        self._hear()
        for ref in ready:
            self._take(ref)
        if self.job.is_cancelled():
            self._call_back()
        self._recall_unwanted()
        begun = sum((e.name, e.attempt) in self._begun for e in self._errands().values())
        if self._watch.look(begun, len(self._away) - begun):
            self._abandon(_no_cpu())

    def _errands(self) -> dict[Any, Errand]:
        with self._lock:
            return dict(self._away)

    def _back(self) -> list[Any]:
        """References of what is back, after a short wait."""
        refs = list(self._errands())
        if not refs:
            time.sleep(PACE_S)
            return []
        ray.wait(refs, num_returns=1, timeout=PACE_S)
        done: list[Any] = ray.wait(refs, num_returns=len(refs), timeout=0)[0]
        return done

    def _hear(self) -> None:
        """Hand on what workers told; of an errand that has ended nothing is heard any more."""
        known = {errand.name: errand for errand in self._errands().values()}
        for letter in self._cluster.letters():
            self._begun.add((letter.errand, letter.attempt))
            if (errand := known.get(letter.errand)) is not None:
                self._pass_on(errand, letter.events)

    def _pass_on(self, errand: Errand, events: Sequence[Event]) -> None:
        for event in events:
            if (told := errand.hear(event)) is not None:
                self.job.sink.emit(told)

    def _take(self, ref: Any) -> None:
        with self._lock:
            errand = self._away.pop(ref)
        try:
            value = ray.get(ref)
        except RayTaskError as error:
            errand.fail(_unfit(error))
        except RayError as error:
            self._take_up(errand, error)
        else:
            errand.end(value)

    def _take_up(self, errand: Errand, error: RayError) -> None:
        """Its worker is gone, or was told to go."""
        why = type(error).__name__
        if self.job.is_cancelled() or isinstance(error, TaskCancelledError):
            errand.cancel()
        elif errand.attempt == MAX_ATTEMPTS:
            errand.fail(_lost_worker(errand.table, why))
        else:
            errand.attempt += 1
            errand.lost(why)
            self.send(errand)

    def _call_back(self) -> None:
        """After a cancel: everybody by the office, by force whoever cannot or does not hear."""
        if self._recall.is_first():
            self._cluster.office.cancel.remote()
        for ref, errand in self._errands().items():
            has_begun = (errand.name, errand.attempt) in self._begun
            if not (has_begun and errand.stops_by_itself) or self._recall.is_grace_over:
                self._recall.by_force(ref)
            if self._recall.is_hopeless:
                self._drop(ref)

    def _recall_unwanted(self) -> None:
        for ref, errand in self._errands().items():
            if not errand.is_wanted:
                self._recall.by_force(ref)

    def _drop(self, ref: Any) -> None:
        with self._lock:
            errand = self._away.pop(ref)
        errand.cancel()

    def _abandon(self, problem: Problem) -> None:
        """Whatever is away ends, and nothing is sent out any more (R49)."""
        self._gone = problem
        with self._lock:
            away, self._away = self._away, {}
        for errand in away.values():
            errand.fail(problem)


class Recall:
    """How a cancel goes on: asked first, forced after the grace time."""

    def __init__(self, grace_s: float) -> None:
        self._grace_s = grace_s
        self._since: float | None = None
        self._forced: set[Any] = set()

    def is_first(self) -> bool:
        """The cancel is news."""
        if self._since is not None:
            return False
        self._since = time.monotonic()
        return True

    @property
    def _seconds(self) -> float:
        return 0.0 if self._since is None else time.monotonic() - self._since

    @property
    def is_grace_over(self) -> bool:
        """Whoever has not stopped by now is in native code, or hangs."""
        return self._seconds >= self._grace_s

    @property
    def is_hopeless(self) -> bool:
        """Ray itself does not answer."""
        return self._seconds >= self._grace_s + LAST_WAIT_S

    def by_force(self, ref: Any) -> None:
        """End its worker; what it committed stays committed. Native code hears nothing else."""
        if ref not in self._forced:
            self._forced.add(ref)
            ray.cancel(ref, force=True)


class Watch:
    """Tells how the cluster stands: at once when a node comes or goes, else every few seconds."""

    def __init__(self, cluster: Cluster, job: Job) -> None:
        self._cluster = cluster
        self._job = job
        self._looked_at = self._told_at = -STATUS_EVERY_S
        self._told: ClusterStatus | None = None
        self._has_cpu_at = time.monotonic()

    def look(self, running: int, pending: int, *, is_last: bool = False) -> bool:
        """Look if it is time to; True when there has been no CPU for too long."""
        now = time.monotonic()
        if now - self._looked_at < STATUS_EVERY_S and not is_last:
            return False
        self._looked_at = now
        status = self._cluster.status(running, pending)
        if status.cpus:
            self._has_cpu_at = now
        is_due = is_last or now - self._told_at >= TELL_EVERY_S
        if self._has_other_nodes(status) or (is_due and status != self._told):
            self._tell(status)
            self._told_at = now
        return now - self._has_cpu_at > NO_CPU_S

    def _has_other_nodes(self, status: ClusterStatus) -> bool:
        return self._told is None or _living(self._told) != _living(status)

    def _tell(self, status: ClusterStatus) -> None:
        lost = self._told is not None and bool(_living(self._told) - _living(status))
        level = Level.WARNING if lost else Level.INFO
        self._told = status
        self._job.sink.emit(Event("cluster", status.sentence, level=level, data=status.to_json()))


def _living(status: ClusterStatus) -> set[str]:
    return {node.name for node in status.nodes if node.is_alive}


class Parcels:
    """Brings the files of a large table by several workers; see `Carrier`."""

    def __init__(self, dispatch: Dispatch, most_files: int, most_bytes: int) -> None:
        self._dispatch = dispatch
        self._most = most_files, most_bytes
        self._numbers = itertools.count(1)

    def send(
        self,
        entry: ManifestEntry,
        metadata: Metadata | None,
        exchange: Exchange,
        files: Sequence[SourceFile],
        arrived: Callable[[SourceFile], None],
    ) -> list[Future[Brought | None]]:
        """As the port has it."""
        sent = []
        for parcel in parcels(files, *self._most):
            name = f"{entry.table} #{next(self._numbers)}"
            errand = ParcelErrand(name, Parcel(entry, metadata, exchange, parcel), arrived)
            self._dispatch.send(errand)
            sent += errand.futures
        return sent


def _unfit(error: RayTaskError) -> Problem:
    """What a task itself raised; our own errors come as results."""
    cause = error.cause if isinstance(error.cause, Exception) else error
    if isinstance(cause, ImportError) or "failed to import" in str(error):
        return Problem(
            "RAY_WORKER_UNFIT",
            "A worker of the cluster cannot import cdalake.",
            "Install cdalake[ray] on every node, in the version that starts the run.",
        )
    return defect(cause)


def _lost_worker(table: str, why: str) -> Problem:
    return Problem(
        LOST,
        f"{MAX_ATTEMPTS} workers were lost with {table} ({why}).",
        "Look at the memory of the nodes; what was committed is kept. Run again.",
    )


def _lost_cluster(error: RayError) -> Problem:
    return Problem(
        "RAY_CLUSTER_LOST",
        f"The Ray cluster went away during the run ({type(error).__name__}).",
        "What was committed is kept. Look after the cluster, then run again.",
    )


def _no_cpu() -> Problem:
    return Problem(
        "RAY_NO_CPU",
        f"No node of the Ray cluster had a CPU for {NO_CPU_S / 60:g} minutes.",
        "Add nodes to the cluster, then run again.",
    )
