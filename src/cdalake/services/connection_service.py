"""Connections on the page: shown, tried, added, changed and removed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from cdalake.catalog.connections import ConnectionStore, StoredConnection, Tally
from cdalake.catalog.pauses import Pause, Pauses
from cdalake.catalog.runs import RunStore
from cdalake.catalog.tables import Row, TableIndex
from cdalake.cda.source import Rebase
from cdalake.engine.progress import RunState
from cdalake.errors import RunConflict, StoreUnavailable, UsageError
from cdalake.models.connection import (
    ConnectionChange,
    ConnectionInfo,
    ConnectionTestResult,
    ConnectionValues,
    NewConnection,
    PauseInfo,
    ValueChange,
)
from cdalake.models.guidewire import PreflightStep
from cdalake.services import run_views
from cdalake.services.checks import Check, Export, Step, carry_out, source_checks, target_checks
from cdalake.services.connections import PAGE, Connections, not_found
from cdalake.services.deadline import Deadline
from cdalake.services.endpoints import Endpoints
from cdalake.services.table_summary import moment
from cdalake.settings import Connection, Settings, connection_of
from cdalake.storage import Store, overlap, parse_location

STEP_S = 8.0
TESTS_AT_ONCE = 4


class ConnectionService:
    """What the page and the API do with connections.

    Args:
        changed: told that a connection was added, changed or removed.
        resumed: told that runs need not wait any more.
    """

    def __init__(
        self,
        settings: Settings,
        connections: Connections,
        store: ConnectionStore,
        index: TableIndex,
        runs: RunStore,
        pauses: Pauses,
        changed: Callable[[], None],
        resumed: Callable[[], None],
    ) -> None:
        self._settings = settings
        self._connections = connections
        self._store = store
        self._index = index
        self._runs = runs
        self._pauses = pauses
        self._changed = changed
        self._resumed = resumed
        self._endpoints = Endpoints(settings)
        self._tests = threading.BoundedSemaphore(TESTS_AT_ONCE)

    # -- show -------------------------------------------------------------------------------

    def list(self) -> list[ConnectionInfo]:
        """Every connection with what is known of it."""
        stored = {each.name: each for each in self._store.all()}
        tallies, checks = self._store.tallies(), self._index.checks()
        pauses = self._pauses.all()
        return [
            _info(
                connection, stored.get(name), tallies.get(name), checks.get(name), pauses.get(name)
            )
            for name, connection in self._connections.all().items()
        ]

    def get(self, name: str) -> ConnectionInfo:
        """One of them.

        Raises:
            NotFound: ``CONNECTION_NOT_FOUND``.
        """
        found = next((each for each in self.list() if each.name == name), None)
        if found is None:
            raise not_found(name)
        return found

    # -- change -----------------------------------------------------------------------------

    def add(self, new: NewConnection, by: str, *, preview: bool) -> ConnectionChange:
        """Keep a new connection.

        Raises:
            RunConflict: ``CONNECTION_EXISTS``.
            CdalakeError: its values cannot be used.
        """
        given = self._checked(new.name, new.values)
        if new.name in self._connections.all():
            raise _exists(new.name)
        if preview:
            return _change(new.name, None, {}, given, preview=True)
        kept = self._store.add(new.name, given, by)
        if kept is None:
            raise _exists(new.name)
        self._tell()
        return _change(new.name, kept.revision, {}, given)

    def replace(
        self, name: str, values: ConnectionValues, revision: str | None, by: str, *, preview: bool
    ) -> ConnectionChange:
        """Give a connection other values.

        Raises:
            NotFound: ``CONNECTION_NOT_FOUND``.
            RunConflict: ``CONNECTION_READ_ONLY`` or ``CONNECTION_CHANGED``.
            CdalakeError: the values cannot be used.
        """
        before = self._editable(name, revision)
        given = self._checked(name, values)
        if preview or dict(before.given) == given:
            return _change(name, before.revision, before.given, given, preview=preview)
        kept = self._store.replace(name, given, by, before.revision)
        if kept is None:
            raise _changed(name)
        self._tell()
        return _change(name, kept.revision, before.given, given)

    def remove(self, name: str, revision: str | None) -> ConnectionChange:
        """Forget a connection; source, target and the runs it had stay as they are.

        Raises:
            NotFound: ``CONNECTION_NOT_FOUND``.
            RunConflict: ``CONNECTION_READ_ONLY``, ``CONNECTION_CHANGED`` or ``CONNECTION_IN_USE``.
        """
        before = self._editable(name, revision)
        self._refuse_while_runs_wait(name)
        if not self._store.remove(name, before.revision):
            raise _changed(name)
        self._tell()
        return _change(name, None, before.given, {})

    def _refuse_while_runs_wait(self, name: str) -> None:
        """They would begin, with a connection that nobody sees any more."""
        unfinished = self._runs.unfinished()
        waiting = [r for r in unfinished if r.connection == name and r.state is RunState.PENDING]
        if waiting:
            raise RunConflict(
                "CONNECTION_IN_USE",
                f"Run {waiting[0].run_id} of the connection {name!r} has not begun yet.",
                "Cancel it or let it end, then remove the connection.",
            )

    # -- pause ------------------------------------------------------------------------------

    def pause(self, name: str, by: str) -> bool:
        """Let no run of a connection begin; those that go on do. False: they are paused already.

        Raises:
            NotFound: ``CONNECTION_NOT_FOUND``.
        """
        self._connections.require(name)
        return self._pauses.begin(name, by)

    def resume(self, name: str) -> bool:
        """Let runs begin again, the one that waits longest first. False: they were not paused.

        Those of a connection that is gone from the configuration, too: they wait for nothing else.

        Raises:
            NotFound: ``CONNECTION_NOT_FOUND``: neither a connection nor a pause.
        """
        was_paused = self._pauses.end(name)
        if not was_paused:
            self._connections.require(name)
        self._resumed()
        return was_paused

    def _editable(self, name: str, revision: str | None) -> StoredConnection:
        known = self._connections.fresh().get(name)
        if known is not None and known.origin != PAGE:
            raise RunConflict(
                "CONNECTION_READ_ONLY",
                f"The connection {name!r} is from {known.origin}.",
                "Change it there and start the server again.",
            )
        stored = next((each for each in self._store.all() if each.name == name), None)
        if stored is None:
            raise not_found(name)
        if revision is None:
            raise UsageError(
                "REVISION_MISSING",
                "The request does not say which revision of the connection it is about.",
                "Send the revision that GET gave as If-Match.",
            )
        if revision != stored.revision:
            raise _changed(name)
        return stored

    def _checked(self, name: str, values: ConnectionValues) -> dict[str, Any]:
        given = values.given()
        self._endpoints.check(self._usable(name, given))
        return given

    def _usable(self, name: str, given: Mapping[str, Any]) -> Connection:
        connection = connection_of(name, given, f"connection {name!r}", self._settings.limits)
        source, target = parse_location(connection.source), parse_location(connection.target)
        if overlap(source, target):
            raise UsageError(
                "PATHS_OVERLAP",
                f"The source {source.url} and the target {target.url} overlap.",
                "Write the tables to a place outside of the export.",
            )
        if connection.rebase:
            Rebase.parse(connection.rebase)
        return connection

    def _tell(self) -> None:
        self._connections.reread()
        self._changed()

    # -- test -------------------------------------------------------------------------------

    def test(self, values: ConnectionValues, *, consent: bool) -> ConnectionTestResult:
        """Try a connection that need not be kept.

        Raises:
            CdalakeError: its values cannot be used.
        """
        connection = self._usable("test", values.given())
        self._endpoints.check(connection)
        return self._try(connection, consent=consent)

    def test_known(self, name: str, *, consent: bool) -> ConnectionTestResult:
        """Try a connection that there is.

        Raises:
            NotFound: ``CONNECTION_NOT_FOUND``.
        """
        connection = self._connections.require(name)
        self._endpoints.check_again(connection)
        return self._try(connection, consent=consent)

    def _try(self, connection: Connection, *, consent: bool) -> ConnectionTestResult:
        if not self._tests.acquire(blocking=False):
            raise StoreUnavailable(
                "TESTS_BUSY",
                f"{TESTS_AT_ONCE} connections are being tested already.",
                "Try again when one of them has ended.",
            )
        try:
            began = time.monotonic()
            steps = [step for checks in _sides(connection, consent=consent) for step in checks]
            seconds = round(time.monotonic() - began, 3)
        finally:
            self._tests.release()
        ok = not any(step.is_failed for step in steps)
        shown = [PreflightStep(**asdict(step)) for step in steps]
        return ConnectionTestResult(ok=ok, seconds=seconds, steps=shown)


def _sides(connection: Connection, *, consent: bool) -> Any:
    """The steps of both stores; each has a deadline of its own, so that none waits for another."""
    rebase = Rebase.parse(connection.rebase) if connection.rebase else None

    def source() -> list[Check]:
        store = Store.open(connection.source, connection.source_access)
        return source_checks(Export(store, rebase))

    def target() -> list[Check]:
        store = Store.open(connection.target, connection.target_access)
        return target_checks(store, consent=consent)

    yield _carried_out("source", source)
    yield _carried_out("target", target)


def _carried_out(side: str, make: Callable[[], list[Check]]) -> list[Step]:
    """The steps of one store; what keeps it from being opened is the first one's failure."""
    from cdalake.errors import CdalakeError
    from cdalake.services.checks import StepState

    try:
        checks = make()
    except CdalakeError as error:
        title = f"Find the credentials of the {side}"
        failed = StepState.FAILED
        return [Step(f"{side}.credential", title, failed, 0, error.message, error.code, error.hint)]
    return list(carry_out(checks, Deadline(STEP_S)))


def _change(
    name: str,
    revision: str | None,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    preview: bool = False,
) -> ConnectionChange:
    keys = [*before, *(key for key in after if key not in before)]
    return ConnectionChange(
        name=name,
        revision=revision,
        differences=[
            ValueChange(key=key, before=before.get(key), after=after.get(key))
            for key in keys
            if before.get(key) != after.get(key)
        ],
        is_preview=preview,
    )


def _info(
    connection: Connection,
    stored: StoredConnection | None,
    tally: Tally | None,
    check: Row | None,
    pause: Pause | None,
) -> ConnectionInfo:
    told, counted = check or {}, tally or Tally()
    ours = stored if connection.origin == PAGE else None
    given = ours.given if ours else {k: getattr(connection, k) for k in sorted(connection.given)}
    return ConnectionInfo(
        name=connection.name,
        source=connection.source,
        target=connection.target,
        credential=connection.credential_label,
        values=dict(given),
        origin=connection.origin,
        is_editable=ours is not None,
        revision=ours.revision if ours else None,
        changed_at=ours.changed_at if ours else None,
        changed_by=ours.changed_by if ours else None,
        tables=sum(counted.health.values()),
        loaded=counted.loaded,
        health=dict(counted.health),
        manifest_time=moment(counted.manifest_ms),
        manifest_read_at=told.get("as_of"),
        source_ok=told.get("source_ok"),
        target_ok=told.get("target_ok"),
        source_ms=told.get("source_ms"),
        target_ms=told.get("target_ms"),
        error=run_views.error(told.get("error")),
        checked_at=told.get("checked_at"),
        pause=PauseInfo(by=pause.by, at=pause.at) if pause else None,
    )


def _exists(name: str) -> RunConflict:
    return RunConflict(
        "CONNECTION_EXISTS", f"There is a connection {name!r} already.", "Choose another name."
    )


def _changed(name: str) -> RunConflict:
    return RunConflict(
        "CONNECTION_CHANGED",
        f"Somebody changed the connection {name!r} in the meantime.",
        "Look at it again, then repeat your change.",
    )
