"""``/docs``: the API on one page of our own, without a foreign host.

Every operation has its parameters, the fields of what it takes and answers, and a call to copy. A
small script of ours hides what a search does not find; without it the page is whole.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1rem;
  color: #1f2328; background: #fff; overflow-wrap: anywhere }
h2 { margin-top: 2.5rem; border-bottom: 1px solid #d0d7de }
h3 { margin-bottom: 0 } code, .path { font-family: ui-monospace, monospace }
.method { display: inline-block; min-width: 4.5rem; font-weight: 700 }
table { border-collapse: collapse } td { padding: .1rem 1rem .1rem 0; vertical-align: top }
pre { background: #f6f8fa; padding: .6rem; white-space: pre-wrap }
input { font: inherit; padding: .4rem .6rem; width: 100%; box-sizing: border-box;
  color: inherit; background: inherit; border: 1px solid #6e7781; border-radius: 6px }
a { color: #0550ae } :target { background: #fff8c5 }
@media (prefers-color-scheme: dark) {
  body { color: #e6edf3; background: #0d1117 } a { color: #79c0ff } h2 { border-color: #30363d }
  pre { background: #161b22 } :target { background: #3b2e00 } }
"""
SCRIPT = """
const box = document.querySelector("#search");
const none = document.querySelector("#none");
const entries = [...document.querySelectorAll(".entry")];
function look() {
  const words = box.value.toLowerCase().split(/\\s+/).filter(Boolean);
  let found = 0;
  for (const entry of entries) {
    const text = entry.textContent.toLowerCase();
    entry.hidden = !words.every((word) => text.includes(word));
    found += entry.hidden ? 0 : 1;
  }
  none.hidden = found > 0;
}
box.addEventListener("input", look);
look();
"""
EXAMPLE = {"string": "text", "integer": 1, "number": 1.5, "boolean": True, "null": None}

Schema = Mapping[str, Any]


def page(title: str, body: Iterator[str]) -> str:
    """A page of the reference around its body."""
    return "".join(
        (
            f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<style>{STYLE}</style><main>",
            '<p><label for="search">Search this page</label>',
            '<input id="search" type="search" autocomplete="off"></p>',
            '<p id="none" role="status" hidden>Nothing on this page has all these words.</p>',
            *body,
            '</main><script src="/docs/search.js" defer></script></html>',
        )
    )


def render(document: dict[str, Any]) -> str:
    """The OpenAPI document as HTML."""
    return page(f"{document['info']['title']} - API", _Reference(document).body())


class _Reference:
    """The body of the page of one OpenAPI document."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self._schemas: dict[str, Schema] = document["components"]["schemas"]

    def body(self) -> Iterator[str]:
        info = self._document["info"]
        yield f"<h1>{escape(info['title'])}</h1><p>{escape(info['version'])}"
        yield ' · <a href="/openapi.json">openapi.json</a> · <a href="/docs/errors">errors</a>'
        yield ' · <a href="/">the page</a></p>'
        section = ""
        for path, methods in self._document["paths"].items():
            for method, operation in methods.items():
                tag = operation.get("tags", ["other"])[0]
                if tag != section:
                    section = tag
                    yield f"<h2>{escape(tag)}</h2>"
                yield from self._operation(path, method, operation)

    def _operation(self, path: str, method: str, operation: Schema) -> Iterator[str]:
        name = escape(operation["operationId"])
        yield f'<section class="entry"><h3 id="{name}"><span class="method">{method.upper()}'
        yield f'</span> <span class="path">{escape(path)}</span></h3>'
        yield f"<p>{escape(operation.get('description', ''))}</p>"
        parameters = operation.get("parameters", ())
        yield from self._table("Parameters", [self._parameter(each) for each in parameters])
        taken = _json_of(operation.get("requestBody", {}))
        yield from self._table("Body", self._fields(taken))
        yield f"<pre>{escape(self._call(path, method, taken))}</pre>"
        for status, answer in operation["responses"].items():
            if status != "default":
                fields = self._fields(_json_of(answer))
                yield from self._table(f"Answer {status}", fields)
        yield "</section>"

    def _table(self, title: str, rows: list[tuple[str, str, str]]) -> Iterator[str]:
        if not rows:
            return
        yield f"<details open><summary>{escape(title)}</summary><table>"
        for name, kind, about in rows:
            yield f"<tr><td><code>{escape(name)}</code><td>{escape(kind)}<td>{escape(about)}"
        yield "</table></details>"

    def _parameter(self, parameter: Schema) -> tuple[str, str, str]:
        about = parameter.get("description", "")
        needed = " (needed)" if parameter.get("required") else ""
        return parameter["name"], self._kind(parameter["schema"]) + needed, about

    def _fields(self, schema: Schema) -> list[tuple[str, str, str]]:
        found = self._resolved(schema.get("items", schema))
        return [
            (name, self._kind(each), each.get("description", ""))
            for name, each in found.get("properties", {}).items()
        ]

    def _resolved(self, schema: Schema) -> Schema:
        name = schema.get("$ref", "").rpartition("/")[2]
        return self._schemas.get(name, schema)

    def _kind(self, schema: Schema) -> str:
        if "anyOf" in schema:
            return " or ".join(self._kind(each) for each in schema["anyOf"])
        if "enum" in self._resolved(schema):
            return " | ".join(map(str, self._resolved(schema)["enum"]))
        if schema.get("type") == "array":
            return f"list of {self._kind(schema.get('items', {}))}"
        return str(schema.get("type") or schema.get("$ref", "").rpartition("/")[2] or "anything")

    def _call(self, path: str, method: str, taken: Schema) -> str:
        parts = ["curl" if method == "get" else f"curl -X {method.upper()}"]
        parts.append(f"http://localhost:8000{path}")
        if taken:
            body = json.dumps(self._example(taken))
            parts.append(f"-H 'content-type: application/json' -d '{body}'")
        return " ".join(parts)

    def _example(self, schema: Schema, depth: int = 0) -> Any:
        """A body with what is needed, and no secret: those are never needed."""
        found = self._resolved(schema)
        if "properties" in found:
            needed = found.get("required", ()) if depth or found.get("required") else ()
            inner = found["properties"]
            return {name: self._example(inner[name], depth + 1) for name in needed}
        if "enum" in found:
            return found["enum"][0]
        if found.get("type") == "array":
            return [self._example(found["items"], depth + 1)]
        return EXAMPLE.get(str(found.get("type")), "text")


def _json_of(described: Schema) -> Schema:
    found: Schema = described.get("content", {}).get("application/json", {}).get("schema", {})
    return found
