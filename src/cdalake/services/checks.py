"""What a connection must be able to do, tried step by step: steps are values.

The test of a connection and the preflight of a run ask the same things::

    steps = list(carry_out(source_checks(Export(store)), deadline))
    steps += carry_out(target_checks(target, consent=False), deadline)

One list per store: what fails takes the steps behind it in its list with it, and no other.
"""

from __future__ import annotations

import os
import shutil
import socket
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from cdalake.cda.footer import read_footer
from cdalake.cda.manifest import Manifest, read_manifest
from cdalake.cda.parts import by_fingerprint
from cdalake.cda.source import Rebase, table_root
from cdalake.engine.sync import Selection, select
from cdalake.errors import (
    AccessDenied,
    CdalakeError,
    NotFound,
    SourceError,
    StoreUnavailable,
)
from cdalake.services.deadline import Deadline
from cdalake.storage import ObjectInfo, Store

PROBE = "_cdalake/.write-probe"
"""Names that begin with an underscore are never tables."""
TABLES_TRIED = 3
FOLDERS_TRIED = 3
CONNECT_S = 5.0


class StepState(StrEnum):
    """How a step ended."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Finding:
    """What a check saw where nothing failed; a `code` makes it a warning."""

    sentence: str
    code: str | None = None
    hint: str | None = None


@dataclass(frozen=True)
class Check:
    """Something to try.

    Attributes:
        name: stable, for scripts: ``source.manifest``.
        title: for people: ``Read the manifest``.
    """

    name: str
    title: str
    look: Callable[[], Finding]


@dataclass(frozen=True)
class Step:
    """A check that was tried, or the reason why it was not."""

    name: str
    title: str
    state: StepState
    seconds: float
    sentence: str
    code: str | None = None
    hint: str | None = None

    @property
    def is_failed(self) -> bool:
        """It was tried, in vain."""
        return self.state is StepState.FAILED


def carry_out(checks: Sequence[Check], deadline: Deadline) -> Iterator[Step]:
    """Try one after the other; what stands behind a failed one is skipped."""
    failed: Step | None = None
    for check in checks:
        step = _try(check, deadline) if failed is None else _skip(check, failed)
        failed = failed or (step if step.is_failed else None)
        yield step


def _try(check: Check, deadline: Deadline) -> Step:
    began = time.monotonic()
    try:
        found = deadline.call(check.look, check.title)
    except CdalakeError as error:
        return _failed(check, began, error)
    except OSError as error:
        return _failed(check, began, _of_machine(error))
    state = StepState.WARNING if found.code else StepState.OK
    seconds = _since(began)
    return Step(check.name, check.title, state, seconds, found.sentence, found.code, found.hint)


def _failed(check: Check, began: float, error: CdalakeError) -> Step:
    told = (error.message, error.code, error.hint)
    return Step(check.name, check.title, StepState.FAILED, _since(began), *told)


def _of_machine(error: OSError) -> CdalakeError:
    """A path that is too long, or that this user may not even look at."""
    return StoreUnavailable(
        "STORE_UNAVAILABLE",
        f"The folder cannot be looked at: {error.strerror or error}.",
        "Check its path, and that this user may enter every folder above it.",
    )


def _since(began: float) -> float:
    return round(time.monotonic() - began, 3)


def _skip(check: Check, failed: Step) -> Step:
    sentence = f"Not tried, because '{failed.title}' failed."
    return Step(check.name, check.title, StepState.SKIPPED, 0.0, sentence)


# -- source ---------------------------------------------------------------------------------


@dataclass
class Export:
    """A source under test; later steps look at the manifest that an earlier one read.

    Attributes:
        include, exclude: globs of the run it is for.
        is_split: each fingerprint is a table of its own.
    """

    store: Store
    rebase: Rebase | None = None
    include: Sequence[str] = ()
    exclude: Sequence[str] = ()
    is_split: bool = False
    manifest: Manifest = field(default_factory=lambda: Manifest({}))
    selection: Selection | None = None


def source_checks(export: Export) -> list[Check]:
    """Reach the source, list it, read its manifest and the footer of one data file."""
    return [
        *_reach("source", export.store),
        Check("source.list", "List the source", lambda: _list_source(export.store)),
        Check("source.manifest", "Read the manifest", lambda: _read_manifest(export)),
        Check("source.footer", "Read a data file's footer", lambda: _read_footer(export)),
    ]


def _reach(side: str, store: Store) -> list[Check]:
    at = store.address
    if at is None:
        return []
    host, port = at
    return [Check(f"{side}.reach", f"Reach {host}", lambda: _connect(host, port))]


def _connect(host: str, port: int) -> Finding:
    try:
        addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise StoreUnavailable(
            "HOST_UNKNOWN",
            f"The name {host} cannot be resolved: {error.strerror or error}.",
            "Check the endpoint (AWS_ENDPOINT_URL), the region and this machine's DNS.",
        ) from error
    try:
        socket.create_connection((host, port), timeout=CONNECT_S).close()
    except OSError as error:
        raise StoreUnavailable(
            "HOST_UNREACHABLE",
            f"{host} does not take connections on port {port}: {error.strerror or error}.",
            "Check the endpoint (AWS_ENDPOINT_URL), the network and its firewalls.",
        ) from error
    return Finding(f"{host} is {addresses[0][4][0]} and takes connections on port {port}.")


def _list_source(store: Store) -> Finding:
    if store.location.is_local and not store.local_path("").is_dir():
        raise NotFound(
            "OBJECT_NOT_FOUND",
            f"There is no folder {store.url}.",
            "Check the source's path, and that its disk is mounted.",
        )
    count = len(store.list_folders())
    return Finding(f"{store.url} can be listed: {_count(count, 'folder')}.")


def _read_manifest(export: Export) -> Finding:
    manifest = read_manifest(export.store, pause=lambda _: None)
    export.manifest = by_fingerprint(manifest) if export.is_split else manifest
    chosen = export.selection = select(export.manifest, export.include, export.exclude)
    total = len(export.manifest.names)
    sentence = f"The manifest names {_count(total, 'table')}, {len(chosen.tables)} of them chosen."
    if chosen.failed:
        name, problem = next(iter(chosen.failed.items()))
        bad = f" {_count(len(chosen.failed), 'table')} cannot be tried, {name} among them."
        return Finding(sentence + bad, problem.code, problem.hint)
    if not chosen.tables:
        hint = "Change the selection; Tables lists every name."
        return Finding(sentence, "NO_TABLE_MATCHES", hint)
    return Finding(sentence)


def _read_footer(export: Export) -> Finding:
    chosen = export.selection.tables if export.selection else ()
    for table in chosen[:TABLES_TRIED]:
        found = _a_file(export, table)
        if found is not None:
            return found
    return Finding(
        "No data file was found in the tables that were looked at.",
        "NO_DATA_FILE",
        "A table has none until CDA writes its first folder.",
    )


def _a_file(export: Export, table: str) -> Finding | None:
    """The footer of one of a table's newest files, by few listings; None where there is none."""
    store = export.store
    root = table_root(export.manifest.entries[table], store.location, export.rebase).path
    info = next(_newest_files(store, root), None)
    if info is None:
        return None
    footer = read_footer(store, info.path, info.size)
    size = f"{_count(footer.rows, 'row')} of {_count(len(footer.schema.names), 'column')}"
    return Finding(f"A file of {table}, folder {info.path.split('/')[-2]}, has {size}.")


def _newest_files(store: Store, root: str) -> Iterator[ObjectInfo]:
    fingerprints = _folders(store, root)[:FOLDERS_TRIED]
    stamps = [(name, stamp) for name in fingerprints for stamp in _folders(store, f"{root}/{name}")]
    newest = sorted(stamps, key=lambda pair: pair[1], reverse=True)[:FOLDERS_TRIED]
    for name, stamp in newest:
        found = store.list(f"{root}/{name}/{stamp}".strip("/"))
        yield from (info for info in found if info.path.endswith(".parquet") and info.size)


def _folders(store: Store, folder: str) -> list[str]:
    try:
        return store.list_folders(folder.strip("/"))
    except NotFound:
        return []


# -- target ---------------------------------------------------------------------------------


def target_checks(target: Store, *, consent: bool, needed: int | None = None) -> list[Check]:
    """Reach the target, list it, try to write, and look at the space of its disk.

    Args:
        consent: a probe object may be written; it is removed again. Without it the store is asked
            for a write that it must refuse, and nothing is written.
        needed: bytes that are going to be written; None where nobody knows.
    """
    write = _probe if consent else _ask_to_write
    checks = [
        *_reach("target", target),
        Check("target.list", "List the target", lambda: _list_target(target)),
        Check("target.write", "Write to the target", lambda: write(target)),
    ]
    if target.location.is_local:
        checks.append(Check("target.space", "Room on the disk", lambda: _space(target, needed)))
    return checks


def _list_target(target: Store) -> Finding:
    if target.location.is_local and not target.local_path("").exists():
        return Finding(f"{target.url} is not there yet; the first run makes the folder.")
    names = [name for name in target.list_folders() if not name.startswith(("_", "."))]
    return Finding(f"{target.url} can be listed: {_count(len(names), 'folder')}.")


def _probe(target: Store) -> Finding:
    name = f"{PROBE}-{uuid.uuid4().hex[:8]}"
    target.put_new(name, b"")
    target.delete(name)
    return Finding("A probe object was written and removed again.")


def _ask_to_write(target: Store) -> Finding:
    if target.location.is_local:
        return _may_write(target)
    # Refused for its condition by whoever may write; for who asks, else. Nothing is written.
    try:
        target.put_if(PROBE, b"", '"no such tag"')
    except FileExistsError:
        return Finding("The store would take a write; nothing was written.")
    except NotFound as error:
        if error.code == "BUCKET_NOT_FOUND":
            raise
        return Finding("The store would take a write; nothing was written.")
    # A store without conditional writes took it.
    target.delete(PROBE)
    raise StoreUnavailable(
        "NO_CONDITIONAL_PUT",
        f"{target.url} takes a conditional write whose condition does not hold.",
        "Commits of two runs could overwrite each other; use a store with conditional writes.",
    )


def _may_write(target: Store) -> Finding:
    folder = _existing(target)
    if folder.is_dir() and os.access(folder, os.W_OK | os.X_OK):
        return Finding(f"{folder} can be written; nothing was written.")
    raise AccessDenied(
        "ACCESS_DENIED",
        f"This user cannot write to {folder}.",
        "Let this user write there, or choose another target.",
    )


def _existing(target: Store) -> Path:
    """The target's folder, or the nearest one above that is there."""
    path = target.local_path("")
    return next(each for each in (path, *path.parents) if each.exists())


def _space(target: Store, needed: int | None) -> Finding:
    free = shutil.disk_usage(_existing(target)).free
    if needed is None:
        return Finding(f"{_bytes(free)} are free; how much is needed is not known yet.")
    sentence = f"{_bytes(free)} are free, about {_bytes(needed)} are needed."
    if needed <= free:
        return Finding(sentence)
    raise SourceError(
        "NOT_ENOUGH_SPACE", sentence, "Make room, choose fewer tables or another target."
    )


def _bytes(number: float) -> str:
    for unit in ("B", "KB", "MB", "GB"):
        if number < 1000:
            return f"{number:.0f} {unit}"
        number /= 1000
    return f"{number:,.1f} TB"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
