"""``cdalake sync``: a run in this process, told to a terminal, a script and the run directory."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import FrameType

from cdalake import __version__
from cdalake.cli.report import JsonLines, Plain, ProgressBar, Screen, print_result
from cdalake.engine.change import check_confirmed
from cdalake.engine.progress import RunResult, Sinks
from cdalake.engine.recorder import RunRecorder
from cdalake.engine.rundir import RunDirectory
from cdalake.engine.spec import Action, RunSpec, new_run_id
from cdalake.engine.sync import check, run
from cdalake.errors import UsageError
from cdalake.runners.places import check_place, place_for
from cdalake.settings import Connection, Settings, ad_hoc, load, user_name
from cdalake.storage import parse_location
from cdalake.telemetry import tracing


@dataclass(frozen=True)
class Request:
    """The arguments of ``plan``, ``sync`` and the choices."""

    source: str | None
    target: str | None
    connection: str | None
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    rebase: str | None = None
    layout: str | None = None
    schema_change: str | None = None
    confirm_replace: bool = False
    s3a: bool = False
    current: bool | None = None
    commit_per_folder: bool = False
    workers: int | None = None
    action: Action = Action.SYNC
    since: int | None = None
    files: tuple[str, ...] = ()
    on_bad_file: str = "fail"
    runner: str | None = None
    ray_address: str | None = None

    @property
    def places(self) -> tuple[str, ...]:
        """The arguments that say where export and tables are, as they were given."""
        where = (self.source, self.target) if self.source and self.target else ()
        named = {
            "--connection": self.connection,
            "--rebase": self.rebase,
            "--layout": self.layout,
        }
        options = (part for pair in named.items() if pair[1] for part in pair)
        return tuple(str(part) for part in (*where, *options))

    def resolve(self, settings: Settings) -> Connection:
        """The connection that is meant: SOURCE and TARGET, or a named one, or the default.

        Raises:
            UsageError: ``BAD_ARGUMENTS`` or ``NO_CONNECTION``.
        """
        if self.source and self.target and not self.connection:
            return self._named_alike(settings) or ad_hoc(self.source, self.target)
        if self.source or self.target:
            raise UsageError(
                "BAD_ARGUMENTS",
                "SOURCE and TARGET go together, and not with --connection.",
                "Give both, or only --connection NAME.",
            )
        return named(settings, self.connection)

    def _named_alike(self, settings: Settings) -> Connection | None:
        """A configured connection with the same places: the run then belongs to it."""
        same = (
            connection
            for connection in settings.connections.values()
            if (connection.source, connection.target) == (self.source, self.target)
        )
        return next(same, None)

    def spec(self, connection: Connection, trigger: str = "cli") -> RunSpec:
        """What the run is asked to do.

        Raises:
            UsageError: ``BAD_ARGUMENTS``: a cluster's address for a run that is not on Ray.
        """
        runner = self.runner or connection.runner
        if self.ray_address and runner == "threads":
            raise UsageError(
                "BAD_ARGUMENTS",
                "--ray-address names a cluster, and the run's runner is threads.",
                "Add --runner ray, or leave --ray-address out.",
            )
        return RunSpec(
            run_id=new_run_id(),
            connection=connection.name,
            # Whole: who retries the run later may stand in another folder.
            source=parse_location(connection.source).url,
            target=parse_location(connection.target).url,
            include=self.include,
            exclude=self.exclude,
            layout=self.layout or connection.layout,
            schema_change=self.schema_change or connection.schema_change,
            confirm_replace=self.confirm_replace,
            s3a=self.s3a,
            current=connection.current if self.current is None else self.current,
            rebase=self.rebase or connection.rebase,
            commit_per_folder=self.commit_per_folder,
            workers=self.workers or connection.workers,
            lookback_seconds=connection.lookback_seconds,
            settle_seconds=connection.settle_seconds,
            rest_seconds=connection.rest_seconds,
            trigger=trigger,
            requested_by=user_name(),
            source_access=connection.source_access,
            target_access=connection.target_access,
            action=self.action,
            since=self.since,
            files=self.files,
            on_bad_file=self.on_bad_file,
            runner=runner,
            ray_address=self.ray_address or connection.ray_address,
        )


def named(settings: Settings, name: str | None) -> Connection:
    """The connection `name` of the configuration, else of the database, which is slow to import.

    Raises:
        UsageError: ``NO_CONNECTION``, or the database cannot be used.
    """
    if name in settings.connections or (name is None and settings.connections):
        return settings.connection(name)
    from cdalake.catalog.database import is_still_to_be_made
    from cdalake.services.connections import open_connections

    if is_still_to_be_made(settings.database_url):
        # It knows no connection, and a question leaves nothing behind.
        return settings.connection(name)
    with open_connections(settings) as connections:
        return connections.get(name)


def run_here(request: Request, *, as_json: bool) -> int:
    """Run in this process until the end; its exit code."""
    settings = load()
    spec = request.spec(request.resolve(settings))
    check(spec)
    check_confirmed(spec)
    check_place(spec)
    screen = JsonLines() if as_json else terminal()
    with tracing.sending(os.environ, __version__):
        result = carry_out(settings, spec, screen)
    with suppress(BrokenPipeError):  # whoever read our output has heard enough
        if as_json:
            JsonLines.print_result(result)
        else:
            print_result(result, request.places)
    return result.exit_code


def terminal() -> Screen:
    """A progress bar on a terminal, lines elsewhere; both on standard error."""
    if not sys.stderr.isatty():
        return Plain()
    return ProgressBar(tells_errors=not sys.stdout.isatty())


def carry_out(settings: Settings, spec: RunSpec, screen: Screen) -> RunResult:
    """Run with a run directory and a row in the database, like any other run; close `screen`."""
    with _recorded(settings, spec) as (recorder, cancel_file), _cancel_by_signal() as is_stopped:
        sink = Sinks([screen, recorder] if recorder else [screen])
        # In a thread: a store that hangs would keep the main one from hearing a second Ctrl-C.
        with ThreadPoolExecutor(1, thread_name_prefix="run") as own:
            cancelled, place = lambda: is_stopped() or cancel_file(), place_for(spec)
            result = own.submit(run, spec, sink, cancelled, workplace=place).result()
        if recorder is not None:
            _close(recorder, result)
    screen.close()
    return result


def _close(recorder: RunRecorder, result: RunResult) -> None:
    """Write the end of the run; what is committed is so without a record of it."""
    try:
        recorder.close(result.to_json())
    except OSError as error:
        print(f"cdalake: the run directory is not complete: {error}", file=sys.stderr)


@contextmanager
def _recorded(
    settings: Settings, spec: RunSpec
) -> Iterator[tuple[RunRecorder | None, Callable[[], bool]]]:
    """The run's directory, and its row; a home that cannot be written is a warning."""
    try:
        directory = RunDirectory.create(settings.runs_dir, spec)
        recorder = RunRecorder(directory, spec.run_id)
    except OSError as error:
        print(f"cdalake: no run directory: {error}", file=sys.stderr)
        yield None, lambda: False
        return
    registration = Registration(settings, directory)
    registration.begin()
    try:
        yield recorder, lambda: directory.is_cancel_requested
    finally:
        registration.end()


class Registration:
    """Writes the run's row beside the work, not before it: the database is slow to import."""

    def __init__(self, settings: Settings, directory: RunDirectory) -> None:
        self._settings = settings
        self._directory = directory
        self._thread = threading.Thread(target=self._register, name="registration", daemon=True)

    def begin(self) -> None:
        """Insert the row, in a thread."""
        self._thread.start()

    def end(self) -> None:
        """Bring the row up to date with how the run ended."""
        self._thread.join()
        self._register()

    def _register(self) -> None:
        try:
            from cdalake.catalog.registration import register

            register(self._settings, self._directory)
        except Exception as error:  # noqa: BLE001 - the run itself is fine without its row
            print(f"cdalake: the run is not in the database: {error}", file=sys.stderr)


@contextmanager
def _cancel_by_signal() -> Iterator[Callable[[], bool]]:
    """Ctrl-C and SIGTERM stop the run at the next folder; a second one stops it at once."""
    stopped = threading.Event()

    def stop(number: int, _: FrameType | None) -> None:
        if stopped.is_set():
            os._exit(128 + number)
        stopped.set()
        print("cdalake: stopping at the next folder; again to stop at once", file=sys.stderr)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped.is_set
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
