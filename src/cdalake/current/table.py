"""The two Delta tables behind a current table: what people read, and what was deleted (R37)."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cdalake import __version__
from cdalake.current.columns import (
    LSN,
    ORIGIN,
    PAYLOAD,
    SEQVAL,
    Columns,
    literal,
    quoted,
    select_list,
)
from cdalake.current.duck import Duck
from cdalake.current.files import Stores
from cdalake.current.halt import Cancelled
from cdalake.current.ranges import USUAL, Shape, blocks_of, grouped
from cdalake.delta.actions import DataFile, Metadata, NewCommit, Protocol, Removed, Snapshot
from cdalake.delta.commit import Committed, write_checkpoint, write_commit
from cdalake.delta.log import read_commits, read_snapshot
from cdalake.delta.schema import Field, Schema
from cdalake.delta.stats import file_stats
from cdalake.delta.support import check_writable
from cdalake.storage import ObjectInfo, Store

UPLOADS = 4
WRITERS = 2
CHECKPOINT_EVERY = 50


def tombstone_schema(columns: Columns) -> Schema:
    """Id and compare key; the sequence value as it compares, with 64 digits."""
    return Schema(
        (
            Field(columns.id, columns.id_field.type),
            Field(SEQVAL, "string"),
            Field(LSN, "long"),
            Field(PAYLOAD, "long"),
            *ORIGIN,
        )
    )


class Conflict(Exception):
    """Another writer made the version we wanted: what we know is stale."""


@dataclass(frozen=True)
class Rows:
    """New rows and ids whose rows go, as relations of DuckDB.

    Attributes:
        fresh: the table's columns; no id twice.
        gone: ``id``; every stored row that goes or is replaced.
    """

    fresh: str
    gone: str


@dataclass(frozen=True)
class Rewritten:
    """Files to add and files to remove."""

    added: tuple[DataFile, ...] = ()
    removed: tuple[DataFile, ...] = ()


class RangedTable:
    """A Delta table of ours whose files hold disjoint ranges of ids.

    Attributes:
        path: below the target.
        snapshot: as it was read; None when there is none yet.
    """

    def __init__(
        self, store: Store, path: str, columns: Columns, schema: Schema, shape: Shape = USUAL
    ) -> None:
        self.shape = shape
        self.store = store
        self.path = path
        self.schema = schema
        self.key = columns.id
        self.snapshot = read_snapshot(store, path, with_stats=True)
        if self.snapshot is not None:
            check_writable(path, self.snapshot.protocol, self.snapshot.metadata)
        self.blocks = blocks_of(self.files, self.key, has_whole_id=columns.has_whole_id)

    @property
    def version(self) -> int:
        """The newest version; -1 when there is no table."""
        return -1 if self.snapshot is None else self.snapshot.version

    @property
    def files(self) -> tuple[DataFile, ...]:
        """Its active files."""
        return () if self.snapshot is None else tuple(self.snapshot.files.values())

    @property
    def transactions(self) -> Mapping[str, int]:
        """Its cursors."""
        return {} if self.snapshot is None else self.snapshot.transactions

    def target_size(self) -> int:
        """How large its files should be."""
        return self.shape.file_size(sum(file.size for file in self.files))

    def is_ours(self) -> bool:
        """Nobody else has changed its rows since our last commit."""
        at = self.version
        if self.snapshot is None or _has_vectors(self.snapshot):
            return self.snapshot is None
        while at >= 0:
            found = read_commits(self.store, self.path, at - 1, 1)
            if not found or found[0].version != at:
                return False  # cleaned up: nobody can tell
            if str(found[0].info.get("engineInfo", "")).startswith("cdalake/"):
                return True
            if found[0].data_change:
                return False
            at -= 1
        return False

    def relation(self, duck: Duck, files: Sequence[DataFile]) -> str:
        """SQL of the rows of some of its files, in the columns of its schema."""
        if not files:
            return f"(SELECT {select_list(self.schema.fields, {})} WHERE false)"
        urls = [Stores(self.store).url(self.path, file) for file in files]
        there = duck.columns(read_files(urls))
        return f"(SELECT {select_list(self.schema.fields, there)} FROM {read_files(urls)})"

    def owners(self, duck: Duck, ids: str, into: str) -> list[int]:
        """Make `into` (id, b): the block each id belongs to; the blocks' numbers."""
        lows = [block.low for block in self.blocks]
        if len(lows) < 2 or None in lows:
            duck.run(f"CREATE TABLE {into} AS SELECT id, 0 AS b FROM {ids}")
        else:
            duck.keep("ranges", {"b": list(range(len(lows))), "low": lows})
            duck.run(
                f"CREATE TABLE {into} AS SELECT x.id, coalesce(r.b, 0) AS b "
                f"FROM {ids} x ASOF LEFT JOIN ranges r ON x.id >= r.low"
            )
        return [int(row[0]) for row in duck.rows(f"SELECT DISTINCT b FROM {into} ORDER BY b")]

    def files_of(self, numbers: Iterable[int]) -> list[DataFile]:
        """Files of some blocks."""
        return [file for number in numbers for file in self.blocks[number].files]

    def rewrite(self, duck: Duck, rows: Rows) -> Rewritten:
        """Write the files that hold what changes anew; nothing is visible yet."""
        duck.run(
            f"CREATE TABLE moving AS SELECT id FROM {rows.gone} UNION SELECT id FROM "
            f"(SELECT {quoted(self.key)} AS id FROM {rows.fresh})"
        )
        touched = self.owners(duck, "moving", "placed")
        groups = grouped(self.blocks, touched, self.target_size())
        with _Uploads(self.store, self.path, self.schema) as uploads:
            for files in self._written(duck, rows, groups):
                uploads.send(files)
            duck.run("DROP TABLE moving; DROP TABLE placed")
            added = uploads.finished()
        return Rewritten(added, tuple(self.files_of(touched)))

    def _written(self, duck: Duck, rows: Rows, groups: list[list[int]]) -> Iterator[list[Path]]:
        """Two groups at a time: a single file keeps one processor busy, not two."""

        def write(numbered: tuple[int, list[int]]) -> list[Path]:
            with duck.beside() as own:
                return self._write_group(own, rows, numbered[1], numbered[0])

        with ThreadPoolExecutor(WRITERS, thread_name_prefix="current") as pool:
            yield from pool.map(write, enumerate(groups))

    def _write_group(self, duck: Duck, rows: Rows, group: list[int], number: int) -> list[Path]:
        blocks = ", ".join(map(str, group))
        key, names = quoted(self.key), _names(self.schema)
        kept = self.relation(duck, self.files_of(group))
        mine = f"(SELECT id FROM placed WHERE b IN ({blocks}))"
        sql = (
            f"SELECT {names} FROM {kept} k ANTI JOIN {rows.gone} g ON k.{key} = g.id UNION ALL "
            f"SELECT {names} FROM {rows.fresh} n SEMI JOIN {mine} m ON n.{key} = m.id"
        )
        return self._write(duck, sql, f"g{number}", self._split(duck, group, mine))

    def _split(self, duck: Duck, group: list[int], mine: str) -> int | None:
        """Bytes a file, where the group must be parted in order; None for one file as it comes."""
        size = sum(self.blocks[number].size for number in group)
        stored = sum(file.rows or 0 for file in self.files_of(group))
        coming = duck.number(f"SELECT count(*) FROM {mine}")
        expected = size + coming * (size / stored if stored else 200)
        target = self.target_size()
        has_overlap = any(len(self.blocks[number].files) > 1 for number in group)
        return target if expected > 2 * target or has_overlap else None

    def _write(self, duck: Duck, sql: str, name: str, size: int | None) -> list[Path]:
        """Write rows as parquet files into the temporary folder.

        Args:
            size: bytes a file, roughly, in the order of ids; None for one file, as rows come.
        """
        group = self.shape.rows_in_group
        options = f"FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE {group}"
        if size is None:
            path = duck.folder / f"{name}.parquet"
            duck.run(f"COPY ({sql}) TO {literal(str(path))} ({options})")
            return [path]
        folder = duck.folder / name
        duck.run(
            f"COPY (SELECT * FROM ({sql}) ORDER BY {quoted(self.key)}) "
            f"TO {literal(str(folder))} ({options}, FILE_SIZE_BYTES {size})"
        )
        return sorted(folder.iterdir())

    def replace_all(self, duck: Duck, rows: str, size: int) -> Rewritten:
        """Write all of the table anew; nothing is visible yet."""
        with _Uploads(self.store, self.path, self.schema) as uploads:
            uploads.send(self._write(duck, rows, "all", self.shape.file_size(size)))
            added = uploads.finished()
        return Rewritten(added, self.files)

    def commit(
        self, rewritten: Rewritten, cursors: Mapping[str, int], info: Mapping[str, Any]
    ) -> Committed:
        """Make the next version.

        Raises:
            Conflict: it was taken by somebody else; our files are gone again.
        """
        now = int(time.time() * 1000)
        commit = NewCommit(
            {**_info(rewritten), **info},
            rewritten.added,
            cursors,
            None if self.snapshot else Protocol(),
            self._metadata(now),
            tuple(Removed(file, now) for file in rewritten.removed),
        )
        committed = write_commit(self.store, self.path, self.version + 1, commit)
        if committed is None:
            self.discard(rewritten)
            raise Conflict
        if committed.version % CHECKPOINT_EVERY == CHECKPOINT_EVERY - 1:
            write_checkpoint(self.store, self.path)
        return committed

    def discard(self, rewritten: Rewritten) -> None:
        """Remove files that no version names, and none ever will."""
        for file in rewritten.added:
            self.store.delete(f"{self.path}/{file.path}")

    def _metadata(self, now: int) -> Metadata | None:
        text = self.schema.to_string()
        if self.snapshot is None:
            return Metadata.new(self.path.rpartition("/")[2], text, now)
        is_same = Schema.parse(self.snapshot.metadata.schema_string).fields == self.schema.fields
        return None if is_same else self.snapshot.metadata.with_schema(text)


def _has_vectors(snapshot: Snapshot) -> bool:
    return any(file.deletion_vector for file in snapshot.files.values())


def _info(rewritten: Rewritten) -> dict[str, Any]:
    rows = sum(file.rows or 0 for file in rewritten.added)
    return {
        "operation": "MERGE",
        "operationParameters": {"predicate": "[]"},
        "isBlindAppend": False,
        "operationMetrics": {
            "numTargetFilesAdded": str(len(rewritten.added)),
            "numTargetFilesRemoved": str(len(rewritten.removed)),
            "numOutputRows": str(rows),
        },
        "engineInfo": f"cdalake/{__version__}",
        "commit_id": uuid.uuid4().hex,
    }


def _names(schema: Schema) -> str:
    return ", ".join(quoted(field.name) for field in schema)


def read_files(urls: Sequence[str]) -> str:
    """SQL that reads parquet files, by name and with null for what one lacks."""
    quoted_urls = ", ".join("'" + url.replace("'", "''") + "'" for url in urls)
    return f"read_parquet([{quoted_urls}], union_by_name = true, hive_partitioning = false)"


def open_changes(
    duck: Duck, columns: Columns, urls: Sequence[str], many: int = USUAL.files_at_once
) -> None:
    """The view ``changes``: the rows of raw files, in the raw table's columns.

    More than `many` files are gathered in a database of the temporary folder, some at a time.
    """
    if len(urls) <= many:
        duck.run(f"CREATE VIEW changes AS {_changes(duck, columns, urls)}")
        return
    duck.run(f"ATTACH {literal(str(duck.folder / 'gathered.duckdb'))} AS gathered")
    into = "CREATE TABLE gathered.changes AS"
    for start in range(0, len(urls), many):
        some = _changes(duck, columns, urls[start : start + many])
        duck.run(f"{into} SELECT * REPLACE (file_index + {start} AS file_index) FROM ({some})")
        into = "INSERT INTO gathered.changes"
    duck.run("CREATE VIEW changes AS SELECT * FROM gathered.changes")


def _changes(duck: Duck, columns: Columns, urls: Sequence[str]) -> str:
    if not urls:
        read = select_list(columns.fields, {})
        return f"SELECT {read}, 0 AS file_index, 0 AS file_row_number WHERE false"
    relation = read_files(urls)
    read = select_list(columns.fields, duck.columns(relation))
    return f"SELECT {read}, file_index, file_row_number FROM {relation}"


class _Uploads:
    """Files on their way into a table's folder, a few at a time."""

    def __init__(self, store: Store, path: str, schema: Schema) -> None:
        self._store = store
        self._path = path
        self._schema = schema
        self._pool = ThreadPoolExecutor(UPLOADS, thread_name_prefix="upload")
        self._futures: list[Future[DataFile | None]] = []

    def __enter__(self) -> _Uploads:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)
        if kind is Cancelled:
            self._take_back()

    def _take_back(self) -> None:
        """Remove what is there by now: no version will name it."""
        done = (f for f in self._futures if not f.cancelled() and f.exception() is None)
        for file in filter(None, (future.result() for future in done)):
            self._store.delete(f"{self._path}/{file.path}")

    def send(self, files: Iterable[Path]) -> None:
        self._futures += [self._pool.submit(self._one, file) for file in files]

    def finished(self) -> tuple[DataFile, ...]:
        """All of them, as the log will describe them; those without rows are left out."""
        return tuple(file for future in self._futures if (file := future.result()))

    def _one(self, file: Path) -> DataFile | None:
        import pyarrow.parquet as pq

        try:
            metadata = pq.read_metadata(file)
            return self._brought(file, metadata) if metadata.num_rows else None
        finally:
            file.unlink()

    def _brought(self, file: Path, metadata: Any) -> DataFile:
        size = file.stat().st_size
        info = ObjectInfo(file.name, size, None, datetime.now(UTC))
        name = f"part-{uuid.uuid4()}.parquet"
        self._store.copy_from(Store.open(str(file.parent)), info, f"{self._path}/{name}")
        return DataFile(
            name,
            size,
            int(time.time() * 1000),
            metadata.num_rows,
            file_stats(metadata, self._schema),
        )
