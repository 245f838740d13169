"""The built page: files of an allow-list, compressed ahead where the build did so."""

from __future__ import annotations

import json
import mimetypes
import threading
from dataclasses import dataclass
from pathlib import Path

from fastapi import Request
from fastapi.responses import FileResponse, HTMLResponse, PlainTextResponse, Response

DIST = Path(__file__).parent.parent / "ui" / "dist"
ENCODINGS = (("br", ".br"), ("zstd", ".zst"), ("gzip", ".gz"))
ROUTES = "routes.json"
"""Paths of the page's router, written by its build."""
IMMUTABLE = "public, max-age=31536000, immutable"

mimetypes.add_type("font/woff2", ".woff2")
mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("text/javascript", ".mjs")

MISSING = """<!doctype html><html lang="en"><meta charset="utf-8"><title>cdalake</title>
<style>body { font: 16px/1.6 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto;
  padding: 0 1rem }</style>
<main><h1>The page is not built yet</h1>
<p>The server runs and its API answers (<a href="/docs">/docs</a>), but this installation does not
contain the web page.</p>
<p>In a clone of the project, <code>make demo</code> or <code>make wheel</code> builds it; a wheel
from a release has it inside.</p></main></html>"""


@dataclass(frozen=True)
class _Known:
    stamp: float
    names: frozenset[str]
    routes: tuple[tuple[str, ...], ...] = ()

    def leads_somewhere(self, path: str) -> bool:
        """A route of the page matches; where none are known every path may be one."""
        steps = _steps(path)
        return not self.routes or any(_matches(route, steps) for route in self.routes)


class Frontend:
    """Serves the files of one folder."""

    def __init__(self, folder: Path = DIST) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._known = _Known(-1.0, frozenset())

    def answer(self, request: Request) -> Response:
        """The file of a path; the page itself for what a browser navigates to."""
        path = request.url.path.lstrip("/")
        names = self._names()
        if not names:
            return HTMLResponse(MISSING, headers={"cache-control": "no-store"})
        if path in names and path != "index.html":
            return self._file(path, request)
        if path.startswith("assets/") or not _wants_page(request, path):
            return PlainTextResponse("Not found\n", 404)
        answer = self._file("index.html", request)
        raw = request.scope.get("raw_path") or request.url.path.encode()
        if not self._known.leads_somewhere(raw.decode("latin-1")):
            # The page itself says it better than a bare text, and offers a search.
            answer.status_code = 404
        return answer

    def _names(self) -> frozenset[str]:
        """Names that may be served; read again when the page was built anew."""
        try:
            stamp = (self._folder / "index.html").stat().st_mtime
        except OSError:
            return frozenset()
        with self._lock:
            if self._known.stamp != stamp:
                files = (file for file in self._folder.rglob("*") if file.is_file())
                names = frozenset(file.relative_to(self._folder).as_posix() for file in files)
                self._known = _Known(stamp, names - {ROUTES}, self._routes())
            return self._known.names

    def _routes(self) -> tuple[tuple[str, ...], ...]:
        try:
            paths = json.loads((self._folder / ROUTES).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return ()
        return tuple(_steps(str(path)) for path in paths)

    def _file(self, name: str, request: Request) -> Response:
        accepted = request.headers.get("accept-encoding", "")
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        is_asset = name.startswith("assets/")
        headers = {
            "cache-control": IMMUTABLE if is_asset else "no-cache",
            "vary": "accept-encoding",
        }
        for encoding, suffix in ENCODINGS:
            if encoding in accepted and name + suffix in self._known.names:
                headers["content-encoding"] = encoding
                name += suffix
                break
        return FileResponse(self._folder / name, media_type=kind, headers=headers)


def _steps(path: str) -> tuple[str, ...]:
    return tuple(step for step in path.split("?", maxsplit=1)[0].split("/") if step)


def _matches(route: tuple[str, ...], steps: tuple[str, ...]) -> bool:
    """`$name` in a route stands for any one step."""
    if len(route) != len(steps):
        return False
    pairs = zip(route, steps, strict=True)
    return all(wanted.startswith("$") or wanted == step for wanted, step in pairs)


def _wants_page(request: Request, path: str) -> bool:
    accepts = request.headers.get("accept", "")
    return path in ("", "index.html") or "text/html" in accepts
