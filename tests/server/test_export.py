from __future__ import annotations

import asyncio
from typing import Any

from cdalake.server.export import Format, export


def text(chosen: Format, rows: list[dict[str, Any]]) -> str:
    async def collect() -> str:
        answer = export("x", chosen, ["a", "b"], rows)
        return "".join([str(part) async for part in answer.body_iterator])

    return asyncio.run(collect())


def test_a_text_that_a_spreadsheet_would_run_is_told_as_text() -> None:
    rows = [{"a": "=1+1", "b": -5}, {"a": "@x", "b": {"k": [1]}}]
    assert text(Format.CSV, rows) == 'a,b\r\n\'=1+1,-5\r\n\'@x,"{""k"": [1]}"\r\n'


def test_json_is_an_array_with_a_row_a_line() -> None:
    assert text(Format.JSON, []) == "[]\n"
    two = [{"a": 1, "b": None, "c": 0}, {"a": "é", "b": 2}]
    assert text(Format.JSON, two) == '[\n{"a": 1, "b": null},\n{"a": "é", "b": 2}\n]\n'
