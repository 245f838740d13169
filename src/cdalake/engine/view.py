"""How a target table stands before a run touches it: from our memory, or from the log itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from cdalake.delta.actions import Metadata, Protocol, Snapshot
from cdalake.delta.log import LogListing, list_log, read_snapshot
from cdalake.delta.places import is_absolute, key_of
from cdalake.engine.foreign import CURSOR, baseline, change_of, facts_since, is_ours
from cdalake.engine.state import TableMemory, read_state
from cdalake.engine.zero_copy import COPY, Mark, layout_of, marks_of
from cdalake.errors import Choice, TableHeld
from cdalake.storage import Store


@dataclass
class TableView:
    """A target table as the plan needs it.

    Attributes:
        version: newest version; -1 when there is no table yet.
        metadata: None when there is no table yet.
        cursors: fingerprint → newest folder timestamp committed.
        commit_tag: the store's tag of that version's file, if it has one.
        keys: keys of files that are in the table or were; complete inside the look-back, except:
        blind: fingerprint → folder timestamp up to which `keys` cannot be relied upon.
        layout: ``copy`` or ``zero_copy``; None when there is no table yet.
        marks: what the log says of the files of the export it points at, inside the look-back.
        memory: what was remembered; a fresh one when nothing was.
        is_remembered: all of this is from `memory`, not from the log.
        change: others changed its rows (R62).
        foreign_rows: rows that others put in since our newest commit, less those they took out.
    """

    version: int
    protocol: Protocol
    metadata: Metadata | None
    cursors: dict[str, int]
    keys: set[str]
    rows: int | None
    files: int
    size_bytes: int
    commit_tag: str | None = None
    blind: dict[str, int] = field(default_factory=dict)
    layout: str | None = None
    marks: dict[str, Mark] = field(default_factory=dict)
    memory: TableMemory = field(default_factory=TableMemory)
    is_remembered: bool = False
    change: TableHeld | None = None
    foreign_rows: int = 0

    @property
    def watermark(self) -> int | None:
        """Newest folder timestamp committed, epoch ms."""
        return max(self.cursors.values(), default=None)


def look(target: Store, table: str, lookback_ms: int) -> TableView:
    """Find out how `table` stands: one read and one listing when nobody else wrote to it.

    Raises:
        SourceError: its log is broken.
    """
    memory = believed = read_state(target, table)
    if memory is not None:
        listing = list_log(target, table, memory.version)
        if not _agrees(memory, listing):
            believed = memory.decisions()
        elif memory.lookback_ms >= lookback_ms and listing.latest == memory.version >= 0:
            return _remembered(memory)
    snapshot = read_snapshot(target, table, may_be_new=memory is None)
    if snapshot is None:
        return _absent(memory)  # of a log that is gone the memory is the only witness (R63)
    return _compared(target, table, snapshot, memory, believed)


def _compared(
    target: Store,
    table: str,
    snapshot: Snapshot,
    memory: TableMemory | None,
    believed: TableMemory | None,
) -> TableView:
    """The table as its log has it, and what others did to it since our newest commit (R62)."""
    known = memory.table_id if memory else ""
    if believed is not None and known not in ("", snapshot.metadata.id):
        believed = TableMemory(tag=believed.tag)  # of another table
    view = _from_log(snapshot, believed)
    facts = facts_since(target, table, snapshot, believed)
    ours = baseline(facts, snapshot.version, believed)
    view.change = change_of(table, snapshot, facts, ours, known)
    view.foreign_rows = ours.grown_to(snapshot.rows)
    return view


def look_closely(target: Store, table: str) -> tuple[TableView, Snapshot | None]:
    """The same from the log itself, with every file in it; None when there is no table.

    Raises:
        SourceError: its log is broken.
    """
    memory = believed = read_state(target, table)
    if memory is not None and not _agrees(memory, list_log(target, table, memory.version)):
        believed = memory.decisions()
    snapshot = read_snapshot(target, table, may_be_new=memory is None)
    if snapshot is None:
        return _absent(memory), None
    return _compared(target, table, snapshot, memory, believed), snapshot


def _agrees(memory: TableMemory, listing: LogListing) -> bool:
    """The log holds the commit our memory speaks of, or has outlived it.

    A log that was put back to an earlier state has not: believing the memory would lose the rows in
    between.
    """
    info = listing.commits.get(memory.version)
    if info is not None:
        return info.e_tag == memory.commit_tag
    return listing.latest is not None and listing.latest > memory.version


def _remembered(memory: TableMemory) -> TableView:
    return TableView(
        version=memory.version,
        protocol=Protocol.from_action(memory.protocol),
        metadata=Metadata(memory.metadata),
        cursors=dict(memory.cursors),
        keys=set(memory.recent),
        rows=memory.rows,
        files=memory.files,
        size_bytes=memory.size_bytes,
        commit_tag=memory.commit_tag,
        blind=dict(memory.blind),
        layout=memory.layout or COPY,
        marks={url: Mark(*mark) for url, mark in memory.marks.items()},
        memory=memory,
        is_remembered=True,
    )


def _absent(memory: TableMemory | None) -> TableView:
    memory = memory or TableMemory()
    return TableView(-1, Protocol(), None, {}, set(memory.recent), 0, 0, 0, memory=memory)


def _from_log(snapshot: Snapshot, memory: TableMemory | None) -> TableView:
    known = memory if memory and memory.table_id == snapshot.metadata.id else None
    paths = {*snapshot.files, *snapshot.removed}
    keys = {key_of(path) for path in paths} | {path for path in paths if not is_absolute(path)}
    cursors = {
        app.removeprefix(CURSOR): version
        for app, version in snapshot.transactions.items()
        if app.startswith(CURSOR)
    }
    names_all = snapshot.is_whole or _is_all_ours(keys, cursors)
    return TableView(
        version=snapshot.version,
        protocol=snapshot.protocol,
        metadata=snapshot.metadata,
        cursors=cursors,
        keys=keys | set(known.recent if known else ()),
        rows=snapshot.rows,
        files=len(snapshot.files),
        size_bytes=snapshot.size_bytes,
        commit_tag=snapshot.commit_tag,
        blind={} if names_all else _blind(known, cursors, snapshot.rows),
        layout=layout_of(snapshot.metadata, snapshot.files),
        marks=marks_of(snapshot.files.values()),
        memory=known or _renewed(snapshot, memory),
    )


def _is_all_ours(keys: set[str], cursors: dict[str, int]) -> bool:
    """No file was rewritten by others, so the log names every source file it holds."""
    return all(key.partition("/")[0] in cursors for key in keys)


def _blind(known: TableMemory | None, cursors: dict[str, int], rows: int | None) -> dict[str, int]:
    """How far up file names are lost, where the log no longer tells all of them.

    Our memory still knows those inside its own look-back, unless commits of ours came after it.
    """
    if known is None or (known.cursors, known.rows) != (cursors, rows):
        return dict(cursors)
    return {fp: max(known.blind.get(fp, -1), c - known.lookback_ms) for fp, c in cursors.items()}


def _renewed(snapshot: Snapshot, stored: TableMemory | None) -> TableMemory:
    """A new memory of what was decided; the tag stays: the file is replaced by condition."""
    memory = stored.decisions() if stored else TableMemory()
    ours = next((fact.info for fact in reversed(snapshot.facts) if is_ours(fact)), {})
    memory.phase = memory.phase or str(ours.get("phase") or "")
    told = ours.get("newest_change")
    memory.newest_change = memory.newest_change or (told if isinstance(told, int) else None)
    accepted = ours.get("accepted_rows")
    memory.accepted_rows = memory.accepted_rows or (accepted if isinstance(accepted, int) else 0)
    return memory


def check_cursors(view: TableView, table: str, fingerprints: Iterable[str]) -> None:
    """Refuse to load a fingerprint from its beginning when its files are already known (R63).

    Raises:
        TableHeld: ``CURSOR_LOST``.
    """
    lost = [fp for fp in fingerprints if fp not in view.cursors and _knows(view, fp)]
    if lost and view.metadata is None:
        raise TableHeld(
            "CURSOR_LOST",
            f"{table} was loaded before, as _cdalake/{table}.json says, and its log is gone; "
            "loading from the beginning may double rows.",
            "Choose: was the table deleted on purpose, rebuild it, or remove "
            f"_cdalake/{table}.json too and run again. Else put its folder back.",
            (Choice.REBUILD,),
        )
    if lost or (view.files and not view.cursors):
        what = f"fingerprint {lost[0]}" if lost else "every fingerprint"
        raise TableHeld(
            "CURSOR_LOST",
            f"{table} holds files but its log has no cursor for {what}; "
            "loading from the beginning would double rows.",
            "Choose: rebuild the table from the export, or restore its log.",
            (Choice.REBUILD,),
        )


def _knows(view: TableView, fingerprint: str) -> bool:
    prefix = f"{fingerprint}/"
    return fingerprint in view.memory.cursors or any(key.startswith(prefix) for key in view.keys)
