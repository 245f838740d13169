"""A run's results as files."""

from __future__ import annotations

import csv as csv_format
import io
from collections.abc import Iterator, Sequence

from cdalake.models.guidewire import ProcessingResult

_COLUMNS = (
    "table",
    "status",
    "attempt",
    "process_start_time",
    "process_finish_time",
    "duration_seconds",
    "folders",
    "files",
    "rows",
    "bytes",
    "commits",
    "version",
    "process_start_watermark",
    "process_finish_watermark",
    "manifest_records",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is a formula to a spreadsheet."""


def csv(results: Sequence[ProcessingResult]) -> Iterator[str]:
    """One line for each table, behind a line of names."""
    yield _line([*_COLUMNS, "error_code", "error", "hint"])
    for result in results:
        values = result.model_dump(mode="json")
        error = result.error
        told = [error.code, error.message, error.hint] if error else ["", "", ""]
        yield _line([*(values[name] for name in _COLUMNS), *told])


def _line(cells: Sequence[object]) -> str:
    text = io.StringIO()
    csv_format.writer(text).writerow([_cell(cell) for cell in cells])
    return text.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value


def json(results: Sequence[ProcessingResult]) -> Iterator[str]:
    """An array of what the API answers with."""
    yield "["
    for number, result in enumerate(results):
        yield (",\n" if number else "\n") + result.model_dump_json()
    yield "\n]\n"
