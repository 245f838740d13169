"""Rows of a view of a table (raw, current, history), or of one id; read live, JSON-ready."""

from __future__ import annotations

from cdalake.catalog.database import mended
from cdalake.catalog.sampling import Origin, Rows, json_value
from cdalake.current.files import Stores
from cdalake.current.views import Question, find
from cdalake.settings import AccessRef
from cdalake.storage import Store


def get_ready() -> None:
    """Import what a look needs: the first one would take seconds for it on a busy machine."""
    import duckdb  # noqa: F401 - for what it costs
    import fsspec  # type: ignore[import-untyped]  # noqa: F401 - has no types; as above


def look_up(target: str, table: str, asked: Question, access: AccessRef, source: Origin) -> Rows:
    """Answer a question about a table's rows.

    Raises:
        CdalakeError: of `cdalake.current.views.find`.
    """
    stores = Stores(Store.open(target, access), Store.open(source.url, source.access))
    found = find(stores, table, asked)
    names = [(name, mended(name)) for name in found.columns]
    rows = [{ours: json_value(row.get(name)) for name, ours in names} for row in found.rows]
    return Rows(found.version, [ours for _, ours in names], rows)
