"""Runs over HTTP, beyond the design's names."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import LiveServer


@pytest.fixture
def run_id(loaded: LiveServer) -> str:
    """The run that loaded the tables."""
    return str(loaded.get("/api/guidewire/jobs")[-1]["run_id"])


def test_the_list_is_filtered_and_paged_by_its_address(loaded: LiveServer, run_id: str) -> None:
    table = loaded.get(f"/api/guidewire/jobs/{run_id}")["results"][0]["table"]
    options = {"table": table, "trigger": "api", "since": "2020-01-01T00:00:00", "limit": 1}
    answer = loaded.client.get("/api/guidewire/jobs", params=options)
    assert [run["run_id"] for run in answer.json()] == [run_id]
    assert answer.headers["x-total-count"] == "1"
    assert "x-next-before" not in answer.headers
    assert loaded.get("/api/guidewire/jobs", params={"table": "no_such"}) == []
    assert loaded.get("/api/guidewire/jobs", params={"before": run_id}) == []
    assert loaded.get("/api/runs/facets")["triggers"] == {"api": 1}


def test_a_preflight_starts_nothing(loaded: LiveServer) -> None:
    answer = loaded.client.post("/api/guidewire/jobs/preflight", json={"table_names": ["zz_*"]})
    assert answer.status_code == 200, answer.text
    told = {step["name"]: step["code"] for step in answer.json()["steps"]}
    assert told["source.manifest"] == "NO_TABLE_MATCHES"
    assert answer.json()["usual"]["runs"] == 1
    assert len(loaded.get("/api/guidewire/jobs")) == 1


def test_a_log_is_saved_whole_or_filtered_or_shown_raw(loaded: LiveServer, run_id: str) -> None:
    whole = loaded.client.get(f"/api/runs/{run_id}/logs/file")
    saved = f'attachment; filename="run-{run_id}.log"'
    assert whole.headers["content-disposition"] == saved
    last = loaded.get(f"/api/guidewire/jobs/{run_id}")["last_line"]
    assert len(whole.text.splitlines()) == last
    some = loaded.client.get(f"/api/runs/{run_id}/logs/file", params={"q": "version 0"})
    hits = loaded.get(f"/api/runs/{run_id}/logs/hits", params={"q": "version 0"})
    assert 0 < len(some.text.splitlines()) == len(hits["lines"]) < last
    raw = loaded.client.get(f"/api/runs/{run_id}/logs/file", params={"view": True})
    assert "content-disposition" not in raw.headers
    assert raw.headers["content-type"].startswith("text/plain")


def test_a_page_of_the_log_is_filtered_by_attempt_and_time(loaded: LiveServer, run_id: str) -> None:
    path = f"/api/runs/{run_id}/logs"
    assert loaded.get(path, params={"attempt": 2})["lines"] == []
    assert loaded.get(path, params={"attempt": 1})["lines"][0]["attempt"] == 1
    assert loaded.get(path, params={"until": "2020-01-01T00:00:00Z"})["lines"] == []


def test_results_are_saved_as_csv_and_json(loaded: LiveServer, run_id: str) -> None:
    table = loaded.client.get(f"/api/runs/{run_id}/results")
    assert table.headers["content-type"].startswith("text/csv")
    assert f'filename="run-{run_id}.csv"' in table.headers["content-disposition"]
    assert len(table.text.splitlines()) == 4
    found = loaded.get(f"/api/runs/{run_id}/results", params={"format": "json", "status": "ok"})
    assert {row["status"] for row in found} == {"ok"}
    none = loaded.get(f"/api/runs/{run_id}/results", params={"format": "json", "status": "failed"})
    assert none == []


def test_a_run_is_compared_over_http(loaded: LiveServer, run_id: str) -> None:
    assert loaded.get(f"/api/runs/{run_id}/compare")["before"] is None


def test_many_runs_are_changed_in_one_request_that_is_written_down(
    loaded: LiveServer, run_id: str
) -> None:
    body = {"action": "cancel", "run_ids": [run_id]}
    answer = loaded.client.post("/api/runs/bulk", json=body)
    assert answer.status_code == 200, answer.text
    (item,) = answer.json()["items"]
    assert (item["ok"], item["error"]["code"]) == (False, "RUN_IS_FINAL")


@pytest.mark.parametrize("path", ["logs", "logs/hits", "logs/file", "results", "compare", "events"])
def test_what_belongs_to_an_unknown_run_is_not_there(loaded: LiveServer, path: str) -> None:
    answer = loaded.client.get(f"/api/runs/no-such-run/{path}")
    assert (answer.status_code, answer.json()["code"]) == (404, "RUN_NOT_FOUND")


def test_a_damaged_log_answers_with_a_marked_line(server: LiveServer) -> None:
    run_id = server.run()
    server.ended(run_id)
    chunk = min((server.home / "runs" / run_id).glob("events-*.jsonl"))
    chunk.write_bytes(b"\xff not json\n" + chunk.read_bytes().partition(b"\n")[2])
    lines = server.get(f"/api/runs/{run_id}/logs")["lines"]
    assert [line["line"] for line in lines] == list(range(1, len(lines) + 1))
    assert (lines[0]["kind"], lines[1]["kind"] == "damaged") == ("damaged", False)
    assert server.client.get(f"/api/runs/{run_id}/logs/file").status_code == 200


def test_two_runs_of_one_table_take_turns_and_the_second_says_why(server: LiveServer) -> None:
    name = min(server.lake.manifest())
    first, second = server.run(table_names=[name]), server.run(table_names=[name])
    told = server.job(second)
    # It may have begun already where the first one was quick.
    assert told["status"] != "pending" or first in (told["waiting_reason"] or first)
    one, other = server.ended(first), server.ended(second)
    assert one["end_time"] <= other["start_time"]
    assert (one["tables_ok"], other["tables_no_change"]) == (1, 1)


def test_r5_the_manifest_a_run_was_made_from_is_saved(loaded: LiveServer, run_id: str) -> None:
    answer = loaded.client.get(f"/api/runs/{run_id}/manifest")

    assert answer.status_code == 200
    assert answer.json().keys() == loaded.lake.manifest().keys()
    assert f"manifest-{run_id}.json" in answer.headers["content-disposition"]
    told = loaded.get(f"/api/guidewire/jobs/{run_id}")["manifest_sha256"]
    assert told == hashlib.sha256(answer.content).hexdigest()
    assert loaded.client.get("/api/runs/no-such/manifest").json()["code"] == "RUN_NOT_FOUND"


def test_r5_a_run_that_has_read_no_manifest_says_that_it_has_none(server: LiveServer) -> None:
    server.client.post("/api/connections/default/pause")
    run_id = server.run()

    assert server.get(f"/api/guidewire/jobs/{run_id}")["manifest_sha256"] is None
    answer = server.client.get(f"/api/runs/{run_id}/manifest")
    assert (answer.status_code, answer.json()["code"]) == (404, "RUN_MANIFEST_GONE")
