"""A few rows of a Delta table, read live from as few bytes as that takes."""

from __future__ import annotations

import base64
import itertools
import math
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from cdalake.catalog.database import mended
from cdalake.delta.actions import DataFile, Snapshot
from cdalake.delta.log import read_snapshot
from cdalake.delta.places import Place, Places, is_absolute
from cdalake.delta.schema import Schema
from cdalake.delta.support import check_plain
from cdalake.errors import SparkExecutionException, TableNotFoundException
from cdalake.settings import AMBIENT, AccessRef, Preview
from cdalake.storage import Store

MAX_FILES = 5
MAX_TEXT = 500
MAX_BYTES = 512 * 1024
WHOLE_BELOW = 4 * 1024 * 1024
SAFE_INTEGER = 2**53


@dataclass(frozen=True)
class Rows:
    """Rows of one version, JSON-ready."""

    version: int
    columns: list[str]
    rows: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Origin:
    """Where an export is, and how it is reached."""

    url: str
    access: AccessRef = AMBIENT


class Budget:
    """So many bytes of data files, unpacked, may be read."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.spent = 0

    def spend(self, table: str, size: int) -> None:
        """Read so many more.

        Raises:
            SparkExecutionException: ``SAMPLE_TOO_LARGE``.
        """
        self.spent += size
        if self.spent > self.most:
            raise SparkExecutionException(
                "SAMPLE_TOO_LARGE",
                f"A part of a file of {table} has {size} bytes, more than a sample may read.",
                "Read the table with an engine, or raise CDALAKE_SAMPLE_BYTES.",
            )


def read_rows(
    target: str,
    table: str,
    version: int | None,
    limit: int,
    access: AccessRef = AMBIENT,
    max_bytes: int = Preview.max_bytes,
    source: Origin | None = None,
) -> Rows:
    """Up to `limit` rows of a version (the newest by default), of the newest files first.

    Args:
        source: the export that the log of a `zero_copy` table may point into.

    Raises:
        TableNotFoundException: there is no such table.
        SparkExecutionException: ``SAMPLE_UNSUPPORTED``.
        SourceError: ``FILE_ELSEWHERE``: a file is neither below the table nor in its source.
        CdalakeError: from the store or the log.
    """
    store = Store.open(target, access)
    snapshot = read_snapshot(store, table, version)
    if snapshot is None:
        raise TableNotFoundException.named(table)
    check_plain(table, snapshot)
    hidden = set(snapshot.metadata.partition_columns)
    schema = Schema.parse(snapshot.metadata.schema_string)
    columns = [f.name for f in schema if f.name not in hidden]
    is_elsewhere = any(map(is_absolute, snapshot.files))
    origin = Store.open(source.url, source.access) if source and is_elsewhere else None
    places = Places(store, table, origin)
    rows = list(_take(places, snapshot, columns, limit, Budget(max_bytes)))
    return Rows(snapshot.version, list(map(mended, columns)), rows)


def _take(
    places: Places, snapshot: Snapshot, columns: list[str], limit: int, bytes_: Budget
) -> Iterator[dict[str, Any]]:
    newest = list(snapshot.files.values())[::-1][:MAX_FILES]
    rows = itertools.chain.from_iterable(_rows(places, file, limit, bytes_) for file in newest)
    budget = MAX_BYTES
    for row in itertools.islice(rows, limit):
        ready = {mended(name): json_value(row.get(name)) for name in columns}
        budget -= sum(len(str(value)) for value in ready.values())
        if budget < 0:
            return
        yield ready


def _rows(
    places: Places, file: DataFile, limit: int, bytes_: Budget
) -> Iterator[Mapping[str, Any]]:
    import pyarrow.parquet as pq

    with closing(_open(places.find(file.path), file.size)) as source:
        parquet = pq.ParquetFile(source, pre_buffer=False)
        for group in range(parquet.num_row_groups):
            # The reader unpacks a group's columns whole, for one row of them too.
            bytes_.spend(places.table, parquet.metadata.row_group(group).total_byte_size)
            # No threads of its own: one left reading may outlive the interpreter.
            batches = parquet.iter_batches(limit, row_groups=[group], use_threads=False)
            for batch in batches:
                yield from batch.to_pylist()


def _open(place: Place, size: int) -> Any:
    store, path = place.store, place.path
    if store.location.is_local:
        return store.guard("get", path, lambda: store.local_path(path).open("rb"))
    if size <= WHOLE_BELOW:
        import pyarrow as pa

        return pa.BufferReader(store.get(path))
    return _Ranged(store, path, size)


class _Ranged:
    """A large object as a file: every read is one ranged request to its end at most."""

    def __init__(self, store: Store, path: str, size: int) -> None:
        self._reader = store.reader(path)
        self._size = size
        self.closed = False

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        wanted = self._size - self.tell() if size < 0 else size
        return bytes(self._reader.read(wanted))

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go somewhere."""
        return int(self._reader.seek(offset, whence))

    def tell(self) -> int:
        """Where we are."""
        return int(self._reader.tell())

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def writable(self) -> bool:
        """Never."""
        return False

    def flush(self) -> None:
        """Nothing to do."""

    def close(self) -> None:
        """Nothing more is read."""
        self.closed = True


def json_value(value: Any) -> Any:
    """A value as JSON can hold it without loss; long texts are cut."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, float):
        # JSON has no NaN and no infinity; as text they are not lost.
        return value if math.isfinite(value) else str(value)
    if isinstance(value, int):
        # Browsers read numbers as doubles: an id must not change on its way.
        return value if abs(value) < SAFE_INTEGER else str(value)
    if isinstance(value, str):
        return value if len(value) <= MAX_TEXT else value[:MAX_TEXT] + "…"
    return _text(value)


def _text(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes):
        return base64.b64encode(value[:MAX_TEXT]).decode()
    if isinstance(value, list):
        return [json_value(item) for item in value[:100]]
    if isinstance(value, dict):
        return {str(key): json_value(item) for key, item in value.items()}
    return json_value(str(value))
