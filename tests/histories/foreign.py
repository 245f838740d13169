"""What other tools do to a table between our runs: at the log of any store, or by delta-rs."""

from __future__ import annotations

import io
import json
import time
import uuid
from dataclasses import dataclass, field
from random import Random
from typing import Any, Protocol
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.parquet as pq

from cdalake.delta.schema import Schema, arrow_type
from cdalake.storage import Store
from faults import read_by_delta_rs


@dataclass
class Log:
    """A table's log, replayed without a line of the engine; every commit file must be there.

    Attributes:
        active: bodies of ``add`` by path.
        added: every path that we ever added with new rows, as often as we did.
    """

    version: int = -1
    active: dict[str, dict[str, Any]] = field(default_factory=dict)
    added: list[str] = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, target: Store, table: str, up_to: int | None = None) -> Log:
        """Replay `table`, to a version or to its newest; version -1 when there is none."""
        log = cls()
        for info in target.list(f"{table}/_delta_log"):
            name = info.path.rpartition("/")[2]
            is_commit = name.endswith(".json") and name[:-5].isdigit()
            if is_commit and (up_to is None or int(name[:-5]) <= up_to):
                log.apply(int(name[:-5]), target.get(info.path))
        return log

    def apply(self, version: int, data: bytes) -> None:
        """Take in one commit."""
        assert version == self.version + 1
        self.version = version
        actions = [next(iter(json.loads(line).items())) for line in data.splitlines()]
        info = next((body for kind, body in actions if kind == "commitInfo"), {})
        is_ours = str(info.get("engineInfo")).startswith("cdalake/")
        for kind, body in sorted(actions, key=lambda action: action[0] == "add"):
            if kind == "remove":
                self.active.pop(unquote(body["path"]))
            elif kind == "add":
                self.active[unquote(body["path"])] = body
                self.added += [unquote(body["path"])] if body["dataChange"] and is_ours else []
            elif kind == "metaData":
                self.metadata = body

    @property
    def schema(self) -> pa.Schema:
        """The table's columns."""
        fields = Schema.parse(self.metadata["schemaString"])
        return pa.schema([(f.name, arrow_type(f.type)) for f in fields])

    def rows(self, target: Store, table: str) -> list[dict[str, Any]]:
        """The table's rows, read from its files with nothing but the names of the schema."""
        names = set(self.schema.names)
        rows: list[dict[str, Any]] = []
        for path, add in self.active.items():
            data = target.get(f"{table}/{path}")
            assert len(data) == add["size"], path
            content = pq.read_table(io.BytesIO(data)).to_pylist()
            assert len(content) == json.loads(add["stats"])["numRecords"], path
            # As every reader does: a column in other letters is a column that is not there.
            rows += [{k: v for k, v in row.items() if k in names} for row in content]
        return rows


class Tools(Protocol):
    """What another tool can do to a table; False where there was nothing to do."""

    def rows(self, target: Store, table: str) -> list[dict[str, Any]]:
        """The table's rows."""

    def optimize(self, target: Store, table: str) -> bool:
        """Rewrite small files into one, the rows unchanged."""

    def vacuum(self, target: Store, table: str) -> bool:
        """Remove every file that the newest version does not need."""

    def alter(self, target: Store, table: str) -> bool:
        """Set a property that asks nothing of a writer."""

    def restore(self, target: Store, table: str) -> bool:
        """Put the table back to an earlier version; ``txn`` stays."""

    def overwrite(self, target: Store, table: str) -> bool:
        """Replace all rows by some of them."""


class ByHand:
    """Writes the commits that other tools write, on any store."""

    def rows(self, target: Store, table: str) -> list[dict[str, Any]]:
        """The table's rows."""
        return Log.read(target, table).rows(target, table)

    def optimize(self, target: Store, table: str) -> bool:
        """Rewrite small files into one, the rows unchanged."""
        log = Log.read(target, table)
        if len(log.active) < 2:
            return False
        content = pa.Table.from_pylist(log.rows(target, table), schema=log.schema)
        gone = [{"remove": _tombstone(body)} for body in log.active.values()]
        came = {"add": self._write(target, table, content)}
        self._commit(target, table, log.version + 1, "OPTIMIZE", *gone, came)
        return True

    def vacuum(self, target: Store, table: str) -> bool:
        """Remove every file that the newest version does not need."""
        log = Log.read(target, table)
        if log.version < 0:
            return False
        self._commit(target, table, log.version + 1, "VACUUM START")
        for info in target.list(table):
            path = info.path.removeprefix(f"{table}/")
            if not path.startswith("_") and path not in log.active:
                target.delete(info.path)
        self._commit(target, table, log.version + 2, "VACUUM END")
        return True

    def alter(self, target: Store, table: str) -> bool:
        """Set a property that asks nothing of a writer."""
        log = Log.read(target, table)
        if log.version < 0:
            return False
        properties = {**log.metadata["configuration"], "team": "analytics"}
        metadata = {**log.metadata, "configuration": properties, "description": "seen"}
        self._commit(target, table, log.version + 1, "SET TBLPROPERTIES", {"metaData": metadata})
        return True

    def restore(self, target: Store, table: str) -> bool:
        """Put the table back to an earlier version; ``txn`` stays."""
        log, before = Log.read(target, table), Log.read(target, table, up_to=0)
        there = {info.path.removeprefix(f"{table}/") for info in target.list(table)}
        if before.active.keys() == log.active.keys() or before.active.keys() - there:
            return False
        gone = [body for path, body in log.active.items() if path not in before.active]
        back = [body for path, body in before.active.items() if path not in log.active]
        removes = [{"remove": {**_tombstone(body), "dataChange": True}} for body in gone]
        adds = [{"add": {**body, "dataChange": True}} for body in back]
        metadata = {"metaData": before.metadata}
        self._commit(target, table, log.version + 1, "RESTORE", metadata, *removes, *adds)
        return True

    def overwrite(self, target: Store, table: str) -> bool:
        """Replace all rows by some of them."""
        log = Log.read(target, table)
        if not log.active:
            return False
        rows = log.rows(target, table)[1:]
        came = self._write(target, table, pa.Table.from_pylist(rows, schema=log.schema))
        removes = [{"remove": {**_tombstone(b), "dataChange": True}} for b in log.active.values()]
        add = {"add": {**came, "dataChange": True}}
        self._commit(target, table, log.version + 1, "WRITE", *removes, add)
        return True

    def _write(self, target: Store, table: str, content: pa.Table) -> dict[str, Any]:
        buffer = io.BytesIO()
        pq.write_table(content, buffer)
        path = f"part-00000-{uuid.uuid4()}-c000.snappy.parquet"
        target.put(f"{table}/{path}", buffer.getvalue())
        stats = {"numRecords": content.num_rows}
        return {**_file(path, buffer.tell()), "stats": json.dumps(stats)}

    def _commit(
        self, target: Store, table: str, version: int, operation: str, *actions: dict[str, Any]
    ) -> None:
        info = {"commitInfo": {"timestamp": _now(), "operation": operation}}
        data = "\n".join(json.dumps(action) for action in (info, *actions)).encode()
        target.put_new(f"{table}/_delta_log/{version:020d}.json", data)


def _now() -> int:
    return int(time.time() * 1000)


def _tombstone(body: dict[str, Any]) -> dict[str, Any]:
    return {
        "path": body["path"],
        "deletionTimestamp": _now(),
        "dataChange": False,
        "extendedFileMetadata": True,
        "partitionValues": {},
        "size": body["size"],
    }


def _file(path: str, size: int) -> dict[str, Any]:
    return {
        "path": path,
        "partitionValues": {},
        "size": size,
        "modificationTime": _now(),
        "dataChange": False,
    }


class ByDeltaRs:
    """Lets delta-rs do it."""

    def rows(self, target: Store, table: str) -> list[dict[str, Any]]:
        """The table's rows."""
        return read_by_delta_rs(target, table)

    def optimize(self, target: Store, table: str) -> bool:
        """Rewrite small files into one, the rows unchanged."""
        opened = _opened(target, table)
        return bool(opened and opened.optimize.compact()["numFilesAdded"])

    def vacuum(self, target: Store, table: str) -> bool:
        """Remove every file that the newest version does not need."""
        opened = _opened(target, table)
        if opened is None:
            return False
        opened.vacuum(0, dry_run=False, enforce_retention_duration=False)
        return True

    def alter(self, target: Store, table: str) -> bool:
        """Set a property that asks nothing of a writer."""
        opened = _opened(target, table)
        if opened is None:
            return False
        opened.alter.set_table_properties({"delta.logRetentionDuration": "interval 30 days"})
        return True

    def restore(self, target: Store, table: str) -> bool:
        """Put the table back to an earlier version; ``txn`` stays."""
        opened = _opened(target, table)
        there = {info.path.removeprefix(f"{table}/") for info in target.list(table)}
        before, now = Log.read(target, table, up_to=0), Log.read(target, table)
        if before.active.keys() == now.active.keys() or before.active.keys() - there:
            return False
        opened.restore(0)
        return True

    def overwrite(self, target: Store, table: str) -> bool:
        """Replace all rows by some of them."""
        from deltalake import write_deltalake

        opened = _opened(target, table)
        if opened is None or not Log.read(target, table).active:
            return False
        write_deltalake(opened, opened.to_pyarrow_table()[1:], mode="overwrite")
        return True


def _opened(target: Store, table: str) -> Any:
    from deltalake import DeltaTable

    if not target.list(f"{table}/_delta_log"):
        return None
    url = target.location.join(table).url
    return DeltaTable(url, storage_options=target.delta_options())


HARMLESS = ("optimize", "vacuum", "alter")
CHANGES_ROWS = ("restore", "overwrite")


def meddle(tools: Tools, target: Store, table: str, dice: Random) -> str | None:
    """One thing by dice; its name, or None when there was nothing to do."""
    what = dice.choice([*HARMLESS, *CHANGES_ROWS])
    return what if getattr(tools, what)(target, table) else None
