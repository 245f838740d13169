from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from cdalake.server.answers import matches
from cdalake.server.codes import source

if TYPE_CHECKING:
    from .conftest import LiveServer

LISTS = ["/api/tables?limit=1", "/api/guidewire/jobs", "/api/config", "/api/connections"]


@pytest.mark.parametrize("path", LISTS)
def test_who_has_an_answer_already_is_told_so_without_it(loaded: LiveServer, path: str) -> None:
    # An answer that tells an age is another one a second later.
    for _ in range(20):
        first = loaded.client.get(path)
        again = loaded.client.get(path, headers={"if-none-match": first.headers["etag"]})
        if again.status_code == 304:
            break
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["x-content-type-options"] == "nosniff"
    assert "content-length" not in again.headers or again.headers["content-length"] == "0"
    other = loaded.client.get(path, headers={"if-none-match": 'W/"another"'})
    # The whole answer comes; an age in it may have grown by a second.
    assert other.status_code == 200
    assert type(other.json()) is type(first.json())


def test_a_tag_is_found_among_others_weak_or_strong() -> None:
    assert matches('"a", W/"b"', 'W/"b"')
    assert matches('"b"', 'W/"b"')
    assert matches("*", 'W/"b"')
    assert not matches("", 'W/"b"')


def test_long_answers_are_compressed_for_those_who_can_read_them(loaded: LiveServer) -> None:
    long = loaded.client.get("/openapi.json"), loaded.client.get("/api/tables")
    plain = loaded.client.get("/api/tables", headers={"accept-encoding": "identity"})
    assert long[1].headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert plain.json()["total"] == long[1].json()["total"]
    (run, *_) = loaded.get("/api/guidewire/jobs")
    with loaded.client.stream("GET", f"/api/runs/{run['run_id']}/events") as stream:
        assert "content-encoding" not in stream.headers
        assert "etag" not in stream.headers


def test_rows_of_a_table_are_kept_by_nobody(loaded: LiveServer) -> None:
    (table, *_) = loaded.get("/api/tables")["tables"]
    sample = loaded.client.get(f"/api/tables/{table['name']}/sample")
    assert sample.headers["cache-control"] == "no-store"
    assert "etag" not in sample.headers
    whole = loaded.client.get(f"/api/tables/{table['name']}")
    assert whole.json()["sample_data"]
    assert whole.headers["cache-control"] == "no-store"
    assert "etag" not in whole.headers
    without = loaded.client.get(f"/api/tables/{table['name']}?sample=false")
    assert without.headers["cache-control"] == "private, no-cache"


@pytest.mark.parametrize(
    "path",
    ["/api/audit/export", "/api/tables/_export", "/api/support-bundle", "/metrics", "/api/nothing"],
)
def test_files_and_refusals_are_kept_by_no_proxy(loaded: LiveServer, path: str) -> None:
    assert loaded.client.get(path).headers["cache-control"] == "no-store"


@pytest.mark.parametrize("offset", [2**63, 2**64, 10**40])
@pytest.mark.parametrize("path", ["/api/tables", "/api/guidewire/jobs"])
def test_behind_more_rows_than_can_be_counted_there_is_nothing(
    loaded: LiveServer, path: str, offset: int
) -> None:
    found = loaded.get(f"{path}?offset={offset}")
    assert (found if isinstance(found, list) else found["tables"]) == []


def test_the_type_of_a_problem_leads_to_its_cause_and_the_next_step(loaded: LiveServer) -> None:
    problem = loaded.client.get("/api/tables/no_such_table").json()
    path, _, code = problem["type"].partition("#")
    page = loaded.client.get(path)
    assert page.status_code == 200
    assert f'id="{code}"' in page.text
    listed = re.findall(r"^\| `([A-Z_]+)` \|", source(), re.MULTILINE)
    assert len(listed) > 100
    assert [name for name in listed if f'id="{name}"' not in page.text] == []
    assert "](" not in page.text


def test_the_reference_has_every_operation_with_its_fields_and_an_example(
    loaded: LiveServer,
) -> None:
    page = loaded.client.get("/docs").text
    for path, methods in loaded.get("/openapi.json")["paths"].items():
        assert f'<span class="path">{path}</span>' in page
        for operation in methods.values():
            assert f'id="{operation["operationId"]}"' in page
    assert page.count("<pre>curl") == page.count('class="entry"')
    assert "transaction_count" in page
    examples = "".join(re.findall(r"<pre>(.*?)</pre>", page))
    assert "secret" not in examples
    script = loaded.client.get("/docs/search.js")
    assert script.headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize(
    "body",
    [
        '{"config": {"\\ud800": 1}}',
        '{"config": {"connection": "\\ud800"}}',
        '{"config": {"connection": "a\\u0000b"}}',
        '{"config": {"table_names": ["\\ud800"]}}',
        '{"config": {"largest_tables_first_count": ' + "9" * 5000 + "}}",
        '{"config": {"largest_tables_first_count": NaN}}',
        "[" * 5000,
        "null",
    ],
    ids=range(8),
)
def test_a_body_that_nobody_can_mean_is_the_fault_of_who_sent_it(
    loaded: LiveServer, body: str
) -> None:
    headers = {"content-type": "application/json"}
    for path in ("/api/guidewire/jobs/start", "/api/guidewire/jobs/preflight", "/api/jobs/run"):
        answer = loaded.client.post(path, content=body.encode(), headers=headers)
        assert 400 <= answer.status_code < 500, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
    inner = body.replace('"config"', '"parameters"').encode()
    answer = loaded.client.post("/api/jobs/run", content=inner, headers=headers)
    assert 400 <= answer.status_code < 500, answer.text


@pytest.mark.parametrize(
    "query",
    [
        "since=0001-01-01T00:00:00%2B14:00",
        "until=9999-12-31T23:59:59-12:00",
        "requested_by=%00",
        "table=a%00b",
        "connection=%ff%fe",
        "before=%00",
    ],
)
def test_moments_and_names_beyond_all_bounds_find_what_there_is(
    loaded: LiveServer, query: str
) -> None:
    for path in ("/api/guidewire/jobs", "/api/audit", "/api/audit/export"):
        assert loaded.client.get(f"{path}?{query}").status_code < 500, path
