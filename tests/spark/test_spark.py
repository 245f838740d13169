"""Real Spark with Delta: it reads our tables, and what it does to them between our runs is borne.

Rules R27, R29, R61. Runs wherever Java, Maven and a Maven registry are there; elsewhere every test
here is listed as not run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa
import pytest

from conftest import Lake, in_order
from elsewhere import rows
from sparks import NotToBeHad, Spark, SparkError, running, spark_home
from tools.machine import TOOLS, environment

pytestmark = pytest.mark.xdist_group("spark")

T0 = 1_768_000_000_000
MINUTE = 60_000
LAYOUTS = ("copy", "zero_copy")


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory, s3_server: str) -> Iterator[Spark]:
    try:
        home = spark_home(TOOLS, environment())
    except NotToBeHad as why:
        pytest.skip(f"Spark could not be brought: {why}")
    with running(home, tmp_path_factory.mktemp("spark"), s3_server) as session:
        yield session


@pytest.fixture(params=LAYOUTS)
def layout(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def series(lake: Lake, first: int, count: int) -> None:
    """Folders of two rows each, a minute apart."""
    for number in range(first, first + count):
        columns = {"id": [2 * number, 2 * number + 1], "name": ["a", "b"]}
        lake.deliver(f"t/fp/{T0 + number * MINUTE}", columns)
    newest = T0 + (first + count - 1) * MINUTE
    lake.announce("t", newest, "fp", totalProcessedRecordsCount=2 * (first + count))


def ids(lake: Lake) -> list[int]:
    return [row["id"] for row in rows(lake, "t")]


def table(lake: Lake, name: str = "t") -> str:
    """The table as Spark's SQL names it."""
    return f"delta.`{lake.target_url}/{name}`"


# -- reading ----------------------------------------------------------------------------------


@pytest.fixture
def awkward_lake(lake: Lake) -> Lake:
    return Lake(f"{lake.source_url}/sp ace", f"{lake.target_url}/a+b ü")


@pytest.fixture
def one_bucket(s3: Callable[[], str]) -> Lake:
    bucket = s3()
    return Lake(f"{bucket}/cda", f"{bucket}/lake")


PLACES = [
    ("awkward_lake", "copy"),
    ("awkward_lake", "zero_copy"),
    ("s3_lake", "copy"),
    ("s3_lake", "zero_copy"),
    ("one_bucket", "zero_copy"),
]


@pytest.mark.parametrize(("place", "layout"), PLACES)
def test_spark_reads_every_row_of_both_layouts_wherever_they_are(
    request: pytest.FixtureRequest, place: str, layout: str, spark: Spark
) -> None:
    """A column that came later and a decimal that grew are among them."""
    lake: Lake = request.getfixturevalue(place)
    export = lake.export(tables=3, folders=6, rows=20)
    assert lake.sync(layout=layout).status == "completed"

    for name in ("cc_claim", "cc_transaction"):
        found = spark.rows(f"{lake.target_url}/{name}")
        assert in_order(found) == in_order(export.rows(name))


def test_spark_reads_paths_that_begin_with_s3a(s3_lake: Lake, spark: Spark) -> None:
    export = s3_lake.export(tables=1)
    s3_lake.sync(layout="zero_copy", s3a=True)
    where = f"{s3_lake.target_url}/cc_claim".replace("s3://", "s3a://")
    assert in_order(spark.rows(where)) == in_order(export.rows("cc_claim"))


def test_r67_r68_spark_reads_files_that_are_narrower_or_named_otherwise(
    lake: Lake, layout: str, spark: Spark
) -> None:
    first = {"id": pa.array([1], pa.int32()), "Name": ["a"]}
    then = {"id": pa.array([2**40], pa.int64()), "NAME": ["b"], "extra": [1.5]}
    lake.deliver(f"t/fp/{T0}", first)
    lake.deliver(f"t/fp/{T0 + MINUTE}", then)
    lake.announce("t", T0 + MINUTE, "fp")
    assert lake.sync(layout=layout, commit_per_folder=True).status == "completed"

    assert in_order(spark.rows(f"{lake.target_url}/t")) == [
        {"id": 1, "Name": "a", "extra": None},
        {"id": 2**40, "Name": "b", "extra": 1.5},
    ]


def test_r68_spark_reads_every_version_of_a_column_that_becomes_double(
    lake: Lake, spark: Spark
) -> None:
    """And files that were made as wide as a column in a commit of their own."""
    whole, share = pa.array([1], pa.int32()), pa.array([1.5], pa.float32())
    lake.deliver(f"t/a/{T0}", {"id": [1], "whole": whole, "share": share})
    lake.announce("t", T0, "a")
    lake.sync()
    lake.deliver(f"t/b/{T0 + 1}", {"id": [2], "whole": [2**40], "share": [1e300]})
    lake.announce("t", T0 + 1, "a", "b")
    lake.sync(lookback_seconds=0)

    select = ("SELECT id, whole, share FROM", table(lake), "VERSION AS OF")
    versions = [sorted(spark.sql(" ".join((*select, str(number))))) for number in range(3)]

    first, second = [1, 1, 1.5], [2, 2**40, 1e300]
    assert versions == [[first], [first, second], [first, second]]
    assert lake.table("t").version == 2


def test_spark_reads_the_view_over_tables_of_one_fingerprint_each(lake: Lake, spark: Spark) -> None:
    lake.deliver(f"t/aa/{T0}", {"id": [1], "v": [7], "old": ["x"]})
    lake.deliver(f"t/bb/{T0 + 1}", {"id": [2], "V": ["text"], "new": [[{"k": 1}]]})
    lake.announce("t", T0 + 1, "aa", "bb")
    lake.sync(schema_change="per_fingerprint")

    spark.sql(lake.target.get("_views/t.sql").decode().rstrip().rstrip(";"))

    found = spark.sql("SELECT id, v, old, new[0].k, _cda_fingerprint FROM t ORDER BY id")
    assert found == [
        [1, "7", "x", None, "aa"],
        [2, "text", None, 1, "bb"],
    ]


# -- a foreign writer that does no harm (R27) -------------------------------------------------


def optimize(lake: Lake, spark: Spark) -> None:
    spark.sql(f"OPTIMIZE {table(lake)}")
    assert len(lake.table("t").files) == 1


def optimize_and_vacuum(lake: Lake, spark: Spark) -> None:
    optimize(lake, spark)
    spark.sql(f"VACUUM {table(lake)} RETAIN 0 HOURS")


def add_column(lake: Lake, spark: Spark) -> None:
    spark.sql(f"ALTER TABLE {table(lake)} ADD COLUMNS (theirs STRING COMMENT 'by hand')")


def set_properties(lake: Lake, spark: Spark) -> None:
    spark.sql(
        f"ALTER TABLE {table(lake)} SET TBLPROPERTIES ('delta.checkpointInterval' = '2', "
        "'delta.enableChangeDataFeed' = 'true', 'team' = 'claims')"
    )


def clean_log(lake: Lake, spark: Spark) -> None:
    """Spark writes checkpoints of its own; what lies before them is removed, as it would do."""
    spark.sql(f"ALTER TABLE {table(lake)} SET TBLPROPERTIES ('delta.checkpointInterval' = '1')")
    spark.sql(f"ALTER TABLE {table(lake)} SET TBLPROPERTIES ('team' = 'claims')")
    newest = lake.table("t").version
    assert lake.target.get(f"t/_delta_log/{newest:020d}.checkpoint.parquet")
    for version in range(newest):
        lake.target.delete(f"t/_delta_log/{version:020d}.json")


HARMLESS = [optimize, optimize_and_vacuum, add_column, set_properties, clean_log]


@pytest.mark.parametrize("disturb", HARMLESS, ids=lambda disturb: disturb.__name__)
def test_r27_what_spark_does_between_runs_costs_no_row(
    lake: Lake, layout: str, spark: Spark, disturb: Callable[[Lake, Spark], None]
) -> None:
    """Three runs, since what the second one remembers decides what the third one adds."""
    series(lake, 0, 2)
    lake.sync(layout=layout, commit_per_folder=True)
    export = lake.source.list("t")

    disturb(lake, spark)

    assert lake.source.list("t") == export, "a file of the export is gone or another"
    assert lake.sync(layout=layout).tables[0].status == "no_change"
    for first in (2, 3):
        series(lake, first, 1)
        assert lake.sync(layout=layout).tables[0].rows == 2
    assert ids(lake) == list(range(8))


def test_r29_nothing_of_the_export_is_deleted_by_any_vacuum_of_spark(
    lake: Lake, spark: Spark
) -> None:
    """Neither by the one that lists the table's folder, nor by the one that asks the log."""
    series(lake, 0, 3)
    lake.sync(layout="zero_copy", commit_per_folder=True)
    lake.target.put("t/orphan.parquet", b"left by a crash")
    export = lake.source.list("t")
    delete(lake, spark)
    optimize(lake, spark)

    for mode in ("RETAIN 0 HOURS", "LITE RETAIN 0 HOURS"):
        spark.sql(f"VACUUM {table(lake)} {mode}")
        assert lake.source.list("t") == export, mode
    assert ids(lake) == [1, 2, 3, 4, 5]


# -- a foreign writer that asks for what we do not write (R61) --------------------------------


def switch_on(name: str) -> Callable[[Lake, Spark], Any]:
    def alter(lake: Lake, spark: Spark) -> None:
        spark.sql(f"ALTER TABLE {table(lake)} SET TBLPROPERTIES ({name})")

    return alter


def constrain(lake: Lake, spark: Spark) -> None:
    spark.sql(f"ALTER TABLE {table(lake)} ADD CONSTRAINT known CHECK (id >= 0)")


def delete(lake: Lake, spark: Spark) -> None:
    spark.sql(f"DELETE FROM {table(lake)} WHERE id = 0")  # noqa: S608 - a name of ours


def delete_by_vector(lake: Lake, spark: Spark) -> None:
    switch_on("'delta.enableDeletionVectors' = 'true'")(lake, spark)
    delete(lake, spark)
    assert sum(file.deleted_rows for file in lake.table("t").files.values()) == 1


MAPPING = (
    "'delta.columnMapping.mode' = 'name', 'delta.minReaderVersion' = '2', "
    "'delta.minWriterVersion' = '5'"
)
STOPS = {
    "column mapping": switch_on(MAPPING),
    "constraint": constrain,
    "row tracking": switch_on("'delta.enableRowTracking' = 'true'"),
    "in-commit timestamps": switch_on("'delta.enableInCommitTimestamps' = 'true'"),
    "type widening": switch_on("'delta.enableTypeWidening' = 'true'"),
}


@pytest.mark.parametrize("demand", STOPS)
@pytest.mark.parametrize("layout", ["zero_copy"])
def test_r61_a_table_that_needs_what_we_do_not_write_stops_before_anything_is_written(
    lake: Lake, layout: str, spark: Spark, demand: str
) -> None:
    series(lake, 0, 1)
    lake.sync(layout=layout)
    STOPS[demand](lake, spark)
    series(lake, 1, 1)
    before = lake.objects()

    (result,) = lake.sync(layout=layout).tables

    assert result.error is not None
    assert result.error.code == "UNSUPPORTED_TABLE_FEATURE", result
    assert lake.objects() == before


def test_r27_spark_rewrites_a_table_between_buckets_and_no_reader_sees_a_row_twice(
    s3_lake: Lake, spark: Spark
) -> None:
    series(s3_lake, 0, 2)
    s3_lake.sync(layout="zero_copy")
    export = s3_lake.source.list("t")

    optimize_and_vacuum(s3_lake, spark)

    assert s3_lake.source.list("t") == export
    assert s3_lake.sync(layout="zero_copy").tables[0].status == "no_change"
    series(s3_lake, 2, 1)
    assert s3_lake.sync(layout="zero_copy").tables[0].rows == 2
    assert ids(s3_lake) == list(range(6))


TAKE_OUT = [("copy", delete), ("zero_copy", delete), ("copy", delete_by_vector)]


@pytest.mark.parametrize(
    ("layout", "take_out"), TAKE_OUT, ids=["copy", "zero_copy", "copy, by a vector"]
)
def test_r62_a_table_that_spark_took_rows_out_of_is_held(
    lake: Lake, layout: str, spark: Spark, take_out: Callable[[Lake, Spark], None]
) -> None:
    series(lake, 0, 1)
    lake.sync(layout=layout)
    take_out(lake, spark)
    series(lake, 1, 1)
    version = lake.table("t").version

    (result,) = lake.sync(layout=layout).tables

    assert result.error is not None
    assert result.error.code == "CHANGED_OUTSIDE", result
    assert lake.table("t").version == version


def test_spark_does_not_delete_by_vector_in_a_folder_where_files_are_pointed_at(
    lake: Lake, spark: Spark
) -> None:
    """It does not find its own spelling of the path again, says so, and commits nothing."""
    series(lake, 0, 1)
    lake.sync(layout="zero_copy")
    with pytest.raises(SparkError, match="non matched file path"):
        delete_by_vector(lake, spark)
    assert lake.table("t").rows == 2
