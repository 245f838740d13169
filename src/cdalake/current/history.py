"""The history view: every state of an id, from when to when (a slowly changing dimension, type 2).

A query over the raw table, nothing of it is stored. It goes by the same order as current tables, so
its open rows are the rows of the current table.
"""

from __future__ import annotations

from cdalake.current.columns import DELETED, FILE_NAME, FOLDER_TIME, LOWEST, Columns, quoted
from cdalake.current.merge import HASH, KEY
from cdalake.delta.schema import Field, Schema

VALID_FROM, VALID_TO, IS_CURRENT = "valid_from", "valid_to", "is_current"
SAID, PLACE = "_cda_key_said", "_cda_key_f"
SPAN = (Field(VALID_FROM, "timestamp"), Field(VALID_TO, "timestamp"), Field(IS_CURRENT, "boolean"))


def history_schema(columns: Columns) -> Schema:
    """Columns of the view: when, then the raw table's and where the row is from."""
    return Schema((*SPAN, *columns.schema))


def history_sql(columns: Columns, condition: str = "") -> str:
    """SQL of the view, over ``changes`` and ``origins`` as `cdalake.current.merge` has them.

    A change that was delivered more than once counts once. A delete ends the row before it and is
    none itself. ``valid_from`` is when Guidewire made the change, or the folder's time where the
    row does not say; ``valid_to`` is null for a row that is open.

    Args:
        condition: a WHERE clause that the changes are narrowed by.
    """
    key, names = quoted(columns.id), ", ".join(columns.names)
    order = ", ".join(KEY.values())
    said = f"nullif({columns.payload_number}, {LOWEST})"
    return (
        f"WITH keyed AS (SELECT {names}, {columns.seqval_text} AS {KEY['s']}, "
        f"{columns.lsn_number} AS {KEY['l']}, {columns.payload_number} AS {KEY['t']}, "
        f"CAST({columns.rank} AS UTINYINT) AS {KEY['o']}, {columns.row_hash} AS {HASH}, "
        f"{said} AS {SAID}, file_index AS {PLACE} FROM (SELECT * FROM changes{condition}) "
        f"WHERE {columns.rank} IS NOT NULL AND {key} IS NOT NULL), "
        f"told AS (SELECT k.*, o.folder AS {FOLDER_TIME}, o.name AS {FILE_NAME}, "
        f"make_timestamptz(1000 * coalesce({SAID}, o.folder)) AS {VALID_FROM} "
        f"FROM keyed k JOIN origins o ON k.{PLACE} = o.f QUALIFY row_number() OVER "
        f"(PARTITION BY {key}, {order} ORDER BY o.place DESC, {HASH} DESC) = 1), "
        f"spans AS (SELECT *, lead({VALID_FROM}) OVER later AS {VALID_TO}, "
        f"lead({KEY['o']}) OVER later IS NULL AS {IS_CURRENT} FROM told "
        f"WINDOW later AS (PARTITION BY {key} ORDER BY {order})) "
        f"SELECT {VALID_FROM}, {VALID_TO}, {IS_CURRENT}, {names}, {FOLDER_TIME}, {FILE_NAME} "
        f"FROM spans WHERE {KEY['o']} <> {DELETED} ORDER BY {key}, {order}"
    )
