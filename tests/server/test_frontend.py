from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import Response
from fastapi.testclient import TestClient

from cdalake.server.frontend import Frontend

HTML = {"accept": "text/html,*/*"}


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """A built page."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>page</title>")
    (tmp_path / "assets" / "app-1a2b.js").write_text("let x = 1;")
    (tmp_path / "assets" / "app-1a2b.js.gz").write_bytes(gzip.compress(b"let x = 1;"))
    (tmp_path / "icon.svg").write_text("<svg/>")
    (tmp_path.parent / "outside.txt").write_text("not yours")
    return tmp_path


def client_of(folder: Path) -> TestClient:
    app = FastAPI()
    frontend = Frontend(folder)

    def page(request: Request) -> Response:
        return frontend.answer(request)

    app.add_api_route("/{path:path}", page, methods=["GET"])
    return TestClient(app)


def routes(dist: Path, *paths: str, **needs: list[str]) -> None:
    told = [{"path": path, "parts": [], "asks": [], **needs} for path in paths]
    (dist / "routes.json").write_text(json.dumps(told))


def links(dist: Path, path: str) -> list[str]:
    """What the browser is told to fetch with the page of a path."""
    told = client_of(dist).get(path, headers=HTML).headers.get("link", "")
    return told.split(", ") if told else []


def test_with_the_page_comes_what_its_path_needs_at_once(dist: Path) -> None:
    asks = ["/api/me", "/api/tables/$name", "/api/tables/$name?connection=$connection"]
    routes(dist, "/tables/$name", parts=["assets/a-1.css", "assets/table-1a.js"], asks=asks)
    preload = "rel=preload; as=fetch; crossorigin"
    me = f"</api/me>; {preload}"
    parts = [
        "</assets/a-1.css>; rel=preload; as=style; crossorigin",
        "</assets/table-1a.js>; rel=modulepreload",
    ]
    told = links(dist, "/tables/cc_claim")
    assert told == [me, f"</api/tables/cc_claim>; {preload}", *parts]
    told = links(dist, "/tables/a%2Fb?connection=p%26q")
    assert told == [me, f"</api/tables/a%2Fb?connection=p%26q>; {preload}", *parts]
    assert links(dist, "/tables/cc_claim?connection=lake&tab=data") == [me, *parts]
    assert links(dist, "/nosuch") == []


def test_nothing_in_an_address_can_name_another_file_to_fetch(dist: Path) -> None:
    routes(dist, "/tables/$name", asks=["/api/tables/$name"])
    for name in ("x%3E;rel=preload,%3C%2Fevil", "x%22%2C%20set-cookie:a=b", "%E2%82%AC"):
        answer = client_of(dist).get(f"/tables/{name}", headers=HTML)
        target = answer.headers["link"].partition(">;")[0]
        assert target.isascii()
        assert not set(target[1:]) & set('<>", \r\n')
        assert answer.headers["link"].count("rel=") == 1
        assert "set-cookie" not in answer.headers


def test_a_browser_gets_the_page_for_every_path_of_the_page(dist: Path) -> None:
    client = client_of(dist)
    for path in ("/", "/tables/cc_claim", "/runs/1?tab=logs"):
        answer = client.get(path, headers=HTML)
        assert answer.status_code == 200
        assert "<title>page</title>" in answer.text
        assert answer.headers["cache-control"] == "no-cache"
        assert answer.headers["etag"]


def test_assets_are_kept_for_ever_and_sent_compressed(dist: Path) -> None:
    client = client_of(dist)
    answer = client.get("/assets/app-1a2b.js", headers={"accept-encoding": "gzip, br"})
    assert answer.text == "let x = 1;"
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]
    plain = client.get("/assets/app-1a2b.js", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers


@pytest.mark.parametrize(
    "path", ["/assets/gone.js", "/gone.png", "/../outside.txt", "/%2e%2e/outside.txt"]
)
def test_what_is_not_there_is_not_found(dist: Path, path: str) -> None:
    assert client_of(dist).get(path, headers={"accept": "*/*"}).status_code == 404
    assert client_of(dist).get("/assets/gone.js", headers=HTML).status_code == 404


def test_a_path_that_is_no_page_is_not_found_and_the_page_says_so(dist: Path) -> None:
    routes(dist, "/", "/tables", "/tables/$name", "/runs/$runId")
    client = client_of(dist)
    for path in ("/", "/tables", "/tables/", "/tables/cc_claim?tab=data", "/tables/a%2Fb"):
        assert client.get(path, headers=HTML).status_code == 200, path
    for path in ("/nosuch", "/tables/a/b", "/runs"):
        answer = client.get(path, headers=HTML)
        assert answer.status_code == 404, path
        assert "<title>page</title>" in answer.text
    assert client.get("/routes.json", headers={"accept": "*/*"}).status_code == 404


def test_a_page_built_anew_is_served_without_a_restart(dist: Path) -> None:
    client = client_of(dist)
    assert client.get("/assets/new.js").status_code == 404
    (dist / "assets" / "new.js").write_text("1")
    import os

    (dist / "index.html").write_text("<title>new</title>")
    os.utime(dist / "index.html", (1, 1))
    assert client.get("/assets/new.js").status_code == 200


def test_without_a_built_page_one_is_told_how_to_build_it(tmp_path: Path) -> None:
    answer = client_of(tmp_path).get("/", headers=HTML)
    assert answer.status_code == 200
    assert "make demo" in answer.text
