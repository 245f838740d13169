"""``/docs``: the API on one page of our own, without a foreign host or a script."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  color: #1f2328; background: #fff }
h2 { margin-top: 2.5rem; border-bottom: 1px solid #d0d7de }
h3 { margin-bottom: 0 } code, .path { font-family: ui-monospace, monospace }
.method { display: inline-block; min-width: 4.5rem; font-weight: 700 }
table { border-collapse: collapse } td { padding: .1rem 1rem .1rem 0; vertical-align: top }
a { color: #0550ae }
@media (prefers-color-scheme: dark) {
  body { color: #e6edf3; background: #0d1117 } a { color: #79c0ff } h2 { border-color: #30363d } }
"""


def render(document: dict[str, Any]) -> str:
    """The OpenAPI document as HTML."""
    title = escape(document["info"]["title"])
    return "".join(
        (
            f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title} - API</title>',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<style>{STYLE}</style><main><h1>{title}</h1><p>{escape(document['info']['version'])}",
            ' · <a href="/openapi.json">openapi.json</a> · <a href="/">the page</a></p>',
            *_operations(document),
            "</main></html>",
        )
    )


def _operations(document: dict[str, Any]) -> Iterator[str]:
    section = ""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            tag = operation.get("tags", ["other"])[0]
            if tag != section:
                section = tag
                yield f"<h2>{escape(tag)}</h2>"
            yield from _operation(path, method, operation)


def _operation(path: str, method: str, operation: dict[str, Any]) -> Iterator[str]:
    yield f'<h3 id="{escape(operation["operationId"])}"><span class="method">{method.upper()}'
    yield f'</span> <span class="path">{escape(path)}</span></h3>'
    yield f"<p>{escape(operation.get('description', ''))}</p><table>"
    for parameter in operation.get("parameters", ()):
        kind = parameter["schema"]
        text = kind.get("type") or kind.get("$ref", "").rpartition("/")[2] or "optional"
        about = escape(parameter.get("description", ""))
        yield f"<tr><td><code>{escape(parameter['name'])}</code><td>{escape(text)}<td>{about}"
    yield "</table>"
