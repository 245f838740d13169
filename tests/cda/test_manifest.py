"""``manifest.json``: everything CDA and its users write is read, and one bad entry stays alone."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdalake.cda.manifest import (
    YEAR_2100_MS,
    Manifest,
    ManifestEntry,
    parse_manifest,
    read_manifest,
)
from cdalake.errors import ManifestError, NotFound, StoreUnavailable
from cdalake.samples import SampleSpec, write_folder
from cdalake.storage import Store

FINGERPRINT = "4e588b71e9a149148b623a22da443314"
ENTRY: dict[str, Any] = {
    "lastSuccessfulWriteTimestamp": "1680535502000",
    "totalProcessedRecordsCount": 12,
    "dataFilesPath": "s3://bucket/cda/cc_claim",
    "schemaHistory": {FINGERPRINT: "1680350543000"},
}
MISSING = object()


def parse(document: Any) -> Manifest:
    return parse_manifest(json.dumps(document).encode())


def entry(**fields: Any) -> ManifestEntry:
    """`ENTRY` with other fields, as it is parsed."""
    return parse({"cc_claim": ENTRY | fields}).entries["cc_claim"]


def codes(manifest: Manifest) -> dict[str, str]:
    return {name: problem.code for name, problem in manifest.problems.items()}


@pytest.mark.parametrize("time", ["1680535502000", 1680535502000, " 1680535502000 "])
@pytest.mark.parametrize("count", [12, "12"])
@pytest.mark.parametrize("first", ["1680350543000", 1680350543000])
def test_numbers_may_be_strings(time: Any, count: Any, first: Any) -> None:
    """R1"""
    parsed = entry(
        lastSuccessfulWriteTimestamp=time,
        totalProcessedRecordsCount=count,
        schemaHistory={FINGERPRINT: first},
    )

    assert parsed == ManifestEntry(
        table="cc_claim",
        manifest_time=1680535502000,
        records=12,
        data_files_path="s3://bucket/cda/cc_claim",
        schema_history={FINGERPRINT: 1680350543000},
    )


@pytest.mark.parametrize("count", [2**31, 2**40, 2**63 - 1, str(2**63 - 1), 0])
def test_counts_have_64_bits(count: Any) -> None:
    """R1"""
    assert entry(totalProcessedRecordsCount=count).records == int(count)


def test_unknown_fields_are_ignored() -> None:
    """R1"""
    assert entry(exportVersion={"major": 3}, note=None, huge=10**400) == entry()


def test_a_list_of_one_entry_is_accepted_and_marked() -> None:
    """R1"""
    manifest = parse({"cc_claim": [ENTRY], "cc_note": ENTRY})

    assert manifest.entries["cc_claim"].was_list
    assert not manifest.entries["cc_note"].was_list
    assert manifest.entries["cc_claim"].fact() == manifest.entries["cc_note"].fact()


@pytest.mark.parametrize("value", [[], [ENTRY, ENTRY], [[ENTRY]], "x", 7, None, True])
def test_no_other_shape_is_an_entry(value: Any) -> None:
    """R1, R2"""
    assert codes(parse({"cc_claim": value})) == {"cc_claim": "MANIFEST_ENTRY_INVALID"}


def test_a_byte_order_mark_is_no_obstacle() -> None:
    """R1"""
    document = b"\xef\xbb\xbf" + json.dumps({"cc_claim": ENTRY}).encode()

    manifest = parse_manifest(document)

    assert manifest.names == ["cc_claim"]
    assert manifest.document == document
    assert manifest.sha256 == hashlib.sha256(document).hexdigest()


def test_a_pretty_manifest_of_five_megabytes_is_read_whole() -> None:
    """R1: no parser that cuts the document into blocks."""
    history = {f"{number:032x}": str(1680350543000 + number) for number in range(60)}
    tables = {f"cc_table{n}": ENTRY | {"schemaHistory": history} for n in range(1400)}
    document = json.dumps(tables, indent=4).encode()
    assert len(document) > 5_000_000

    manifest = parse_manifest(document)

    assert manifest.names == list(tables)
    assert manifest.entries["cc_table1399"].schema_history["0" * 30 + "3b"] == 1680350543059


def test_fingerprints_keep_the_manifests_order() -> None:
    """R13: the order breaks ties."""
    history = {"z": "3", "a": "1", "123456789": "2"}

    assert list(entry(schemaHistory=history).schema_history) == ["z", "a", "123456789"]


def test_a_table_may_have_no_fingerprint_yet() -> None:
    """R1"""
    assert entry(schemaHistory={}).schema_history == {}


def test_the_manifest_of_a_sample_export_is_read(tmp_path: Path) -> None:
    """R1, R2: with all its dirt."""
    export = write_folder(tmp_path, SampleSpec(tables=11, folders=2, rows=3, dirt=True))

    manifest = read_manifest(Store.open(str(tmp_path)))

    assert set(manifest.names) == {*export.tables, *export.expected_failures}
    assert codes(manifest) == {"cc_badentry": "MANIFEST_ENTRY_INVALID"}
    assert any(entry.was_list for entry in manifest.entries.values())


BAD_TIMES = {
    "a float": 1680535502000.5,
    "a whole float": 1680535502000.0,
    "a float as text": "1680535502000.0",
    "negative": -1,
    "negative text": "-1680535502000",
    "past 2100": YEAR_2100_MS + 1,
    "past 2100 as text": "9999999999999",
    "microseconds": 1680535502000000,
    "a date": "2023-04-03T15:25:02Z",
    "a word": "yesterday",
    "empty": "",
    "true": True,
    "a list": ["1680535502000"],
    "an object": {"ms": 1680535502000},
    "foreign digits": "\u0661\u0666\u0668",
    "superscript": "²",
    "null": None,
    "missing": MISSING,
    "infinite": float("inf"),
    "no number": float("nan"),
    "a number of 5000 digits": "9" * 5000,
}


def without(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if value is not MISSING}


@pytest.mark.parametrize("what", BAD_TIMES)
def test_a_time_that_is_none_fails_its_table_only(what: str) -> None:
    """R2"""
    bad = without(ENTRY | {"lastSuccessfulWriteTimestamp": BAD_TIMES[what]})

    manifest = parse({"cc_note": ENTRY, "cc_claim": bad, "cc_user": ENTRY})

    assert codes(manifest) == {"cc_claim": "MANIFEST_ENTRY_INVALID"}
    assert "lastSuccessfulWriteTimestamp" in manifest.problems["cc_claim"].message
    assert list(manifest.entries) == ["cc_note", "cc_user"]
    assert manifest.names == ["cc_note", "cc_user", "cc_claim"]


def test_the_years_1970_and_2100_are_times() -> None:
    """R2"""
    assert entry(lastSuccessfulWriteTimestamp=0).manifest_time == 0
    assert entry(lastSuccessfulWriteTimestamp=YEAR_2100_MS).manifest_time == YEAR_2100_MS


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("totalProcessedRecordsCount", MISSING),
        ("totalProcessedRecordsCount", -1),
        ("totalProcessedRecordsCount", "many"),
        ("totalProcessedRecordsCount", 1.5),
        ("totalProcessedRecordsCount", 2**63),
        ("totalProcessedRecordsCount", "9" * 5000),
        ("dataFilesPath", MISSING),
        ("dataFilesPath", ""),
        ("dataFilesPath", " / "),
        ("dataFilesPath", 7),
        ("dataFilesPath", "s3://bucket/\ud800"),
        ("dataFilesPath", ["s3://bucket/" + "x" * 9000]),
        ("schemaHistory", MISSING),
        ("schemaHistory", []),
        ("schemaHistory", "fp"),
        ("schemaHistory", {"fp": "soon"}),
        ("schemaHistory", {"fp": None}),
        ("schemaHistory", {"": "1680350543000"}),
        ("schemaHistory", {"\ud800": "1680350543000"}),
        ("schemaHistory", {".": "1680350543000"}),
        ("schemaHistory", {"..": "1680350543000"}),
        ("schemaHistory", {"../cc_user/fp": "1680350543000"}),
    ],
)
def test_a_field_that_cannot_be_used_fails_its_table_only(field: str, value: Any) -> None:
    """R2, R3: a fingerprint is one folder, never a path."""
    bad = without(ENTRY | {field: value})

    manifest = parse({"cc_claim": bad, "cc_note": ENTRY})

    assert codes(manifest) == {"cc_claim": "MANIFEST_ENTRY_INVALID"}
    assert "cc_claim" in manifest.problems["cc_claim"].message
    assert len(manifest.problems["cc_claim"].message) < 500
    assert list(manifest.entries) == ["cc_note"]


def test_a_number_of_five_thousand_digits_fails_its_table_only() -> None:
    """R2: Python refuses to read such a number at all."""
    text = json.dumps({"cc_claim": ENTRY, "cc_note": ENTRY})
    bad = text.replace("12", "9" * 5000, 1)

    manifest = parse_manifest(bad.encode())

    assert codes(manifest) == {"cc_claim": "MANIFEST_ENTRY_INVALID"}
    assert list(manifest.entries) == ["cc_note"]


@pytest.mark.parametrize("name", ["a", "cc_claim", "CC_CLAIM", "x1", "taccount", "a" * 128])
def test_ordinary_names_are_tables(name: str) -> None:
    """R3"""
    assert list(parse({name: ENTRY}).entries) == [name]


# What no database keeps is listed as near to it as can be; cut, it is no usable name.
AS_LISTED = {"a\x00": "a?", "\ud800": "?", "a" * 129: "a" * 128 + "..."}


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../etc",
        "a/b",
        "a\\b",
        "/a",
        "1a",
        "a-b",
        "a b",
        "ä",
        "a\n",
        "a\x00",
        "\ud800",
        "a" * 129,
        "_cdalake",
        "_delta_log",
    ],
)
def test_a_name_that_is_no_table_is_refused(name: str) -> None:
    """R3: names become folders, and those that begin with _ are our own."""
    manifest = parse({name: ENTRY, "cc_note": ENTRY})

    told = AS_LISTED.get(name, name)
    assert codes(manifest) == {told: "BAD_TABLE_NAME"}
    assert list(manifest.entries) == ["cc_note"]
    manifest.problems[told].sentence.encode()


@pytest.mark.parametrize("names", [["cc_claim", "CC_Claim"], ["cc_claim", "cc_claim"]])
def test_two_names_alike_ignoring_case_both_fail(names: list[str]) -> None:
    """R3"""
    pairs = ",".join(f'"{name}": {json.dumps(ENTRY)}' for name in [*names, "cc_note"])

    manifest = parse_manifest(f"{{{pairs}}}".encode())

    assert codes(manifest) == dict.fromkeys(names, "DUPLICATE_TABLE")
    assert list(manifest.entries) == ["cc_note"]


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"null",
        b"[]",
        b"7",
        b'"text"',
        b'{"cc_claim": {',
        b"\xff\xfe{}",
        b'{"cc_claim": "\xff"}',
        b"[" * 200_000,
        b"{}x",
    ],
)
def test_a_document_that_is_no_object_is_refused_whole(document: bytes) -> None:
    """R2"""
    with pytest.raises(ManifestError) as caught:
        parse_manifest(document, "s3://bucket/cda")

    assert caught.value.code == "MANIFEST_INVALID"
    assert "s3://bucket/cda" in caught.value.message


def test_a_manifest_without_tables_is_a_manifest() -> None:
    """R1"""
    assert parse({}).names == []


@settings(max_examples=60, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(list(ENTRY)) | st.text(max_size=5), inner, max_size=4)
        ),
        max_leaves=12,
    )
)
def test_whatever_stands_in_an_entry_other_tables_go_on(value: Any) -> None:
    """R2"""
    manifest = parse({"cc_claim": value, "cc_note": ENTRY})

    assert list(manifest.entries) == ["cc_note"]
    assert codes(manifest) == {"cc_claim": "MANIFEST_ENTRY_INVALID"}


@pytest.fixture
def source(tmp_path: Path) -> Store:
    return Store.open(str(tmp_path))


def test_a_truncated_manifest_is_read_once_more(source: Store) -> None:
    """R2: CDA replaces it in place."""
    whole = json.dumps({"cc_claim": ENTRY}).encode()
    source.put("manifest.json", whole[:-9])
    waited = []

    def finish(seconds: float) -> None:
        waited.append(seconds)
        source.put("manifest.json", whole)

    assert read_manifest(source, pause=finish).names == ["cc_claim"]
    assert waited == [2.0]


def test_a_manifest_that_stays_truncated_is_an_error(source: Store) -> None:
    """R2"""
    source.put("manifest.json", b'{"cc_claim": {')
    waited: list[float] = []

    with pytest.raises(ManifestError) as caught:
        read_manifest(source, pause=waited.append)

    assert caught.value.code == "MANIFEST_INVALID"
    assert source.url in caught.value.message
    assert waited == [2.0]


def test_a_whole_manifest_is_read_without_waiting(source: Store) -> None:
    source.put("manifest.json", b"{}")

    assert read_manifest(source, pause=lambda _: pytest.fail("waited")).names == []


def test_a_missing_manifest_says_where_it_was_looked_for(source: Store) -> None:
    """R2: and is not waited for."""
    with pytest.raises(ManifestError) as caught:
        read_manifest(source, pause=lambda _: pytest.fail("waited"))

    assert caught.value.code == "MANIFEST_NOT_FOUND"
    assert source.url in caught.value.message


def test_a_missing_bucket_is_not_taken_for_a_missing_manifest(s3: Any) -> None:
    s3()

    with pytest.raises(NotFound) as caught:
        read_manifest(Store.open("s3://no-such-bucket/cda"))

    assert caught.value.code == "BUCKET_NOT_FOUND"


def test_a_store_out_of_reach_is_no_bad_manifest(s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """R2, R50"""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")

    with pytest.raises(StoreUnavailable):
        read_manifest(Store.open("s3://bucket/cda"), pause=lambda _: pytest.fail("waited"))


def test_names_that_no_database_can_keep_are_listed_as_it_can() -> None:
    names = ["half\ud800", "nul\0", "n" * 10_000]
    found = parse_manifest(json.dumps({name: {} for name in names}).encode())
    assert list(found.problems) == ["half?", "nul?", "n" * 128 + "..."]
    assert {problem.code for problem in found.problems.values()} == {"BAD_TABLE_NAME"}
