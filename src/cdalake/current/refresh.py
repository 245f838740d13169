"""Bring a current table up to its raw table: by what was added since, else from the beginning."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cdalake.current.changes import CURSOR, Everything, Increment, changes_since, cursor_of
from cdalake.current.columns import (
    DELETED,
    LSN,
    ORIGIN,
    PAYLOAD,
    SEQVAL,
    Columns,
    quoted,
)
from cdalake.current.duck import MOST_MEMORY, Duck, duck
from cdalake.current.files import Origin, Stores, current_path, in_order, tombstones_path
from cdalake.current.halt import Cancelled, Halt, never
from cdalake.current.merge import HASH, KEY, find_latest, judge, stored_keys, winning_rows
from cdalake.current.outcome import Ignored, Refreshed
from cdalake.current.ranges import USUAL, Shape
from cdalake.current.table import (
    Conflict,
    RangedTable,
    Rewritten,
    Rows,
    open_changes,
    tombstone_schema,
)
from cdalake.delta.actions import DataFile, Snapshot
from cdalake.delta.log import read_snapshot
from cdalake.delta.schema import Schema
from cdalake.delta.support import check_writable
from cdalake.errors import CommitContention, SourceError, UnsupportedTable

MAX_ATTEMPTS = 8
NEED_PER_BYTE = 8
"""Memory that a byte of parquet may need; more than that spills."""


def refresh(
    stores: Stores,
    table: str,
    told: Mapping[str, Any] | None = None,
    *,
    anew: bool = False,
    shape: Shape = USUAL,
    is_cancelled: Callable[[], bool] = never,
) -> Refreshed:
    """Bring the current table of `table` up to the newest version of the raw table.

    Args:
        told: added to ``commitInfo`` (who, which run).
        anew: merge everything even if an increment would do.
        shape: how large the files shall be.
        is_cancelled: somebody asked the run to stop; asked from any thread.

    Raises:
        Cancelled: before the current table's next version; the next refresh makes up for it.
        SchemaConflict: ``NO_CDC_COLUMNS``, ``UNSUPPORTED_COLUMN_TYPE``: no current table of it.
        SourceError: ``BAD_SEQVAL``, ``TABLE_NOT_FOUND``, ``CURRENT_FAILED``, ``LOG_BROKEN``.
        UnsupportedTable: one of the tables has what we do not read or write.
        CommitContention: others won every time.
    """
    halt = Halt(is_cancelled)
    for attempt in range(MAX_ATTEMPTS):
        halt.check()
        try:
            return _Refresh(stores, table, told or {}, shape, halt, anew=anew).run()
        except Conflict:
            # All is read again, the tombstones too (R37). The wait spreads two writers apart.
            time.sleep(random.uniform(0, 0.05 * 2**attempt))  # noqa: S311 - no secret
    raise CommitContention(
        "COMMIT_CONTENTION",
        f"Other writers won the next version of the current table of {table} {MAX_ATTEMPTS} times "
        "in a row.",
        "Let one run at a time write to a table, then run again.",
    )


class _Refresh:
    """One attempt: read how things stand, work out what changes, commit tombstones, then rows."""

    def __init__(
        self,
        stores: Stores,
        table: str,
        told: Mapping[str, Any],
        shape: Shape,
        halt: Halt,
        *,
        anew: bool,
    ) -> None:
        self.shape = shape
        self.halt = halt
        self.stores = stores
        self.table = table
        self.told = told
        self.raw = _raw(stores, table)
        self.columns = Columns.of(table, Schema.parse(self.raw.metadata.schema_string))
        self.visible = self._open(current_path(table), self.columns.schema)
        self.tombstones = self._open(tombstones_path(table), tombstone_schema(self.columns))
        self.work = self._work(anew=anew)

    def _open(self, path: str, schema: Schema) -> RangedTable:
        return RangedTable(self.stores.target, path, self.columns, schema, self.shape)

    def _work(self, *, anew: bool) -> Increment | Everything:
        work = changes_since(self.stores, self.table, self.raw, self._cursor())
        reason = "it was asked for" if anew else self._obstacle()
        if reason is None or isinstance(work, Everything):
            return work
        return Everything(tuple(self.raw.files.values()), reason)

    def _cursor(self) -> int | None:
        """The raw version both tables hold; after a crash the tombstones may be ahead of it."""
        mine = cursor_of(self.visible.transactions, self.raw)
        dead = cursor_of(self.tombstones.transactions, self.raw)
        return mine if mine is not None and dead is not None and dead >= mine else None

    def _obstacle(self) -> str | None:
        """Why an increment will not do, whatever the raw table got."""
        if self.visible.snapshot is None or self.tombstones.snapshot is None:
            return None  # then there is no cursor either
        before = Schema.parse(self.visible.snapshot.metadata.schema_string)
        if any(_is_retyped(before, name.name, name.type) for name in self.columns.fields):
            return "a column got another type"
        if not (self.visible.is_ours() and self.tombstones.is_ours()):
            return "somebody else changed the current table"
        return None

    def run(self) -> Refreshed:
        """Do it.

        Raises:
            Conflict: another writer was faster.
        """
        if isinstance(self.work, Increment) and not self.work.files:
            return self._nothing_new()
        files = in_order(self.work.files)
        need = NEED_PER_BYTE * sum(file.size for file in (*files, *self.tombstones.files[:1]))
        need = need if isinstance(self.work, Increment) else MOST_MEMORY
        with duck(self.stores, need, self.halt) as db:
            urls = [self.stores.url(self.table, file) for file in files]
            open_changes(db, self.columns, urls, self.shape.files_at_once)
            if isinstance(self.work, Everything):
                return self._merge_all(db, files, self.work.reason)
            return self._merge_new(db, files)

    def _nothing_new(self) -> Refreshed:
        if self._cursor() != self.raw.version:
            dead = self._commit_tombstones(Rewritten())
            return self._commit_visible(Rewritten(), dead, Ignored(), (0, 0))
        return Refreshed(
            self.visible.version,
            _rows(self.visible.files),
            0,
            0,
            self.raw.version,
            self.tombstones.version,
        )

    # -- everything ---------------------------------------------------------------------------

    def _merge_all(self, db: Duck, files: Sequence[DataFile], reason: str) -> Refreshed:
        origins = [Origin.of(file.path) for file in files]
        ignored = find_latest(db, self.columns, origins, in_numbers=True)
        deletes = self._delete_rows("deletes d JOIN origins USING (f)")
        dead = self._commit_tombstones(self.tombstones.replace_all(db, deletes, 0))
        hidden = db.number(f"SELECT count(*) FROM winners WHERE o = {DELETED}")
        rows = f"{winning_rows(self.columns)} WHERE w.o <> {DELETED}"
        rewritten = self.visible.replace_all(db, rows, sum(file.size for file in files))
        counts = (_rows(rewritten.added), hidden)
        return self._commit_visible(rewritten, dead, ignored, counts, reason)

    def _delete_rows(self, relation: str) -> str:
        key, names = quoted(self.columns.id), [quoted(field.name) for field in ORIGIN]
        return (
            f"SELECT d.id AS {key}, d.s AS {quoted(SEQVAL)}, d.l AS {quoted(LSN)}, "
            f"d.t AS {quoted(PAYLOAD)}, folder AS {names[0]}, name AS {names[1]} FROM {relation}"
        )

    # -- an increment -------------------------------------------------------------------------

    def _merge_new(self, db: Duck, files: Sequence[DataFile]) -> Refreshed:
        ignored = find_latest(db, self.columns, [Origin.of(file.path) for file in files])
        self._take_in(db)
        dead = self._commit_tombstones(self._bury(db))
        rewritten, counts = self._apply(db)
        return self._commit_visible(rewritten, dead, ignored, counts)

    def _take_in(self, db: Duck) -> None:
        """Keep the latest change of each id; ``concerned`` are their ids."""
        rows = winning_rows(self.columns, with_keys=True)
        db.run(f"CREATE TABLE incoming AS SELECT *, '' AS {HASH} FROM ({rows})")
        db.run("CREATE TABLE concerned AS SELECT id FROM winners")

    def _bury(self, db: Duck) -> Rewritten:
        """Put new deletes among the tombstones; makes ``dead``: deletes of all ids concerned."""
        touched = self.tombstones.owners(db, "concerned", "graves")
        key = quoted(self.columns.id)
        stored = self.tombstones.relation(db, self.tombstones.files_of(touched))
        db.run(
            f"CREATE TABLE buried AS SELECT x.{key} AS id, x.{quoted(SEQVAL)} AS s, "
            f"x.{quoted(LSN)} AS l, x.{quoted(PAYLOAD)} AS t, {ORIGIN[0].name} AS folder, "
            f"{ORIGIN[1].name} AS name FROM {stored} x SEMI JOIN concerned c ON x.{key} = c.id"
        )
        later = "(d.s, d.l, d.t, coalesce(folder, -1), coalesce(name, ''))"
        known = "(b.s, b.l, b.t, coalesce(b.folder, -1), coalesce(b.name, ''))"
        db.run(
            "CREATE TABLE burials AS SELECT d.id, d.s, d.l, d.t, o.folder, o.name "
            "FROM deletes d JOIN origins o USING (f) LEFT JOIN buried b ON b.id = d.id "
            f"WHERE b.id IS NULL OR {later.replace('folder', 'o.folder').replace('name', 'o.name')}"
            f" > {known}"
        )
        db.run(
            "CREATE TABLE dead AS SELECT id, s, l, t FROM burials UNION ALL "
            "SELECT id, s, l, t FROM buried b ANTI JOIN burials n ON b.id = n.id"
        )
        db.run(f"CREATE TABLE stones AS {self._delete_rows('burials d')}")
        return self.tombstones.rewrite(db, Rows("stones", "(SELECT id FROM burials)"))

    def _apply(self, db: Duck) -> tuple[Rewritten, tuple[int, int]]:
        """Weigh the new changes against the stored rows and write the files they concern."""
        touched = self.visible.owners(db, "concerned", "homes")
        stored = self.visible.relation(db, self.visible.files_of(touched))
        db.run(f"CREATE TABLE stored AS {stored_keys(self.columns, stored, 'concerned')}")
        self._hash_equals(db, stored)
        judge(db)
        key, names = (
            quoted(self.columns.id),
            ", ".join(quoted(field.name) for field in self.columns.schema),
        )
        db.run("CREATE TABLE gone AS SELECT id FROM verdict WHERE goes")
        db.run(
            f"CREATE TABLE fresh AS SELECT {names} FROM incoming i "
            f"SEMI JOIN (SELECT id FROM verdict WHERE comes) v ON i.{key} = v.id"
        )
        changed = db.number("SELECT count(*) FROM verdict WHERE comes")
        deleted = db.number("SELECT count(*) FROM verdict WHERE goes AND NOT comes")
        return self.visible.rewrite(db, Rows("fresh", "gone")), (changed, deleted)

    def _hash_equals(self, db: Duck, stored: str) -> None:
        """Where a stored row and a new one have the same key, their values decide (R70)."""
        key = quoted(self.columns.id)
        same = " AND ".join(
            f"i.{part} IS NOT DISTINCT FROM s.{part}"
            for part in (*KEY.values(), *(field.name for field in ORIGIN))
        )
        db.run(
            f"CREATE TABLE equals AS SELECT i.id FROM incoming i JOIN stored s ON i.id = s.id "
            f"AND {same}"
        )
        if not db.number("SELECT count(*) FROM equals"):
            return
        for relation, target in ((stored, "stored"), ("incoming", "incoming")):
            db.run(
                f"UPDATE {target} SET {HASH} = v.h FROM "
                f"(SELECT {key} AS id, {self.columns.row_hash} AS h FROM {relation} x "
                f"SEMI JOIN equals e ON x.{key} = e.id) v "
                f"WHERE {target}.id = v.id"
            )

    # -- commits ------------------------------------------------------------------------------

    def _commit_tombstones(self, rewritten: Rewritten) -> int:
        info = {**self.told, "raw_version": self.raw.version}
        return self._commit(self.tombstones, rewritten, info)

    def _commit_visible(
        self,
        rewritten: Rewritten,
        dead: int,
        ignored: Ignored,
        counts: tuple[int, int],
        reason: str | None = None,
    ) -> Refreshed:
        kept = {file.path for file in rewritten.removed}
        rows = _rows([file for file in self.visible.files if file.path not in kept])
        done = Refreshed(
            self.visible.version + 1,
            rows + _rows(rewritten.added),
            *counts,
            self.raw.version,
            dead,
            reason is not None,
            reason,
            ignored,
        )
        told = {key: value for key, value in done.to_json().items() if key != "version"}
        self._commit(self.visible, rewritten, {**self.told, **told})
        return done

    def _commit(self, table: RangedTable, rewritten: Rewritten, info: Mapping[str, Any]) -> int:
        """Make a table's next version, and say which: the last moment to hear of a cancel."""
        if self.halt.is_on:
            table.discard(rewritten)
            raise Cancelled
        return table.commit(rewritten, self._cursors(), info).version

    def _cursors(self) -> dict[str, int]:
        return {f"{CURSOR}{self.raw.metadata.id}": self.raw.version}


def _raw(stores: Stores, table: str) -> Snapshot:
    raw = read_snapshot(stores.target, table)
    if raw is None:
        raise SourceError(
            "TABLE_NOT_FOUND",
            f"There is no table {table} in {stores.target.url}.",
            "Sync it first.",
        )
    check_writable(table, raw.protocol, raw.metadata)
    if any(file.deletion_vector for file in raw.files.values()):
        raise UnsupportedTable(
            "UNSUPPORTED_TABLE_FEATURE",
            f"Rows of {table} were deleted by deletion vectors, which a current table cannot "
            "follow.",
            "Let OPTIMIZE or REORG purge them, then run again.",
        )
    return raw


def _is_retyped(before: Schema, name: str, kind: Any) -> bool:
    known = before.find(name)
    return known is not None and (known.name, known.type) != (name, kind)


def _rows(files: Sequence[DataFile]) -> int:
    return sum(file.rows or 0 for file in files)
