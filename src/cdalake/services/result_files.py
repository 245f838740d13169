"""A run's results as files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cdalake.models.guidewire import ProcessingResult
from cdalake.services.tabular import Row, as_csv, as_json

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
_ERROR = ("error_code", "error", "hint")


def csv(results: Sequence[ProcessingResult]) -> Iterator[str]:
    """One line for each table, behind a line of names."""
    return as_csv([*_COLUMNS, *_ERROR], map(_flat, results))


def _flat(result: ProcessingResult) -> Row:
    error = result.error
    told = (error.code, error.message, error.hint) if error else ("", "", "")
    return result.model_dump(mode="json") | dict(zip(_ERROR, told, strict=True))


def json(results: Sequence[ProcessingResult]) -> Iterator[str]:
    """An array of what the API answers with."""
    rows = (result.model_dump(mode="json") for result in results)
    return as_json(tuple(ProcessingResult.model_fields), rows)
