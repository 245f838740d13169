"""The commit writer: one file, put in place by one conditional put."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable, QueryBuilder

from cdalake.delta.actions import DataFile, Metadata, NewCommit, Protocol, Removed
from cdalake.delta.commit import Committed, write_checkpoint, write_commit
from cdalake.delta.log import commit_path, read_commits, read_snapshot
from cdalake.delta.schema import schema_of_file
from cdalake.errors import StoreUnavailable
from cdalake.storage import Store

MODIFIED = 1_680_535_502_123


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "folder":
        return Store.open(str(tmp_path / "my läke"))
    bucket: Callable[[], str] = request.getfixturevalue("s3")
    return Store.open(f"{bucket()}/my läke")


def data_file(store: Store, path: str, columns: dict[str, Any]) -> DataFile:
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(columns), sink)
    content = bytes(sink.getvalue())
    store.put(f"t/{path}", content)
    rows = len(next(iter(columns.values())))
    return DataFile(path, len(content), MODIFIED, rows, json.dumps({"numRecords": rows}))


def schema_string(**columns: Any) -> str:
    return schema_of_file(pa.schema(columns)).to_string()


def first_commit(store: Store, path: str = "fp/1/a.parquet") -> NewCommit:
    metadata = Metadata.new("t", schema_string(id=pa.int64()), MODIFIED)
    return NewCommit(
        {"commit_id": "first", "watermark": 1},
        (data_file(store, path, {"id": [1, 2]}),),
        {"cda:fp": 1},
        Protocol(),
        metadata,
    )


def lines(store: Store, version: int) -> list[dict[str, Any]]:
    return [json.loads(line) for line in store.get(commit_path("t", version)).split(b"\n")]


def test_a_commit_is_one_file_of_one_action_a_line(store: Store) -> None:
    """R21, R26"""
    committed = write_commit(store, "t", 0, first_commit(store))

    info, protocol, metadata, txn, add = lines(store, 0)
    assert committed == Committed(0, store.list("t/_delta_log")[0].e_tag)
    assert info["commitInfo"].pop("timestamp") > MODIFIED
    assert info == {"commitInfo": {"commit_id": "first", "watermark": 1}}
    assert protocol == {"protocol": {"minReaderVersion": 1, "minWriterVersion": 2}}
    assert metadata["metaData"]["partitionColumns"] == []
    assert txn == {"txn": {"appId": "cda:fp", "version": 1}}, "lastUpdated would let it expire"
    assert add == {
        "add": {
            "path": "fp/1/a.parquet",
            "partitionValues": {},
            "size": store.list("t/fp")[0].size,
            "modificationTime": MODIFIED,
            "dataChange": True,
            "stats": '{"numRecords": 2}',
        }
    }


def test_a_new_column_comes_in_the_commit_of_its_first_data(store: Store) -> None:
    """R19: read back by delta-rs, old rows with null."""
    write_commit(store, "t", 0, first_commit(store))
    snapshot = read_snapshot(store, "t")
    assert snapshot is not None
    wider = snapshot.metadata.with_schema(schema_string(id=pa.int64(), name=pa.string()))
    files = (data_file(store, "fp/2/b.parquet", {"id": [3], "name": ["x"]}),)

    write_commit(store, "t", 1, NewCommit({"commit_id": "b"}, files, {"cda:fp": 2}, None, wider))

    table = DeltaTable(store.location.join("t").url, storage_options=store.delta_options())
    assert (table.version(), table.metadata().id) == (1, snapshot.metadata.id)
    assert table.transaction_version("cda:fp") == 2
    rows = pa.table(QueryBuilder().register("t", table).execute("SELECT * FROM t ORDER BY id"))
    assert rows.to_pylist() == [
        {"id": 1, "name": None},
        {"id": 2, "name": None},
        {"id": 3, "name": "x"},
    ]


def test_a_commit_takes_files_out_and_puts_others_in(store: Store) -> None:
    """R28: read back by delta-rs; the removed file says all that VACUUM and a checkpoint need."""
    write_commit(store, "t", 0, first_commit(store, "fp/1/ä.parquet"))
    before = read_snapshot(store, "t")
    assert before is not None
    (old,) = before.files.values()
    new = data_file(store, "fp/2/b.parquet", {"id": [3]})
    swap = NewCommit({"commit_id": "b"}, (new,), {}, removes=(Removed(old, MODIFIED + 1),))

    write_commit(store, "t", 1, swap)

    assert lines(store, 1)[1] == {
        "remove": {
            "path": "fp/1/%C3%A4.parquet",
            "deletionTimestamp": MODIFIED + 1,
            "dataChange": True,
            "extendedFileMetadata": True,
            "partitionValues": {},
            "size": old.size,
        }
    }
    after = read_snapshot(store, "t")
    assert after is not None
    assert (list(after.files), after.removed) == (["fp/2/b.parquet"], {"fp/1/ä.parquet"})
    table = DeltaTable(store.location.join("t").url, storage_options=store.delta_options())
    rows = pa.table(QueryBuilder().register("t", table).execute("SELECT * FROM t"))
    assert rows.to_pylist() == [{"id": 3}]


def test_a_file_is_removed_together_with_its_deletion_vector() -> None:
    """Delta protocol, "Remove": path and vector together name the file."""
    vector = {"storageType": "i", "pathOrInlineDv": "wi5b=", "sizeInBytes": 40, "cardinality": 2}
    file = DataFile("a.parquet", 10, MODIFIED, 5, deleted_rows=2, deletion_vector=vector)

    assert Removed(file, MODIFIED).to_action()["deletionVector"] == vector


def test_a_rewritten_file_is_no_change_of_data(store: Store) -> None:
    """R68: readers of changes pass over it."""
    write_commit(store, "t", 0, first_commit(store))
    before = read_snapshot(store, "t")
    assert before is not None
    (old,) = before.files.values()
    new = replace(data_file(store, "fp/1/wide.parquet", {"id": [1, 2]}), data_change=False)
    swap = NewCommit({"commit_id": "b"}, (new,), {}, removes=(Removed(old, MODIFIED, False),))

    write_commit(store, "t", 1, swap)

    assert [commit.data_change for commit in read_commits(store, "t")] == [True, False]


@pytest.mark.parametrize(
    "name", ["sp ace", "50%", "p%20q", "a+b", "ü", "日本", "q#x", "c=1", "[b]"]
)
def test_delta_rs_finds_files_of_every_name(tmp_path: Path, name: str) -> None:
    """R26"""
    store = Store.open(str(tmp_path))
    path = f"{name}/1680350543000/{name}.parquet"

    write_commit(store, "t", 0, first_commit(store, path))

    assert DeltaTable(str(tmp_path / "t")).to_pyarrow_table().num_rows == 2
    snapshot = read_snapshot(store, "t")
    assert snapshot is not None
    assert list(snapshot.files) == [path]


def test_who_comes_second_gets_no_version(store: Store) -> None:
    """R25"""
    write_commit(store, "t", 0, first_commit(store))
    before = store.get(commit_path("t", 0))

    assert write_commit(store, "t", 0, NewCommit({"commit_id": "second"}, (), {})) is None
    assert store.get(commit_path("t", 0)) == before


def test_a_refused_put_whose_version_is_our_own_commit_is_a_success(store: Store) -> None:
    """R64: the answer was lost, not the put."""
    commit = first_commit(store)
    first = write_commit(store, "t", 0, commit)

    again = write_commit(store, "t", 0, commit)

    assert again == first
    assert again is not None
    assert again.tag is not None


def test_a_commit_id_elsewhere_in_a_foreign_commit_is_not_ours(store: Store) -> None:
    """R64"""
    foreign = [{"commitInfo": {"operation": "WRITE"}}, {"txn": {"appId": "ours", "version": 1}}]
    store.put(commit_path("t", 0), "\n".join(map(json.dumps, foreign)).encode())

    assert write_commit(store, "t", 0, NewCommit({"commit_id": "ours"}, (), {})) is None


class Answerless(Store):
    """A store that loses the answer of a put: the client's retry meets its own first try."""

    def put_new(self, path: str, data: bytes) -> str | None:
        super().put_new(path, data)
        raise FileExistsError(path)


class Vanishing(Store):
    """A store where what was in the way of a put is gone a moment later."""

    def put_new(self, path: str, _: bytes) -> str | None:
        raise FileExistsError(path)


def test_a_put_whose_answer_was_lost_is_a_success(tmp_path: Path) -> None:
    """R64"""
    store = Answerless(Store.open(str(tmp_path)).location)

    committed = write_commit(store, "t", 7, NewCommit({"commit_id": "a"}, (), {}))

    assert committed == Committed(7, store.list("t")[0].e_tag)


def test_what_was_in_the_way_and_vanished_is_nobodys_version(tmp_path: Path) -> None:
    """R64"""
    store = Vanishing(Store.open(str(tmp_path)).location)

    assert write_commit(store, "t", 0, NewCommit({"commit_id": "a"}, (), {})) is None


def test_characters_of_every_kind_survive_in_a_commit(store: Store) -> None:
    commit = first_commit(store)
    info = {"commit_id": "a", "userName": 'Zoë \u2028\U00020000 "quoted"\n'}

    write_commit(store, "t", 0, NewCommit(info, commit.files, {}, commit.protocol, commit.metadata))

    assert lines(store, 0)[0]["commitInfo"]["userName"] == info["userName"]


def test_a_checkpoint_is_written_and_read(store: Store) -> None:
    """R55"""
    write_commit(store, "t", 0, first_commit(store))
    before = read_snapshot(store, "t")

    assert write_checkpoint(store, "t") is None

    store.delete(commit_path("t", 0))
    after = read_snapshot(store, "t")
    assert before is not None
    assert after is not None
    assert (after.files, after.transactions) == (before.files, {"cda:fp": 1})
    assert (after.metadata, after.protocol) == (before.metadata, before.protocol)


def test_a_checkpoint_that_fails_is_told_and_raises_nothing(store: Store) -> None:
    """R55"""
    why = write_checkpoint(store, "no-such-table")

    assert why is not None
    assert why.startswith("no checkpoint was written: ")


def test_a_store_out_of_reach_while_committing_is_an_error(
    s3: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """R64: the put may or may not have happened; a later run finds out."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")

    with pytest.raises(StoreUnavailable):
        write_commit(Store.open("s3://bucket"), "t", 0, NewCommit({"commit_id": "a"}, (), {}))
