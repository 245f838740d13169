"""Lists as files: CSV or JSON, sent while they are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

from fastapi.responses import StreamingResponse

from cdalake.services.tabular import Row, as_csv, as_json


class Format(StrEnum):
    """How an export is written."""

    CSV = "csv"
    JSON = "json"


CHUNK = 64 * 1024
_MEDIA = {Format.CSV: "text/csv; charset=utf-8", Format.JSON: "application/json"}


def export(
    name: str, chosen: Format, columns: Sequence[str], rows: Iterable[Row]
) -> StreamingResponse:
    """The rows as a file called `name`, with those columns."""
    write = as_csv if chosen is Format.CSV else as_json
    return attached(name, chosen, write(columns, rows))


def attached(name: str, chosen: Format, pieces: Iterable[str]) -> StreamingResponse:
    """What is written already, to be saved as `name`, which is ours: letters, digits, dashes."""
    headers = {"content-disposition": f'attachment; filename="{name}.{chosen.value}"'}
    return StreamingResponse(in_chunks(pieces), media_type=_MEDIA[chosen], headers=headers)


def in_chunks(pieces: Iterable[str]) -> Iterator[str]:
    """The same text in few parts: each part costs a change of threads and a message."""
    held: list[str] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= CHUNK:
            yield "".join(held)
            held, size = [], 0
    yield "".join(held)
