"""Runs: start, watch, cancel, try again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from cdalake.catalog.registration import place
from cdalake.catalog.run_list import RunFilter, RunList
from cdalake.catalog.runs import NewRun, Run, RunStore
from cdalake.engine.progress import RunState
from cdalake.engine.rundir import RunDirectory
from cdalake.engine.spec import RunSpec, new_run_id
from cdalake.engine.sync import OpenStore, check
from cdalake.errors import CdalakeError, RunConflict, RunNotFound, UsageError
from cdalake.models.base import ErrorInfo
from cdalake.models.guidewire import (
    BulkAnswer,
    BulkItem,
    BulkRequest,
    GuidewireConfig,
    Message,
    ProcessingJobStatus,
    ProcessingJobSummary,
    RunFacets,
    StartJobRequest,
    StartJobResponse,
)
from cdalake.runners.base import Runner
from cdalake.runners.places import check_place
from cdalake.services import run_views
from cdalake.services.choices import check_choice
from cdalake.services.connections import Connections
from cdalake.services.endpoints import Endpoints
from cdalake.services.inline import keys_of, with_keys
from cdalake.services.queries import Requester
from cdalake.services.run_history import usual
from cdalake.services.run_logs import manifest_of
from cdalake.settings import Connection, Settings, refuse_secrets
from cdalake.storage import Store
from cdalake.storage.inline import GONE, InlineKeys, KeyRing

Rows = list[dict[str, Any]]

DRAWS = 10


class GuidewireService:
    """The design document's name for the service of runs.

    Args:
        wake: tells the reconciler that there is something to do.
        ring: keeps the keys that come with requests.
        me: this server among those on the database, as holder of such keys.
        region: of the process's environment; a request may name the same one only.
    """

    def __init__(
        self,
        settings: Settings,
        connections: Connections,
        store: RunStore,
        listed: RunList,
        runner: Runner,
        wake: Callable[[], None],
        ring: KeyRing,
        me: str,
        endpoints: Endpoints,
        region: str | None = None,
    ) -> None:
        self._settings = settings
        self._connections = connections
        self._store = store
        self._list = listed
        self._runner = runner
        self._wake = wake
        self._ring = ring
        self._me = me
        self._endpoints = endpoints
        self._region = region

    # -- start ------------------------------------------------------------------------------

    def start(self, request: StartJobRequest, requester: Requester) -> StartJobResponse:
        """Start a run, or answer with the one this request started before.

        Raises:
            UsageError: the config asks for what this server does not do.
            RunConflict: ``REQUEST_ID_REUSED``.
            AccessDenied: the connection leads where none of the page may.
        """
        self._endpoints.check_again(self._connections.get(request.config.connection))
        spec = self.spec_for(request.config, requester)
        before = self._asked_before(request.request_id)
        run, is_new = (before, False) if before else self._insert(request, spec)
        if _asked(run.spec) != _asked(spec):
            raise RunConflict(
                "REQUEST_ID_REUSED",
                f"Request {request.request_id!r} started run {run.run_id}, with another config.",
                "Choose a new request_id for a new run.",
            )
        self._wake()
        return _started(run, is_new=is_new)

    def _asked_before(self, request_id: str | None) -> Run | None:
        return self._store.by_request(request_id) if request_id else None

    def _insert(self, request: StartJobRequest, spec: RunSpec) -> tuple[Run, bool]:
        """The run, and whether it is new: the same request may have come twice at once."""
        keys = keys_of(request.config, self._settings)
        # Two runs of one second may draw one id; the next draw differs.
        for _ in range(DRAWS):
            new = NewRun(spec, place(spec.target, spec.target_access), "server", request.request_id)
            if (added := self._added(new, keys)) is not None:
                return added, True
            if (known := self._asked_before(request.request_id)) is not None:
                return known, False
            spec = replace(spec, run_id=new_run_id())
        raise RunConflict("RUN_ID_TAKEN", "No free run id was found.", "Try again.")

    def _added(self, new: NewRun, keys: InlineKeys | None) -> Run | None:
        """The run as it was inserted; None when its id or its request is known already."""
        run_id = new.spec.run_id
        if keys is None:
            return self._store.get(run_id) if self._store.add(new) else None
        # First: once the row is there, the reconciler may start it.
        if not self._ring.put(run_id, keys):
            return None
        if self._store.add(replace(new, keys_with=self._me)):
            return self._store.get(run_id)
        self._ring.drop(run_id)
        return None

    def spec_for(self, config: GuidewireConfig, requester: Requester) -> RunSpec:
        """What a run of `config` would be asked to do; nothing is touched.

        Raises:
            UsageError: the config asks for what this server does not do.
        """
        connection = self._connections.get(config.connection)
        spec = run_spec(config, connection, requester)
        check_choice(spec)
        keys = keys_of(config, self._settings)
        if keys is not None:
            spec = with_keys(spec, config, keys)
        else:
            self._check_config(config, connection)
        check(spec, self.opener(config))
        check_place(spec)
        return spec

    def opener(self, config: GuidewireConfig) -> OpenStore:
        """How a run of `config` opens its stores."""
        keys = keys_of(config, self._settings)
        return keys.open if keys else Store.open

    def _check_config(self, config: GuidewireConfig, connection: Connection) -> None:
        _check_same("aws_manifest_location", config.aws_manifest_location, connection.source)
        _check_same("aws_s3_bucket", config.aws_s3_bucket, connection.target)
        if config.aws_region and config.aws_region != (self._region or config.aws_region):
            raise _differs("aws_region", config.aws_region, str(self._region))

    # -- watch ------------------------------------------------------------------------------

    def list(
        self, wanted: RunFilter, limit: int, offset: int = 0, before: str | None = None
    ) -> tuple[list[ProcessingJobSummary], int, str | None]:
        """Runs, newest first, their number, and the id to go on behind."""
        page = self._list.page(wanted, limit, offset, before)
        return [run_views.summary(run) for run in page.runs], page.total, page.next_before

    def facets(self) -> RunFacets:
        """What runs can be filtered by."""
        return RunFacets(**asdict(self._list.facets()))

    def status(self, run_id: str) -> ProcessingJobStatus:
        """A run with every table, all of one moment.

        Raises:
            RunNotFound: there is none of that id.
        """
        run, rows = self._whole(run_id)
        alive = None
        if not run.state.is_final and run.process is not None:
            alive = self._runner.is_alive(run.process)
        directory = self._directory(run_id)
        last_line = directory.told_lines
        known = None if run.state.is_final else usual(self._list, run.target, run.spec)
        return run_views.status(
            run,
            rows,
            last_line=last_line,
            process_alive=alive,
            usual=known,
            cluster=directory.cluster_of(run.attempt),
            manifest_sha256=manifest_of(directory),
        )

    def require(self, run_id: str) -> Run:
        """The run of that id.

        Raises:
            RunNotFound: there is none.
        """
        return self._run(run_id)

    # -- change -----------------------------------------------------------------------------

    def cancel(self, run_id: str) -> Message:
        """Ask a run to stop at the next folder.

        Raises:
            RunNotFound: there is no such run.
            RunConflict: ``RUN_IS_FINAL``.
        """
        run = self._run(run_id)
        while not self._store.request_cancel(run):
            run = self._run(run_id)
            if run.state.is_final:
                raise RunConflict(
                    "RUN_IS_FINAL",
                    f"Run {run_id} has ended already: {run.state.value}.",
                    "There is nothing to cancel.",
                )
        directory = self._directory(run_id)
        if directory.path.is_dir():
            directory.request_cancel()
        self._wake()
        return Message(message="Cancellation requested")

    def retry(self, run_id: str) -> StartJobResponse:
        """Try the tables again that did not end well.

        Raises:
            RunNotFound: there is no such run.
            RunConflict: ``RUN_NOT_FINAL``, ``NOTHING_TO_RETRY`` or ``CREDENTIALS_GONE``.
        """
        run, tables = self._whole(run_id)
        if not run.state.is_final:
            raise RunConflict(
                "RUN_NOT_FINAL", f"Run {run_id} still goes on.", "Wait for its end, or cancel it."
            )
        if not run_views.is_retryable(run, tables):
            raise RunConflict(
                "NOTHING_TO_RETRY", f"Every table of run {run_id} ended well.", "Start a new run."
            )
        if run.keys_with is not None and self._ring.get(run_id) is None:
            raise RunConflict(
                GONE,
                f"The keys of run {run_id} came with its request; this server has them no more.",
                "Start a new run with the keys; they are never stored.",
            )
        if not self._store.retry(run, run_views.bad_tables(tables)):
            raise RunConflict("RUN_NOT_FINAL", f"Run {run_id} was retried already.", "Watch it.")
        self._wake()
        return _started(self._run(run_id), is_new=False)

    def bulk(self, request: BulkRequest) -> BulkAnswer:
        """Cancel or retry many; one that refuses stops no other."""
        act = self.cancel if request.action == "cancel" else self.retry
        return BulkAnswer(items=[_item(run_id, act) for run_id in dict.fromkeys(request.run_ids)])

    def _whole(self, run_id: str) -> tuple[Run, Rows]:
        found = self._store.whole(run_id)
        if found is None:
            raise RunNotFound.with_id(run_id)
        return found

    def _run(self, run_id: str) -> Run:
        run = self._store.get(run_id)
        if run is None:
            raise RunNotFound.with_id(run_id)
        return run

    def _directory(self, run_id: str) -> RunDirectory:
        # Ids come from our own table, never from a path of the request.
        return RunDirectory(self._settings.runs_dir / run_id)


def _started(run: Run, *, is_new: bool) -> StartJobResponse:
    message = "The run waits to start" if run.state is RunState.PENDING else "The run has started"
    return StartJobResponse(
        job_id=run.run_id, run_id=run.run_id, status=run.state.value, message=message, is_new=is_new
    )


def _item(run_id: str, act: Callable[[str], Message | StartJobResponse]) -> BulkItem:
    try:
        return BulkItem(run_id=run_id, ok=True, message=act(run_id).message, error=None)
    except CdalakeError as error:
        info = ErrorInfo(code=error.code, message=error.message, hint=error.hint)
        return BulkItem(run_id=run_id, ok=False, message=error.message, error=info)


def run_spec(config: GuidewireConfig, connection: Connection, requester: Requester) -> RunSpec:
    """What the run is asked to do."""
    return RunSpec(
        run_id=new_run_id(),
        connection=connection.name,
        source=connection.source,
        target=connection.target,
        include=tuple(config.table_names or ()),
        exclude=tuple(config.exceptions or ()),
        layout=connection.layout,
        current=connection.current,
        schema_change=config.schema_change or connection.schema_change,
        confirm_replace=config.confirm_replace,
        rebase=connection.rebase,
        commit_per_folder=config.commit_per_folder,
        workers=connection.workers if config.parallel else 1,
        runner=connection.runner if config.parallel else "threads",
        ray_address=connection.ray_address if config.parallel else None,
        ray_dedup_logs=(config.ray_dedup_logs or "1").lower() not in _OFF,
        lookback_seconds=connection.lookback_seconds,
        settle_seconds=connection.settle_seconds,
        rest_seconds=connection.rest_seconds,
        trigger=requester.trigger,
        requested_by=requester.name,
        largest_first=config.largest_tables_first_count,
        action=config.action,
        since=config.since,
        files=tuple(config.files or ()),
        source_access=connection.source_access,
        target_access=connection.target_access,
    )


_OFF = frozenset({"0", "false", "off", "no"})


def _asked(spec: RunSpec) -> tuple[object, ...]:
    """What makes two requests the same."""
    options = (spec.commit_per_folder, spec.workers, spec.largest_first, spec.inline_key)
    schema = (spec.schema_change, spec.confirm_replace)
    worked_at = (spec.runner, spec.ray_address, spec.ray_dedup_logs)
    chosen = (spec.action, spec.since, spec.files)
    places = (spec.connection, spec.source, spec.target)
    return *places, spec.include, spec.exclude, *options, *schema, *worked_at, *chosen


def _check_same(field: str, given: str | None, ours: str) -> None:
    if given is None:
        return
    # The refusal names what was given.
    refuse_secrets(given)
    if _bare(given) != _bare(ours):
        raise _differs(field, given, ours)


def _bare(location: str) -> str:
    bare = location.partition("://")[2] or location
    return bare.rstrip("/").removesuffix("/manifest.json")


def _differs(field: str, given: str, ours: str) -> UsageError:
    return UsageError(
        "NOT_THE_CONNECTIONS",
        f"{field} is {given!r}, but the connection has {ours!r}.",
        "Leave it out, or define another connection in cdalake.toml.",
    )
