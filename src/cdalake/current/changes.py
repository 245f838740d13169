"""What a raw table got since a version of it: the files added, or why that is not known (R39)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cdalake.current.files import Stores
from cdalake.delta.actions import DataFile, Snapshot
from cdalake.delta.log import read_file_changes
from cdalake.errors import NotFound

CURSOR = "cdalake:current:"
"""``txn`` application ids are ``cdalake:current:<raw table id>``; the version is the raw table's.
Another table of the same name has another id, and so no cursor."""


@dataclass(frozen=True)
class Increment:
    """Files with new changes; maybe none."""

    files: tuple[DataFile, ...]


@dataclass(frozen=True)
class Everything:
    """All files of the snapshot: an increment is not enough.

    Attributes:
        reason: why, as a clause that people read.
    """

    files: tuple[DataFile, ...]
    reason: str


def cursor_of(transactions: Mapping[str, int], raw: Snapshot) -> int | None:
    """The raw version that a table of ours was brought to; None for another raw table."""
    return transactions.get(f"{CURSOR}{raw.metadata.id}")


def changes_since(
    stores: Stores, table: str, raw: Snapshot, cursor: int | None
) -> Increment | Everything:
    """What the raw table got after version `cursor`, up to the snapshot."""
    if cursor is None or cursor > raw.version:
        why = "there is no cursor of this raw table" if cursor is None else "it went back"
        return _everything(raw, why)
    if cursor == raw.version:
        return Increment(())
    commits = read_file_changes(stores.target, table, cursor, raw.version)
    if commits is None:
        return _everything(raw, f"the raw table's log lacks commits after version {cursor}")
    if removing := next((commit for commit in commits if commit.removed_data), None):
        return _everything(raw, f"version {removing.version} of the raw table removed rows")
    files = tuple(file for commit in commits for file in commit.added)
    if gone := _gone(stores, table, raw, files):
        return _everything(raw, f"{gone.path} was vacuumed")
    return Increment(files)


def _everything(raw: Snapshot, reason: str) -> Everything:
    return Everything(tuple(raw.files.values()), reason)


def _gone(
    stores: Stores, table: str, raw: Snapshot, files: tuple[DataFile, ...]
) -> DataFile | None:
    """A file that a compaction replaced and that VACUUM removed since."""
    for file in files:
        if file.path not in raw.files and not _is_there(stores, table, file):
            return file
    return None


def _is_there(stores: Stores, table: str, file: DataFile) -> bool:
    place = stores.place(table, file)
    try:
        place.store.get_tail(place.path, file.size, 4)
    except NotFound:
        return False
    return True
