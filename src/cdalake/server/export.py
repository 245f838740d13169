"""Lists as files: CSV or JSON, sent while they are read."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

from fastapi.responses import StreamingResponse

Row = Mapping[str, Any]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet would run a text that begins so."""


class Format(StrEnum):
    """How an export is written."""

    CSV = "csv"
    JSON = "json"


def export(
    name: str, chosen: Format, columns: Sequence[str], rows: Iterable[Row]
) -> StreamingResponse:
    """The rows as a file called `name`, with those columns."""
    if chosen is Format.CSV:
        lines, kind = _csv(columns, rows), "text/csv; charset=utf-8"
    else:
        lines, kind = _json(columns, rows), "application/json"
    disposition = f'attachment; filename="{name}.{chosen.value}"'
    return StreamingResponse(lines, media_type=kind, headers={"content-disposition": disposition})


def _csv(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row[name]) for name in columns])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, Mapping | list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def _json(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """An array, one object a line."""
    before = "[\n"
    for row in rows:
        yield before + json.dumps({name: row[name] for name in columns}, ensure_ascii=False)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"
