"""The export as a whole: deterministic, true, and extended the way CDA goes on."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from cdalake.errors import UsageError
from cdalake.samples import (
    Export,
    SampleSpec,
    extend_export,
    extend_folder,
    read_folder,
    write_export,
    write_folder,
)
from cdalake.storage import Store

SMALL = SampleSpec(folders=6, rows=40)
DIRTY = SampleSpec(folders=6, rows=40, dirt=True)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def unsoiled(entry: dict | list) -> dict:
    return entry[0] if isinstance(entry, list) else entry


def data_files(folder: Path, table: str, entry: dict) -> list[Path]:
    """Committed data files, found by the rules of the format and by nothing else."""
    newest = int(entry["lastSuccessfulWriteTimestamp"])
    return sorted(
        path
        for fingerprint in entry["schemaHistory"]
        for path in (folder / table / fingerprint).glob("*/*.parquet")
        if path.parent.name.isdigit() and int(path.parent.name) <= newest
        if path.name[0] not in "._" and path.stat().st_size
    )


def rows_on_disk(files: list[Path]) -> list[dict]:
    read = [pq.ParquetFile(path).read() for path in files]
    columns = dict.fromkeys(name for table in read for name in table.column_names)
    return [columns | row for table in read for row in table.to_pylist()]


def by_change(rows: list[dict]) -> list[dict]:
    return sorted(rows, key=lambda row: row["gwcbi___seqval_hex"])


def test_equal_specs_give_equal_bytes(tmp_path):
    write_folder(tmp_path / "one", DIRTY)
    write_folder(tmp_path / "two", DIRTY)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_another_seed_gives_other_rows_and_the_same_tables():
    one, other = Export(SMALL), Export(SampleSpec(folders=6, rows=40, seed=8))
    assert one.tables == other.tables
    assert one.rows("cc_claim") != other.rows("cc_claim")


@pytest.mark.parametrize(
    "spec",
    [
        pytest.param(SampleSpec(), id="as it comes"),
        pytest.param(DIRTY, id="dirty"),
        pytest.param(SampleSpec(tables=1, folders=1, rows=1), id="the smallest"),
        pytest.param(SampleSpec(tables=25, folders=5, rows=20, files_per_folder=2), id="bench"),
    ],
)
def test_the_truth_is_what_the_committed_files_hold(tmp_path, spec):
    export = write_folder(tmp_path, spec)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest == export.manifest
    assert set(manifest) == set(export.tables) | set(export.expected_failures)
    for table in export.tables:
        entry = unsoiled(manifest[table])
        files, rows = data_files(tmp_path, table, entry), export.rows(table)
        assert {str(file.relative_to(tmp_path)) for file in files} == {
            file.path for file in export.files(table)
        }
        assert by_change(rows_on_disk(files)) == by_change(rows)
        assert int(entry["totalProcessedRecordsCount"]) == len(rows)


def test_every_file_is_where_the_truth_says_with_the_rows_it_says(tmp_path):
    export = write_folder(tmp_path, SMALL)
    for file in export.files("cc_claim"):
        assert file.path.startswith(f"cc_claim/{file.fingerprint}/{file.folder}/part-")
        assert pq.ParquetFile(tmp_path / file.path).read().to_pylist() == file.rows


def test_the_truth_can_be_had_from_the_export_again(tmp_path):
    spec = SampleSpec(tables=3, folders=3, rows=20, end=datetime(2026, 6, 1, 9, tzinfo=UTC))
    written = write_folder(tmp_path, spec)
    assert read_folder(tmp_path) == written
    assert read_folder(tmp_path).rows("cc_claim") == written.rows("cc_claim")


def test_the_newest_committed_folder_is_at_the_end_asked_for():
    end = datetime(2026, 6, 1, 9, tzinfo=UTC)
    manifest = Export(SampleSpec(folders=6, rows=40, end=end)).manifest
    times = {table: int(entry["lastSuccessfulWriteTimestamp"]) for table, entry in manifest.items()}
    ms = int(end.timestamp() * 1000)
    assert times.pop("cctl_losscause") == ms - timedelta(seconds=450).total_seconds() * 1000
    assert set(times.values()) == {ms}


@pytest.mark.parametrize("spec", [SMALL, DIRTY], ids=["clean", "dirty"])
def test_extending_keeps_what_was_there_and_moves_the_manifest_on(tmp_path, spec):
    before = write_folder(tmp_path, spec)
    old = contents(tmp_path)
    after = extend_folder(tmp_path, 2)
    new = contents(tmp_path)
    changed = {path for path, content in old.items() if new[path] != content}
    assert changed == {"manifest.json", "_sample.json"}
    for table in set(before.tables) - {"cctl_losscause"}:
        was, now = unsoiled(before.manifest[table]), unsoiled(after.manifest[table])
        newest = int(now["lastSuccessfulWriteTimestamp"])
        assert newest >= int(was["lastSuccessfulWriteTimestamp"]) + 120_000
        assert len(after.rows(table)) > len(before.rows(table))
    assert after.manifest["cctl_losscause"] == before.manifest["cctl_losscause"]


@pytest.mark.parametrize("spec", [SMALL, DIRTY], ids=["clean", "dirty"])
def test_an_extended_export_is_the_one_that_would_have_been_written_at_once(tmp_path, spec):
    write_folder(tmp_path, spec)
    extend_folder(tmp_path, 1)
    extend_folder(tmp_path, 3)
    assert contents(tmp_path) == dict(Export(spec, extra_folders=4).objects())


def test_extending_does_not_touch_the_old_objects():
    store: dict[str, bytes] = {}
    write_export(store.__setitem__, SMALL)
    written: dict[str, bytes] = {}
    extend_export(written.__setitem__, store.__getitem__, 2)
    assert set(written) & set(store) == {"manifest.json", "_sample.json"}
    assert list(written)[-2:] == ["manifest.json", "_sample.json"]


def test_the_half_written_folder_becomes_committed(tmp_path):
    before = write_folder(tmp_path, SMALL)
    waiting = {t: before.uncommitted(t) for t in before.tables}
    after = extend_folder(tmp_path, 1)
    for table, rows in waiting.items():
        committed = {row["gwcbi___seqval_hex"] for row in after.rows(table)}
        assert {row["gwcbi___seqval_hex"] for row in rows} <= committed


def test_a_store_takes_the_same_objects_as_a_folder(tmp_path):
    store = Store.open(str(tmp_path / "store"))
    write_export(store.put, SMALL)
    extend_export(store.put, store.get, 1)
    write_folder(tmp_path / "folder", SMALL)
    extend_folder(tmp_path / "folder", 1)
    assert contents(tmp_path / "store") == contents(tmp_path / "folder")


def test_what_is_no_sample_is_not_extended(tmp_path):
    with pytest.raises(UsageError, match="NOT_A_SAMPLE"):
        extend_folder(tmp_path, 1)


def test_an_export_is_not_extended_by_nothing(tmp_path):
    write_folder(tmp_path, SampleSpec(tables=1, folders=1, rows=1))
    with pytest.raises(UsageError, match="SAMPLE_SPEC_INVALID"):
        extend_folder(tmp_path, 0)


@pytest.mark.parametrize(
    "wrong",
    [{"tables": 0}, {"folders": 0}, {"rows": -1}, {"end": datetime(2026, 1, 1)}],  # noqa: DTZ001
    ids=["no table", "no folder", "negative rows", "an end without a zone"],
)
def test_an_impossible_spec_is_refused(wrong):
    with pytest.raises(UsageError, match="SAMPLE_SPEC_INVALID"):
        SampleSpec(**wrong)


def test_importing_does_not_load_pyarrow():
    check = "import sys, cdalake.samples; sys.exit('pyarrow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check]).returncode == 0
