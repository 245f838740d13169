"""Write a table: its commits, its memory, its checkpoints."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from cdalake import __version__
from cdalake.cda.layout import Folder
from cdalake.cda.manifest import ManifestEntry
from cdalake.delta.actions import (
    REBUILT,
    DataFile,
    Metadata,
    NewCommit,
    Protocol,
    Removed,
    rows_of,
)
from cdalake.delta.commit import Committed, write_checkpoint, write_commit
from cdalake.delta.places import Places
from cdalake.delta.schema import Schema
from cdalake.delta.support import check_writable
from cdalake.engine.bring import Brought
from cdalake.engine.fit import Fit, fit
from cdalake.engine.foreign import CURSOR
from cdalake.engine.job import Job, epoch_ms
from cdalake.engine.keep import Keeper
from cdalake.engine.plan import Exchange, cursors_after
from cdalake.engine.progress import Note
from cdalake.engine.rewrite import rewrite
from cdalake.engine.spec import Action
from cdalake.engine.view import TableView
from cdalake.engine.widen import NARROW_SINCE, Swap, is_due, narrow_since, recast, sweep
from cdalake.engine.zero_copy import ZERO_COPY, marks_of, properties, with_layout
from cdalake.errors import CdalakeError, SchemaConflict
from cdalake.words import counted

CHECKPOINT_EVERY = 50
ADD_ONLY = Exchange()


class Conflict(Exception):
    """Another writer made the version we wanted: what we know is stale (R64)."""


@dataclass(frozen=True)
class Written:
    """One commit of ours that is in the log."""

    version: int
    folders: int
    files: int
    rows: int
    bytes: int


@dataclass
class TableWriter:
    """Writes one table on top of `view`, and keeps `view` and its memory up to date.

    Attributes:
        warn: takes what went wrong without harm to any row.
        phase: the table's after the next commit; remembered only once that is in the log (R64).
    """

    job: Job
    entry: ManifestEntry
    view: TableView
    warn: Callable[[Note], None]

    def __post_init__(self) -> None:
        self.keeper = Keeper(self.job, self.entry, self.view, self.warn)
        self.phase = self.view.memory.phase

    @property
    def table(self) -> str:
        """The table's name."""
        return self.entry.table

    @property
    def schema(self) -> Schema:
        """The table's columns; none before its first commit."""
        metadata = self.view.metadata
        return Schema() if metadata is None else Schema.parse(metadata.schema_string)

    def commit(
        self,
        folders: Sequence[Folder],
        brought: Sequence[Brought],
        exchange: Exchange = ADD_ONLY,
    ) -> Written:
        """Commit folders whose files lie in the table's folder.

        Raises:
            Conflict: the version was taken by somebody else.
            SchemaConflict: a column fits no type.
            Stopped: the run was cancelled before anything was committed.
            UnsupportedTable: the table needs what we do not write (R61).
        """
        known = Schema() if exchange.begins_columns else self.schema
        fitting = fit(known, [item.schema for item in brought])
        self._check_writable()
        files = self._fitted(fitting, brought)
        swaps = self._recast(fitting.schema, exchange) if fitting.rewrite_older else []
        commit = self._new_commit(folders, files, fitting, swaps, exchange)
        _check_paths(commit)
        written = self._put(commit, folders, exchange)
        if exchange.replaces:
            self.warn(_left(exchange, folders, written.version - 1))
        return written

    def _check_writable(self) -> None:
        if self.view.metadata is not None:
            # Of this very version: were the log ahead of it, the conditional put would fail.
            check_writable(self.table, self.view.protocol, self.view.metadata)

    def _fitted(self, fitting: Fit, brought: Sequence[Brought]) -> list[DataFile]:
        """The files as the table's columns can read them."""
        keeps = self._keeps_narrow(fitting)
        places = Places(self.job.target, self.table, self.job.source)
        wanted = (
            is_cast or (is_narrow and not keeps)
            for is_cast, is_narrow in zip(fitting.rewrite, fitting.narrow, strict=True)
        )
        futures = [
            self.job.files.submit(rewrite, places, item.data, fitting.schema)
            if is_wanted
            else item.data
            for item, is_wanted in zip(brought, wanted, strict=True)
        ]
        return [each if isinstance(each, DataFile) else each.result() for each in futures]

    def _keeps_narrow(self, fitting: Fit) -> bool:
        """Narrower files may come in as they are: those of the table are still to be gone over."""
        is_waiting = narrow_since(self.view) is not None
        is_begun = self.view.memory.widened_up_to is not None
        is_new = self._is_new(fitting.schema)
        return self._is_zero_copy or is_new or (is_waiting and not is_begun)

    def _is_new(self, schema: Schema) -> bool:
        return self.view.metadata is None or schema.fields != self.schema.fields

    def _recast(self, schema: Schema, exchange: Exchange) -> list[Swap]:
        if self._is_zero_copy:
            raise _would_copy(self.table)
        leaving = frozenset(file.path for file in exchange.removes)
        swaps = recast(self.job, self.table, self.view, schema, leaving)
        if swaps:
            self.warn(
                _widened(f"Rewrote {counted(len(swaps), 'file')}: float columns are double now.")
            )
        return swaps

    def widen(self) -> Written | None:
        """Rewrite some of the files that are narrower than the columns; None where none is.

        What fails is a warning: every reader reads them as they are.

        Raises:
            Conflict: the version was taken by somebody else.
        """
        if self.job.spec.action is not Action.SYNC or not is_due(self.view, self.job.lookback_ms):
            return None
        try:
            return self._widen()
        except CdalakeError as error:
            self.warn(Note("NOT_WIDENED", error.message))
            return None

    def _widen(self) -> Written | None:
        self._check_writable()
        found = sweep(self.job, self.table, self.view, self.schema)
        written = None
        if found.swaps or found.up_to is None:
            written = self._put(self._sweeping(found.swaps, is_last=found.up_to is None), ())
        if found.swaps:
            rest = "" if found.up_to is None else "; the next run goes on"
            self.warn(
                _widened(f"Made {counted(len(found.swaps), 'file')} as wide as the columns{rest}.")
            )
        self.view.memory.widened_up_to = found.up_to
        return written

    def _sweeping(self, swaps: Sequence[Swap], *, is_last: bool) -> NewCommit:
        metadata = self.view.metadata
        return NewCommit(
            info=self._info((), [swap.new for swap in swaps], {})
            | {"operation": "WIDEN FILES", "isBlindAppend": False},
            files=tuple(swap.new for swap in swaps),
            transactions={},
            metadata=metadata.with_property(NARROW_SINCE, None) if metadata and is_last else None,
            removes=tuple(swap.removed() for swap in swaps),
        )

    def _put(
        self, commit: NewCommit, folders: Sequence[Folder], exchange: Exchange = ADD_ONLY
    ) -> Written:
        committed = write_commit(self.job.target, self.table, self.view.version + 1, commit)
        if committed is None:
            raise Conflict
        return self._after(committed, commit, folders, exchange)

    def _new_commit(
        self,
        folders: Sequence[Folder],
        files: Sequence[DataFile],
        fitting: Fit,
        swaps: Sequence[Swap],
        exchange: Exchange,
    ) -> NewCommit:
        cursors = self._cursors_after(folders, exchange)
        is_blind = not (swaps or exchange.takes_rows_out)
        now = epoch_ms()
        return NewCommit(
            info=self._info(folders, files, cursors, exchange) | {"isBlindAppend": is_blind},
            files=(*files, *(swap.new for swap in swaps)),
            transactions={f"{CURSOR}{fp}": ts for fp, ts in cursors.items()},
            protocol=None if self.view.metadata else Protocol(),
            metadata=self._metadata(fitting, exchange, now),
            removes=(
                *(swap.removed() for swap in swaps),
                *(Removed(file, now) for file in exchange.removes),
            ),
        )

    def _cursors_after(self, folders: Sequence[Folder], exchange: Exchange) -> dict[str, int]:
        """Cursors that the commit sets."""
        if exchange.leaves is not None:
            return dict(exchange.leaves.cursors)
        if not exchange.keeps_cursors:
            return cursors_after(self.view.cursors, folders)
        # A fingerprint of which files are known has a cursor, though it has passed nothing (R63).
        return {f.fingerprint: 0 for f in folders if f.fingerprint not in self.view.cursors}

    def _metadata(self, fitting: Fit, exchange: Exchange, now_ms: int) -> Metadata | None:
        """The metadata where it is new; it travels in the commit of its first data (R19)."""
        known = self.view.metadata
        if known and exchange.leaves is not None:
            known = with_layout(known, self.job.spec.layout).with_property(REBUILT, str(now_ms))
        if known is self.view.metadata and not self._is_new(fitting.schema):
            return None
        text = fitting.schema.to_string()
        metadata = known.with_schema(text) if known else self._first_metadata(text)
        is_narrow = fitting.narrow_older or any(fitting.narrow)
        if self._is_zero_copy or not (is_narrow or exchange.begins_columns):
            return metadata
        return metadata.with_property(NARROW_SINCE, str(now_ms) if is_narrow else None)

    def _first_metadata(self, schema_string: str) -> Metadata:
        spec = self.job.spec
        given = properties(spec.layout, s3a=spec.s3a)
        return Metadata.new(self.table, schema_string, epoch_ms(), given)

    @property
    def _is_zero_copy(self) -> bool:
        """Its files are the export's: those that fit as they are stay where they are."""
        return self.job.spec.layout == ZERO_COPY

    def _info(
        self,
        folders: Sequence[Folder],
        files: Sequence[DataFile],
        cursors: dict[str, int],
        exchange: Exchange = ADD_ONLY,
    ) -> dict[str, Any]:
        """What ``commitInfo`` tells people and later runs (R21)."""
        spec, view = self.job.spec, self.view
        rows = _rows_of(files)
        newest = max(folders, key=lambda folder: folder.timestamp, default=None)
        at = self.entry.schema_history.get(newest.fingerprint) if newest else None
        known = {} if exchange.leaves else view.cursors
        mode = "Overwrite" if exchange.takes_rows_out else "Append"
        return {
            "operation": exchange.operation,
            "operationParameters": {"mode": mode, "partitionBy": "[]"},
            "operationMetrics": {
                "numFiles": str(len(files)),
                "numOutputRows": str(rows),
                "numOutputBytes": str(sum(file.size for file in files)),
                **_removal(exchange, rows),
            },
            "engineInfo": f"cdalake/{__version__}",
            "userName": spec.requested_by,
            "commit_id": uuid.uuid4().hex,
            "run_id": spec.run_id,
            "watermark": max({**known, **cursors}.values(), default=None),
            "schema_timestamp": at,
            "phase": self.phase,
            "newest_change": view.memory.newest_change,
            "accepted_rows": self._accepted_after(exchange),
            "folders": len(folders),
            "files": len(files),
            "rows": rows,
            "total_rows": self._rows_after(rows, exchange),
        }

    def _accepted_after(self, exchange: Exchange) -> int:
        if exchange.leaves is not None:
            return 0
        return self.view.memory.accepted_rows + exchange.accepted_rows

    def _rows_after(self, added: int, exchange: Exchange) -> int | None:
        """Rows of the table after a commit; None when unknown."""
        if exchange.anew:
            return added
        gone = rows_of(exchange.removes)
        if self.view.rows is None or gone is None:
            return None
        return self.view.rows + added - gone

    def _after(
        self,
        committed: Committed,
        commit: NewCommit,
        folders: Sequence[Folder],
        exchange: Exchange,
    ) -> Written:
        new = [file for file in commit.files if file.data_change]
        size = sum(file.size for file in new)
        written = Written(committed.version, len(folders), len(new), _rows_of(new), size)
        self._advance(written, commit, folders, exchange)
        self.view.commit_tag = committed.tag
        self.view.memory.phase = self.phase
        self.keeper.is_current = False
        every = checkpoint_every(self.view.files)
        if written.version % every == every - 1:
            self._checkpoint()
        return written

    def _advance(
        self, written: Written, commit: NewCommit, folders: Sequence[Folder], exchange: Exchange
    ) -> None:
        view = self.view
        view.rows = self._rows_after(written.rows, exchange)
        view.memory.accepted_rows = self._accepted_after(exchange)
        if exchange.leaves is not None:
            view.cursors, view.blind, view.keys = {}, {}, set(exchange.leaves.keys)
        view.version = written.version
        before = narrow_since(view)
        view.metadata = commit.metadata or view.metadata
        if narrow_since(view) != before:
            view.memory.widened_up_to = None
        view.cursors |= {app.removeprefix(CURSOR): v for app, v in commit.transactions.items()}
        view.files += len(commit.files) - len(commit.removes)
        view.size_bytes += sum(file.size for file in commit.files)
        view.size_bytes -= sum(removed.file.size for removed in commit.removes)
        view.keys |= {file.key for folder in folders for file in folder.files}
        view.layout = self.job.spec.layout
        gone = marks_of(removed.file for removed in commit.removes)
        kept = {url: mark for url, mark in view.marks.items() if url not in gone}
        view.marks = kept | marks_of(commit.files)

    def _checkpoint(self) -> None:
        why = write_checkpoint(self.job.target, self.table)
        if why is not None:
            self.warn(Note("CHECKPOINT_FAILED", why))


def _check_paths(commit: NewCommit) -> None:
    """No path may be added and removed in one commit: readers would drop it (R65)."""
    both = {file.path for file in commit.files} & {removed.file.path for removed in commit.removes}
    if both:
        raise ValueError(f"{min(both)} would be added and removed in one commit")


def _rows_of(files: Sequence[DataFile]) -> int:
    """Rows that the table did not have before."""
    return sum(file.rows or 0 for file in files if file.data_change)


def _left(exchange: Exchange, folders: Sequence[Folder], version: int) -> Note:
    rows = sum(file.rows or 0 for file in exchange.removes)
    return Note(
        "OLDER_ROWS_LEFT",
        f"Fingerprint {folders[-1].fingerprint} begins: older rows leave the current snapshot, "
        f"{rows} in {counted(len(exchange.removes), 'file')}. Version {version} has them until "
        "VACUUM.",
    )


def _would_copy(table: str) -> SchemaConflict:
    return SchemaConflict(
        "SCHEMA_CONFLICT",
        f"A float column of {table} becomes double, which needs all of its files rewritten; the "
        "layout zero_copy copies none.",
        "Rebuild the table in the layout copy, or exclude it.",
    )


def _widened(message: str) -> Note:
    return Note("WIDENED_FILES", message)


def _removal(exchange: Exchange, added: int) -> dict[str, str]:
    """What left the table in the commit, and by how many rows both changed it, where that is known.

    Rows are called as a MERGE of Delta calls them.
    """
    if not exchange.removes:
        return {}
    size, rows = sum(file.size for file in exchange.removes), rows_of(exchange.removes)
    told = {"numRemovedFiles": str(len(exchange.removes)), "numRemovedBytes": str(size)}
    if rows is None:
        return told
    return told | {"numTargetRowsInserted": str(added), "numTargetRowsDeleted": str(rows)}


def checkpoint_every(files: int) -> int:
    """After how many commits a table of so many files gets a checkpoint (R55).

    A checkpoint names every file, so writing one for each 50 commits would cost ever more. Doubled
    again and again, a rhythm has its beats among those of the one before.
    """
    every = CHECKPOINT_EVERY
    while every * 200 <= files:
        every *= 2
    return every
