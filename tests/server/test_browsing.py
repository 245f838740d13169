from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from server.conftest import LiveServer


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server over an export of which one table is loaded, with a secret beside it."""
    from conftest import Lake

    folder = tmp_path_factory.mktemp("browse")
    lake = Lake(str(folder / "export"), str(folder / "lake"))
    lake.export(tables=3)
    (folder / "secret.txt").write_text("planted")
    (folder / "export-other").mkdir()
    (folder / "export" / "many").mkdir()
    for number in range(7):
        (folder / "export" / "many" / f"f{number}").mkdir()
        (folder / "export" / "many" / f"f{number}" / "x").write_text("1")
        (folder / "export" / "many" / f"o{number}.bin").write_bytes(b"x" * number)
    (folder / "export" / "many" / "link").symlink_to(folder / "secret.txt")
    (folder / "export" / "up").symlink_to(folder)
    (folder / "export" / "odd").mkdir()
    (folder / "export" / "odd" / "circle").symlink_to(folder / "export" / "odd" / "circle")
    os.mkfifo(folder / "export" / "odd" / "pipe")
    manifest = json.loads((folder / "export" / "manifest.json").read_text())
    first = min(manifest)
    manifest[first]["lastSuccessfulWriteTimestamp"] = str(int(time.time() * 1000))
    (folder / "export" / "manifest.json").write_text(json.dumps(manifest))
    server = LiveServer(folder / "home", lake)
    server.ended(server.run(table_names=[first]))
    server.until("/api/connections/default", lambda c: c["loaded"] == 1 and c["tables"] == 3)
    yield server
    server.end()


def ask(live: LiveServer, what: str, **query: Any) -> Any:
    return live.client.get(f"/api/connections/default/{what}", params=query)


def test_the_manifest_says_of_every_entry_when_how_much_and_whether_loaded(
    live: LiveServer,
) -> None:
    page = ask(live, "manifest").json()
    assert (page["total"], page["total_entries"]) == (3, 3)
    assert (page["new_since_yesterday"], page["not_loaded"]) == (1, 2)
    first = page["entries"][0]
    assert first["is_loaded"]
    assert first["manifest_time"].startswith("2")
    assert first["manifest_ms"] > 0
    assert first["schema_history"][0]["since"].endswith("Z")
    assert [ask(live, "manifest", only=only).json()["total"] for only in ("new", "not_loaded")] == [
        1,
        2,
    ]
    name = page["entries"][1]["table"]
    found = ask(live, "manifest", search=name.upper()).json()
    assert [entry["table"] for entry in found["entries"]] == [name]
    second = ask(live, "manifest", limit=1, offset=1).json()
    assert ([entry["table"] for entry in second["entries"]], second["total"]) == ([name], 3)


def test_a_folder_is_read_page_by_page(live: LiveServer) -> None:
    top = ask(live, "objects").json()
    assert "many" in top["folders"]
    assert [each["name"] for each in top["objects"]] == ["_sample.json", "manifest.json"]
    seen: list[str] = []
    after = ""
    while after is not None:
        page = ask(live, "objects", path="many", limit=3, after=after).json()
        seen += [*page["folders"], *(each["name"] for each in page["objects"])]
        after = page["next_after"]
    expected = [*(f"f{n}" for n in range(7)), *(f"o{n}.bin" for n in range(7))]
    assert [name for name in seen if name != "link"] == expected
    sizes = ask(live, "objects", path="many/").json()["objects"]
    assert [o["size"] for o in sizes if o["name"] == "o5.bin"] == [5]
    target = ask(live, "objects", side="target").json()
    assert target["location"] == live.lake.target_url
    assert len(target["folders"]) >= 1


def test_an_object_is_handed_out_as_a_file_and_that_is_written_down(live: LiveServer) -> None:
    answer = ask(live, "objects/content", path="many/o6.bin")
    assert answer.content == b"x" * 6
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff"
    entry = live.get("/api/audit", params={"action": "object.download"})["entries"][0]
    assert entry["detail"] == {"side": "source", "path": "many/o6.bin", "size": 6}


TRICKS = [
    "..",
    "../secret.txt",
    "many/../../secret.txt",
    "/etc/passwd",
    "//etc/passwd",
    "many//o1.bin",
    "./many",
    "%2e%2e/secret.txt",
    "%2E%2E%2Fsecret.txt",
    "..%2fsecret.txt",
    "%252e%252e/secret.txt",
    "..\\secret.txt",
    "many/%5c..",
    "many\x00/o1.bin",
    "many/link",
    "up/secret.txt",
    "up",
]


@pytest.mark.parametrize("what", ["objects", "objects/content"])
@pytest.mark.parametrize("path", TRICKS)
def test_no_path_leads_out_of_the_connections_location(
    live: LiveServer, what: str, path: str
) -> None:
    answer = ask(live, what, path=path)
    assert answer.status_code in (400, 403), answer.text
    assert answer.json()["code"] == "BAD_PATH"
    assert "planted" not in answer.text


def test_a_raw_query_is_not_decoded_twice(live: LiveServer) -> None:
    for raw in ("%2e%2e%2fsecret.txt", "%252e%252e%252fsecret.txt", "..%2f..%2fetc%2fpasswd"):
        answer = live.client.get(f"/api/connections/default/objects/content?path={raw}")
        assert answer.json()["code"] == "BAD_PATH"


@pytest.mark.parametrize("what", ["objects", "objects/content"])
def test_what_is_not_there_is_not_found(live: LiveServer, what: str) -> None:
    answer = ask(live, what, path="many/nothing")
    assert (answer.status_code, answer.json()["code"]) == (404, "OBJECT_NOT_FOUND")
    assert ask(live, "objects/content", path="").json()["code"] == "BAD_PATH"
    unknown = live.client.get("/api/connections/nobody/objects")
    assert unknown.json()["code"] == "CONNECTION_NOT_FOUND"
    assert live.client.get("/api/connections/nobody/manifest").status_code == 404


def test_a_bucket_is_browsed_like_a_folder(
    tmp_path: Path, s3: Callable[[], str], request: pytest.FixtureRequest
) -> None:
    from cdalake.storage import Store
    from conftest import Lake

    source, target = s3(), s3()
    lake = Lake(f"{source}/cda", f"{target}/lake")
    lake.export(tables=2)
    Store.open(source).put("secret.txt", b"planted")
    server = LiveServer(tmp_path / "home", lake)
    request.addfinalizer(server.end)
    top = server.get("/api/connections/default/objects")
    assert [each["name"] for each in top["objects"]] == ["_sample.json", "manifest.json"]
    deeper = server.get("/api/connections/default/objects", params={"path": top["folders"][0]})
    assert deeper["folders"]
    answer = server.client.get(
        "/api/connections/default/objects/content", params={"path": "manifest.json"}
    )
    assert answer.json().keys() == lake.manifest().keys()
    for path in ("../secret.txt", "%2e%2e/secret.txt"):
        out = server.client.get("/api/connections/default/objects/content", params={"path": path})
        assert out.json()["code"] == "BAD_PATH"


def test_an_object_above_the_cap_is_refused(live: LiveServer) -> None:
    path = Path(live.lake.source_url) / "many" / "huge.bin"
    with path.open("wb") as file:
        file.truncate(257 * 1024 * 1024)
    try:
        answer = ask(live, "objects/content", path="many/huge.bin")
        assert (answer.status_code, answer.json()["code"]) == (400, "OBJECT_TOO_LARGE")
    finally:
        path.unlink()


@pytest.mark.parametrize("path", ["x" * 300, "odd/circle", "odd/circle/x", "odd/pipe/x"])
def test_a_path_that_cannot_be_followed_is_not_there(live: LiveServer, path: str) -> None:
    for what in ("objects", "objects/content"):
        answer = ask(live, what, path=path)
        assert (answer.status_code, answer.json()["code"]) == (404, "OBJECT_NOT_FOUND")


def test_what_cannot_be_read_is_named(live: LiveServer) -> None:
    page = ask(live, "objects", path="odd").json()
    assert (page["folders"], page["objects"]) == ([], [])
    assert page["oddities"] == ["odd/circle is a link that leads to itself"]


def test_a_pipe_is_no_object_and_holds_nobody_up(live: LiveServer) -> None:
    answer = ask(live, "objects/content", path="odd/pipe")
    assert (answer.status_code, answer.json()["code"]) == (404, "OBJECT_NOT_FOUND")


def test_an_export_that_is_gone_is_named(live: LiveServer) -> None:
    source = Path(live.lake.source_url)
    source.rename(f"{source}-gone")
    try:
        answer = ask(live, "objects")
    finally:
        Path(f"{source}-gone").rename(source)
    assert answer.json()["code"] == "OBJECT_NOT_FOUND"
    assert answer.json()["detail"] == f"There is no folder {source}."
