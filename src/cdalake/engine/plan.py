"""The plan of one table: which folders, in which order, in which commits. Pure: no store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from cdalake.cda.layout import Folder, Inventory
from cdalake.cda.manifest import ManifestEntry
from cdalake.delta.actions import DataFile
from cdalake.delta.places import is_absolute, location_of
from cdalake.engine.progress import Note
from cdalake.engine.view import TableView
from cdalake.errors import Problem
from cdalake.storage import Oddity
from cdalake.words import counted

MAX_FOLDERS = 500
MAX_FILES = 10_000


@dataclass(frozen=True)
class Limits:
    """Options of planning.

    Attributes:
        lookback_ms: how far below a cursor folders are compared again (R56).
        settle_ms: how long an incomplete folder holds its table (R57).
        now_ms: the time of planning, epoch ms.
        commit_per_folder: one commit for each folder.
    """

    lookback_ms: int
    settle_ms: int
    now_ms: int
    commit_per_folder: bool = False


def cursors_after(cursors: Mapping[str, int], folders: Iterable[Folder]) -> dict[str, int]:
    """Cursors that move, or stay, with `folders`; a late one never moves them backwards (R22)."""
    moved: dict[str, int] = {}
    for folder in folders:
        known = max(cursors.get(folder.fingerprint, -1), moved.get(folder.fingerprint, -1))
        moved[folder.fingerprint] = max(known, folder.timestamp)
    return moved


@dataclass(frozen=True)
class Contents:
    """What a table holds once it is rebuilt; whatever it was before counts no more.

    Attributes:
        cursors: fingerprint → newest folder timestamp in it; 0 for one that has left the export.
        keys: keys of the files of the export.
    """

    cursors: Mapping[str, int]
    keys: frozenset[str]

    @classmethod
    def of(cls, folders: Sequence[Folder], known: Iterable[str]) -> Contents:
        """All of `folders`; the log goes on naming the fingerprints it knew."""
        keys = frozenset(file.key for folder in folders for file in folder.files)
        return cls(dict.fromkeys(known, 0) | cursors_after({}, folders), keys)


@dataclass(frozen=True)
class Exchange:
    """What a commit does beside adding files.

    Attributes:
        removes: files that leave the table in the same commit.
        mark: copies get names with it, since the plain ones are in the log already (R65).
        anew: columns and rows begin with the files of this commit.
        leaves: what the table holds after a rebuild; None for all else.
        replaces: only the columns do, and the commit may be of the first folders alone.
        keeps_cursors: the folders were chosen; what lies before them may not be read yet.
        accepted_rows: rows by which others changed the table, where a person accepts it.
        operation: how the table's history names the commit.
    """

    removes: tuple[DataFile, ...] = ()
    mark: str | None = None
    anew: bool = False
    leaves: Contents | None = None
    replaces: bool = False
    keeps_cursors: bool = False
    accepted_rows: int = 0
    operation: str = "WRITE"

    @property
    def is_whole(self) -> bool:
        """The commit is made with all of its files or not at all."""
        return self.takes_rows_out and not self.replaces

    @property
    def takes_rows_out(self) -> bool:
        """Rows of the version before are not in the one of the commit."""
        return bool(self.removes) or self.anew

    @property
    def begins_columns(self) -> bool:
        """The table has the columns of this commit's files and no others."""
        return self.anew or self.replaces

    def takes_out(self, url: str) -> bool:
        """The file at `url` leaves the table: its place must not come back in the commit (R65)."""
        return url in self._places

    @cached_property
    def _places(self) -> frozenset[str]:
        return frozenset(location_of(f.path).url for f in self.removes if is_absolute(f.path))


@dataclass(frozen=True)
class Batch:
    """The folders of one commit, in order."""

    folders: tuple[Folder, ...]
    exchange: Exchange = Exchange()

    @property
    def files(self) -> int:
        """Data files."""
        return sum(len(folder.files) for folder in self.folders)

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(folder.size for folder in self.folders)


@dataclass(frozen=True)
class TablePlan:
    """What a run will do to a table.

    Attributes:
        batches: commits in order; none when nothing is to be written.
        stop: why the table stops before its newest committed folder, if it does.
        holds: folders that are incomplete, with the time they were first seen so.
        listed: the listing was made and complete (False: it was not needed, R8).
        is_choice: a person chose it: the manifest entry counts as known from now on.
        sets_aside: files that are left out from now on, with the reason, by key (R15).
        releases: keys of files that are not left out any more.
        checks: what `verify` counted, JSON-ready.
    """

    table: str
    batches: tuple[Batch, ...] = ()
    warnings: tuple[Note, ...] = ()
    stop: Problem | None = None
    holds: Mapping[str, int] | None = None
    listed: bool = True
    is_choice: bool = False
    sets_aside: Mapping[str, str] = field(default_factory=dict)
    releases: frozenset[str] = frozenset()
    checks: Mapping[str, Any] | None = None

    def ends_with(self, batch: Batch) -> bool:
        """The batch has the last data of the plan, however its commits were cut."""
        last = next(
            (f for b in reversed(self.batches) for f in reversed(b.folders) if f.files), None
        )
        return last is None or any(folder is last for folder in batch.folders)

    @property
    def removes(self) -> tuple[DataFile, ...]:
        """Files that leave the table."""
        return tuple(file for batch in self.batches for file in batch.exchange.removes)

    @property
    def folders(self) -> int:
        """Folders to be committed."""
        return sum(len(batch.folders) for batch in self.batches)

    @property
    def files(self) -> int:
        """Data files to be committed."""
        return sum(batch.files for batch in self.batches)

    @property
    def size(self) -> int:
        """Bytes to be committed."""
        return sum(batch.size for batch in self.batches)


def needs_listing(entry: ManifestEntry, view: TableView, limits: Limits) -> bool:
    """False when the same entry was listed completely, late enough for every late file (R8)."""
    memory = view.memory
    settled = memory.listed_at - entry.manifest_time > limits.lookback_ms
    is_known = memory.listed == entry.fact()
    return not (settled and is_known and not memory.holds and not memory.recheck)


def plan_table(
    entry: ManifestEntry,
    view: TableView,
    inventory: Inventory,
    promised: Mapping[str, int],
    limits: Limits,
) -> TablePlan:
    """Decide what to commit.

    Args:
        promised: rows that the batch metrics of folders without data files promise, by folder key.
    """
    candidates = _candidates(entry, view, inventory, limits)
    pending, holds = _until_held(candidates, promised, view, limits)
    stop = None if len(pending) == len(candidates) else _held(candidates[len(pending)])
    exists = view.metadata is not None
    batches = tuple(_batches(pending, exists=exists, per_folder=limits.commit_per_folder))
    warnings = (
        *_oddities(entry, view, inventory),
        *_unreadable_elsewhere(inventory),
        *_ahead(entry, view, inventory, limits),
        *_per_folder(pending, view, promised),
    )
    return TablePlan(entry.table, batches, warnings, stop, holds)


def _candidates(
    entry: ManifestEntry, view: TableView, inventory: Inventory, limits: Limits
) -> list[Folder]:
    """Committed folders that are not in the table yet, oldest first (R7, R13)."""
    wanted = (_missing_part(folder, view, limits) for folder in committed(entry, inventory))
    return [folder for folder in wanted if folder is not None]


def committed(entry: ManifestEntry, inventory: Inventory) -> list[Folder]:
    """Every folder the manifest vouches for, oldest first (R7, R13)."""
    order = {fingerprint: place for place, fingerprint in enumerate(entry.schema_history)}
    return sorted(
        (
            folder
            for folder in inventory.folders.values()
            if folder.fingerprint in order and folder.timestamp <= entry.manifest_time
        ),
        key=lambda folder: (folder.timestamp, order[folder.fingerprint], folder.name),
    )


def _missing_part(folder: Folder, view: TableView, limits: Limits) -> Folder | None:
    """The folder as far as the table lacks it; None when it has all of it."""
    cursor = view.cursors.get(folder.fingerprint)
    files = [file for file in folder.files if file.key not in view.keys]
    if cursor is None or folder.timestamp > cursor:
        return folder.without(view.keys)
    if folder_key(folder) in view.memory.recheck:
        return replace(folder, files=files) if files else None
    unseen = max(cursor - limits.lookback_ms, view.blind.get(folder.fingerprint, -1))
    if folder.timestamp <= unseen:
        return None
    return replace(folder, files=files) if files or folder.unreadable else None


def folder_key(folder: Folder) -> str:
    """``<fingerprint>/<folder>``."""
    return f"{folder.fingerprint}/{folder.name}"


def _until_held(
    candidates: Sequence[Folder], promised: Mapping[str, int], view: TableView, limits: Limits
) -> tuple[list[Folder], dict[str, int]]:
    """The folders before the first one that must wait, and all that are incomplete (R57)."""
    holds: dict[str, int] = {}
    for position, folder in enumerate(candidates):
        if folder.unreadable:
            return list(candidates[:position]), holds
        key = folder_key(folder)
        if folder.files or folder.is_partial or not promised.get(key):
            continue
        holds[key] = view.memory.holds.get(key, limits.now_ms)
        if limits.now_ms - holds[key] < limits.settle_ms:
            return list(candidates[:position]), holds
    return list(candidates), holds


def _held(folder: Folder) -> Problem:
    return unreadable(folder.unreadable[0]) if folder.unreadable else incomplete(folder, 0, None)


def unreadable(oddity: Oddity) -> Problem:
    """The problem of a table whose data may stand behind `oddity`."""
    return Problem(
        "BAD_FILE",
        f"{oddity.path} {oddity.trouble}, where data is expected.",
        "Give it a plain name or remove it, then run again; the table waits before it.",
    )


def incomplete(folder: Folder, has: int, promised: int | None) -> Problem:
    """The problem of a table that waits before a folder without all of its rows (R57)."""
    rows = "rows" if promised is None else counted(promised, "row")
    what = "has no data file" if not folder.files else f"has {counted(has, 'row')}"
    if folder.empty_files and promised is None:
        what, rows = f"has an empty file, {folder.empty_files[0]}", "nothing about it"
    return Problem(
        "FOLDER_INCOMPLETE",
        f"Folder {folder_key(folder)} {what}, but its batch metrics promise {rows}.",
        "It is waited for; run again, or have the missing files delivered.",
    )


def _batches(pending: Sequence[Folder], *, exists: bool, per_folder: bool) -> Iterable[Batch]:
    """Split into commits (R22); empty folders ride with the next data, a tail waits (R12).

    Args:
        exists: the table is there. Its first commit always has data: a table without columns is
            one that no reader opens.
    """
    current: list[Folder] = []
    files = 0
    for folder in pending:
        many = len(current) >= MAX_FOLDERS
        full = many or files + len(folder.files) > MAX_FILES
        if (files and (full or per_folder)) or (many and exists):
            yield Batch(tuple(current))
            current, files, exists = [], 0, True
        current.append(folder)
        files += len(folder.files)
    if files or (exists and len(current) >= MAX_FOLDERS):
        yield Batch(tuple(current))


def _unreadable_elsewhere(inventory: Inventory) -> Iterable[Note]:
    """What cannot be read and hides no data; a fingerprint of the manifest would stop the table."""
    for oddity in (*inventory.unreadable.values(), *inventory.oddities):
        yield Note("NOT_A_FILE", f"{oddity.path} {oddity.trouble} and was left alone.")


def _oddities(entry: ManifestEntry, view: TableView, inventory: Inventory) -> Iterable[Note]:
    """What a person should know about the listing as a whole."""
    if entry.was_list:
        yield Note("MANIFEST_LIST_ENTRY", "The manifest's entry stands in a list of one.")
    for stray in sorted(inventory.strays):
        if stray.partition("/")[0] in entry.schema_history:
            yield Note("NOT_A_TIMESTAMP", f"{stray} is no folder timestamp and was left alone.")
    for fingerprint in sorted(inventory.fingerprints - set(entry.schema_history)):
        yield Note("UNKNOWN_FINGERPRINT", f"{fingerprint} is in the store but not in the manifest.")
    for fingerprint in sorted(set(view.cursors) - set(entry.schema_history)):
        yield Note(
            "FINGERPRINT_GONE",
            f"{fingerprint} was read before and is not in the manifest any more; CDA may have been "
            "set up anew.",
        )
    for fingerprint in entry.schema_history:
        if fingerprint not in inventory.fingerprints and fingerprint not in view.cursors:
            yield Note("FINGERPRINT_EMPTY", f"Nothing is listed for fingerprint {fingerprint}.")


def _ahead(
    entry: ManifestEntry, view: TableView, inventory: Inventory, limits: Limits
) -> Iterable[Note]:
    """The manifest vouches for more than there is, by more than late files explain (R23)."""
    seen = [folder.timestamp for folder in inventory.folders.values()]
    newest = max((*seen, view.watermark or 0), default=0)
    behind_ms = entry.manifest_time - newest
    is_settled = limits.now_ms - entry.manifest_time > limits.lookback_ms
    if newest and is_settled and behind_ms > limits.lookback_ms:
        minutes = behind_ms // 60_000
        yield Note(
            "MANIFEST_AHEAD",
            f"The manifest's time is {minutes} min after the newest folder; a mirror may be late.",
        )


def _per_folder(
    pending: Sequence[Folder], view: TableView, promised: Mapping[str, int]
) -> Iterable[Note]:
    """What a person should know about folders that are about to be committed."""
    for folder in pending:
        key = folder_key(folder)
        for name in folder.empty_files:
            yield Note("EMPTY_FILE", f"{key}/{name} has no content and is left out.")
        if not folder.files and promised.get(key):
            yield Note("FOLDER_INCOMPLETE", f"{key} never got the rows its metrics promise.")
        cursor = view.cursors.get(folder.fingerprint)
        if cursor is not None and folder.timestamp <= cursor:
            yield Note("LATE_FILE", f"{counted(len(folder.files), 'file')} came late to {key}.")


def quarantined(view: TableView) -> tuple[Note, ...]:
    """Said in every run, as long as something is left out."""
    keys = sorted(view.memory.quarantine)
    if not keys:
        return ()
    others = len(keys) - 1
    what = f"{keys[0]} and {others} more are" if others else f"{keys[0]} is"
    return (Note("QUARANTINED", f"{what} left out: in quarantine."),)
