"""Let a table's current table follow the raw one, where that is asked for and has news."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cdalake.current.columns import Columns
from cdalake.current.files import Stores, current_path
from cdalake.current.halt import Cancelled
from cdalake.current.outcome import Ignored, Refreshed
from cdalake.delta.log import list_log
from cdalake.delta.schema import Schema
from cdalake.engine.job import Job
from cdalake.engine.progress import Note
from cdalake.engine.state import write_state
from cdalake.engine.view import TableView
from cdalake.errors import CdalakeError, SchemaConflict


def follow(
    job: Job, view: TableView, table: str, warn: Callable[[Note], None], *, anew: bool = False
) -> Refreshed | None:
    """Bring the current table up to the raw table as `view` has it.

    Costs one listing when it is there already, as the memory says and its own log does.

    Args:
        anew: merge everything again, whatever is there.

    Returns:
        None when there was nothing to do: it is there already, or the table cannot have one, which
        is a warning (R20).

    Raises:
        Cancelled: before it is there; the next run makes up for it.
        CdalakeError: of `cdalake.current.refresh.refresh`.
    """
    is_there = not anew and _is_there(job, view, table)
    if is_there or not _is_possible(view, table, warn):
        return None
    if job.is_cancelled():
        raise Cancelled
    from cdalake.current.refresh import refresh

    told = {"run_id": job.spec.run_id, "userName": job.spec.requested_by}
    stores = Stores(job.target, job.source)
    done = refresh(stores, table, told, anew=anew, is_cancelled=job.is_cancelled)
    for note in _notes(done.ignored):
        warn(note)
    _remember(job, view, table, done, warn)
    return done


def _is_there(job: Job, view: TableView, table: str) -> bool:
    """We made it of this very version, and nobody touched it since."""
    memory = view.memory
    made_of = (memory.current_id, memory.current_version)
    if view.metadata is None or made_of != (view.metadata.id, view.version):
        return False
    # Who was cancelled asks nothing more; as far as the memory knows it is there.
    return job.is_cancelled() or _is_as_it_was(job, table, memory.current_own_version)


def _is_as_it_was(job: Job, table: str, version: int | None) -> bool:
    """It was not deleted, put back to an earlier state or written to; one listing."""
    if version is None:
        return False
    return list_log(job.target, current_path(table), version).latest == version


def _is_possible(view: TableView, table: str, warn: Callable[[Note], None]) -> bool:
    if view.metadata is None:
        return False
    try:
        Columns.of(table, Schema.parse(view.metadata.schema_string))
    except SchemaConflict as error:
        if error.code != "NO_CDC_COLUMNS":
            raise
        # No error: it will never have them, and the raw table is all there is of it.
        warn(Note(error.code, error.message))
        return False
    return True


def _notes(ignored: Ignored) -> Iterator[Note]:
    if ignored.unknown_operations:
        yield Note(
            "UNKNOWN_OPERATION",
            f"{ignored.unknown_operations} changes are of an operation that CDA is not known to "
            "write; the current table ignores them.",
        )
    if ignored.without_id:
        yield Note(
            "NULL_ID", f"{ignored.without_id} changes have no id; the current table ignores them."
        )


def _remember(
    job: Job, view: TableView, table: str, done: Refreshed, warn: Callable[[Note], None]
) -> None:
    """Note how far it is: a failure costs the next run a look, no row (R55)."""
    view.memory.current_version = done.raw_version
    view.memory.current_id = view.metadata.id if view.metadata else ""
    view.memory.current_own_version = done.version
    view.memory.current_watermark = view.watermark
    try:
        write_state(job.target, table, view.memory)
    except CdalakeError as error:
        warn(Note("STATE_NOT_WRITTEN", error.message))
