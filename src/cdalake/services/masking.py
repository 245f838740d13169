"""Columns that look personal: their values are never shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

MASK = "•••"

_PERSONAL = re.compile(
    r"""
    (first|last|middle|full|maiden|former|nick|given|family|sur|display|account\s?holder)name
    | ^name\d?$ | ^name(kanji|denorm|kana)$ | ^particle$ | ^contactname | ^insuredname
    | birth | ^dob$ | deathdate | dateofdeath
    | e?mail(address)?\d?$
    | ssn | ^sin$ | tax_?id | ^tin$ | socialsecurity | officialid | passport | ^fein$ | vatnumber
    | license_?(no|num) | ^driverslicense
    | address(line|book)?\d?(kanji|denorm)?$ | ^street | postal_?code | ^zip
    | phone | ^fax | mobile
    | iban | bank_?account | creditcard | routingnumber
    """,
    re.VERBOSE | re.IGNORECASE,
)


def looks_personal(column: str) -> bool:
    """The column's name suggests a name, a birth date, an address or a number of a person."""
    bare = column.replace("_", "").lower()
    # Not the flags, types and keys that stand beside such a column.
    if column.startswith("gwcbi___") or bare.endswith(("type", "valid", "typeid")):
        return False
    return bool(_PERSONAL.search(column) or _PERSONAL.search(bare))


@dataclass(frozen=True)
class Masking:
    """Which columns are masked: those that look personal, as the settings correct it.

    Attributes:
        masked, shown: globs of a column, or of ``table.column``; `shown` is only an exception from
            what looks personal, never from `masked`.
    """

    masked: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()

    def hides(self, table: str, column: str) -> bool:
        """The column's values are not shown."""
        if _matches(self.masked, table, column):
            return True
        return looks_personal(column) and not _matches(self.shown, table, column)

    def columns(self, table: str, columns: Iterable[str], *, is_typelist: bool) -> list[str]:
        """Columns whose values are masked; the names in a typelist are no persons'."""
        if is_typelist:
            return [name for name in columns if _matches(self.masked, table, name)]
        return [name for name in columns if self.hides(table, name)]


def _matches(globs: Iterable[str], table: str, column: str) -> bool:
    names = (column.lower(), f"{table}.{column}".lower())
    return any(fnmatchcase(name, glob.lower()) for glob in globs for name in names)


def mask(rows: Sequence[Mapping[str, Any]], columns: Iterable[str]) -> list[dict[str, Any]]:
    """The rows with those columns masked; what is null stays null."""
    hidden = frozenset(columns)
    return [
        {k: MASK if k in hidden and v is not None else v for k, v in row.items()} for row in rows
    ]
