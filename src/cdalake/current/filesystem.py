"""Our store as DuckDB's file system: its credentials, retries and errors hold there too."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from fsspec import AbstractFileSystem  # type: ignore[import-untyped]

from cdalake.storage import Store


class StoreFileSystem(AbstractFileSystem):  # type: ignore[misc]  # fsspec has no types
    """Reads the objects of one store; DuckDB asks for nothing else."""

    cachable = False

    def __init__(self, store: Store, scheme: str) -> None:
        super().__init__(skip_instance_cache=True)
        self.protocol = scheme
        self._store = store
        self._scheme = scheme

    def _path(self, url: str) -> str:
        return url.removeprefix(f"{self._scheme}://")

    def open(self, path: str, *_: Any, **__: Any) -> Any:
        """The object, seekable."""
        return self._store.reader(self._path(path))

    def glob(self, path: str, **_: Any) -> list[str]:
        """The path itself: ours are never patterns, whatever characters they have."""
        return [path]

    def info(self, path: str, **_: Any) -> dict[str, Any]:
        """Name, size and kind."""
        return {"name": path, "size": self._store.reader(self._path(path)).size, "type": "file"}

    def modified(self, _: str) -> datetime:
        """Never: a path that the log has named is not written again (R65)."""
        return datetime.fromtimestamp(0, UTC)

    def exists(self, *_: Any, **__: Any) -> bool:
        """Only what the log names is ever asked for."""
        return True

    def isdir(self, _: str) -> bool:
        """There are no folders."""
        return False
