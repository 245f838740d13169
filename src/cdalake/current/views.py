"""Rows of a table as people look them up: raw, current or history, of one id or of a few."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cdalake.current.columns import Columns, literal, quoted, select_list, sql_type
from cdalake.current.duck import Duck, duck
from cdalake.current.files import Origin, Stores, current_path, in_order
from cdalake.current.history import history_schema, history_sql
from cdalake.current.merge import make_origins
from cdalake.current.ranges import bounds_of
from cdalake.current.table import open_changes, read_files
from cdalake.delta.actions import DataFile, Snapshot
from cdalake.delta.log import read_snapshot
from cdalake.delta.schema import WHOLE, Field, Schema
from cdalake.delta.support import check_plain
from cdalake.errors import SparkExecutionException, TableNotFoundException

NEED = 128 * 1024 * 1024
RETIRED = "retired"
"""The column of an entity that its application keeps but does not use any more: 0 while it does."""


class View(StrEnum):
    """What of a table is looked at."""

    RAW = "raw"
    CURRENT = "current"
    HISTORY = "history"


@dataclass(frozen=True)
class Found:
    """Rows of a view.

    Attributes:
        version: of the Delta table that was read: the raw table's for raw and history.
    """

    version: int
    columns: list[str]
    rows: list[dict[str, Any]]


@dataclass(frozen=True)
class Question:
    """What is asked of a table.

    Attributes:
        id: only rows of this id; None for any.
        version: of the Delta table; the newest by default.
        most_bytes: of files that the answer may need to look into.
        active_only: without rows that are retired, which are no deleted ones (R42).
    """

    view: View
    id: str | None = None
    version: int | None = None
    limit: int = 50
    most_bytes: int = 2**30
    active_only: bool = False


def find(stores: Stores, table: str, asked: Question) -> Found:
    """Rows of a view, read live.

    Raises:
        TableNotFoundException: there is no such table.
        SparkExecutionException: ``NO_CURRENT_TABLE``; ``SAMPLE_UNSUPPORTED``; ``ID_NEEDED`` or
            ``SAMPLE_TOO_LARGE`` for more than one may read at a look; ``ID_NOT_POSSIBLE`` for an id
            of another type; ``ACTIVE_ONLY_NOT_POSSIBLE`` where no column says what is retired.
        SchemaConflict: ``NO_CDC_COLUMNS``: there is no history of this table.
        CdalakeError: from the store or the log.
    """
    path = current_path(table) if asked.view is View.CURRENT else table
    snapshot = read_snapshot(stores.target, path, asked.version, with_stats=True)
    if snapshot is None and asked.view is View.CURRENT:
        raise SparkExecutionException(
            "NO_CURRENT_TABLE",
            f"{table} has no current table.",
            "Set current = true for its connection, or run `cdalake sync --current`.",
        )
    if snapshot is None:
        raise TableNotFoundException.named(path)
    check_plain(path, snapshot)
    schema = Schema.parse(snapshot.metadata.schema_string)
    files = list(_candidates(snapshot, schema, asked))
    _check_size(table, files, asked)
    with duck(stores, NEED) as db:
        sql, columns = _sql(db, stores, path, schema, files, asked)
        answer = db.connection.sql(f"SELECT * FROM ({sql}) LIMIT {asked.limit}")
        rows: list[dict[str, Any]] = answer.to_arrow_table().to_pylist()
    return Found(snapshot.version, columns, rows)


def _sql(
    db: Duck, stores: Stores, path: str, schema: Schema, files: list[DataFile], asked: Question
) -> tuple[str, list[str]]:
    files = in_order(files)
    urls = [stores.url(path, file) for file in files]
    condition = _condition(schema, asked)
    if asked.view is not View.HISTORY:
        names = [field.name for field in schema]
        if not urls:
            return f"SELECT {select_list(schema.fields, {})} WHERE false", names
        read = select_list(schema.fields, db.columns(read_files(urls)))
        return f"SELECT * FROM (SELECT {read} FROM {read_files(urls)}){condition}", names
    columns = Columns.of(path, schema)
    open_changes(db, columns, urls)
    make_origins(db, [Origin.of(file.path) for file in files])
    names = [field.name for field in history_schema(columns)]
    return history_sql(columns, condition), names


def _condition(schema: Schema, asked: Question) -> str:
    conditions = []
    if asked.id is not None:
        key = _key(schema)
        conditions.append(f"{quoted(key.name)} = CAST({literal(asked.id)} AS {sql_type(key.type)})")
    if asked.active_only:
        # A number in entities, a flag in typelists, and null where the column came later.
        conditions.append(f"COALESCE(TRY_CAST({quoted(_retired(schema))} AS BIGINT), 0) = 0")
    return f" WHERE {' AND '.join(conditions)}" if conditions else ""


def _retired(schema: Schema) -> str:
    field = schema.find(RETIRED)
    if field is None:
        raise SparkExecutionException(
            "ACTIVE_ONLY_NOT_POSSIBLE",
            "The table has no column retired, so all its rows are active.",
            "Look at them without active_only.",
        )
    return field.name


def _key(schema: Schema) -> Field:
    key = schema.find("id")
    if key is None:
        raise SparkExecutionException(
            "ID_NOT_POSSIBLE", "The table has no column id.", "Look at its rows without one."
        )
    return key


def _candidates(snapshot: Snapshot, schema: Schema, asked: Question) -> Iterable[DataFile]:
    """Files that may hold the id, by their statistics."""
    files = snapshot.files.values()
    if asked.id is None:
        return files
    key = _key(schema)
    if key.type not in WHOLE:
        return files
    return _holding(files, key.name, _whole(asked.id))


def _whole(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 2**63
    if not -(2**63) <= number < 2**63:
        raise SparkExecutionException(
            "ID_NOT_POSSIBLE",
            f"{text[:40]!r} is no id of this table: they are whole numbers.",
            "Give the number in the column id.",
        )
    return number


def _holding(files: Iterable[DataFile], key: str, wanted: int) -> Iterator[DataFile]:
    for file in files:
        bounds = bounds_of(file, key)
        if bounds is None or bounds[0] <= wanted <= bounds[1]:
            yield file


def _check_size(table: str, files: list[DataFile], asked: Question) -> None:
    size = sum(file.size for file in files)
    if size <= asked.most_bytes:
        return
    if asked.view is View.HISTORY and asked.id is None:
        raise SparkExecutionException(
            "ID_NEEDED",
            f"{table} is too large to show the history of just any id.",
            "Look up one id, or run the query of the how-to on current tables.",
        )
    raise SparkExecutionException(
        "SAMPLE_TOO_LARGE",
        f"The files of {table} that may hold this id have {size} bytes, more than a look may read.",
        "Read the table with an engine, or look it up in the current table.",
    )
