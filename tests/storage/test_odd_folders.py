"""A folder may hold what no bucket can: that keeps nothing else in it from being listed."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from cdalake.storage import Store

MINE = "fp/1/part-0.parquet"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A folder with one good file."""
    made = Store.open(str(tmp_path / "export"))
    made.put(MINE, b"data")
    return made


def in_bytes(store: Store, name: bytes) -> bytes:
    return os.fsencode(store.local_path("fp/1")) + b"/" + name


def itself(store: Store) -> None:
    store.local_path("fp/1/odd").symlink_to("odd")


def two_in_a_circle(store: Store) -> None:
    store.local_path("fp/1/odd").symlink_to("other")
    store.local_path("fp/1/other").symlink_to("odd")


def back_up(store: Store) -> None:
    store.local_path("fp/1/odd").symlink_to(store.local_path("fp"))


def not_utf8(store: Store) -> None:
    Path(os.fsdecode(in_bytes(store, b"caf\xe9.parquet"))).write_bytes(b"data")


def folder_not_utf8(store: Store) -> None:
    folder = Path(os.fsdecode(in_bytes(store, b"caf\xe9")))
    folder.mkdir()
    (folder / "inside").write_bytes(b"data")


def two_lines(store: Store) -> None:
    store.local_path("fp/1/a\nb\x7f").write_bytes(b"data")


ODD: dict[Callable[[Store], None], list[tuple[str, str]]] = {
    itself: [("fp/1/odd", "is a link that leads to itself")],
    two_in_a_circle: [
        ("fp/1/odd", "is a link that leads to itself"),
        ("fp/1/other", "is a link that leads to itself"),
    ],
    back_up: [("fp/1/odd", "is a link back to a folder that it is in")],
    not_utf8: [("fp/1/caf\\xe9.parquet", "has a name that no store can have")],
    folder_not_utf8: [("fp/1/caf\\xe9", "has a name that no store can have")],
    two_lines: [("fp/1/a\\x0ab\\x7f", "has a name that no store can have")],
}


@pytest.mark.parametrize("make", ODD)
@pytest.mark.parametrize("prefix", ["", "fp", "fp/1"])
def test_an_odd_thing_is_named_and_the_rest_is_listed_as_ever(
    store: Store, make: Callable[[Store], None], prefix: str
) -> None:
    before = store.list(prefix)
    make(store)

    listing = store.listing(prefix)

    assert [info.path for info in before] == [MINE]
    assert listing.objects == store.list(prefix) == before
    assert [(odd.path, odd.trouble) for odd in listing.oddities] == ODD[make]


@pytest.mark.parametrize("make", ODD)
def test_one_level_is_listed_with_the_odd_thing_named_beside_it(
    store: Store, make: Callable[[Store], None]
) -> None:
    store.put("fp/1/more/x", b"")
    before = store.level("fp/1")
    make(store)

    level = store.level("fp/1")

    assert level.objects == before.objects
    assert level.folders in (["more"], ["more", "odd"])  # a link up is a folder
    odd = [] if make is back_up else ODD[make]
    assert [(each.path, each.trouble) for each in level.oddities] == odd
    assert store.list_folders() == ["fp"]


def test_a_listing_from_somewhere_on_leaves_out_odd_things_before_it_too(store: Store) -> None:
    itself(store)
    store.put("fp/2/part-0.parquet", b"data")

    listing = store.listing("fp", "fp/2")

    assert [info.path for info in listing.objects] == ["fp/2/part-0.parquet"]
    assert listing.oddities == ()


@pytest.mark.parametrize("has_more", [False, True])
def test_pipes_sockets_and_links_to_nothing_are_as_if_not_there(
    store: Store, has_more: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside something odd, and alone."""
    before = store.list()
    os.mkfifo(store.local_path("fp/1/pipe.parquet"))
    store.local_path("fp/1/gone.parquet").symlink_to("nowhere")
    with socket.socket(socket.AF_UNIX) as listener:
        monkeypatch.chdir(store.local_path("fp/1"))  # the path of a socket is short
        listener.bind("socket.parquet")
    if has_more:
        itself(store)

    assert store.list() == before


def test_a_link_to_a_folder_beside_it_is_followed_there_as_ever(store: Store) -> None:
    store.local_path("fp/2").symlink_to(store.local_path("fp/1"))
    before = [info.path for info in store.list()]
    itself(store)

    assert before == [MINE, "fp/2/part-0.parquet"]
    assert [info.path for info in store.list()] == before


def test_a_folder_that_is_itself_a_circle_cannot_be_listed(store: Store) -> None:
    store.local_path("circle").symlink_to("circle")

    with pytest.raises(Exception, match="could not be reached to list it"):
        store.list("circle")


def test_every_name_that_the_client_refuses_is_odd_and_no_other(tmp_path: Path) -> None:
    """Names of one byte between two letters."""
    store = Store.open(str(tmp_path))
    names = [b"a" + bytes([byte]) + b"b" for byte in range(1, 256) if byte != ord("/")]
    for name in names:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).touch()

    listing = store.listing()

    assert len(listing.objects) + len(listing.oddities) == len(names)
    assert {info.path for info in listing.objects} == {
        name.decode() for name in names if 32 <= name[1] < 127
    }
