"""The rule of current tables as SQL: which change of an id is the latest (cda-format.md R35, R36).

Works on a view ``changes``: the raw table's columns, and ``file_index`` and ``file_row_number`` for
the place of a row. Most columns are read once, and only for the rows that win: who wins is found in
a narrow table of ids and compare keys.
"""

from __future__ import annotations

from collections.abc import Sequence

from cdalake.current.columns import DELETED, FILE_NAME, FOLDER_TIME, Columns, quoted
from cdalake.current.duck import Duck
from cdalake.current.files import Origin
from cdalake.current.outcome import Ignored
from cdalake.errors import SourceError

SEQVAL_TEXT = "CASE WHEN s IS NULL THEN '' ELSE lpad(lower(to_hex(s)), 64, '0') END"


def find_latest(
    duck: Duck, columns: Columns, origins: Sequence[Origin], *, in_numbers: bool = False
) -> Ignored:
    """Find each id's latest change and its latest delete.

    Makes ``origins`` (f, folder, name, place), ``winners`` (id, s, l, t, o, f, r: the compare key
    and the row's place) and ``deletes`` (id, s, l, t, f), one row an id.

    Args:
        origins: of the files, by ``file_index``.
        in_numbers: compare sequence values as numbers, which is faster for many rows; ``winners.s``
            is a number then, unless one of them is too long for that.

    Raises:
        SourceError: ``BAD_SEQVAL`` (R70).
    """
    make_origins(duck, origins)
    in_numbers = _make_narrow(duck, columns, in_numbers=in_numbers)
    ignored = _ignored(duck, columns)
    _make_deletes(duck, in_numbers=in_numbers)
    _make_winners(duck)
    _decide_ties(duck, columns)
    duck.run("DROP TABLE narrow; DROP TABLE newest")
    return ignored


def make_origins(duck: Duck, origins: Sequence[Origin]) -> None:
    """The table ``origins`` (f, folder, name, place) of files, by ``file_index``."""
    import pyarrow as pa

    places = {key: place for place, key in enumerate(sorted({o.key for o in origins}))}
    duck.keep(
        "origins",
        {
            "f": pa.array(range(len(origins)), pa.uint32()),
            "folder": pa.array([o.folder for o in origins], pa.int64()),
            "name": pa.array([o.name for o in origins], pa.string()),
            "place": pa.array([places[o.key] for o in origins], pa.uint32()),
        },
    )


def _make_narrow(duck: Duck, columns: Columns, *, in_numbers: bool) -> bool:
    """The compare keys; True when their sequence values are numbers."""
    seqval = columns.seqval_number if in_numbers else columns.seqval_text
    duck.run(
        f"CREATE OR REPLACE TABLE narrow AS SELECT {quoted(columns.id)} AS id, {seqval} AS s, "
        f"{columns.lsn_number} AS l, {columns.payload_number} AS t, "
        f"CAST({columns.rank} AS UTINYINT) AS o, CAST(file_index AS UINTEGER) AS f, "
        "CAST(file_row_number AS UINTEGER) AS r FROM changes "
        f"WHERE {columns.rank} IS NOT NULL AND {quoted(columns.id)} IS NOT NULL"
    )
    if not duck.number("SELECT count(*) FROM narrow WHERE s IS NULL"):
        return in_numbers
    _refuse_bad_seqvals(duck, columns)
    if in_numbers and _has_long_ones(duck, columns):
        return _make_narrow(duck, columns, in_numbers=False)
    return in_numbers


def _refuse_bad_seqvals(duck: Duck, columns: Columns) -> None:
    count, example = duck.rows(
        f"SELECT count(*), min(CAST({quoted(columns.seqval)} AS VARCHAR)) FROM changes "
        f"WHERE {columns.rank} IS NOT NULL AND {quoted(columns.id)} IS NOT NULL "
        f"AND {columns.seqval_text} IS NULL"
    )[0]
    if count:
        raise SourceError(
            "BAD_SEQVAL",
            f"{count} changes have a {columns.seqval} that is no hexadecimal number of at most 64 "
            f"digits, e.g. {str(example)[:80]!r}; which change of an id is the latest is not "
            "known.",
            "The raw table has them and goes on; the current table stays as it was. Ask for the "
            "export to be mended.",
        )


def _has_long_ones(duck: Duck, columns: Columns) -> bool:
    seqval = quoted(columns.seqval)
    return bool(
        duck.number(
            f"SELECT count(*) FROM changes WHERE {seqval} IS NOT NULL "
            f"AND ({columns.seqval_number}) IS NULL"
        )
    )


def _ignored(duck: Duck, columns: Columns) -> Ignored:
    total = duck.number("SELECT count(*) FROM changes")
    if total == duck.number("SELECT count(*) FROM narrow"):
        return Ignored()
    unknown, without = duck.rows(
        f"SELECT count(*) FILTER ({columns.rank} IS NULL), count(*) FILTER "
        f"({columns.rank} IS NOT NULL AND {quoted(columns.id)} IS NULL) FROM changes"
    )[0]
    return Ignored(unknown, without)


def _make_deletes(duck: Duck, *, in_numbers: bool) -> None:
    seqval = SEQVAL_TEXT if in_numbers else "s"
    duck.run(
        f"CREATE TABLE deletes AS SELECT id, {seqval} AS s, l, t, f FROM narrow "
        f"JOIN origins USING (f) WHERE o = {DELETED} QUALIFY row_number() OVER (PARTITION BY id "
        "ORDER BY s DESC NULLS LAST, l DESC, t DESC, place DESC) = 1"
    )


def _make_winners(duck: Duck) -> None:
    duck.run("CREATE TABLE newest AS SELECT id, max(s) AS s FROM narrow GROUP BY id")
    duck.run(
        "CREATE TABLE winners AS SELECT narrow.* FROM narrow JOIN newest "
        "ON narrow.id = newest.id AND narrow.s IS NOT DISTINCT FROM newest.s"
    )


def _decide_ties(duck: Duck, columns: Columns) -> None:
    """Ids whose greatest sequence value several changes have: rare, except where CDA replays."""
    ids = duck.number("SELECT count(*) FROM newest")
    if duck.number("SELECT count(*) FROM winners") == ids:
        return
    duck.run("CREATE TABLE tied AS SELECT id FROM winners GROUP BY id HAVING count(*) > 1")
    duck.run(
        "CREATE TABLE contest AS SELECT w.* FROM winners w JOIN origins USING (f) "
        "SEMI JOIN tied ON w.id = tied.id QUALIFY rank() OVER (PARTITION BY w.id "
        "ORDER BY l DESC, t DESC, o DESC, place DESC) = 1"
    )
    if duck.number("SELECT count(*) FROM contest") > duck.number("SELECT count(*) FROM tied"):
        _decide_by_values(duck, columns)
    duck.run(
        "CREATE OR REPLACE TABLE winners AS SELECT * FROM winners w ANTI JOIN tied "
        "ON w.id = tied.id UNION ALL SELECT * FROM contest"
    )
    duck.run("DROP TABLE tied; DROP TABLE contest")


def _decide_by_values(duck: Duck, columns: Columns) -> None:
    """Rows of one file that only their values tell apart (R70)."""
    duck.run(
        "CREATE OR REPLACE TABLE contest AS SELECT c.* FROM contest c JOIN "
        f"(SELECT file_index AS f, file_row_number AS r, {columns.row_hash} AS h FROM changes) v "
        "ON c.f = v.f AND c.r = v.r "
        "QUALIFY row_number() OVER (PARTITION BY c.id ORDER BY h DESC) = 1"
    )


def winning_rows(columns: Columns, *, with_keys: bool = False) -> str:
    """SQL of the winners' rows: the raw table's columns and their origin.

    Args:
        with_keys: and the compare key, in the columns `KEY`.
    """
    names = ", ".join(f"c.{name}" for name in columns.names)
    keys = "".join(f", w.{part} AS {name}" for part, name in KEY.items()) if with_keys else ""
    return (
        f"SELECT {names}, o.folder AS {FOLDER_TIME}, o.name AS {FILE_NAME}{keys} FROM changes c "
        "JOIN winners w ON c.file_index = w.f AND c.file_row_number = w.r "
        "JOIN origins o ON o.f = w.f"
    )


KEY = {"s": "_cda_key_s", "l": "_cda_key_l", "t": "_cda_key_t", "o": "_cda_key_o"}
"""Parts of the compare key, and what they are called where they stand beside a table's columns,
which may have any name."""
HASH = "_cda_key_h"


def _whole_key(alias: str) -> str:
    """The compare key of a relation's rows, as a row value."""
    own = ", ".join(f"{alias}.{name}" for name in KEY.values())
    return (
        f"({own}, coalesce({alias}.{FOLDER_TIME}, -1), coalesce({alias}.{FILE_NAME}, ''), "
        f"{alias}.{HASH})"
    )


def stored_keys(columns: Columns, relation: str, ids: str) -> str:
    """SQL of the compare keys of a current table's rows.

    Args:
        relation: the table's rows.
        ids: a relation whose ids alone are of interest.
    """
    return (
        f"SELECT x.{quoted(columns.id)} AS id, {columns.seqval_text} AS {KEY['s']}, "
        f"{columns.lsn_number} AS {KEY['l']}, {columns.payload_number} AS {KEY['t']}, "
        f"CAST({columns.rank} AS UTINYINT) AS {KEY['o']}, {FOLDER_TIME}, {FILE_NAME}, "
        f"'' AS {HASH} FROM {relation} x SEMI JOIN {ids} y ON x.{quoted(columns.id)} = y.id"
    )


def judge(duck: Duck) -> None:
    """Weigh ``incoming`` against ``stored`` and ``dead``; makes ``verdict`` (id, comes, goes).

    ``incoming`` has the latest change of each id, with its compare key; ``stored`` the keys of the
    rows that the current table has of these ids; ``dead`` (id, s, l, t) their latest deletes.
    A row comes when it is later than the stored one and than every delete; a stored row goes when
    another comes, or a delete is later. At an equal key the delete wins by its rank.
    """
    duck.run(
        "CREATE TABLE verdict AS SELECT id, wins AND NOT is_dead AS comes, "
        "is_there AND (wins OR is_dead) AS goes FROM (SELECT id, wins, is_there, "
        "coalesce(CASE WHEN wins THEN dead_after_new ELSE dead_after_old END, false) AS is_dead "
        "FROM (SELECT i.id, s.id IS NOT NULL AS is_there, "
        f"i.{KEY['o']} <> {DELETED} AND (s.id IS NULL OR {_whole_key('i')} > {_whole_key('s')}) "
        f"AS wins, {_is_later('i')} AS dead_after_new, {_is_later('s')} AS dead_after_old "
        "FROM incoming i LEFT JOIN stored s ON i.id = s.id LEFT JOIN dead d ON i.id = d.id))"
    )


def _is_later(alias: str) -> str:
    """The delete is not before the row, and both are there."""
    own = ", ".join(f"{alias}.{KEY[part]}" for part in ("s", "l", "t"))
    return f"(d.s, d.l, d.t) >= ({own}) AND d.id IS NOT NULL AND {alias}.id IS NOT NULL"
