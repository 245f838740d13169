"""``/docs/errors``: every code with its cause and the next step, from the reference itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path

_INSIDE = Path(__file__).parent / "errors.md"
_CLONE = Path(__file__).parents[3] / "docs" / "reference" / "errors.md"


def source() -> str:
    """The reference of errors: a file of the wheel, or of the clone."""
    path = _INSIDE if _INSIDE.is_file() else _CLONE
    return path.read_text(encoding="utf-8")


def body() -> Iterator[str]:
    """The page's sections as HTML; a code is the anchor of its row."""
    yield "<h1>Errors and warnings</h1><p><a href='/docs'>The API</a></p>"
    for line in source().splitlines():
        if line.startswith("## "):
            yield f"</table><h2>{_text(line[3:])}</h2><table>"
        elif (cells := _cells(line)) is not None:
            yield _row(cells)
    yield "</table>"


def _cells(line: str) -> list[str] | None:
    cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
    is_row = line.startswith("| `") and len(cells) == 3
    return cells if is_row else None


def _row(cells: list[str]) -> str:
    code, cause, step = cells
    name = escape(code.strip("`"))
    return (
        f'<tr id="{name}" class="entry"><td><a href="#{name}"><code>{name}</code></a>'
        f"<td>{_text(cause)}<td>{_text(step)}"
    )


def _text(markdown: str) -> str:
    """Marks of the few kinds that the reference uses, as HTML; its links lead into the clone."""
    html = escape(re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown))
    html = re.sub(r"`([^`]+)`", r"<code>\1</code>", html)
    return re.sub(r"\*\*([^*]+)\*\*", r"<b>\1</b>", html)
