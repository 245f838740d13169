"""A store: objects below one location, in a folder or in a bucket.

All reading and writing of cdalake goes through here, and each method that touches the store goes
through `Store._call`: errors become ours there, and a test can end the process there.
"""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import obstore
from obstore.exceptions import (
    AlreadyExistsError,
    GenericError,
    InvalidPathError,
    PreconditionError,
)
from obstore.store import LocalStore, MemoryStore, from_url

from cdalake.errors import (
    AccessDenied,
    CdalakeError,
    NotFound,
    SourceError,
    StoreUnavailable,
    UsageError,
)
from cdalake.settings import AccessRef
from cdalake.storage import local
from cdalake.storage.access import ENVIRONMENT, Access, resolve
from cdalake.storage.budget import Budget
from cdalake.storage.heap import give_back_large_buffers
from cdalake.storage.location import MEMORY, Location, parse_location
from cdalake.storage.pace import GATES
from cdalake.storage.patience import PATIENCE, Patience
from cdalake.storage.trouble import first_line, translated
from cdalake.telemetry.metrics import STORE_SECONDS
from cdalake.telemetry.tracing import inner_span

T = TypeVar("T")

STREAM_ABOVE = 8 * 1024 * 1024
STREAM_CHUNK = 5 * 1024 * 1024
STREAM_NEEDS = 4 * STREAM_CHUNK
_TRANSIT = Budget(64 * 1024 * 1024)
"""Bytes of files that pass through here at once, over all stores (product.md §10: ≤ 300 MB)."""
KEPT_OF_SMALL = 256 * 1024
_MEMORIES: defaultdict[str, MemoryStore] = defaultdict(MemoryStore)
"""What `Store.in_memory` has opened, by name, until the process ends."""

_OUTCOMES: dict[type[CdalakeError], str] = {
    AccessDenied: "denied",
    NotFound: "not_found",
    StoreUnavailable: "unavailable",
}


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    """An object as a listing or an answer describes it.

    Attributes:
        path: relative to the store's location, not percent-encoded.
        size: bytes.
        e_tag: the store's tag of this content, quotes included, or None.
    """

    path: str
    size: int
    e_tag: str | None
    last_modified: datetime


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something in a folder that no store could have.

    Attributes:
        path: relative to the store's location, as it can be shown.
        trouble: what is wrong with it, as the end of a sentence.
    """

    path: str
    trouble: str


@dataclass(frozen=True, slots=True)
class Listing:
    """What is below a prefix: objects ordered by path, and what is in the way of being one."""

    objects: list[ObjectInfo]
    oddities: tuple[Oddity, ...] = ()


@dataclass(frozen=True, slots=True)
class Level:
    """What is directly in a folder: names of folders, objects, and what is neither."""

    folders: list[str]
    objects: list[ObjectInfo]
    oddities: tuple[Oddity, ...] = ()


@dataclass(frozen=True, slots=True)
class Tail:
    """The end of an object: `data` are its last bytes, `info` describes the whole object."""

    data: bytes
    info: ObjectInfo


# `Store.list` hides the builtin inside of the class.
Objects = list[ObjectInfo]
Names = list[str]


class Store:
    """Objects below one location.

    Every method raises AccessDenied, NotFound or StoreUnavailable; further errors are named.
    """

    def __init__(
        self, location: Location, access: Access = ENVIRONMENT, patience: Patience = PATIENCE
    ) -> None:
        self.location = location
        self.access = access
        self.patience = patience
        is_remote = not location.is_local and location.scheme != MEMORY
        self.gate = GATES.of(_named(location, access), patience) if is_remote else None
        self._objects: Any = _connect(location, access, patience.of_single_requests())
        self._prefix = f"{location.path}/" if location.path else ""

    @classmethod
    def open(cls, url: str, access: Access | AccessRef = ENVIRONMENT) -> Store:
        """The store at a folder or URL; nothing is touched yet.

        Raises:
            UsageError: ``BAD_LOCATION``, ``BAD_CREDENTIAL``.
            AccessDenied: ``NO_CREDENTIALS``.
        """
        location = parse_location(url)
        if isinstance(access, AccessRef):
            access = resolve(access, location)
        return cls(location, access)

    @classmethod
    def in_memory(cls, name: str, path: str = "") -> Store:
        """A store of this process, kept by name; it obeys conditions as S3 does.

        No other library can open it: it has no checkpoints.
        """
        return cls(Location(MEMORY, name, path))

    @cached_property
    def _lasting(self) -> Any:
        """The client for what takes many requests, each of which it repeats by itself."""
        if self.location.is_local:
            return self._objects
        return _connect(self.location, self.access, self.patience.of_streams())

    @property
    def url(self) -> str:
        """The store's location as people write it."""
        return self.location.url

    @property
    def address(self) -> tuple[str, int] | None:
        """Host and port that answer for it; None for a folder."""
        return self.access.address(self.location)

    def list(self, prefix: str = "", start_after: str | None = None) -> Objects:
        """All objects below `prefix`, of every depth, ordered by path.

        Args:
            prefix: a folder; '' for everything.
            start_after: only paths that sort behind this one (a full path, not below `prefix`).
        """
        return self.listing(prefix, start_after).objects

    def listing(self, prefix: str = "", start_after: str | None = None) -> Listing:
        """As `list`, with what a folder holds that is no object."""
        return self._call("list", prefix, lambda: self._listing(prefix, start_after))

    def _listing(self, prefix: str, start_after: str | None) -> Listing:
        try:
            return Listing(self._list(prefix, start_after))
        except _GIVES_UP:
            # For the client one odd thing is the end of the whole listing.
            if not self.location.is_local:
                raise
            return self._walk(prefix, start_after or "")

    def _list(self, prefix: str, start_after: str | None) -> Objects:
        pages = Pages(
            self._objects,
            (self._prefix + prefix).strip("/") or None,
            None if start_after is None else self._prefix + start_after,
        )
        found: Objects = []
        while page := self._ask("list", pages.next):
            found += map(self._info, page)
        return sorted(found, key=lambda info: info.path)

    def _walk(self, prefix: str, start_after: str) -> Listing:
        """A folder file by file, without what the client stumbles over."""
        objects, oddities = [], []
        below = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        for found in local.walk(self.local_path(prefix)):
            path = below + found.path
            if path <= start_after:
                continue
            if found.trouble:
                oddities.append(Oddity(path, found.trouble))
            elif info := self._head(path):
                objects.append(info)
        objects.sort(key=lambda info: info.path)
        return Listing(objects, tuple(sorted(oddities, key=lambda oddity: oddity.path)))

    def list_folders(self, prefix: str = "") -> Names:
        """Names of the folders directly below `prefix`."""
        return self.level(prefix).folders

    def level(self, prefix: str = "") -> Level:
        """What is directly below `prefix`."""
        return self._call("list_folders", prefix, lambda: self._level(prefix))

    def _level(self, prefix: str) -> Level:
        full = (self._prefix + prefix).strip("/")
        try:
            result = self._ask(
                "list_folders", lambda: obstore.list_with_delimiter(self._objects, full or None)
            )
        except _GIVES_UP:
            if not self.location.is_local:
                raise
            return self._walk_level(prefix)
        names = [path.rstrip("/").rpartition("/")[2] for path in result["common_prefixes"]]
        return Level(sorted(names), [self._info(meta) for meta in result["objects"]])

    def _walk_level(self, prefix: str) -> Level:
        below = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        there = sorted(local.level(self.local_path(prefix)), key=lambda found: found.path)
        sound = [found for found in there if not found.trouble]
        files = [below + found.path for found in sound if not found.is_folder]
        return Level(
            [found.path for found in sound if found.is_folder],
            [info for path in files if (info := self._head(path))],
            tuple(Oddity(below + f.path, f.trouble) for f in there if f.trouble),
        )

    def _head(self, path: str) -> ObjectInfo | None:
        """The object's description; None when it is gone by now."""
        try:
            return self._info(obstore.head(self._objects, self._prefix + path))
        except FileNotFoundError:
            return None

    def open_stream(self, path: str) -> tuple[ObjectInfo, Iterator[bytes]]:
        """An object's description, and its bytes a few megabytes at a time."""
        answer = self._request("get", path, lambda: self._begin(path))
        return self._info(answer.meta), self._chunks(path, answer)

    def _begin(self, path: str, **options: Any) -> Any:
        return obstore.get(self._lasting, self._prefix + path, **options)

    def _chunks(self, path: str, answer: Any) -> Iterator[bytes]:
        chunks = iter(answer.stream(min_chunk_size=STREAM_CHUNK))
        while chunk := self._call("get", path, lambda: next(chunks, None)):
            yield bytes(chunk)

    def get(self, path: str) -> bytes:
        """The whole object."""
        return self.get_with_info(path)[0]

    def get_with_info(self, path: str) -> tuple[bytes, ObjectInfo]:
        """The whole object and its description, in one request."""
        return self._request("get", path, lambda: self._get(path))

    def _get(self, path: str) -> tuple[bytes, ObjectInfo]:
        answer = obstore.get(self._objects, self._prefix + path)
        return bytes(answer.bytes()), self._info(answer.meta)

    def get_tail(self, path: str, size: int, length: int, e_tag: str | None = None) -> Tail:
        """The last `length` bytes of an object of `size` bytes, in one ranged request.

        An object that has another size by now takes more requests; `Tail.info` tells.

        Args:
            e_tag: the object must still have this tag.

        Raises:
            SourceError: ``SOURCE_CHANGED``: it has another one.
        """
        return self._request("get_tail", path, lambda: self._get_tail(path, size, length, e_tag))

    def _get_tail(self, path: str, size: int, length: int, e_tag: str | None) -> Tail:
        # By offset and not by suffix: Azure has no suffix ranges.
        try:
            tail = self._get_range(path, max(0, size - length), size, e_tag)
        except PreconditionError as error:
            if e_tag is None:
                raise
            raise self._changed(path) from error
        except GenericError as error:
            if not _BEHIND_END.search(str(error)):
                raise
            now = obstore.head(self._objects, self._prefix + path)["size"]
            return self._get_range(path, max(0, now - length), now)
        now = tail.info.size
        return tail if now == size else self._get_range(path, max(0, now - length), now)

    def get_range(self, path: str, start: int, end: int) -> bytes:
        """Bytes `start` to `end` (not included) of an object."""
        return self._request("get", path, lambda: self._get_range(path, start, end).data)

    def _get_range(self, path: str, start: int, end: int, e_tag: str | None = None) -> Tail:
        options: Any = {"range": (start, end)} | ({"if_match": e_tag} if e_tag else {})
        answer = obstore.get(self._objects, self._prefix + path, options=options)
        return Tail(bytes(answer.bytes()), self._info(answer.meta))

    def reader(self, path: str) -> Any:
        """A seekable ``obstore.ReadableFile``, fetched a megabyte at a time."""
        return self._request("get", path, lambda: self._reader(path))

    def _reader(self, path: str) -> Any:
        return obstore.open_reader(self._lasting, self._prefix + path, buffer_size=1 << 20)

    @contextmanager
    def upload(self, path: str) -> Iterator[Any]:
        """A file (``write(bytes)``) whose content becomes an object at `path` as the block ends.

        Whole or not at all: leaving by an exception drops it. It knows no condition, so the name
        must tell the content. Put the block into a `guard`: errors come as the client raises them.
        """
        with (
            _TRANSIT.hold(STREAM_NEEDS),
            obstore.open_writer(
                self._lasting, self._prefix + path, buffer_size=STREAM_CHUNK, max_concurrency=2
            ) as writer,
        ):
            yield writer

    def put(self, path: str, data: bytes) -> None:
        """Write or replace an object, whole or not at all."""
        self._request("put", path, lambda: obstore.put(self._objects, self._prefix + path, data))

    def put_new(self, path: str, data: bytes) -> str | None:
        """Write an object that must not exist yet; its tag.

        Raises:
            FileExistsError: it is there already; nothing was written.
        """
        return self._request("put_new", path, lambda: self._put(path, data, "create"))

    def put_if(self, path: str, data: bytes, e_tag: str | None) -> str | None:
        """Replace an object whose tag still is `e_tag` (None: which must not exist yet); its tag.

        Raises:
            FileExistsError: it is another one by now; nothing was written.
        """
        if e_tag is None:
            return self.put_new(path, data)
        if self.location.is_local:
            return self._request("put_if", path, lambda: self._put_if_local(path, data, e_tag))
        return self._request("put_if", path, lambda: self._put(path, data, {"e_tag": e_tag}))

    def _put(self, path: str, data: bytes, mode: Any) -> str | None:
        result = obstore.put(self._objects, self._prefix + path, data, mode=mode)
        tag: str | None = result["e_tag"]
        return tag

    def _put_if_local(self, path: str, data: bytes, e_tag: str) -> str | None:
        # object_store has no conditional replace for folders: compare and swap under a lock.
        with local.locked(self.local_path(path)):
            if self._tag(path) != e_tag:
                raise FileExistsError(path)
            return self._put(path, data, "overwrite")

    def _tag(self, path: str) -> str | None:
        """The object's tag; None when there is none."""
        info = self._head(path)
        return info.e_tag if info else None

    def copy_from(self, source: Store, info: ObjectInfo, path: str) -> Tail | None:
        """Copy the source's object `info` to `path` here, by the cheapest way there is.

        A copy-on-write clone or plain copy between folders, a server-side copy inside one bucket,
        else streamed with a few megabytes in memory. An object that is at `path` already is left
        alone where the store can tell (the caller compares sizes, cda-format.md R32).

        Returns:
            The copy's end, where it passed through here and was small; else None.

        Raises:
            FileExistsError: something is at `path` already; a server-side copy cannot tell, and
                replaces it (docs/explanation/limits.md).
        """
        return self._call("copy", path, lambda: self._copy_from(source, info, path))

    def _copy_from(self, source: Store, info: ObjectInfo, path: str) -> Tail | None:
        mine, theirs = self.location, source.location
        is_same = (mine.scheme, mine.bucket) == (theirs.scheme, theirs.bucket)
        # One name at another endpoint is another bucket, and another's key may not read it.
        if not is_same or self.access != source.access:
            return self._stream_from(source, info, path)
        try:
            self._copy_inside(source, info, path)
        except FileNotFoundError as error:
            if self.location.is_local and source.local_path(info.path).exists():
                # Then it is our own folder that could not be made.
                raise self._translated(error, "put", path) from error
            raise source._translated(error, "get", info.path) from error
        return None

    def _copy_inside(self, source: Store, info: ObjectInfo, path: str) -> None:
        if self.location.is_local:
            local.copy(source.local_path(info.path), self.local_path(path))
        else:
            there = source._prefix + info.path
            self._ask("copy", lambda: obstore.copy(self._objects, there, self._prefix + path))

    def _stream_from(self, source: Store, info: ObjectInfo, path: str) -> Tail | None:
        give_back_large_buffers()
        if info.size <= STREAM_ABOVE:
            # Twice: the client's buffer and ours.
            with _TRANSIT.hold(2 * info.size):
                return self._pass_on(source, info, path)
        with _TRANSIT.hold(STREAM_NEEDS):
            # Only this store's gate: whoever waited for a second one might hold up its owner.
            self._ask("copy", lambda: self._pour(source, info, path))
        return None

    def _pour(self, source: Store, info: ObjectInfo, path: str) -> None:
        if self._tag(path) is not None:  # an upload in parts knows no condition
            raise FileExistsError(path)
        answer = source._as_listed(info, lambda options: source._begin(info.path, **options))
        # Leaving it by an exception drops the upload; nothing of it becomes visible.
        with obstore.open_writer(
            self._lasting, self._prefix + path, buffer_size=STREAM_CHUNK, max_concurrency=2
        ) as writer:
            for chunk in answer.stream(min_chunk_size=STREAM_CHUNK):
                writer.write(bytes(chunk))

    def _pass_on(self, source: Store, info: ObjectInfo, path: str) -> Tail:
        data = source._as_listed(
            info, lambda options: source._ask("get", lambda: source._whole(info.path, options))
        )
        tag = self._ask("put_new", lambda: self._put(path, data, "create"))
        return Tail(data[-KEPT_OF_SMALL:], ObjectInfo(path, len(data), tag, datetime.now(UTC)))

    def _whole(self, path: str, options: dict[str, Any]) -> bytes:
        return bytes(obstore.get(self._objects, self._prefix + path, **options).bytes())

    def _as_listed(self, info: ObjectInfo, read: Callable[[dict[str, Any]], T]) -> T:
        """Read an object, provided that it is what was listed."""
        try:
            return read({"options": {"if_match": info.e_tag}} if info.e_tag else {})
        except PreconditionError as error:
            raise self._changed(info.path) from error
        except Exception as error:
            raise self._translated(error, "get", info.path) from error

    def _changed(self, path: str) -> SourceError:
        return SourceError(
            "SOURCE_CHANGED",
            f"{self.location.join(path).url} changed after it was listed.",
            "The export is being rewritten; run again when it is at rest.",
        )

    def delete(self, path: str) -> None:
        """Remove an object; one that is not there is fine."""
        try:
            self._request(
                "delete", path, lambda: obstore.delete(self._objects, self._prefix + path)
            )
        except NotFound:
            return

    def local_path(self, path: str) -> Path:
        """The file behind `path`; only for a folder."""
        return Path("/", self.location.path, path)

    def delta_options(self) -> dict[str, str]:
        """Storage options for ``deltalake``: what the environment does not tell it by itself."""
        patient = {} if self.location.is_local else self.patience.of_delta_rs()
        return self.access.delta_options(self.location) | patient

    def _info(self, meta: Any) -> ObjectInfo:
        path: str = meta["path"].removeprefix(self._prefix)
        return ObjectInfo(path, meta["size"], meta["e_tag"], meta["last_modified"])

    def guard(self, operation: str, path: str, action: Callable[[], T]) -> T:
        """Run another library's access to this store as one call of ours."""
        return self._call(operation, path, action)

    def _request(self, operation: str, path: str, request: Callable[[], T]) -> T:
        """A call that is one request."""
        return self._call(operation, path, lambda: self._ask(operation, request))

    def _ask(self, operation: str, request: Callable[[], T]) -> T:
        """Send one request, at the store's pace and again where that helps."""
        return self.gate.ask(operation, request) if self.gate else request()

    def _call(self, operation: str, path: str, action: Callable[[], T]) -> T:
        began, outcome = time.perf_counter(), "ok"
        try:
            with inner_span(f"store {operation}"):
                return self._translating(operation, path, action)
        except FileExistsError:
            outcome = "exists"
            raise
        except CdalakeError as error:
            outcome = _OUTCOMES.get(type(error), "error")
            raise
        finally:
            STORE_SECONDS.observe(time.perf_counter() - began, operation, outcome)

    def _translating(self, operation: str, path: str, action: Callable[[], T]) -> T:
        try:
            return action()
        except (AlreadyExistsError, PreconditionError) as error:
            if operation not in _CONDITIONAL:  # then whoever answered is not in order
                raise self._translated(error, operation, path) from error
            raise FileExistsError(path) from error
        except (FileExistsError, CdalakeError):
            raise
        except Exception as error:
            # Whatever the store's client raises becomes one of ours; see `_translated`.
            raise self._translated(error, operation, path) from error

    def _translated(self, error: Exception, operation: str, path: str) -> CdalakeError:
        return translated(error, operation, path, self.location, self.access)


_CONDITIONAL = {"put_new", "put_if", "copy"}
_GIVES_UP = (GenericError, InvalidPathError)
_BEHIND_END = re.compile(r"status code: 416\b|range was invalid|Invalid range")


class Pages:
    """The pages of a listing, one request each; after one that failed it goes on where it was."""

    def __init__(
        self, objects: Any, prefix: str | None, after: str | None, size: int = 1000
    ) -> None:
        self._objects, self._prefix, self._after, self._size = objects, prefix, after, size
        self._pages: Any = None

    def next(self) -> list[dict[str, Any]]:
        """The next page; none when that was all."""
        if self._pages is None:
            self._pages = obstore.list(
                self._objects, self._prefix, offset=self._after, chunk_size=self._size
            )
        try:
            page: list[dict[str, Any]] = next(self._pages, [])
        except Exception:
            self._pages = None
            raise
        if page:
            self._after = page[-1]["path"]
        return page


def _named(location: Location, access: Access) -> str:
    """A bucket at an address, e.g. ``s3://bucket at s3.us-east-1.amazonaws.com:443``."""
    at = access.address(location)
    return f"{location.root_url} at {at[0]}:{at[1]}" if at else location.root_url


def _connect(location: Location, access: Access, patient: dict[str, Any]) -> Any:
    if location.is_local:
        return LocalStore()
    if location.scheme == MEMORY:
        return _MEMORIES[location.bucket]
    try:
        # The overloads of from_url name every provider's options; ours are chosen at run time.
        opener: Any = from_url
        return opener(
            location.root_url,
            retry_config=patient["retry_config"],
            client_options=access.client_options() | patient["client_options"],
            **access.options(location),
        )
    except Exception as error:
        # obstore raises several types for one thing: a configuration it cannot use.
        raise UsageError(
            "BAD_STORE_SETTINGS",
            f"{location.root_url} cannot be opened: {first_line(error)}",
            "Check the AWS_*, AZURE_* or GOOGLE_* variables; `cdalake doctor` lists them.",
        ) from error
