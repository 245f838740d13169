"""What workers are asked to do: a table, or a parcel of a large table's files."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from cdalake.cda.layout import SourceFile
from cdalake.engine.bring import Brought
from cdalake.engine.execute import TableRun, Tally
from cdalake.engine.progress import Event, Level, Note, TableResult, TableState, utc_now, warning
from cdalake.engine.write import Written
from cdalake.errors import CdalakeError, Problem
from cdalake.runners.ray_cluster import Cluster
from cdalake.runners.ray_tasks import Commission, Fetched, Parcel

LOST = "RAY_WORKER_LOST"


class Errand(ABC):
    """Something that a worker is asked to do.

    Attributes:
        name: unique in the run.
        attempt: how often it was sent out, with this time.
    """

    def __init__(self, name: str, table: str) -> None:
        self.name = name
        self.table = table
        self.attempt = 1

    @abstractmethod
    def send(self, cluster: Cluster, commission: Commission) -> Any:
        """Ask for it; the reference of its result."""

    @abstractmethod
    def end(self, value: Any) -> None:
        """It was done, with this result."""

    @abstractmethod
    def fail(self, problem: Problem) -> None:
        """It will not be done."""

    @abstractmethod
    def cancel(self) -> None:
        """It was stopped."""

    @property
    def is_wanted(self) -> bool:
        """Somebody waits for it."""
        return True

    @property
    def stops_by_itself(self) -> bool:
        """After a cancel it is worth a grace time."""
        return False

    def hear(self, event: Event) -> Event | None:
        """What its worker tells; None for what the run has told already."""
        return event

    @abstractmethod
    def lost(self, why: str) -> None:
        """A worker was lost with it, and another one will have it."""


class TableErrand(Errand):
    """A table that is with a worker.

    Args:
        table: as it was planned by the run.
        ended: told the result.
        tell: the run's sink.
    """

    def __init__(
        self, table: TableRun, tell: Callable[[Event], None], ended: Callable[[TableResult], None]
    ) -> None:
        super().__init__(table.table, table.table)
        view = table.view
        self._entry = table.entry
        self._since = -1 if view is None else view.version
        self._start_watermark = None if view is None else view.watermark
        self._tell = tell
        self._ended = ended
        self._told = Tally()
        self._version: int | None = None if self._since < 0 else self._since
        self._started_at: datetime | None = None
        self._notes: list[Note] = []

    def send(self, cluster: Cluster, commission: Commission) -> Any:
        """Ask for the whole table."""
        return cluster.work_at.remote(
            commission, cluster.office, self._entry, self.attempt, self._since
        )

    @property
    def stops_by_itself(self) -> bool:
        """At its next folder."""
        return True

    def hear(self, event: Event) -> Event | None:
        """Keep count: what was committed stays so, whatever becomes of the worker."""
        if event.kind == "table_planned" and self.attempt == 1:
            return None
        if event.kind == "table_started" and self._started_at is None:
            self._started_at = event.at
        if event.kind == "committed":
            self._told.add(Written(**event.data))
            self._version = event.data["version"]
        return event

    def lost(self, why: str) -> None:
        """A worker was lost with it, and another one will have it."""
        note = Note(LOST, f"A worker was lost with the table ({why}); another one took it up.")
        self._notes.append(note)
        self._tell(warning(note, self.table))

    def end(self, value: TableResult) -> None:
        """Complete what the last worker cannot know: how the table stood before the first."""
        started = self._started_at or value.started_at
        self._ended(
            replace(
                value,
                start_watermark=self._start_watermark,
                started_at=started,
                warnings=(*self._notes, *value.warnings),
            )
        )

    def fail(self, problem: Problem) -> None:
        """End it here, with what it came to."""
        state = TableState.PARTIAL if self._told.commits else TableState.FAILED
        self._tell(
            Event("error", problem.sentence, self.table, Level.ERROR, problem.to_json()),
        )
        self._end_here(state, problem)

    def cancel(self) -> None:
        """End it here, with what it came to."""
        self._end_here(TableState.CANCELLED, None)

    def _end_here(self, state: TableState, problem: Problem | None) -> None:
        result = TableResult(
            self.table,
            state,
            **vars(self._told),
            version=self._version,
            start_watermark=self._start_watermark,
            manifest_records=self._entry.counted,
            warnings=tuple(self._notes),
            error=problem,
            started_at=self._started_at,
            finished_at=utc_now(),
        )
        text = f"{state.value}: {result.folders} folders, {result.rows} rows"
        self._tell(Event("table_finished", text, self.table, Level.ERROR, result.to_json()))
        self._ended(result)


@dataclass
class _Waiting:
    file: SourceFile
    future: Future[Brought | None] = field(default_factory=Future)


class ParcelErrand(Errand):
    """Some files of a large table, whose commits the run's own process makes.

    Args:
        arrived: told of each file that is there.
    """

    def __init__(self, name: str, parcel: Parcel, arrived: Callable[[SourceFile], None]) -> None:
        super().__init__(name, parcel.entry.table)
        self._parcel = parcel
        self._waiting = [_Waiting(file) for file in parcel.files]
        self._arrived = arrived

    @property
    def futures(self) -> list[Future[Brought | None]]:
        """One for each file."""
        return [each.future for each in self._waiting]

    @property
    def is_wanted(self) -> bool:
        """Its table goes on."""
        return not all(future.cancelled() for future in self.futures)

    def send(self, cluster: Cluster, commission: Commission) -> Any:
        """Ask for the files."""
        return cluster.fetch.remote(
            commission, cluster.office, self._parcel, self.name, self.attempt
        )

    def end(self, value: Sequence[Fetched]) -> None:
        """Hand the files to their table."""
        for each, fetched in zip(self._waiting, value, strict=True):
            if isinstance(fetched, Brought):
                self._arrived(each.file)
            _settle(each.future, fetched)

    def lost(self, why: str) -> None:
        """Nothing to tell: the files are brought again, or found where they were left."""

    def fail(self, problem: Problem) -> None:
        """Their table ends with it."""
        error = CdalakeError.from_problem(problem)
        for future in self.futures:
            _settle(future, error)

    def cancel(self) -> None:
        """Their table sees that the run was cancelled."""
        for future in self.futures:
            _settle(future, None)


def _settle(future: Future[Brought | None], fetched: Fetched) -> None:
    if not future.set_running_or_notify_cancel():
        return
    if isinstance(fetched, CdalakeError):
        future.set_exception(fetched)
    else:
        future.set_result(fetched)


def parcels(
    files: Sequence[SourceFile], most_files: int, most_bytes: int
) -> Iterator[list[SourceFile]]:
    """Files in their order, so many and so large that a task is worth its way."""
    parcel: list[SourceFile] = []
    size = 0
    for file in files:
        if parcel and (len(parcel) == most_files or size + file.info.size > most_bytes):
            yield parcel
            parcel, size = [], 0
        parcel.append(file)
        size += file.info.size
    if parcel:
        yield parcel
