"""``dataFilesPath`` in every form people write, rebased onto the source (R4)."""

from __future__ import annotations

import pytest

from cdalake.cda.manifest import ManifestEntry
from cdalake.cda.source import Rebase, TableRoot, missing_root, table_root
from cdalake.errors import SourceError, UsageError
from cdalake.storage import Location, parse_location

SOURCE = parse_location("s3://mirror/cda/export")
FOLDER = Location("file", "", "data/cda")


def entry(path: str) -> ManifestEntry:
    return ManifestEntry("cc_claim", 1680535502000, 12, path, {})


def root(path: str, source: Location = SOURCE, rebase: str | None = None) -> TableRoot:
    return table_root(entry(path), source, Rebase.parse(rebase) if rebase else None)


@pytest.mark.parametrize(
    "path",
    [
        "s3://mirror/cda/export/cc_claim",
        "s3://mirror/cda/export/cc_claim/",
        "s3a://mirror/cda/export/cc_claim/",
        "s3://mirror//cda/export///cc_claim//",
        "cc_claim",
        "cc_claim/",
    ],
)
def test_a_path_inside_the_source_stands_as_it_is(path: str) -> None:
    """R4"""
    assert root(path) == TableRoot("cc_claim")


def test_a_deeper_path_inside_the_source_keeps_its_folders() -> None:
    """R4"""
    assert root("CC/CC_CLAIM") == TableRoot("CC/CC_CLAIM")
    assert root("s3://mirror/cda/export/a b/50%+ü") == TableRoot("a b/50%+ü")


def test_a_source_of_one_table_may_be_its_root() -> None:
    """R4"""
    assert root("s3://mirror/cda/export/") == TableRoot("")


def test_a_path_in_a_folder_may_be_absolute_a_url_or_relative() -> None:
    """R4"""
    for path in ("/data/cda/cc_claim", "file:///data/cda/cc_claim/", "cc_claim"):
        assert root(path, FOLDER) == TableRoot("cc_claim")


@pytest.mark.parametrize(
    "path",
    [
        "s3://guidewire-cda/CDA/SQL/cc_claim/",
        "s3a://guidewire-cda/CDA/SQL/cc_claim",
        "s3://s3-bucket/3s/cc_claim",
        "s3://3/cc_claim",
        "s3://mirror/cda/exports/cc_claim",
        "s3://mirror/cda/cc_claim",
        "gs://mirror/cda/export/cc_claim",
        "/cda/export/cc_claim",
    ],
)
def test_a_foreign_path_stands_for_the_folder_of_the_tables_name(path: str) -> None:
    """R4: the export was mirrored, its manifest still names Guidewire's bucket."""
    assert root(path) == TableRoot("cc_claim", rebased_from=path)


def test_a_foreign_bucket_without_a_folder_stands_for_nothing() -> None:
    """R4: the source as a whole is no table."""
    with pytest.raises(SourceError) as caught:
        root("s3://guidewire-cda/")

    assert caught.value.code == "PATH_OUTSIDE_SOURCE"


@pytest.mark.parametrize(
    ("rebase", "path", "expected"),
    [
        ("s3://gw/CDA=s3://mirror/cda/export", "s3://gw/CDA/cc_claim/", "cc_claim"),
        ("s3://gw/CDA/=s3://mirror/cda/export/", "s3://gw/CDA/cc_claim", "cc_claim"),
        ("s3://gw/CDA/=s3://mirror/cda/export", "s3://gw/CDA/cc_claim", "cc_claim"),
        ("s3://gw/CDA=s3://mirror/cda/export/", "s3://gw/CDA/cc_claim", "cc_claim"),
        ("s3://gw/CDA=", "s3://gw/CDA/SQL/cc_claim", "SQL/cc_claim"),
        ("s3://gw/CDA=raw", "s3://gw/CDA/SQL/cc_claim", "raw/SQL/cc_claim"),
        ("s3://gw=", "s3://gw/CDA/cc_claim", "CDA/cc_claim"),
        ("s3://gw/CDA=", "s3a://gw/CDA/cc_claim", "cc_claim"),
        ("s3a://gw/CDA=", "s3://gw//CDA/cc_claim", "cc_claim"),
        ("CC=raw", "CC/CC_CLAIM", "raw/CC_CLAIM"),
        ("s3://mirror/cda/export/old=new", "s3://mirror/cda/export/old/cc_claim", "new/cc_claim"),
        ("s3://gw/a=b=s3://mirror/cda/export/x", "s3://gw/a/cc", None),
    ],
)
def test_rebase_puts_another_beginning_before_the_path(
    rebase: str, path: str, expected: str | None
) -> None:
    """R4"""
    if expected is None:
        with pytest.raises((SourceError, UsageError)):
            root(path, rebase=rebase)
        return
    assert root(path, rebase=rebase) == TableRoot(expected)


def test_rebase_changes_whole_segments_only() -> None:
    """R4: s3://gw/CDA is not the beginning of s3://gw/CDA-old."""
    with pytest.raises(SourceError) as caught:
        root("s3://gw/CDA-old/cc_claim", rebase="s3://gw/CDA=")

    assert caught.value.code == "PATH_OUTSIDE_SOURCE"


def test_rebase_leaves_a_path_inside_the_source_alone() -> None:
    """R4"""
    assert root("cc_note", rebase="s3://gw/CDA=") == TableRoot("cc_note")


@pytest.mark.parametrize("rebase", ["s3://gw/CDA=s3://elsewhere", "s3://other=s3://mirror"])
def test_a_path_that_is_outside_even_so_is_refused(rebase: str) -> None:
    """R4: who rebases by hand gets no guesses."""
    with pytest.raises(SourceError) as caught:
        root("s3://gw/CDA/cc_claim", rebase=rebase)

    assert caught.value.code == "PATH_OUTSIDE_SOURCE"
    assert "s3://gw/CDA/cc_claim" in caught.value.message
    assert SOURCE.url in caught.value.message
    assert "--rebase" in caught.value.hint


@pytest.mark.parametrize("path", ["http://host/cc_claim", "../cc_claim", "s3:///cc_claim"])
def test_a_path_of_no_known_kind_is_refused(path: str) -> None:
    """R3, R4"""
    with pytest.raises(UsageError, match="BAD_LOCATION"):
        root(path)


@pytest.mark.parametrize("text", ["", "s3://gw", "=", "=s3://mirror"])
def test_a_rebase_without_two_sides_is_a_usage_error(text: str) -> None:
    with pytest.raises(UsageError, match="BAD_REBASE"):
        Rebase.parse(text)


def test_a_guessed_root_that_holds_nothing_is_named() -> None:
    """R4, R10"""
    error = missing_root(entry("s3://gw/cc_claim"), SOURCE, root("s3://gw/cc_claim"))

    assert error.code == "PATH_OUTSIDE_SOURCE"
    assert "s3://mirror/cda/export/cc_claim" in error.message
