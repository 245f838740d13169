"""What a person chose to be done to a table: each choice is a plan like any other.

All of them look at the whole of the export and of the log, and end in one commit: until it is
there, readers see the table as it was (R28).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace

from cdalake.cda.layout import Folder, SourceFile
from cdalake.cda.manifest import ManifestEntry
from cdalake.delta.actions import DataFile
from cdalake.delta.places import is_absolute, key_of, location_of
from cdalake.delta.support import check_writable
from cdalake.engine.ground import Ground, folder_of, stand_on
from cdalake.engine.job import Job
from cdalake.engine.plan import Batch, Contents, Exchange, TablePlan, committed, quarantined
from cdalake.engine.spec import Action
from cdalake.engine.survey import Survey, check_policy
from cdalake.engine.verify import Findings, audit
from cdalake.engine.view import check_cursors
from cdalake.engine.zero_copy import ZERO_COPY, address_of, changed_sources, check_layout
from cdalake.errors import Choice, SourceError, TableHeld, UsageError
from cdalake.words import are, counted

ENDS_A_CHANGE = (Action.ACCEPT, Action.RESYNC, Action.REBUILD)
"""Choices about what others did to a table; all else waits until one was made (R62)."""


def mend(job: Job, entry: ManifestEntry) -> Survey:
    """The plan of what was chosen.

    Raises:
        CdalakeError: it cannot be done; its code says why.
    """
    ground = stand_on(job, entry)
    if ground.view.metadata is not None:
        check_writable(entry.table, ground.view.protocol, ground.view.metadata)
    if ground.view.change is not None and job.spec.action not in ENDS_A_CHANGE:
        raise ground.view.change
    check_policy(job, entry, ground.view)
    if job.spec.action is not Action.REBUILD:
        check_layout(entry.table, ground.view.layout, job.spec.layout)
        check_cursors(ground.view, entry.table, entry.schema_history)
    return Survey(ground.view, _PLANS[job.spec.action](ground), ground.root)


def _rebuild(ground: Ground) -> TablePlan:
    """All of the export anew, and nothing of what was there (R28, R65)."""
    if not any(folder.files for folder in ground.folders):
        raise SourceError(
            "SOURCE_EMPTY",
            f"There is no data file of {ground.entry.table} at {ground.root}; a rebuild would "
            "leave an empty table.",
            "Check that the export was copied completely; nothing was changed.",
        )
    exchange = Exchange(
        tuple(ground.files.values()),
        ground.mark,
        anew=True,
        leaves=Contents.of(ground.folders, ground.view.cursors),
        operation="REBUILD",
    )
    if ground.job.spec.layout == ZERO_COPY and ground.view.layout == ZERO_COPY:
        return _by_difference(ground, ground.folders, exchange)
    batch = Batch(tuple(ground.folders), exchange)
    return TablePlan(ground.entry.table, (batch,), is_choice=True)


def _by_difference(ground: Ground, folders: list[Folder], exchange: Exchange) -> TablePlan:
    """A `zero_copy` table points at the same paths again: only what differs is written (R65)."""
    listed = [file.info for file in _each(folders)]
    changed = set(changed_sources(ground.job.source, ground.view.marks, listed))
    same = {address_of(ground.job.source, file) for file in _each(folders)} - changed
    same |= _unchanged_copies(exchange, folders)
    leaving = tuple(f for f in exchange.removes if _origin(f) not in same)
    staying = {_origin(f) for f in exchange.removes} & same
    coming = _only(folders, lambda f: not {address_of(ground.job.source, f), f.key} & staying)
    batch = Batch(tuple(coming), replace(exchange, removes=leaving, anew=False))
    return TablePlan(ground.entry.table, (batch,), is_choice=True)


def _unchanged_copies(exchange: Exchange, folders: list[Folder]) -> set[str]:
    """Keys of files that were copied below the table, and have the size they had then."""
    sizes = {file.key: file.info.size for file in _each(folders)}
    own = [file for file in exchange.removes if not is_absolute(file.path)]
    return {key_of(f.path) for f in own if sizes.get(key_of(f.path)) == f.size}


def _origin(file: DataFile) -> str:
    """The file of the export behind one of the table: its URL, or its key where it is a copy."""
    return location_of(file.path).url if is_absolute(file.path) else key_of(file.path)


def _resync(ground: Ground) -> TablePlan:
    """Folders from a time on, read again (R62); older files stay."""
    since = ground.job.spec.since
    if since is None:
        raise UsageError(
            "SINCE_MISSING",
            "A re-sync needs the folder timestamp to begin with.",
            "Give --since, as a time or in epoch milliseconds; to read everything, rebuild.",
        )
    foreign = [path for path in ground.files if folder_of(path, ground) is None]
    if foreign:
        raise TableHeld(
            "CANNOT_RESYNC",
            f"Others rewrote {counted(len(foreign), 'file')} of {ground.entry.table}, and nobody "
            f"knows any more which folders those hold, e.g. {foreign[0]}.",
            "Rebuild the table instead.",
            (Choice.REBUILD,),
        )
    leaving = [f for p, f in ground.files.items() if (folder_of(p, ground) or 0) >= since]
    folders = [folder for folder in ground.folders if folder.timestamp >= since]
    exchange = Exchange(tuple(leaving), ground.mark, keeps_cursors=True, operation="RESYNC")
    if ground.view.layout == ZERO_COPY:
        return replace(_by_difference(ground, folders, exchange), listed=False)
    batches = (Batch(tuple(folders), exchange),) if folders or leaving else ()
    return TablePlan(ground.entry.table, batches, listed=False, is_choice=True)


def _accept(ground: Ground) -> TablePlan:
    """Go on with table and export as they are; the log keeps who said so, and how many rows."""
    if ground.snapshot is None:
        return TablePlan(ground.entry.table, listed=False, is_choice=True)
    accepted = Exchange(accepted_rows=ground.view.foreign_rows, operation="ACCEPT")
    batch = Batch((), accepted)
    return TablePlan(ground.entry.table, (batch,), listed=False, is_choice=True)


def _verify(ground: Ground) -> TablePlan:
    found = _audit(ground)
    return TablePlan(
        ground.entry.table,
        warnings=(*quarantined(ground.view), *found.notes),
        stop=found.problem,
        listed=False,
        checks=found.checks,
    )


def _repair(ground: Ground) -> TablePlan:
    """Bring what `verify` misses, under new names: the old ones may be in the log (R58, R65)."""
    found = _audit(ground)
    keys = {file.key for file in found.missing} | {key_of(file.path) for file in found.gone}
    folders = _only(ground.folders, lambda file: file.key in keys)
    lost = [file for file in found.gone if key_of(file.path) not in _keys(folders)]
    if lost:
        raise SourceError(
            "DATA_FILE_GONE",
            f"{counted(len(lost), 'file')} of {ground.entry.table} {are(len(lost))} neither in the "
            f"table's folder nor in the export, e.g. {lost[0].path}.",
            "Restore them from a backup; RESTORE of the table may help too.",
        )
    exchange = Exchange(found.gone, ground.mark, keeps_cursors=True, operation="REPAIR")
    batches = (Batch(tuple(folders), exchange),) if folders else ()
    return TablePlan(ground.entry.table, batches, found.notes, listed=False, checks=found.checks)


def _keys(folders: list[Folder]) -> set[str]:
    return {file.key for file in _each(folders)}


def _audit(ground: Ground) -> Findings:
    """Of what syncs are done with; newer folders are the next sync's to read."""
    if ground.snapshot is None:
        return audit(ground, ground.folders, ground.entry.counted)
    view, listed = ground.view, ground.view.memory.listed
    until = listed.manifest_time if listed else -1

    def is_due(folder: Folder) -> bool:
        return folder.timestamp <= max(until, view.cursors.get(folder.fingerprint, -1))

    due = [folder for folder in ground.folders if is_due(folder)]
    later = [folder.without(view.keys) for folder in ground.folders if not is_due(folder)]
    found = audit(ground, due, _counted_then(ground, is_behind=bool(later)))
    return replace(found, pending=sum(len(folder.files) for folder in later))


def _counted_then(ground: Ground, *, is_behind: bool) -> int | None:
    """CDA's count when the table was brought up to where it is; None when nobody knows."""
    counted, listed = ground.entry.counted, ground.view.memory.listed
    if not is_behind or counted is None:
        return counted
    if listed is None or listed.manifest_time < (ground.view.watermark or 0):
        return None
    return listed.records


def _quarantine(ground: Ground) -> TablePlan:
    """Leave files out from now on; those that are in the table leave it."""
    wanted = _known_files(ground)
    leaving = tuple(copy for key in wanted for copy in ground.copies_of(key))
    hidden = [key for key in wanted if not ground.copies_of(key) and ground.is_rewritten(key)]
    if hidden:
        raise SourceError(
            "CANNOT_SET_ASIDE",
            f"The rows of {hidden[0]} are in files of {ground.entry.table} that others rewrote, "
            "and cannot be taken out alone.",
            "Rebuild the table first, then set the file aside.",
        )
    why = dict.fromkeys(wanted, f"set aside by {ground.job.spec.requested_by}")
    batches = (Batch((), Exchange(leaving, operation="QUARANTINE")),) if leaving else ()
    return TablePlan(ground.entry.table, batches, listed=False, sets_aside=why)


def _known_files(ground: Ground) -> tuple[str, ...]:
    """The files of the request, all of which the export has.

    Raises:
        UsageError: ``NO_SUCH_FILE``.
    """
    return _keys_among(ground, ground.listed)


def _keys_among(ground: Ground, known: Collection[str]) -> tuple[str, ...]:
    """Keys of the files of the request, which may be given by their paths or URLs as well.

    Raises:
        UsageError: ``NO_SUCH_FILE``: one is not `known`.
    """
    keys = tuple(name if name in known else _key(name, ground) for name in ground.job.spec.files)
    for key in keys:
        if key not in known:
            raise UsageError(
                "NO_SUCH_FILE",
                f"The export has no file {key} of {ground.entry.table}.",
                "Write it as errors do: fingerprint/folder/name, or its path or URL in the export.",
            )
    return keys


def _key(name: str, ground: Ground) -> str:
    """The key of a file of the export by its path or URL; any other `name` as it is."""
    if not is_absolute(name):
        return name
    return location_of(name).below(location_of(ground.root)) or name


def _release(ground: Ground) -> TablePlan:
    """Take files back out of quarantine and read them, however old they are."""
    aside = set(ground.view.memory.quarantine)
    wanted = set(_keys_among(ground, aside | ground.listed)) or aside
    everything = committed(ground.entry, ground.inventory)
    folders = _only(everything, lambda file: file.key in wanted and not _is_in(ground, file.key))
    exchange = Exchange(mark=ground.mark, keeps_cursors=True, operation="RELEASE")
    batches = (Batch(tuple(folders), exchange),) if folders else ()
    return TablePlan(ground.entry.table, batches, listed=False, releases=frozenset(wanted & aside))


def _is_in(ground: Ground, key: str) -> bool:
    return bool(ground.copies_of(key)) or ground.is_rewritten(key)


def _each(folders: list[Folder]) -> Iterator[SourceFile]:
    for folder in folders:
        yield from folder.files


def _only(folders: list[Folder], is_wanted: Callable[[SourceFile], bool]) -> list[Folder]:
    """The wanted files, in their folders; folders without any are left out."""
    parts = (replace(f, files=[file for file in f.files if is_wanted(file)]) for f in folders)
    return [part for part in parts if part.files]


_PLANS: Mapping[Action, Callable[[Ground], TablePlan]] = {
    Action.REBUILD: _rebuild,
    Action.RESYNC: _resync,
    Action.ACCEPT: _accept,
    Action.VERIFY: _verify,
    Action.REPAIR: _repair,
    Action.QUARANTINE: _quarantine,
    Action.RELEASE: _release,
}
