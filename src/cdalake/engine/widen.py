"""Files of a table that are narrower than its columns are rewritten, so many in each run (R68).

Every reader we know reads an ``int`` file in a ``long`` column, so such columns widen at once and
the files follow in commits that change no row. A ``float`` file in a ``double`` column is not so
sure: there all files change in the very commit that changes the column.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from cdalake.cda.footer import read_footer
from cdalake.delta.actions import DataFile, Removed
from cdalake.delta.log import read_snapshot
from cdalake.delta.places import Places, is_absolute
from cdalake.delta.schema import Schema, merge
from cdalake.engine.bring import facts
from cdalake.engine.job import Job, epoch_ms
from cdalake.engine.rewrite import rewrite
from cdalake.engine.view import TableView
from cdalake.errors import SchemaConflict

NARROW_SINCE = "cda.narrow_since"
"""Property of a table whose columns widened then (epoch ms): older files may be narrower."""
LOOKED_AT = 1000
"""Files whose footers one run reads at most."""
FILES = 100
BYTES = 256 * 1024 * 1024
"""What one run rewrites of one table at most."""
AT_A_TIME = 50


class Stopped(Exception):
    """Somebody asked the run to stop in the middle of work that has no effect yet."""


@dataclass(frozen=True)
class Swap:
    """A file of the table and the one that takes its place; both hold the same rows."""

    old: DataFile
    new: DataFile

    def removed(self) -> Removed:
        """What the log says of the old one."""
        return Removed(self.old, epoch_ms(), data_change=False)


@dataclass(frozen=True)
class Sweep:
    """One run's part of the work.

    Attributes:
        up_to: path of the last file that was looked at; None when it was the table's last.
    """

    swaps: tuple[Swap, ...]
    up_to: str | None


def is_due(view: TableView, lookback_ms: int) -> bool:
    """Some files may be narrower, and no more of that kind are expected.

    Within the look-back the narrower fingerprint may still have late files.
    """
    since = narrow_since(view)
    return since is not None and epoch_ms() - since >= lookback_ms


def narrow_since(view: TableView) -> int | None:
    """When the table's columns widened, epoch ms; None when all files are known to be as wide."""
    text = view.metadata.configuration.get(NARROW_SINCE, "") if view.metadata else ""
    return int(text) if text.isdigit() else None


def sweep(job: Job, table: str, view: TableView, schema: Schema) -> Sweep:
    """Rewrite the next files that are narrower than `schema`, within one run's bounds."""
    after = view.memory.widened_up_to or ""
    ahead = [file for file in files_of(job, table, view) if file.path > after]
    chosen: list[DataFile] = []
    up_to = None
    for file, own in itertools.islice(_with_columns(job, table, ahead), LOOKED_AT):
        if _can_be_swapped(file) and not _is_as_wide(own, schema):
            if _is_enough(chosen, file):
                break
            chosen.append(file)
        up_to = file.path
    is_last = not ahead or up_to == ahead[-1].path
    swaps = tuple(_swapped(job, table, chosen, schema))
    return Sweep(swaps, None if is_last else up_to)


def _is_enough(chosen: Sequence[DataFile], file: DataFile) -> bool:
    """One more would be too many; a single one never is."""
    size = sum(each.size for each in chosen) + file.size
    return bool(chosen) and (len(chosen) == FILES or size > BYTES)


def _is_as_wide(own: Schema, schema: Schema) -> bool:
    told = merge(schema, own)
    return not (told.narrow or told.rewrite)


def recast(
    job: Job, table: str, view: TableView, schema: Schema, leaving: frozenset[str]
) -> list[Swap]:
    """Rewrite every file that readers cannot be trusted to read under `schema`, none too few.

    Nothing of it shows before the commit that has both the columns and the files; what a run that
    was stopped has rewritten is found there by the next.

    Args:
        leaving: paths of files that leave the table in the same commit.

    Raises:
        Stopped: the run was cancelled.
        SchemaConflict: a file cannot be rewritten without losing what others did to it.
    """
    swaps: list[Swap] = []
    staying = [file for file in files_of(job, table, view) if file.path not in leaving]
    files = _with_columns(job, table, staying)
    wanted = (file for file, own in files if merge(schema, own).rewrite)
    while some := list(itertools.islice(wanted, AT_A_TIME)):
        if job.is_cancelled():
            raise Stopped
        _check_swappable(table, some)
        swaps += _swapped(job, table, some, schema)
    return swaps


def files_of(job: Job, table: str, view: TableView) -> list[DataFile]:
    """The files of the very version that the next commit builds on, by path."""
    snapshot = read_snapshot(job.target, table, view.version)
    files = snapshot.files.values() if snapshot else ()
    return sorted(files, key=lambda file: file.path)


def _with_columns(
    job: Job, table: str, files: Sequence[DataFile]
) -> Iterator[tuple[DataFile, Schema]]:
    """Files with the columns that their footers tell, so many footers at a time."""

    def told(file: DataFile) -> tuple[DataFile, Schema]:
        footer = read_footer(job.target, f"{table}/{file.path}", file.size)
        return replace(file, rows=footer.rows, data_change=False), facts(file.path, footer)[1]

    ours = [file for file in files if not is_absolute(file.path)]
    for start in range(0, len(ours), AT_A_TIME):
        yield from job.files.map(told, ours[start : start + AT_A_TIME])


def _swapped(job: Job, table: str, files: Sequence[DataFile], schema: Schema) -> Iterator[Swap]:
    places = Places(job.target, table)
    new = job.files.map(lambda file: rewrite(places, file, schema), files)
    return (Swap(*pair) for pair in zip(files, new, strict=True))


def _can_be_swapped(file: DataFile) -> bool:
    """A copy of it would bring no deleted row back."""
    return file.deletion_vector is None


def _check_swappable(table: str, files: Sequence[DataFile]) -> None:
    for file in files:
        if not _can_be_swapped(file):
            raise SchemaConflict(
                "SCHEMA_CONFLICT",
                f"A float column of {table} becomes double, and {file.path} cannot be rewritten: "
                "a deletion vector hides rows of it.",
                "Run OPTIMIZE or REORG TABLE … APPLY (PURGE) on the table, then run again.",
            )
