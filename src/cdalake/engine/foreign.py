"""What others did to a table between our commits, and whether it is still ours (R62, R27)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from cdalake.delta.actions import CommitFact, Snapshot
from cdalake.delta.log import read_commits
from cdalake.delta.places import key_of
from cdalake.engine.state import TableMemory
from cdalake.errors import Choice, TableHeld
from cdalake.storage import Store

CURSOR = "cda:"
"""``txn`` application ids are ``cda:<fingerprint>`` (R21)."""
ENGINE = "cdalake/"
MOST_READ = 500
"""Older commits that are asked who wrote them."""


@dataclass(frozen=True)
class Baseline:
    """The table as our newest commit left it.

    Attributes:
        version: -1 when neither log nor memory tells.
        rows: None when unknown.
    """

    version: int = -1
    rows: int | None = None

    def grown_to(self, rows: int | None) -> int:
        """Rows that came since, less those that went; 0 where nobody knows."""
        return 0 if rows is None or self.rows is None else rows - self.rows


def is_ours(fact: CommitFact) -> bool:
    """A commit of cdalake's, of whatever run."""
    engine = fact.info.get("engineInfo")
    return isinstance(engine, str) and engine.startswith(ENGINE) and "commit_id" in fact.info


def baseline(facts: Sequence[CommitFact], version: int, memory: TableMemory | None) -> Baseline:
    """The table at our newest commit, which the log tells, or our memory; unknown otherwise.

    Args:
        facts: of the newest commits, without a gap up to `version`.
    """
    ours = next((fact for fact in reversed(facts) if is_ours(fact)), None)
    if ours is not None and (memory is None or ours.version >= memory.version):
        rows = ours.info.get("total_rows")
        return Baseline(ours.version, rows if isinstance(rows, int) else None)
    # Between the memory and the first fact there may be commits of ours that nobody tells of.
    is_gapless = memory is not None and len(facts) >= version - memory.version
    if memory is None or memory.version < 0 or not is_gapless:
        return Baseline()
    return Baseline(memory.version, memory.rows)


def facts_since(
    target: Store, table: str, snapshot: Snapshot, memory: TableMemory | None
) -> list[CommitFact]:
    """What the commits behind our memory say, those that a checkpoint has swallowed included."""
    first = snapshot.version - len(snapshot.facts) + 1
    if memory is None or not 0 <= memory.version < first - 1:
        return snapshot.facts
    older = read_commits(target, table, max(memory.version, first - 1 - MOST_READ))
    return [
        *(CommitFact(c.version, c.info, c.data_change) for c in older if c.version < first),
        *snapshot.facts,
    ]


def change_of(
    table: str,
    snapshot: Snapshot,
    facts: Sequence[CommitFact],
    ours: Baseline,
    stored_id: str,
) -> TableHeld | None:
    """Why a table cannot go on by itself: others changed its rows; None when they did not.

    OPTIMIZE, VACUUM, ALTER and log clean-up keep rows and id and are harmless (R27). RESTORE,
    DELETE, UPDATE, an append and an overwrite are not: ``txn`` stays where it was, the rows don't.

    Args:
        facts: see `facts_since`.
        ours: see `baseline`.
        stored_id: the table's id as we remember it, '' when we don't.

    Returns:
        ``CHANGED_OUTSIDE``, to be raised by whoever would add rows.
    """
    held = partial(_held, table, can_resync=_names_all(snapshot))
    if stored_id and stored_id != snapshot.metadata.id:
        return held("It was made anew: its id is another one.")
    foreign = [fact for fact in facts if fact.version > ours.version]
    if ours.version < 0 or ours.version == snapshot.version:
        return None
    if ours.rows is not None and snapshot.rows is not None and ours.rows != snapshot.rows:
        return held(f"{_who(foreign)} made {snapshot.rows} rows of {ours.rows}.")
    if changed := [fact for fact in foreign if fact.data_change]:
        return held(f"{_who(changed)} changed rows.")
    return None


def _who(facts: Sequence[CommitFact]) -> str:
    if not facts:
        return "Somebody"
    fact = facts[-1]
    operation = str(fact.info.get("operation") or "a commit")[:80]
    return f"Version {fact.version} ({operation}), which is not ours,"


def _names_all(snapshot: Snapshot) -> bool:
    """Every file still says by its name which folder it is of."""
    fingerprints = {app.removeprefix(CURSOR) for app in snapshot.transactions}
    return all(key_of(path).partition("/")[0] in fingerprints for path in snapshot.files)


def _held(table: str, what: str, *, can_resync: bool) -> TableHeld:
    resync = ", re-read the export from a time on (resync)" if can_resync else ""
    choices = (Choice.ACCEPT, Choice.RESYNC, Choice.REBUILD)
    return TableHeld(
        "CHANGED_OUTSIDE",
        f"{table} was changed by others since our newest commit. {what}",
        f"Choose: accept it as it is{resync}, or rebuild it.",
        tuple(c for c in choices if can_resync or c is not Choice.RESYNC),
    )
