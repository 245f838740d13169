"""Leases: which of several servers on one database does what.

A lease is a row with a holder and an end. Its holder renews it while it lives; when it does not,
another server takes it. One that died on our own machine is found out at once.
"""

from __future__ import annotations

import math
import os
import socket
import threading
import time
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, delete, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from cdalake.catalog.database import Database
from cdalake.catalog.schema import leases
from cdalake.engine.process import process_start
from cdalake.engine.progress import utc_now

LEASE_S = 12.0
RENEWED_BELOW_S = 8.0
"""Renewed when less is left: three chances before it ends."""
SLACK_S = 2.0
"""So much earlier than the others a holder takes its lease for ended."""
SERVER = "server/"


@dataclass(frozen=True)
class Holder:
    """A server process, told apart from every other on any machine."""

    host: str
    pid: int
    started: float | None
    token: str

    @classmethod
    def this(cls) -> Holder:
        """This process; every call makes another holder."""
        pid = os.getpid()
        return cls(socket.gethostname()[:255], pid, process_start(pid), uuid.uuid4().hex[:16])

    @classmethod
    def parse(cls, text: str) -> Holder:
        """The holder as the database has it."""
        host, pid, started, token = text.rsplit("|", 3)
        return cls(host, int(pid), None if started == "None" else float(started), token)

    def __str__(self) -> str:
        return f"{self.host}|{self.pid}|{self.started}|{self.token}"

    def knows_dead(self, other: str) -> bool:
        """The process behind a holder ran on our machine and is gone."""
        host, pid, started, _ = other.rsplit("|", 3)
        return host == self.host and str(process_start(int(pid))) != started


@dataclass(frozen=True)
class Held:
    """A lease that lasts: a subject is its holder's until then, by the database's clock."""

    subject: str
    holder: Holder
    until: datetime


@dataclass
class Leases:
    """The leases of one server; safe for several threads.

    Attributes:
        me: as whom it holds them.
        lasting_s: how long one lasts unless it is renewed.
    """

    database: Database
    me: Holder = field(default_factory=Holder.this)
    lasting_s: float = LEASE_S
    _until: dict[str, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def hold(self, subjects: Collection[str]) -> frozenset[str]:
        """Those of the subjects that are ours for now; free ones become ours."""
        with self._lock:
            self._forget_ended()
            due = [name for name in subjects if self._left(name) < self._renewed_below]
            if due:
                self._take(due)
            return frozenset(filter(self.has, subjects))

    def has(self, subject: str) -> bool:
        """The subject is ours, as far as we know."""
        return self._left(subject) > 0

    def share(self, subjects: Collection[str]) -> frozenset[str]:
        """Our part of the subjects: no more than a fair one while others live that take theirs."""
        self.hold([f"{SERVER}{self.me}"])
        fair = math.ceil(len(subjects) / max(1, len(self.servers())))
        ours = sorted(filter(self.has, subjects))
        if ours[fair:]:
            self.release(ours[fair:])
        kept = self.hold(ours[:fair])
        wanted = [name for name in subjects if name not in kept]
        for name in sorted(wanted):
            if len(kept) >= fair:
                break
            kept |= self.hold([name])
        return kept

    def servers(self) -> list[str]:
        """Holders that live."""
        return [str(lease.holder) for lease in self.held(SERVER)]

    def held(self, prefix: str = "") -> list[Held]:
        """Leases of every server that last, of subjects that begin so, in their order."""
        with self.database.reading() as reader:
            is_meant = leases.c.subject.startswith(prefix, autoescape=True)
            wanted = select(leases).where(is_meant).order_by(leases.c.subject)
            known = reader.execute(wanted).mappings().all()
            now = _now(reader)
        dead = self.me.knows_dead
        lasting = [row for row in known if row["until"] >= now and not dead(row["holder"])]
        return [Held(r["subject"], Holder.parse(r["holder"]), r["until"]) for r in lasting]

    def release(self, subjects: Iterable[str] | None = None) -> None:
        """Give leases back at once, all of them by default."""
        with self._lock:
            names = list(self._until) if subjects is None else list(subjects)
            for name in names:
                self._until.pop(name, None)
            ours = and_(leases.c.subject.in_(names), leases.c.holder == str(self.me))
            with self.database.writing() as writer:
                writer.execute(delete(leases).where(ours))

    @property
    def _renewed_below(self) -> float:
        return self.lasting_s * RENEWED_BELOW_S / LEASE_S

    def _left(self, subject: str) -> float:
        return self._until.get(subject, -math.inf) - time.monotonic()

    def _forget_ended(self) -> None:
        self._until = {name: at for name, at in self._until.items() if self._left(name) > 0}

    def _take(self, subjects: Collection[str]) -> None:
        """Renew what is ours and take what is free."""
        began = time.monotonic()
        with self.database.reading() as reader:
            now = _now(reader)
            named = select(leases).where(leases.c.subject.in_(subjects))
            known = {row["subject"]: row for row in reader.execute(named).mappings()}
        free = [n for n in subjects if n not in known or self._is_free(known[n], now)]
        if not free:
            return
        dead = {row["holder"] for row in known.values() if self.me.knows_dead(row["holder"])}
        with self.database.writing() as writer:
            won = self._write(writer, free, dead)
        slack = self.lasting_s * SLACK_S / LEASE_S
        self._until |= dict.fromkeys(won, began + self.lasting_s - slack)

    def _is_free(self, row: Mapping[Any, Any], now: datetime) -> bool:
        holder = row["holder"]
        return bool(holder == str(self.me) or row["until"] < now or self.me.knows_dead(holder))

    def _write(self, writer: Connection, subjects: Collection[str], dead: set[str]) -> list[str]:
        """Put our name to the subjects; those where nobody else was quicker."""
        now = _now(writer)
        writer.execute(delete(leases).where(leases.c.until < now - timedelta(hours=1)))
        insert = sqlite.insert if writer.dialect.name == "sqlite" else postgresql.insert
        values = {"holder": str(self.me), "until": now + timedelta(seconds=self.lasting_s)}
        statement = insert(leases).values([{"subject": n, **values} for n in sorted(subjects)])
        is_free = or_(
            leases.c.holder == str(self.me), leases.c.until < now, leases.c.holder.in_(dead)
        )
        put = statement.on_conflict_do_update(
            index_elements=["subject"], set_=values, where=is_free
        )
        return list(writer.execute(put.returning(leases.c.subject)).scalars())


def _now(connection: Connection) -> datetime:
    """The database's clock: those of several machines differ."""
    if connection.dialect.name == "sqlite":
        return utc_now()
    at: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    return at
