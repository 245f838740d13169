"""Current tables as real Delta tables: incremental, replay-safe, and the same as made anew."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest

from cdalake.current.outcome import Refreshed
from cdalake.current.ranges import Shape
from cdalake.errors import SchemaConflict, SourceError, UnsupportedTable
from cdalake.storage import Store
from current.histories import History, contents, random_history
from current.raw import Raw, change

SMALL_FILES = Shape(smallest=1, largest=1, rows_in_group=2048)


@pytest.fixture
def raw(tmp_path: Path) -> Raw:
    return Raw(Store.open(str(tmp_path / "my läke [1]")))


@pytest.fixture(params=["folder", "s3"])
def raw_anywhere(request: pytest.FixtureRequest, tmp_path: Path) -> Raw:
    if request.param == "folder":
        return Raw(Store.open(str(tmp_path / "lake")))
    bucket: Callable[[], str] = request.getfixturevalue("s3")
    return Raw(Store.open(f"{bucket()}/my läke"))


@pytest.mark.parametrize("seed", range(6))
def test_random_histories_end_as_the_oracle_says_whatever_the_batches(raw: Raw, seed: int) -> None:
    """R35 to R40, R70: 50 histories a table, increments of any size, then everything anew."""
    chance = random.Random(seed)
    shape = Shape(files_at_once=chance.choice([3, 40, 1000]))
    histories = [random_history(1000 * seed + i, 100 * i) for i in range(50)]
    files = [file for history in histories for file in history.files]
    chance.shuffle(files)

    while files:
        batch = [files.pop() for _ in range(min(len(files), chance.choice([5, 40, 150])))]
        raw.append(*batch)
        if chance.random() < 0.7:
            raw.refresh(shape=shape)
            assert raw.state() == raw.oracle()
    last = raw.refresh(shape=shape)
    increments = raw.state()
    anew = raw.refresh(anew=True, shape=shape)

    assert increments == raw.oracle()
    assert (anew.full, raw.state()) == (True, increments), "made anew it is the same, row for row"
    assert last.rows == anew.rows == len(increments.live)
    assert contents(histories)["with ties"] > 5


def test_polars_finds_the_same_rows(raw: Raw) -> None:
    """R35: an independent engine, which knows nothing of ours but the order."""
    histories = [random_history(seed, 100 * seed) for seed in range(150)]
    for start in range(0, 150, 30):
        raw.append(*(f for h in histories[start : start + 30] for f in h.files))
        raw.refresh()

    ranks = {0: 0, 2: 1, 4: 2, 1: 3}
    rows = pl.DataFrame(
        [{**c.row, "_cda_timestamp": c.folder, "_cda_file": c.file} for c in raw.changes],
        schema_overrides={"gwcbi___operation": pl.Int32},
    )
    operation = pl.col("gwcbi___operation")
    seqval = pl.col("gwcbi___seqval_hex").str.to_lowercase().str.pad_start(64, "0").fill_null("")
    keyed = (
        rows.filter(operation.is_in(list(ranks)) & pl.col("id").is_not_null())
        .with_columns(s=seqval, o=operation.replace_strict(ranks, default=None))
        .with_columns(h=pl.struct("name", "amount").hash())
        .sort(
            "id",
            "s",
            "gwcbi___lsn",
            "gwcbi___payload_ts_ms",
            "o",
            "_cda_timestamp",
            "_cda_file",
            nulls_last=False,
        )
    )
    order = [
        "s",
        "gwcbi___lsn",
        "gwcbi___payload_ts_ms",
        "o",
        "_cda_timestamp",
        "_cda_file",
    ]
    latest = keyed.group_by("id", maintain_order=True).agg(pl.struct(order).last().alias("top"))
    winners = keyed.join(latest.unnest("top"), on=["id", *order], how="semi", nulls_equal=True)
    live = winners.filter(pl.col("o") != 3).select(rows.columns)

    candidates: dict[int, list[object]] = {}
    for row in live.iter_rows(named=True):
        candidates.setdefault(row["id"], []).append(row)
    assert candidates.keys() == {row["id"] for row in raw.current}
    assert all(row in candidates[row["id"]] for row in raw.current)


def test_it_works_in_a_folder_and_on_s3(raw_anywhere: Raw) -> None:
    """R37: any reader of the current table sees live rows only."""
    raw = raw_anywhere
    raw.append([change(1, 1, 2), change(2, 2, 2)], [change(3, 3, 2)])
    first = raw.refresh()
    raw.append([change(2, 4, 1), change(3, 5, name="new"), change(9, 6, 1)])
    second = raw.refresh()

    assert [(row["id"], row["name"]) for row in raw.current] == [(1, "a"), (3, "new")]
    assert [row["id"] for row in raw.tombstones] == [2, 9]
    assert (first.full, first.rows, first.raw_version) == (True, 3, 0)
    assert second == Refreshed(1, 2, changed=1, deleted=1, raw_version=1, tombstone_version=1)


def test_an_update_before_its_insert_makes_the_row(raw: Raw) -> None:
    """R38"""
    raw.append([change(1, 5, 4, name="updated")])
    raw.refresh()
    raw.append([change(1, 3, 2, name="inserted")])
    raw.refresh()

    assert [row["name"] for row in raw.current] == ["updated"]


def test_a_replay_of_everything_changes_no_row(raw: Raw) -> None:
    """R40"""
    files = [[change(i, i + 1, 2 if i % 3 else 1)] for i in range(20)]
    raw.append(*files)
    raw.refresh()
    before = raw.current

    raw.append(*files)
    replayed = raw.refresh()

    assert (replayed.changed, replayed.deleted, raw.current) == (0, 0, before)


def test_a_deleted_id_stays_hidden_from_older_changes_and_comes_back_by_a_newer(raw: Raw) -> None:
    """R37"""
    raw.append([change(1, 5, 1)])
    raw.refresh()
    raw.append([change(1, 4, 2)])
    raw.refresh()
    assert raw.current == []

    raw.append([change(1, 6, 2)])
    raw.refresh()
    assert [row["amount"] for row in raw.current] == [6]


def test_rows_of_one_file_that_only_their_values_tell_apart(raw: Raw) -> None:
    """R70: the last tie-break is a hash, the same in an increment and from the beginning."""
    twins = [change(1, 1, name=name, file="f.parquet") for name in ("x", "y", "z")]
    raw.append(twins[:1])
    raw.refresh()
    for twin in twins[1:]:
        raw.append([twin])
        raw.refresh()

    assert raw.state() == raw.oracle()


def test_nothing_new_writes_nothing(raw: Raw) -> None:
    raw.append([change(1, 1)])
    first = raw.refresh()

    assert raw.refresh() == replace(first, changed=0, full=False, reason=None)
    assert raw.version("_current/t") == 0


def test_only_files_that_hold_changed_ids_are_rewritten(raw: Raw) -> None:
    """R39: a change of the newest 1 % costs about 1 %."""
    raw.append([change(i, i + 1, 2, file="f") for i in range(40_000)])
    raw.refresh(shape=SMALL_FILES)
    before = set(raw.delta("_current/t").file_uris())

    recent = range(39_700, 40_100)
    raw.append([change(i, 100_000 + i, file="g") for i in recent])
    done = raw.refresh(shape=SMALL_FILES)
    after = set(raw.delta("_current/t").file_uris())

    assert done.changed == 400
    assert len(before) > 15
    assert len(before - after) == 1, "one file of all held these ids"
    assert raw.state() == raw.oracle()


def test_changes_anywhere_find_their_files(raw: Raw) -> None:
    """R39: with many files of disjoint ranges, through growth, gaps and deletes."""
    chance = random.Random(7)
    raw.append([change(i * 3, i + 1, 2, file="f") for i in range(12_000)])
    raw.refresh(shape=SMALL_FILES)

    for step in range(1, 7):
        ids = chance.sample(range(-500, 40_000 + step * 2000), k=chance.choice([3, 300, 3000]))
        operations = [chance.choice([1, 2, 4, 4]) for _ in ids]
        news = zip(ids, operations, strict=True)
        raw.append([change(i, step * 50_000 + i + 600, o, file=f"s{step}") for i, o in news])
        raw.refresh(shape=SMALL_FILES)
        assert raw.state() == raw.oracle(), f"step {step}"

    increments = raw.state()
    raw.refresh(anew=True, shape=SMALL_FILES)
    assert raw.state() == increments


def test_text_ids_work_without_ranges(raw: Raw) -> None:
    def keyed(rows: list[tuple[str, int, int]]) -> pa.Table:
        names = ["id", "gwcbi___operation", "gwcbi___seqval_hex"]
        return pa.table(
            [[r[0] for r in rows], [r[1] for r in rows], [f"{r[2]:x}" for r in rows]], names
        )

    raw.write((keyed([("a", 2, 1), ("b", 2, 2)]), 1, "f.parquet"))
    raw.refresh()
    raw.write((keyed([("b", 1, 3), ("ä", 2, 4)]), 2, "g.parquet"))
    done = raw.refresh()

    assert not done.full
    assert [row["id"] for row in raw.current] == ["a", "ä"]


def test_missing_tie_break_columns_count_as_null(raw: Raw) -> None:
    """R70: only id, operation and seqval_hex are needed; they may come with a later schema."""
    bare = pa.table({"ID": [1], "gwcbi___operation": [2], "gwcbi___seqval_hex": ["1"]})
    raw.write((bare, 1, "f.parquet"))
    raw.refresh()
    wide = bare.append_column("gwcbi___lsn", pa.array([5])).append_column("x", pa.array(["new"]))
    raw.write((wide, 1, "f.parquet"))
    raw.refresh()
    raw.write((bare.append_column("x", pa.array(["old"])), 9, "z.parquet"))
    done = raw.refresh()

    (row,) = raw.read("_current/t")
    assert (row["ID"], row["x"], done.full) == (1, "new", False)


def test_a_new_column_is_null_for_old_rows(raw: Raw) -> None:
    """R41"""
    raw.append([change(1, 1), change(2, 2)])
    raw.refresh()
    more = pa.Table.from_pylist([{**change(2, 3).row, "added": "x"}])
    raw.write((more.cast(pa.schema([*raw_schema(), ("added", pa.string())])), 2, "g.parquet"))
    done = raw.refresh()

    assert not done.full
    assert [row["added"] for row in raw.current] == [None, "x"]
    raw.refresh(anew=True)
    assert [row["added"] for row in raw.current] == [None, "x"]


def raw_schema() -> pa.Schema:
    from current.raw import SCHEMA

    return SCHEMA


def test_a_wider_column_makes_it_anew_with_the_same_rows(raw: Raw) -> None:
    """R17, R41"""
    narrow = pa.table(
        {
            "id": pa.array([1, 2], pa.int64()),
            "n": pa.array([7, 8], pa.int32()),
            "gwcbi___operation": pa.array([2, 2], pa.int32()),
            "gwcbi___seqval_hex": ["1", "2"],
        }
    )
    raw.write((narrow, 1, "f.parquet"))
    raw.refresh()
    wide = narrow.slice(1).set_column(1, "n", pa.array([2**40], pa.int64()))
    wide = wide.set_column(3, "gwcbi___seqval_hex", pa.array(["3"]))
    raw.write((wide, 2, "g.parquet"))
    done = raw.refresh()

    assert done.reason == "a column got another type"
    assert [row["n"] for row in raw.current] == [7, 2**40]


def test_a_table_without_cdc_columns_has_no_current_table(raw: Raw) -> None:
    """R20"""
    raw.write((pa.table({"id": [1], "x": [1]}), 1, "f.parquet"))

    with pytest.raises(SchemaConflict, match="gwcbi___operation, gwcbi___seqval_hex") as caught:
        raw.refresh()

    assert caught.value.code == "NO_CDC_COLUMNS"
    assert raw.version("_current/t") == -1


def test_a_bad_sequence_value_leaves_the_current_table_as_it_was(raw: Raw) -> None:
    """R70"""
    raw.append([change(1, 1)])
    raw.refresh()
    before = raw.current
    raw.append([replace(change(1, 2), seqval="no hex")])

    with pytest.raises(SourceError, match="'no hex'"):
        raw.refresh()

    assert (raw.current, raw.version("_current/t")) == (before, 0)


def test_no_table_has_no_current_table(raw: Raw) -> None:
    with pytest.raises(SourceError) as caught:
        raw.refresh()

    assert caught.value.code == "TABLE_NOT_FOUND"


def test_rows_hidden_by_deletion_vectors_are_refused(raw: Raw) -> None:
    """R61"""
    raw.append([change(1, 1)])
    log = raw.store.get("t/_delta_log/00000000000000000000.json")
    vector = b'"dataChange":true,"deletionVector":{"storageType":"i","cardinality":1},'
    raw.store.put(
        "t/_delta_log/00000000000000000000.json", log.replace(b'"dataChange":true,', vector)
    )

    with pytest.raises(UnsupportedTable, match="deletion vectors"):
        raw.refresh()


def test_histories_are_what_they_claim() -> None:
    """Counters of what the random histories of these tests contain."""
    found = contents([random_history(1000 * seed + i) for seed in range(6) for i in range(50)])

    assert found["histories"] == 300
    assert min(found.values()) > 60, found
    assert isinstance(random_history(0), History)
