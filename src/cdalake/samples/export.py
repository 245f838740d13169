"""The export as objects in a store, and the truth about it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cdalake.errors import NotFound, UsageError
from cdalake.samples import dirt
from cdalake.samples.life import Batch, batches
from cdalake.samples.spec import SampleSpec
from cdalake.samples.tables import Table, choose
from cdalake.samples.values import Change, arrow_table, scramble

if TYPE_CHECKING:
    import pyarrow as pa

MANIFEST = "manifest.json"
NOTE = "_sample.json"
ROOT = "s3://guidewire-cda-sample/cda"
"""A bucket nobody has: whoever reads the export has to rebase its paths."""

Put = Callable[[str, bytes], None]
"""Writes the bytes of one object, named by its path relative to the export."""
Get = Callable[[str], bytes]
"""Reads one object; raises `NotFound` where there is none."""


@dataclass(frozen=True)
class DataFile:
    """One data file: where it is, and its rows."""

    path: str
    fingerprint: str
    folder: int
    rows: list[dict[str, Any]]


@dataclass(frozen=True)
class Export:
    """A sample export and the truth about it, worked out from its spec and never from its files.

    Attributes:
        extra_folders: folders added per table since the first writing.
    """

    spec: SampleSpec
    extra_folders: int = 0
    _tables: dict[str, Table] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_tables", {t.name: t for t in choose(self.spec.tables)})

    @property
    def tables(self) -> list[str]:
        """Every table a correct loader must have, in the manifest's order."""
        return list(self._tables)

    @property
    def expected_failures(self) -> dict[str, str]:
        """Tables of the manifest that must fail, and with which code."""
        return dict(dirt.EXPECTED_FAILURES) if self.spec.dirt else {}

    @cached_property
    def expected_holds(self) -> dict[str, int]:
        """Tables that may stop before a folder for the settle time: it holds a 0-byte file."""
        tables = [t for t in self._tables.values() if self.spec.dirt and t.dirt == "zero_byte_file"]
        return {t.name: b.time for t in tables for b in self._committed(t) if _is_dirty(b)}

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What ``manifest.json`` says."""
        entries = {table.name: self._entry(table) for table in self._tables.values()}
        return {**entries, **(dirt.broken_entries(self.spec.end_ms) if self.spec.dirt else {})}

    def files(self, table: str) -> list[DataFile]:
        """The committed data files of a table, by folder and name."""
        return [
            file for batch in self._committed(self._tables[table]) for file in _data_files(batch)
        ]

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Every row the raw table must hold, with null for columns its file does not have."""
        rows = [row for file in self.files(table) for row in file.rows]
        columns = [name for row in rows[:1] + rows[-1:] for name in row]
        blank = dict.fromkeys(columns)
        return [blank | row for row in rows]

    def uncommitted(self, table: str) -> list[dict[str, Any]]:
        """Rows that lie in the store past the manifest time and must not be read yet."""
        batch = self._half_written(self._tables[table])
        return [row for file in _data_files(batch) for row in file.rows] if batch else []

    def objects(self, after: int = -1) -> Iterator[tuple[str, bytes]]:
        """Everything in the store as (path, bytes), in the order CDA would write it.

        Args:
            after: leave out what an export of so many folders per table has put there before.
        """
        for table in self._tables.values():
            yield from self._table_objects(table, after)
        yield MANIFEST, _json(self.manifest)
        yield NOTE, _json({"spec": self.spec.to_json(), "extra_folders": self.extra_folders})

    @property
    def folders(self) -> int:
        """Committed folders per table (typelists have one)."""
        return self.spec.folders + self.extra_folders

    def _committed(self, table: Table) -> Iterator[Batch]:
        return islice(batches(table, self.spec), self.folders)

    def _half_written(self, table: Table) -> Batch | None:
        batch = next(islice(batches(table, self.spec), self.folders, None), None)
        return batch and _half(batch)

    def _table_objects(self, table: Table, after: int) -> Iterator[tuple[str, bytes]]:
        for batch in islice(batches(table, self.spec), self.folders + 1):
            if batch.number >= self.folders:
                yield from _data_objects(_half(batch))
            elif batch.number > after:
                yield from _folder_objects(batch, self.spec)
            elif batch.number == after:
                there = len(_half(batch).parts)
                yield from islice(_folder_objects(batch, self.spec), there, None)

    def _entry(self, table: Table) -> Any:
        committed = list(self._committed(table))
        first_times: dict[str, str] = {}
        for batch in committed:
            first_times.setdefault(batch.fingerprint, str(batch.time))
        entry = {
            "lastSuccessfulWriteTimestamp": str(committed[-1].time),
            "totalProcessedRecordsCount": sum(batch.rows for batch in committed),
            "dataFilesPath": f"{ROOT}/{table.name}/",
            "schemaHistory": first_times,
        }
        soil = dirt.ENTRY_DIRT.get(table.dirt) if self.spec.dirt else None
        return soil(entry) if soil else entry


def write_export(put: Put, spec: SampleSpec) -> Export:
    """Write a new export through `put`, the manifest after the data."""
    export = Export(spec)
    for path, content in export.objects():
        put(path, content)
    return export


def extend_export(put: Put, get: Get, extra_folders: int) -> Export:
    """Add folders to every table as CDA would: the half-written one first, the manifest last.

    What was there stays as it was; afterwards the export is byte for byte the one that would have
    been written with so many folders at once.
    """
    before = read_export(get)
    if extra_folders < 1:
        raise UsageError(
            "SAMPLE_SPEC_INVALID",
            f"An export cannot be extended by {extra_folders} folders.",
            "Give --extra-folders as a whole number from 1 on.",
        )
    export = replace(before, extra_folders=before.extra_folders + extra_folders)
    for path, content in export.objects(after=before.folders):
        put(path, content)
    return export


def read_export(get: Get) -> Export:
    """The export that was written here, from the note it carries; its truth is worked out anew.

    Raises:
        UsageError: what is there is not a sample export.
    """
    try:
        noted = json.loads(get(NOTE))
    except NotFound as missing:
        raise UsageError(
            "NOT_A_SAMPLE",
            f"There is no {NOTE}, so this is not an export that `cdalake sample` has written.",
            "Write one with `cdalake sample DEST`; only such an export can be extended.",
        ) from missing
    return Export(SampleSpec.from_json(noted["spec"]), noted["extra_folders"])


def write_folder(folder: Path | str, spec: SampleSpec) -> Export:
    """`write_export` into a folder of this machine."""
    return write_export(_folder_put(Path(folder)), spec)


def extend_folder(folder: Path | str, extra_folders: int) -> Export:
    """`extend_export` for a folder of this machine."""
    return extend_export(_folder_put(Path(folder)), _folder_get(Path(folder)), extra_folders)


def read_folder(folder: Path | str) -> Export:
    """`read_export` from a folder of this machine."""
    return read_export(_folder_get(Path(folder)))


def _folder_put(folder: Path) -> Put:
    def put(path: str, content: bytes) -> None:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f".{target.name}.writing")
        partial.write_bytes(content)
        partial.replace(target)  # a reader sees the old manifest or the new one

    return put


def _folder_get(folder: Path) -> Get:
    def get(path: str) -> bytes:
        try:
            return (folder / path).read_bytes()
        except FileNotFoundError as missing:
            raise NotFound(
                "OBJECT_NOT_FOUND",
                f"There is no {path} in {folder}.",
                "Look whether the folder is the right one.",
            ) from missing

    return get


def _half(batch: Batch) -> Batch:
    """The folder as it looks while it is being written: some of its files, no marker."""
    return replace(batch, parts=batch.parts[: (len(batch.parts) + 1) // 2])


def _is_dirty(batch: Batch) -> bool:
    return batch.number == dirt.DIRTY_FOLDER


def _folder_objects(batch: Batch, spec: SampleSpec) -> Iterator[tuple[str, bytes]]:
    """Data files first: whoever completes a half-written folder counts on it."""
    yield from _data_objects(batch)
    if batch.table.stray_folder and batch.number == 0:
        stray = f"{batch.table.name}/{batch.fingerprint}/backup_copy/part-00000.snappy.parquet"
        yield stray, _parquet(batch, batch.parts[0])
    soil = dirt.FOLDER_DIRT.get(batch.table.dirt) if spec.dirt and _is_dirty(batch) else None
    if soil:
        yield from soil(batch, _parquet(batch, batch.parts[0]))
    if not (spec.dirt and batch.table.dirt == "no_metrics"):
        yield f"{batch.path}/.cda/batch-metrics.json", _metrics(batch)
    if batch.parts:
        yield f"{batch.path}/_SUCCESS", b""


def _data_objects(batch: Batch) -> Iterator[tuple[str, bytes]]:
    for number, part in enumerate(batch.parts):
        yield batch.file_path(number), _parquet(batch, part)


def _data_files(batch: Batch) -> Iterator[DataFile]:
    for number, part in enumerate(batch.parts):
        rows = _content(batch, part).to_pylist()
        yield DataFile(batch.file_path(number), batch.fingerprint, int(batch.folder), rows)


def _content(batch: Batch, part: tuple[Change, ...]) -> pa.Table:
    # Lasting values must not change with the schema, nor two tables be alike.
    salt = scramble(int(batch.table.fingerprints[0][:16], 16))
    return arrow_table(batch.table.schemas[batch.schema_number], part, salt)


def _parquet(batch: Batch, part: tuple[Change, ...]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    # As Spark writes: decimals of up to 18 digits as integers, no Arrow schema in the footer.
    pq.write_table(
        _content(batch, part),
        sink,
        compression="snappy",
        store_schema=False,
        store_decimal_as_integer=True,
    )
    return bytes(sink.getvalue())


def _metrics(batch: Batch) -> bytes:
    dropped = 0 if batch.parts else 5
    numbers = {
        "tableName": batch.table.name,
        "schemaId": batch.fingerprint,
        "batchTimestamp": batch.folder,
        "numRecordsRead": batch.rows + dropped,
        "numRecordsWritten": batch.rows,
        "numRecordsDropped": dropped,
    }
    return json.dumps(numbers).encode()


def _json(content: Any) -> bytes:
    return (json.dumps(content, indent=2) + "\n").encode()
