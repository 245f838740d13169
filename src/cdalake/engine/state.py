"""``<target>/_cdalake/<table>.json``: what we remember of a table beside its log (R59).

For speed it is a cache, valid only while the log's newest commit is the one it names; for decisions
(where the table's folders are, which folders are held) it is the truth. It lives with the data, so
that a lost ``CDALAKE_HOME`` loses nothing.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from copy import deepcopy
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from cdalake.cda.manifest import ManifestFact
from cdalake.errors import CommitContention, NotFound, SourceError
from cdalake.storage import Store

FOLDER = "_cdalake"
FORMAT = 1
MOST_TRIES = 8
DECISIONS = (
    "root",
    "holds",
    "recheck",
    "seen",
    "phase",
    "newest_change",
    "quarantine",
    "accepted_rows",
)
"""What no log knows better, of `TableMemory`."""


@dataclass
class TableMemory:
    """What we remember of one table.

    Attributes:
        version, commit_tag: our newest commit and the store's tag of its file.
        table_id: the Delta table's id.
        protocol, metadata: bodies of the actions in force at `version`.
        cursors: fingerprint → newest folder timestamp committed (epoch ms).
        recent: keys of committed files whose folders lie inside the look-back.
        lookback_ms: that look-back; a longer one asks for more than `recent` knows.
        blind: fingerprint → folder timestamp up to which keys are not known, because others
            rewrote the files; nothing at or below it may be looked for again.
        layout: of the table; None before its first commit.
        marks: URL → size, time (epoch ms) and tag of the files of the export that the table points
            at, as far as their keys are in `recent`.
        rows, files, size_bytes: of the snapshot at `version`; rows None when unknown.
        root: URL of the table's folder in the source (the choice of R4).
        listed: the manifest entry of the last complete listing that left nothing pending.
        listed_at: epoch ms when that listing was made.
        current_version, current_id: version of this table that its current table was brought up
            to, and the id of the table that had it.
        current_own_version: the newest version of the current table itself then.
        current_watermark: the watermark it had then; None while it has no current table.
        holds: folder key → epoch ms when it was first seen incomplete (R57).
        recheck: folder key → epoch ms when it was committed without all of its rows: it is looked
            at again, however old it is by then.
        seen: the manifest entry acted upon last; one that contradicts it is a sign of a reset.
        phase: ``loading`` after rows of an initial load, ``changing`` once changes came behind
            them: from then on such rows are a sign of a reset (R47).
        newest_change: when the newest change in the table was made in the source's database,
            epoch ms; None where its rows do not say (R46).
        quarantine: file key → why it is left out (R15).
        accepted_rows: rows that others put into the table, less those they took out, as far as a
            person accepted it (R62).
        widened_up_to: path of the last file that was made as wide as the columns (R68); None
            before the first, and when nothing is to be widened.
        tag: the store's tag of this very file; None when it is not there yet.
    """

    version: int = -1
    commit_tag: str | None = None
    table_id: str = ""
    protocol: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    cursors: dict[str, int] = field(default_factory=dict)
    recent: list[str] = field(default_factory=list)
    lookback_ms: int = 0
    blind: dict[str, int] = field(default_factory=dict)
    layout: str | None = None
    marks: dict[str, list[Any]] = field(default_factory=dict)
    rows: int | None = 0
    files: int = 0
    size_bytes: int = 0
    root: str | None = None
    listed: ManifestFact | None = None
    listed_at: int = 0
    current_version: int | None = None
    current_id: str = ""
    current_own_version: int | None = None
    current_watermark: int | None = None
    holds: dict[str, int] = field(default_factory=dict)
    recheck: dict[str, int] = field(default_factory=dict)
    seen: ManifestFact | None = None
    phase: str = ""
    newest_change: int | None = None
    quarantine: dict[str, str] = field(default_factory=dict)
    accepted_rows: int = 0
    widened_up_to: str | None = None
    tag: str | None = None

    def decisions(self) -> TableMemory:
        """What was decided, without what the log knows better (R59)."""
        kept = {name: deepcopy(getattr(self, name)) for name in DECISIONS}
        return TableMemory(**kept, tag=self.tag)

    @property
    def listed_manifest_time(self) -> int | None:
        """Manifest time (epoch ms) up to which nothing is pending; None when unknown."""
        return None if self.listed is None else self.listed.manifest_time

    def to_bytes(self) -> bytes:
        """The file's content."""
        document = {"format": FORMAT, **asdict(self)}
        del document["tag"]
        return json.dumps(document, indent=1, sort_keys=True).encode()

    @classmethod
    def from_bytes(cls, data: bytes, tag: str | None) -> TableMemory | None:
        """Read the file; what cannot be used costs time and never rows.

        A damaged one is as good as empty, and will be replaced. One of another format is left to
        the version of cdalake that wrote it: None.
        """
        try:
            document = json.loads(data)
            if document["format"] != FORMAT:
                return None
            memory = _shape().validate_python(document)
        except (ValueError, KeyError, TypeError):
            memory = cls()
        memory.tag = tag
        return memory


@cache
def _shape() -> TypeAdapter[TableMemory]:
    return TypeAdapter(TableMemory)


class Remembered:
    """The tables that a target remembers something of; listed once, when it is first asked."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._paths: frozenset[str] | None = None

    def __contains__(self, table: str) -> bool:
        with self._lock:
            if self._paths is None:
                self._paths = frozenset(info.path for info in self._store.list(FOLDER))
        return state_path(table) in self._paths


Decision = Callable[[TableMemory], None]


def state_path(table: str) -> str:
    """Path of a table's state below the target."""
    return f"{FOLDER}/{table}.json"


def read_state(store: Store, table: str) -> TableMemory | None:
    """The memory of a table; None when there is none for us."""
    found = _stored(store, table)
    return TableMemory.from_bytes(*found) if found else None


def _stored(store: Store, table: str) -> tuple[bytes, str | None] | None:
    """What lies there, and its tag."""
    try:
        data, info = store.get_with_info(state_path(table))
    except NotFound:
        return None
    return data, info.e_tag


def write_state(store: Store, table: str, memory: TableMemory) -> bool:
    """Put the memory in place unless somebody else did meanwhile; False then.

    Losing is fine: the winner's memory is of the same log, or of a newer one.
    """
    try:
        memory.tag = store.put_if(state_path(table), memory.to_bytes(), memory.tag)
    except (FileExistsError, NotFound):
        return False
    return True


def decide(
    store: Store, table: str, memory: TableMemory, known: TableMemory, change: Decision
) -> None:
    """Change what was decided about a table, and keep what others decided meanwhile (R59).

    Args:
        known: what `memory` was when it was read or written last.

    Raises:
        CommitContention: others kept writing.
        SourceError: another version of cdalake remembers something of the table.
        CdalakeError: the memory cannot be written.
    """
    ours = {n: getattr(memory, n) for n in DECISIONS if getattr(memory, n) != getattr(known, n)}
    for _ in range(MOST_TRIES):
        change(memory)
        if write_state(store, table, memory):
            return
        found = _stored(store, table)
        theirs = TableMemory.from_bytes(*found) if found else TableMemory()
        if theirs is None:
            raise _of_another_version(table)
        for name in DECISIONS:
            setattr(memory, name, deepcopy(ours.get(name, getattr(theirs, name))))
        memory.tag = theirs.tag
    raise CommitContention(
        "COMMIT_CONTENTION",
        f"Others kept writing what is remembered of {table}.",
        "Let one run at a time write to a table, then run again.",
    )


def _of_another_version(table: str) -> SourceError:
    return SourceError(
        "STATE_OF_ANOTHER_VERSION",
        f"What is remembered of {table} was written by another version of cdalake.",
        "Let that version go on with the table, or update this one.",
    )
