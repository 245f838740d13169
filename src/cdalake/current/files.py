"""The data files of a table, as DuckDB reads them: by path in a folder, else through our store."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cdalake.delta.actions import DataFile
from cdalake.delta.places import Place, Places, without_mark
from cdalake.storage import Store

FOLDER = "_current"
TOMBSTONES = f"{FOLDER}/_tombstones"
_GLOB = re.compile(r"[*?\[\]{}]")


def current_path(table: str) -> str:
    """Where the current table of a raw table is, below the target."""
    return f"{FOLDER}/{table}"


def tombstones_path(table: str) -> str:
    """Where its tombstones are."""
    return f"{TOMBSTONES}/{table}"


@dataclass(frozen=True)
class Stores:
    """Where the files of a table may be.

    Attributes:
        target: relative paths are below it.
        source: absolute paths (zero_copy) are below it; None allows none.
    """

    target: Store
    source: Store | None = None

    @property
    def all(self) -> tuple[Store, ...]:
        """The target first."""
        return (self.target,) if self.source is None else (self.target, self.source)

    def url(self, table: str, file: DataFile) -> str:
        """What DuckDB opens a file by: a plain path, or one in the file system of its store.

        Raises:
            SourceError: ``FILE_ELSEWHERE`` for an absolute path that is not below the source.
        """
        place = self.place(table, file)
        local = place.store.location.is_local and str(place.store.local_path(place.path))
        if local and not _GLOB.search(local):
            return local
        return f"{scheme(self.all.index(place.store))}://{file.size}/{place.path}"

    def place(self, table: str, file: DataFile) -> Place:
        """The store a file is in, and its path there; errors as of `url`."""
        return Places(self.target, table, self.source).find(file.path)


def scheme(number: int) -> str:
    """What our file system calls the store of that number."""
    return f"lake{number}"


@dataclass(frozen=True)
class Origin:
    """Where rows of a file come from, as far as its path tells.

    Attributes:
        folder: folder timestamp; None where the file was rewritten by others.
        name: file name, the same for every variant of a source file.
    """

    folder: int | None
    name: str | None

    @classmethod
    def of(cls, path: str) -> Origin:
        """Read ``…/<fingerprint>/<folder>/<name>``."""
        parts = path.split("/")
        if len(parts) < 3 or not parts[-2].isdigit():
            return cls(None, None)
        return cls(int(parts[-2]), without_mark(parts[-1]))

    @property
    def key(self) -> tuple[int, str]:
        """Sorts as the order of changes has it; what is unknown is lowest."""
        return (-1 if self.folder is None else self.folder, self.name or "")


def in_order(files: Sequence[DataFile]) -> list[DataFile]:
    """Files by their origin."""
    return sorted(files, key=lambda file: (Origin.of(file.path).key, file.path))
