from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from deltalake import WriterProperties, write_deltalake

from cdalake.catalog.sampling import WHOLE_BELOW, Origin, read_rows
from cdalake.errors import SourceError, SparkExecutionException, TableNotFoundException
from cdalake.storage import Store
from conftest import Lake


def upload(folder: Path, url: str) -> None:
    """Copy a folder into a store."""
    store = Store.open(url)
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            store.put(file.relative_to(folder).as_posix(), file.read_bytes())


def test_a_large_file_of_a_bucket_is_sampled_without_reading_all_of_it(
    tmp_path: Path, s3: Callable[[], str]
) -> None:
    chance = random.Random(1)
    texts = [chance.randbytes(60).hex() for _ in range(100_000)]
    big = pl.DataFrame({"id": range(100_000), "text": texts})
    big.write_delta(tmp_path / "big", delta_write_options={"target_file_size": 1 << 30})
    (file,) = (tmp_path / "big").glob("*.parquet")
    assert file.stat().st_size > WHOLE_BELOW
    url = s3()
    upload(tmp_path, url)
    assert read_rows(url, "big", None, 2).rows == big.head(2).to_dicts()


def test_small_files_of_a_bucket_are_sampled_newest_first(
    tmp_path: Path, s3: Callable[[], str]
) -> None:
    for number in range(3):
        pl.DataFrame({"id": [number]}).write_delta(tmp_path / "t", mode="append")
    url = s3()
    upload(tmp_path, url)
    found = read_rows(url, "t", None, 10)
    assert found.version == 2
    assert sorted(row["id"] for row in found.rows) == [0, 1, 2]


def test_a_column_that_older_files_lack_is_null(tmp_path: Path) -> None:
    pl.DataFrame({"id": [1]}).write_delta(tmp_path / "t")
    pl.DataFrame({"id": [2], "more": ["x"]}).write_delta(
        tmp_path / "t", mode="append", delta_write_options={"schema_mode": "merge"}
    )
    found = read_rows(str(tmp_path), "t", None, 10)
    assert found.columns == ["id", "more"]
    assert {"id": 1, "more": None} in found.rows


def test_a_sample_stays_small(tmp_path: Path) -> None:
    wide = pl.DataFrame({f"c{n}": ["x" * 600] * 200 for n in range(40)})
    wide.write_delta(tmp_path / "t")
    assert 0 < len(read_rows(str(tmp_path), "t", None, 200).rows) < 100


def test_a_table_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(TableNotFoundException):
        read_rows(str(tmp_path), "nope", None, 1)


def test_a_table_whose_files_are_not_its_rows_is_not_shown_wrongly(tmp_path: Path) -> None:
    pl.DataFrame({"id": [1]}).write_delta(
        tmp_path / "t", delta_write_options={"configuration": {"delta.appendOnly": "true"}}
    )
    log = tmp_path / "t" / "_delta_log" / f"{0:020d}.json"
    log.write_text(log.read_text().replace("delta.appendOnly", "delta.columnMapping.mode"))
    with pytest.raises(SparkExecutionException) as caught:
        read_rows(str(tmp_path), "t", None, 1)
    assert caught.value.code == "SAMPLE_UNSUPPORTED"


def test_a_sample_reads_no_more_bytes_than_it_may(tmp_path: Path) -> None:
    frame = pl.DataFrame({"id": range(4000), "text": ["x" * 90 + str(n) for n in range(4000)]})
    groups = WriterProperties(max_row_group_size=1000)
    write_deltalake(tmp_path / "t", frame.to_arrow(), writer_properties=groups)
    with pytest.raises(SparkExecutionException) as caught:
        read_rows(str(tmp_path), "t", None, 10, max_bytes=1000)
    assert caught.value.code == "SAMPLE_TOO_LARGE"
    # One group is enough for ten rows; the others are not even paid for.
    assert len(read_rows(str(tmp_path), "t", None, 10, max_bytes=150_000).rows) == 10


@pytest.mark.parametrize("place", ["folder", "S3"])
def test_rows_of_a_table_that_points_at_the_export_are_read_from_there(
    request: pytest.FixtureRequest, place: str
) -> None:
    lake: Lake = request.getfixturevalue({"folder": "lake", "S3": "s3_lake"}[place])
    export = lake.export(tables=1, folders=3, rows=10)
    lake.sync(layout="zero_copy")

    found = read_rows(lake.target_url, "cc_claim", None, 1000, source=Origin(lake.source_url))

    truth = export.rows("cc_claim")
    assert {row["claimnumber"] for row in found.rows} == {row["claimnumber"] for row in truth}
    assert len(found.rows) == len(truth)


def test_nothing_outside_of_the_source_is_read_whatever_a_log_says(
    lake: Lake, tmp_path: Path
) -> None:
    lake.deliver("t/fp/1768000000000", {"id": [1]})
    lake.announce("t", 1768000000000, "fp")
    lake.sync(layout="zero_copy")
    log = tmp_path / "lake" / "t" / "_delta_log" / f"{0:020d}.json"
    sneaky = log.read_text().replace("/export/t/", "/export/../export/t/")
    for source in (None, Origin(str(tmp_path / "other"))):
        assert refusal(lake, source) == "FILE_ELSEWHERE"
    log.write_text(sneaky)
    assert refusal(lake, Origin(lake.source_url)) == "FILE_ELSEWHERE"


def refusal(lake: Lake, source: Origin | None) -> str:
    with pytest.raises(SourceError) as caught:
        read_rows(lake.target_url, "t", None, 10, source=source)
    return caught.value.code
