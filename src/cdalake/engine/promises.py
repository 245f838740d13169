"""Before a commit: folders that lack rows, and snapshot rows that come again (R57, R47).

CDA's own count of records proves most folders complete without a request: where a run brings as
many rows as the count grew by, nothing is missing. Only where it does not, or a file is empty, are
the batch metrics of the folders asked.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from cdalake.cda.layout import Folder
from cdalake.cda.manifest import ManifestEntry
from cdalake.engine.arrived import Arrived
from cdalake.engine.bring import Brought
from cdalake.engine.plan import Limits, folder_key, incomplete
from cdalake.engine.reset import suspected
from cdalake.engine.state import TableMemory
from cdalake.errors import CdalakeError, Problem, SourceError

HEARTBEAT = "heartbeat"
OPERATION = "gwcbi___operation"
PAYLOAD_TIME = "gwcbi___payload_ts_ms"
SNAPSHOT = 0
"""``gwcbi___operation`` of rows of an initial load (§3.1)."""

Promise = Callable[[Folder], int | None]
"""Rows that a folder's batch metrics promise; None when they promise nothing."""


@dataclass(frozen=True)
class Short:
    """A folder with fewer rows than promised; `rows` None: nobody says how many there should be."""

    folder: Folder
    has: int
    promised: int | None

    @property
    def key(self) -> str:
        """``<fingerprint>/<folder>``."""
        return folder_key(self.folder)

    def problem(self) -> Problem:
        """Why the table waits before it."""
        return incomplete(self.folder, self.has, self.promised)

    def error(self) -> CdalakeError:
        """The same, to be raised."""
        problem = self.problem()
        return SourceError(problem.code, problem.message, problem.hint)


def short_folders(
    folders: Sequence[Folder],
    rows: Mapping[str, int],
    promise: Promise,
    cursors: Mapping[str, int],
    *,
    doubt_all: bool,
) -> Iterator[Short]:
    """Folders whose rows are not all there, in order.

    Args:
        rows: of the files that were brought, by folder key.
        cursors: of the table; a folder that they have passed may have brought rows before.
        doubt_all: the run as a whole has fewer rows than it should.
    """
    for folder in folders:
        is_past = folder.timestamp <= cursors.get(folder.fingerprint, -1)
        is_new = not (is_past or folder.is_partial)
        if not (folder.empty_files or (doubt_all and folder.metrics and is_new)):
            continue
        has, promised = rows.get(folder_key(folder), 0), promise(folder)
        lacks = bool(folder.empty_files) if promised is None else promised > has
        if lacks:
            yield Short(folder, has, promised)


def is_doubtful(entry: ManifestEntry, memory: TableMemory, brought: int) -> bool:
    """CDA counts more new records than the run brings."""
    known = memory.seen["records"] if memory.seen else 0
    if entry.part_of is not None:
        return True  # its count is that of all parts together
    return entry.table.lower() != HEARTBEAT and entry.records - known > brought


def rows_by_folder(files: Sequence[Brought]) -> dict[str, int]:
    """Rows brought, by folder key."""
    found: dict[str, int] = {}
    for file in files:
        key = file.source.key.rpartition("/")[0]
        found[key] = found.get(key, 0) + (file.data.rows or 0)
    return found


def inspect(
    arrived: Arrived,
    memory: TableMemory,
    promise: Promise,
    limits: Limits,
    cursors: Mapping[str, int],
    *,
    doubt_all: bool,
) -> list[Short]:
    """Cut a batch before the first folder that has to wait, and note in `memory` since when.

    Args:
        cursors: of the table, which the memory may be behind of.

    Returns:
        Folders that lack rows and were waited for long enough.

    Raises:
        CdalakeError: the batch metrics cannot be read for now.
    """
    passed = []
    rows = rows_by_folder(arrived.files)
    for short in short_folders(arrived.folders, rows, promise, cursors, doubt_all=doubt_all):
        since = memory.holds.get(short.key, limits.now_ms)
        if limits.now_ms - since < limits.settle_ms:
            memory.holds[short.key], memory.listed = since, None
            arrived.cut(short.folder, short.error())
            break
        passed.append(short)
    watch = Snapshots(phase_of(memory), cursors)
    again = watch.second_one(arrived.folders, arrived.files)
    if again is not None:
        arrived.cut(again, snapshot_again(again))
    arrived.phase = watch.phase
    known = (memory.newest_change, newest_change(arrived.files))
    memory.newest_change = max((at for at in known if at is not None), default=None)
    return passed


class Phase(StrEnum):
    """Where a table's life with CDA stands, as far as its rows tell."""

    UNKNOWN = ""
    LOADING = "loading"
    CHANGING = "changing"


def phase_of(memory: TableMemory) -> Phase:
    """Where the table stands; a word of nobody's is as good as none."""
    return Phase(memory.phase) if memory.phase in set(Phase) else Phase.UNKNOWN


@dataclass
class Snapshots:
    """Watches for rows of an initial load that come after one was over (R47).

    A bulk load may span several folders; it is over with the first row of another kind behind it.
    What comes late is no news of CDA's.
    """

    phase: Phase
    cursors: Mapping[str, int]

    def second_one(self, folders: Sequence[Folder], files: Sequence[Brought]) -> Folder | None:
        """The first folder that begins a snapshot anew; None where there is none."""
        kinds = _operations(files)
        for folder in folders:
            lowest, highest = kinds.get(folder_key(folder), (None, None))
            is_late = folder.timestamp <= self.cursors.get(folder.fingerprint, -1)
            if lowest is None or highest is None or is_late:
                continue
            if lowest == SNAPSHOT and self.phase is Phase.CHANGING:
                return folder
            self._go_on(lowest, highest)
        return None

    def _go_on(self, lowest: int, highest: int) -> None:
        if lowest == SNAPSHOT and self.phase is Phase.UNKNOWN:
            self.phase = Phase.LOADING
        if highest > SNAPSHOT and self.phase is Phase.LOADING:
            self.phase = Phase.CHANGING


def snapshot_again(folder: Folder) -> CdalakeError:
    """The error for a folder with rows of a second initial load."""
    sign = "has rows of an initial load, and folders before it had changes."
    return suspected("the table", f"Folder {folder_key(folder)} {sign}")


def newest_change(files: Sequence[Brought]) -> int | None:
    """When the newest change was made in the source's database, epoch ms; None where none says."""
    ends = (_ends(file, PAYLOAD_TIME) for file in files)
    return max((highest for _, highest in ends if highest is not None), default=None)


def _operations(files: Sequence[Brought]) -> dict[str, tuple[int | None, int | None]]:
    """Lowest and highest operation, by folder key, from the statistics."""
    found: dict[str, tuple[int | None, int | None]] = {}
    for file in files:
        key = file.source.key.rpartition("/")[0]
        known = [*found.get(key, (None, None)), *_ends(file, OPERATION)]
        numbers = [number for number in known if number is not None]
        found[key] = (min(numbers, default=None), max(numbers, default=None))
    return found


def _ends(file: Brought, column: str) -> tuple[int | None, int | None]:
    """Least and greatest value of a column of whole numbers, from the statistics."""
    text = file.data.stats or ""
    if f'"{column}"' not in text:
        return None, None
    stats = json.loads(text)
    least, greatest = (stats.get(kind, {}).get(column) for kind in ("minValues", "maxValues"))
    return _whole(least), _whole(greatest)


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
