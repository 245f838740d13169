"""All there is to know of a table, for who is to choose: its whole export and its whole log."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from functools import cached_property

from cdalake.cda.layout import Folder, Inventory
from cdalake.cda.manifest import ManifestEntry
from cdalake.cda.source import table_root
from cdalake.delta.actions import DataFile, Snapshot
from cdalake.delta.places import key_of
from cdalake.engine.job import Job
from cdalake.engine.plan import committed
from cdalake.engine.survey import whole_inventory
from cdalake.engine.view import TableView, look_closely


@dataclass(frozen=True)
class Ground:
    """All there is to know of a table.

    Attributes:
        snapshot: None when there is no table.
        root: URL of its folder in the export.
        folders: those the manifest vouches for, oldest first, without files in quarantine.
        mark: in the names of copies made from here; another one for each plan, since what an
            earlier one made may be in the log by now (R65).
    """

    job: Job
    entry: ManifestEntry
    view: TableView
    snapshot: Snapshot | None
    root: str
    inventory: Inventory
    folders: list[Folder] = field(default_factory=list)
    mark: str = field(default_factory=lambda: secrets.token_hex(6))

    @property
    def files(self) -> dict[str, DataFile]:
        """Active files by path."""
        return self.snapshot.files if self.snapshot else {}

    @cached_property
    def listed(self) -> frozenset[str]:
        """Keys of all files of the export, whether the manifest vouches for them or not."""
        folders = self.inventory.folders.values()
        return frozenset(file.key for folder in folders for file in folder.files)

    def copies_of(self, key: str) -> list[DataFile]:
        """Active files that hold the rows of a file of the export."""
        return [
            file
            for path, file in self.files.items()
            if path == key or (key_of(path) == key and path not in self.listed)
        ]

    def is_rewritten(self, key: str) -> bool:
        """The rows of a file of the export may be in files of others, where nobody finds them."""
        snapshot = self.snapshot
        if snapshot is None or all(folder_of(path, self) is not None for path in snapshot.files):
            return False
        if snapshot.is_whole:
            return key in {name for path in snapshot.removed for name in (path, key_of(path))}
        folder = key.split("/")[1]
        cursor = self.view.cursors.get(key.partition("/")[0], -1)
        return folder.isdigit() and int(folder) <= cursor


def stand_on(job: Job, entry: ManifestEntry) -> Ground:
    """Look at everything.

    Raises:
        CdalakeError: the export or the log cannot be read.
    """
    view, snapshot = look_closely(job.target, entry.table)
    root = table_root(entry, job.source.location, job.rebase)
    inventory = whole_inventory(job, root)
    folders = committed(entry, inventory.without(view.memory.quarantine))
    where = job.source.location.join(root.path).url
    return Ground(job, entry, view, snapshot, where, inventory, folders)


def folder_of(path: str, ground: Ground) -> int | None:
    """The folder timestamp in the name of a file of ours; None for a file of others."""
    fingerprint, _, rest = key_of(path).partition("/")
    folder = rest.partition("/")[0]
    known = fingerprint in ground.view.cursors or fingerprint in ground.entry.schema_history
    return int(folder) if known and folder.isdigit() else None
