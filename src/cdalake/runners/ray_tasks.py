"""What Ray's workers do for a run: a table, or some files of a large one; and whom they tell.

Imported on every node: cdalake is installed there too, in the same version.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import ray
from ray.exceptions import RayError

from cdalake import __version__
from cdalake.cda.layout import SourceFile
from cdalake.cda.manifest import ManifestEntry
from cdalake.delta.actions import Metadata
from cdalake.engine.bring import Brought
from cdalake.engine.execute import TableRun, defect
from cdalake.engine.fetch import Fetcher
from cdalake.engine.job import Job
from cdalake.engine.plan import Exchange
from cdalake.engine.progress import Event, Sink, Sinks, TableResult, refused
from cdalake.engine.spec import RunSpec
from cdalake.engine.sync import OpenStore, opened
from cdalake.errors import CdalakeError, UsageError
from cdalake.storage import Store
from cdalake.storage.inline import InlineKeys

FILES_AT_ONCE = 16
"""Requests in flight of one worker (R52); as many workers are at it as the cluster has CPUs."""
TELL_EVERY_S = 0.4
KIB = 1024


class HandedKeys:
    """The keys of a request on their way to a worker: in a task's arguments and nowhere else (R53).

    `Secret` refuses to be pickled; here it is meant.
    """

    def __init__(self, keys: InlineKeys) -> None:
        self._keys = keys

    def __repr__(self) -> str:
        return "HandedKeys(****)"

    def __reduce__(self) -> tuple[Callable[[bytes], HandedKeys], tuple[bytes]]:
        return (_unpacked, (self._keys.to_pipe(),))

    @property
    def opener(self) -> OpenStore:
        """Opens stores with them."""
        return self._keys.open


def _unpacked(data: bytes) -> HandedKeys:
    return HandedKeys(InlineKeys.from_bytes(data))


@dataclass(frozen=True)
class Commission:
    """What every worker of a run has to know. Small, so that it never reaches a disk.

    Attributes:
        keys: those that came with the request; without, a worker's own credentials are taken.
        began_at: when the run began, and with it its manifest (epoch seconds).
        version: of the run's process.
    """

    spec: RunSpec
    keys: HandedKeys | None = None
    began_at: float = field(default_factory=time.time)
    version: str = __version__

    @contextmanager
    def job(self, sink: Sink, is_cancelled: Callable[[], bool]) -> Iterator[Job]:
        """The run, as a worker has it.

        Raises:
            UsageError: ``RAY_WORKER_UNFIT``, or as of `check`.
            AccessDenied: ``NO_CREDENTIALS``.
        """
        if self.version != __version__:
            raise UsageError(
                "RAY_WORKER_UNFIT",
                f"A worker has cdalake {__version__}; the run is of {self.version}.",
                "Install one version on the cluster and where runs are started.",
            )
        opener = Store.open if self.keys is None else self.keys.opener
        with opened(self.spec, sink, is_cancelled, opener, FILES_AT_ONCE) as job:
            # Workers read no clock but their own, and a table may have waited for hours (R69).
            age = max(0.0, time.time() - self.began_at)
            yield replace(job, began=job.began - age)


@dataclass(frozen=True)
class Letter:
    """What a worker tells.

    Attributes:
        errand: what it is at.
        attempt: how often that was begun, with this time.
        memory: bytes in use and bytes of its machine; None where nobody knows.
    """

    errand: str
    attempt: int
    node: str
    events: Sequence[Event] = ()
    memory: tuple[int, int] | None = None


class Office:
    """An actor beside the run's process: takes the workers' letters, and tells who may go on."""

    def __init__(self) -> None:
        self._letters: list[Letter] = []
        self._is_cancelled = False

    def tell(self, letter: Letter) -> bool:
        """Take a letter; whether the run was cancelled."""
        self._letters.append(letter)
        return self._is_cancelled

    def take(self) -> list[Letter]:
        """The letters since the last time, in the order they came."""
        letters, self._letters = self._letters, []
        return letters

    def cancel(self) -> None:
        """Tell everybody to stop at the next folder."""
        self._is_cancelled = True


@dataclass
class Reporter:
    """A worker's sink: tells the office twice a second, and hears whether to go on.

    Attributes:
        office: handle of the `Office`.
    """

    office: Any
    errand: str
    attempt: int
    _events: list[Event] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _is_cancelled: threading.Event = field(default_factory=threading.Event)
    _is_over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Reporter:
        self._node: str = ray.get_runtime_context().get_node_id()
        self._thread = threading.Thread(target=self._tell_often, name="reporter", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def emit(self, event: Event) -> None:
        """Take one event; it is told within half a second."""
        with self._lock:
            self._events.append(event)

    def is_cancelled(self) -> bool:
        """The run was cancelled, or nobody listens any more."""
        return self._is_cancelled.is_set()

    def _tell_often(self) -> None:
        self._tell()
        while not self._is_over.wait(TELL_EVERY_S):
            self._tell()
        # The last of it, before the end of the table reaches the run's process by another way.
        self._tell()

    def _tell(self) -> None:
        with self._lock:
            events, self._events = self._events, []
        letter = Letter(self.errand, self.attempt, self._node, events, machine_memory())
        try:
            if ray.get(self.office.tell.remote(letter)):
                self._is_cancelled.set()
        except RayError:
            self._is_cancelled.set()


def machine_memory() -> tuple[int, int] | None:
    """Bytes in use and bytes of this machine; None where the system does not tell."""
    with suppress(OSError, KeyError, ValueError):
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        told = {name: int(rest.split()[0]) * KIB for name, _, rest in map(_parted, lines)}
        return told["MemTotal"] - told["MemAvailable"], told["MemTotal"]
    return None


def _parted(line: str) -> tuple[str, str, str]:
    return line.partition(":")


def work_at(
    commission: Commission, office: Any, entry: ManifestEntry, attempt: int, since: int
) -> TableResult:
    """Bring one table up to date, by the code that threads use.

    Args:
        attempt: 1, or one more for each worker that was lost with the table.
        since: the table's version before the first attempt (-1: not there yet).
    """
    with Reporter(office, entry.table, attempt) as reporter:
        try:
            with commission.job(reporter, reporter.is_cancelled) as job:
                table = TableRun(job, entry)
                if attempt > 1:
                    table.take_up(since)
                table.prepare()
                return table.execute()
        except CdalakeError as error:
            return refused(reporter, entry.table, error.as_problem())


Fetched = Brought | CdalakeError | None
"""A file that is there, why it is not, or None after a cancel."""


@dataclass(frozen=True)
class Parcel:
    """Some files of a table.

    Attributes:
        metadata: the table's; None before its first commit.
        exchange: what the commit that they are for takes out.
    """

    entry: ManifestEntry
    metadata: Metadata | None
    exchange: Exchange
    files: Sequence[SourceFile]

    def fetcher(self, job: Job) -> Fetcher:
        """Who brings them."""
        return Fetcher(job, self.entry.table, self.metadata)


def fetch(
    commission: Commission, office: Any, parcel: Parcel, errand: str, attempt: int
) -> list[Fetched]:
    """Bring some files of a table into its folder; its commits are made by the run's process."""
    with Reporter(office, errand, attempt) as reporter:
        try:
            # The run's own process tells what becomes of them.
            with commission.job(Sinks(()), reporter.is_cancelled) as job:
                bring = partial(_fetched, parcel.fetcher(job), parcel.exchange)
                return list(job.files.map(bring, parcel.files))
        except CdalakeError as error:
            return [error] * len(parcel.files)


def _fetched(fetcher: Fetcher, exchange: Exchange, file: SourceFile) -> Fetched:
    try:
        return fetcher.fetch(file, exchange)
    except CdalakeError as error:
        return error
    except Exception as error:  # noqa: BLE001 - a defect ends this table and no other one (R49)
        return CdalakeError.from_problem(defect(error))
