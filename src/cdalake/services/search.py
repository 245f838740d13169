"""What is typed into the search of tables, and where a page of the answer ends."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from typing import get_args

from cdalake.catalog.filters import Term, Where
from cdalake.catalog.finding import Order, Place
from cdalake.errors import UsageError

PREFIXES: tuple[Where, ...] = get_args(Where)
MOST_TERMS = 8
MOST = 2**63
"""Databases count in 64 bits."""
TEXTS = frozenset({"name", "app"})


def parse_terms(text: str) -> tuple[Term, ...]:
    """Words, all of which must match; ``column:foo`` looks among the columns only."""
    return tuple(_term(word) for word in text.split()[:MOST_TERMS])


def _term(word: str) -> Term:
    prefix, colon, rest = word.partition(":")
    for where in PREFIXES:
        if colon and rest and prefix.lower() == where:
            return Term(rest, where)
    return Term(word)


def first_word(terms: tuple[Term, ...]) -> str:
    """The word that the order by match goes by."""
    return next((term.text for term in terms if term.where in (None, "name")), "")


def encode(place: Place | None, order: Order) -> str | None:
    """A place as a cursor; clients hand it back as it is."""
    if place is None:
        return None
    value = place.value.isoformat() if isinstance(place.value, datetime) else place.value
    parts = [order.key, order.descending, value, place.name, place.connection]
    return urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def decode(cursor: str, order: Order) -> Place:
    """The place of a cursor.

    Raises:
        UsageError: ``BAD_CURSOR``.
    """
    try:
        return _place(cursor, order)
    except (ValueError, TypeError) as error:
        raise UsageError(
            "BAD_CURSOR",
            "The cursor is of no page of this list, or of one in another order.",
            "Begin without a cursor, then use next_cursor of the answer before.",
        ) from error


def _place(cursor: str, order: Order) -> Place:
    padded = cursor + "=" * (-len(cursor) % 4)
    key, descending, value, name, connection = json.loads(urlsafe_b64decode(padded))
    if [key, descending] != [order.key, order.descending]:
        raise ValueError(key)
    if not isinstance(name, str) or not isinstance(connection, str):
        raise TypeError(name)
    return Place(_value(order.key, value), name, connection)


def _value(key: str, value: object) -> object:
    if value is None:
        return None
    if key == "last_updated" and isinstance(value, str):
        return datetime.fromisoformat(value).astimezone(UTC)
    kind = str if key in TEXTS else int
    if type(value) is not kind or (isinstance(value, int) and abs(value) >= MOST):
        raise TypeError(value)
    return value
