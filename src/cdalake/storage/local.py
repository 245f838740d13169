"""What a folder can do that an object store cannot, and the other way round."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import re
import shutil
import stat
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Found:
    """Something in a folder.

    Attributes:
        path: below the folder that was asked for; as it can be shown, where it has no usable name.
        trouble: why nobody can read it through a store; None for a file or a folder.
    """

    path: str
    is_folder: bool = False
    trouble: str | None = None


def level(folder: Path) -> Iterator[Found]:
    """What is directly in a folder; links are followed, and those that lead nowhere left out."""
    for entry in _entries(os.fsencode(folder)):
        if found := _found(entry, ""):
            yield found


def walk(folder: Path) -> Iterator[Found]:
    """Every file below a folder, and every thing that cannot be read; links are followed."""
    around = frozenset(_identity(each.stat()) for each in (folder, *folder.parents))
    waiting = [(os.fsencode(folder), "", around)]
    while waiting:
        where, below, around = waiting.pop()
        for entry in _entries(where):
            found = _found(entry, below)
            if found is None:
                continue
            if not found.is_folder:
                yield found
                continue
            inside = _identity(entry.stat())
            if inside in around:
                yield Found(found.path, trouble="is a link back to a folder that it is in")
            else:
                waiting.append((entry.path, f"{found.path}/", around | {inside}))


def _entries(folder: bytes) -> list[os.DirEntry[bytes]]:
    with os.scandir(folder) as entries:
        return list(entries)


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


def _found(entry: os.DirEntry[bytes], below: str) -> Found | None:
    name = entry.name.decode(errors="backslashreplace")
    path = below + _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", name)
    if path != below + os.fsdecode(entry.name):
        return Found(path, trouble="has a name that no store can have")
    try:
        mode = entry.stat().st_mode
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno != errno.ELOOP:
            raise
        return Found(path, trouble="is a link that leads to itself")
    # A pipe, a socket or a device holds no data, and whoever opens one may wait for ever.
    is_folder = stat.S_ISDIR(mode)
    return Found(path, is_folder) if is_folder or stat.S_ISREG(mode) else None


_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
