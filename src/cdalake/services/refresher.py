"""Keeps the index of tables true, beside the requests: one thread per connection.

One more thread sees that there is a worker for every connection there is.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from cdalake.catalog.leases import Leases
from cdalake.catalog.runs import RunStore
from cdalake.catalog.tables import TableIndex
from cdalake.services.background import Loop
from cdalake.services.connection_refresher import ConnectionRefresher, OpenStore
from cdalake.settings import Connection
from cdalake.storage import Store

log = logging.getLogger("cdalake.refresh")

LOOK_FOR_CONNECTIONS_S = 2.0
"""Another server may have added one, changed it or removed it."""


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
