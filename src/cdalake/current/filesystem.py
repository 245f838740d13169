"""Our store as DuckDB's file system: its credentials, retries and errors hold there too."""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import UTC, datetime
from typing import Any

from fsspec import AbstractFileSystem  # type: ignore[import-untyped]  # it has none

from cdalake.storage import Store

WHOLE_BELOW = 1024 * 1024
KEPT = 32 * 1024 * 1024
"""Bytes of small files that are kept: each is opened a few times, and most of CDA's are small."""


class StoreFileSystem(AbstractFileSystem):  # type: ignore[misc]  # fsspec has no types
    """Reads the objects of one store; DuckDB asks for nothing else.

    URLs are ``<scheme>://<size>/<path>``: the log says the size, so nobody needs to ask for it.
    DuckDB makes a text of an error of ours, so the first one is kept: `trouble`.
    """

    cachable = False

    def __init__(self, store: Store, scheme: str) -> None:
        super().__init__(skip_instance_cache=True)
        self.protocol = scheme
        self._scheme = scheme
        self._ranges = _Ranges(store)

    @property
    def trouble(self) -> Exception | None:
        """The first error of reading; None while all was well."""
        return self._ranges.trouble

    def _parts(self, url: str) -> tuple[int, str]:
        size, _, path = url.removeprefix(f"{self._scheme}://").partition("/")
        return int(size), path

    def open(self, path: str, *_: Any, **__: Any) -> Any:
        """The object, seekable."""
        return RangedFile(self._ranges, *self._parts(path))

    def glob(self, path: str, **_: Any) -> list[str]:
        """The path itself: ours are never patterns, whatever characters they have."""
        return [path]

    def info(self, path: str, **_: Any) -> dict[str, Any]:
        """Name, size and kind."""
        return {"name": path, "size": self._parts(path)[0], "type": "file"}

    def modified(self, _: str) -> datetime:
        """Never: a path that the log has named is not written again (R65)."""
        return datetime.fromtimestamp(0, UTC)

    def exists(self, *_: Any, **__: Any) -> bool:
        """Only what the log names is ever asked for."""
        return True

    def isdir(self, _: str) -> bool:
        """There are no folders."""
        return False


class _Ranges:
    """Parts of objects; small objects are fetched whole and kept for a while.

    Attributes:
        trouble: the first error there was.
    """

    def __init__(self, store: Store) -> None:
        self.trouble: Exception | None = None
        self._store = store
        self._small: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, path: str, size: int, start: int, end: int) -> bytes:
        """Bytes `start` to `end` of an object of `size` bytes."""
        try:
            return self._get(path, size, start, end)
        except Exception as error:
            self.trouble = self.trouble or error
            raise

    def _get(self, path: str, size: int, start: int, end: int) -> bytes:
        if size > WHOLE_BELOW:
            return self._store.get_range(path, start, end)
        with self._lock:
            data = self._small.get(path)
        if data is None:
            data = self._keep(path, self._store.get(path))
        return data[start:end]

    def _keep(self, path: str, data: bytes) -> bytes:
        with self._lock:
            self._small[path] = data
            while sum(map(len, self._small.values())) > KEPT:
                self._small.popitem(last=False)
        return data


class RangedFile:
    """An object as a file of which every thread has a place of its own.

    DuckDB shares an open file between its threads, and seeks and reads in two steps.
    """

    def __init__(self, ranges: _Ranges, size: int, path: str) -> None:
        self._ranges = ranges
        self._size = size
        self._path = path
        self._places: dict[int, int] = {}

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go somewhere."""
        start = {0: 0, 1: self.tell(), 2: self._size}[whence]
        self._places[threading.get_ident()] = start + offset
        return start + offset

    def tell(self) -> int:
        """Where this thread is."""
        return self._places.get(threading.get_ident(), 0)

    def read(self, size: int = -1) -> bytes:
        """The next bytes; all that were asked for, as far as there are any."""
        start = self.tell()
        end = self._size if size < 0 else min(self._size, start + size)
        if end <= start:
            return b""
        data = self._ranges.get(self._path, self._size, start, end)
        self._places[threading.get_ident()] = end
        return data

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def flush(self) -> None:
        """Nothing to do."""

    def close(self) -> None:
        """Nothing to do."""
