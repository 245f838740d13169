"""`schema_change = per_fingerprint`: a table for each fingerprint, and a view over them all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from cdalake.cda.manifest import parse_manifest
from cdalake.cda.parts import by_fingerprint
from cdalake.delta.schema import Schema
from cdalake.engine.progress import RunResult
from cdalake.engine.spec import Action
from cdalake.engine.union import DUCKDB, SPARK, Part, view_sql
from conftest import Lake, codes, result_of
from readers import DUCKDB as VERSION
from readers import DUCKDB_PACKAGES, brought

T0 = 1_768_000_000_000
CENTS = Decimal("1.10")


def sync(lake: Lake, **options: Any) -> RunResult:
    return lake.sync(**{"schema_change": "per_fingerprint", **options})


@pytest.fixture
def two(lake: Lake) -> Lake:
    """A table whose second fingerprint no type goes with, and one of a single fingerprint."""
    lake.deliver(f"t/aa/{T0}", {"id": [1], "v": pa.array([CENTS]), "old": ["x"]})
    lake.deliver(f"t/bb/{T0 + 1}", {"id": [2], "V": ["text"], "new": [[1, 2]]})
    lake.deliver(f"t/aa/{T0 + 2}", {"id": [3], "v": pa.array([CENTS]), "old": ["y"]})
    lake.announce("t", T0 + 2, "aa", "bb", totalProcessedRecordsCount=3)
    lake.deliver(f"other/cc/{T0}", {"id": [9]})
    lake.announce("other", T0, "cc")
    return lake


def test_each_fingerprint_has_a_table_and_a_cursor_of_its_own(two: Lake) -> None:
    result = sync(two)

    ended = [(table.table, table.status, table.rows) for table in result.tables]
    assert ended == [("t__aa", "ok", 2), ("t__bb", "ok", 1), ("other__cc", "ok", 1)]
    assert [codes(table) for table in result.tables] == [[], [], []]
    assert [row["id"] for row in two.rows("t__aa")] == [1, 3]
    assert two.rows("t__bb") == [{"id": 2, "V": "text", "new": [1, 2]}]
    assert two.table("t__aa").transactions == {"cda:aa": T0 + 2}
    assert two.table("t__bb").transactions == {"cda:bb": T0 + 1}
    assert not any(path.startswith("t/") for path in two.objects())
    assert {table.status for table in sync(two).tables} == {"no_change"}


def test_the_name_of_the_table_means_all_of_its_parts(two: Lake) -> None:
    assert [t.table for t in sync(two, include=("t",)).tables] == ["t__aa", "t__bb"]
    assert [t.table for t in sync(two, include=("T__BB",)).tables] == ["t__bb"]
    assert [t.table for t in sync(two, exclude=("t",)).tables] == ["other__cc"]
    (absent,) = sync(two, include=("t__dd",)).tables
    assert absent.error is not None
    assert absent.error.code == "NOT_IN_MANIFEST"


def test_a_fingerprint_that_has_nothing_yet_is_no_error(two: Lake) -> None:
    two.announce("t", T0 + 2, "aa", "bb", "dd", totalProcessedRecordsCount=3)

    empty = result_of(sync(two), "t__dd")

    assert (empty.status, empty.version, codes(empty)) == (
        "no_change",
        None,
        ["FINGERPRINT_EMPTY"],
    )


PROGRAM = """
import json, sys, duckdb
home, file, table = sys.argv[1:]
db = duckdb.connect(config={"autoinstall_known_extensions": False,
                            "autoload_known_extensions": False,
                            "extension_directory": "/nowhere"})
db.execute(f"LOAD '{home}/duckdb_extension_delta/extensions/v{duckdb.__version__}/"
           "delta.duckdb_extension'")
db.execute(open(file).read())
found = db.execute(f"SELECT * FROM {table} ORDER BY id")
names = [column[0] for column in found.description]
print(json.dumps([dict(zip(names, row)) for row in found.fetchall()], default=str))
"""


def by_view(lake: Lake, table: str) -> list[dict[str, Any]]:
    """What DuckDB finds in the view."""
    home = brought("duckdb", VERSION, *DUCKDB_PACKAGES)
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            PROGRAM,
            home,
            f"{lake.target_url}/_views/{table}.duckdb.sql",
            table,
        ],
        env=os.environ | {"PYTHONPATH": str(home)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    rows: list[dict[str, Any]] = json.loads(done.stdout)
    return rows


def test_the_view_shows_every_row_with_all_columns(two: Lake) -> None:
    """A column whose types do not meet is text; names that differ in case are one."""
    sync(two)

    assert by_view(two, "t") == [
        {"id": 1, "v": "1.10", "old": "x", "new": None, "_cda_fingerprint": "aa"},
        {"id": 2, "v": "text", "old": None, "new": [1, 2], "_cda_fingerprint": "bb"},
        {"id": 3, "v": "1.10", "old": "y", "new": None, "_cda_fingerprint": "aa"},
    ]


def test_the_view_has_a_new_fingerprint_with_its_first_data(two: Lake) -> None:
    sync(two)
    two.deliver(f"t/dd/{T0 + 3}", {"id": [4]})
    two.announce("t", T0 + 3, "aa", "bb", "dd", totalProcessedRecordsCount=4)

    sync(two, include=("t__dd",))

    assert [(row["id"], row["_cda_fingerprint"]) for row in by_view(two, "t")] == [
        (1, "aa"),
        (2, "bb"),
        (3, "aa"),
        (4, "dd"),
    ]
    before = two.objects()["_views/t.sql"]
    sync(two)
    assert two.objects()["_views/t.sql"] == before


def test_the_view_as_spark_reads_it() -> None:
    parts = [
        Part("aa", "s3://lake/t__aa", Schema.of(id="long", v="integer")),
        Part("b'b", "s3://lake/t__b'b", Schema.of(ID="long", v="long", w="timestamp")),
    ]

    assert view_sql("t", parts, SPARK) == (
        "-- Every row of t, over its 2 fingerprints. Written by cdalake.\n"
        "CREATE OR REPLACE VIEW `t` AS\n"
        "SELECT `id`, CAST(`v` AS bigint) AS `v`, CAST(NULL AS timestamp) AS `w`, "
        "'aa' AS `_cda_fingerprint`\nFROM delta.`s3://lake/t__aa`\n"
        "UNION ALL\n"
        "SELECT `ID` AS `id`, `v`, `w`, 'b''b' AS `_cda_fingerprint`\n"
        "FROM delta.`s3://lake/t__b'b`;\n"
    )


NESTED = {
    "type": "struct",
    "fields": [
        {"name": "x", "type": {"type": "map", "keyType": "string", "valueType": "byte"}},
        {"name": "y", "type": {"type": "array", "elementType": "decimal(9,2)"}},
    ],
}


@pytest.mark.parametrize(
    ("dialect", "expected"),
    [
        (SPARK, "struct<`x`: map<string, tinyint>, `y`: array<decimal(9,2)>>"),
        (DUCKDB, 'STRUCT("x" MAP(varchar, tinyint), "y" decimal(9,2)[])'),
    ],
    ids=["Spark", "DuckDB"],
)
def test_a_missing_nested_column_is_null_of_its_type(dialect: Any, expected: str) -> None:
    parts = [
        Part("aa", "/a", Schema.of(id="long")),
        Part("bb", "/b", Schema.of(id="long", p=NESTED)),
    ]

    assert f"CAST(NULL AS {expected}) AS" in view_sql("t", parts, dialect)


def entry(*fingerprints: str) -> dict[str, Any]:
    return {
        "lastSuccessfulWriteTimestamp": "1",
        "totalProcessedRecordsCount": 1,
        "dataFilesPath": "t",
        "schemaHistory": dict.fromkeys(fingerprints, "1"),
    }


@pytest.mark.parametrize(
    ("manifest", "code"),
    [
        ({"t": entry("a-b")}, "BAD_TABLE_NAME"),
        ({"t": entry("a", "A")}, "DUPLICATE_TABLE"),
        ({"t": entry("a"), "t__a": entry("b")}, "DUPLICATE_TABLE"),
    ],
    ids=["no name", "alike", "taken"],
)
def test_r3_parts_that_cannot_be_named_are_a_problem_of_their_table(
    manifest: dict[str, Any], code: str
) -> None:
    split = by_fingerprint(parse_manifest(json.dumps(manifest).encode()))

    assert split.problems["t"].code == code
    assert not any(name.startswith("t__a") and name != "t__a__b" for name in split.entries)
    assert by_fingerprint(split) is split


def test_a_table_is_not_loaded_beside_its_parts(two: Lake) -> None:
    """Else every row would be there twice."""
    sync(two)
    before = two.objects()

    for action in (Action.SYNC, Action.VERIFY, Action.REBUILD):
        result = result_of(two.sync(action=action), "t")
        assert (result.status, result.error and result.error.code) == ("failed", "POLICY_MISMATCH")

    assert two.objects() == before


def test_parts_are_not_loaded_beside_their_table(two: Lake) -> None:
    assert result_of(two.sync(), "other").status == "ok"

    result = result_of(sync(two), "other__cc")

    assert (result.status, result.error and result.error.code) == ("failed", "POLICY_MISMATCH")
