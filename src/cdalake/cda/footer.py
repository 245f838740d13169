"""Parquet footers, read from the end of a file with one ranged request (cda-format.md R14)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from cdalake.errors import AccessDenied, NotFound, SourceError
from cdalake.storage import ObjectInfo, Store, Tail

TAIL = 64 * 1024
MAGIC = b"PAR1"
TRAILER = 8
"""Four bytes of footer length and the magic."""


class Footer:
    """Schema, rows and statistics of a parquet file.

    Attributes:
        metadata: pyarrow's ``FileMetaData``.
        schema: the Arrow schema (``pyarrow.Schema``).
        info: the file as the store described it in the same answer.
    """

    def __init__(self, metadata: Any, info: ObjectInfo) -> None:
        self.metadata = metadata
        self.schema = metadata.schema.to_arrow_schema()
        self.info = info

    @property
    def rows(self) -> int:
        """Rows in the file."""
        return int(self.metadata.num_rows)


def read_footer(
    store: Store, path: str, size: int, tail: Tail | None = None, origin: str | None = None
) -> Footer:
    """Read the footer of a file of `size` bytes; a long one needs a second request.

    Args:
        tail: the end of the file, where it is at hand already.
        origin: URL of the file this one is a copy of, and that has to be mended if it is bad.

    Raises:
        SourceError: ``BAD_FILE`` when it is no parquet file, or was cut off.
    """
    origin = origin or store.location.join(path).url
    tail = tail or store.get_tail(path, size, TAIL)
    need = _footer_length(origin, tail.data, tail.info.size) + TRAILER
    if need > len(tail.data):
        tail = store.get_tail(path, tail.info.size, need)
    try:
        return Footer(pq.read_metadata(pa.BufferReader(tail.data)), tail.info)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise bad_file(origin, str(error)) from error


def _footer_length(origin: str, data: bytes, size: int) -> int:
    if len(data) < TRAILER + len(MAGIC) or data[-4:] != MAGIC:
        raise bad_file(origin, "it does not end like one")
    length = int.from_bytes(data[-8:-4], "little")
    if not 0 < length <= size - TRAILER - len(MAGIC):
        raise bad_file(origin, f"its footer claims {length} bytes")
    return length


def bad_file(origin: str, why: str) -> SourceError:
    """The error for a file that cannot be read (R15)."""
    reason = why.strip().partition("\n")[0].rstrip(".")
    return SourceError(
        "BAD_FILE",
        f"{origin} is not a readable parquet file: {reason}.",
        "Earlier folders are committed. Have the file written again, then run again.",
    )


@dataclass(frozen=True)
class Metrics:
    """A folder's batch metrics (§2).

    Attributes:
        written: ``numRecordsWritten``: rows of the folder's files; None when it cannot be read.
    """

    written: int | None


def metrics_of(store: Store, path: str) -> Metrics | None:
    """A batch metrics file; None when there is none, or it may not be read (R43)."""
    try:
        document = store.get(path)
    except (NotFound, AccessDenied):
        return None
    try:
        return Metrics(int(json.loads(document)["numRecordsWritten"]))
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return Metrics(None)


def promised_rows(store: Store, path: str) -> int | None:
    """Rows that a batch metrics file promises; None when it promises nothing (R57)."""
    metrics = metrics_of(store, path)
    return metrics.written if metrics else None
