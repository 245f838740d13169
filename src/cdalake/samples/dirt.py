"""What ``--dirt`` adds: uglier things seen in real exports, each at one table of its own.

A reader must take none of them for data, except the folder named in seconds (`life.batches`),
whose rows count. Only the tables in `EXPECTED_FAILURES` may fail.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from cdalake.samples.life import Batch

Object = tuple[str, bytes]
DIRTY_FOLDER = 1
EXPECTED_FAILURES = {"cc_badentry": "MANIFEST_ENTRY_INVALID", "cc_nothing": "SOURCE_EMPTY"}


def _nested_folder(batch: Batch, data: bytes) -> Iterator[Object]:
    yield batch.file_path(0).replace("/part-", "/nested/part-"), data


def _zero_byte_file(batch: Batch, _: bytes) -> Iterator[Object]:
    yield batch.file_path(9), b""


def _hidden_files(batch: Batch, data: bytes) -> Iterator[Object]:
    yield batch.file_path(0).replace("/part-", "/_part-"), data
    yield batch.file_path(0).replace("/part-", "/.part-"), data
    yield f"{batch.file_path(0)}.crc", b"crc\x00"


def _temporary_folder(batch: Batch, data: bytes) -> Iterator[Object]:
    yield batch.file_path(0).replace("/part-", "/_temporary/0/part-"), data


FOLDER_DIRT: dict[str, Callable[[Batch, bytes], Iterator[Object]]] = {
    "nested_folder": _nested_folder,
    "zero_byte_file": _zero_byte_file,
    "hidden_files": _hidden_files,
    "temporary_folder": _temporary_folder,
}


def _int_timestamps(entry: dict[str, Any]) -> Any:
    history = {name: int(time) for name, time in entry["schemaHistory"].items()}
    written = int(entry["lastSuccessfulWriteTimestamp"])
    return {**entry, "lastSuccessfulWriteTimestamp": written, "schemaHistory": history}


def _text_count(entry: dict[str, Any]) -> Any:
    count = str(entry["totalProcessedRecordsCount"])
    return {**entry, "totalProcessedRecordsCount": count, "exportVersion": {"major": 3}}


def _s3a_path(entry: dict[str, Any]) -> Any:
    return {**entry, "dataFilesPath": entry["dataFilesPath"].replace("s3://", "s3a://")}


def _bare_path(entry: dict[str, Any]) -> Any:
    return {**entry, "dataFilesPath": entry["dataFilesPath"].rstrip("/")}


ENTRY_DIRT: dict[str, Callable[[dict[str, Any]], Any]] = {
    "int_timestamps": _int_timestamps,
    "list_entry": lambda entry: [entry],
    "no_metrics": _text_count,
    "s3a_path": _s3a_path,
    "bare_path": _bare_path,
}


def broken_entries(time: int) -> dict[str, Any]:
    """The manifest entries of `EXPECTED_FAILURES`: a time that is none, a table without a file."""
    entry = {
        "totalProcessedRecordsCount": 12,
        "schemaHistory": {"0123456789abcdef0123456789abcdef": str(time)},
    }
    return {
        "cc_badentry": {
            "lastSuccessfulWriteTimestamp": "yesterday",
            "dataFilesPath": "s3://guidewire-cda-sample/cda/cc_badentry/",
            **entry,
        },
        "cc_nothing": {
            "lastSuccessfulWriteTimestamp": str(time),
            "dataFilesPath": "cc_nothing",
            **entry,
        },
    }
