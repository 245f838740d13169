"""An export that grows by dice, and the rows that a correct loader makes of it."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from cdalake.storage import Store
from histories.schemas import Columns, cell, changed, first_columns

Row = dict[str, Any]
ORDER, DELETE = "gwcbi___seqval_hex", 1
LIFETIME_MS = 100 * 60_000
"""Everything happens within the look-back of two hours: what comes late is noticed (R56)."""


def as_cells(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """A row so that it compares: names in one case and any order, no nulls, nothing of ours."""
    cells = ((k.lower(), v) for k, v in row.items() if v is not None)
    return tuple(sorted(cell for cell in cells if not cell[0].startswith("_cda_")))


@dataclass(frozen=True)
class Delivery:
    """A data file that is on its way to the export."""

    path: str
    content: bytes
    rows: tuple[Row, ...]
    columns: tuple[str, ...]


@dataclass
class GrowingTable:
    """One table of the export.

    Attributes:
        schemas: columns by fingerprint, in the order the fingerprints came.
        folders: every folder, as (fingerprint, epoch ms).
        began: first folder of each fingerprint, epoch ms.
        owed: promised files that are not there yet.
        manifest_time: what the manifest says; -1 before its first entry.
        delivered: the files that are there, by path.
    """

    name: str
    schemas: dict[str, Columns]
    current: str
    folders: list[tuple[str, int]] = field(default_factory=list)
    began: dict[str, int] = field(default_factory=dict)
    owed: list[Delivery] = field(default_factory=list)
    manifest_time: int = -1
    delivered: dict[str, Delivery] = field(default_factory=dict)
    changes: int = 0

    @property
    def newest(self) -> int:
        """The newest folder, epoch ms; -1 when there is none."""
        return max((time for _, time in self.folders), default=-1)

    def committed(self) -> list[Delivery]:
        """The files that the manifest vouches for."""
        times = {path: int(path.split("/")[2]) for path in self.delivered}
        return [d for path, d in self.delivered.items() if times[path] <= self.manifest_time]

    def rows(self) -> Counter[Any]:
        """Every row that the raw table must hold."""
        return Counter(as_cells(row) for file in self.committed() for row in file.rows)

    def live_rows(self) -> Counter[Any]:
        """Every row that the current table must hold: the newest of each id, unless a delete."""
        newest: dict[int, Row] = {}
        for row in (row for file in self.committed() for row in file.rows):
            known = newest.get(row["id"])
            if known is None or row[ORDER] > known[ORDER]:
                newest[row["id"]] = row
        return Counter(as_cells(r) for r in newest.values() if r["gwcbi___operation"] != DELETE)

    def columns(self) -> set[str]:
        """Every column that the raw table must have, in lower case."""
        return {name.lower() for file in self.committed() for name in file.columns}


class World:
    """An export in a store. Every method is something that happens to it."""

    def __init__(self, source: Store, dice: Random, started_ms: int, tables: int) -> None:
        self.source, self.dice, self.clock = source, dice, started_ms
        self.ends = started_ms + LIFETIME_MS
        self.happened: Counter[str] = Counter()
        self.tables = [self._new_table(f"cc_table{number}") for number in range(tables)]

    def _new_table(self, name: str) -> GrowingTable:
        first = self._new_fingerprint()
        table = GrowingTable(name, {first: first_columns(self.dice)}, first)
        self._folder(table)
        return table

    def _new_fingerprint(self) -> str:
        return f"{self.dice.getrandbits(128):032x}"

    def _tick(self) -> int:
        """Time goes on, ever more slowly: the history must not outlive the look-back."""
        self.clock += self.dice.randrange(1, max(2, (self.ends - self.clock) // 12))
        return self.clock

    # What CDA does.

    def grow(self) -> None:
        """One more folder, in the schema of the day."""
        self._folder(self._some())

    def change_schema(self) -> None:
        """A new fingerprint, or one that was there before (A→B→A)."""
        table = self._some()
        self.happened["schema change"] += 1
        if len(table.schemas) > 1 and self.dice.random() < 0.3:
            table.current = self.dice.choice(sorted(table.schemas))
        else:
            columns = changed(table.schemas[table.current], self.dice)
            table.current = self._new_fingerprint()
            table.schemas[table.current] = columns
        self._folder(table)

    def interleave(self) -> None:
        """A folder in a fingerprint of before, while another one is written."""
        table = self._some()
        self._folder(table, self.dice.choice(sorted(table.schemas)))

    def deliver_late(self) -> None:
        """A file into a folder that was read long ago."""
        table = self._some()
        fingerprint, time = self.dice.choice(table.folders)
        if time <= table.manifest_time:
            self.happened["late or refilled file"] += 1
        self._deliver(table, self._file(table, fingerprint, time))

    def insert_folder(self) -> None:
        """A folder between others: its time is older than what was read."""
        table = self._some()
        fingerprint, time = self.dice.choice(table.folders)
        if time <= table.manifest_time:
            self.happened["late or refilled file"] += 1
        self._folder(table, fingerprint, time + 1)

    def promise(self) -> None:
        """A folder whose metrics promise rows that are still on their way."""
        table = self._some()
        self.happened["half-written folder"] += 1
        time = self._tick()
        files = [self._file(table, table.current, time) for _ in range(self.dice.randint(1, 3))]
        there = self.dice.randint(0, len(files) - 1)
        for file in files[:there]:
            self._deliver(table, file)
        table.owed += files[there:]
        self._close(table, table.current, time, sum(len(file.rows) for file in files))

    def keep_promise(self) -> None:
        """The promised files come."""
        table = self._some()
        if any(int(file.path.split("/")[2]) <= table.manifest_time for file in table.owed):
            self.happened["late or refilled file"] += 1
        for file in table.owed:
            self._deliver(table, file)
        table.owed = []

    def soil(self) -> None:
        """What no loader wants: folders that are none, files without content."""
        self.happened["dirt"] += 1
        table = self._some()
        self.source.put(f"{table.name}/{table.current}/_temporary/part-0.parquet", b"x")
        fingerprint, time = self.dice.choice(table.folders)
        self.source.put(f"{table.name}/{fingerprint}/{time}/_hidden.parquet", b"x")

    def announce(self) -> None:
        """The manifest vouches for what is there; for some tables a little less."""
        for table in self.tables:
            vouched = max(time for _, time in table.folders)
            if self.dice.random() < 0.2:
                vouched = self.dice.choice(table.folders)[1]
            table.manifest_time = max(table.manifest_time, vouched)
        self._write_manifest()

    def settle(self) -> None:
        """Everything promised is there, and the manifest says so."""
        for table in self.tables:
            for file in table.owed:
                self._deliver(table, file)
            table.owed = []
            table.manifest_time = max(table.manifest_time, table.newest)
        self._write_manifest()

    # How.

    def _some(self) -> GrowingTable:
        return self.dice.choice(self.tables)

    def _folder(
        self, table: GrowingTable, fingerprint: str | None = None, time: int | None = None
    ) -> None:
        fingerprint = fingerprint or table.current
        time = time or self._tick()
        files = self.dice.choices([0, 1, 2, 3], [1, 4, 3, 1])[0] if table.folders else 2
        brought = [self._file(table, fingerprint, time) for _ in range(files)]
        for file in brought:
            self._deliver(table, file)
        self._close(table, fingerprint, time, sum(len(file.rows) for file in brought))

    def _close(self, table: GrowingTable, fingerprint: str, time: int, rows: int) -> None:
        """The folder's metrics and marker."""
        folder = f"{table.name}/{fingerprint}/{time}"
        metrics = {"numRecordsRead": rows, "numRecordsWritten": rows, "numRecordsDropped": 0}
        text = json.dumps({"tableName": table.name, "schemaId": fingerprint, **metrics})
        self.source.put(f"{folder}/.cda/batch-metrics.json", text.encode())
        if rows:
            self.source.put(f"{folder}/_SUCCESS", b"")
        table.folders.append((fingerprint, time))
        table.began.setdefault(fingerprint, time)

    def _file(self, table: GrowingTable, fingerprint: str, time: int) -> Delivery:
        columns = table.schemas[fingerprint]
        count = self.dice.choices([0, 1, 3], [1, 5, 5])[0]
        rows = tuple(self._row(table, columns) for _ in range(count))
        buffer = io.BytesIO()
        content = pa.Table.from_pylist(list(rows), schema=pa.schema(list(columns.items())))
        pq.write_table(content, buffer, compression="snappy")
        name = f"part-00000-{self.dice.getrandbits(64):016x}-c000.snappy.parquet"
        path = f"{table.name}/{fingerprint}/{time}/{name}"
        return Delivery(path, buffer.getvalue(), rows, tuple(columns))

    def _row(self, table: GrowingTable, columns: Columns) -> Row:
        table.changes += 1
        operation = self.dice.choices([2, 4, 1], [3, 5, 1])[0] if table.folders else 0
        cells = {name: cell(kind, self.dice) for name, kind in columns.items()}
        key = {"id": self.dice.randrange(12), "gwcbi___operation": operation}
        return {**cells, **key, "gwcbi___seqval_hex": f"{table.changes:032x}"}

    def _deliver(self, table: GrowingTable, file: Delivery) -> None:
        self.source.put(file.path, file.content)
        table.delivered[file.path] = file

    def _write_manifest(self) -> None:
        entries = {table.name: _entry(table) for table in self.tables}
        self.source.put("manifest.json", json.dumps(entries).encode())


def _entry(table: GrowingTable) -> dict[str, Any]:
    began = {fp: str(t) for fp, t in table.began.items() if t <= table.manifest_time}
    return {
        "lastSuccessfulWriteTimestamp": str(table.manifest_time),
        "totalProcessedRecordsCount": sum(len(file.rows) for file in table.committed()),
        "dataFilesPath": table.name,
        "schemaHistory": began,
    }
