"""One look at the tables of a connection: their rows as they become, beside those of the index."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cdalake.catalog.tables import BLANK, Row
from cdalake.cda.manifest import Manifest
from cdalake.services.health import RANK, assess
from cdalake.services.indexing import schema_names
from cdalake.services.table_rows import (
    LONGEST_NAME,
    NOT_NAMED,
    facts_of,
    failing_since,
    is_newer_proof,
    is_news,
    is_only_newer,
    manifest_columns,
    new_row,
    proof_columns,
    recovery,
    run_columns,
)
from cdalake.settings import Connection


@dataclass(frozen=True)
class Kept:
    """What the index said after a pass: true until somebody notes a change of these tables.

    Attributes:
        note: the newest one of the connection's tables before the rows were read.
        manifest: what the rows say of it is in them.
        holds_until: before it the same facts lead to the same health, by table.
    """

    note: int
    rows: Mapping[str, Row]
    manifest: Manifest = field(default_factory=lambda: Manifest({}))
    holds_until: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True)
class Moved:
    """Rows that are not as the index has them.

    Attributes:
        newer: tables whose log was read again and says what it said before.
        changed: rows that say something else.
        columns: names of the columns, by tables whose schema is another.
    """

    newer: Sequence[str]
    changed: Sequence[Row]
    columns: Mapping[str, list[str]]


class Pass:
    """Begins with what the index has; what is found out is put into `rows`."""

    def __init__(self, connection: Connection, kept: Kept) -> None:
        self._connection = connection
        self._kept = kept
        self._saved = _copies(kept.rows)
        self._holds_until = dict(kept.holds_until)
        self.rows = _copies(kept.rows)

    def row(self, name: str) -> Row:
        """The table's row, a new one where the index has none."""
        if name not in self.rows:
            self.rows[name] = new_row(self._connection.name, name)
        return self.rows[name]

    def take_manifest(self, manifest: Manifest) -> None:
        """Take in what the manifest says of tables, unless it is the one the rows are from."""
        if manifest is self._kept.manifest:
            return
        for row in self.rows.values():
            if row["name"] not in manifest.entries and row["name"] not in manifest.problems:
                row.update(NOT_NAMED)
        for name, entry in manifest.entries.items():
            self.row(name).update(manifest_columns(entry))
        for name, problem in manifest.problems.items():
            if len(name) <= LONGEST_NAME:
                told = {"in_manifest": True, "manifest_problem": problem.to_json()}
                self.row(name).update(told)

    def take_end(self, end: Row) -> list[Row] | None:
        """Take in how a run ended a table: the recoveries it is; None when it is no news."""
        row = self.rows.get(end["table_name"])
        if row is None or not is_news(row, end):
            return None
        row.update(run_columns(end))
        return _settled(row, end["finished_at"])

    def take_proof(self, end: Row) -> list[Row]:
        """Take in what a verification, a repair or a rebuild proved: the recoveries it is."""
        row = self.rows.get(end["table_name"])
        if row is None or not is_newer_proof(row, end):
            return []
        row.update(proof_columns(end))
        return _settled(row, end["finished_at"])

    def drop(self, names: Iterable[str]) -> None:
        """Forget tables."""
        for name in names:
            del self.rows[name]

    def judge(self, names: Collection[str], now: datetime) -> Moved:
        """Judge what may be judged anew; what that and the look changed counts as saved."""
        due = [name for name in names if self._differs(name) or not self._holds(name, now)]
        for name in due:
            self._assess(self.rows[name], now)
        moved = [name for name in due if self._differs(name)]
        newer = [name for name in moved if is_only_newer(self.rows[name], self._saved.get(name))]
        changed = [self.rows[name] for name in moved if name not in {*newer}]
        columns = {
            row["name"]: schema_names(row["schema_string"])
            for row in changed
            if row["schema_string"] != self._saved.get(row["name"], BLANK)["schema_string"]
        }
        self._saved.update({name: dict(self.rows[name]) for name in moved})
        return Moved(sorted(newer), changed, columns)

    def lag_points(self, ended: Iterable[str]) -> list[Row]:
        """The lag of tables after the runs that ended them."""
        rows = [self.rows[name] for name in ended]
        return [_lag_point(row) for row in rows if row["lag_s"] is not None]

    def kept(self, manifest: Manifest) -> Kept:
        """What the index says now; the rows are from `manifest`."""
        return Kept(self._kept.note, self._saved, manifest, self._holds_until)

    def _differs(self, name: str) -> bool:
        return self.rows[name] != self._saved.get(name)

    def _holds(self, name: str, now: datetime) -> bool:
        """Time alone changes nothing about the table's health yet."""
        until = self._holds_until.get(name)
        return until is not None and now < until

    def _assess(self, row: Row, now: datetime) -> None:
        verdict = assess(facts_of(row), self._connection.lag_limit_seconds, now)
        row["health"], row["health_rank"] = verdict.health.value, RANK[verdict.health]
        row["health_reason"], row["lag_s"] = verdict.reason, verdict.lag_s
        self._holds_until[row["name"]] = verdict.until


def _copies(rows: Mapping[str, Row]) -> dict[str, Row]:
    return {name: dict(row) for name, row in rows.items()}


def _settled(row: Row, at: datetime) -> list[Row]:
    """Say in the row since when it is failed; the recovery, when it is not any more."""
    recovered = recovery(row, at)
    row["failing_since"] = failing_since(row, at)
    return recovered


def _lag_point(row: Row) -> Row:
    return {
        "connection": row["connection"],
        "table_name": row["name"],
        "run_id": row["run_id"],
        "at": row["run_at"],
        "lag_s": row["lag_s"],
    }
