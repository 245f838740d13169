"""Rules R21 to R26, R31 to R33, R61: what a commit holds, and what lies in the table's folder."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from deltalake import DeltaTable

from cdalake.delta.places import is_absolute, key_of
from cdalake.engine.progress import Event
from cdalake.engine.sync import run
from cdalake.errors import AccessDenied
from cdalake.settings import ad_hoc
from cdalake.storage import Store
from conftest import Lake, Listener, codes, in_order, result_of

T0 = 1_768_000_000_000


def the(lake: Lake, version: int, kind: str, table: str = "t") -> list[dict[str, Any]]:
    """The bodies of one kind of action of a version."""
    return [line[kind] for line in lake.commit(table, version) if kind in line]


class Meddler(Listener):
    """Does something once a table was planned, before anything of it is brought."""

    def __init__(self, action: Callable[[], object]) -> None:
        super().__init__()
        self._action = action

    def emit(self, event: Event) -> None:
        super().emit(event)
        if event.kind == "table_started":
            self._action()


def folders(lake: Lake, count: int, fingerprint: str = "fp") -> None:
    for place in range(count):
        lake.deliver(f"t/{fingerprint}/{T0 + place}", {"id": [place]})
    lake.announce("t", T0 + count - 1, fingerprint)


def test_r21_the_cursor_is_in_the_commit_of_its_data_and_never_expires(lake: Lake) -> None:
    lake.export(tables=3, folders=6, rows=10)
    lake.sync()

    for table in ("cc_claim", "cc_transaction"):
        manifest = lake.manifest()[table]
        transactions = the(lake, 0, "txn", table)
        assert [set(txn) for txn in transactions] == [{"appId", "version"}] * 2
        assert {txn["appId"] for txn in transactions} == {
            f"cda:{fingerprint}" for fingerprint in manifest["schemaHistory"]
        }
        newest = max(txn["version"] for txn in transactions)
        assert newest == int(manifest["lastSuccessfulWriteTimestamp"])
        delta = lake.delta(table)
        for txn in transactions:
            assert delta.transaction_version(txn["appId"]) == txn["version"]


def test_r21_commit_info_tells_people_who_what_and_how_much(lake: Lake) -> None:
    folders(lake, 2)
    spec = {"run_id": "20261123-1", "requested_by": "ada"}
    lake.sync(**spec)
    lake.deliver(f"t/fp/{T0 + 2}", {"id": [5, 6, 7]})
    lake.announce("t", T0 + 2, "fp")
    lake.sync(**spec)

    (info,) = the(lake, 1, "commitInfo")
    expected = {
        "userName": "ada",
        "run_id": "20261123-1",
        "watermark": T0 + 2,
        "schema_timestamp": T0 + 2,
        "folders": 1,
        "files": 1,
        "rows": 3,
        "total_rows": 5,
        "operation": "WRITE",
    }
    assert {key: info[key] for key in expected} == expected
    assert len({the(lake, version, "commitInfo")[0]["commit_id"] for version in (0, 1)}) == 2
    history = lake.delta("t").history(1)[0]
    assert (history["userName"], history["operation"]) == ("ada", "WRITE")


def test_r22_a_commit_holds_at_most_five_hundred_folders(lake: Lake) -> None:
    folders(lake, 501)

    result = result_of(lake.sync(), "t")

    assert (result.commits, result.version, result.rows) == (2, 1, 501)
    assert [the(lake, v, "commitInfo")[0]["folders"] for v in range(2)] == [500, 1]


def test_r22_commit_per_folder_makes_one_version_of_each(lake: Lake) -> None:
    export = lake.export(tables=2, folders=3, rows=10)

    lake.sync(commit_per_folder=True)

    files = export.files("cc_claim")
    times = sorted({file.folder for file in files})
    assert lake.delta("cc_claim").version() == len(times) - 1
    for version, newest in enumerate(times):
        delta = DeltaTable(f"{lake.target_url}/cc_claim", version=version)
        rows = [row for file in files if file.folder <= newest for row in file.rows]
        assert in_order(delta.to_pyarrow_table().to_pylist()) == in_order(rows)
        assert the(lake, version, "commitInfo", "cc_claim")[0]["watermark"] == newest


def test_r22_the_watermark_never_goes_backwards(lake: Lake) -> None:
    """A late fingerprint and a late folder are committed after newer ones."""
    lake.deliver(f"t/a/{T0 + 10}", {"id": [1]})
    lake.announce("t", T0 + 10, "a")
    lake.sync()
    lake.deliver(f"t/b/{T0 + 5}", {"id": [2]})
    lake.deliver(f"t/a/{T0 + 3}", {"id": [3]})
    lake.announce("t", T0 + 10, "a", "b")

    result = result_of(lake.sync(commit_per_folder=True), "t")

    assert (result.watermark, result.commits) == (T0 + 10, 2)
    marks = [the(lake, version, "commitInfo")[0]["watermark"] for version in range(3)]
    assert marks == [T0 + 10] * 3
    assert lake.table("t").transactions == {"cda:a": T0 + 10, "cda:b": T0 + 5}


def test_r23_a_manifest_time_ahead_of_every_folder_is_no_error(lake: Lake) -> None:
    folders(lake, 1)
    lake.announce("t", T0 + 999, "fp")

    assert [result_of(lake.sync(), "t").status for _ in range(2)] == ["ok", "no_change"]


def test_r24_a_second_run_writes_nothing(lake: Lake) -> None:
    lake.export(tables=3, folders=4, rows=10)
    lake.sync()
    before = lake.objects()

    again = lake.sync()

    assert [table.status for table in again.tables] == ["no_change"] * 3
    assert again.status == "completed"
    assert lake.objects() == before


def test_r26_adds_are_what_the_protocol_asks(lake: Lake) -> None:
    started = time.time_ns() // 1_000_000
    lake.export(tables=1, folders=3, rows=10)
    lake.sync()

    for add in the(lake, 0, "add", "cc_claim"):
        path = Path(lake.target_url, "cc_claim", add["path"])
        assert (add["dataChange"], add["partitionValues"]) == (True, {})
        assert add["size"] == path.stat().st_size
        assert add["modificationTime"] == int(path.stat().st_mtime * 1000)
        assert started - 10_000 < add["modificationTime"] < started + 3_600_000
    (metadata,) = the(lake, 0, "metaData", "cc_claim")
    assert metadata["partitionColumns"] == []
    assert lake.delta("cc_claim").metadata().name == "cc_claim"


def test_r32_copies_keep_their_names_and_are_copies(lake: Lake) -> None:
    """A file of the export that is rewritten in place later does not change the table."""
    export = lake.export(tables=1, folders=2, rows=10)
    lake.sync()

    for file in export.files("cc_claim"):
        source, copy = Path(lake.source_url, file.path), Path(lake.target_url, file.path)
        assert copy.read_bytes() == source.read_bytes()
        assert not copy.samefile(source)
        assert copy.stat().st_nlink == 1
        with source.open("r+b") as handle:
            handle.write(b"spoilt")
    assert lake.rows("cc_claim") == in_order(export.rows("cc_claim"))


def test_r32_a_copy_is_as_fresh_as_its_copying(lake: Lake) -> None:
    """VACUUM goes by the time of a file: one as old as the export might pass for an orphan."""
    folders(lake, 1)
    path = Path(lake.source_url, "t", "fp", str(T0), "part-00000.parquet")
    os.utime(path, (1_000_000_000, 1_000_000_000))

    lake.sync()

    copy = Path(lake.target_url, "t", "fp", str(T0), "part-00000.parquet")
    assert copy.stat().st_mtime > 1_700_000_000


@pytest.mark.parametrize("name", ["with space", "100%", "a+b", "grün", "semi;colon", "q?mark#1"])
def test_r32_odd_names_are_read_back(lake: Lake, name: str) -> None:
    lake.deliver(f"t/{name}/{T0}", {"id": [1]}, f"part {name}.parquet")
    lake.announce("t", T0, name)

    assert result_of(lake.sync(), "t").status == "ok"
    assert [row["id"] for row in lake.rows("t")] == [1]
    lake.announce("t", T0 + 1, name)
    assert result_of(lake.sync(), "t").status == "no_change"


def test_r32_what_a_crash_left_is_adopted(lake: Lake) -> None:
    """All files were copied, nothing was committed; the temporary name of one is there too."""
    export = lake.export(tables=1, folders=2, rows=10)
    lake.sync()
    for path in lake.objects():
        if not path.endswith(".parquet"):
            lake.target.delete(path)
    before = lake.objects()
    first = next(iter(before))
    lake.target.put(first.replace("part-", ".part-") + ".0a1b.tmp", b"half")

    lake.sync()

    assert lake.rows("cc_claim") == in_order(export.rows("cc_claim"))
    assert {path: lake.objects()[path] for path in before} == before


@pytest.mark.parametrize("kind", ["shorter", "of the same size", "a whole file of other rows"])
def test_r32_an_orphan_of_other_content_is_left_alone(lake: Lake, kind: str) -> None:
    """The file comes under another name: the orphan might be in somebody's log by now."""
    folders(lake, 1)
    name = f"fp/{T0}/part-00000.parquet"
    whole = lake.source.get(f"t/{name}")
    elsewhere = Lake(f"{lake.source_url}-2", lake.target_url)
    elsewhere.deliver(f"t/fp/{T0}", {"id": [77]})
    orphan = {
        "shorter": whole[: len(whole) // 2],
        "of the same size": bytes(len(whole)),
        "a whole file of other rows": elsewhere.source.get(f"t/{name}"),
    }[kind]
    assert (len(orphan) == len(whole)) == (kind != "shorter")
    lake.target.put(f"t/{name}", orphan)

    result = result_of(lake.sync(), "t")

    assert result.status == "ok"
    assert [row["id"] for row in lake.rows("t")] == [0]
    assert lake.target.get(f"t/{name}") == orphan
    lake.announce("t", T0 + 1, "fp")
    assert result_of(lake.sync(), "t").status == "no_change"


def test_a_source_that_is_rewritten_between_listing_and_copy_is_not_read_half(lake: Lake) -> None:
    """What was listed with another size than its copy has stops the table there."""
    folders(lake, 2)

    def grow() -> None:
        lake.deliver(f"t/fp/{T0 + 1}", {"id": list(range(2000))})

    result = result_of(run(lake.spec(), Meddler(grow), lambda: False), "t")

    assert result.error is not None
    assert (result.error.code, result.watermark) == ("SOURCE_CHANGED", T0)
    assert result_of(lake.sync(), "t").error is None
    assert len(lake.rows("t")) == 2001


def test_r55_a_checkpoint_is_written_every_fifty_versions(lake: Lake) -> None:
    folders(lake, 51)

    result = result_of(lake.sync(commit_per_folder=True), "t")

    assert (result.version, codes(result)) == (50, [])
    names = [info.path.rpartition("/")[2] for info in lake.target.list("t/_delta_log")]
    assert f"{49:020d}.checkpoint.parquet" in names
    assert len(lake.rows("t")) == 51
    lake.deliver(f"t/fp/{T0 + 51}", {"id": [51]})
    lake.announce("t", T0 + 51, "fp")
    lake.target.delete("_cdalake/t.json")
    assert result_of(lake.sync(), "t").rows == 1


def test_r55_a_checkpoint_that_cannot_be_written_is_a_warning(lake: Lake) -> None:
    folders(lake, 50)
    in_the_way = Path(lake.target_url, "t", "_delta_log", f"{49:020d}.checkpoint.parquet")
    (in_the_way / "folder").mkdir(parents=True)

    result = result_of(lake.sync(commit_per_folder=True), "t")

    assert (result.status, result.version, codes(result)) == ("ok", 49, ["CHECKPOINT_FAILED"])


class Narrow(Store):
    """A store whose policy lets nobody write beside the tables."""

    def put_if(self, path: str, data: bytes, e_tag: str | None) -> str | None:
        if path.startswith("_cdalake/"):
            raise AccessDenied("ACCESS_DENIED", f"The store refused to put {path}.", "Ask for it.")
        return super().put_if(path, data, e_tag)


def test_r55_a_memory_that_cannot_be_written_is_a_warning(lake: Lake) -> None:
    folders(lake, 1)

    results = [run(lake.spec(), lake.listener, lambda: False, Narrow.open) for _ in range(2)]

    first, second = (result_of(result, "t") for result in results)

    assert (first.status, codes(first)) == ("ok", ["STATE_NOT_WRITTEN"])
    assert (second.status, codes(second)) == ("no_change", ["STATE_NOT_WRITTEN"])
    assert [row["id"] for row in lake.rows("t")] == [0]


def test_r64_a_commit_of_others_between_plan_and_put_is_planned_for_anew(lake: Lake) -> None:
    """A colleague's commit and another run's, each just before ours: nothing is lost or doubled."""
    folders(lake, 2)
    lake.sync()
    for place in (2, 3):
        lake.deliver(f"t/fp/{T0 + place}", {"id": [place]})
    lake.announce("t", T0 + 3, "fp")

    another = Meddler(lambda: lake.sync(commit_per_folder=True))
    result = result_of(run(lake.spec(), another, lambda: False), "t")

    assert (result.status, result.commits) == ("no_change", 0)
    assert [row["id"] for row in lake.rows("t")] == [0, 1, 2, 3]
    lake.deliver(f"t/fp/{T0 + 4}", {"id": [4]})
    lake.announce("t", T0 + 4, "fp")
    colleague = Meddler(lambda: lake.delta("t").alter.set_table_description("theirs"))
    result = result_of(run(lake.spec(), colleague, lambda: False), "t")
    assert (result.status, result.commits) == ("ok", 1)
    assert result.version == lake.table("t").version == 4
    assert lake.delta("t").metadata().description == "theirs"
    assert [row["id"] for row in lake.rows("t")] == [0, 1, 2, 3, 4]


def test_r61_a_table_a_colleague_switched_to_column_mapping_is_left_alone(lake: Lake) -> None:
    """A plain add would read back as NULLs there."""
    lake.export(tables=2, folders=2, rows=10)
    lake.sync()
    _switch_to_column_mapping(lake, "cc_claim")
    lake.extend(1)
    before = {path: facts for path, facts in lake.objects().items() if "cc_claim" in path}

    result = lake.sync()

    claim = result_of(result, "cc_claim")
    assert (result.status, claim.status) == ("completed_with_errors", "failed")
    assert claim.error is not None
    assert claim.error.code == "UNSUPPORTED_TABLE_FEATURE"
    assert "column mapping" in claim.error.message
    assert claim.error.hint
    assert claim.version == 1
    assert {p: facts for p, facts in lake.objects().items() if "cc_claim" in p} == before
    assert result_of(result, "cc_exposure").status == "ok"


def _switch_to_column_mapping(lake: Lake, table: str) -> None:
    """As another engine would: a commit of its own with protocol and properties."""
    metadata = dict(lake.table(table).metadata.body)
    schema = json.loads(metadata["schemaString"])
    for number, field in enumerate(schema["fields"], 1):
        field["metadata"] = {
            "delta.columnMapping.id": number,
            "delta.columnMapping.physicalName": field["name"],
        }
    metadata["schemaString"] = json.dumps(schema)
    metadata["configuration"] = {
        "delta.columnMapping.mode": "name",
        "delta.columnMapping.maxColumnId": str(len(schema["fields"])),
    }
    lines = [
        {"commitInfo": {"timestamp": T0, "operation": "SET TBLPROPERTIES"}},
        {"protocol": {"minReaderVersion": 2, "minWriterVersion": 5}},
        {"metaData": metadata},
    ]
    version = lake.table(table).version + 1
    text = "\n".join(json.dumps(line) for line in lines)
    lake.target.put(f"{table}/_delta_log/{version:020d}.json", text.encode())


def test_r61_a_constraint_of_a_colleague_stops_the_table(lake: Lake) -> None:
    folders(lake, 1)
    lake.sync()
    lake.delta("t").alter.add_constraint({"positive": "id >= 0"})
    lake.deliver(f"t/fp/{T0 + 1}", {"id": [-1]})
    lake.announce("t", T0 + 1, "fp")

    result = result_of(lake.sync(), "t")

    assert result.error is not None
    assert result.error.code == "UNSUPPORTED_TABLE_FEATURE"
    assert "positive" in result.error.message


def test_r46_the_newest_change_in_the_source_is_known(lake: Lake) -> None:
    """It only ever moves on: what comes late was made before."""
    for place, changed in enumerate((700, 900, 800)):
        times = pa.array([changed], pa.int64())
        lake.deliver(f"t/fp/{T0 + place}", {"id": [place], "gwcbi___payload_ts_ms": times})
        lake.announce("t", T0 + place, "fp")
        lake.sync()

    assert json.loads(lake.target.get("_cdalake/t.json"))["newest_change"] == 900


def test_r31_no_path_of_a_table_leads_out_of_its_target_unless_that_is_asked_for(
    lake: Lake,
) -> None:
    """A catalog that governs the target would not let readers out of it."""
    lake.export(tables=2, folders=2)

    assert lake.sync().status == "completed"

    assert ad_hoc(lake.source_url, lake.target_url).layout == "copy"
    for table in ("cc_claim", "cc_exposure"):
        assert not any(is_absolute(path) for path in lake.table(table).files)


@pytest.mark.parametrize("layout", ["copy", "zero_copy"])
def test_r33_where_a_row_came_from_stands_in_the_path_of_its_file(lake: Lake, layout: str) -> None:
    """Fingerprint, folder and file need no columns, and no layout stores them."""
    lake.deliver(f"t/aa/{T0}", {"id": [1]}, "part-00007.parquet")
    lake.announce("t", T0, "aa")

    lake.sync(layout=layout)

    (path,) = lake.table("t").files
    assert key_of(path) == f"aa/{T0}/part-00007.parquet"
    assert [field.name for field in lake.delta("t").schema().fields] == ["id"]
