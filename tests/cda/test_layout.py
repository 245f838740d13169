"""Listings of a table become folders and files; everything else is left lying (R7, R9)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cdalake.cda.layout import Inventory, SourceFile, start_after, take_stock
from cdalake.samples import SampleSpec, write_folder
from cdalake.storage import ObjectInfo, Store

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FP = "4e588b71e9a149148b623a22da443314"
TIME = "1680350543000"


def info(path: str, size: int = 100) -> ObjectInfo:
    return ObjectInfo(path, size, '"tag"', NOW)


def stock(*paths: str, root: str = "cc_claim") -> Inventory:
    """The inventory of files of 100 bytes below ``<root>/<fingerprint>``."""
    prefix = f"{root}/{FP}" if root else FP
    return take_stock([info(f"{prefix}/{path}") for path in paths], root)


def files(inventory: Inventory) -> list[str]:
    return [file.key for folder in inventory.folders.values() for file in folder.files]


@pytest.mark.parametrize("root", ["cc_claim", "CDA/SQL/cc_claim", ""])
def test_a_data_file_is_known_by_fingerprint_folder_and_name(root: str) -> None:
    """R9"""
    inventory = stock(f"{TIME}/part-00001.parquet", f"{TIME}/part-00000.parquet", root=root)

    folder = inventory.folders[FP, TIME]
    assert [file.name for file in folder.files] == ["part-00000.parquet", "part-00001.parquet"]
    assert folder.files[0] == SourceFile(
        FP,
        1680350543000,
        TIME,
        "part-00000.parquet",
        info(f"{root}/{FP}/{TIME}/part-00000.parquet".lstrip("/")),
    )
    assert files(inventory)[0] == f"{FP}/{TIME}/part-00000.parquet"
    assert (folder.timestamp, folder.size) == (1680350543000, 200)
    assert inventory.fingerprints == {FP}


@pytest.mark.parametrize(
    "name",
    [
        "_part-00000.parquet",
        ".part-00000.parquet",
        ".part-00000.parquet.crc",
        "part-00000.parquet.crc",
        "part-00000.parquet.tmp",
        "part-00000.PARQUET",
        "part-00000.csv",
        "parquet",
        "_SUCCESS",
        "nested/part-00000.parquet",
        "nested.parquet/part-00000.parquet",
        "_temporary/0/part-00000.parquet",
        ".cda/part-00000.parquet",
        "1680350543001/part-00000.parquet",
    ],
)
def test_what_is_no_data_file_only_shows_that_its_folder_exists(name: str) -> None:
    """R9"""
    inventory = stock(f"{TIME}/{name}")

    assert list(inventory.folders) == [(FP, TIME)]
    assert files(inventory) == []
    assert inventory.folders[FP, TIME].size == 0


def test_a_folder_with_only_metrics_is_a_folder() -> None:
    """R9, R12"""
    inventory = stock(f"{TIME}/.cda/batch-metrics.json")

    folder = inventory.folders[FP, TIME]
    assert (folder.files, folder.empty_files) == ([], [])
    assert folder.metrics == info(f"cc_claim/{FP}/{TIME}/.cda/batch-metrics.json")


def test_a_file_of_zero_bytes_is_noted_and_not_read() -> None:
    """R9"""
    path = f"cc_claim/{FP}/{TIME}"
    inventory = take_stock(
        [info(f"{path}/a.parquet", 0), info(f"{path}/b.parquet"), info(f"{path}/_SUCCESS", 0)],
        "cc_claim",
    )

    folder = inventory.folders[FP, TIME]
    assert folder.empty_files == ["a.parquet"]
    assert [file.name for file in folder.files] == ["b.parquet"]


@pytest.mark.parametrize(
    "name",
    [
        "backup_copy",
        "-1",
        "1.5",
        "16803505430O0",
        "²³",
        "\u0661\u0666",
        ".cda",
        "_delta_log",
        "1e5",
    ],
)
def test_a_folder_whose_name_is_no_number_is_a_stray(name: str) -> None:
    """R7"""
    inventory = stock(f"{name}/part-00000.parquet", f"{TIME}/part-00000.parquet")

    assert inventory.strays == {f"{FP}/{name}"}
    assert files(inventory) == [f"{FP}/{TIME}/part-00000.parquet"]


def test_a_folder_of_ten_digits_keeps_its_name_and_its_number() -> None:
    """R7, R11"""
    inventory = stock("1680350543/part-00000.parquet", "0001680350543/part-00000.parquet")

    assert {folder.timestamp for folder in inventory.folders.values()} == {1680350543}
    assert files(inventory) == [
        f"{FP}/1680350543/part-00000.parquet",
        f"{FP}/0001680350543/part-00000.parquet",
    ]


def test_files_above_the_timestamp_folders_are_left_lying() -> None:
    """R9"""
    listing = ["manifest.json", "cc_claim", f"cc_claim/{FP}", f"cc_claim/{FP}/x.parquet"]

    assert take_stock([info(path) for path in listing], "cc_claim") == Inventory()


def test_fingerprints_are_opaque() -> None:
    """R8: a decimal one is not a time."""
    listing = [info("cc_claim/301248659/1680350543000/a.parquet"), info("cc_claim/b/5/a.parquet")]

    assert take_stock(listing, "cc_claim").fingerprints == {"301248659", "b"}


def test_an_empty_listing_is_an_empty_inventory() -> None:
    assert take_stock([], "cc_claim") == Inventory()


def test_a_sample_export_is_taken_stock_of_completely(tmp_path: Path) -> None:
    """R9: with its dirt, against the generator's truth."""
    export = write_folder(tmp_path, SampleSpec(folders=4, rows=5, dirt=True))
    store = Store.open(str(tmp_path))

    for table in export.tables:
        inventory = take_stock(store.list(table), table)
        promised = export.manifest[table]
        entry = promised[0] if isinstance(promised, list) else promised
        upper = int(entry["lastSuccessfulWriteTimestamp"])
        found = {
            file.info.path
            for folder in inventory.folders.values()
            if folder.timestamp <= upper
            for file in folder.files
        }
        assert found == {file.path for file in export.files(table)}


@pytest.mark.parametrize(
    ("root", "expected"), [("cc_claim", f"cc_claim/fp/{TIME}"), ("", f"fp/{TIME}")]
)
def test_a_listing_starts_at_a_folder_so_that_its_files_are_seen(root: str, expected: str) -> None:
    """R11"""
    assert start_after(root, "fp", int(TIME)) == expected
    assert expected < f"{expected}/part-00000.parquet"


@pytest.mark.parametrize("time", [0, 1, 999_999_999_999, 10_000_000_000_000, -5, -100_000_000_000])
def test_names_of_other_lengths_are_not_compared_as_text(time: int) -> None:
    """R11"""
    assert start_after("cc_claim", "fp", time) is None


def test_every_folder_from_a_time_on_is_listed(tmp_path: Path) -> None:
    """R11: the offset loses no folder of thirteen digits at or behind it."""
    store = Store.open(str(tmp_path))
    times = [1680350542999, 1680350543000, 1680350543001, 9999999999999]
    for time in times:
        store.put(f"t/fp/{time}/part.parquet", b"x")

    listing = store.list("t/fp", start_after=start_after("t", "fp", times[1]))

    assert [folder.timestamp for folder in take_stock(listing, "t").folders.values()] == times[1:]
