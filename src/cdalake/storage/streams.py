"""Objects as Python files, for libraries that read and write files piece by piece."""

from __future__ import annotations

import io
from typing import Any

from cdalake.storage.store import Store


class _Ranged(io.RawIOBase):
    """An object as a file that is read forwards in pieces, each a ranged request."""

    def __init__(self, reader: Any) -> None:
        super().__init__()
        self._reader = reader

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes."""
        return bytes(self._reader.read(None if size < 0 else size))

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go somewhere."""
        return int(self._reader.seek(offset, whence))

    def tell(self) -> int:
        """Where we are."""
        return int(self._reader.tell())


def source_file(store: Store, path: str) -> io.IOBase:
    """An object, opened for reading. Its reads raise what the store's client raises."""
    if store.location.is_local:
        return store.local_path(path).open("rb")
    return _Ranged(store.reader(path))


class Sink(io.RawIOBase):
    """A writable file on top of something that takes bytes, e.g. `Store.upload`."""

    def __init__(self, target: Any) -> None:
        super().__init__()
        self._target = target
        self._written = 0

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, data: Any, /) -> int:
        """Pass `data` on."""
        self._target.write(bytes(data))
        self._written += len(data)
        return len(data)

    def tell(self) -> int:
        """Bytes so far."""
        return self._written
