"""Keeps the index of one connection's tables true: a thread, and what it does in a pass."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import nsmallest

from cdalake.catalog.registration import place
from cdalake.catalog.runs import RunStore
from cdalake.catalog.tables import BLANK, Row, TableIndex
from cdalake.cda.manifest import Manifest, read_manifest
from cdalake.engine.progress import utc_now
from cdalake.errors import CdalakeError, Problem
from cdalake.services.connection_check import ConnectionCheck, folders_of
from cdalake.services.health import RANK, assess
from cdalake.services.indexing import schema_names
from cdalake.services.pending import PendingCounter
from cdalake.services.table_logs import TableLogs
from cdalake.services.table_rows import (
    NOT_NAMED,
    facts_of,
    is_news,
    is_nothing,
    is_only_newer,
    manifest_columns,
    new_row,
    recovery,
    run_columns,
)
from cdalake.settings import AccessRef, Connection
from cdalake.storage import Store
from cdalake.telemetry.metrics import REFRESH_FAILURES, REFRESH_SECONDS

log = logging.getLogger("cdalake.refresh")

ROTATION = 200
"""Tables that are looked at again in a pass although nothing points at them."""
ENDS_OVERLAP = timedelta(minutes=10)
MIN_PACE_S = 1.0
"""Whatever the setting says: without a pause a pass would follow the other."""
MAX_PACE_S = 300.0
"""... nor is the index of tables ever older by plan."""
NOTHING_FOR_S = 300.0
"""A folder of the target that holds no Delta table is not asked again for so long."""
STAND_BY_S = 60.0
"""Between looks at whether a connection has become ours; `wake` tells it sooner."""

OpenStore = Callable[[str, AccessRef], Store]


@dataclass
class Wish:
    """What a refresher was asked to look at; everything, or only some tables."""

    everything: bool = True
    tables: set[str] = field(default_factory=set)

    @property
    def is_empty(self) -> bool:
        """Nobody asked for anything."""
        return not (self.everything or self.tables)


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


class ConnectionRefresher:
    """Refreshes the tables of one connection."""

    def __init__(
        self,
        connection: Connection,
        index: TableIndex,
        runs: RunStore,
        pace_s: float,
        open_store: OpenStore = Store.open,
        is_ours: Callable[[str], bool] = lambda _: True,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.connection = connection
        self.target = place(connection.target, connection.target_access)
        self._index = index
        self._runs = runs
        self._pace_s = min(max(MIN_PACE_S, pace_s), MAX_PACE_S)
        self._open = open_store
        self._is_ours = is_ours
        self._clock = clock
        self._wish = Wish(everything=False)
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._checked: dict[str, float] = {}
        self._nothing: dict[str, float] = {}
        self._runs_seen: datetime | None = None
        self._manifest = Manifest({})
        self._kept: Kept | None = None
        self._holds_until: dict[str, datetime] = {}
        self._logs = TableLogs(connection.name, index, self._stop.is_set)
        self._pending = PendingCounter(connection, index.pending, open_store)
        name = f"refresh-{connection.name}"
        self._thread = threading.Thread(target=self._loop, name=name, daemon=True)

    # -- thread -----------------------------------------------------------------------------

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def ask_to_stop(self) -> None:
        """End soon."""
        self._stop.set()
        self._wake.set()

    def join(self, timeout: float) -> None:
        """Wait for the end."""
        self._thread.join(timeout)

    @property
    def is_alive(self) -> bool:
        """The thread lives."""
        return self._thread.is_alive()

    def ask(self, tables: Sequence[str] | None) -> None:
        """Look at these tables, or at everything, now."""
        with self._lock:
            if tables is None:
                self._wish.everything = True
            else:
                self._wish.tables.update(tables)
        self._wake.set()

    def _leave_another_target(self) -> None:
        """A connection that was pointed elsewhere knows nothing of its tables."""
        known = self._index.checks().get(self.connection.name)
        if known is not None and known["target"] != self.target:
            self._index.remove_connection(self.connection.name)

    def wake(self) -> None:
        """See what there is to do, now."""
        self._wake.set()

    def _loop(self) -> None:
        due = time.monotonic()
        while not self._stop.is_set():
            self._wake.clear()
            is_ours = self._is_ours(self.connection.name)
            wish = self._take_wish(is_due=is_ours and time.monotonic() >= due)
            if wish.everything:
                due = time.monotonic() + self._pace_s
            if not wish.is_empty:
                self._refresh_whatever_comes(wish)
            self._wake.wait(max(0.0, due - time.monotonic()) if is_ours else STAND_BY_S)

    def _refresh_whatever_comes(self, wish: Wish) -> None:
        try:
            with REFRESH_SECONDS.timing(self.connection.name):
                self.refresh(wish)
        except Exception as error:
            # Whatever one pass met, the next may not; old answers stay.
            REFRESH_FAILURES.add(self.connection.name)
            log.exception("Could not refresh %s", self.connection.name)
            self._tell_failure(error)

    def _tell_failure(self, error: Exception) -> None:
        """What stays is old: the page has to say so, not only the log."""
        try:
            self._save_check(ConnectionCheck(error=_not_refreshed(self.connection.name, error)))
        except Exception:
            # The database is what failed.
            log.exception("Could not tell that %s was not refreshed", self.connection.name)

    def _take_wish(self, *, is_due: bool) -> Wish:
        with self._lock:
            wish, self._wish = self._wish, Wish(everything=False)
        wish.everything = wish.everything or is_due
        return wish

    # -- a pass -----------------------------------------------------------------------------

    def refresh(self, wish: Wish) -> None:
        """One pass over everything, or over the tables of `wish`."""
        if wish.everything:
            self._leave_another_target()
        check = ConnectionCheck()
        note = self._index.newest_note(self.connection.name)
        kept, self._kept = self._kept, None
        if kept is None or kept.note != note:
            kept = Kept(note, self._index.rows_of(self.connection.name))
        self._holds_until = dict(kept.holds_until)
        rows, saved = ({name: dict(row) for name, row in kept.rows.items()} for _ in "rs")
        try:
            target = self._open(self.connection.target, self.connection.target_access)
        except CdalakeError as error:
            self._save_check(ConnectionCheck(error=error.as_problem()))
            return
        if wish.everything:
            self._look_around(target, rows, check, kept.manifest)
        names = self._to_check(rows, wish)
        for start in range(0, len(names), ROTATION):
            # Piece by piece, so that the first answers of a large lake do not wait for the last.
            piece = names[start : start + ROTATION]
            self._read_tables(target, rows, piece)
            if self._stop.is_set():
                return  # the connection may be another one by now
            self._save(rows, saved, [name for name in piece if name in rows])
        ended = self._take_run_ends(rows)
        self._save(rows, saved, [name for name in rows if name in self._checked])
        self._index.add_lag_points(list(self._lag_points(rows, ended)))
        self._logs.read_histories(target, [rows[name] for name in names if name in rows])
        if wish.everything and not self._stop.is_set():
            self._save_check(check)
            self._save(rows, saved, self._count_pending(rows))
            self._kept = Kept(note, saved, self._manifest, self._holds_until)

    def _count_pending(self, rows: dict[str, Row]) -> list[str]:
        """Count what is pending; tables that turn out to be caught up are told as such."""
        caught_up = self._pending.count(self._manifest.entries, rows, self._stop.is_set)
        for name, manifest_ms in caught_up.items():
            rows[name]["listed_ms"] = manifest_ms
        return list(caught_up)

    def _save(self, rows: dict[str, Row], saved: dict[str, Row], names: Sequence[str]) -> None:
        now = self._clock()
        due = [
            name for name in names if rows[name] != saved.get(name) or not self._holds(name, now)
        ]
        for name in due:
            self._judge(rows[name], now)
        moved = [name for name in due if rows[name] != saved.get(name)]
        changed = [name for name in moved if not is_only_newer(rows[name], saved.get(name))]
        self._index.touch(self.connection.name, sorted({*moved} - {*changed}), now)
        self._index.save(
            [rows[name] for name in changed],
            {
                name: schema_names(rows[name]["schema_string"])
                for name in changed
                if rows[name]["schema_string"] != saved.get(name, BLANK)["schema_string"]
            },
        )
        saved.update({name: dict(rows[name]) for name in moved})

    def _look_around(
        self, target: Store, rows: dict[str, Row], check: ConnectionCheck, taken: Manifest
    ) -> None:
        """Read the manifest and list the target; what cannot be read keeps its old facts.

        Args:
            taken: what the rows say of the manifest is from this one.
        """
        manifest = check.source(lambda: read_manifest(self._source(), known=self._manifest))
        folders = check.target(lambda: folders_of(target))
        if manifest is not None and manifest is not taken:
            self._take_manifest(manifest, rows)
        for name in folders or ():
            if not self._is_known_as_nothing(name):
                self._row(rows, name)
        if manifest is not None and folders is not None:
            self._drop_missing(rows, {*manifest.names, *folders})
            check.as_of = utc_now()

    def _source(self) -> Store:
        return self._open(self.connection.source, self.connection.source_access)

    def _is_known_as_nothing(self, name: str) -> bool:
        return time.monotonic() - self._nothing.get(name, -NOTHING_FOR_S) < NOTHING_FOR_S

    def _row(self, rows: dict[str, Row], name: str) -> Row:
        if name not in rows:
            rows[name] = new_row(self.connection.name, name)
        return rows[name]

    def _take_manifest(self, manifest: Manifest, rows: dict[str, Row]) -> None:
        self._manifest = manifest
        for row in rows.values():
            if row["name"] not in manifest.entries and row["name"] not in manifest.problems:
                row.update(NOT_NAMED)
        for name, entry in manifest.entries.items():
            self._row(rows, name).update(manifest_columns(entry))
        for name, problem in manifest.problems.items():
            if len(name) <= 256:
                told = {"in_manifest": True, "manifest_problem": problem.to_json()}
                self._row(rows, name).update(told)

    def _drop_missing(self, rows: dict[str, Row], present: set[str]) -> None:
        gone = [name for name in rows if name not in present]
        self._index.remove(self.connection.name, gone)
        for name in gone:
            del rows[name]

    def _to_check(self, rows: dict[str, Row], wish: Wish) -> list[str]:
        for name in wish.tables:
            if not name.startswith("_"):
                self._row(rows, name)
        if not wish.everything:
            return [name for name in wish.tables if name in rows]
        new = [name for name in rows if name not in self._checked or name in wish.tables]
        others = rows.keys() - set(new)
        return new + nsmallest(ROTATION, others, key=self._checked.__getitem__)

    def _read_tables(self, target: Store, rows: dict[str, Row], names: Sequence[str]) -> None:
        for name, columns in self._logs.read(target, [rows[name] for name in names]):
            self._take_columns(rows, name, columns)

    def _take_columns(self, rows: dict[str, Row], name: str, columns: Row) -> None:
        row = rows[name]
        is_another = row["table_id"] and columns.get("table_id", row["table_id"]) != row["table_id"]
        if is_another:
            self._index.forget_history(self.connection.name, name)
            row.update(history_to=-1, last_data_at=None)
        row.update(columns)
        self._checked[name] = time.monotonic()
        # A folder that holds no Delta table and that nobody names is none of our business.
        if row["version"] is None and is_nothing(row):
            self._nothing[name] = time.monotonic()
            self._index.remove(self.connection.name, [name])
            del rows[name]

    # -- runs and health --------------------------------------------------------------------

    def _take_run_ends(self, rows: dict[str, Row]) -> list[str]:
        """Take in how runs ended tables since the last look; the tables with news."""
        # Rows of runs are written beside the runs: an end may come to light after a later one.
        since = self._runs_seen - ENDS_OVERLAP if self._runs_seen else None
        news, recovered = [], []
        for end in self._runs.ends(self.target, since):
            self._runs_seen = max(end["finished_at"], self._runs_seen or end["finished_at"])
            row = rows.get(end["table_name"])
            if row is not None and is_news(row, end):
                recovered += recovery(row, end)
                row.update(run_columns(row, end))
                news.append(row["name"])
        self._index.add_recoveries(recovered)
        return news

    def _holds(self, name: str, now: datetime) -> bool:
        """Time alone changes nothing about the table's health yet."""
        until = self._holds_until.get(name)
        return until is not None and now < until

    def _judge(self, row: Row, now: datetime) -> None:
        verdict = assess(facts_of(row), self.connection.lag_limit_seconds, now)
        row["health"], row["health_rank"] = verdict.health.value, RANK[verdict.health]
        row["health_reason"], row["lag_s"] = verdict.reason, verdict.lag_s
        self._holds_until[row["name"]] = verdict.until

    def _lag_points(self, rows: dict[str, Row], ended: Iterable[str]) -> Iterable[Row]:
        for name in ended:
            row = rows[name]
            if row["lag_s"] is not None:
                yield {
                    "connection": self.connection.name,
                    "table_name": name,
                    "run_id": row["run_id"],
                    "at": row["run_at"],
                    "lag_s": row["lag_s"],
                }

    def _save_check(self, check: ConnectionCheck) -> None:
        known = self._index.checks().get(self.connection.name, {})
        self._index.save_check(check.row(self.connection.name, self.target, known))


def _not_refreshed(connection: str, error: Exception) -> Problem:
    return Problem(
        "REFRESH_FAILED",
        f"The tables of {connection} could not be looked at: {type(error).__name__}: "
        f"{str(error)[:200]}.",
        "What is shown of them is from before. See the server's log; if it stays, report it.",
    )
