"""The manifest of a connection from the index, and the objects of its stores, folder by folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from cdalake.catalog.manifests import ManifestIndex
from cdalake.catalog.tables import Row, TableIndex
from cdalake.engine.progress import utc_now
from cdalake.errors import AccessDenied, NotFound, UsageError
from cdalake.models.connection import (
    ManifestEntryInfo,
    ManifestPage,
    ManifestVersion,
    ObjectEntry,
    ObjectPage,
)
from cdalake.services import run_views
from cdalake.services.connections import Connections
from cdalake.services.deadline import Deadlines
from cdalake.services.endpoints import Endpoints, is_inside
from cdalake.services.table_summary import moment
from cdalake.settings import Connection
from cdalake.storage import Level, ObjectInfo, Store

Side = Literal["source", "target"]

LIMIT_S = 8.0
DAY = timedelta(days=1)
DOWNLOAD_BYTES = 256 * 1024 * 1024
_TRICK = re.compile(r"%(?:2e|2f|5c|00|25)|[\\\x00-\x1f\x7f]", re.IGNORECASE)


@dataclass(frozen=True)
class Download:
    """An object on its way out."""

    name: str
    size: int
    chunks: Iterator[bytes]


@dataclass(frozen=True)
class Folder:
    """Which page of which folder; `path` is below the side's location, '' for itself."""

    side: Side
    path: str = ""
    after: str = ""
    limit: int = 500


class BrowsingService:
    """Looks into what connections lead to; never outside of their locations."""

    def __init__(
        self,
        connections: Connections,
        manifests: ManifestIndex,
        index: TableIndex,
        endpoints: Endpoints,
    ) -> None:
        self._connections = connections
        self._manifests = manifests
        self._index = index
        self._endpoints = endpoints
        self._deadlines = Deadlines(LIMIT_S)

    # -- manifest ---------------------------------------------------------------------------

    def manifest(
        self, name: str, search: str, only: str | None, limit: int, offset: int
    ) -> ManifestPage:
        """Entries as they were read last.

        Raises:
            NotFound: ``CONNECTION_NOT_FOUND``.
        """
        self._connections.require(name)
        since = int((utc_now() - DAY).timestamp() * 1000)
        found = self._manifests.page(name, search, only, since, limit, offset)
        check = self._index.checks().get(name, {})
        has_failed = check.get("source_ok") is False
        return ManifestPage(
            connection=name,
            read_at=check.get("as_of"),
            entries=[_entry(row) for row in found.rows],
            total=found.total,
            total_entries=found.all,
            new_since_yesterday=found.new,
            not_loaded=found.not_loaded,
            error=run_views.error(check.get("error")) if has_failed else None,
        )

    # -- objects ----------------------------------------------------------------------------

    def objects(self, name: str, folder: Folder) -> ObjectPage:
        """One page of a folder: its folders, then its objects, each by name.

        Raises:
            UsageError: ``BAD_PATH``.
            StoreUnavailable: ``STORE_TOO_SLOW``.
        """
        connection, path = self._connections.require(name), checked(folder.path)
        store = self._store(connection, folder.side)
        level = self._deadlines.of((connection, folder.side)).call(
            lambda: _level(store, path), f"The {folder.side} {store.url}"
        )
        rows = _after(level.folders, level.objects, folder.after)
        page = rows[: folder.limit]
        return ObjectPage(
            connection=name,
            side=folder.side,
            location=store.url,
            path=path,
            folders=[key[1] for key, found in page if found is None],
            objects=[_object(key[1], found) for key, found in page if found is not None],
            oddities=[f"{odd.path} {odd.trouble}" for odd in level.oddities],
            next_after=_mark(page[-1][0]) if len(rows) > len(page) else None,
            download_limit=DOWNLOAD_BYTES,
        )

    def download(self, name: str, side: Side, path: str) -> Download:
        """An object, piece by piece.

        Raises:
            UsageError: ``BAD_PATH`` or ``OBJECT_TOO_LARGE``.
            NotFound: ``OBJECT_NOT_FOUND``.
        """
        connection, path = self._connections.require(name), checked(path)
        if not path:
            raise _bad_path(path)
        store = self._store(connection, side)
        info, chunks = self._deadlines.of((connection, side)).call(
            lambda: _opened(store, path), f"The {side} {store.url}"
        )
        if info.size > DOWNLOAD_BYTES:
            raise UsageError(
                "OBJECT_TOO_LARGE",
                f"{path} has {info.size:,} bytes; up to {DOWNLOAD_BYTES:,} are handed out.",
                "Fetch it with the store's own tools.",
            )
        return Download(path.rpartition("/")[2], info.size, chunks)

    def _store(self, connection: Connection, side: Side) -> Store:
        self._endpoints.check_again(connection)
        if side == "source":
            return Store.open(connection.source, connection.source_access)
        return Store.open(connection.target, connection.target_access)


def checked(path: str) -> str:
    """A path below a location, as it is.

    Raises:
        UsageError: ``BAD_PATH`` for one that leads elsewhere, in whatever spelling.
    """
    segments = path.removesuffix("/").split("/") if path else []
    if _TRICK.search(path) or any(segment in ("", ".", "..") for segment in segments):
        raise _bad_path(path)
    return "/".join(segments)


def _bad_path(path: str) -> UsageError:
    return UsageError(
        "BAD_PATH",
        f"{path[:200]!r} is no path below the connection's location.",
        "Begin at its top folder and go down from there.",
    )


def _level(store: Store, path: str) -> Level:
    _stay_inside(store, path)
    return store.level(path)


def _opened(store: Store, path: str) -> tuple[ObjectInfo, Iterator[bytes]]:
    _stay_inside(store, path)
    # Whoever opens a pipe waits for its other end.
    if store.location.is_local and not store.local_path(path).is_file():
        raise _not_there(store, path)
    return store.open_stream(path)


def _stay_inside(store: Store, path: str) -> None:
    """A link of a folder may lead anywhere."""
    if not store.location.is_local:
        return
    try:
        is_ours = is_inside(store.local_path(""), store.local_path(path))
        is_there = store.local_path(path).exists()
    except (OSError, RuntimeError) as error:
        # Too long a name, a folder that this user may not enter, links in a circle.
        raise _not_there(store, path) from error
    if not is_ours:
        raise AccessDenied(
            "BAD_PATH",
            f"{path!r} is a link that leads out of {store.url}.",
            "Look at it on the machine itself.",
        )
    if not is_there:
        raise _not_there(store, path)


def _not_there(store: Store, path: str) -> NotFound:
    if not path:
        hint = "Check the address of the connection, and that its disk is mounted."
        return NotFound("OBJECT_NOT_FOUND", f"There is no folder {store.url}.", hint)
    return NotFound(
        "OBJECT_NOT_FOUND", f"There is no {path[:200]!r} in {store.url}.", "Look again."
    )


Key = tuple[bool, str]
"""Folders come first; then by name."""


def _after(
    folders: list[str], objects: list[ObjectInfo], after: str
) -> list[tuple[Key, ObjectInfo | None]]:
    rows: list[tuple[Key, ObjectInfo | None]] = [((False, name), None) for name in folders]
    rows += [((True, info.path.rpartition("/")[2]), info) for info in objects]
    last: Key = (after.startswith("o"), after[1:])
    return sorted((row for row in rows if not after or row[0] > last), key=lambda row: row[0])


def _mark(key: Key) -> str:
    return ("o" if key[0] else "f") + key[1]


def _object(name: str, info: ObjectInfo) -> ObjectEntry:
    return ObjectEntry(name=name, path=info.path, size=info.size, last_modified=info.last_modified)


def _entry(row: Row) -> ManifestEntryInfo:
    since = sorted(row["fingerprints"].items(), key=lambda pair: pair[1], reverse=True)
    return ManifestEntryInfo(
        table=row["name"],
        app=row["app"],
        manifest_ms=row["manifest_ms"],
        manifest_time=moment(row["manifest_ms"]),
        records=row["records"],
        data_files_path=row["data_files_path"],
        schema_history=[
            ManifestVersion(fingerprint=name, since_ms=ms, since=moment(ms)) for name, ms in since
        ],
        is_loaded=row["version"] is not None,
        watermark_ms=row["watermark_ms"],
        watermark=moment(row["watermark_ms"]),
        health=row["health"],
        problem=run_views.error(row["manifest_problem"]),
    )
