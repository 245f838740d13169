"""What the run keeps of an errand, whatever its worker does. Needs Ray's code, starts none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from cdalake.cda.layout import SourceFile
from cdalake.cda.manifest import ManifestEntry
from cdalake.delta.actions import DataFile
from cdalake.delta.schema import Schema
from cdalake.engine.bring import Brought
from cdalake.engine.execute import TableRun
from cdalake.engine.plan import Exchange
from cdalake.engine.progress import Event, TableResult, TableState
from cdalake.engine.sync import opened
from cdalake.errors import Problem, SourceError
from cdalake.runners.places import is_ray_installed
from cdalake.storage import ObjectInfo, Store
from conftest import Lake

if TYPE_CHECKING:
    from cdalake.runners.ray_errands import ParcelErrand, TableErrand

pytestmark = pytest.mark.skipif(not is_ray_installed(), reason="Ray is not installed")

PROBLEM = Problem("RAY_WORKER_LOST", "Three were lost.", "Look at the memory.")
COMMIT = Event(
    "committed",
    "version 0",
    "cc_claim",
    data={"version": 0, "folders": 2, "files": 3, "rows": 50, "bytes": 900},
)
ENTRY = ManifestEntry("cc_claim", 1, 7, "cc_claim", {"f": 1})


class Away:
    """A table that is with a worker, and what the run heard and got of it."""

    def __init__(self, table: TableRun) -> None:
        from cdalake.runners.ray_errands import TableErrand

        self.told: list[Event] = []
        self.results: list[TableResult] = []
        self.errand: TableErrand = TableErrand(table, self.told.append, self.results.append)

    @property
    def result(self) -> TableResult:
        (only,) = self.results
        return only


@pytest.fixture
def away(lake: Lake) -> Iterator[Away]:
    with opened(lake.spec(), lake.listener, lambda: False, Store.open) as job:
        yield Away(TableRun(job, ENTRY))


def test_what_a_lost_worker_committed_stays_counted_when_nobody_takes_it_up(away: Away) -> None:
    """R49."""
    away.errand.hear(COMMIT)
    away.errand.fail(PROBLEM)
    assert away.result.status is TableState.PARTIAL
    assert (away.result.rows, away.result.commits, away.result.version) == (50, 1, 0)
    assert away.result.error == PROBLEM
    assert [event.kind for event in away.told] == ["error", "table_finished"]


def test_a_table_that_never_came_to_a_commit_has_failed(away: Away) -> None:
    away.errand.fail(PROBLEM)
    assert (away.result.status, away.result.version) == (TableState.FAILED, None)


def test_a_cancelled_table_has_a_result_and_an_end_in_the_log(away: Away) -> None:
    """R49, R51."""
    away.errand.hear(COMMIT)
    away.errand.cancel()
    assert (away.result.status, away.result.rows) == (TableState.CANCELLED, 50)
    assert away.told[-1].data["status"] == "cancelled"


def test_a_table_that_was_taken_up_began_when_the_lost_worker_did(away: Away) -> None:
    began = datetime(2026, 11, 26, tzinfo=UTC)
    away.errand.hear(Event("table_started", "started", "cc_claim", at=began))
    away.errand.attempt = 2
    away.errand.lost("NodeDiedError")
    away.errand.hear(Event("table_started", "started", "cc_claim"))
    away.errand.end(TableResult("cc_claim", TableState.OK, rows=70, start_watermark=5))
    assert (away.result.started_at, away.result.rows) == (began, 70)
    assert away.result.start_watermark is None
    assert [note.code for note in away.result.warnings] == ["RAY_WORKER_LOST"]


def test_the_plan_is_told_once_and_again_only_by_who_took_the_table_up(away: Away) -> None:
    planned = Event("table_planned", "2 folders", "cc_claim", data={"folders": 2})
    assert away.errand.hear(planned) is None
    away.errand.attempt = 2
    assert away.errand.hear(planned) is planned


def file(name: str, size: int = 10) -> SourceFile:
    at = datetime(2026, 11, 26, tzinfo=UTC)
    return SourceFile("f", 1, "1", name, ObjectInfo(f"cc_claim/f/1/{name}", size, None, at))


def brought(source: SourceFile) -> Brought:
    return Brought(source, DataFile(source.key, source.info.size, 0, 1, None), Schema())


class Sent:
    """A parcel that is with a worker, and the files that came."""

    def __init__(self, *files: SourceFile) -> None:
        from cdalake.runners.ray_errands import ParcelErrand
        from cdalake.runners.ray_tasks import Parcel

        self.files = files
        self.came: list[SourceFile] = []
        parcel = Parcel(ENTRY, None, Exchange(), files)
        self.errand: ParcelErrand = ParcelErrand("cc_claim #1", parcel, self.came.append)


def test_a_parcel_settles_file_by_file_and_an_error_keeps_its_code() -> None:
    sent = Sent(file("a"), file("b"), file("c"))
    error = SourceError("BAD_FILE", "b is no parquet.", "Deliver it again.")
    sent.errand.end([brought(sent.files[0]), error, None])
    first, second, third = sent.errand.futures
    assert first.result() == brought(sent.files[0])
    assert second.exception() is error
    assert third.result() is None
    assert sent.came == [sent.files[0]]


def test_a_parcel_of_a_table_that_gave_up_is_wanted_no_more_and_harms_nobody() -> None:
    sent = Sent(file("a"), file("b"))
    assert sent.errand.is_wanted
    for future in sent.errand.futures:
        future.cancel()
    assert not sent.errand.is_wanted
    sent.errand.end([brought(each) for each in sent.files])
    assert all(future.cancelled() for future in sent.errand.futures)


def test_files_are_packed_in_their_order_by_number_and_size() -> None:
    from cdalake.runners.ray_errands import parcels

    files = [file("a", 4), file("b", 4), file("c", 4), file("d", 40), file("e", 1)]
    packed = [[each.name for each in parcel] for parcel in parcels(files, 3, 10)]
    assert packed == [["a", "b"], ["c"], ["d"], ["e"]]


def test_a_worker_reads_how_much_memory_its_machine_has() -> None:
    from cdalake.runners.ray_tasks import machine_memory

    told = machine_memory()
    assert told is None or 0 < told[0] < told[1]
