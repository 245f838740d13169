"""Before a commit: folders that lack rows, and snapshot rows that come again (R57, R47).

CDA's own count of records proves most folders complete without a request: where the new folders of
a run bring as many rows as the count grew by, nothing is missing. Only where they do not, or a file
is empty, are the batch metrics of the folders asked. Rows that come late were counted before.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from enum import StrEnum

from cdalake.cda.layout import Folder
from cdalake.cda.manifest import ManifestEntry
from cdalake.engine.arrived import Arrived
from cdalake.engine.bring import Brought
from cdalake.engine.plan import Limits, folder_key, incomplete
from cdalake.engine.reset import suspected
from cdalake.engine.state import TableMemory
from cdalake.engine.view import TableView
from cdalake.errors import CdalakeError, Problem, SourceError
from cdalake.words import moment

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
        return SourceError.from_problem(self.problem())


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
        is_new = not (is_past(folder, cursors) or folder.is_partial)
        if not (folder.empty_files or (doubt_all and folder.metrics and is_new)):
            continue
        has, promised = rows.get(folder_key(folder), 0), promise(folder)
        lacks = bool(folder.empty_files) if promised is None else promised > has
        if lacks:
            yield Short(folder, has, promised)


def is_past(folder: Folder, cursors: Mapping[str, int]) -> bool:
    """The table's cursor has passed the folder: what comes of it comes late."""
    return folder.timestamp <= cursors.get(folder.fingerprint, -1)


def rows_by_folder(files: Sequence[Brought]) -> dict[str, int]:
    """Rows brought, by folder key."""
    found: dict[str, int] = {}
    for file in files:
        key = file.source.key.rpartition("/")[0]
        found[key] = found.get(key, 0) + (file.data.rows or 0)
    return found


@dataclass
class Watch:
    """Looks at what each commit of a table is about to bring, over a whole run.

    Attributes:
        promise: asks for one folder.
        asking: to ask for many at once.
    """

    entry: ManifestEntry
    promise: Promise
    asking: Executor
    _folders: list[Folder] = field(default_factory=list)
    _rows: dict[str, int] = field(default_factory=dict)
    _late: set[str] = field(default_factory=set)

    def look_at(
        self, arrived: Arrived, view: TableView, limits: Limits, *, is_last: bool
    ) -> list[Short]:
        """Cut a batch before the first folder that has to wait; its memory notes since when.

        Args:
            is_last: no more comes. Before, nobody can tell whether the others bring what is
                missing.

        Returns:
            Folders, of earlier commits too, that lack rows and are waited for no more.

        Raises:
            CdalakeError: the batch metrics cannot be read for now.
        """
        self._late |= {folder_key(f) for f in arrived.folders if is_past(f, view.cursors)}
        doubt_all = is_last and self._is_doubtful(view.memory, arrived)
        passed = self._waited_for(arrived, view, limits, doubt_all=doubt_all)
        self._look_for_snapshots(arrived, view)
        known = (view.memory.newest_change, newest_change(arrived.files))
        view.memory.newest_change = max((at for at in known if at is not None), default=None)
        return [*passed, *(self._short_before() if doubt_all else ())]

    def note(self, arrived: Arrived) -> None:
        """It is committed."""
        self._folders += arrived.folders
        self._rows |= rows_by_folder(arrived.files)

    def lacking(self, view: TableView) -> list[Short]:
        """Folders that a rebuild read and that lack rows, where CDA counts more than there are.

        What a `zero_copy` table kept was not read again, and is not among them.
        """
        counted = self.entry.counted
        has_all = counted is not None and view.rows is not None and counted <= view.rows
        return [] if has_all else self._short_before()

    def _is_doubtful(self, memory: TableMemory, arrived: Arrived) -> bool:
        """CDA counts more new records than the new folders of the run bring."""
        if self.entry.counted is None:
            return not self.entry.is_heartbeat  # of a part, the count is that of all together
        known = memory.seen.records if memory.seen else 0
        rows = self._rows | rows_by_folder(arrived.files)
        brought = sum(count for key, count in rows.items() if key not in self._late)
        return self.entry.counted - known > brought

    def _waited_for(
        self, arrived: Arrived, view: TableView, limits: Limits, *, doubt_all: bool
    ) -> list[Short]:
        """Cut the batch before a folder that has to wait (R57); those that had waited enough."""
        passed, holds = [], view.memory.holds
        rows = rows_by_folder(arrived.files)
        found = short_folders(
            arrived.folders, rows, self.promise, view.cursors, doubt_all=doubt_all
        )
        for short in found:
            since = holds.get(short.key, limits.now_ms)
            if limits.now_ms - since < limits.settle_ms:
                holds[short.key], view.memory.listed = since, None
                arrived.cut(short.folder, short.error())
                break
            passed.append(short)
        return passed

    def _look_for_snapshots(self, arrived: Arrived, view: TableView) -> None:
        """Cut the batch before a folder that begins a snapshot anew (R47)."""
        watch = Snapshots(phase_of(view.memory), view.cursors)
        again = watch.second_one(arrived.folders, arrived.files)
        if again is not None:
            arrived.cut(again, snapshot_again(self.entry.table, again))
        arrived.phase = watch.phase

    def _short_before(self) -> list[Short]:
        """Folders of earlier commits that lack rows: all that is left is to look at them again."""
        folders = [folder for folder in self._folders if folder.metrics and not folder.is_partial]
        told = self.asking.map(self.promise, folders)
        promised = {folder_key(f): rows for f, rows in zip(folders, told, strict=True)}
        return list(
            short_folders(
                folders, self._rows, lambda f: promised[folder_key(f)], {}, doubt_all=True
            )
        )


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
            if lowest is None or highest is None or is_past(folder, self.cursors):
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


def snapshot_again(table: str, folder: Folder) -> CdalakeError:
    """The error for a folder with rows of a second initial load."""
    sign = "has rows of an initial load, and folders before it had changes."
    return suspected(table, f"Folder {folder.fingerprint}/{moment(folder.timestamp)} {sign}")


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
