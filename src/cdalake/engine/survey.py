"""Look at a table's target and source, and plan what to do: the reading half of a run."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cdalake.cda.footer import promised_rows
from cdalake.cda.layout import Folder, Inventory, start_after, take_stock
from cdalake.cda.manifest import ManifestEntry
from cdalake.cda.parts import part_name
from cdalake.cda.source import TableRoot, missing_root, table_root
from cdalake.delta.support import check_writable
from cdalake.engine.job import Job
from cdalake.engine.plan import (
    Limits,
    TablePlan,
    folder_key,
    needs_listing,
    plan_table,
    quarantined,
    unreadable,
)
from cdalake.engine.progress import Note
from cdalake.engine.reset import check_no_reset
from cdalake.engine.view import TableView, check_cursors
from cdalake.engine.zero_copy import ZERO_COPY, changed_sources, check_layout, source_changed
from cdalake.errors import SourceError, TableHeld
from cdalake.storage import Listing

EVER_MS = 10**15
"""A look-back that reaches before any folder."""


@dataclass(frozen=True)
class Survey:
    """How a table stands, and the plan that follows from it.

    Attributes:
        root: URL of the folder that was listed; None when nothing was.
    """

    view: TableView
    plan: TablePlan
    root: str | None = None


def survey(job: Job, entry: ManifestEntry, view: TableView) -> Survey:
    """Plan one table that stands like `view`.

    Raises:
        CdalakeError: the table cannot be planned; its code says why.
    """
    if view.metadata is not None:
        check_writable(entry.table, view.protocol, view.metadata)
    check_layout(entry.table, view.layout, job.spec.layout)
    check_policy(job, entry, view)
    check_cursors(view, entry.table, entry.schema_history)
    if view.change is not None:
        raise view.change
    _check_no_reset(job, entry, view)
    limits = job.limits()
    root = table_root(entry, job.source.location, job.rebase)
    if is_moved(job, entry, view):
        # Another place may have what the one before lacked, however old: nothing is taken as read.
        limits = replace(limits, lookback_ms=EVER_MS)
    elif not needs_listing(entry, view, limits):
        return Survey(view, TablePlan(entry.table, warnings=quarantined(view), listed=False))
    inventory = _inventory(job, entry, root, view, limits).without(view.memory.quarantine)
    _check_source(job, entry, root, inventory, view)
    _check_unchanged(job, entry, inventory, view)
    plan = plan_table(entry, view, inventory, _promises(job, entry, inventory, view), limits)
    notes = (*quarantined(view), *_rebase_note(job, root, view), *_moved_note(job, entry, view))
    where = job.source.location.join(root.path).url
    return Survey(view, replace(plan, warnings=(*notes, *plan.warnings)), where)


def check_policy(job: Job, entry: ManifestEntry, view: TableView) -> None:
    """Refuse to load a table beside its parts, or parts beside their table.

    Raises:
        SourceError: ``POLICY_MISMATCH``.
    """
    if view.metadata is not None or view.memory.tag is not None:
        return
    parts = [part_name(entry.table, fingerprint) for fingerprint in entry.schema_history]
    others = [entry.part_of] if entry.part_of else parts
    if there := [name for name in others if name in job.remembered]:
        policy = "another schema_change" if entry.part_of else "schema_change per_fingerprint"
        raise SourceError(
            "POLICY_MISMATCH",
            f"The target was written with {policy}: it has {there[0]}, and {entry.table} would "
            "hold the same rows once more; nothing was written.",
            "Run it with the schema_change of the target (a connection keeps it), or use another "
            "target.",
        )


def _check_no_reset(job: Job, entry: ManifestEntry, view: TableView) -> None:
    """R47; a run that began before another one may just hold an older manifest than that one."""
    seen = view.memory.seen or view.memory.listed
    try:
        check_no_reset(entry, seen)
    except TableHeld:
        fresh = job.read_manifest().entries.get(entry.table)
        if fresh is None or fresh.fact() == entry.fact():
            raise
        check_no_reset(fresh, seen)


def _rebase_note(job: Job, root: TableRoot, view: TableView) -> tuple[Note, ...]:
    """Said once: afterwards the choice is in the table's memory (R4)."""
    here = job.source.location.join(root.path).url
    if not root.rebased_from or view.memory.root == here:
        return ()
    return (Note("REBASED", f"The manifest says {root.rebased_from}; reading {here}."),)


def _moved_note(job: Job, entry: ManifestEntry, view: TableView) -> tuple[Note, ...]:
    """Said once: the log goes on pointing at where the files were read from."""
    if view.layout != ZERO_COPY or not is_moved(job, entry, view):
        return ()
    where = view.memory.root
    text = f"Older files of the table stay at {where}; it cannot be read when they are gone."
    return (Note("SOURCE_MOVED", text),)


def is_moved(job: Job, entry: ManifestEntry, view: TableView) -> bool:
    """The table's folders were read from another place before."""
    root = table_root(entry, job.source.location, job.rebase)
    return view.memory.root not in (None, job.source.location.join(root.path).url)


def whole_inventory(job: Job, root: TableRoot) -> Inventory:
    """Everything below the table's folder in the export."""
    return _stock_of([job.source.listing(root.path)], root)


def _inventory(
    job: Job, entry: ManifestEntry, root: TableRoot, view: TableView, limits: Limits
) -> Inventory:
    """List what may hold something new: everything once, then each fingerprint (R8)."""
    if not view.cursors and entry.part_of is None:
        return _stock_of([job.source.listing(root.path)], root)
    fingerprints = list(entry.schema_history)
    listings = job.files.map(
        lambda fp: _list_fingerprint(job, root, fp, view, limits.lookback_ms), fingerprints
    )
    return _stock_of(list(listings), root)


def _stock_of(listings: Sequence[Listing], root: TableRoot) -> Inventory:
    objects = itertools.chain.from_iterable(listing.objects for listing in listings)
    oddities = itertools.chain.from_iterable(listing.oddities for listing in listings)
    return take_stock(objects, root.path, oddities)


def _list_fingerprint(
    job: Job, root: TableRoot, fingerprint: str, view: TableView, lookback_ms: int
) -> Listing:
    folder = f"{root.path}/{fingerprint}" if root.path else fingerprint
    cursor = view.cursors.get(fingerprint)
    if cursor is None:
        return job.source.listing(folder)
    waiting = [int(key.rpartition("/")[2]) for key in _rechecked(view, fingerprint)]
    after = start_after(root.path, fingerprint, min([cursor - lookback_ms, *waiting]))
    return job.source.listing(folder, start_after=after)


def _rechecked(view: TableView, fingerprint: str) -> list[str]:
    return [key for key in view.memory.recheck if key.startswith(f"{fingerprint}/")]


def _check_source(
    job: Job, entry: ManifestEntry, root: TableRoot, inventory: Inventory, view: TableView
) -> None:
    """Nothing at all where the manifest promises something is an error (R10).

    The look-back shows at least the newest folder we know, so an empty listing is no quiet table.
    Nor is a fingerprint that cannot be entered.
    """
    for fingerprint in entry.schema_history:
        if oddity := inventory.unreadable.get(fingerprint):
            raise SourceError.from_problem(unreadable(oddity))
    if _holds_promised(entry, inventory) or view.memory.listed == entry.fact():
        return
    if root.rebased_from and not view.cursors:
        raise missing_root(entry, job.source.location, root)
    if entry.records > 0 and entry.manifest_time > (view.watermark or 0):
        raise SourceError(
            "SOURCE_EMPTY",
            f"The manifest counts {entry.records} records of {entry.table}, but there is no "
            f"folder of its fingerprints at {job.source.location.join(root.path).url}.",
            "Check that the export was copied completely; nothing was changed.",
        )


def _check_unchanged(job: Job, entry: ManifestEntry, inventory: Inventory, view: TableView) -> None:
    """What the table points at is still what was read, as far as the listing shows it (R58)."""
    if not view.marks:
        return
    files = (file.info for folder in inventory.folders.values() for file in folder.files)
    if changed := changed_sources(job.source, view.marks, files):
        raise source_changed(entry.table, changed)


def _holds_promised(entry: ManifestEntry, inventory: Inventory) -> bool:
    """A committed folder of a fingerprint that the manifest names is there."""
    return any(
        folder.fingerprint in entry.schema_history and folder.timestamp <= entry.manifest_time
        for folder in inventory.folders.values()
    )


def _promises(
    job: Job, entry: ManifestEntry, inventory: Inventory, view: TableView
) -> dict[str, int]:
    """Rows that new folders without data files promise, by folder key (R57)."""
    # What is set aside is missing on purpose.
    aside = {key.rpartition("/")[0] for key in view.memory.quarantine}
    folders = [
        folder
        for folder in inventory.folders.values()
        if _may_be_incomplete(folder, entry, view) and folder_key(folder) not in aside
    ]
    read = job.files.map(lambda folder: _promise(job, folder), folders)
    keys = (folder_key(folder) for folder in folders)
    return {key: rows for key, rows in zip(keys, read, strict=True) if rows}


def _may_be_incomplete(folder: Folder, entry: ManifestEntry, view: TableView) -> bool:
    is_new = folder.timestamp > view.cursors.get(folder.fingerprint, -1)
    is_committed = folder.timestamp <= entry.manifest_time
    return is_new and is_committed and not folder.files and folder.metrics is not None


def _promise(job: Job, folder: Folder) -> int | None:
    return promised_rows(job.source, folder.metrics.path) if folder.metrics else None
