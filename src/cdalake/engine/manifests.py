"""Manifests that runs were made from, kept for audit by their content's hash (R5, R71)."""

from __future__ import annotations

import gzip
import os
import threading
from contextlib import suppress
from pathlib import Path

FOLDER = "manifests"


class Manifests:
    """``<home>/manifests/<sha256>.json.gz``; one for all runs that had the same.

    Args:
        runs: folder of the run directories, which it lies beside.
    """

    def __init__(self, runs: Path) -> None:
        self._folder = runs.parent / FOLDER

    def keep(self, sha256: str, document: bytes) -> None:
        """Keep one; its time on the disk is that of its newest run.

        Raises:
            OSError: the disk is full.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._path(sha256)
        if path.exists():
            path.touch()
            return
        temporary = path.with_suffix(f".{os.getpid()}.{threading.get_ident()}")
        try:
            temporary.write_bytes(gzip.compress(document, compresslevel=6, mtime=0))
            temporary.replace(path)
        except OSError:
            with suppress(OSError):
                temporary.unlink()
            raise

    def read(self, sha256: str) -> bytes | None:
        """The document; None when it is not kept, or not any more."""
        try:
            return gzip.decompress(self._path(sha256).read_bytes())
        except (OSError, EOFError):
            return None

    def forget(self, before: float) -> None:
        """Remove those whose newest run began before a moment, in seconds since the epoch."""
        if not self._folder.is_dir():
            return
        for path in self._folder.glob("*.json.gz"):
            with suppress(OSError):
                if path.stat().st_mtime < before:
                    path.unlink()

    def _path(self, sha256: str) -> Path:
        # A hash has no slash: nothing else can be named.
        name = "".join(c for c in sha256.lower() if c in "0123456789abcdef")
        return self._folder / f"{name}.json.gz"
