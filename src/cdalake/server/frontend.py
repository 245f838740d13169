"""The built page: files of an allow-list, compressed ahead where the build did so."""

from __future__ import annotations

import json
import mimetypes
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from fastapi import Request
from fastapi.responses import FileResponse, HTMLResponse, PlainTextResponse, Response

DIST = Path(__file__).parent.parent / "ui" / "dist"
ENCODINGS = (("br", ".br"), ("zstd", ".zst"), ("gzip", ".gz"))
ROUTES = "routes.json"
"""Paths of the page's router and what each needs at once, written by its build."""
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


VALUE = re.compile(r"\$(\w+)")
"""A step of a route's path, or a parameter of its address, in what the page asks."""


@dataclass(frozen=True)
class Route:
    """A path of the page.

    Attributes:
        steps: of the path; `$name` stands for any one step.
        parts: files that the page runs at once.
        asks: what it asks of the API first, each for addresses with just the parameters it names.
    """

    steps: tuple[str, ...]
    parts: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Route:
        """As the build wrote it."""
        return cls(_steps(told["path"]), tuple(told["parts"]), tuple(told["asks"]))

    def matches(self, steps: tuple[str, ...]) -> bool:
        """The path is one of this route."""
        if len(self.steps) != len(steps):
            return False
        pairs = zip(self.steps, steps, strict=True)
        return all(wanted.startswith("$") or wanted == step for wanted, step in pairs)

    def links(self, steps: tuple[str, ...], parameters: Mapping[str, str]) -> str:
        """What the browser shall fetch while it still reads the page, as a `Link` header."""
        of_path = dict(zip((step[1:] for step in self.steps), steps, strict=True))
        # A step comes as the browser wrote it; the page writes it anew.
        known = {name: quote(unquote(step), safe="") for name, step in of_path.items()}
        known |= {name: quote(value, safe="") for name, value in parameters.items()}
        asks = (
            VALUE.sub(lambda found: known[found[1]], ask) for ask in self._asks(of_path, parameters)
        )
        # Answers take longest and are small: they are asked for first.
        asked = [f"<{ask}>; rel=preload; as=fetch; crossorigin" for ask in asks]
        return ", ".join([*asked, *(f"</{part}>; {_relation(part)}" for part in self.parts)])

    def _asks(self, of_path: Mapping[str, str], parameters: Mapping[str, str]) -> Iterator[str]:
        for ask in self.asks:
            of_address = set(VALUE.findall(ask)) - of_path.keys()
            if of_address == parameters.keys() or ask in EVERYWHERE:
                yield ask


def _relation(part: str) -> str:
    is_style = part.endswith(".css")
    return "rel=preload; as=style; crossorigin" if is_style else "rel=modulepreload"


EVERYWHERE = ("/api/me",)
"""What every page asks, whatever its address says."""


@dataclass(frozen=True)
class _Known:
    stamp: float
    names: frozenset[str]
    routes: tuple[Route, ...] = ()

    def route(self, steps: tuple[str, ...]) -> Route | None:
        """The route of a path; where none are known every path may be one."""
        if not self.routes:
            return Route(steps)
        return next((route for route in self.routes if route.matches(steps)), None)


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
        return self._page(request)

    def _page(self, request: Request) -> Response:
        answer = self._file("index.html", request)
        raw = request.scope.get("raw_path") or request.url.path.encode()
        steps = _steps(raw.decode("latin-1"))
        route = self._known.route(steps)
        if route is None:
            # The page itself says it better than a bare text, and offers a search.
            answer.status_code = 404
        elif links := route.links(steps, dict(request.query_params)):
            answer.headers["link"] = links
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

    def _routes(self) -> tuple[Route, ...]:
        try:
            told = json.loads((self._folder / ROUTES).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return ()
        return tuple(Route.of(each) for each in told)

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


def _wants_page(request: Request, path: str) -> bool:
    accepts = request.headers.get("accept", "")
    return path in ("", "index.html") or "text/html" in accepts
