"""Folders and S3 behave alike behind the one door."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from deltalake import DeltaTable, write_deltalake

from cdalake.errors import NotFound
from cdalake.storage import Store

UGLY = ["sp ace", "50%", "p%20q", "a+b", "ü", "日本", "q#x", "ques?", "t~", "[b]", "semi;colon=1"]


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """A store below a prefix whose own name is ugly."""
    if request.param == "folder":
        return Store.open(str(tmp_path / "my läke 50%+x"))
    bucket: Callable[[], str] = request.getfixturevalue("s3")
    return Store.open(f"{bucket()}/my läke 50%+x")


def names(store: Store, prefix: str = "", start_after: str | None = None) -> list[str]:
    return [info.path for info in store.list(prefix, start_after)]


def test_what_was_put_can_be_got_and_described(store: Store) -> None:
    store.put("a/b.txt", b"one")
    store.put("a/b.txt", b"three")

    data, info = store.get_with_info("a/b.txt")

    assert data == store.get("a/b.txt") == b"three"
    assert (info.path, info.size) == ("a/b.txt", 5)
    assert store.list("a") == [info]


def test_names_of_every_kind_come_back_as_they_were(store: Store) -> None:
    for name in UGLY:
        store.put(f"{name}/{name}.parquet", name.encode())

    assert names(store) == sorted(f"{name}/{name}.parquet" for name in UGLY)
    assert store.list_folders() == sorted(UGLY)
    for name in UGLY:
        assert store.get(f"{name}/{name}.parquet") == name.encode()
        assert names(store, name) == [f"{name}/{name}.parquet"]


def test_a_listing_is_deep_ordered_and_keeps_to_its_folder(store: Store) -> None:
    for path in ["a/2/x", "a/10/x", "a/1/y/z", "ab/1", "b"]:
        store.put(path, b"")

    assert names(store, "a") == ["a/1/y/z", "a/10/x", "a/2/x"]
    assert names(store) == ["a/1/y/z", "a/10/x", "a/2/x", "ab/1", "b"]
    assert store.list_folders() == ["a", "ab"]
    assert store.list_folders("a") == ["1", "10", "2"]


def test_a_folder_that_is_not_there_lists_as_empty(store: Store) -> None:
    """R10"""
    store.put("a", b"")

    assert names(store, "nothing") == []
    assert store.list_folders("nothing") == []


def test_start_after_leaves_out_what_sorts_before(store: Store) -> None:
    """R11"""
    for folder in ["1680350543000", "1680350543999", "1680350544000"]:
        for name in ["part-0", "part-1"]:
            store.put(f"fp/{folder}/{name}", b"")

    assert names(store, "fp", "fp/1680350543999") == [
        "fp/1680350543999/part-0",
        "fp/1680350543999/part-1",
        "fp/1680350544000/part-0",
        "fp/1680350544000/part-1",
    ]
    assert names(store, "fp", "fp/1680350543999/part-0")[0] == "fp/1680350543999/part-1"
    assert names(store, "fp", "fp/9") == []


def test_a_listing_of_more_than_a_thousand_objects_is_whole(store: Store) -> None:
    """R11: a page of S3 has 1000 keys."""
    paths = [f"fp/{1680350543000 + number}/part" for number in range(1003)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda path: store.put(path, b""), paths))

    assert names(store, "fp") == paths
    assert names(store, "fp", paths[0]) == paths[1:]
    assert names(store, "fp", paths[1000]) == paths[1001:]


def test_a_new_object_is_written_once(store: Store) -> None:
    tag = store.put_new("log/0.json", b"first")

    with pytest.raises(FileExistsError):
        store.put_new("log/0.json", b"second")

    data, info = store.get_with_info("log/0.json")
    assert (data, info.e_tag) == (b"first", tag)


def test_a_replacement_asks_for_the_tag_it_knows(store: Store) -> None:
    """R59"""
    first = store.put_if("state.json", b"1", None)
    second = store.put_if("state.json", b"22", first)

    for stale in (first, None):
        with pytest.raises(FileExistsError):
            store.put_if("state.json", b"stale", stale)
    assert store.get("state.json") == b"22"
    assert store.put_if("state.json", b"333", second) is not None


def test_a_replacement_of_what_is_gone_is_stale_too(store: Store) -> None:
    """R59"""
    tag = store.put_if("state.json", b"1", None)
    store.delete("state.json")

    with pytest.raises(FileExistsError):
        store.put_if("state.json", b"2", tag)
    assert names(store) == [] or names(store) == [".state.json.lock"]


def test_deleting_is_done_once_and_asked_for_twice(store: Store) -> None:
    store.put("a", b"")

    store.delete("a")
    store.delete("a")

    assert names(store) == []


def test_the_tail_of_an_object_comes_with_its_description(store: Store) -> None:
    """R14"""
    store.put("a", b"0123456789")

    tail = store.get_tail("a", 10, 4)

    assert (tail.data, tail.info.size, tail.info.path) == (b"6789", 10, "a")
    assert store.get_tail("a", 10, 4000).data == b"0123456789"


@pytest.mark.parametrize("listed", [5, 12, 4000])
def test_the_tail_of_an_object_of_another_size_than_listed_is_its_true_tail(
    store: Store, listed: int
) -> None:
    """R32: the caller compares the sizes; a range beyond the end is no answer."""
    store.put("a", b"0123456789")

    tail = store.get_tail("a", listed, 4)

    assert (tail.data, tail.info.size) == (b"6789", 10)


@pytest.mark.parametrize("method", ["get", "get_with_info"])
def test_reading_what_is_not_there_says_where(store: Store, method: str) -> None:
    with pytest.raises(NotFound) as caught:
        getattr(store, method)("a/b c.txt")

    assert caught.value.code == "OBJECT_NOT_FOUND"
    assert store.location.join("a/b c.txt").url in caught.value.message


def test_a_tail_of_what_is_not_there_says_so(store: Store) -> None:
    with pytest.raises(NotFound, match="OBJECT_NOT_FOUND"):
        store.get_tail("a", 10, 4)


def test_delta_rs_opens_the_same_place_with_our_options(store: Store) -> None:
    import pyarrow as pa

    url, options = store.location.join("t").url, store.delta_options()
    write_deltalake(url, pa.table({"id": [1, 2]}), storage_options=options)

    assert store.get("t/_delta_log/00000000000000000000.json")
    assert DeltaTable(url, storage_options=options).to_pyarrow_table().num_rows == 2


def test_an_object_can_be_read_here_and_there(store: Store) -> None:
    """For parquet files, of which only some parts are wanted."""
    store.put("a", bytes(range(256)) * 8192)

    reader = store.reader("a")
    reader.seek(1_500_000)

    assert bytes(reader.read(4)) == bytes([1_500_000 % 256 + n for n in range(4)])
    assert reader.tell() == 1_500_004
    with pytest.raises(NotFound, match="OBJECT_NOT_FOUND"):
        store.reader("b")


def test_another_librarys_error_becomes_one_of_ours(store: Store) -> None:
    def fail() -> None:
        raise FileNotFoundError("no such file")

    with pytest.raises(NotFound, match="OBJECT_NOT_FOUND"):
        store.guard("checkpoint", "t", fail)
    assert store.guard("checkpoint", "t", lambda: 7) == 7


def test_the_root_of_a_bucket_is_a_place_too(s3: Callable[[], str]) -> None:
    store = Store.open(s3())
    store.put("manifest.json", b"{}")
    store.put("t/x", b"")

    assert names(store) == ["manifest.json", "t/x"]
    assert names(store, start_after="manifest.json") == ["t/x"]
    assert store.list_folders() == ["t"]


# Each writer adds one to a number and claims names, as often as it can get its turn.
RACER = """
import sys
from cdalake.storage import Store
store, wins = Store.open(sys.argv[1]), 0
print("ready", flush=True)
sys.stdin.readline()
for turn in range(100):
    while True:
        data, info = store.get_with_info("counter")
        try:
            store.put_if("counter", str(int(data) + 1).encode(), info.e_tag)
            break
        except FileExistsError:
            pass
    try:
        store.put_new(f"claims/{turn}", sys.argv[2].encode())
        wins += 1
    except FileExistsError:
        pass
print(wins)
"""


def test_two_processes_on_one_folder_never_overwrite_each_other(tmp_path: Path) -> None:
    """R25, R59: a conditional replace loses no update, a new name has one winner."""
    store = Store.open(str(tmp_path))
    store.put("counter", b"0")
    command = [sys.executable, "-c", RACER, str(tmp_path)]

    pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    racers = [subprocess.Popen([*command, who], **pipes) for who in "ab"]
    for racer in racers:
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        racer.stdin.write("go\n")
        racer.stdin.flush()
    wins = [int(racer.communicate()[0]) for racer in racers]

    assert store.get("counter") == b"200"
    assert sum(wins) == len(store.list("claims")) == 100
