"""``cdalake verify``: full listings prove that no committed file is missing (R43, R44, R58)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cdalake import words
from cdalake.cda.footer import Metrics, metrics_of, read_footer
from cdalake.cda.layout import Folder, SourceFile
from cdalake.current.files import Stores, current_path
from cdalake.delta.actions import DataFile, Snapshot
from cdalake.delta.places import is_absolute, key_of
from cdalake.engine.ground import Ground
from cdalake.engine.job import Job
from cdalake.engine.plan import folder_key
from cdalake.engine.progress import Note
from cdalake.engine.zero_copy import changed_sources, gone_sources
from cdalake.errors import Choice, Problem, SourceError

if TYPE_CHECKING:
    from cdalake.current.check import Checked

MOST_NAMED = 20


@dataclass(frozen=True)
class Findings:
    """What an audit of one table found.

    Attributes:
        missing: files of committed folders whose rows are not in the table.
        gone: files of the table that are not where it says, or of another size.
        changed: URLs of files of the export that are not what the table was made of.
        unexplained: rows that files of others hold, less those of the files they can be of;
            0 when every row is accounted for.
        accepted: what a person accepted of that (R62).
        folders: how the rows of folders compare with their batch metrics (R43).
        mismatched: keys of folders with fewer or more rows than promised.
        pending: files of newer folders, which the next sync brings.
        current: how the current table compares with the raw one (R45); None where there is none,
            or where it cannot be compared:
        unchecked: why.
    """

    table: str
    files: int
    rows: int | None
    records: int | None
    missing: tuple[SourceFile, ...] = ()
    gone: tuple[DataFile, ...] = ()
    changed: tuple[str, ...] = ()
    unexplained: int = 0
    accepted: int = 0
    folders: Mapping[str, int] | None = None
    mismatched: tuple[str, ...] = ()
    current: Checked | None = None
    unchecked: str | None = None
    pending: int = 0

    @property
    def difference(self) -> int | None:
        """Rows less CDA's own count; None where that means nothing (R44)."""
        if self.rows is None or self.records is None:
            return None
        return self.rows - self.records

    @property
    def checks(self) -> dict[str, Any]:
        """The findings, JSON-ready; of each kind the first few are named."""
        return {
            "files": self.files,
            "rows": self.rows,
            "records": self.records,
            "difference": self.difference,
            "missing": len(self.missing),
            "missing_files": [file.key for file in self.missing[:MOST_NAMED]],
            "gone": len(self.gone),
            "gone_files": [file.path for file in self.gone[:MOST_NAMED]],
            "changed": len(self.changed),
            "changed_files": list(self.changed[:MOST_NAMED]),
            "unexplained_rows": self.unexplained,
            "folders": dict(self.folders or {}),
            "mismatched_folders": list(self.mismatched[:MOST_NAMED]),
            "current": None if self.current is None else _current_facts(self.current),
        }

    @property
    def problem(self) -> Problem | None:
        """Why the table does not hold what it should; None when it does."""
        return next(_problems(self), None)

    @property
    def notes(self) -> tuple[Note, ...]:
        """What a person should know and what loses no row."""
        return tuple(_notes(self))


def _current_facts(checked: Checked) -> dict[str, Any]:
    return {
        "is_right": checked.is_right,
        "is_behind": checked.is_behind,
        "raw_version": checked.raw_version,
        "rows": checked.rows,
        "expected_rows": checked.expected,
        "wrong": {finding.kind: finding.count for finding in checked.findings},
    }


def _problems(found: Findings) -> Iterator[Problem]:
    repair = (Choice.REPAIR, Choice.REBUILD)
    if found.missing:
        yield Problem(
            "FILES_MISSING",
            f"{_lots(found.missing, 'committed file')} not in {found.table}, e.g. "
            f"{found.missing[0].key}.",
            "Repair the table: it reads what is missing, and nothing twice.",
            repair,
        )
    if found.gone:
        yield Problem(
            "DATA_FILE_GONE",
            f"{_lots(found.gone, 'file')} not where the log of {found.table} says, e.g. "
            f"{found.gone[0].path}.",
            "Repair the table: it copies them from the export once more.",
            repair,
        )
    if found.changed:
        yield Problem(
            "SOURCE_CHANGED",
            f"{_lots(found.changed, 'file')} in the export not what {found.table} was made of, "
            f"e.g. {found.changed[0]}.",
            "Put the files back as they were, or rebuild the table.",
            (Choice.REBUILD,),
        )
    if found.unexplained not in (0, found.accepted):
        yield Problem(
            "ROWS_DIFFER",
            f"Files that others rewrote in {found.table} hold {found.unexplained:+d} rows compared "
            "with the files of the export they can be of.",
            "Rebuild the table, or look up in its history what was done to it.",
            (Choice.REBUILD,),
        )
    if found.current is not None and not found.current.is_right:
        yield Problem(
            "CURRENT_WRONG",
            f"The current table of {found.table} is not what its raw table says: "
            f"{_wrong(found.current)}.",
            "Repair the table: its current table is merged anew.",
            (Choice.REPAIR,),
        )


def _lots(things: Sequence[object], noun: str) -> str:
    return f"{words.counted(len(things), noun)} {words.are(len(things))}"


def _wrong(checked: Checked) -> str:
    if not checked.findings:
        return f"it has {checked.rows} rows instead of {checked.expected}"
    finding = checked.findings[0]
    ids = f"{words.counted(finding.count, 'id')} {words.are(finding.count)}"
    return f"{ids} {finding.kind.replace('_', ' ')}, e.g. {finding.example}"


def _notes(found: Findings) -> Iterator[Note]:
    if found.difference:
        yield Note(
            "RECORDS_DIFFER",
            f"The table has {found.rows} rows and CDA counts {found.records}; that is as it should "
            "be where the export does not reach back to the first load.",
        )
    if found.unexplained == found.accepted != 0:
        yield Note(
            "ROWS_ACCEPTED",
            f"{found.table} holds {found.unexplained:+d} rows compared with the export: a change "
            "of others that was accepted.",
        )
    if found.unchecked:
        yield Note("CURRENT_NOT_CHECKED", found.unchecked)
    if found.current is not None and found.current.is_behind:
        yield Note(
            "CURRENT_BEHIND",
            f"The current table of {found.table} was made of version {found.current.raw_version}, "
            "and there are newer rows; a sync with current tables brings it up.",
        )
    if found.pending:
        yield Note(
            "PENDING_FILES",
            f"{words.counted(found.pending, 'file')} of newer folders {words.are(found.pending)} "
            "not read yet; the next sync brings them.",
        )
    for key in found.mismatched[:MOST_NAMED]:
        yield Note("METRICS_MISMATCH", f"{key} has not as many rows as its batch metrics say.")


def audit(ground: Ground, folders: Sequence[Folder], counted: int | None) -> Findings:
    """Compare the whole export with the whole table.

    Args:
        folders: those the table should have.
        counted: rows it should have, as CDA counts; None when nobody knows.

    Raises:
        CdalakeError: a listing or a file cannot be read.
    """
    job, entry, view, snapshot = ground.job, ground.entry, ground.view, ground.snapshot
    expected = {file.key: file for folder in folders for file in folder.files}
    table = _Table.of(snapshot, {*view.cursors, *entry.schema_history})
    accepted = view.memory.accepted_rows
    missing, unexplained = _account(job, expected, table, accepted)
    gone, changed = _lie_there(ground, table)
    metrics = _compare_folders(job, folders, table.rows_of)
    is_whole = not (gone or changed)
    current, unchecked = _check_current(job, entry.table) if is_whole else (None, None)
    return Findings(
        table=entry.table,
        files=len(expected),
        rows=snapshot.rows if snapshot else 0,
        records=counted,
        missing=missing,
        gone=gone,
        changed=changed,
        unexplained=unexplained,
        accepted=accepted,
        folders=Counter(state for _, state in metrics),
        mismatched=tuple(key for key, state in metrics if state == "mismatch"),
        current=current,
        unchecked=unchecked,
    )


def _check_current(job: Job, table: str) -> tuple[Checked | None, str | None]:
    """What was found of its current table, or why nothing could be."""
    # It asks an engine that takes long to import.
    from cdalake.current.check import check_current

    if not job.target.list(f"{current_path(table)}/_delta_log"):
        return None, None
    try:
        return check_current(Stores(job.target, job.source), table, job.is_cancelled), None
    except SourceError as error:
        return None, error.message


@dataclass(frozen=True)
class _Table:
    """The files of a table: those that the export's names tell, and those of others.

    Attributes:
        named: by key.
        rewritten: keys whose rows went on into other files.
        removed: keys that left the table, in whatever way.
        knows_all: no name of a rewritten file is lost.
    """

    named: Mapping[str, DataFile]
    foreign: tuple[DataFile, ...]
    rewritten: frozenset[str]
    removed: frozenset[str]
    knows_all: bool

    @classmethod
    def of(cls, snapshot: Snapshot | None, fingerprints: set[str]) -> _Table:
        if snapshot is None:
            return cls({}, (), frozenset(), frozenset(), knows_all=True)
        named: dict[str, DataFile] = {}
        foreign = []
        for path, file in snapshot.files.items():
            if key_of(path).partition("/")[0] not in fingerprints:
                foreign.append(file)
                continue
            # A name of CDA's may look like one of our variants: it counts under both.
            named |= {key_of(path): file, path: file}
        rewritten, removed = _names(snapshot.rewritten), _names(snapshot.removed)
        return cls(named, tuple(foreign), rewritten, removed, knows_all=snapshot.is_whole)

    def rows_of(self, file: SourceFile) -> int | None:
        found = self.named.get(file.key)
        return found.rows if found else None


def _names(paths: Iterable[str]) -> frozenset[str]:
    return frozenset(name for path in paths for name in (key_of(path), path))


def _account(
    job: Job, expected: Mapping[str, SourceFile], table: _Table, accepted: int
) -> tuple[tuple[SourceFile, ...], int]:
    """Files that are missing, and rows of others' files that no file of the export explains."""
    unnamed = [file for key, file in expected.items() if key not in table.named]
    if not (table.foreign or accepted):
        return tuple(unnamed), 0
    # Which of them others rewrote and which they deleted, only the rows can tell.
    known = table.removed if table.knows_all else {file.key for file in unnamed}
    missing = tuple(file for file in unnamed if file.key not in known)
    taken = [file for file in unnamed if file.key in known]
    if table.knows_all and all(file.key in table.rewritten for file in taken):
        return missing, 0
    held = sum(file.live_rows or 0 for file in table.foreign)
    unexplained = held - sum(job.files.map(lambda file: _rows(job, file), taken))
    if not table.foreign and unexplained != accepted:
        return tuple(unnamed), 0
    return missing, unexplained


def _rows(job: Job, file: SourceFile) -> int:
    return read_footer(job.source, file.info.path, file.info.size).rows


def _lie_there(ground: Ground, table: _Table) -> tuple[tuple[DataFile, ...], tuple[str, ...]]:
    """Files that are not where the table says, and sources that are not what they were."""
    job, name, marks = ground.job, ground.entry.table, ground.view.marks
    there = {info.path.removeprefix(f"{name}/"): info.size for info in job.target.list(name)}
    files = {file.path: file for file in (*table.named.values(), *table.foreign)}
    own = {path: file for path, file in files.items() if not is_absolute(path)}
    gone = [file for path, file in own.items() if there.get(path) != file.size]
    if len(own) == len(files):
        return tuple(gone), ()
    listed = [f.info for folder in ground.inventory.folders.values() for f in folder.files]
    lost = set(gone_sources(job.source, marks, listed))
    changed = changed_sources(job.source, marks, listed)
    return tuple(gone), (*changed, *sorted(lost))


def _compare_folders(job: Job, folders: Sequence[Folder], rows_of: Any) -> list[tuple[str, str]]:
    """Each folder's rows against its batch metrics (R43)."""
    promised = job.files.map(lambda folder: _metrics(job, folder), folders)
    return [
        (folder_key(folder), _compare(metrics, [rows_of(file) for file in folder.files]))
        for folder, metrics in zip(folders, promised, strict=True)
    ]


def _metrics(job: Job, folder: Folder) -> Metrics | None:
    return metrics_of(job.source, folder.metrics.path) if folder.metrics else None


def _compare(metrics: Metrics | None, rows: list[int | None]) -> str:
    if metrics is None:
        return "missing"
    if metrics.written is None:
        return "corrupt"
    known = [count for count in rows if count is not None]
    if len(known) < len(rows):
        return "unknown"
    return "ok" if sum(known) == metrics.written else "mismatch"
