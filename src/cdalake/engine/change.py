"""What a run does when the columns of the export change: its `schema_change` (product.md §5.5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cdalake.cda.layout import Folder
from cdalake.delta.schema import Schema, describe_change, merge
from cdalake.engine.bring import Brought
from cdalake.engine.job import Job
from cdalake.engine.plan import Batch, Exchange
from cdalake.engine.spec import Action, RunSpec, SchemaChange
from cdalake.engine.survey import Survey
from cdalake.engine.view import TableView
from cdalake.engine.widen import files_of
from cdalake.errors import Disagreement, SchemaConflict, UsageError


def check_schema_change(spec: RunSpec) -> None:
    """Refuse what there is no such thing as.

    Raises:
        UsageError: ``BAD_SCHEMA_CHANGE``.
    """
    if spec.schema_change not in set(SchemaChange):
        known = ", ".join(SchemaChange)
        raise UsageError(
            "BAD_SCHEMA_CHANGE",
            f"There is no schema_change {spec.schema_change!r}.",
            f"Use one of {known}.",
        )


def check_confirmed(spec: RunSpec) -> None:
    """Refuse to take rows out of snapshots when nobody has said so for this very run.

    Raises:
        UsageError: ``CONFIRMATION_NEEDED``.
    """
    if _replaces(spec) and not spec.confirm_replace:
        raise UsageError(
            "CONFIRMATION_NEEDED",
            "With schema_change = replace, older rows leave the current snapshot of a table as "
            "soon as a new fingerprint begins.",
            "Confirm it for this run with --confirm-replace, or use --schema-change merge.",
        )


@dataclass(frozen=True)
class Rule:
    """The policy of a run, for one batch of one table.

    Attributes:
        known: fingerprints that the table has taken in already.
    """

    policy: SchemaChange
    known: frozenset[str]

    @classmethod
    def of(cls, spec: RunSpec, view: TableView) -> Rule:
        """The rule for what comes next to a table that stands like `view`."""
        is_chosen = spec.action is not Action.SYNC  # and a person has looked at the table
        policy = SchemaChange.MERGE if is_chosen else SchemaChange(spec.schema_change)
        return cls(policy, frozenset(view.cursors))

    def unite(self, schema: Schema, file: Brought) -> Schema:
        """The columns with those of one more file.

        Raises:
            SchemaConflict: ``SCHEMA_CONFLICT``, or ``SCHEMA_CHANGED`` where any change is to be
                looked at; with the file's key as its subject.
        """
        if self.policy is SchemaChange.FAIL and schema.fields:
            self._check_same(schema, file)
        try:
            return merge(schema, file.schema).schema
        except SchemaConflict as error:
            raise error.in_file(file.source.key) from error

    def advised(self, error: SchemaConflict, fingerprint: str, *, is_begun: bool) -> SchemaConflict:
        """The error with what really helps, where types do not meet.

        Args:
            is_begun: files of that fingerprint went into the table before, in this batch perhaps.
        """
        if error.about is None:
            return error
        is_odd = (
            is_begun or fingerprint in self.known or self.policy is SchemaChange.PER_FINGERPRINT
        )
        return error.with_hint(_ODD_FILE if is_odd else _NEW_COLUMNS)

    def _check_same(self, schema: Schema, file: Brought) -> None:
        """Of a fingerprint that is in the table already, only what would change its columns counts.

        Somebody has looked at it then: that it lacks a column of another one is no news.
        """
        is_known = file.source.fingerprint in self.known
        if not _is_other(schema, file.schema, is_known=is_known):
            return
        raise SchemaConflict(
            "SCHEMA_CHANGED",
            f"Fingerprint {file.source.fingerprint} has other columns than the table: "
            f"{_in_words(schema, file.schema)}.",
            "Look at the change, then run the table once with the schema change merge to take it "
            "in.",
            about=_disagreement(schema, file.schema),
        ).in_file(file.source.key)


_ODD_FILE = (
    "The table waits before that file, since older ones of its fingerprint fit. Have it written "
    "anew, or set it aside (quarantine) and go on without it; or exclude the table."
)
_NEW_COLUMNS = (
    "The table waits before that file. If it is one odd file, have it written anew or set it aside "
    "(quarantine). If the column changed for good, let older rows leave the current snapshot "
    "(schema change replace, confirmed for one run), or give each fingerprint a table of its own "
    "(per_fingerprint)."
)


def _disagreement(table: Schema, file: Schema) -> Disagreement | None:
    """Where types do not meet, so that not even `merge` takes them in."""
    try:
        merge(table, file)
    except SchemaConflict as error:
        return error.about
    return None


def _is_other(table: Schema, file: Schema, *, is_known: bool) -> bool:
    if is_known:
        return _disagreement(table, file) is not None or merge(table, file).changed
    return any(describe_change(table, file))


def _in_words(table: Schema, file: Schema) -> str:
    added, removed, changed = describe_change(table, file)
    parts = (
        *(f"{name} is new" for name in added),
        *(f"{name} is gone" for name in removed),
        *changed,
    )
    return "; ".join(parts)


def batches_of(job: Job, table: str, found: Survey) -> Iterator[Batch]:
    """The commits of a plan, under the policy, each made when its turn has come.

    With ``replace`` one begins wherever a fingerprint does, with the first folder of it that has
    data. Folders without any wait for that one: their cursor alone must empty nothing.
    """
    if not _replaces(job.spec):
        yield from found.plan.batches
        return
    known = set(found.view.cursors)
    waiting: dict[str, list[Folder]] = {}
    for batch in found.plan.batches:
        for part in _split(batch, known, waiting):
            yield _replacing(job, table, found.view, part)


def _replaces(spec: RunSpec) -> bool:
    return spec.schema_change == SchemaChange.REPLACE and spec.action is Action.SYNC


def _replacing(job: Job, table: str, view: TableView, batch: Batch) -> Batch:
    """The batch, with what leaves the table where a fingerprint begins with it."""
    is_first = view.metadata is None
    if is_first or all(folder.fingerprint in view.cursors for folder in batch.folders):
        return batch
    return Batch(batch.folders, Exchange(tuple(files_of(job, table, view)), replaces=True))


def _split(batch: Batch, known: set[str], waiting: dict[str, list[Folder]]) -> Iterator[Batch]:
    """The batch, cut before the first data of each fingerprint that is not `known` by then."""
    part: list[Folder] = []
    for folder in batch.folders:
        if folder.fingerprint in known:
            part.append(folder)
            continue
        if not folder.files:
            waiting.setdefault(folder.fingerprint, []).append(folder)
            continue
        if any(each.files for each in part):
            yield Batch(tuple(part))
            part = []
        known.add(folder.fingerprint)
        part += [*waiting.pop(folder.fingerprint, ()), folder]
    if part:
        yield Batch(tuple(part))
