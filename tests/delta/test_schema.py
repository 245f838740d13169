"""Schemas of files and tables, and the union of both (R16 to R19)."""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdalake.delta.schema import (
    Field,
    Schema,
    arrow_type,
    decimal_of,
    describe_change,
    merge,
    schema_of_file,
    type_text,
)
from cdalake.errors import SchemaConflict, SourceError


def schema(**columns: str) -> Schema:
    return Schema(tuple(Field(name, kind) for name, kind in columns.items()))


def kinds(found: Schema) -> dict[str, str]:
    return {field.name: type_text(field.type) for field in found}


def of_file(**columns: Any) -> dict[str, str]:
    return kinds(schema_of_file(pa.schema(columns)))


TYPES = {
    "boolean": [pa.bool_()],
    "byte": [pa.int8()],
    "short": [pa.int16(), pa.uint8()],
    "integer": [pa.int32(), pa.uint16()],
    "long": [pa.int64(), pa.uint32()],
    "decimal(20,0)": [pa.uint64()],
    "float": [pa.float32(), pa.float16()],
    "double": [pa.float64()],
    "string": [pa.string(), pa.large_string(), pa.null()],
    "binary": [pa.binary(), pa.large_binary(), pa.binary(16)],
    "date": [pa.date32()],
    "decimal(18,2)": [pa.decimal128(18, 2)],
    "decimal(38,38)": [pa.decimal128(38, 38), pa.decimal256(38, 38)],
    "timestamp": [
        pa.timestamp(unit, zone)
        for unit in ("s", "ms", "us", "ns")
        for zone in (None, "UTC", "CET")
    ],
}


@pytest.mark.parametrize(
    ("arrow", "expected"), [(arrow, name) for name, many in TYPES.items() for arrow in many]
)
def test_a_files_column_has_a_type_of_delta(arrow: Any, expected: str) -> None:
    """R16, R18"""
    assert of_file(c=arrow) == {"c": expected}


NESTED = {
    "array<long>": pa.list_(pa.int64()),
    "array<array<string>>": pa.large_list(pa.list_(pa.string())),
    "map<string,timestamp>": pa.map_(pa.string(), pa.timestamp("ns")),
    "struct<x:double,y:struct<z:decimal(9,2)>>": pa.struct(
        {"x": pa.float64(), "y": pa.struct({"z": pa.decimal128(9, 2)})}
    ),
}


@pytest.mark.parametrize("expected", NESTED)
def test_nested_columns_are_kept(expected: str) -> None:
    """R16"""
    found = schema_of_file(pa.schema({"spatial": NESTED[expected]}))

    assert kinds(found) == {"spatial": expected}
    assert Schema.parse(found.to_string()).to_string() == found.to_string()
    assert arrow_type(found.fields[0].type) is None


@pytest.mark.parametrize(
    "arrow",
    [
        pa.time64("us"),
        pa.duration("us"),
        pa.dictionary(pa.int32(), pa.string()),
        pa.decimal256(39, 0),
        pa.list_(pa.time32("s")),
        pa.struct({"x": pa.decimal256(50, 2)}),
    ],
)
def test_a_type_delta_does_not_have_is_named_with_its_column(arrow: Any) -> None:
    """R17"""
    with pytest.raises(SchemaConflict) as caught:
        schema_of_file(pa.schema({"odd": arrow}))

    assert caught.value.code == "UNSUPPORTED_COLUMN_TYPE"
    assert "'odd'" in caught.value.message


@pytest.mark.parametrize("names", [["a", "A"], ["Straße", "STRASSE", "straße"], ["x", "y", "x"]])
def test_two_columns_alike_ignoring_case_are_refused(names: list[str]) -> None:
    """R16"""
    with pytest.raises(SchemaConflict, match="DUPLICATE_COLUMN"):
        schema_of_file(pa.schema([(name, pa.int64()) for name in names]))


def test_every_column_of_a_file_may_be_null() -> None:
    """R16"""
    found = schema_of_file(pa.schema([pa.field("id", pa.int64(), nullable=False)]))

    assert found.fields[0].nullable
    assert json.loads(found.to_string()) == {
        "type": "struct",
        "fields": [{"name": "id", "type": "long", "nullable": True, "metadata": {}}],
    }


def test_new_columns_come_last_and_old_ones_stay() -> None:
    """R16"""
    table = schema(id="long", dropped="string", amount="decimal(18,2)")

    merged = merge(table, schema(new1="string", amount="decimal(18,2)", new2="date", id="long"))

    assert [f.name for f in merged.schema.fields] == ["id", "dropped", "amount", "new1", "new2"]
    assert (merged.changed, merged.rewrite) == (True, False)


def test_the_first_file_makes_the_schema() -> None:
    merged = merge(Schema(), schema(id="long"))

    assert (merged.schema, merged.changed, merged.rewrite) == (schema(id="long"), True, False)


def test_the_same_schema_is_no_change() -> None:
    """R16"""
    table = schema(id="long", amount="decimal(18,2)")

    merged = merge(table, schema(amount="decimal(18,2)", id="long"))

    assert (merged.schema, merged.changed, merged.rewrite) == (table, False, False)


def test_a_name_in_other_case_is_the_known_column_and_its_file_is_rewritten() -> None:
    """R16, R67"""
    merged = merge(schema(ClaimNumber="string"), schema(claimnumber="string"))

    assert (merged.schema, merged.changed) == (schema(ClaimNumber="string"), False)
    assert merged.rewrite


def test_two_new_columns_of_one_file_never_differ_in_case_only() -> None:
    """R16: the first file's spelling stays, whatever comes later."""
    merged = merge(merge(schema(id="long"), schema(Loss="string")).schema, schema(LOSS="string"))

    assert [f.name for f in merged.schema.fields] == ["id", "Loss"]


@pytest.mark.parametrize(
    ("table", "file", "expected"),
    [
        ("integer", "long", "long"),
        ("long", "integer", "long"),
        ("byte", "short", "short"),
        ("byte", "long", "long"),
        ("long", "byte", "long"),
        ("decimal(18,2)", "decimal(20,2)", "decimal(20,2)"),
        ("decimal(38,2)", "decimal(20,2)", "decimal(38,2)"),
    ],
)
def test_a_type_grows_to_hold_both(table: str, file: str, expected: str) -> None:
    """R17: the files stay as they are."""
    merged = merge(schema(c=table), schema(c=file))

    assert kinds(merged.schema) == {"c": expected}
    assert merged.changed == (table != expected)
    assert not merged.rewrite


def test_a_float_file_of_a_double_column_is_rewritten() -> None:
    """R17, R68: readers cannot be trusted to read one as the other."""
    merged = merge(schema(c="double"), schema(c="float"))

    assert (merged.schema, merged.changed, merged.rewrite) == (schema(c="double"), False, True)


@pytest.mark.parametrize(
    ("table", "file"),
    [
        ("string", "integer"),
        ("integer", "string"),
        ("decimal(18,2)", "decimal(18,3)"),
        ("decimal(18,2)", "decimal(38,10)"),
        ("decimal(18,0)", "long"),
        ("long", "decimal(18,0)"),
        ("long", "double"),
        ("float", "integer"),
        ("date", "timestamp"),
        ("timestamp", "date"),
        ("timestamp", "long"),
        ("timestamp_ntz", "timestamp"),
        ("boolean", "integer"),
        ("binary", "string"),
    ],
)
def test_types_nothing_holds_both_of_are_a_conflict_that_names_both(table: str, file: str) -> None:
    """R17"""
    with pytest.raises(SchemaConflict) as caught:
        merge(schema(id="long", amount=table), schema(amount=file))

    assert caught.value.code == "SCHEMA_CONFLICT"
    for fact in ("'amount'", table, file):
        assert fact in caught.value.message


def test_nested_types_must_be_equal() -> None:
    """R17"""
    point = schema_of_file(pa.schema({"p": pa.struct({"x": pa.float64()})}))
    wider = schema_of_file(pa.schema({"p": pa.struct({"x": pa.float64(), "y": pa.float64()})}))

    assert not merge(point, point).changed
    for one, other in [(point, wider), (point, schema(p="string")), (schema(p="string"), point)]:
        with pytest.raises(SchemaConflict, match="struct<x:double"):
            merge(one, other)


def test_a_comment_inside_of_a_nested_column_is_no_conflict() -> None:
    """R27: a harmless ALTER of somebody else."""
    file = schema_of_file(pa.schema({"p": pa.struct({"x": pa.list_(pa.float64())})}))
    commented = Schema.parse(
        file.to_string().replace('"metadata": {}', '"metadata": {"comment": "m"}')
    )
    assert commented != file

    merged = merge(commented, file)

    assert (merged.schema, merged.changed, merged.rewrite) == (commented, False, False)


def test_what_a_field_says_of_itself_is_kept_when_it_grows() -> None:
    """R64: comments of the stored metadata."""
    table = Schema((Field("c", "integer", True, {"comment": "money"}),))

    merged = merge(table, schema(c="long"))

    assert merged.schema == Schema((Field("c", "long", True, {"comment": "money"}),))
    assert Schema.parse(merged.schema.to_string()).fields[0].metadata == {"comment": "money"}


def test_a_schema_that_went_back_and_forth_holds_everything() -> None:
    """R16: fingerprints A, B, A again."""
    a, b = schema(id="integer", x="string"), schema(ID="long", y="date")

    once = merge(merge(a, b).schema, a).schema

    assert kinds(once) == {"id": "long", "x": "string", "y": "date"}


COLUMNS = st.dictionaries(
    st.sampled_from(["id", "ID", "amount", "name"]),
    st.sampled_from(["integer", "long", "byte"]),
    max_size=4,
).filter(lambda columns: len({name.lower() for name in columns}) == len(columns))


@given(COLUMNS, COLUMNS)
def test_the_union_holds_both_and_a_second_time_changes_nothing(
    one: dict[str, str], other: dict[str, str]
) -> None:
    """R16"""
    merged = merge(schema(**one), schema(**other)).schema

    names = [name.lower() for name in [f.name for f in merged.fields]]
    assert sorted(names) == sorted({name.lower() for name in (*one, *other)})
    assert [f.name for f in merged.fields][: len(one)] == list(one)
    assert not merge(merged, schema(**other)).changed
    assert not merge(merged, schema(**one)).changed


def test_a_change_is_described_in_words() -> None:
    before, after = schema(a="integer", b="string"), schema(c="date", a="long")

    assert describe_change(before, after) == (["c"], ["b"], ["a: integer -> long"])
    assert describe_change(before, before) == ([], [], [])


def test_a_column_is_found_ignoring_case() -> None:
    table = schema(ClaimNumber="string")

    assert table.find("CLAIMNUMBER") == Field("ClaimNumber", "string")
    assert table.find("claim") is None


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("decimal(38,10)", (38, 10)),
        ("decimal( 9 , 2 )", (9, 2)),
        ("string", None),
        ({"type": "map"}, None),
    ],
)
def test_a_decimal_is_taken_apart(kind: Any, expected: tuple[int, int] | None) -> None:
    assert decimal_of(kind) == expected


def test_every_primitive_has_an_arrow_type_that_comes_back_as_itself() -> None:
    """R18"""
    for name in TYPES:
        assert of_file(c=arrow_type(name)) == {"c": name}
    assert arrow_type("timestamp_ntz") is None


def test_a_stored_schema_without_metadata_is_read() -> None:
    text = '{"type":"struct","fields":[{"name":"id","type":"long"}]}'

    assert Schema.parse(text).fields == (Field("id", "long"),)


def nested(depth: int) -> str:
    kind = '{"type":"array","elementType":' * depth + '"long"' + "}" * depth
    return f'{{"type":"struct","fields":[{{"name":"deep","type":{kind}}}]}}'


def test_types_within_each_other_have_an_end() -> None:
    (field,) = Schema.parse(nested(50))
    assert type_text(field.type).count("array<") == 50
    for depth in (100, 10_000):
        with pytest.raises(SourceError, match="LOG_BROKEN"):
            Schema.parse(nested(depth))


def test_a_type_of_somebodys_own_is_told_as_what_it_is_kept_as() -> None:
    kind = {"type": "udt", "class": "VectorUDT", "sqlType": {"type": "struct", "fields": []}}
    (field,) = Schema.parse(Schema((Field("vector", kind),)).to_string())
    assert type_text(field.type) == "struct<>"
