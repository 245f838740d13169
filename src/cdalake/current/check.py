"""Whether a current table says what its raw table says, found out by another road (R45)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cdalake.current.changes import Increment, changes_since, cursor_of
from cdalake.current.columns import DELETED, Columns, quoted
from cdalake.current.duck import Duck, duck
from cdalake.current.files import Origin, Stores, current_path, in_order
from cdalake.current.halt import Halt, never
from cdalake.current.merge import find_latest, winning_rows
from cdalake.current.table import RangedTable, open_changes
from cdalake.delta.log import read_snapshot
from cdalake.delta.schema import Schema


@dataclass(frozen=True)
class Finding:
    """Ids of which the current table is wrong.

    Attributes:
        kind: ``deleted_but_visible``, ``missing``, ``orphan`` (no change of it is in the raw
            table), ``twice`` or ``stale`` (another row than the latest change's).
        example: one of them.
    """

    kind: str
    count: int
    example: str


@dataclass(frozen=True)
class Checked:
    """What a check found.

    Attributes:
        raw_version: the version of the raw table that current was made of.
        is_behind: rows came or went since; current is compared with that version.
        rows: live rows of the current table.
        expected: live rows that the raw table says there are.
    """

    raw_version: int
    rows: int
    expected: int
    findings: tuple[Finding, ...]
    is_behind: bool = False

    @property
    def is_right(self) -> bool:
        """Nothing was found."""
        return not self.findings and self.rows == self.expected


def check_current(
    stores: Stores, table: str, is_cancelled: Callable[[], bool] = never
) -> Checked | None:
    """Compare the current table with what the raw table's own version says, reading all of both.

    Args:
        is_cancelled: somebody asked the run to stop; asked from any thread.

    Returns:
        None when there is no current table, or none of this raw table.

    Raises:
        Cancelled: before all was compared.
        CdalakeError: of `cdalake.current.refresh.refresh`.
    """
    newest = read_snapshot(stores.target, table)
    if newest is None:
        return None
    columns = Columns.of(table, Schema.parse(newest.metadata.schema_string))
    current = RangedTable(stores.target, current_path(table), columns, columns.schema)
    version = cursor_of(current.transactions, newest)
    if version is None:
        return None
    # OPTIMIZE moves rows into other files, and VACUUM takes those they were in.
    is_behind = changes_since(stores, table, newest, version) != Increment(())
    raw = (read_snapshot(stores.target, table, version) if is_behind else newest) or newest
    with duck(stores, halt=Halt(is_cancelled)) as db:
        files = in_order(tuple(raw.files.values()))
        urls = [stores.url(table, file) for file in files]
        open_changes(db, columns, urls)
        find_latest(db, columns, [Origin.of(file.path) for file in files])
        db.run(f"CREATE VIEW seen AS SELECT * FROM {current.relation(db, current.files)}")
        expected = db.number(f"SELECT count(*) FROM winners WHERE o <> {DELETED}")
        rows = db.number("SELECT count(*) FROM seen")
        return Checked(version, rows, expected, _findings(db, columns), is_behind)


def _findings(db: Duck, columns: Columns) -> tuple[Finding, ...]:
    key = quoted(columns.id)
    seen = f"(SELECT {key} AS id FROM seen)"
    alive = f"({winning_rows(columns)} WHERE w.o <> {DELETED})"
    latest = f"(SELECT {key} AS id, {columns.row_hash} AS h FROM {alive})"
    mine = f"(SELECT {key} AS id, {columns.row_hash} AS h FROM seen)"
    questions = {
        "deleted_but_visible": f"SELECT id FROM {seen} SEMI JOIN "
        f"(SELECT id FROM winners WHERE o = {DELETED}) USING (id)",
        "missing": f"SELECT id FROM (SELECT id FROM winners WHERE o <> {DELETED}) "
        f"ANTI JOIN {seen} USING (id)",
        "orphan": f"SELECT id FROM {seen} ANTI JOIN winners USING (id)",
        "twice": f"SELECT id FROM {seen} GROUP BY id HAVING count(*) > 1",
        "stale": f"SELECT m.id FROM {mine} m JOIN {latest} l ON m.id = l.id WHERE m.h <> l.h",
    }
    found = (
        (kind, *db.rows(f"SELECT count(*), min(id) FROM ({sql})")[0])
        for kind, sql in questions.items()
    )
    return tuple(Finding(kind, count, str(example)) for kind, count, example in found if count)
