"""Snapshots and commits as we replay them equal what delta-rs makes of the same log."""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import (
    CommitProperties,
    DeltaTable,
    Field,
    QueryBuilder,
    Schema,
    Transaction,
    write_deltalake,
)
from deltalake.transaction import AddAction, create_table_with_add_actions

from cdalake.delta.actions import DataFile, Metadata, Protocol, Snapshot, decode_path, encode_path
from cdalake.delta.log import (
    LogListing,
    commit_path,
    list_log,
    parse_commit,
    read_commits,
    read_snapshot,
)
from cdalake.errors import SourceError, UnsupportedTable
from cdalake.storage import ObjectInfo, Store

LOG = "t/_delta_log"
RETENTION = {"delta.logRetentionDuration": "interval 0 seconds"}


class CountingStore(Store):
    """A store that notes what is asked of it."""

    def __init__(self, store: Store) -> None:
        super().__init__(store.location)
        self.asked: list[str] = []

    def _call(self, operation: str, path: str, action: Any) -> Any:
        self.asked.append(operation)
        return super()._call(operation, path, action)


class Table:
    """A table that delta-rs writes in a folder and we read."""

    def __init__(self, folder: Path) -> None:
        self.url = str(folder / "t")
        self.log = folder / "t" / "_delta_log"
        self.store = CountingStore(Store.open(str(folder)))

    def write(self, *ids: int | None, mode: Any = "append", **how: Any) -> None:
        write_deltalake(self.url, pa.table({"id": pa.array(ids, pa.int64())}), mode=mode, **how)

    @property
    def delta(self) -> DeltaTable:
        return DeltaTable(self.url)

    def append(self, version: int, *actions: dict[str, Any]) -> None:
        """A version written by hand."""
        self.store.put(commit_path("t", version), "\n".join(map(json.dumps, actions)).encode())

    def read(self, at: int | None = None) -> Snapshot:
        snapshot = read_snapshot(self.store, "t", at)
        assert snapshot is not None
        return snapshot

    def forget(self, below: int) -> None:
        """Log clean-up: commits below a version are gone."""
        for path in self.log.glob("*.json"):
            if path.name[0].isdigit() and int(path.name[:20]) < below:
                path.unlink()

    def checkpoint(self) -> int:
        """Let delta-rs write a checkpoint; its version."""
        self.delta.create_checkpoint()
        return self.delta.version()


@pytest.fixture
def table(tmp_path: Path) -> Table:
    return Table(tmp_path)


def assert_equal(snapshot: Snapshot, delta: DeltaTable) -> None:
    """Our snapshot tells of the table what delta-rs tells."""
    assert snapshot.version == delta.version()
    adds = pa.table(delta.get_add_actions(flatten=True)).to_pylist()
    assert {(f.path, f.size, f.modified_ms, f.rows) for f in snapshot.files.values()} == {
        (unquote(a["path"]), a["size_bytes"], a["modification_time"], a["num_records"])
        for a in adds
    }
    assert snapshot.size_bytes == sum(add["size_bytes"] for add in adds)
    theirs, ours = delta.metadata(), snapshot.metadata
    assert (ours.id, ours.created_time) == (theirs.id, theirs.created_time)
    assert dict(ours.configuration) == theirs.configuration
    assert list(ours.partition_columns) == theirs.partition_columns
    assert json.loads(ours.schema_string) == json.loads(delta.schema().to_json())
    protocol = delta.protocol()
    assert (snapshot.protocol.min_reader, snapshot.protocol.min_writer) == (
        protocol.min_reader_version,
        protocol.min_writer_version,
    )
    assert set(snapshot.protocol.writer_features) == set(protocol.writer_features or [])
    assert set(snapshot.protocol.reader_features) == set(protocol.reader_features or [])
    assert not snapshot.removed & set(snapshot.files)


def rows_of(delta: DeltaTable) -> int:
    """Rows as delta-rs' SQL counts them, deletion vectors and all."""
    answer = QueryBuilder().register("t", delta).execute("SELECT count(*) AS n FROM t")
    return int(pa.table(answer)["n"][0].as_py())


def test_there_is_no_snapshot_without_a_table(table: Table) -> None:
    table.store.put("t/data.parquet", b"x")

    assert read_snapshot(table.store, "t") is None
    assert read_commits(table.store, "t") == []


def test_appends_are_replayed(table: Table) -> None:
    for ids in [(1, 2), (3,), (4, 5, None)]:
        table.write(*ids)

    snapshot = table.read()

    assert_equal(snapshot, table.delta)
    assert (snapshot.rows, len(snapshot.files), snapshot.removed) == (6, 3, set())
    assert snapshot.commit_tag == table.store.list(LOG)[-1].e_tag


def test_deletes_updates_and_overwrites_are_replayed(table: Table) -> None:
    """R62"""
    table.write(1, 2, 3)
    table.write(4, 5)
    first = set(table.read().files)
    table.delta.delete("id = 2")
    table.delta.update(updates={"id": "id + 10"}, predicate="id = 4")
    assert_equal(table.read(), table.delta)
    assert (table.read().rows, table.read().removed) == (4, first)

    table.write(7, mode="overwrite")

    assert_equal(table.read(), table.delta)
    assert table.read().rows == 1
    assert first < table.read().removed


def test_optimize_vacuum_and_restore_are_replayed(table: Table) -> None:
    """R27"""
    for number in range(4):
        table.write(number)
    originals = set(table.read().files)
    table.delta.optimize.compact()
    assert_equal(table.read(), table.delta)
    assert table.read().removed == originals

    table.delta.vacuum(0, dry_run=False, enforce_retention_duration=False)
    assert_equal(table.read(), table.delta)
    table.write(9)
    table.delta.restore(table.delta.version() - 1)
    assert_equal(table.read(), table.delta)
    assert table.read().rows == 4


def test_schema_properties_and_features_are_those_of_the_newest_version(table: Table) -> None:
    table.write(1)
    table.delta.alter.add_columns([Field("extra", "string")])
    table.delta.alter.set_table_properties({"delta.appendOnly": "true"})
    table.delta.alter.set_table_description("claims")

    assert_equal(table.read(), table.delta)
    assert table.read().metadata.body["description"] == "claims"
    assert_equal(table.read(at=0), DeltaTable(table.url, version=0))


def test_partitions_are_told(table: Table) -> None:
    write_deltalake(table.url, pa.table({"id": [1, 2], "s p": ["a b", "ü%"]}), partition_by=["s p"])

    snapshot = table.read()

    assert snapshot.metadata.partition_columns == ("s p",)
    assert (len(snapshot.files), snapshot.rows) == (2, 2)
    for path in snapshot.files:
        assert (Path(table.url) / path).is_file()


def test_transactions_are_those_of_the_newest_version(table: Table) -> None:
    """R21"""
    for version in (1, 2):
        transactions = [Transaction("cda:a", version), Transaction(f"cda:{version}", 7)]
        table.write(1, commit_properties=CommitProperties(app_transactions=transactions))

    assert table.read().transactions == {"cda:a": 2, "cda:1": 7, "cda:2": 7}
    table.checkpoint()
    table.forget(2)
    assert table.read().transactions == {"cda:a": 2, "cda:1": 7, "cda:2": 7}


def test_every_version_can_be_read(table: Table) -> None:
    for number in range(4):
        table.write(number)
    table.checkpoint()
    table.write(9)

    for version in range(5):
        snapshot = table.read(at=version)
        assert_equal(snapshot, DeltaTable(table.url, version=version))
        assert snapshot.rows == version + 1


@pytest.mark.parametrize("version", [-1, 2, 10**6])
def test_a_version_that_is_not_there_is_an_error(table: Table, version: int) -> None:
    table.write(1)
    table.write(2)

    with pytest.raises(SourceError) as caught:
        table.read(at=version)

    assert caught.value.code == "NO_SUCH_VERSION"
    assert "newest is 1" in caught.value.message


def test_a_checkpoint_saves_reading_the_commits_before_it(table: Table) -> None:
    """R27"""
    for number in range(12):
        table.write(number)
    table.checkpoint()
    table.write(12)
    table.store.asked.clear()

    snapshot = table.read()

    assert_equal(snapshot, table.delta)
    assert sorted(table.store.asked) == ["get", "get", "get", "list"]


def test_a_cleaned_log_is_replayed_from_its_checkpoint(table: Table) -> None:
    """R27"""
    for number in range(5):
        table.write(number, configuration=RETENTION)
    table.delta.delete("id = 2")
    before = table.read()
    table.checkpoint()
    table.delta.cleanup_metadata()
    table.forget(table.delta.version())
    assert len(list(table.log.glob("*.json"))) == 1

    after = table.read()

    assert_equal(after, table.delta)
    assert (after.files, after.rows) == (before.files, 4)
    assert after.commit_tag is not None
    table.forget(99)
    assert table.read().commit_tag is None


def test_a_log_without_last_checkpoint_is_read_all_the_same(table: Table) -> None:
    for number in range(3):
        table.write(number)
    table.checkpoint()
    table.forget(2)
    (table.log / "_last_checkpoint").unlink()

    assert_equal(table.read(), DeltaTable(table.url))


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"{", b"[]", b"{}", b'{"version": null}', b'{"version": 99}', b'{"version":-3}'),
        *(b'{"version": 1e999}', b'{"version": 1180591620717411303424}', b"[" * 100_000),
    ],
)
def test_a_last_checkpoint_that_is_wrong_does_no_harm(table: Table, content: bytes) -> None:
    for number in range(3):
        table.write(number)
    table.checkpoint()
    table.write(3)
    table.forget(2)
    table.store.put(f"{LOG}/_last_checkpoint", content)

    snapshot = table.read()

    assert (snapshot.version, snapshot.rows) == (3, 4)


def test_a_last_checkpoint_whose_file_is_gone_does_no_harm(table: Table) -> None:
    for number in range(3):
        table.write(number)
    version = table.checkpoint()
    table.write(4)
    (table.log / f"{version:020d}.checkpoint.parquet").unlink()

    assert table.read().rows == 4
    assert table.read(at=2).rows == 3


def test_an_older_checkpoint_serves_when_the_newest_comes_too_late(table: Table) -> None:
    """Reading a version between two checkpoints."""
    for number in range(6):
        table.write(number)
        if number in (1, 4):
            table.checkpoint()
    table.forget(1)
    table.store.put(f"{LOG}/_last_checkpoint", b'{"version": 2}')

    assert (table.read(at=3).rows, table.read().rows) == (4, 6)


def split(table: Table, version: int, parts: int, drop: int | None = None) -> None:
    """Make a multi-part checkpoint of a single one, as older engines write it."""
    single = table.log / f"{version:020d}.checkpoint.parquet"
    content = pq.read_table(single)
    single.unlink()
    step = -(-content.num_rows // parts)
    for part in range(parts):
        if part == drop:
            continue
        name = f"{version:020d}.checkpoint.{part + 1:010d}.{parts:010d}.parquet"
        pq.write_table(content.slice(part * step, step), table.log / name)
    last = {"version": version, "size": content.num_rows, "parts": parts}
    (table.log / "_last_checkpoint").write_text(json.dumps(last))


def test_a_checkpoint_of_several_parts_is_put_together(table: Table) -> None:
    """R27"""
    for number in range(7):
        table.write(number)
    table.delta.delete("id = 3")
    version = table.checkpoint()
    table.write(7)
    split(table, version, 3)
    table.forget(version)

    assert_equal(table.read(), DeltaTable(table.url))
    assert table.read().rows == 7


def test_a_checkpoint_that_lacks_a_part_is_none(table: Table) -> None:
    for number in range(7):
        table.write(number)
    split(table, table.checkpoint(), 3, drop=1)
    assert table.read().rows == 7

    table.forget(6)
    with pytest.raises(SourceError, match="LOG_BROKEN"):
        table.read()


def test_a_whole_checkpoint_serves_beside_the_parts_of_a_broken_one(table: Table) -> None:
    """Two engines wrote one each, and one of them died."""
    for number in range(7):
        table.write(number)
    version = table.checkpoint()
    whole = (table.log / f"{version:020d}.checkpoint.parquet").read_bytes()
    for parts in (2, 5):
        split(table, version, parts, drop=0)
        (table.log / f"{version:020d}.checkpoint.parquet").write_bytes(whole)
    table.forget(version)

    assert table.read().rows == 7


def test_a_checkpoint_in_one_file_serves_beside_one_of_a_single_part(table: Table) -> None:
    for number in range(3):
        table.write(number)
    version = table.checkpoint()
    whole = table.log / f"{version:020d}.checkpoint.parquet"
    part = f"{version:020d}.checkpoint.0000000001.0000000001.parquet"
    (table.log / part).write_bytes(whole.read_bytes())
    table.forget(version)

    assert table.read().rows == 3


def listed(*names: str) -> LogListing:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return LogListing.sort(ObjectInfo(f"{LOG}/{name}", 1, None, now) for name in names)


def test_only_names_of_the_log_mean_something() -> None:
    found = listed(
        "00000000000000000003.json",
        "00000000000000000002.crc",
        "00000000000000000000.00000000000000000009.compacted.json",
        "00000000000000000004.json.tmp",
        "_last_checkpoint",
        "3.json",
        f"{'٤' * 20}.json",  # digits, and none that a log is written with
        "9" * 200,
    )

    assert (list(found.commits), found.checkpoints, found.latest) == ([3], {}, 3)
    assert not found.has_v2_checkpoint


def test_a_checkpoint_alone_tells_the_newest_version() -> None:
    """R27: its commit may be cleaned up."""
    assert listed("00000000000000000007.checkpoint.parquet").latest == 7


def test_parts_of_different_checkpoints_are_not_mixed() -> None:
    name = "00000000000000000007.checkpoint"
    found = listed(
        f"{name}.0000000001.0000000002.parquet",
        f"{name}.0000000001.0000000003.parquet",
        f"{name}.0000000002.0000000003.parquet",
    )

    assert (found.checkpoints, found.latest) == ({}, None)


def test_a_log_that_others_compacted_is_replayed_commit_by_commit(table: Table) -> None:
    """R27"""
    for number in range(5):
        table.write(number)
    table.delta.compact_logs(1, 3)
    assert list(table.log.glob("*.compacted.json"))

    assert_equal(table.read(), table.delta)


def test_a_listing_from_a_version_on_begins_with_it(table: Table) -> None:
    for number in range(5):
        table.write(number)
    table.checkpoint()

    assert list(list_log(table.store, "t", 3).commits) == [3, 4]
    assert list(list_log(table.store, "t", 4).checkpoints) == [4]
    assert list(list_log(table.store, "t", 5).checkpoints) == []


@pytest.mark.parametrize("numbers", [(2, 3), (1, 3), (0, 1)])
def test_parts_that_cannot_be_of_one_checkpoint_are_none(numbers: tuple[int, int]) -> None:
    name = "00000000000000000007.checkpoint"
    found = listed(*(f"{name}.{number:010d}.0000000002.parquet" for number in numbers))

    assert found.checkpoints == {}


def test_files_in_folders_of_the_log_are_no_commits(table: Table) -> None:
    """Catalog-owned tables keep staged commits there."""
    table.write(1)
    table.store.put(f"{LOG}/_commits/00000000000000000001.json", b"{}")
    table.store.put(f"{LOG}/_staged/00000000000000000009.json", b"{}")

    assert table.read().version == 0


@pytest.mark.parametrize("below", [1, 3])
def test_a_log_that_lacks_commits_is_broken(table: Table, below: int) -> None:
    for number in range(5):
        table.write(number)
    table.forget(below)

    with pytest.raises(SourceError) as caught:
        table.read()

    assert caught.value.code == "LOG_BROKEN"
    assert "lacks version 0" in caught.value.message


def test_a_hole_in_the_log_is_broken(table: Table) -> None:
    for number in range(5):
        table.write(number)
    (table.log / f"{3:020d}.json").unlink()

    with pytest.raises(SourceError, match="lacks version 3"):
        table.read()
    assert table.read(at=2).rows == 3


FAR = [2**53, 2**63 - 1, 2**63, 2**64, 10**20 - 1]


@pytest.mark.parametrize("version", FAR)
def test_a_commit_far_behind_the_newest_is_a_hole(table: Table, version: int) -> None:
    """Looking for the first version that is not there does not walk to the last."""
    table.write(1)
    table.append(version, {"commitInfo": {}})

    with pytest.raises(SourceError, match="LOG_BROKEN"):
        table.read()
    assert table.read(at=0).rows == 1


@pytest.mark.parametrize("version", FAR[1:])
def test_a_checkpoint_of_a_version_that_no_commit_can_follow_is_a_broken_log(
    table: Table, version: int
) -> None:
    table.write(1)
    whole = (table.log / f"{table.checkpoint():020d}.checkpoint.parquet").read_bytes()
    table.store.put(f"{LOG}/{version:020d}.checkpoint.parquet", whole)

    with pytest.raises(SourceError, match="LOG_BROKEN") as caught:
        table.read()

    assert str(version) in caught.value.message


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b'{"add": {"path": "x", "size": 1e999, "modificationTime": 1}}',
        b'{"add": ' + b"[" * 100_000,
        b'{"add": {"path": "x"}}',
        b'{"add": {"path": "x", "size": "big", "modificationTime": 1}}',
        b'{"txn": {"appId": "x"}}',
        b'{"protocol": {"minReaderVersion": 1}}',
        b"[]",
        b"7",
        b"\xff",
    ],
)
def test_a_commit_that_cannot_be_read_is_a_broken_log(table: Table, content: bytes) -> None:
    table.write(1)
    table.store.put(commit_path("t", 1), content)

    with pytest.raises(SourceError) as caught:
        table.read()

    assert caught.value.code == "LOG_BROKEN"
    assert "version 1" in caught.value.message


def test_history_that_cannot_be_read_is_a_broken_log(table: Table) -> None:
    table.write(1)
    table.store.put(commit_path("t", 1), b'{"commitInfo": {"timestamp": "soon"}}')

    with pytest.raises(SourceError, match="version 1 cannot be read"):
        read_commits(table.store, "t")
    assert read_commits(table.store, "t", limit=1)[0].version == 0


def test_a_checkpoint_that_cannot_be_read_is_a_broken_log(table: Table) -> None:
    table.write(1)
    version = table.checkpoint()
    table.store.put(f"{LOG}/{version:020d}.checkpoint.parquet", b"PAR1PAR1")

    with pytest.raises(SourceError, match="LOG_BROKEN"):
        table.read()


def test_a_log_without_metadata_is_broken(table: Table) -> None:
    table.append(0, {"protocol": {"minReaderVersion": 1, "minWriterVersion": 2}})

    with pytest.raises(SourceError, match="LOG_BROKEN"):
        table.read()


V2_NAME = "00000000000000000002.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.{}"


@pytest.mark.parametrize("suffix", ["json", "parquet"])
def test_a_checkpoint_of_the_second_kind_is_not_guessed_at(table: Table, suffix: str) -> None:
    """R61"""
    for number in range(3):
        table.write(number)
    table.store.put(f"{LOG}/{V2_NAME.format(suffix)}", b"{}")
    assert table.read().rows == 3, "not needed while the commits are there"

    table.forget(2)
    with pytest.raises(UnsupportedTable) as caught:
        table.read()

    assert caught.value.code == "UNSUPPORTED_TABLE_FEATURE"
    assert "v2" in caught.value.message


def test_a_checkpoint_of_the_second_kind_under_a_classic_name_is_noticed(table: Table) -> None:
    """R61: its files are in sidecars; without them the table would look empty."""
    for number in range(3):
        table.write(number)
    version = table.checkpoint()
    path = table.log / f"{version:020d}.checkpoint.parquet"
    content = pq.read_table(path)
    small = content.filter(pa.compute.is_null(content["add"]))
    sidecar = pa.array(
        [None] * (small.num_rows - 1) + [{"path": "s.parquet", "sizeInBytes": 1}],
        pa.struct({"path": pa.string(), "sizeInBytes": pa.int64()}),
    )
    pq.write_table(small.append_column("sidecar", sidecar), path)

    with pytest.raises(UnsupportedTable, match="v2"):
        table.read()


def test_a_checkpoint_without_the_files_format_is_read(table: Table) -> None:
    """Small writers leave out what readers do not need."""
    table.write(1)
    path = table.log / f"{table.checkpoint():020d}.checkpoint.parquet"
    content = pq.read_table(path)
    metadata = pa.struct([f for f in content.schema.field("metaData").type if f.name != "format"])
    index = content.schema.get_field_index("metaData")
    fields = content.schema.set(index, pa.field("metaData", metadata))
    pq.write_table(pa.Table.from_pylist(content.to_pylist(), fields), path)
    table.forget(1)

    assert "format" not in table.read().metadata.body
    assert table.read().metadata.configuration == {}


def test_a_checkpoint_with_an_empty_sidecar_column_is_a_classic_one(table: Table) -> None:
    for number in range(3):
        table.write(number)
    version = table.checkpoint()
    path = table.log / f"{version:020d}.checkpoint.parquet"
    content = pq.read_table(path)
    nothing = pa.nulls(content.num_rows, pa.struct({"path": pa.string()}))
    pq.write_table(content.append_column("sidecar", nothing), path)
    table.forget(version)

    assert table.read().rows == 3


def test_counts_come_from_parsed_statistics_too(table: Table) -> None:
    """Spark can be told to leave the statistics' text out of checkpoints."""
    table.write(1, 2)
    version = table.checkpoint()
    path = table.log / f"{version:020d}.checkpoint.parquet"
    content = pq.read_table(path).to_pylist()
    schema = pq.read_schema(path)
    add = schema.field("add").type
    parsed = pa.struct(
        [
            *(f for f in add if f.name != "stats"),
            pa.field("stats_parsed", pa.struct({"numRecords": pa.int64()})),
        ]
    )
    for row in content:
        if row["add"]:
            row["add"] |= {"stats_parsed": {"numRecords": 2}}
    pq.write_table(
        pa.Table.from_pylist(
            content, schema.set(schema.get_field_index("add"), pa.field("add", parsed))
        ),
        path,
    )
    table.forget(version)

    assert table.read().rows == 2


@pytest.mark.parametrize(
    ("stats", "rows"),
    [
        ('{"numRecords":5}', 5),
        (' { "numRecords" : 5 , "tightBounds" : false }', 5),
        ('{"minValues":{"numRecords":3},"numRecords":5}', 5),
        ('{"minValues":{"c":"\\"numRecords\\":3"},"numRecords":5}', 5),
        ('{"minValues":{"numRecords":3}}', None),
        ('{"numRecords":null}', None),
        ("{}", None),
        ("", None),
        (None, None),
        ("no json", None),
    ],
)
def test_a_files_rows_are_the_count_of_its_statistics(
    table: Table, stats: str | None, rows: int | None
) -> None:
    """A column may be called numRecords as well."""
    table.write(1)
    body = {"path": "a.parquet", "size": 1, "modificationTime": 1, "stats": stats}
    table.append(1, {"add": {**body, "partitionValues": {}, "dataChange": True}})

    snapshot = table.read()

    assert snapshot.files["a.parquet"].rows == rows
    assert snapshot.rows == (None if rows is None else rows + 1)
    assert read_commits(table.store, "t", after=0)[0].added_rows == rows


@pytest.mark.parametrize(
    "name", ["sp ace", "50%", "p%20q", "a+b", "ü", "日本", "q#x", "c=1", "a&b", "[b]", "x;y", "~"]
)
def test_paths_of_every_kind_are_those_delta_rs_sees(table: Table, name: str) -> None:
    """R26"""
    content = io.BytesIO()
    pq.write_table(pa.table({"id": [1]}), content)
    path = f"{name}/part {name}.parquet"
    table.store.put(f"t/{path}", content.getvalue())
    size = len(content.getvalue())
    action = AddAction(path, size, {}, 1_700_000_000_000, True, '{"numRecords":1}')
    create_table_with_add_actions(table.url, Schema([Field("id", "long")]), [action], "append", [])

    snapshot = table.read()

    assert list(snapshot.files) == [path]
    assert_equal(snapshot, table.delta)
    table.delta.delete()
    assert (table.read().files, table.read().removed) == ({}, {path})
    table.checkpoint()
    table.forget(2)
    assert (table.read().files, table.read().removed) == ({}, {path})


ABSOLUTE = [
    ("file:///data/cda/sp ace/50%/ü.parquet", "/data/cda/sp ace/50%/ü.parquet"),
    ("/data/cda/x.parquet", "/data/cda/x.parquet"),
    ("s3://bucket/cda/a+b/x.parquet", "s3://bucket/cda/a+b/x.parquet"),
]


@pytest.mark.parametrize(("path", "meant"), ABSOLUTE)
def test_r29_absolute_paths_of_other_writers_are_kept(table: Table, path: str, meant: str) -> None:
    """In a folder a URI and the plain path are one."""
    action = AddAction(path, 10, {}, 1_700_000_000_000, True, '{"numRecords":1}')
    create_table_with_add_actions(table.url, Schema([Field("id", "long")]), [action], "append", [])

    assert list(table.read().files) == [meant]
    table.checkpoint()
    table.forget(1)
    assert list(table.read().files) == [meant]


@pytest.mark.parametrize(
    "path", ["fp/1/a b.parquet", "50%/p%20q/a+b=ü#?[x].parquet", "日本/\U0001f600"]
)
def test_a_path_comes_back_from_the_log_as_it_was(path: str) -> None:
    """R26"""
    encoded = encode_path(path)

    assert decode_path(encoded) == path
    assert encoded.isascii()
    assert not set(encoded) & set(" +#?[]")


def vector(*rows: int) -> dict[str, Any]:
    """An inline deletion vector that hides these row numbers (an even count of them)."""
    bitmap = struct.pack("<IIHHI", 12346, 1, 0, len(rows) - 1, 16)
    bitmap += struct.pack(f"<{len(rows)}H", *rows)
    content = struct.pack("<IQI", 1681511377, 1, 0) + bitmap
    return {
        "storageType": "i",
        "pathOrInlineDv": z85(content),
        "sizeInBytes": len(content),
        "cardinality": len(rows),
    }


def z85(content: bytes) -> str:
    letters = (
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"
    )
    text = ""
    for (number,) in struct.iter_unpack(">I", content):
        text += "".join(letters[number // 85**power % 85] for power in (4, 3, 2, 1, 0))
    return text


@pytest.fixture
def hidden(table: Table) -> Table:
    """Ten rows in one file, two of them hidden, then two others."""
    table.write(*range(10))
    body = next(
        json.loads(line)["add"]
        for line in table.store.get(commit_path("t", 0)).splitlines()
        if b'"add"' in line
    )
    protocol = {"minReaderVersion": 3, "minWriterVersion": 7}
    features = {"readerFeatures": ["deletionVectors"], "writerFeatures": ["deletionVectors"]}
    table.append(
        1,
        {"protocol": protocol | features},
        {"add": body | {"deletionVector": vector(0, 1)}},
        {"remove": {"path": body["path"], "deletionTimestamp": 1, "dataChange": True}},
    )
    table.append(
        2,
        {
            "remove": {
                "path": body["path"],
                "deletionTimestamp": 2,
                "dataChange": True,
                "deletionVector": vector(0, 1),
            }
        },
        {"add": body | {"deletionVector": vector(0, 1, 5, 9)}},
    )
    return table


def test_rows_hidden_by_deletion_vectors_are_not_counted(hidden: Table) -> None:
    """R62"""
    for version, rows in [(0, 10), (1, 8), (2, 6)]:
        snapshot = hidden.read(at=version)
        assert (snapshot.rows, len(snapshot.files), snapshot.removed) == (rows, 1, set())
        assert rows_of(DeltaTable(hidden.url, version=version)) == rows


def test_a_tombstone_in_a_checkpoint_does_not_take_its_living_namesake(hidden: Table) -> None:
    """R62: the file lives on with another deletion vector; the order of rows says nothing."""
    version = hidden.checkpoint()
    hidden.forget(version)
    path = hidden.log / f"{version:020d}.checkpoint.parquet"
    content = pq.read_table(path)
    tombstone = next(iter(hidden.read().files))
    kept = [
        {"remove": {"path": tombstone, "deletionTimestamp": 10**15, "dataChange": True}},
        *(row for row in content.to_pylist() if not row["remove"]),
    ]
    for rows in (kept, kept[::-1]):
        pq.write_table(pa.Table.from_pylist(rows, content.schema), path)

        snapshot = hidden.read()

        assert (snapshot.rows, list(snapshot.files), snapshot.removed) == (6, [tombstone], set())


def test_commits_are_read_as_they_are(table: Table) -> None:
    table.write(
        1,
        2,
        commit_properties=CommitProperties(
            {"run_id": "r1"}, app_transactions=[Transaction("cda:a", 5)]
        ),
    )
    table.delta.delete("id = 1")
    table.delta.alter.set_table_properties({"delta.appendOnly": "false"})

    created, deleted, altered = read_commits(table.store, "t")

    assert [commit.version for commit in (created, deleted, altered)] == [0, 1, 2]
    assert (created.added, created.added_rows, created.removed) == (1, 2, 0)
    assert created.added_bytes == table.read(at=0).size_bytes
    assert (created.info["run_id"], created.transactions) == ("r1", {"cda:a": 5})
    assert created.schema_string is not None
    assert (deleted.added_rows, deleted.removed, deleted.schema_string) == (1, 1, None)
    assert deleted.info["operation"] == "DELETE"
    assert (created.data_change, deleted.data_change, altered.data_change) == (True, True, False)
    assert created.timestamp.tzinfo is UTC
    assert created.timestamp <= deleted.timestamp <= altered.timestamp


def test_an_optimize_changes_no_rows(table: Table) -> None:
    """R39"""
    table.write(1)
    table.write(2)
    table.delta.optimize.compact()

    assert [commit.data_change for commit in read_commits(table.store, "t")] == [True, True, False]


def test_commits_can_be_read_in_portions(table: Table) -> None:
    for number in range(6):
        table.write(number)
    table.checkpoint()
    table.forget(2)

    def versions(**portion: Any) -> list[int]:
        return [commit.version for commit in read_commits(table.store, "t", **portion)]

    assert versions() == [2, 3, 4, 5]
    assert versions(after=3) == [4, 5]
    assert versions(after=2, limit=2) == [3, 4]
    assert versions(after=5) == []


def test_a_commit_without_info_has_the_time_of_its_file(table: Table) -> None:
    modified = datetime(2026, 1, 2, tzinfo=UTC)
    add = {"add": {"path": "a", "size": 3, "modificationTime": 1}}

    commit = parse_commit(4, json.dumps(add).encode() + b"\n\n", modified)

    assert (commit.timestamp, commit.info, commit.added_rows) == (modified, {}, None)
    assert commit.data_change


def test_a_snapshot_through_s3_is_the_same(s3: Callable[[], str]) -> None:
    store = Store.open(f"{s3()}/my läke")
    url, options = store.location.join("t").url, store.delta_options()
    for number in range(3):
        write_deltalake(url, pa.table({"id": [number]}), mode="append", storage_options=options)

    snapshot = read_snapshot(store, "t")

    assert snapshot is not None
    assert_equal(snapshot, DeltaTable(url, storage_options=options))
    assert snapshot.commit_tag == store.list(LOG)[-1].e_tag


def test_an_action_keeps_what_it_does_not_know() -> None:
    """R64"""
    metadata = Metadata({"id": "a", "schemaString": "old", "description": "x", "new": {"y": 1}})

    edited = metadata.with_schema("new")

    assert edited.body == {"id": "a", "schemaString": "new", "description": "x", "new": {"y": 1}}
    assert (metadata.configuration, metadata.partition_columns, metadata.created_time) == (
        {},
        (),
        None,
    )
    protocol = Protocol(3, 7, ("a",), ("a", "b"))
    assert Protocol.from_action(protocol.to_action()) == protocol
    assert Protocol.from_action(Protocol().to_action()) == Protocol()


def test_a_file_without_a_count_leaves_the_rows_unknown() -> None:
    snapshot = Snapshot(0, Protocol(), Metadata({}))
    assert (snapshot.rows, snapshot.size_bytes) == (0, 0)

    snapshot.files = {"a": DataFile("a", 3, 1, 5, deleted_rows=2), "b": DataFile("b", 4, 1, None)}

    assert (snapshot.rows, snapshot.size_bytes) == (None, 7)
