"""Locations are read as text: schemes are parsed, never stripped as characters (R4)."""

from __future__ import annotations

from pathlib import Path

import pytest

from cdalake.errors import UsageError
from cdalake.storage import Location, overlap, parse_location

SOURCE = Location("s3", "mirror", "cda/export")


@pytest.mark.parametrize(
    ("text", "scheme", "bucket", "path"),
    [
        ("s3://bucket/cda/cc_claim/", "s3", "bucket", "cda/cc_claim"),
        ("s3://bucket/cda/cc_claim", "s3", "bucket", "cda/cc_claim"),
        ("s3a://bucket/cda", "s3", "bucket", "cda"),
        ("S3A://bucket/cda", "s3", "bucket", "cda"),
        ("s3://bucket//cda///cc_claim//", "s3", "bucket", "cda/cc_claim"),
        ("s3://s3-bucket/3s/s3", "s3", "s3-bucket", "3s/s3"),
        ("s3://sss/s", "s3", "sss", "s"),
        ("s3://3/3", "s3", "3", "3"),
        ("s3://bucket", "s3", "bucket", ""),
        ("s3://bucket/a b/50%25+ü", "s3", "bucket", "a b/50%25+ü"),
        ("s3://bucket/a#b?c", "s3", "bucket", "a#b?c"),
        ("gs://bucket/x", "gs", "bucket", "x"),
        (
            "abfss://box@acc.dfs.core.windows.net/x",
            "abfss",
            "box@acc.dfs.core.windows.net",
            "x",
        ),
        ("abfs://box@acc/x", "abfss", "box@acc", "x"),
        ("az://box/x", "az", "box", "x"),
        ("file:///data/a%20b/x", "file", "", "data/a b/x"),
        ("file://localhost/data/x", "file", "", "data/x"),
        ("file:///data/a#b?c", "file", "", "data/a#b?c"),
        ("/data//x/", "file", "", "data/x"),
    ],
)
def test_every_way_to_write_a_place_is_understood(
    text: str, scheme: str, bucket: str, path: str
) -> None:
    """R4"""
    assert parse_location(text) == Location(scheme, bucket, path)


@pytest.mark.parametrize("text", ["databricks/cc_claim", "databricks//cc_claim/"])
def test_a_relative_path_lies_below_the_manifests_folder(text: str) -> None:
    """R4"""
    assert parse_location(text, SOURCE) == Location(
        "s3", "mirror", "cda/export/databricks/cc_claim"
    )


def test_a_relative_path_without_a_base_lies_below_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert parse_location("export").url == str(tmp_path.resolve() / "export")


def test_an_absolute_path_is_not_taken_for_a_relative_one() -> None:
    """R4"""
    assert parse_location("/data/x", SOURCE) == Location("file", "", "data/x")


@pytest.mark.parametrize(
    "text",
    [
        "http://host/x",
        "s3://",
        "s3:///key",
        "://x",
        "ftp://x/y",
        "s3://bucket/a/../b",
        "s3://bucket/./b",
        "file://data/x",
        "~nobody-of-that-name/x",
    ],
)
def test_a_place_cdalake_does_not_know_is_a_usage_error(text: str) -> None:
    """R4"""
    with pytest.raises(UsageError) as caught:
        parse_location(text)

    assert caught.value.code == "BAD_LOCATION"


@pytest.mark.parametrize("text", ["../elsewhere", "a/../../b", "./a"])
def test_a_relative_path_cannot_climb_out(text: str) -> None:
    """R3, R4"""
    with pytest.raises(UsageError, match="BAD_LOCATION"):
        parse_location(text, SOURCE)


def test_a_location_is_written_as_people_write_it() -> None:
    assert Location("file", "", "data/x").url == "/data/x"
    assert Location("s3", "bucket", "a b").url == "s3://bucket/a b"
    assert Location("s3", "bucket", "").url == "s3://bucket"
    assert Location("s3", "bucket", "").last_segment == ""
    assert Location("s3", "bucket", "cda/cc_claim").last_segment == "cc_claim"


def test_joining_drops_slashes_and_empty_parts() -> None:
    assert SOURCE.join("/a/", "", "b").url == "s3://mirror/cda/export/a/b"
    assert Location("s3", "mirror", "").join("a").url == "s3://mirror/a"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("s3://b/cda", "s3://b/cda", True),
        ("s3://b/cda", "s3a://b/cda/lake", True),
        ("s3://b/cda/lake", "s3://b/cda", True),
        ("s3://b", "s3://b/lake", True),
        ("s3://b/cda", "s3://b/cda-lake", False),
        ("s3://b/cda", "s3://c/cda", False),
        ("s3://b/cda", "gs://b/cda", False),
        ("/data/cda", "/data/cda/x", True),
        ("/data/cda", "/data/lake", False),
    ],
)
def test_source_and_target_overlap_when_one_lies_in_the_other(
    one: str, other: str, expected: bool
) -> None:
    """R60"""
    assert overlap(parse_location(one), parse_location(other)) is expected


def test_a_link_to_a_folder_is_the_folder(tmp_path: Path) -> None:
    """R60: two names of one folder overlap."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")

    assert overlap(
        parse_location(str(tmp_path / "link" / "lake")), parse_location(str(tmp_path / "real"))
    )


def test_a_folder_that_no_name_can_have_is_refused_in_words() -> None:
    with pytest.raises(UsageError, match="BAD_LOCATION"):
        parse_location("/data/a\0b")
