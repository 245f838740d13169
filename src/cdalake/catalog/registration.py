"""A run directory gets its row; the command line's own way into the database."""

from __future__ import annotations

from cdalake.catalog.database import Database, without_password
from cdalake.catalog.reading import Reading, adopted, read_attempt
from cdalake.catalog.runs import NewRun, Run, RunStore
from cdalake.engine.rundir import RunDirectory
from cdalake.errors import UsageError
from cdalake.settings import AMBIENT, AccessRef, Settings
from cdalake.storage import parse_location


def describe_database(settings: Settings) -> str:
    """Open the database, bring it up to date, and say which one it is.

    Raises:
        UsageError: it cannot be used.
    """
    database = Database.open(settings.database_url)
    try:
        url = without_password(database.engine.url)
    finally:
        database.close()
    return f"{url}, up to date"


def register(settings: Settings, directory: RunDirectory) -> None:
    """Write the row of the run in `directory`, or bring it up to date.

    Raises:
        UsageError: the database cannot be used.
    """
    database = Database.open(settings.database_url)
    try:
        adopt(RunStore(database), directory)
    finally:
        database.close()


def adopt(store: RunStore, directory: RunDirectory) -> Run | None:
    """The run of a directory, with a row from now on; None when it is no run's.

    Whoever finds a directory first, this process or a server, makes the row: a guest's, which
    nobody takes up again.
    """
    spec = directory.spec
    if spec is None or spec.run_id != directory.path.name:
        return None
    attempt, created = adopted(directory, spec)
    target = place(spec.target, spec.target_access)
    store.add(NewRun(spec, target, "guest", attempt=attempt, created_at=created))
    run = store.get(spec.run_id)
    if run is not None:
        fold(store, directory, run)
    return run


def fold(store: RunStore, directory: RunDirectory, run: Run) -> Reading | None:
    """Bring a row up to date with its directory, all tables of it."""
    reading = read_attempt(directory, run.attempt)
    if reading is not None:
        store.apply(run, reading, reading.tables)
    return reading


def place(url: str, access: AccessRef = AMBIENT) -> str:
    """One spelling of a target, to compare runs by; a bucket of that name may be elsewhere too."""
    try:
        location = parse_location(url)
    except UsageError:
        return url
    is_elsewhere = access.endpoint is not None and not location.is_local
    return f"{location.url} at {access.endpoint}" if is_elsewhere else location.url
