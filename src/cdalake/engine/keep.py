"""Keeps the memory of a table beside its log: what makes the next run cheap, what was decided."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import astuple, dataclass

from cdalake.cda.manifest import ManifestEntry
from cdalake.delta.places import key_of
from cdalake.engine.job import Job, epoch_ms
from cdalake.engine.plan import TablePlan
from cdalake.engine.progress import Note
from cdalake.engine.promises import Short
from cdalake.engine.state import Decision, decide, write_state
from cdalake.engine.view import TableView
from cdalake.errors import CdalakeError

RECHECK_MS = 7 * 24 * 3_600_000
"""For so long a folder that lacks rows is looked at again; afterwards `verify` finds it."""


@dataclass
class Keeper:
    """Keeps the memory of one table while a run writes to it (R59).

    Attributes:
        warn: takes what went wrong without harm to any row.
        is_current: the memory says what `view` does.
    """

    job: Job
    entry: ManifestEntry
    view: TableView
    warn: Callable[[Note], None]

    def __post_init__(self) -> None:
        self._known = deepcopy(self.view.memory)
        self.is_current = self.view.is_remembered or self.view.metadata is None

    def _memorise(self) -> None:
        """Note the view in the memory."""
        view, memory = self.view, self.view.memory
        if view.metadata is not None:
            memory.table_id, memory.metadata = view.metadata.id, dict(view.metadata.body)
        memory.version, memory.commit_tag = view.version, view.commit_tag
        memory.protocol = view.protocol.to_action()
        memory.cursors, memory.blind = dict(view.cursors), dict(view.blind)
        memory.rows, memory.files, memory.size_bytes = view.rows, view.files, view.size_bytes
        memory.recent = sorted(
            _recent(view.keys, view.cursors, self.job.lookback_ms, memory.recheck)
        )
        memory.lookback_ms = self.job.lookback_ms
        memory.layout = view.layout
        recent = set(memory.recent)
        memory.marks = {
            url: list(astuple(mark)) for url, mark in view.marks.items() if key_of(url) in recent
        }

    def remember(self, plan: TablePlan, root: str | None) -> None:
        """Note that the listing of this manifest entry is done with, where that is news (R8)."""
        memory, now = self.view.memory, epoch_ms()
        if plan.is_choice:
            memory.seen, memory.phase = self.entry.fact(), ""
        if not plan.listed:
            return
        memory.root = root
        memory.recheck = {k: t for k, t in memory.recheck.items() if now - t < RECHECK_MS}
        self._note_entry()
        listed = None if plan.stop else self.entry.fact()
        holds = dict(plan.holds or {})
        is_news = (memory.listed, memory.holds) != (listed, holds)
        if is_news or self._is_settled(now) != self._is_settled(memory.listed_at):
            memory.listed, memory.listed_at, memory.holds = listed, now, holds

    def _note_entry(self) -> None:
        """Remember the entry, unless another run has acted upon a newer one."""
        memory = self.view.memory
        known = memory.seen or memory.listed
        if known is None or self.entry.manifest_time >= known.manifest_time:
            memory.seen = self.entry.fact()

    def _is_settled(self, at: int) -> bool:
        """At that time nothing could come late any more."""
        return at - self.entry.manifest_time > self.job.lookback_ms

    def set_aside(self, files: Mapping[str, str]) -> None:
        """Put files into quarantine, by key with the reason, before the commit that passes them.

        Raises:
            CdalakeError: the memory cannot be written; then nothing may be passed (R59).
        """
        self.decide(lambda memory: memory.quarantine.update(files))
        for key, why in files.items():
            self.warn(Note("QUARANTINED", f"{key} is left out: {why}"))

    def pass_by(self, folders: Sequence[Short]) -> None:
        """Go on without rows that were promised; such folders are looked at again (R57).

        Raises:
            CdalakeError: the memory cannot be written; then nothing may be passed (R59).
        """
        now = epoch_ms()
        self.decide(lambda memory: memory.recheck.update({short.key: now for short in folders}))
        for short in folders:
            text = f"{short.key} never got the rows its metrics promise."
            self.warn(Note("FOLDER_INCOMPLETE", text))

    def decide(self, change: Decision) -> None:
        """Change what was decided, at once: it must be known before the commit it is about.

        Raises:
            CdalakeError: the memory cannot be written; then nothing may be passed (R59).
        """
        if self.view.metadata is not None:
            self._memorise()
        decide(self.job.target, self.entry.table, self.view.memory, self._known, change)
        self._known = deepcopy(self.view.memory)

    def save(self) -> None:
        """Write the memory if it changed; once a table, since the log can always stand in for it.

        A failure costs the next run time and is no failure of this one (R55).
        """
        if not self.is_current:
            self._memorise()
        if self.view.memory == self._known:
            return
        try:
            write_state(self.job.target, self.entry.table, self.view.memory)
        except CdalakeError as error:
            self.warn(Note("STATE_NOT_WRITTEN", error.message))


def _recent(
    keys: set[str], cursors: dict[str, int], lookback_ms: int, recheck: Container[str]
) -> Iterator[str]:
    """Keys whose folders a later listing may show again."""
    for key in keys:
        fingerprint, _, rest = key.partition("/")
        if key.rpartition("/")[0] in recheck:
            yield key
            continue
        folder = rest.partition("/")[0]
        cursor = cursors.get(fingerprint)
        if cursor is not None and folder.isdigit() and int(folder) > cursor - lookback_ms:
            yield key
