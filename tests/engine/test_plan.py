"""The pure plan: properties over random inventories, cursors and keys (R7, R12, R13, R22, R56)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cdalake.cda.layout import Folder, Inventory, take_stock
from cdalake.cda.manifest import ManifestEntry
from cdalake.delta.actions import Metadata, Protocol
from cdalake.engine.plan import MAX_FILES, MAX_FOLDERS, Limits, TablePlan, plan_table
from cdalake.engine.state import TableMemory
from cdalake.engine.view import TableView
from cdalake.storage import ObjectInfo

# A busy machine is no defect of a plan.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
FINGERPRINTS = ["a", "b", "c"]
UNKNOWN = "unknown"
LATEST = 60


def listed(path: str, size: int = 100) -> ObjectInfo:
    return ObjectInfo(path, size, None, datetime(2026, 1, 1, tzinfo=UTC))


@dataclass(frozen=True)
class World:
    """A source, a table and options, as the plan sees them."""

    entry: ManifestEntry
    view: TableView
    inventory: Inventory
    promised: dict[str, int]
    limits: Limits

    def plan(self) -> TablePlan:
        return plan_table(self.entry, self.view, self.inventory, self.promised, self.limits)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    times = st.integers(0, LATEST)
    parts = st.integers(0, 3)
    shape = draw(
        st.dictionaries(st.tuples(st.sampled_from([*FINGERPRINTS, UNKNOWN]), times), parts)
    )
    listing = [
        listed(f"t/{fp}/{time}/{'_SUCCESS' if part < 0 else f'{part}.parquet'}")
        for (fp, time), count in shape.items()
        for part in range(-1, count)
    ]
    inventory = take_stock(listing, "t")
    cursors = draw(st.dictionaries(st.sampled_from(FINGERPRINTS), times))
    files = [file for folder in inventory.folders.values() for file in folder.files]
    keys = draw(st.sets(st.sampled_from([file.key for file in files]))) if files else set()
    empties = [f"{fp}/{time}" for (fp, time), count in shape.items() if not count]
    promised = draw(st.dictionaries(st.sampled_from(empties), st.integers(1, 9))) if empties else {}
    history = draw(st.permutations(FINGERPRINTS))
    entry = ManifestEntry("t", draw(times), 1, "t", dict.fromkeys(history, 0))
    metadata = Metadata.new("t", "{}", 0) if cursors else None
    holds = dict.fromkeys(promised, 0) if draw(st.booleans()) else {}
    view = TableView(
        version=0 if cursors else -1,
        protocol=Protocol(),
        metadata=metadata,
        cursors=cursors,
        keys=keys,
        rows=0,
        files=0,
        size_bytes=0,
        blind=draw(st.dictionaries(st.sampled_from(FINGERPRINTS), times)),
        memory=TableMemory(holds=holds),
    )
    limits = Limits(draw(times), draw(st.integers(0, 20)), 10, draw(st.booleans()))
    return World(entry, view, inventory, promised, limits)


def planned(plan: TablePlan) -> list[Folder]:
    return [folder for batch in plan.batches for folder in batch.folders]


def missing(world: World) -> list[str]:
    """Keys that the table lacks and a plan has to bring, told without the plan's help."""
    wanted = []
    for (fingerprint, _), folder in world.inventory.folders.items():
        cursor = world.view.cursors.get(fingerprint, -1)
        floor = max(cursor - world.limits.lookback_ms, world.view.blind.get(fingerprint, -1))
        is_new = folder.timestamp > (cursor if fingerprint in world.view.cursors else -1)
        may_be_late = fingerprint in world.view.cursors and folder.timestamp > floor
        is_committed = folder.timestamp <= world.entry.manifest_time
        if fingerprint != UNKNOWN and is_committed and (is_new or may_be_late):
            wanted += [f.key for f in folder.files if f.key not in world.view.keys]
    return wanted


@UNHURRIED
@given(worlds())
def test_no_file_is_planned_twice_and_none_that_the_table_has(world: World) -> None:
    keys = [file.key for folder in planned(world.plan()) for file in folder.files]

    assert len(keys) == len(set(keys))
    assert not set(keys) & world.view.keys


@UNHURRIED
@given(worlds())
def test_r7_r56_what_is_missing_is_planned_unless_a_folder_holds_it(world: World) -> None:
    plan = world.plan()
    keys = {file.key for folder in planned(plan) for file in folder.files}

    if plan.stop is None:
        assert keys == set(missing(world))
    else:
        assert keys <= set(missing(world))


@UNHURRIED
@given(worlds())
def test_r7_nothing_past_the_manifest_time_or_of_unknown_fingerprints(world: World) -> None:
    for folder in planned(world.plan()):
        assert folder.timestamp <= world.entry.manifest_time
        assert folder.fingerprint in world.entry.schema_history


@UNHURRIED
@given(worlds())
def test_r13_folders_are_in_order(world: World) -> None:
    order = list(world.entry.schema_history)
    places = [(f.timestamp, order.index(f.fingerprint)) for f in planned(world.plan())]

    assert places == sorted(places)
    assert len(places) == len(set(places))


@UNHURRIED
@given(worlds())
def test_r12_only_empty_folders_are_left_for_later(world: World) -> None:
    """Batches are the pending folders in a row, but for a tail without data."""
    plan = world.plan()
    if plan.stop is not None:
        return
    keys = {(folder.fingerprint, folder.timestamp) for folder in planned(plan)}
    last = max((time for _, time in keys), default=-1)
    for (fingerprint, _), folder in world.inventory.folders.items():
        cursor = world.view.cursors.get(fingerprint, -1)
        is_new = cursor < folder.timestamp <= world.entry.manifest_time
        if is_new and fingerprint != UNKNOWN and (fingerprint, folder.timestamp) not in keys:
            assert not [file for file in folder.files if file.key not in world.view.keys]
            assert folder.timestamp >= last


@UNHURRIED
@given(worlds())
def test_r22_a_commit_per_folder_has_one_folder_with_data(world: World) -> None:
    for batch in world.plan().batches:
        with_data = [folder for folder in batch.folders if folder.files]
        assert batch.files > 0
        if world.limits.commit_per_folder:
            assert with_data == [batch.folders[-1]]


@UNHURRIED
@given(worlds())
def test_r57_nothing_behind_a_folder_that_is_waited_for_is_planned(world: World) -> None:
    plan = world.plan()

    assert (plan.stop is not None) <= bool(plan.holds)
    assert set(plan.holds or ()) <= set(world.promised)
    if plan.stop is not None:
        held = next(key for key in plan.holds or () if key in plan.stop.message)
        time = int(held.partition("/")[2])
        assert all(folder.timestamp <= time for folder in planned(plan))
        assert held not in {f"{f.fingerprint}/{f.name}" for f in planned(plan)}


@UNHURRIED
@given(worlds(), st.data())
def test_a_plan_that_was_carried_out_leaves_nothing_to_plan(world: World, data: Any) -> None:
    """Any number of its commits is a place to stop and go on from."""
    plan = world.plan()
    done = plan.batches[: data.draw(st.integers(0, len(plan.batches)))]
    cursors = dict(world.view.cursors)
    keys = set(world.view.keys)
    for folder in (folder for batch in done for folder in batch.folders):
        cursors[folder.fingerprint] = max(folder.timestamp, cursors.get(folder.fingerprint, -1))
        keys |= {file.key for file in folder.files}
    before = {**vars(world.view), "cursors": cursors, "keys": keys}
    metadata = Metadata.new("t", "{}", 0) if cursors else None
    later = World(
        world.entry,
        TableView(**{**before, "metadata": metadata}),
        world.inventory,
        world.promised,
        world.limits,
    )

    rest = {file.key for folder in planned(later.plan()) for file in folder.files}

    whole = {file.key for folder in planned(plan) for file in folder.files}
    committed = {f.key for batch in done for folder in batch.folders for f in folder.files}
    assert rest == whole - committed


def _series(folders: int, files: int, version: int = 0) -> World:
    listing = [
        listed(f"t/a/{time}/{name}")
        for time in range(folders)
        for name in ["_SUCCESS", *(f"{part}.parquet" for part in range(files))]
    ]
    metadata = Metadata.new("t", "{}", 0) if version >= 0 else None
    view = TableView(version, Protocol(), metadata, {}, set(), 0, 0, 0)
    entry = ManifestEntry("t", folders, 1, "t", {"a": 0})
    return World(entry, view, take_stock(listing, "t"), {}, Limits(0, 0, 0))


def test_r22_batches_keep_both_limits() -> None:
    by_folders = _series(MAX_FOLDERS * 2 + 1, 1).plan().batches
    by_files = _series(7, MAX_FILES // 3).plan().batches

    assert [len(batch.folders) for batch in by_folders] == [MAX_FOLDERS, MAX_FOLDERS, 1]
    assert [len(batch.folders) for batch in by_files] == [3, 3, 1]


def test_r22_a_folder_beyond_the_limit_is_one_commit() -> None:
    assert [batch.files for batch in _series(2, MAX_FILES + 1).plan().batches] == [
        MAX_FILES + 1
    ] * 2


def test_r12_empty_folders_get_a_commit_of_their_own_only_in_a_table_that_exists() -> None:
    assert [len(b.folders) for b in _series(MAX_FOLDERS, 0).plan().batches] == [MAX_FOLDERS]
    assert _series(MAX_FOLDERS - 1, 0).plan().batches == ()
    assert _series(MAX_FOLDERS * 2, 0, version=-1).plan().batches == ()
