"""Which table has which columns, so that a table is found by one of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, delete, insert, select

from cdalake.catalog.database import mended
from cdalake.catalog.schema import column_words, table_columns
from cdalake.catalog.upsert import insert_missing

CHUNK = 500
WORD_LENGTH = 512


def replace_columns(
    writer: Connection, connection: str, columns: Mapping[str, Sequence[str]]
) -> None:
    """Note the columns of tables, in place of what was noted of them before."""
    if not columns:
        return
    _forget(writer, connection, list(columns))
    ids = _word_ids(writer, {_word(name) for names in columns.values() for name in names})
    rows = [
        {"connection": connection, "table_name": table, "word_id": ids[key], "name": name}
        for table, names in columns.items()
        for key, name in {_word(name): name for name in names}.items()
    ]
    if rows:
        writer.execute(insert(table_columns), rows)


def _word(name: str) -> str:
    """What a column is found by: as the database gives it back, and no longer than it indexes."""
    return mended(name).lower()[:WORD_LENGTH]


def _forget(writer: Connection, connection: str, tables: Sequence[str]) -> None:
    for start in range(0, len(tables), CHUNK):
        is_one = table_columns.c.table_name.in_(tables[start : start + CHUNK])
        writer.execute(
            delete(table_columns).where(table_columns.c.connection == connection, is_one)
        )


def _word_ids(writer: Connection, keys: Iterable[str]) -> dict[str, int]:
    """Ids of words; unknown ones get theirs now."""
    wanted = sorted(keys)
    known: dict[str, int] = {}
    for start in range(0, len(wanted), CHUNK):
        chunk = wanted[start : start + CHUNK]
        insert_missing(writer, column_words, [{"key": key} for key in chunk])
        words = select(column_words.c.key, column_words.c.id).where(column_words.c.key.in_(chunk))
        known |= {word.key: word.id for word in writer.execute(words)}
    return known
