"""Where a table's data files are: below the table, or anywhere by an absolute path.

The protocol allows both ("Add File and Remove File"); `zero_copy` tables point at the export.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cdalake.errors import SourceError
from cdalake.storage import Location, Store
from cdalake.storage.location import SCHEMES

# No '~': delta-rs would ask a store for '%7E', and its OPTIMIZE stop at such a file.
_VARIANT = re.compile(r"\.as-[0-9a-z]+(?=\.parquet$)")


def variant(path: str, mark: str) -> str:
    """Another path for the same source file: the first one is taken by other content (R65)."""
    return f"{path.removesuffix('.parquet')}.as-{mark}.parquet"


def without_mark(path: str) -> str:
    """The path or name that all variants of a source file have in common."""
    return _VARIANT.sub("", path)


def key_of(path: str) -> str:
    """The source file's key behind a path of either layout, ``<fingerprint>/<folder>/<name>``."""
    if is_absolute(path):
        return "/".join(path.rsplit("/", 3)[1:])
    return without_mark(path)


def is_absolute(path: str) -> bool:
    """The path, decoded, does not begin at the table's folder."""
    return path.startswith("/") or "://" in path


def location_of(path: str) -> Location:
    """The place behind an absolute path of a log, decoded; ``s3a`` equals ``s3``.

    Text only, and every character counts: keys may hold what people's URLs do not.

    Raises:
        SourceError: ``FILE_ELSEWHERE`` for a scheme that cdalake does not know.
    """
    scheme, _, rest = path.rpartition("://")
    if scheme in ("", "file"):
        return Location("file", "", rest.lstrip("/"))
    bucket, _, key = rest.partition("/")
    if scheme not in SCHEMES:
        raise elsewhere(path, "in a kind of store that cdalake does not know")
    return Location(SCHEMES[scheme], bucket, key)


def elsewhere(path: str, where: str) -> SourceError:
    """The error for a file that is not read."""
    return SourceError(
        "FILE_ELSEWHERE",
        f"The table has a file {where}: {path}.",
        "Read the table with Spark or DuckDB, or give the connection the source that its files "
        "are in.",
    )


@dataclass(frozen=True)
class Place:
    """An object: `path` is relative to `store`."""

    store: Store
    path: str


@dataclass(frozen=True)
class Places:
    """The files of one table.

    Attributes:
        source: where absolute paths may lead. A log that others can write to must not be able to
            make us read any file of this machine; None allows none at all.
    """

    target: Store
    table: str
    source: Store | None = None

    def find(self, path: str) -> Place:
        """The object behind a path of the log, decoded.

        Raises:
            SourceError: ``FILE_ELSEWHERE``: it is neither below the table nor below the source.
        """
        if not is_absolute(path):
            return Place(self.target, f"{self.table}/{path}")
        location = location_of(path)
        if location.is_local and ".." in location.path.split("/"):
            raise elsewhere(path, "behind a path with '..'")
        below = location.below(self.source.location) if self.source else None
        if self.source is None or not below:
            raise elsewhere(path, "outside of the source")
        return Place(self.source, below)
