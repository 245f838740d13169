"""Choices over HTTP: started, tried, written into the audit log, and refused to viewers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .conftest import LiveServer

START = "/api/guidewire/jobs/start"


def test_a_choice_is_tried_and_carried_out_and_the_audit_log_says_which(
    loaded: LiveServer,
) -> None:
    name = loaded.get("/api/tables")["tables"][0]["name"]
    body = {"action": "rebuild", "limit": 1}
    tried = loaded.client.post(f"/api/tables/{name}/plan", json=body)
    assert tried.status_code == 200
    told = tried.json()
    assert (told["error"], told["commits"], len(told["reads"])) == (None, 1, 1)
    assert told["removed_files"] == told["files"] > 1

    run_id = loaded.run(action="rebuild", table_names=[name])
    job = loaded.ended(run_id)
    assert (job["status"], job["action"]) == ("completed", "rebuild")
    assert job["results"][0]["files"] == told["files"]

    entries = loaded.get("/api/audit?action=run.start")["entries"]
    entry = next(each for each in entries if each["subject"] == run_id)
    assert (entry["detail"]["action"], entry["detail"]["tables"]) == ("rebuild", [name])
    assert [run["run_id"] for run in loaded.get("/api/guidewire/jobs?action=rebuild")] == [run_id]


def test_a_choice_for_all_tables_is_refused(loaded: LiveServer) -> None:
    answer = loaded.client.post(START, json={"config": {"action": "rebuild"}})
    assert (answer.status_code, answer.json()["code"]) == (400, "TABLES_NOT_NAMED")
    name = loaded.get("/api/tables")["tables"][0]["name"]
    path = f"/api/tables/{name}/plan"
    answer = loaded.client.post(path, json={"action": "resync"})
    assert (answer.status_code, answer.json()["code"]) == (400, "SINCE_MISSING")


def test_nobody_plans_a_table_that_is_not_there(loaded: LiveServer) -> None:
    answer = loaded.client.post("/api/tables/nosuch/plan", json={"action": "verify"})
    assert (answer.status_code, answer.json()["code"]) == (404, "TABLE_NOT_FOUND")
