"""What tables still have to bring, counted beside the requests."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cdalake.catalog.tables import Row
from cdalake.models.table import Health, ManifestPanel
from cdalake.services.connection_refresher import ConnectionRefresher, Wish
from cdalake.services.pending import TABLES, PendingCounter
from cdalake.settings import AccessRef
from cdalake.storage import Store

if TYPE_CHECKING:
    from .conftest import Home

HOUR_MS = 3600 * 1000


def panel(home: Home, name: str) -> ManifestPanel:
    return home.services.tables.detail(name, None, with_sample=False).manifest


def put_manifest_ahead(home: Home, name: str, hours: int) -> None:
    """The manifest vouches for a later moment; no folder comes with it."""
    manifest = home.lake.manifest()
    later = int(manifest[name]["lastSuccessfulWriteTimestamp"]) + hours * HOUR_MS
    entry = {**manifest[name], "lastSuccessfulWriteTimestamp": str(later)}
    home.lake.write_manifest({**manifest, name: entry})


def loaded(home: Home) -> str:
    """A loaded lake; its first table."""
    home.lake.export()
    home.ended(home.start())
    return min(home.refresh())


def test_a_table_that_is_not_loaded_has_everything_pending(home: Home) -> None:
    home.lake.export()
    name = min(home.refresh())
    told = panel(home, name)
    until = int(home.lake.manifest()[name]["lastSuccessfulWriteTimestamp"])
    listed = [i for i in home.lake.source.list(name) if int(i.path.split("/")[2]) <= until]
    files = [info for info in listed if info.path.endswith(".parquet")]
    assert told.pending_files == len(files)
    assert told.pending_folders == len({info.path.split("/")[2] for info in listed})
    assert told.pending_bytes == sum(info.size for info in files)
    assert told.pending == f"{told.pending_folders} folders"
    assert told.pending_as_of is not None


def test_new_folders_are_counted_until_a_run_brings_them(home: Home) -> None:
    name = loaded(home)
    assert (panel(home, name).pending, panel(home, name).pending_folders) == ("caught up", 0)
    home.lake.extend(3)
    row = home.refresh()[name]
    assert row["lag_s"] > 0
    assert panel(home, name).pending_folders == 3
    home.ended(home.start())
    home.refresh(name)
    told = panel(home, name)
    assert (told.pending, told.pending_folders, told.pending_bytes) == ("caught up", 0, 0)


def test_the_overview_says_how_many_folders_a_late_table_has_pending(home: Home) -> None:
    name = loaded(home)
    home.lake.extend(2)
    put_manifest_ahead(home, name, 30)
    home.refresh()
    item = next(i for i in home.services.dashboard.overview().attention if i.table == name)
    assert item.why.endswith("behind, 3 folders pending")
    assert "− watermark" in str(item.hint)  # noqa: RUF001


def test_a_manifest_time_ahead_of_the_newest_folder_is_caught_up_after_a_run(home: Home) -> None:
    home.lake.export()
    name = min(home.lake.manifest())
    put_manifest_ahead(home, name, 5)
    home.ended(home.start())
    row = home.refresh()[name]
    assert row["manifest_ms"] - row["watermark_ms"] >= 5 * HOUR_MS
    assert row["lag_s"] == 0
    assert row["health"] in (Health.HEALTHY, Health.QUIET)
    assert row["health_reason"].startswith("caught up")


def test_a_manifest_time_that_moves_ahead_without_a_folder_is_no_lag(home: Home) -> None:
    """No run has looked since; the count in the background has, and found nothing."""
    name = loaded(home)
    put_manifest_ahead(home, name, 5)
    row = home.refresh()[name]
    assert (row["lag_s"], panel(home, name).pending) == (0, "caught up")
    assert row["health"] in (Health.HEALTHY, Health.QUIET)
    again = home.refresh()[name]
    assert (again["lag_s"], again["health"]) == (0, row["health"])
    board = home.services.dashboard.overview()
    assert name not in [item.table for item in board.attention]


def test_a_manifest_ahead_with_a_folder_that_is_not_loaded_is_late(home: Home) -> None:
    name = loaded(home)
    home.lake.extend(1)  # and the folder that CDA was writing when the manifest was written
    put_manifest_ahead(home, name, 5)
    row = home.refresh()[name]
    assert row["health"] == Health.LATE
    assert row["lag_s"] >= 5 * 3600
    assert panel(home, name).pending_folders == 2


def test_a_table_is_quiet_when_its_manifest_time_is_old_and_ahead_of_its_folders(
    home: Home,
) -> None:
    """Caught up, but longer silent than is its habit: neither Late nor simply Healthy."""
    home.lake.export(folders=8)
    name = min(home.lake.manifest())
    put_manifest_ahead(home, name, 5)
    home.ended(home.start())
    row = home.refresh()[name]
    assert row["gap_s"] is not None
    assert row["health"] == Health.QUIET
    assert row["health_reason"].startswith("caught up; nothing new since")


def test_why_nothing_was_counted_is_said(home: Home) -> None:
    home.lake.export()
    name = min(home.lake.manifest())
    manifest = home.lake.manifest()
    away = {**manifest[name], "dataFilesPath": "/not/there"}
    home.lake.write_manifest({**manifest, name: away})
    home.refresh()
    told = panel(home, name)
    assert told.pending_folders is None
    assert str(told.pending).startswith("unknown: ")
    assert told.pending_as_of is not None


def test_a_connection_that_cannot_be_planned_says_so_of_every_table(home: Home) -> None:
    home.lake.export()
    bad = replace(home.refresher.connection, rebase="nonsense")
    refresher = ConnectionRefresher(bad, home.index, home.runs, 60)
    refresher.refresh(Wish())
    counts = home.index.pending.of("default")
    assert {row["error"]["code"] for row in counts.values()} == {"BAD_REBASE"}


def test_an_incomplete_folder_is_not_taken_for_caught_up(home: Home) -> None:
    """Its batch metrics promise rows whose file is missing: something is pending after all."""
    name = loaded(home)
    entry = home.lake.manifest()[name]
    fingerprint = max(entry["schemaHistory"], key=lambda f: int(entry["schemaHistory"][f]))
    later = int(entry["lastSuccessfulWriteTimestamp"]) + HOUR_MS
    metrics = b'{"numRecordsWritten": 7}'
    home.lake.source.put(f"{name}/{fingerprint}/{later}/.cda/batch-metrics.json", metrics)
    put_manifest_ahead(home, name, 5)
    row = home.refresh()[name]
    count = home.index.pending.of("default", [name])[name]
    assert count["error"]["code"] == "FOLDER_INCOMPLETE"
    assert row["lag_s"] > 0
    assert "batch metrics promise rows" in str(panel(home, name).pending)


class Counting:
    """Opens stores and remembers how often a source was listed."""

    def __init__(self, source: str, hang_s: float = 0) -> None:
        self.source = source
        self.hang_s = hang_s
        self.listed: list[str] = []

    def __call__(self, url: str, access: AccessRef) -> Store:
        store = Store.open(url, access)
        if url == self.source:
            return _Watched(store, self)
        return store


class _Watched(Store):
    """A store that tells of its listings, and may take its time."""

    def __init__(self, store: Store, counting: Counting) -> None:
        self.__dict__.update(store.__dict__)
        self._counting = counting

    def listing(self, prefix: str = "", *options: Any, **more: Any) -> Any:
        self._counting.listed.append(prefix)
        time.sleep(self._counting.hang_s)
        return super().listing(prefix, *options, **more)


def test_a_table_that_stands_still_is_counted_once(home: Home) -> None:
    home.lake.export()
    opened = Counting(home.lake.source_url)
    refresher = ConnectionRefresher(home.refresher.connection, home.index, home.runs, 60, opened)
    refresher.refresh(Wish())
    first = len(opened.listed)
    assert first == 3
    refresher.refresh(Wish())
    assert len(opened.listed) == first


def test_a_pass_counts_a_bounded_number_of_tables_and_the_next_goes_on(home: Home) -> None:
    home.lake.export(tables=1)
    (name,) = home.lake.manifest()
    entry = home.lake.manifest()[name]
    names = [f"cc_t{number:02}" for number in range(TABLES + 5)]
    home.lake.write_manifest(dict.fromkeys(names, entry))
    home.refresh()
    assert len(home.index.pending.of("default")) == TABLES
    home.refresh()
    assert len(home.index.pending.of("default")) == TABLES + 5


def test_a_source_that_hangs_costs_one_table_and_the_pass_goes_on(home: Home) -> None:
    from cdalake.services.deadline import Deadline

    home.lake.export()
    rows = home.refresh()
    home.index.forget_history("default", min(rows))  # its count with it
    opened = Counting(home.lake.source_url, hang_s=1)
    counter = PendingCounter(home.refresher.connection, home.index.pending, opened)
    counter._deadline = Deadline(0.05, at_once=1)
    entries = home.refresher._manifest.entries
    assert counter.count(entries, rows, lambda: False) == {}
    count = home.index.pending.of("default")[min(rows)]
    assert count["error"]["code"] == "STORE_TOO_SLOW"
    assert counter._choose(entries, rows) == []


def test_tables_most_behind_are_counted_first(home: Home) -> None:
    home.lake.export()
    rows = home.refresh()
    names = sorted(rows)
    for name in names:
        home.index.forget_history("default", name)
    behind: dict[str, Row] = {
        names[0]: {**rows[names[0]], "version": None},
        names[1]: {**rows[names[1]], "version": 1, "lag_s": 10},
        names[2]: {**rows[names[2]], "version": 1, "lag_s": 99},
    }
    counter = home.refresher._pending
    order = [c.entry.table for c in counter._choose(home.refresher._manifest.entries, behind)]
    assert order == [names[2], names[1], names[0]]
