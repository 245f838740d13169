from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from server.conftest import LiveServer

if TYPE_CHECKING:
    from conftest import Lake


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server with one configured connection; tests add others of their own names."""
    from conftest import Lake

    folder = tmp_path_factory.mktemp("sources")
    lake = Lake(str(folder / "export"), str(folder / "lake"))
    lake.export(tables=2)
    server = LiveServer(folder / "home", lake)
    yield server
    server.end()


@pytest.fixture
def values(live: LiveServer, tmp_path: Path) -> dict[str, Any]:
    return {"source": live.lake.source_url, "target": str(tmp_path / "lake"), "workers": 2}


def add(live: LiveServer, name: str, values: dict[str, Any], **query: Any) -> Any:
    body = {"name": name, "values": values}
    return live.client.post("/api/connections", json=body, params=query)


def one(live: LiveServer, name: str) -> dict[str, Any]:
    found: dict[str, Any] = live.get(f"/api/connections/{name}")
    return found


def code(answer: Any) -> str:
    return str(answer.json()["code"])


def test_a_connection_is_added_tried_changed_run_and_removed(
    live: LiveServer, values: dict[str, Any], tmp_path: Path
) -> None:
    seen = add(live, "more", values, preview="true")
    assert seen.status_code == 200
    assert {d["key"] for d in seen.json()["differences"]} == {"source", "target", "workers"}
    assert all(each["name"] != "more" for each in live.get("/api/connections"))

    made = add(live, "more", values)
    assert made.status_code == 201
    found = live.until("/api/connections/more", lambda c: c["tables"] == 2 and c["source_ok"])
    assert (found["origin"], found["is_editable"], found["loaded"]) == ("page", True, 0)
    assert found["manifest_time"]

    tried = live.client.post("/api/connections/more/test", json={"consent": False}).json()
    assert tried["ok"], tried
    assert [step["name"] for step in tried["steps"]] == [
        "source.list",
        "source.manifest",
        "source.footer",
        "target.list",
        "target.write",
        "target.space",
    ]
    assert not (tmp_path / "lake").exists()

    revision = {"if-match": f'"{found["revision"]}"'}
    kept = live.client.get("/api/connections/more").headers.get("etag", "")
    assert found["revision"] not in kept, "a browser would keep its answer until the next change"
    wider = {**values, "workers": 4, "lag_limit_seconds": 60}
    path = "/api/connections/more"
    preview = live.client.put(path, json=wider, headers=revision, params={"preview": "true"}).json()
    assert preview["differences"] == [
        {"key": "workers", "before": 2, "after": 4},
        {"key": "lag_limit_seconds", "before": None, "after": 60},
    ]
    assert one(live, "more")["values"]["workers"] == 2
    changed = live.client.put(path, json=wider, headers=revision)
    assert changed.status_code == 200
    assert changed.json()["revision"] != found["revision"]
    late = live.client.put(path, json=values, headers=revision)
    assert (late.status_code, code(late)) == (409, "CONNECTION_CHANGED")

    assert live.ended(live.run(connection="more"))["status"] == "completed"
    live.until(path, lambda c: c["loaded"] == 2)
    assert (tmp_path / "lake").is_dir()

    gone = live.client.delete(path, headers={"if-match": changed.json()["revision"]})
    assert gone.status_code == 200
    assert live.client.get(path).status_code == 404
    assert len(list((tmp_path / "lake").iterdir())) >= 2
    log = live.get("/api/audit", params={"limit": 20})["entries"]
    actions = [entry["action"] for entry in log if entry["subject"] == "more"]
    assert actions == [
        "connection.remove",
        "connection.change",
        "connection.test",
        "connection.add",
    ]
    (edit,) = (entry for entry in log if entry["action"] == "connection.change")
    assert {"key": "workers", "before": 2, "after": 4} in edit["detail"]["differences"]


def test_every_option_of_a_connection_comes_back_as_it_was_given(
    live: LiveServer, values: dict[str, Any]
) -> None:
    options = {"schema_change": "replace", "layout": "zero_copy", "current": True}
    place = {"runner": "ray", "ray_address": "127.0.0.1:6379"}
    assert add(live, "options", values | options | place).status_code == 201
    found = one(live, "options")["values"]
    assert found == values | options | place
    assert found["current"] is True
    (status,) = (c for c in live.get("/api/dashboard")["connections"] if c["name"] == "options")
    assert (status["engine"], status["schema_change"]) == ("ray", "replace")


def test_a_configured_connection_can_be_looked_at_and_tried_but_not_changed(
    live: LiveServer, values: dict[str, Any]
) -> None:
    found = one(live, "default")
    assert (found["origin"], found["is_editable"], found["revision"]) == (
        "environment",
        False,
        None,
    )
    for answer in (
        live.client.put("/api/connections/default", json=values, headers={"if-match": "x"}),
        live.client.delete("/api/connections/default", headers={"if-match": "x"}),
    ):
        assert (answer.status_code, code(answer)) == (409, "CONNECTION_READ_ONLY")
    shadow = add(live, "default", values)
    assert (shadow.status_code, code(shadow)) == (409, "CONNECTION_EXISTS")
    tried = live.client.post("/api/connections/default/test", json={"consent": True}).json()
    assert tried["ok"], tried
    written = [step for step in tried["steps"] if step["name"] == "target.write"]
    assert "removed again" in written[0]["sentence"]


def test_a_change_has_to_say_what_it_has_seen(live: LiveServer, values: dict[str, Any]) -> None:
    assert add(live, "blind", values).status_code == 201
    blind = live.client.put("/api/connections/blind", json=values)
    assert (blind.status_code, code(blind)) == (400, "REVISION_MISSING")
    etag = f'"{one(live, "blind")["revision"]}"'
    same = live.client.put("/api/connections/blind", json=values, headers={"if-match": etag})
    assert same.json()["differences"] == []
    assert f'"{same.json()["revision"]}"' == etag
    assert live.client.delete("/api/connections/blind", headers={"if-match": etag}).is_success


@pytest.mark.parametrize("method", ["get", "put", "delete", "post"])
def test_a_connection_that_is_not_there_is_not_found(
    live: LiveServer, values: dict[str, Any], method: str
) -> None:
    body = {"put": values, "post": {"consent": False}}.get(method)
    path = "/api/connections/nobody" + ("/test" if method == "post" else "")
    answer = live.client.request(method, path, json=body, headers={"if-match": "x"})
    assert (answer.status_code, code(answer)) == (404, "CONNECTION_NOT_FOUND")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"source": "ftp://x"}, "BAD_LOCATION"),
        ({"source": "s3://b/../x"}, "BAD_LOCATION"),
        ({"source": "s3://key:planted@b"}, "SECRET_IN_URL"),
        ({"credential": "AKIA1234567890123456"}, "BAD_SETTING"),
        ({"endpoint": "file:///etc"}, "BAD_SETTING"),
        ({"source": "s3://b", "endpoint": "http://169.254.169.254"}, "ENDPOINT_NOT_ALLOWED"),
        ({"target": "/"}, "PATHS_OVERLAP"),
        ({"rebase": "nonsense"}, "BAD_REBASE"),
        ({"workers": 0}, "INVALID_REQUEST"),
        ({"layout": "shallow"}, "INVALID_REQUEST"),
        ({"schema_change": "ignore"}, "INVALID_REQUEST"),
        ({"runner": "spark"}, "INVALID_REQUEST"),
        ({"runner": "ray", "ray_address": "planted@head:6379"}, "BAD_SETTING"),
        ({"runner": "ray", "ray_address": "169.254.169.254:80"}, "ENDPOINT_NOT_ALLOWED"),
        ({"colour": "red"}, "INVALID_REQUEST"),
    ],
)
def test_values_that_cannot_be_used_are_refused_with_their_reason(
    live: LiveServer, values: dict[str, Any], change: dict[str, Any], expected: str
) -> None:
    answer = add(live, "bad", {**values, **change})
    assert code(answer) == expected
    assert answer.status_code in (400, 403)
    assert "planted" not in answer.text
    assert live.client.get("/api/connections/bad").status_code == 404


def test_a_name_has_to_be_one(live: LiveServer, values: dict[str, Any]) -> None:
    for name in ("", "../x", "a b", "-x", "x" * 65):
        assert code(add(live, name, values)) == "INVALID_REQUEST"


def test_a_test_says_which_step_failed_and_skips_what_stands_behind(
    live: LiveServer, values: dict[str, Any], tmp_path: Path
) -> None:
    missing = {**values, "source": str(tmp_path / "nothing")}
    body = {"values": missing, "consent": False}
    tried = live.client.post("/api/connections/test", json=body).json()
    assert not tried["ok"]
    steps = {step["name"]: step for step in tried["steps"]}
    assert steps["source.list"]["state"] == "failed"
    assert steps["source.list"]["code"] == "OBJECT_NOT_FOUND"
    assert steps["source.manifest"]["state"] == steps["source.footer"]["state"] == "skipped"
    assert steps["target.list"]["state"] == "ok"


def test_missing_credentials_are_a_step_of_the_test(
    live: LiveServer, values: dict[str, Any]
) -> None:
    body = {"values": {**values, "source": "s3://b", "credential": "env:NONE_"}}
    tried = live.client.post("/api/connections/test", json=body).json()
    first = tried["steps"][0]
    assert (first["state"], first["code"]) == ("failed", "NO_CREDENTIALS")
    assert "NONE_ACCESS_KEY_ID" in first["sentence"]


def test_a_store_that_never_answers_costs_its_test_and_nobody_else(
    live: LiveServer, values: dict[str, Any]
) -> None:
    """S6: the endpoint takes connections and says nothing."""
    import socket
    import threading

    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(50)
        endpoint = f"http://127.0.0.1:{silent.getsockname()[1]}"
        hanging = {**values, "source": "s3://b", "endpoint": endpoint, "credential": "anonymous"}
        answers: list[Any] = []

        def ask() -> None:
            with type(live.client)(base_url=live.url, timeout=60) as client:
                answers.append(client.post("/api/connections/test", json={"values": hanging}))

        askers = [threading.Thread(target=ask) for _ in range(6)]
        for asker in askers:
            asker.start()
        while any(asker.is_alive() for asker in askers):
            assert live.client.get("/health").status_code == 200
            assert live.client.get("/api/tables").status_code == 200
            time.sleep(0.2)
    codes = [answer.json().get("code") for answer in answers]
    assert codes.count("TESTS_BUSY") == 2
    for answer in answers:
        if answer.status_code == 200:
            steps = {step["name"]: step for step in answer.json()["steps"]}
            assert steps["source.list"]["code"] == "STORE_TOO_SLOW"


def test_a_connection_outlives_the_server(tmp_path: Path, lake: Lake) -> None:
    lake.export(tables=1)
    server = LiveServer(tmp_path / "home", lake)
    values = {"source": lake.source_url, "target": str(tmp_path / "other")}
    assert add(server, "kept", values).status_code == 201
    server.end()
    server.start()
    try:
        assert one(server, "kept")["values"] == values
        assert server.ended(server.run(connection="kept"))["status"] == "completed"
    finally:
        server.end()


def test_runs_of_a_connection_are_paused_and_resumed_and_both_are_written_down(
    live: LiveServer, values: dict[str, Any]
) -> None:
    add(live, "held", values)

    for said in ("The runs of held are paused", "The runs of held are paused already"):
        assert live.client.post("/api/connections/held/pause").json()["message"] == said
    pause = live.get("/api/connections/held")["pause"]
    assert live.get("/api/dashboard")["paused"] == [{"connection": "held", **pause}]
    for said in ("The runs of held begin again", "The runs of held were not paused"):
        assert live.client.post("/api/connections/held/resume").json()["message"] == said
    assert live.get("/api/dashboard")["paused"] == []
    assert live.get("/api/connections/held")["pause"] is None
    entries = live.get("/api/audit?limit=20")["entries"]
    about = [(entry["action"], entry["who"]) for entry in entries if entry["subject"] == "held"]
    who = pause["by"]
    assert about == [("runs.resume", who), ("runs.pause", who), ("connection.add", who)]
    for act in ("pause", "resume"):
        refused = live.client.post(f"/api/connections/nobody/{act}")
        assert code(refused) == "CONNECTION_NOT_FOUND"
