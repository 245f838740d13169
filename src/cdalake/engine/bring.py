"""Bring a data file of the export into the table's folder, and learn what it holds (R14, R32).

A file keeps its name: ``<table>/<fingerprint>/<folder>/<name>``. So a crash and a second writer
find each other's copies instead of making more, and the log reads like the export.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cdalake.cda.footer import TAIL, Footer, read_footer
from cdalake.cda.layout import SourceFile
from cdalake.delta.actions import DataFile
from cdalake.delta.places import is_absolute, variant
from cdalake.delta.schema import Schema, schema_of_file
from cdalake.delta.stats import file_stats
from cdalake.errors import SourceError
from cdalake.storage import Store, Tail


@dataclass(frozen=True, slots=True)
class Brought:
    """A file that lies where the table can point at it, and is not in the log yet.

    Attributes:
        data: the file as its ``add`` action will describe it.
        schema: the file's own columns.
    """

    source: SourceFile
    data: DataFile
    schema: Schema


def bring(
    source: Store, target: Store, table: str, file: SourceFile, mark: str | None = None
) -> Brought:
    """Copy one file and read its footer from the copy.

    Args:
        mark: the copy gets a name with it, since the plain one is in the log already.

    Raises:
        SourceError: ``BAD_FILE``, or ``SOURCE_CHANGED`` when the copy has another size than listed.
        SchemaConflict: a column of a type or name that Delta does not have.
    """
    path = variant(file.key, mark) if mark else file.key
    try:
        tail = target.copy_from(source, file.info, f"{table}/{path}")
    except FileExistsError:
        return _adopt(source, target, table, file, mark or "")
    return _brought(source, target, table, file, path, tail)


def _adopt(source: Store, target: Store, table: str, file: SourceFile, mark: str) -> Brought:
    """Something is there, but not in the log: a crash or another writer left it.

    It serves if it is the same; else it stays where it is, since it might be in somebody's log by
    now, and the file comes under another name.
    """
    path, size = variant(file.key, mark) if mark else file.key, file.info.size
    theirs = target.get_tail(f"{table}/{path}", size, TAIL)
    if theirs.info.size == size and theirs.data == source.get_tail(file.info.path, size, TAIL).data:
        return _brought(source, target, table, file, path, theirs)
    path = variant(file.key, mark + (re.sub("[^0-9a-z]", "", file.info.e_tag or "") or "2"))
    with contextlib.suppress(FileExistsError):
        target.copy_from(source, file.info, f"{table}/{path}")
    return _brought(source, target, table, file, path)


def _brought(
    source: Store, target: Store, table: str, file: SourceFile, path: str, tail: Tail | None = None
) -> Brought:
    origin = source.location.join(file.info.path).url
    footer = read_footer(target, f"{table}/{path}", file.info.size, tail, origin)
    if footer.info.size != file.info.size:
        raise SourceError(
            "SOURCE_CHANGED",
            f"{file.key} was listed with {file.info.size} bytes; its copy has {footer.info.size}.",
            "The export is being rewritten; run again when it is at rest.",
        )
    return described(file, path, footer)


def described(file: SourceFile, path: str, footer: Footer) -> Brought:
    """A file of the export that lies at `path`, by its footer."""
    return Brought(file, *facts(path, footer))


def facts(path: str, footer: Footer) -> tuple[DataFile, Schema]:
    """A file as its ``add`` action will describe it, and its own columns.

    What is kept of the footer are statistics as text, since thousands of footers fill memories.

    Raises:
        SchemaConflict: a column of a type or name that Delta does not have.
    """
    schema = _schema(footer.schema)
    data = DataFile(
        path=path,
        size=footer.info.size,
        modified_ms=int(footer.info.last_modified.timestamp() * 1000),
        rows=footer.rows,
        stats=file_stats(footer.metadata, schema),
        e_tag=footer.info.e_tag if is_absolute(path) else None,
    )
    return data, schema


@lru_cache(maxsize=256)
def _schema(arrow: Any) -> Schema:
    """Files of a fingerprint share their columns; so they share one value."""
    return schema_of_file(arrow)
