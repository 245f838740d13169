"""Write a table: its commits, its memory, its checkpoints."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple, dataclass
from typing import Any

from cdalake import __version__
from cdalake.cda.layout import Folder
from cdalake.cda.manifest import ManifestEntry
from cdalake.delta.actions import DataFile, Metadata, NewCommit, Protocol
from cdalake.delta.commit import Committed, write_checkpoint, write_commit
from cdalake.delta.places import Places
from cdalake.delta.schema import Schema, merge
from cdalake.delta.support import check_writable
from cdalake.engine.bring import Brought, key_of, rewrite
from cdalake.engine.job import Job, epoch_ms
from cdalake.engine.plan import TablePlan
from cdalake.engine.progress import Note
from cdalake.engine.state import write_state
from cdalake.engine.view import CURSOR, TableView
from cdalake.engine.zero_copy import marks_of, properties
from cdalake.errors import CdalakeError

CHECKPOINT_EVERY = 50


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
    """

    job: Job
    entry: ManifestEntry
    view: TableView
    warn: Callable[[Note], None]

    def __post_init__(self) -> None:
        self._stored = self.view.memory.to_bytes()
        self._is_memorised = self.view.is_remembered or self.view.metadata is None

    @property
    def table(self) -> str:
        """The table's name."""
        return self.entry.table

    @property
    def schema(self) -> Schema:
        """The table's columns; none before its first commit."""
        metadata = self.view.metadata
        return Schema() if metadata is None else Schema.parse(metadata.schema_string)

    def commit(self, folders: Sequence[Folder], brought: Sequence[Brought]) -> Written:
        """Commit folders whose files lie in the table's folder.

        Raises:
            Conflict: the version was taken by somebody else.
            SchemaConflict: a column fits no type.
            UnsupportedTable: the table needs what we do not write (R61).
        """
        before = self.schema
        schema, files = self._fit(before, brought)
        if self.view.metadata is not None:
            # Of this very version: were the log ahead of it, the conditional put would fail.
            check_writable(self.table, self.view.protocol, self.view.metadata)
        commit = self._new_commit(folders, [item.data for item in files], before, schema)
        committed = write_commit(self.job.target, self.table, self.view.version + 1, commit)
        if committed is None:
            raise Conflict
        return self._after(committed, commit, folders)

    def _fit(self, schema: Schema, brought: Sequence[Brought]) -> tuple[Schema, list[Brought]]:
        """The schema after all files, and the files as that schema can read them."""
        files = []
        for item in brought:
            merged = merge(schema, item.schema)
            schema = merged.schema
            fits = item if not merged.rewrite else self._rewritten(item, schema)
            files.append(fits)
        return schema, files

    def _rewritten(self, item: Brought, schema: Schema) -> Brought:
        places = Places(self.job.target, self.table, self.job.source)
        return rewrite(places, item, schema)

    def _new_commit(
        self, folders: Sequence[Folder], files: list[DataFile], before: Schema, schema: Schema
    ) -> NewCommit:
        cursors = _moved(self.view, folders)
        return NewCommit(
            info=self._info(folders, files, cursors),
            files=tuple(files),
            transactions={f"{CURSOR}{fp}": ts for fp, ts in cursors.items()},
            protocol=None if self.view.metadata else Protocol(),
            metadata=self._metadata(before, schema),
        )

    def _metadata(self, before: Schema, schema: Schema) -> Metadata | None:
        """The metadata where it is new; it travels in the commit of its first data (R19)."""
        if self.view.metadata is None:
            spec = self.job.spec
            given = properties(spec.layout, s3a=spec.s3a)
            return Metadata.new(self.table, schema.to_string(), epoch_ms(), given)
        if schema.fields == before.fields:
            return None
        return self.view.metadata.with_schema(schema.to_string())

    def _info(
        self, folders: Sequence[Folder], files: Sequence[DataFile], cursors: dict[str, int]
    ) -> dict[str, Any]:
        """What ``commitInfo`` tells people and later runs (R21)."""
        spec, view = self.job.spec, self.view
        rows = sum(file.rows or 0 for file in files)
        newest = max(folders, key=lambda folder: folder.timestamp)
        return {
            "operation": "WRITE",
            "operationParameters": {"mode": "Append", "partitionBy": "[]"},
            "isBlindAppend": True,
            "operationMetrics": {
                "numFiles": str(len(files)),
                "numOutputRows": str(rows),
                "numOutputBytes": str(sum(file.size for file in files)),
            },
            "engineInfo": f"cdalake/{__version__}",
            "userName": spec.requested_by,
            "commit_id": uuid.uuid4().hex,
            "run_id": spec.run_id,
            "watermark": max({**view.cursors, **cursors}.values()),
            "schema_timestamp": self.entry.schema_history.get(newest.fingerprint),
            "folders": len(folders),
            "files": len(files),
            "rows": rows,
            "total_rows": None if view.rows is None else view.rows + rows,
        }

    def _after(self, committed: Committed, commit: NewCommit, folders: Sequence[Folder]) -> Written:
        written = Written(
            committed.version,
            len(folders),
            len(commit.files),
            sum(file.rows or 0 for file in commit.files),
            sum(file.size for file in commit.files),
        )
        self._advance(written, commit, folders)
        self.view.commit_tag = committed.tag
        self._is_memorised = False
        if written.version % CHECKPOINT_EVERY == CHECKPOINT_EVERY - 1:
            self._checkpoint()
        return written

    def _advance(self, written: Written, commit: NewCommit, folders: Sequence[Folder]) -> None:
        view = self.view
        view.version = written.version
        view.metadata = commit.metadata or view.metadata
        view.cursors |= {app.removeprefix(CURSOR): v for app, v in commit.transactions.items()}
        view.rows = None if view.rows is None else view.rows + written.rows
        view.files += written.files
        view.size_bytes += written.bytes
        view.keys |= {file.key for folder in folders for file in folder.files}
        view.layout = self.job.spec.layout
        view.marks |= marks_of(commit.files)

    def _memorise(self) -> None:
        """Note the view in the memory."""
        view, memory = self.view, self.view.memory
        if view.metadata is not None:
            memory.table_id, memory.metadata = view.metadata.id, dict(view.metadata.body)
        memory.version, memory.commit_tag = view.version, view.commit_tag
        memory.protocol = view.protocol.to_action()
        memory.cursors, memory.blind = dict(view.cursors), dict(view.blind)
        memory.rows, memory.files, memory.size_bytes = view.rows, view.files, view.size_bytes
        memory.recent = sorted(_recent(view.keys, view.cursors, self.job.lookback_ms))
        memory.lookback_ms = self.job.lookback_ms
        memory.layout = view.layout
        recent = set(memory.recent)
        memory.marks = {
            url: list(astuple(mark)) for url, mark in view.marks.items() if key_of(url) in recent
        }

    def remember(self, plan: TablePlan, root: str | None) -> None:
        """Note that the listing of this manifest entry is done with, where that is news (R8)."""
        if not plan.listed:
            return
        memory, now = self.view.memory, epoch_ms()
        memory.root = root
        self._note_entry()
        listed = None if plan.stop else self.entry.fact()
        holds = dict(plan.holds or {})
        is_news = (memory.listed, memory.holds) != (listed, holds)
        if is_news or self._is_settled(now) != self._is_settled(memory.listed_at):
            memory.listed, memory.listed_at, memory.holds = listed, now, holds

    def _note_entry(self) -> None:
        """Remember the entry, unless another run has acted upon a newer one."""
        memory = self.view.memory
        known = memory.seen or memory.listed
        if known is None or self.entry.manifest_time >= known["manifest_time"]:
            memory.seen = self.entry.fact()

    def _is_settled(self, at: int) -> bool:
        """At that time nothing could come late any more."""
        return at - self.entry.manifest_time > self.job.lookback_ms

    def save(self) -> None:
        """Write the memory if it changed; once a table, since the log can always stand in for it.

        A failure costs the next run time and is no failure of this one (R55).
        """
        if not self._is_memorised:
            self._memorise()
        if self.view.memory.to_bytes() == self._stored:
            return
        try:
            write_state(self.job.target, self.table, self.view.memory)
        except CdalakeError as error:
            self.warn(Note("STATE_NOT_WRITTEN", error.message))

    def _checkpoint(self) -> None:
        why = write_checkpoint(self.job.target, self.table)
        if why is not None:
            self.warn(Note("CHECKPOINT_FAILED", why))


def _moved(view: TableView, folders: Sequence[Folder]) -> dict[str, int]:
    """Cursors after `folders`; a late folder never moves one backwards (R22)."""
    moved: dict[str, int] = {}
    for folder in folders:
        known = max(view.cursors.get(folder.fingerprint, -1), moved.get(folder.fingerprint, -1))
        moved[folder.fingerprint] = max(known, folder.timestamp)
    return moved


def _recent(keys: set[str], cursors: dict[str, int], lookback_ms: int) -> Iterator[str]:
    """Keys whose folders a later listing may show again."""
    for key in keys:
        fingerprint, _, rest = key.partition("/")
        folder = rest.partition("/")[0]
        cursor = cursors.get(fingerprint)
        if cursor is not None and folder.isdigit() and int(folder) > cursor - lookback_ms:
            yield key
