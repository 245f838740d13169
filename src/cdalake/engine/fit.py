"""How the files of a commit and a table's columns come together: decided here, done elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cdalake.delta.schema import Schema, merge


@dataclass(frozen=True)
class Fit:
    """What a commit's files ask of a table, and the table of them.

    Attributes:
        schema: the table's columns with this commit.
        rewrite: of each file, whether it must be rewritten before the commit (R67, R68).
        narrow: of each file, whether it has narrower types that every reader accepts.
        rewrite_older: files that are in the table already must be rewritten in this very commit:
            no reader may meet them under the new columns.
        narrow_older: files that are in the table already have narrower types from now on.
    """

    schema: Schema
    rewrite: tuple[bool, ...]
    narrow: tuple[bool, ...]
    rewrite_older: bool
    narrow_older: bool


def fit(table: Schema, files: Sequence[Schema]) -> Fit:
    """Unite the columns of `table` with those of `files`, in their order (R16, R17).

    Raises:
        SchemaConflict: a column fits no type.
    """
    # Files of a fingerprint share one value: thousands of them are a few to look at.
    kinds = {id(file): file for file in files}
    schema = table
    for kind in kinds.values():
        schema = merge(schema, kind).schema
    told = {key: merge(schema, kind) for key, kind in kinds.items()}
    older = merge(schema, table)
    return Fit(
        schema,
        tuple(told[id(file)].rewrite for file in files),
        tuple(told[id(file)].narrow for file in files),
        older.rewrite,
        older.narrow,
    )
