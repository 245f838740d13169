"""Keeps the index of tables true, beside the requests: one thread per connection.

One more thread sees that there is a worker for every connection there is.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from heapq import nsmallest
from typing import TypeVar

from cdalake.catalog.leases import Leases
from cdalake.catalog.registration import place
from cdalake.catalog.runs import RunStore
from cdalake.catalog.tables import BLANK, NO_TABLE, Row, TableIndex
from cdalake.cda.manifest import Manifest, ManifestEntry, read_manifest
from cdalake.delta.log import list_log, read_commits, read_snapshot
from cdalake.engine.progress import utc_now
from cdalake.engine.state import read_state
from cdalake.errors import CdalakeError, NotFound, Problem
from cdalake.services.applications import app_of, is_typelist
from cdalake.services.background import Loop
from cdalake.services.health import BAD_RUNS, RANK, Facts, assess
from cdalake.services.indexing import columns_of, commit_rows, schema_names
from cdalake.services.pending import PendingCounter
from cdalake.settings import AccessRef, Connection
from cdalake.storage import Store
from cdalake.telemetry.metrics import REFRESH_FAILURES, REFRESH_SECONDS

log = logging.getLogger("cdalake.refresh")

READERS = 8
ROTATION = 200
"""Tables that are looked at again in a pass although nothing points at them."""
COMMITS_AT_ONCE = 1000
READ_AGAIN = timedelta(minutes=5)
ENDS_OVERLAP = timedelta(minutes=10)
MIN_PACE_S = 1.0
"""Whatever the setting says: without a pause a pass would follow the other."""
NOTHING_FOR_S = 300.0
"""A folder of the target that holds no Delta table is not asked again for so long."""
LOOK_FOR_CONNECTIONS_S = 2.0
"""Another server may have added one, changed it or removed it."""

STAND_BY_S = 60.0
"""Between looks at whether a connection has become ours; `wake` tells it sooner."""
MAX_PACE_S = 300.0
"""... nor is the index of tables ever older by plan."""

OpenStore = Callable[[str, AccessRef], Store]
T = TypeVar("T")


@dataclass
class Wish:
    """What a refresher was asked to look at; everything, or only some tables."""

    everything: bool = True
    tables: set[str] = field(default_factory=set)

    @property
    def is_empty(self) -> bool:
        """Nobody asked for anything."""
        return not (self.everything or self.tables)


class Refresher:
    """Refreshers of all connections as one.

    Of several servers each looks at its part of the connections by itself; what it is asked to look
    at it does at once, whoever else has the connection.

    Args:
        connections: those there are now; asked again and again.
    """

    def __init__(
        self,
        connections: Callable[[], Mapping[str, Connection]],
        index: TableIndex,
        runs: RunStore,
        pace_s: float,
        leases: Leases,
        open_store: OpenStore = Store.open,
    ) -> None:
        self._connections = connections
        self._index = index
        self._leases = leases
        self._ours: frozenset[str] = frozenset()
        self._make = partial(
            ConnectionRefresher,
            index=index,
            runs=runs,
            pace_s=pace_s,
            open_store=open_store,
            is_ours=self.is_ours,
        )
        self._lock = threading.Lock()
        self._workers: dict[str, ConnectionRefresher] = {}
        self._loop = Loop(
            "refresh-all",
            self._follow_connections,
            LOOK_FOR_CONNECTIONS_S,
            log,
            "Could not look for connections",
        )

    def start(self) -> None:
        """Begin with a look at everything."""
        self._follow_connections()
        self._loop.start()

    def stop(self) -> None:
        """End after the tables at hand; a store that hangs is not waited for."""
        self._loop.ask_to_stop()
        workers = self._now()
        for worker in workers:
            worker.ask_to_stop()
        deadline = time.monotonic() + 2
        for worker in workers:
            worker.join(max(0.0, deadline - time.monotonic()))
        self._loop.join(max(0.0, deadline - time.monotonic()))

    def look_for_connections(self) -> None:
        """One was added, changed or removed: see to its worker now."""
        self._loop.wake()

    def _follow_connections(self) -> None:
        """A worker for every connection as it is now, and none for any other."""
        wanted = dict(self._connections())
        with self._lock:
            if self._loop.is_stopping:
                return
            outdated = [
                w for w in self._workers.values() if wanted.get(w.connection.name) != w.connection
            ]
            for worker in outdated:
                worker.ask_to_stop()
                del self._workers[worker.connection.name]
            for name in wanted.keys() - self._workers.keys():
                self._workers[name] = self._make(wanted[name])
                self._workers[name].start()
        self._take_part(wanted)
        for name in {worker.connection.name for worker in outdated} - wanted.keys():
            self._index.remove_connection(name)

    def is_ours(self, connection: str) -> bool:
        """It is on this server to look at the connection again and again."""
        return self._leases.has(_subject(connection))

    def _take_part(self, wanted: Iterable[str]) -> None:
        before, self._ours = self._ours, frozenset()
        self._ours = self._leases.share([_subject(name) for name in wanted])
        for worker in self._now():
            if _subject(worker.connection.name) in self._ours - before:
                worker.wake()

    def _now(self) -> list[ConnectionRefresher]:
        with self._lock:
            return list(self._workers.values())

    def nudge(self, connection: str | None = None) -> None:
        """Look at everything again, now."""
        for worker in self._now():
            if connection in (None, worker.connection.name):
                worker.ask(None)

    def nudge_tables(self, target: str, tables: Iterable[str]) -> None:
        """Look at tables of a target again, now."""
        names = list(tables)
        for worker in self._now():
            if worker.target == target:
                worker.ask(names)

    @property
    def is_working(self) -> bool:
        """Every thread lives."""
        return self._loop.is_working and all(worker.is_alive for worker in self._now())


def _subject(connection: str) -> str:
    return f"connection/{connection}"


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
        except Exception:
            # Whatever one pass met, the next may not; old answers stay.
            REFRESH_FAILURES.add(self.connection.name)
            log.exception("Could not refresh %s", self.connection.name)

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
        check = _Check()
        note = self._index.newest_note(self.connection.name)
        kept, self._kept = self._kept, None
        if kept is None or kept.note != note:
            kept = Kept(note, self._index.rows_of(self.connection.name))
        self._holds_until = dict(kept.holds_until)
        rows, saved = ({name: dict(row) for name, row in kept.rows.items()} for _ in "rs")
        try:
            target = self._open(self.connection.target, self.connection.target_access)
        except CdalakeError as error:
            self._save_check(_Check(error=error.as_problem()))
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
        self._read_histories(target, rows, names)
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
        changed = [name for name in moved if not _is_only_newer(rows[name], saved.get(name))]
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
        self, target: Store, rows: dict[str, Row], check: _Check, taken: Manifest
    ) -> None:
        """Read the manifest and list the target; what cannot be read keeps its old facts.

        Args:
            taken: what the rows say of the manifest is from this one.
        """
        manifest = check.source(lambda: read_manifest(self._source(), known=self._manifest))
        folders = check.target(lambda: _folders(target))
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
            facts = {"app": app_of(name), "is_typelist": is_typelist(name)}
            rows[name] = {**BLANK, **facts, "connection": self.connection.name, "name": name}
        return rows[name]

    def _take_manifest(self, manifest: Manifest, rows: dict[str, Row]) -> None:
        self._manifest = manifest
        for row in rows.values():
            if row["name"] not in manifest.entries and row["name"] not in manifest.problems:
                row.update(_NOT_NAMED)
        for name, entry in manifest.entries.items():
            self._row(rows, name).update(_manifest_columns(entry))
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
        with ThreadPoolExecutor(READERS, thread_name_prefix="index") as pool:
            for name, columns in pool.map(lambda n: self._read(target, rows[n]), names):
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
        if row["version"] is None and _is_nothing(row):
            self._nothing[name] = time.monotonic()
            self._index.remove(self.connection.name, [name])
            del rows[name]

    def _read(self, target: Store, row: Row) -> tuple[str, Row]:
        name = row["name"]
        if self._stop.is_set():
            return name, {}
        if not _is_place(row):
            return name, dict(NO_TABLE)
        try:
            return name, self._log_columns(target, row)
        except CdalakeError as error:
            return name, {"read_error": error.as_problem().to_json()}
        except Exception as error:
            # A log written by others may break any assumption; that is a fact about this table.
            log.exception("Could not read %s", name)
            return name, {"read_error": _unreadable(name, error).to_json()}

    def _log_columns(self, target: Store, row: Row) -> Row:
        name = row["name"]
        version, tag = _newest(target, name, row["version"])
        if version is None:
            return dict(NO_TABLE)
        memory = read_state(target, name)
        listed_ms = memory.listed_manifest_time if memory else None
        is_known = (version, tag) == (row["version"], row["commit_tag"])
        if is_known and row["read_error"] is None:
            return {"listed_ms": _newer(listed_ms, row["listed_ms"]), **_read_at(row)}
        snapshot = read_snapshot(target, name)
        if snapshot is None:
            return dict(NO_TABLE)
        return columns_of(snapshot) | {"listed_ms": listed_ms, "read_at": utc_now()}

    # -- runs and health --------------------------------------------------------------------

    def _take_run_ends(self, rows: dict[str, Row]) -> list[str]:
        """Take in how runs ended tables since the last look; the tables with news."""
        # Rows of runs are written beside the runs: an end may come to light after a later one.
        since = self._runs_seen - ENDS_OVERLAP if self._runs_seen else None
        news, recovered = [], []
        for end in self._runs.ends(self.target, since):
            self._runs_seen = max(end["finished_at"], self._runs_seen or end["finished_at"])
            row = rows.get(end["table_name"])
            if row is not None and _is_news(row, end):
                recovered += _recovery(row, end)
                row.update(_run_columns(row, end))
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

    # -- history ----------------------------------------------------------------------------

    def _read_histories(self, target: Store, rows: dict[str, Row], names: Sequence[str]) -> None:
        behind = [
            rows[name]
            for name in names
            if name in rows and _version(rows[name]) != rows[name]["history_to"]
        ]
        for row in behind:
            if self._stop.is_set():
                return
            try:
                self._read_history(target, row)
            except CdalakeError as error:
                log.warning("No history of %s: %s", row["name"], error)
            except Exception:
                # As in `_read`: whatever others wrote into one log is that table's trouble alone.
                log.exception("No history of %s", row["name"])

    def _read_history(self, target: Store, row: Row) -> None:
        name, connection = row["name"], self.connection.name
        version = _version(row)
        seen = row["history_to"]
        if seen > version:
            self._index.forget_history(connection, name)
            seen = -1
        while seen < version and not self._stop.is_set():
            found = read_commits(target, name, after=seen, limit=COMMITS_AT_ONCE)
            schema = self._index.last_schema(connection, name)
            added = commit_rows([commit for commit in found if commit.version <= version], schema)
            if not added or not self._index.add_commits(connection, name, seen, added):
                return
            seen = added[-1]["version"]

    def _save_check(self, check: _Check) -> None:
        known = self._index.checks().get(self.connection.name, {})
        self._index.save_check(
            {
                "connection": self.connection.name,
                "target": self.target,
                "source_ok": check.source_ok,
                "target_ok": check.target_ok,
                "source_ms": check.source_ms,
                "target_ms": check.target_ms,
                "error": check.error.to_json() if check.error else None,
                "checked_at": utc_now(),
                "as_of": check.as_of or known.get("as_of"),
            }
        )


@dataclass
class _Check:
    """How source and target answered in one pass."""

    source_ok: bool | None = None
    target_ok: bool | None = None
    source_ms: float | None = None
    target_ms: float | None = None
    error: Problem | None = None
    as_of: datetime | None = None

    def source(self, read: Callable[[], Manifest]) -> Manifest | None:
        """Read the manifest, and remember how that went."""
        manifest, self.source_ms = self._timed(read)
        self.source_ok = manifest is not None
        return manifest

    def target(self, read: Callable[[], list[str]]) -> list[str] | None:
        """List the target, and remember how that went."""
        folders, self.target_ms = self._timed(read)
        self.target_ok = folders is not None
        return folders

    def _timed(self, read: Callable[[], T]) -> tuple[T | None, float]:
        began = time.monotonic()
        found = None
        try:
            found = read()
        except CdalakeError as error:
            self.error = self.error or error.as_problem()
        return found, round((time.monotonic() - began) * 1000, 1)


def _folders(target: Store) -> list[str]:
    try:
        names = target.list_folders()
    except NotFound as error:
        # Before its first run a target is not there yet; a bucket has to be.
        if error.code == "BUCKET_NOT_FOUND":
            raise
        return []
    return [name for name in names if not name.startswith(("_", ".")) and len(name) <= 256]


_NOT_NAMED: Row = {
    "in_manifest": False,
    "manifest_ms": None,
    "records": None,
    "data_files_path": None,
    "fingerprints": {},
    "manifest_problem": None,
}


def _manifest_columns(entry: ManifestEntry) -> Row:
    return {
        "in_manifest": True,
        "manifest_ms": entry.manifest_time,
        "records": entry.records,
        "data_files_path": entry.data_files_path,
        "fingerprints": dict(entry.schema_history),
        "manifest_problem": None,
    }


def _newest(target: Store, name: str, known: int | None) -> tuple[int | None, str | None]:
    """The newest version and the tag of its commit, in one listing while the known one is there.

    The tag tells a table that was made anew, up to the version it had before.
    """
    listing = list_log(target, name, known or 0)
    if known and listing.latest is None:
        listing = list_log(target, name)
    if listing.latest is None:
        return None, None
    commit = listing.commits.get(listing.latest)
    return listing.latest, commit.e_tag if commit else None


def _newer(told: int | None, counted: int | None) -> int | None:
    """A run's listing or our own count, whichever knows more of an unchanged table."""
    return max((at for at in (told, counted) if at is not None), default=None)


def _read_at(row: Row) -> Row:
    """A new time now and then: a row that says nothing else new is not written each time."""
    known = row["read_at"]
    is_old = known is None or utc_now() - known > READ_AGAIN
    return {"read_at": utc_now()} if is_old else {}


def _is_only_newer(row: Row, saved: Row | None) -> bool:
    """The log was read again and says what it said before."""
    return saved is not None and {**row, "read_at": None} == {**saved, "read_at": None}


def _is_place(row: Row) -> bool:
    """The name can be a folder of the target; a manifest may name anything."""
    problem = row["manifest_problem"] or {}
    name = row["name"]
    is_folder = "/" not in name and not name.startswith(("_", "."))
    return is_folder and problem.get("code") != "BAD_TABLE_NAME"


def _version(row: Row) -> int:
    return -1 if row["version"] is None else int(row["version"])


def _is_nothing(row: Row) -> bool:
    return not row["in_manifest"] and row["read_error"] is None


def _unreadable(name: str, error: Exception) -> Problem:
    return Problem(
        "TABLE_UNREADABLE",
        f"The log of {name} cannot be understood: {type(error).__name__}: {str(error)[:200]}.",
        "See whether another tool reads the table; if so, please report it.",
    )


def _is_news(row: Row, end: Row) -> bool:
    known = (row["run_id"], row["run_status"], row["run_at"])
    is_older = row["run_at"] is not None and end["finished_at"] < row["run_at"]
    return not is_older and known != (end["run_id"], end["status"], end["finished_at"])


def _recovery(row: Row, end: Row) -> list[Row]:
    """The time a table was failed, when this end is the one that mended it."""
    if row["failing_since"] is None or end["status"] in BAD_RUNS:
        return []
    key = {"connection": row["connection"], "table_name": row["name"]}
    return [{**key, "began_at": row["failing_since"], "ended_at": end["finished_at"]}]


def _run_columns(row: Row, end: Row) -> Row:
    is_bad = end["status"] in BAD_RUNS
    return {
        "run_id": end["run_id"],
        "run_status": end["status"],
        "run_error": end["error"],
        "run_at": end["finished_at"],
        "failing_since": (row["failing_since"] or end["finished_at"]) if is_bad else None,
    }


def facts_of(row: Row) -> Facts:
    """The facts of a row that its health follows from."""
    return Facts(
        in_manifest=row["in_manifest"],
        version=row["version"],
        manifest_ms=row["manifest_ms"],
        watermark_ms=row["watermark_ms"],
        listed_ms=row["listed_ms"],
        gap_s=row["gap_s"],
        manifest_problem=row["manifest_problem"],
        read_error=row["read_error"],
        run_id=row["run_id"],
        run_status=row["run_status"],
        run_error=row["run_error"],
    )
