"""A raw table for tests of current tables, written commit by commit as the engine does."""

from __future__ import annotations

import io
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable, QueryBuilder

from cdalake.current.files import Stores
from cdalake.current.outcome import Refreshed
from cdalake.current.refresh import refresh
from cdalake.delta.actions import DataFile, Metadata, NewCommit, Protocol, Removed
from cdalake.delta.commit import write_commit
from cdalake.delta.log import read_snapshot
from cdalake.delta.schema import Schema, merge, schema_of_file
from cdalake.storage import Store
from current.histories import SCHEMA, Change, State, oracle, table_of


@dataclass
class Raw:
    """A raw table ``t`` in a store, and what the tests ask of its current table.

    Attributes:
        changes: everything that was ever appended.
    """

    store: Store
    changes: list[Change] = field(default_factory=list)
    name: str = "t"

    @property
    def stores(self) -> Stores:
        return Stores(self.store)

    def append(self, *files: Sequence[Change]) -> None:
        """One commit of one data file for each group of changes of one place."""
        for file in files:
            place = {"folder": file[0].folder, "file": file[0].file}
            self.changes += [replace(change, **place) for change in file]
        self.write(*((table_of(file), file[0].folder, file[0].file) for file in files))

    def write(self, *files: tuple[pa.Table, int, str], removes: tuple[Removed, ...] = ()) -> None:
        """One commit of data files; each with its folder timestamp and file name."""
        before = read_snapshot(self.store, self.name)
        known = Schema.parse(before.metadata.schema_string) if before else Schema()
        schema, added = known, []
        for data, folder, name in files:
            schema = merge(schema, schema_of_file(data.schema)).schema
            added.append(self._put(data, f"{uuid.uuid4().hex}/{folder}/{name}"))
        metadata = None
        if before is None:
            metadata = Metadata.new(self.name, schema.to_string(), 1)
        elif schema.fields != known.fields:
            metadata = before.metadata.with_schema(schema.to_string())
        commit = NewCommit(
            {"commit_id": uuid.uuid4().hex, "engineInfo": "cdalake/test"},
            tuple(added),
            {},
            None if before else Protocol(),
            metadata,
            removes,
        )
        version = before.version + 1 if before else 0
        assert write_commit(self.store, self.name, version, commit) is not None

    def _put(self, data: pa.Table, path: str) -> DataFile:
        buffer = io.BytesIO()
        pq.write_table(data, buffer)
        self.store.put(f"{self.name}/{path}", buffer.getvalue())
        return DataFile(path, buffer.tell(), 1, data.num_rows, f'{{"numRecords":{data.num_rows}}}')

    def refresh(self, **options: Any) -> Refreshed:
        return refresh(self.stores, self.name, **options)

    def delta(self, path: str) -> DeltaTable:
        options = self.store.delta_options()
        return DeltaTable(self.store.location.join(path).url, storage_options=options)

    def read(self, path: str) -> list[dict[str, Any]]:
        """Every row, read by delta-rs as anybody would."""
        found = QueryBuilder().register("x", self.delta(path)).execute("SELECT * FROM x")
        return pa.table(found).to_pylist()

    @property
    def current(self) -> list[dict[str, Any]]:
        return sorted(self.read(f"_current/{self.name}"), key=lambda row: row["id"])

    @property
    def tombstones(self) -> list[dict[str, Any]]:
        rows = self.read(f"_current/_tombstones/{self.name}")
        return sorted(rows, key=lambda row: row["id"])

    def state(self) -> State:
        """What the two tables hold, in the oracle's words."""
        live = {row["id"]: row for row in self.current}
        assert len(live) == len(self.current), "an id is visible twice"
        dead = {row["id"]: tuple(row.values())[1:] for row in self.tombstones}
        assert len(dead) == len(self.tombstones), "an id has two tombstones"
        return State(live, dead)

    def oracle(self) -> State:
        return oracle(self.changes)

    def version(self, path: str) -> int:
        snapshot = read_snapshot(self.store, path)
        return -1 if snapshot is None else snapshot.version


def change(id: int, seqval: int, operation: int = 4, **fields: Any) -> Change:  # noqa: A002
    """A change that is ordered by its sequence value alone."""
    bare = Change(id, "a", seqval, operation, f"{seqval:032x}", seqval, seqval, 1_680_000_000_000)
    return replace(bare, **{"file": f"part-{seqval}.parquet", **fields})


__all__ = ["SCHEMA", "Raw", "change"]
