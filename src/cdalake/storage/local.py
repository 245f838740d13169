"""What a folder can do that an object store cannot, and the other way round."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

FICLONE = 0x40049409
"""Linux ioctl: share the blocks of one file with another (btrfs, XFS, bcachefs)."""


def copy(source: Path, target: Path) -> None:
    """Copy a file under a temporary name, then give it its name unless that is taken.

    Never a hard link of the source: a source rewritten in place would change the table
    (product.md §5.4). The link made here is between our own temporary file and its final name.

    Raises:
        FileExistsError: `target` is there already.
        FileNotFoundError: `source` is not.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.parent / f".{target.name[:100]}.{uuid.uuid4().hex}.tmp"
    try:
        _clone_or_copy(source, temporary)
        os.link(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)


def _clone_or_copy(source: Path, temporary: Path) -> None:
    with source.open("rb") as reader, temporary.open("xb") as writer:
        try:
            fcntl.ioctl(writer.fileno(), FICLONE, reader.fileno())
        except OSError:
            shutil.copyfileobj(reader, writer, 1024 * 1024)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock that belongs to `path` for all processes of this machine."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with (path.parent / f".{path.name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
