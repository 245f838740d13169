"""Folders of a table: ``<root>/<fingerprint>/<epoch-ms>/<file>.parquet`` (cda-format.md §2)."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field, replace

from cdalake.storage import ObjectInfo, Oddity

METRICS = ".cda/batch-metrics.json"
DIGITS_NOW = 13
"""Epoch milliseconds have 13 digits until the year 2286: names then sort like numbers."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A data file of the export.

    Attributes:
        name: file name, without folders.
        info: as listed; its path is relative to the source.
    """

    fingerprint: str
    timestamp: int
    folder_name: str
    name: str
    info: ObjectInfo

    @property
    def key(self) -> str:
        """``<fingerprint>/<folder>/<name>``: what the file is called in our tables and state."""
        return f"{self.fingerprint}/{self.folder_name}/{self.name}"


@dataclass
class Folder:
    """One CDA batch.

    Attributes:
        name: as it stands in the store; `timestamp` as a number (epoch ms).
        files: data files with content, ordered by name.
        empty_files: names of parquet files of zero bytes.
        unreadable: what stands in the place of the folder or of a data file, with what is wrong.
        metrics: the batch metrics file, if it was listed.
        is_partial: others of its files are elsewhere already: in the table, or set aside.
    """

    fingerprint: str
    name: str
    files: list[SourceFile] = field(default_factory=list)
    empty_files: list[str] = field(default_factory=list)
    unreadable: list[Oddity] = field(default_factory=list)
    metrics: ObjectInfo | None = None
    is_partial: bool = False

    @property
    def timestamp(self) -> int:
        """The folder timestamp, epoch ms."""
        return int(self.name)

    @property
    def size(self) -> int:
        """Bytes of the data files."""
        return sum(file.info.size for file in self.files)

    def without(self, keys: Container[str]) -> Folder:
        """The same folder without the files of these keys."""
        kept = [file for file in self.files if file.key not in keys]
        return self if len(kept) == len(self.files) else replace(self, files=kept, is_partial=True)


@dataclass
class Inventory:
    """What a listing of a table found.

    Attributes:
        folders: by (fingerprint, folder name).
        strays: names beside timestamp folders that are no numbers, as ``<fingerprint>/<name>``.
        unreadable: by fingerprint, what stands in the place of its folder.
        oddities: what cannot be read and is no data.
    """

    folders: dict[tuple[str, str], Folder] = field(default_factory=dict)
    strays: set[str] = field(default_factory=set)
    unreadable: dict[str, Oddity] = field(default_factory=dict)
    oddities: list[Oddity] = field(default_factory=list)

    @property
    def fingerprints(self) -> set[str]:
        """Fingerprints that have at least one timestamp folder."""
        return {fingerprint for fingerprint, _ in self.folders}

    def without(self, keys: Container[str]) -> Inventory:
        """The same without the data files of these keys."""
        folders = {at: folder.without(keys) for at, folder in self.folders.items()}
        return replace(self, folders=folders)


def take_stock(
    listing: Iterable[ObjectInfo], root: str, oddities: Iterable[Oddity] = ()
) -> Inventory:
    """Sort a listing below `root` into folders and files (R9).

    Data files lie at exactly that depth, end in ``.parquet`` and begin with neither ``.`` nor
    ``_``; everything else only shows that its folder exists.
    """
    inventory = Inventory()
    prefix = f"{root}/" if root else ""
    for info in listing:
        parts = info.path.removeprefix(prefix).split("/")
        if len(parts) >= 3:
            _put_away(inventory, info, parts)
    for oddity in oddities:
        _put_aside(inventory, oddity, oddity.path.removeprefix(prefix).split("/"))
    for folder in inventory.folders.values():
        folder.files.sort(key=lambda file: file.name)
    return inventory


def _put_away(inventory: Inventory, info: ObjectInfo, parts: Sequence[str]) -> None:
    fingerprint, name, *rest = parts
    if not (name.isascii() and name.isdigit()):
        inventory.strays.add(f"{fingerprint}/{name}")
        return
    folder = inventory.folders.setdefault((fingerprint, name), Folder(fingerprint, name))
    if "/".join(rest) == METRICS:
        folder.metrics = info
    elif len(rest) == 1 and _is_data(rest[0]):
        _add_file(folder, rest[0], info)


def _put_aside(inventory: Inventory, oddity: Oddity, parts: Sequence[str]) -> None:
    """Rows may be missing only where a fingerprint, a timestamp folder or a data file belongs."""
    fingerprint, name, file = (*parts, "", "")[:3]
    if len(parts) == 1:
        inventory.unreadable[fingerprint] = oddity
    elif not (name.isascii() and name.isdigit()):
        inventory.strays.add(f"{fingerprint}/{name}")
    elif len(parts) == 2 or (len(parts) == 3 and _is_data(file)):
        key = (fingerprint, name)
        inventory.folders.setdefault(key, Folder(*key)).unreadable.append(oddity)
    else:
        inventory.oddities.append(oddity)


def _add_file(folder: Folder, name: str, info: ObjectInfo) -> None:
    if info.size == 0:
        folder.empty_files.append(name)
        return
    folder.files.append(SourceFile(folder.fingerprint, folder.timestamp, folder.name, name, info))


def _is_data(name: str) -> bool:
    return name.endswith(".parquet") and not name.startswith((".", "_"))


def start_after(root: str, fingerprint: str, timestamp: int) -> str | None:
    """From where to list so that every folder from `timestamp` on is seen; None: from the start.

    Names are compared as text by stores, which is right only among names of 13 digits (R11).
    """
    name = str(timestamp)
    if len(name) != DIGITS_NOW or not name.isdigit():
        return None
    below = f"{root}/{fingerprint}" if root else fingerprint
    return f"{below}/{name}"
