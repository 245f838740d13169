"""The life of one table: which row changed when, and in which folder CDA delivered it.

Folder number k follows from the seed and the folders before it, never from how many come after.
So a longer export begins with exactly the bytes of a shorter one.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, pairwise

from cdalake.samples.spec import SampleSpec
from cdalake.samples.tables import Table
from cdalake.samples.values import DELETE, FIRST_ID, INSERT, SNAPSHOT, UPDATE, Change, scramble

FIRST_LSN = 0x0000_002A_0001_B800
FIRST_TX = 700_000_000
LATE_FOLDER = 1
EMPTY_FILE_FOLDER = 2
SECONDS_FOLDER = 1
_CAREER = 3000 * 86_400_000_000


@dataclass(frozen=True)
class Batch:
    """One timestamp folder: the changes CDA delivered in it, cut into data files.

    Attributes:
        number: 0 for the initial load.
        time: epoch milliseconds of the folder.
        folder: its name; the time, unless dirt has made it seconds.
        parts: the changes of each data file.
        write_id: the uuid in the names of its data files.
    """

    table: Table
    number: int
    time: int
    folder: str
    parts: tuple[tuple[Change, ...], ...]
    write_id: uuid.UUID

    @property
    def schema_number(self) -> int:
        """Which of the table's schemas its files have."""
        return self.table.schema_number(self.number)

    @property
    def fingerprint(self) -> str:
        """The fingerprint folder it is in."""
        return self.table.fingerprints[self.schema_number]

    @property
    def path(self) -> str:
        """The folder, relative to the export."""
        return f"{self.table.name}/{self.fingerprint}/{self.folder}"

    @property
    def rows(self) -> int:
        """Rows over all its files."""
        return sum(map(len, self.parts))

    def file_path(self, part: int) -> str:
        """The path of a data file, relative to the export."""
        return f"{self.path}/part-{part:05}-{self.write_id}-c000.snappy.parquet"


def batches(table: Table, spec: SampleSpec) -> Iterator[Batch]:
    """The table's folders from the initial load on; without end, except for typelists."""
    life = _Life()
    late: list[Change] = []
    previous = first_time(table, spec) - 90_000
    for number in range(1) if table.pace.once else count():
        dice = spec.dice(table.name, number)
        time = previous + _gap(table, spec, number) if number else first_time(table, spec)
        changes = late + _changes(life, table, spec, number, dice, (previous, time))
        late = []
        if table.late and number == LATE_FOLDER:
            # The row's insert is the older change, but it comes one folder after its update.
            late = [life.insert(INSERT, time - 2)]
            changes.append(life.update(late[0].id, time - 1))
        yield _batch(table, spec, number, time, changes, dice)
        previous = time


def first_time(table: Table, spec: SampleSpec) -> int:
    """Time of the initial load, such that the last of the spec's folders is at its end."""
    if table.pace.once:
        return spec.end_ms - 90_000 * (spec.folders - 1)
    return spec.end_ms - sum(_gap(table, spec, number) for number in range(1, spec.folders))


def _gap(table: Table, spec: SampleSpec, number: int) -> int:
    return spec.dice(table.name, "gap", number).randint(*table.pace.gap)


def _changes(
    life: _Life,
    table: Table,
    spec: SampleSpec,
    number: int,
    dice: random.Random,
    span: tuple[int, int],
) -> list[Change]:
    if table.is_empty(number) and not spec.files_per_folder:
        return []
    operations = _operations(table, spec, number, dice)
    start, end = span
    step = (end - start) / (len(operations) + 2)
    return [
        life.change(operation, start + int(step * (i + 1)), dice)
        for i, operation in enumerate(operations)
    ]


def _operations(table: Table, spec: SampleSpec, number: int, dice: random.Random) -> list[int]:
    pace, least = table.pace, spec.files_per_folder or 1
    if number == 0:
        rows = pace.rows or round(spec.rows * pace.initial)
        return [SNAPSHOT] * max(rows, least)
    usual = round(spec.rows * pace.later)
    rows = max(usual + dice.randint(-(usual // 2), usual // 2), least)
    operations = dice.choices((INSERT, UPDATE, DELETE), pace.mix, k=rows)
    if number == 1 and pace.mix[-1]:
        operations[-1] = DELETE  # however small the export, it shows one
    return operations


def _batch(
    table: Table,
    spec: SampleSpec,
    number: int,
    time: int,
    changes: list[Change],
    dice: random.Random,
) -> Batch:
    parts = _cut(changes, spec.files_per_folder or dice.randint(1, 4))
    if table.empty_file and number == EMPTY_FILE_FOLDER and not spec.files_per_folder:
        parts = (*parts, ())
    in_seconds = spec.dirt and table.dirt == "seconds_folder" and number == SECONDS_FOLDER
    folder = str(time // 1000 if in_seconds else time)
    write_id = uuid.UUID(int=dice.getrandbits(128), version=4)
    return Batch(table, number, time, folder, parts, write_id)


def _cut(changes: list[Change], files: int) -> tuple[tuple[Change, ...], ...]:
    files = min(files, len(changes))
    bounds = [i * len(changes) // files for i in range(files + 1)] if files else []
    return tuple(tuple(changes[a:b]) for a, b in pairwise(bounds))


class _Life:
    """The rows that are alive, and the counters of the source database."""

    def __init__(self) -> None:
        self._alive: list[int] = []
        self._born: dict[int, int] = {}
        self._versions: dict[int, int] = {}
        self._changes = 0

    def change(self, operation: int, moment: int, dice: random.Random) -> Change:
        if operation in {SNAPSHOT, INSERT} or not self._alive:
            return self.insert(SNAPSHOT if operation == SNAPSHOT else INSERT, moment)
        place = dice.randrange(len(self._alive))
        if operation == UPDATE:
            return self.update(self._alive[place], moment)
        return self._delete(place, moment)

    def insert(self, operation: int, moment: int) -> Change:
        row = FIRST_ID + len(self._born)
        age = scramble(row) % _CAREER if operation == SNAPSHOT else 0
        self._born[row] = moment * 1000 + row % 1000 - age
        self._versions[row] = 0
        self._alive.append(row)
        return self._record(operation, row, moment, self._born[row])

    def update(self, row: int, moment: int) -> Change:
        self._versions[row] += 1
        return self._record(UPDATE, row, moment, moment * 1000 + self._changes % 1000)

    def _delete(self, place: int, moment: int) -> Change:
        self._alive[place], self._alive[-1] = self._alive[-1], self._alive[place]
        return self._record(DELETE, self._alive.pop(), moment, moment * 1000)

    def _record(self, operation: int, row: int, moment: int, updated: int) -> Change:
        self._changes += 1
        tx = self._changes // 3
        lsn = FIRST_LSN + 48 * tx
        return Change(
            operation=operation,
            id=row,
            version=self._versions[row],
            created=self._born[row],
            updated=updated,
            seqval=(lsn << 64) + self._changes,
            lsn=lsn,
            tx_id=FIRST_TX + tx,
            payload_ms=moment,
            connector_ms=moment + 40 + self._changes % 300,
        )
