"""Keeps the index of one connection's tables true: a thread, and what it does in a pass."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import nsmallest

from cdalake.catalog.registration import place
from cdalake.catalog.runs import RunStore
from cdalake.catalog.tables import Row, TableIndex
from cdalake.cda.manifest import Manifest, read_manifest
from cdalake.cda.parts import by_fingerprint
from cdalake.engine.progress import utc_now
from cdalake.engine.spec import SchemaChange
from cdalake.errors import CdalakeError, Problem
from cdalake.services.connection_check import ConnectionCheck, folders_of
from cdalake.services.pending import PendingCounter
from cdalake.services.table_logs import TableLogs
from cdalake.services.table_pass import Kept, Pass
from cdalake.services.table_rows import is_nothing
from cdalake.settings import AccessRef, Connection
from cdalake.storage import Store, first_line
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
        look, check = self._begin(), ConnectionCheck()
        try:
            target = self._open(self.connection.target, self.connection.target_access)
        except CdalakeError as error:
            self._save_check(ConnectionCheck(error=error.as_problem()))
            return
        if wish.everything:
            self._look_around(target, look, check)
        names = self._to_check(look, wish)
        self._read_logs(target, look, names)
        if self._stop.is_set():
            return  # the connection may be another one by now
        self._take_run_ends(look)
        self._logs.read_histories(target, [look.rows[name] for name in names if name in look.rows])
        if wish.everything and not self._stop.is_set():
            self._save_check(check)
            self._save(look, self._count_pending(look))
            self._kept = look.kept(self._manifest)

    def _begin(self) -> Pass:
        """From what was kept, unless somebody changed these tables since."""
        note = self._index.newest_note(self.connection.name)
        kept, self._kept = self._kept, None
        if kept is None or kept.note != note:
            kept = Kept(note, self._index.rows_of(self.connection.name))
        return Pass(self.connection, kept)

    def _leave_another_target(self) -> None:
        """A connection that was pointed elsewhere knows nothing of its tables."""
        known = self._index.checks().get(self.connection.name)
        if known is not None and known["target"] != self.target:
            self._index.remove_connection(self.connection.name)

    def _read_manifest(self) -> Manifest:
        manifest = read_manifest(self._source(), known=self._manifest)
        is_split = self.connection.schema_change == SchemaChange.PER_FINGERPRINT.value
        return by_fingerprint(manifest) if is_split else manifest

    def _look_around(self, target: Store, look: Pass, check: ConnectionCheck) -> None:
        """Read the manifest and list the target; what cannot be read keeps its old facts."""
        manifest = check.source(self._read_manifest)
        folders = check.target(lambda: folders_of(target))
        if manifest is not None:
            self._manifest = manifest
            look.take_manifest(manifest)
        for name in folders or ():
            if not self._is_known_as_nothing(name):
                look.row(name)
        if manifest is not None and folders is not None:
            present = {*manifest.names, *folders}
            self._drop(look, [name for name in look.rows if name not in present])
            check.as_of = utc_now()

    def _source(self) -> Store:
        return self._open(self.connection.source, self.connection.source_access)

    def _is_known_as_nothing(self, name: str) -> bool:
        return time.monotonic() - self._nothing.get(name, -NOTHING_FOR_S) < NOTHING_FOR_S

    def _drop(self, look: Pass, names: Sequence[str]) -> None:
        self._index.remove(self.connection.name, names)
        look.drop(names)

    def _to_check(self, look: Pass, wish: Wish) -> list[str]:
        for name in wish.tables:
            if not name.startswith("_"):
                look.row(name)
        if not wish.everything:
            return [name for name in wish.tables if name in look.rows]
        new = [name for name in look.rows if name not in self._checked or name in wish.tables]
        others = look.rows.keys() - set(new)
        return new + nsmallest(ROTATION, others, key=self._checked.__getitem__)

    def _read_logs(self, target: Store, look: Pass, names: Sequence[str]) -> None:
        """Piece by piece: the first answers of a large lake do not wait for the last."""
        for start in range(0, len(names), ROTATION):
            piece = names[start : start + ROTATION]
            for name, columns in self._logs.read(target, [look.rows[name] for name in piece]):
                self._take_columns(look, name, columns)
            if self._stop.is_set():
                return
            self._save(look, [name for name in piece if name in look.rows])

    def _take_columns(self, look: Pass, name: str, columns: Row) -> None:
        row = look.rows[name]
        is_another = row["table_id"] and columns.get("table_id", row["table_id"]) != row["table_id"]
        if is_another:
            self._index.forget_history(self.connection.name, name)
            row.update(history_to=-1, last_data_at=None)
        row.update(columns)
        self._checked[name] = time.monotonic()
        # A folder that holds no Delta table and that nobody names is none of our business.
        if row["version"] is None and is_nothing(row):
            self._nothing[name] = time.monotonic()
            self._drop(look, [name])

    def _take_run_ends(self, look: Pass) -> None:
        """Take in how runs ended tables since the last look."""
        # Rows of runs are written beside the runs: an end may come to light after a later one.
        since = self._runs_seen - ENDS_OVERLAP if self._runs_seen else None
        news: list[str] = []
        recovered: list[Row] = []
        for proof in self._runs.proofs(self.target, since):
            recovered += look.take_proof(proof)
        for end in self._runs.ends(self.target, since):
            self._runs_seen = max(end["finished_at"], self._runs_seen or end["finished_at"])
            recoveries = look.take_end(end)
            if recoveries is not None:
                news.append(end["table_name"])
                recovered += recoveries
        self._index.add_recoveries(recovered)
        self._save(look, [name for name in look.rows if name in self._checked])
        self._index.add_lag_points(look.lag_points(news))

    def _count_pending(self, look: Pass) -> list[str]:
        """Count what is pending; tables that turn out to be caught up are told as such."""
        caught_up = self._pending.count(self._manifest.entries, look.rows, self._stop.is_set)
        for name, manifest_ms in caught_up.items():
            look.rows[name]["listed_ms"] = manifest_ms
        return list(caught_up)

    def _save(self, look: Pass, names: Sequence[str]) -> None:
        now = self._clock()
        moved = look.judge(names, now)
        self._index.touch(self.connection.name, moved.newer, now)
        self._index.save(moved.changed, moved.columns)

    def _save_check(self, check: ConnectionCheck) -> None:
        known = self._index.checks().get(self.connection.name, {})
        self._index.save_check(check.row(self.connection.name, self.target, known))


def _not_refreshed(connection: str, error: Exception) -> Problem:
    return Problem(
        "REFRESH_FAILED",
        f"The tables of {connection} could not be looked at: {type(error).__name__}: "
        f"{first_line(error)}.",
        "What is shown of them is from before. See the server's log; if it stays, report it.",
    )
