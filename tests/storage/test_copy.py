"""Bringing an object from one store to another, by the cheapest way there is (R32)."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from cdalake.errors import NotFound, SourceError
from cdalake.storage import ObjectInfo, Store
from cdalake.storage.store import STREAM_ABOVE

BUCKETS = Callable[[], str]


def put(store: Store, path: str, data: bytes) -> ObjectInfo:
    store.put(path, data)
    return next(info for info in store.list() if info.path == path)


def big() -> bytes:
    """More than is ever read in one piece, and no two parts of it alike."""
    return b"".join(number.to_bytes(4, "big") for number in range(STREAM_ABOVE // 4 + 12_345))


@pytest.fixture(params=["folder→folder", "folder→s3", "s3→folder", "s3→s3", "one bucket"])
def stores(request: pytest.FixtureRequest, tmp_path: Path, s3: BUCKETS) -> tuple[Store, Store]:
    """A source and a target."""
    bucket = s3()
    source, target = {
        "folder→folder": (str(tmp_path / "source"), str(tmp_path / "target")),
        "folder→s3": (str(tmp_path / "source"), f"{bucket}/target"),
        "s3→folder": (f"{bucket}/source", str(tmp_path / "target")),
        "s3→s3": (f"{bucket}/source", f"{s3()}/target"),
        "one bucket": (f"{bucket}/source", f"{bucket}/target"),
    }[request.param]
    return Store.open(source), Store.open(target)


def shares_bucket(stores: tuple[Store, Store]) -> bool:
    source, target = (store.location for store in stores)
    return not source.is_local and source.bucket == target.bucket


@pytest.mark.parametrize("name", ["part-0.parquet", "sp ace/50%/a+b/ü%20.parquet"])
def test_a_copy_is_the_same_bytes_under_its_name(stores: tuple[Store, Store], name: str) -> None:
    source, target = stores
    info = put(source, name, b"content")

    tail = target.copy_from(source, info, f"t/{name}")

    assert target.get(f"t/{name}") == b"content"
    assert [found.path for found in target.list()] == [f"t/{name}"]
    if tail is not None:
        listed = target.list()[0]
        assert (tail.data, tail.info.size) == (b"content", listed.size)
        assert (tail.info.path, tail.info.e_tag) == (listed.path, listed.e_tag)


def test_a_large_copy_is_the_same_bytes_too(stores: tuple[Store, Store]) -> None:
    source, target = stores
    data = big()
    info = put(source, "large.parquet", data)

    target.copy_from(source, info, "t/large.parquet")

    assert target.get("t/large.parquet") == data


@pytest.mark.parametrize("size", [7, STREAM_ABOVE + 1])
def test_a_copy_never_replaces_what_is_there(stores: tuple[Store, Store], size: int) -> None:
    """R65"""
    if shares_bucket(stores):
        pytest.skip("a server-side copy has no condition on S3")
    source, target = stores
    info = put(source, "a", bytes(size))
    target.put("t/a", b"older")

    with pytest.raises(FileExistsError):
        target.copy_from(source, info, "t/a")

    assert target.get("t/a") == b"older"
    assert len(target.list()) == 1


def test_a_source_that_is_gone_is_named(stores: tuple[Store, Store]) -> None:
    source, target = stores
    info = put(source, "a", b"x")
    source.delete("a")

    with pytest.raises(NotFound) as caught:
        target.copy_from(source, info, "t/a")

    assert caught.value.code == "OBJECT_NOT_FOUND"
    assert source.location.join("a").url in caught.value.message
    assert target.list("t") == []


@pytest.mark.parametrize("size", [7, STREAM_ABOVE + 1])
def test_a_source_that_changed_since_it_was_listed_is_not_streamed(
    tmp_path: Path, s3: BUCKETS, size: int
) -> None:
    """R32: a streamed copy reads with If-Match."""
    for source, target in [
        (Store.open(s3()), Store.open(str(tmp_path / "target"))),
        (Store.open(str(tmp_path / "source")), Store.open(s3())),
    ]:
        info = put(source, "a", bytes(size))
        source.put("a", b"\x01" * size)

        with pytest.raises(SourceError) as caught:
            target.copy_from(source, info, "t/a")

        assert caught.value.code == "SOURCE_CHANGED"
        assert source.location.join("a").url in caught.value.message
        assert target.list() == []


def test_an_object_without_a_tag_is_copied_without_a_condition(tmp_path: Path, s3: BUCKETS) -> None:
    source, target = Store.open(s3()), Store.open(str(tmp_path))
    info = replace(put(source, "a", b"x"), e_tag=None)

    target.copy_from(source, info, "a")

    assert target.get("a") == b"x"


def test_a_copy_between_folders_is_never_the_sources_own_file(tmp_path: Path) -> None:
    """A source rewritten in place must not change the table."""
    source, target = Store.open(str(tmp_path / "source")), Store.open(str(tmp_path / "target"))
    info = put(source, "a", b"as it was")

    target.copy_from(source, info, "t/a")
    with (tmp_path / "source" / "a").open("r+b") as file:
        file.write(b"rewritten")

    copied = (tmp_path / "target" / "t" / "a").stat()
    assert copied.st_ino != (tmp_path / "source" / "a").stat().st_ino
    assert copied.st_nlink == 1
    assert target.get("t/a") == b"as it was"


def test_a_copy_that_fails_leaves_nothing_half_written(tmp_path: Path) -> None:
    source, target = Store.open(str(tmp_path / "source")), Store.open(str(tmp_path / "target"))
    info = put(source, "a", b"x")
    target.put("t/a", b"y")

    with pytest.raises(FileExistsError):
        target.copy_from(source, info, "t/a")

    assert os.listdir(tmp_path / "target" / "t") == ["a"]  # noqa: PTH208 - hidden files too


# Peak memory never falls, so a second copy must not raise it; the first pays for the client.
COPIER = """
import resource, sys
from cdalake.storage import Store
source, target = Store.open(sys.argv[1]), Store.open(sys.argv[2])
small, large = sorted(source.list(), key=lambda info: info.size)
peaks = []
for info in (small, large):
    target.copy_from(source, info, info.path)
    peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
print(peaks[1] - peaks[0])
"""


@pytest.mark.parametrize("way", ["to S3", "from S3"])
def test_a_large_file_is_streamed_in_bounded_memory(tmp_path: Path, s3: BUCKETS, way: str) -> None:
    source, target = str(tmp_path), s3()
    if way == "from S3":
        source, target = target, source
    store = Store.open(source)
    store.put("small", bytes(STREAM_ABOVE + 1))
    store.put("large", bytes(72 * 1024 * 1024))

    command = [sys.executable, "-c", COPIER, source, target]
    grown = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout

    assert int(grown) < 36, "megabytes more for 64 megabytes more"
