"""The habits of CDA that the sample has to show, table by table."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cdalake.samples import Export, SampleSpec, write_folder

UUID = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
ORDINARY = [
    "cc_claim",
    "cc_exposure",
    "cc_transaction",
    "cc_contact",
    "pc_policyperiod",
    "pc_address",
    "bc_invoice",
    "bc_charge",
]


@pytest.fixture(scope="module")
def lake(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("lake")


@pytest.fixture(scope="module")
def export(lake) -> Export:
    return write_folder(lake, SampleSpec())


@pytest.fixture(scope="module")
def dirty(tmp_path_factory) -> tuple[Path, Export]:
    folder = tmp_path_factory.mktemp("dirty")
    return folder, write_folder(folder, SampleSpec(folders=4, rows=30, dirt=True))


def batches(lake: Path, table: str) -> Iterator[Path]:
    """Every timestamp folder, committed or not, by time."""
    found = [path for path in (lake / table).glob("*/*") if path.name.isdigit()]
    return iter(sorted(found, key=lambda path: int(path.name)))


def metrics(batch: Path) -> dict:
    return json.loads((batch / ".cda/batch-metrics.json").read_text())


def test_the_eleven_tables_are_there(export):
    assert export.tables == [*ORDINARY, "cctl_losscause", "bc_chargept_nm_l10n", "heartbeat"]


def test_more_tables_get_names_of_their_own_with_the_right_prefixes():
    names = Export(SampleSpec(tables=300)).tables
    assert len(set(names)) == 300
    assert {name.split("_")[0] for name in names} == {"cc", "pc", "bc", "cctl", "heartbeat"}


def test_the_manifest_speaks_as_cda_does(lake, export):
    for table, entry in json.loads((lake / "manifest.json").read_text()).items():
        assert re.fullmatch(r"\d{13}", entry["lastSuccessfulWriteTimestamp"])
        assert entry["dataFilesPath"] == f"s3://guidewire-cda-sample/cda/{table}/"
        assert isinstance(entry["totalProcessedRecordsCount"], int)
        for fingerprint, time in entry["schemaHistory"].items():
            assert re.fullmatch(r"[0-9a-f]{32}", fingerprint)
            assert (lake / table / fingerprint / time).is_dir()


def test_folders_and_files_are_named_as_spark_names_them(lake, export):
    name = rf"\w+/[0-9a-f]{{32}}/\d{{13}}/part-0000\d-{UUID}-c000\.snappy\.parquet"
    counts = Counter()
    for table in export.tables:
        for file in export.files(table):
            assert re.fullmatch(name, file.path)
            counts[table, file.folder] += 1
    assert set(counts.values()) == {1, 2, 3, 4}


def test_folders_follow_each_other_in_one_to_two_minutes(lake, export):
    for table in export.tables:
        times = [int(batch.name) for batch in batches(lake, table)]
        gaps = [b - a for a, b in pairwise(times)]
        assert all(60_000 <= gap <= 120_000 for gap in gaps)


def test_the_change_columns_are_complete_and_typed(lake, export):
    for table in export.tables:
        schema = pq.read_schema(lake / export.files(table)[0].path)
        types = {f.name: f.type for f in schema if f.name.startswith("gwcbi___") or f.name == "id"}
        assert types == {
            "id": pa.int64(),
            "gwcbi___operation": pa.int32(),
            "gwcbi___seqval": pa.decimal128(38, 0),
            "gwcbi___seqval_hex": pa.string(),
            "gwcbi___lsn": pa.int64(),
            "gwcbi___tx_id": pa.int64(),
            "gwcbi___payload_ts_ms": pa.int64(),
            "gwcbi___connector_ts_ms": pa.int64(),
        }
        assert all(field.nullable for field in schema)


def test_parquet_types_are_those_spark_writes(lake, export):
    file = pq.ParquetFile(lake / export.files("bc_invoice")[0].path)
    physical = {c.name: c.physical_type for c in file.schema}
    assert file.schema_arrow.field("eventdate").type == pa.timestamp("us", "UTC")
    assert physical["eventdate"] == physical["amount"] == "INT64"
    assert physical["gwcbi___seqval"] == "FIXED_LEN_BYTE_ARRAY"
    assert file.metadata.row_group(0).column(0).compression == "SNAPPY"
    assert not file.schema_arrow.metadata


def test_the_initial_load_is_operation_0_and_nothing_else_is(lake, export):
    for table in export.tables:
        first = int(next(batches(lake, table)).name)
        for file in export.files(table):
            operations = {row["gwcbi___operation"] for row in file.rows}
            assert operations <= ({0} if file.folder == first else {1, 2, 4})


def test_later_changes_are_mostly_updates(export):
    mix = Counter(row["gwcbi___operation"] for row in export.rows("cc_claim"))
    total = mix[2] + mix[4] + mix[1]
    assert mix[0] == 200
    assert 0.1 < mix[2] / total < 0.3
    assert 0.65 < mix[4] / total < 0.9
    assert 0 < mix[1] / total < 0.06


@pytest.mark.parametrize("table", ORDINARY)
def test_every_ordinary_table_shows_deletes_with_nothing_but_their_key(export, table):
    deletes = [row for row in export.rows(table) if row["gwcbi___operation"] == 1]
    assert deletes
    for row in deletes:
        kept = {name for name, value in row.items() if value is not None}
        assert kept == {name for name in row if name == "id" or name.startswith("gwcbi___")}


def test_sequence_values_grow_and_mean_the_same_in_both_forms(export):
    for table in export.tables:
        rows = export.rows(table)
        hexes = [row["gwcbi___seqval_hex"] for row in rows]
        assert all(re.fullmatch(r"[0-9a-f]{32}", text) for text in hexes)
        assert [Decimal(int(text, 16)) for text in hexes] == [r["gwcbi___seqval"] for r in rows]
        assert len(set(hexes)) == len(hexes)
        assert table == "pc_address" or hexes == sorted(hexes)


def test_only_one_change_comes_out_of_order_and_it_is_an_update_before_its_insert(export):
    changes = [
        (row["gwcbi___seqval_hex"], row["gwcbi___operation"], row["id"], file.folder)
        for file in export.files("pc_address")
        for row in file.rows
    ]
    late = [(a, b) for a, b in pairwise(changes) if a[0] > b[0]]
    [(update, insert)] = late
    assert (update[1], insert[1]) == (4, 2)
    assert update[2] == insert[2]
    assert update[3] < insert[3]


def test_every_change_fits_the_life_of_its_row(export):
    """Inserted once, changed while alive, never seen after its delete."""
    for table in export.tables:
        operations: dict[int, list[int]] = {}
        for row in sorted(export.rows(table), key=lambda row: row["gwcbi___seqval_hex"]):
            operations.setdefault(row["id"], []).append(row["gwcbi___operation"])
        for life in operations.values():
            assert life[0] in {0, 2}
            assert all(step == 4 for step in life[1:-1])
            assert life[-1] in {0, 1, 2, 4}
            assert len(life) == 1 or life[-1] in {1, 4}


def test_an_update_is_a_full_after_image_that_keeps_what_lasts(export):
    rows = [row for row in export.rows("cc_claim") if row["gwcbi___operation"] != 1]
    lasting = ("publicid", "createtime", "claimnumber", "policyid")
    first: dict[int, tuple] = {}
    for row in rows:
        seen = tuple(row[name] for name in lasting)
        assert None not in seen
        assert first.setdefault(row["id"], seen) == seen
    versions = [row["beanversion"] for row in rows if row["gwcbi___operation"] == 4]
    assert min(versions) == 1
    assert max(versions) > 1


def test_times_of_a_change_lie_before_its_folder(export):
    for file in export.files("cc_claim"):
        for row in file.rows:
            assert row["gwcbi___payload_ts_ms"] < row["gwcbi___connector_ts_ms"]
            assert 0 < file.folder - row["gwcbi___payload_ts_ms"] < 120_000


def test_values_are_awkward_enough(export):
    addresses, contacts = export.rows("pc_address"), export.rows("cc_contact")
    assert min(row["id"] for row in addresses) > 2**31
    assert {type(row["batchgeocode"]) for row in addresses} == {bool, type(None)}
    assert any(isinstance(row["spatialpoint"], bytes) for row in addresses)
    assert any(row["validuntil"] and row["validuntil"].year == 9999 for row in addresses)
    assert any(row["firstname"] and not row["firstname"].isascii() for row in contacts)
    assert any(row["createtime"] and row["createtime"].microsecond % 1000 for row in contacts)
    live = [row for row in contacts if row["gwcbi___operation"] != 1]
    assert 0 < sum(row["taxid"] is None for row in live) / len(live) < 0.2


def test_a_second_schema_adds_a_column_that_older_rows_do_not_have(export):
    files = export.files("cc_claim")
    old, new = export.manifest["cc_claim"]["schemaHistory"]
    assert {f.fingerprint for f in files} == {old, new}
    for file in files:
        assert all(
            ("litigationstatus_ext" in row) == (file.fingerprint == new) for row in file.rows
        )
    values = {row["litigationstatus_ext"] for row in export.rows("cc_claim")}
    assert None in values
    assert any(values)


def test_a_second_schema_widens_the_amount_beyond_what_the_first_could_hold(lake, export):
    files = export.files("cc_transaction")
    types = [pq.read_schema(lake / file.path).field("amount").type for file in files]
    assert types[0] == pa.decimal128(18, 2)
    assert types[-1] == pa.decimal128(20, 2)
    amounts = [row["amount"] for row in export.rows("cc_transaction") if row["amount"] is not None]
    assert max(amounts) >= Decimal(10) ** 16
    assert any(amount < 0 for amount in amounts)


def test_one_folder_in_twenty_holds_only_its_metrics(lake, export):
    for table in set(export.tables) - {"cctl_losscause"}:
        empty = [b for b in batches(lake, table) if [p.name for p in b.iterdir()] == [".cda"]]
        assert len(empty) == 1
        numbers = metrics(empty[0])
        assert numbers["numRecordsWritten"] == 0
        assert numbers["numRecordsRead"] == numbers["numRecordsDropped"] == 5


def test_batch_metrics_and_success_stand_in_every_committed_folder(lake, export):
    for table in export.tables:
        committed = int(export.manifest[table]["lastSuccessfulWriteTimestamp"])
        written = Counter()
        for file in export.files(table):
            written[str(file.folder)] += len(file.rows)
        for batch in (b for b in batches(lake, table) if int(b.name) <= committed):
            numbers = metrics(batch)
            assert numbers["numRecordsWritten"] == written[batch.name]
            assert (numbers["tableName"], numbers["schemaId"]) == (table, batch.parent.name)
            assert numbers["batchTimestamp"] == batch.name
            assert (batch / "_SUCCESS").exists() == (batch.name in written)


def test_one_file_has_no_rows_but_a_schema(lake, export):
    empty = [f for table in export.tables for f in export.files(table) if not f.rows]
    assert [file.path.split("/")[0] for file in empty] == ["cc_exposure"]
    assert "claimid" in pq.read_schema(lake / empty[0].path).names


def test_a_half_written_folder_lies_past_the_manifest_time(lake, export):
    for table in set(export.tables) - {"cctl_losscause"}:
        *_, newest = batches(lake, table)
        assert int(newest.name) > int(export.manifest[table]["lastSuccessfulWriteTimestamp"])
        assert all(path.suffix == ".parquet" for path in newest.iterdir())
        rows = [r for p in sorted(newest.iterdir()) for r in pq.ParquetFile(p).read().to_pylist()]
        assert rows == export.uncommitted(table)
        assert rows


def test_a_folder_that_is_no_timestamp_stands_beside_the_timestamps(lake):
    strays = [p for p in lake.glob("*/*/*") if not p.name.isdigit()]
    assert [(p.parts[-3], p.name) for p in strays] == [("cc_contact", "backup_copy")]


def test_a_typelist_has_one_folder_and_never_changes(lake, export):
    assert len(list(batches(lake, "cctl_losscause"))) == 1
    rows = export.rows("cctl_losscause")
    assert len(rows) == 60
    assert {row["gwcbi___operation"] for row in rows} == {0}
    assert export.uncommitted("cctl_losscause") == []


def test_the_heart_beats_once_a_minute(export):
    beats = export.files("heartbeat")
    assert all(len(file.rows) == 1 for file in beats)
    assert all((file.folder - beats[0].folder) % 60_000 == 0 for file in beats)


def test_a_fixed_number_of_files_fills_every_folder():
    export = Export(SampleSpec(tables=11, folders=6, rows=10, files_per_folder=2))
    for table in export.tables:
        per_folder = Counter(file.folder for file in export.files(table))
        assert set(per_folder.values()) == {2}
        assert len(per_folder) == (1 if table == "cctl_losscause" else 6)


def test_dirt_says_which_tables_must_fail(dirty):
    folder, export = dirty
    assert export.expected_failures == {
        "cc_badentry": "MANIFEST_ENTRY_INVALID",
        "cc_nothing": "SOURCE_EMPTY",
    }
    assert not export.manifest["cc_badentry"]["lastSuccessfulWriteTimestamp"].isdigit()
    assert not (folder / "cc_nothing").exists()


def test_a_clean_export_expects_no_trouble(export):
    assert export.expected_failures == {}
    assert export.expected_holds == {}


def test_dirt_soils_manifest_entries(dirty):
    manifest = dirty[1].manifest
    assert isinstance(manifest["pc_policyperiod"]["lastSuccessfulWriteTimestamp"], int)
    assert isinstance(manifest["pc_address"], list)
    assert isinstance(manifest["bc_charge"]["totalProcessedRecordsCount"], str)
    assert "exportVersion" in manifest["bc_charge"]
    assert manifest["cctl_losscause"]["dataFilesPath"].startswith("s3a://")
    assert not manifest["bc_chargept_nm_l10n"]["dataFilesPath"].endswith("/")


@pytest.mark.parametrize(
    "pattern",
    [
        "cc_claim/*/*/nested/part-*.parquet",
        "cc_transaction/*/*/_part-*.parquet",
        "cc_transaction/*/*/.part-*.parquet",
        "cc_transaction/*/*/part-*.crc",
        "cc_contact/*/*/_temporary/0/part-*.parquet",
    ],
)
def test_dirt_lays_out_files_nobody_may_read(dirty, pattern):
    folder, export = dirty
    [path] = folder.glob(pattern)
    assert path.stat().st_size
    truth = {file.path for table in export.tables for file in export.files(table)}
    assert str(path.relative_to(folder)) not in truth


def test_dirt_puts_a_file_of_no_bytes_beside_good_ones_and_says_where(dirty):
    folder, export = dirty
    [path] = [p for p in folder.rglob("*.parquet") if not p.stat().st_size]
    assert export.expected_holds == {"cc_exposure": int(path.parent.name)}
    assert len(list(path.parent.glob("part-*"))) > 1


def test_dirt_names_one_folder_in_seconds_and_its_rows_count(dirty):
    folder, export = dirty
    [short] = [b for b in batches(folder, "bc_invoice") if len(b.name) == 10]
    rows = [file.rows for file in export.files("bc_invoice") if str(file.folder) == short.name]
    assert any(rows)


def test_dirt_leaves_a_table_without_metrics(dirty):
    assert not list(dirty[0].glob("bc_charge/*/*/.cda"))
