"""Whatever the OpenAPI document allows, and much that it does not, is never a defect of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings

from cdalake.server.app import document

if TYPE_CHECKING:
    from .conftest import LiveServer

STREAMS = r"/events$"
"""They stay open for a minute and a half."""
BOUNDED = settings(
    max_examples=3,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
HOSTILE = ["a\0b", "😀", "../../etc/passwd", "9" * 400]

schema = schemathesis.openapi.from_dict(document()).exclude(path_regex=STREAMS)


@schema.parametrize()
@BOUNDED
def test_no_request_is_a_defect(case: schemathesis.Case, loaded: LiveServer) -> None:
    answer = case.call(base_url=loaded.url, timeout=60)
    assert answer.status_code != 500, answer.text
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == ["application/problem+json"], answer.text


def operations() -> list[tuple[str, str, list[str]]]:
    """(method, path, names of what goes into the query) of every operation but streams."""
    return [
        (method, path, [p["name"] for p in found.get("parameters", ()) if p["in"] == "query"])
        for path, methods in document()["paths"].items()
        for method, found in methods.items()
        if not path.endswith("/events")
    ]


@pytest.mark.parametrize(("method", "path", "names"), operations())
def test_hostile_names_and_numbers_are_no_defect(
    loaded: LiveServer, method: str, path: str, names: list[str]
) -> None:
    for hostile in HOSTILE:
        parts = [_quoted(hostile) if part.startswith("{") else part for part in path.split("/")]
        query = dict.fromkeys(names, hostile)
        body = None if method in ("get", "delete") else {hostile[:50]: hostile}
        answer = loaded.client.request(method, "/".join(parts), params=query, json=body)
        assert answer.status_code < 500, f"{hostile[:20]!r}: {answer.text}"


def _quoted(text: str) -> str:
    from urllib.parse import quote

    return quote(text, safe="")
