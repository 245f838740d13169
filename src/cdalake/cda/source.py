"""Where a table's folders are: ``dataFilesPath``, rebased onto the source (cda-format.md R4)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cdalake.cda.manifest import ManifestEntry
from cdalake.errors import SourceError, UsageError
from cdalake.settings import refuse_secrets
from cdalake.storage import Location, parse_location


@dataclass(frozen=True)
class Rebase:
    """``--rebase FROM=TO``: a path that begins with `origin` begins with `target` instead.

    Whole segments are compared, and ``s3a`` equals ``s3``. An empty `target` is the source.
    """

    origin: str
    target: str

    @classmethod
    def parse(cls, text: str) -> Rebase:
        """Read ``FROM=TO``.

        Raises:
            UsageError: ``BAD_REBASE`` or ``SECRET_IN_URL``.
        """
        refuse_secrets(text)
        origin, equals, target = text.partition("=")
        if not (origin and equals):
            raise UsageError(
                "BAD_REBASE",
                f"--rebase is {text!r}, not FROM=TO.",
                "Write the beginning of dataFilesPath, '=', and what stands for it in the source.",
            )
        return cls(origin, target)

    def apply(self, path: str) -> str | None:
        """The path with its other beginning; None when it does not begin with `origin`."""
        plain, origin = plain_path(path), plain_path(self.origin)
        if plain != origin and not plain.startswith(f"{origin}/"):
            return None
        rest = plain.removeprefix(origin).lstrip("/")
        return f"{self.target.rstrip('/')}/{rest}" if self.target else rest


def plain_path(path: str) -> str:
    """A ``dataFilesPath`` as it compares: ``s3a`` is ``s3``, and slashes are single."""
    scheme, is_url, rest = path.rpartition("://")
    tidy = re.sub("/+", "/", rest).rstrip("/")
    return f"{scheme.lower().replace('s3a', 's3')}{is_url}{tidy}"


@dataclass(frozen=True)
class TableRoot:
    """The folder of a table, relative to the source.

    Attributes:
        path: relative to the source's location; '' is the source itself.
        rebased_from: the manifest's path when it was changed by itself, for a warning.
    """

    path: str
    rebased_from: str | None = None


def table_root(entry: ManifestEntry, source: Location, rebase: Rebase | None) -> TableRoot:
    """Decide where the table's folders are, without touching any location.

    Inside the source the manifest's path stands. Outside of it `rebase` decides, and without one
    the last segment of the path below the source.

    Raises:
        SourceError: ``PATH_OUTSIDE_SOURCE`` when `rebase` leads out of the source, or without it
            the path is a foreign bucket as a whole.
        UsageError: ``BAD_LOCATION`` for a path of an unknown kind.
    """
    path = entry.data_files_path
    moved = rebase.apply(path) if rebase is not None else None
    if moved is not None:
        return _rebased(entry, source, moved)
    location = parse_location(path, relative_to=source)
    inside = location.below(source)
    if inside is not None:
        return TableRoot(inside)
    if rebase is not None:
        raise _outside(entry, source, "and --rebase does not match it")
    if not location.path:
        raise _outside(entry, source, "and names no folder")
    return TableRoot(location.last_segment, rebased_from=path)


def _rebased(entry: ManifestEntry, source: Location, text: str) -> TableRoot:
    inside = parse_location(text, relative_to=source).below(source)
    if inside is None:
        raise _outside(entry, source, f"even as {text}")
    return TableRoot(inside)


def _outside(entry: ManifestEntry, source: Location, why: str) -> SourceError:
    return SourceError(
        "PATH_OUTSIDE_SOURCE",
        f"The manifest has {entry.table} at {entry.data_files_path}, "
        f"outside of {source.url}, {why}.",
        "Give --rebase FROM=TO so that the path begins with the source.",
    )


def missing_root(entry: ManifestEntry, source: Location, root: TableRoot) -> SourceError:
    """The error for a root that was guessed and holds nothing."""
    return _outside(entry, source, f"and there is nothing at {source.join(root.path).url}")
