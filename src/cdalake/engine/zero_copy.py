"""The `zero_copy` layout: a table whose log points at the files of the export (R29, R34, R58).

Nothing is copied, so nothing but the log is ours: the table holds as long as the export keeps its
files as they are. What was read of each file is kept in the log, so that a change is noticed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cdalake.cda.footer import TAIL, read_footer
from cdalake.cda.layout import SourceFile
from cdalake.delta.actions import DataFile, Metadata
from cdalake.delta.places import is_absolute, location_of
from cdalake.engine.bring import Brought, described
from cdalake.errors import SourceError
from cdalake.storage import Location, ObjectInfo, Store

COPY, ZERO_COPY = "copy", "zero_copy"
LAYOUTS = (COPY, ZERO_COPY)
IS_ZERO_COPY = "cda.zero_copy"
SCHEME = "cda.path_scheme"
"""Table properties: what the table is, and how its paths begin where that is not ``s3``."""

_RETENTION = "delta.deletedFileRetentionDuration"
_OF_LAYOUT = (IS_ZERO_COPY, SCHEME, _RETENTION)
_LONG = "interval 36500 days"


def properties(layout: str, *, s3a: bool) -> dict[str, str]:
    """Properties of a new table.

    Files that OPTIMIZE or DELETE take out of the log are remembered there for a long time: their
    names keep them from being read in again, and no VACUUM may take them for its own.
    """
    if layout != ZERO_COPY:
        return {}
    scheme = {SCHEME: "s3a"} if s3a else {}
    return {IS_ZERO_COPY: "true", _RETENTION: _LONG, **scheme}


def layout_of(metadata: Metadata, paths: Iterable[str]) -> str:
    """The layout of a table that is there; its files decide where the property was taken away."""
    is_zero = metadata.configuration.get(IS_ZERO_COPY) == "true" or any(map(is_absolute, paths))
    return ZERO_COPY if is_zero else COPY


def with_layout(metadata: Metadata, layout: str) -> Metadata:
    """The metadata of a table that is written anew in `layout`; the same where that is no news."""
    rest = {k: v for k, v in metadata.configuration.items() if k not in _OF_LAYOUT}
    kept = {k: v for k, v in metadata.configuration.items() if k in _OF_LAYOUT}
    wanted = {**properties(layout, s3a=metadata.configuration.get(SCHEME) == "s3a")}
    if kept == wanted or (layout == COPY and IS_ZERO_COPY not in kept):
        return metadata
    return Metadata({**metadata.body, "configuration": {**rest, **wanted}})


def check_layout(table: str, has: str | None, wanted: str) -> None:
    """Refuse to go on with a table in the other layout (R34).

    Raises:
        SourceError: ``LAYOUT_MISMATCH``.
    """
    if has in (None, wanted):
        return
    raise SourceError(
        "LAYOUT_MISMATCH",
        f"The table {table} has the layout {has}, and the run asks for {wanted}; nothing was "
        "written.",
        f"Run it with --layout {has}, or rebuild the table in the other layout.",
    )


def point(source: Store, file: SourceFile, scheme: str | None = None) -> Brought:
    """Describe one file of the export where it lies: one ranged read of what was listed.

    Args:
        scheme: how an ``s3`` path begins instead, e.g. ``s3a``.

    Raises:
        SourceError: ``BAD_FILE``, or ``SOURCE_CHANGED`` when it is another file than listed.
        SchemaConflict: a column of a type or name that Delta does not have.
    """
    info = file.info
    tail = source.get_tail(info.path, info.size, TAIL, e_tag=info.e_tag)
    footer = read_footer(source, info.path, info.size, tail)
    if footer.info.size != info.size:
        raise _changed_now(file, footer.info.size)
    path = address(source.location.join(info.path), scheme)
    return described(file, path, footer)


def _changed_now(file: SourceFile, size: int) -> SourceError:
    return SourceError(
        "SOURCE_CHANGED",
        f"{file.key} was listed with {file.info.size} bytes and has {size} now.",
        "The export is being rewritten; run again when it is at rest.",
    )


def address(location: Location, scheme: str | None = None) -> str:
    """The path of a log for an object, decoded: ``/folder/file`` or ``s3://bucket/key``."""
    if location.scheme == "s3" and scheme:
        return f"{scheme}://{location.bucket}/{location.path}"
    return location.url


def address_of(source: Store, file: SourceFile) -> str:
    """URL of a file of the export."""
    return source.location.join(file.info.path).url


@dataclass(frozen=True, slots=True)
class Mark:
    """What tells a file of the export from another one at its place.

    Attributes:
        modified_ms: epoch ms; stores that answer in whole seconds are compared in seconds.
        e_tag: None where the log has lost it.
    """

    size: int
    modified_ms: int
    e_tag: str | None

    @classmethod
    def of(cls, file: DataFile) -> Mark:
        """As the log has it."""
        return cls(file.size, file.modified_ms, file.e_tag)

    def fits(self, info: ObjectInfo, *, is_local: bool) -> bool:
        """The object still is that file.

        A folder's tag names the file's place on the disk, which a restored backup changes and
        its content does not.
        """
        if self.size != info.size:
            return False
        if not is_local and self.e_tag and info.e_tag:
            return self.e_tag == info.e_tag
        now = int(info.last_modified.timestamp() * 1000)
        exact = 1 if is_local else 1000
        return self.modified_ms // exact == now // exact


Marks = Mapping[str, Mark]
"""By where the file is, as `Location.url` has it: the export may have moved since."""


def marks_of(files: Iterable[DataFile]) -> dict[str, Mark]:
    """Marks of the files that lie in the export."""
    return {location_of(f.path).url: Mark.of(f) for f in files if is_absolute(f.path)}


def changed_sources(source: Store, marks: Marks, listed: Iterable[ObjectInfo]) -> list[str]:
    """URLs of listed objects that are not what the table's log says of them (R58)."""
    return list(_changed(source, marks, listed))


def _changed(source: Store, marks: Marks, listed: Iterable[ObjectInfo]) -> Iterator[str]:
    is_local = source.location.is_local
    for info in listed:
        url = source.location.join(info.path).url
        mark = marks.get(url)
        if mark is not None and not mark.fits(info, is_local=is_local):
            yield url


def gone_sources(source: Store, marks: Marks, listed: Iterable[ObjectInfo]) -> list[str]:
    """URLs below the source that the table points at and a full listing does not show (R58)."""
    there = {source.location.join(info.path).url for info in listed}
    mine = (url for url in marks if location_of(url).below(source.location) is not None)
    return [url for url in mine if url not in there]


def source_changed(table: str, urls: Sequence[str]) -> SourceError:
    """The error for a table whose files are not what they were."""
    more = f" and {len(urls) - 1} more" if len(urls) > 1 else ""
    return SourceError(
        "SOURCE_CHANGED",
        f"{urls[0]}{more} changed after {table} was made to point at it; nothing was written.",
        "Put the file back as it was, or rebuild the table; in the layout copy a table does not "
        "depend on its source.",
    )
