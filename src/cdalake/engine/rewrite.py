"""Write a data file anew with a table's names and types, where readers need that (R65, R67, R68).

A file passes through a few megabytes at a time, however large it or its row groups are. Its new
name follows from what it is made of, so the same work never leaves two files, and no file that is
there is ever replaced. The old one stays, since another writer may be at it; VACUUM removes it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from io import IOBase

import pyarrow as pa
import pyarrow.parquet as pq

from cdalake.cda.footer import Footer, bad_file, read_footer
from cdalake.delta.actions import DataFile
from cdalake.delta.places import Place, Places, key_of, variant
from cdalake.delta.schema import Schema, arrow_type
from cdalake.engine.bring import facts
from cdalake.errors import NotFound
from cdalake.storage.budget import Budget
from cdalake.storage.streams import Sink, source_file

BATCH_ROWS = 8192
SAMPLE_ROWS = 64
GROUP_BYTES = 16 * 1024 * 1024
"""Of a row group that is written, unpacked."""
READ_AHEAD = 1024 * 1024
_ROOM = Budget(128 * 1024 * 1024)
"""Bytes of rows in memory at once, over all tables of a run."""


def rewrite(places: Places, file: DataFile, schema: Schema) -> DataFile:
    """Make a copy of a table's `file` that has `schema`'s names and types, below the table.

    Columns that `schema` does not have, and nested ones, stay as they are.

    Raises:
        SourceError: ``BAD_FILE``: it cannot be read to its end, or lost rows on the way.
            ``FILE_ELSEWHERE``: it is neither below the table nor below the source.
    """
    path = variant(key_of(file.path), _mark(file, schema))
    new = Place(places.target, f"{places.table}/{path}")
    footer = _there(new, file.size) or _written(places.find(file.path), new, file.size, schema)
    if footer.rows != file.rows:
        raise bad_file(new.store.location.join(new.path).url, "rewriting it changed its rows")
    return replace(facts(path, footer)[0], data_change=file.data_change)


def _mark(file: DataFile, schema: Schema) -> str:
    """Tells this content from any other of the same source file.

    The library is part of it: another release may write the same rows as other bytes.
    """
    facts = (file.path, file.size, file.modified_ms, file.stats, schema.to_string(), pa.__version__)
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


def _there(place: Place, about: int) -> Footer | None:
    """The footer of what a crash or another writer left there."""
    try:
        return read_footer(place.store, place.path, about)
    except NotFound:
        return None


def _written(old: Place, new: Place, size: int, schema: Schema) -> Footer:
    with _ROOM.hold(min(4 * GROUP_BYTES, 8 * size)):
        written = new.store.guard("put", new.path, lambda: _write(old, new, schema))
    return read_footer(new.store, new.path, written)


def _write(old: Place, new: Place, schema: Schema) -> int:
    """Stream one file into another; the new one's size."""
    with closing(source_file(old.store, old.path)) as file, new.store.upload(new.path) as target:
        sink = Sink(target)
        try:
            _pass_on(file, sink, schema)
        except (pa.ArrowException, OSError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise  # the disk's; Arrow has no number for what it cannot unpack
            raise bad_file(old.store.location.join(old.path).url, str(error)) from error
        return sink.tell()


def _pass_on(file: IOBase, sink: Sink, schema: Schema) -> None:
    # INT96 counts nanoseconds, which overflow for the years 1 and 9999 (R68).
    parquet = pq.ParquetFile(
        file, pre_buffer=False, buffer_size=READ_AHEAD, coerce_int96_timestamp_unit="us"
    )
    fitting = fitted(parquet.schema_arrow, schema)
    with pq.ParquetWriter(sink, fitting, compression="snappy") as writer:
        for rows in _groups(parquet, fitting):
            writer.write_table(rows)


def fitted(own: pa.Schema, schema: Schema) -> pa.Schema:
    """A file's columns under the table's names and with its types."""
    return pa.schema([_fitted(column, schema) for column in own])


def _fitted(column: pa.Field, schema: Schema) -> pa.Field:
    field = schema.find(column.name)
    if field is None:
        return column
    kind = arrow_type(field.type)
    return pa.field(field.name, column.type if kind is None else kind)


def _groups(parquet: pq.ParquetFile, fitting: pa.Schema) -> Iterator[pa.Table]:
    """All rows, in tables that are large enough for a row group and small enough for memory."""
    waiting: list[pa.RecordBatch] = []
    for batch in parquet.iter_batches(_batch_rows(parquet), use_threads=False):
        waiting.append(_cast(batch, fitting))
        if sum(each.nbytes for each in waiting) >= GROUP_BYTES:
            yield pa.Table.from_batches(waiting, fitting)
            waiting = []
    if waiting:
        yield pa.Table.from_batches(waiting, fitting)


def _batch_rows(parquet: pq.ParquetFile) -> int:
    """Rows to unpack at a time: fewer of a file whose rows are long.

    What the footer says is of packed rows; a long text that repeats is packed once. So the first
    rows are looked at too.
    """
    groups = map(parquet.metadata.row_group, range(parquet.metadata.num_row_groups))
    packed = max((group.total_byte_size // max(group.num_rows, 1) for group in groups), default=0)
    first = next(parquet.iter_batches(SAMPLE_ROWS, use_threads=False), None)
    unpacked = first.nbytes // first.num_rows if first else 0
    return max(1, min(BATCH_ROWS, GROUP_BYTES // (2 * max(packed, unpacked, 1))))


def _cast(batch: pa.RecordBatch, fitting: pa.Schema) -> pa.RecordBatch:
    columns = [_cast_column(*pair) for pair in zip(batch.columns, fitting.types, strict=True)]
    return pa.RecordBatch.from_arrays(columns, schema=fitting)


def _cast_column(column: pa.Array, kind: pa.DataType) -> pa.Array:
    # Nanoseconds lose digits that no reader of the table would see (R18).
    return column.cast(kind, safe=not pa.types.is_timestamp(kind))
