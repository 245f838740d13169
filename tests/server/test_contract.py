"""Every field of the design document is there, in the OpenAPI document and in a real answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cdalake.server.app import document

if TYPE_CHECKING:
    from .conftest import LiveServer

DESIGN = Path(__file__).parents[1] / "data" / "design"
FIELD = re.compile(r"^(\w+): ?(.*)$")
Fields = dict[str, Any]


def blocks() -> Iterator[tuple[str, str, str, Fields]]:
    """(method, path, Request or Response, fields); fields nest."""
    text = (DESIGN / "rest.md").read_text()
    for part in re.split(r"^(?=(?:GET|POST|DELETE) /)", text, flags=re.MULTILINE)[1:]:
        head, *lines = part.splitlines()
        method, path = head.split()
        for side, fields in tree(lines).items():
            yield method, path, side, fields


def tree(lines: list[str]) -> Fields:
    """Fields as they nest; a list's are those of its items."""
    stack: list[Fields] = [{}]
    for line in map(str.strip, lines):
        if line.startswith(("}", "]")):
            stack.pop()
        elif line == "{":
            stack.append(stack[-1])
        elif found := FIELD.match(line):
            fields: Fields = {}
            stack[-1][found[1]] = fields
            if found[2].endswith(("{", "[")):
                stack.append(fields)
    return stack[0]


def models() -> dict[str, list[str]]:
    """Names of the fields of each model."""
    text = (DESIGN / "models.txt").read_text()
    parts = re.split(r"^class (\w+)\(BaseModel\):$", text, flags=re.MULTILINE)[1:]
    named = zip(parts[::2], parts[1::2], strict=True)
    return {name: re.findall(r"^    (\w+):", body, re.MULTILINE) for name, body in named}


BLOCKS = [
    pytest.param(*block, id=f"{block[0]} {block[1]} {block[2]}")
    for block in blocks()
    if block[2] in ("Request", "Response")
]
API = document()


def schema_of(described: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = described["content"]["application/json"]["schema"]
    return found


def properties(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of an object, behind lists, nulls and references."""
    if "$ref" in schema:
        return properties(API["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    if "items" in schema:
        return properties(schema["items"])
    for each in schema.get("anyOf", ()):
        if inner := properties(each):
            return inner
    return dict(schema.get("properties", {}))


def missing(wanted: Fields, schema: Mapping[str, Any], where: str = "") -> list[str]:
    there = properties(schema)
    gone = [f"{where}{name}" for name in wanted if name not in there]
    inner = [
        item
        for name, fields in wanted.items()
        if fields and name in there and properties(there[name])
        for item in missing(fields, there[name], f"{where}{name}.")
    ]
    return gone + inner


def operation(method: str, path: str) -> dict[str, Any]:
    shape = re.sub(r"{\w+}", "{}", path)
    paths = {re.sub(r"{\w+}", "{}", known): found for known, found in API["paths"].items()}
    found: dict[str, Any] = paths[shape][method.lower()]
    return found


def test_the_design_names_what_we_think_it_names() -> None:
    assert len(BLOCKS) == 9
    assert [len(fields) for fields in models().values()] == [11, 10, 12]


@pytest.mark.parametrize(("method", "path", "side", "fields"), BLOCKS)
def test_every_field_of_the_design_is_in_the_openapi_document(
    method: str, path: str, side: str, fields: Fields
) -> None:
    found = operation(method, path)
    if side == "Request":
        # `parameters` is free there; its fields are those of GuidewireConfig.
        inner = set(fields["parameters"]) - {"other"}
        assert inner <= set(properties({"$ref": "GuidewireConfig"}))
        return
    answer = next(found["responses"][status] for status in found["responses"] if status < "300")
    assert missing(fields, schema_of(answer)) == []


@pytest.mark.parametrize(("name", "fields"), models().items())
def test_every_field_of_the_designs_models_is_in_ours(name: str, fields: list[str]) -> None:
    assert set(fields) <= set(properties({"$ref": name}))


def absent(wanted: Fields, answer: Any, where: str = "") -> list[str]:
    """Fields that a real answer lacks; what is null or empty there has nothing inside."""
    if isinstance(answer, list):
        return absent(wanted, answer[0], where) if answer else []
    if not isinstance(answer, dict):
        return []
    gone = [f"{where}{name}" for name in wanted if name not in answer]
    inner = [
        item
        for name, fields in wanted.items()
        if name in answer
        for item in absent(fields, answer[name], f"{where}{name}.")
    ]
    return gone + inner


def test_every_field_of_the_design_is_in_a_real_answer(loaded: LiveServer) -> None:
    (table, *_) = loaded.get("/api/tables")["tables"]
    (run, *_) = loaded.get("/api/guidewire/jobs")
    names = {"{table_name}": table["name"], "{run_id}": run["run_id"]}
    asked = 0
    for method, path, side, fields in blocks():
        if method == "GET" and side == "Response":
            filled = re.sub(r"{\w+}", lambda name: names[name[0]], path)
            assert absent(fields, loaded.get(filled)) == [], path
            asked += 1
    assert asked == 6
    status = loaded.get(f"/api/guidewire/jobs/{run['job_id']}")
    assert set(models()["ProcessingJobStatus"]) <= set(status)
    assert set(models()["ProcessingResult"]) <= set(status["results"][0])


def test_the_fields_of_the_design_mean_what_the_mapping_says(loaded: LiveServer) -> None:
    run_id = loaded.run(table_names=["no_such_*"], parallel=False)
    ended = loaded.ended(run_id)
    assert ended["job_id"] == ended["run_id"] == run_id
    assert ended["progress_percent"] == 100
    assert (ended["config"]["parallel"], ended["config"]["workers"]) == (False, 1)
    job = loaded.get(f"/api/jobs/{run_id}")
    assert job["progress"]["percent_complete"] == 100
    assert job["job_id"] == "default"
    logs = loaded.get(f"/api/jobs/{run_id}/logs?offset=1")
    assert isinstance(logs["logs"], str)
    assert logs["offset"] == 1
    again = loaded.get(f"/api/jobs/{run_id}/logs?offset={logs['last_line']}")
    assert (again["logs"], again["last_line"]) == ("", logs["last_line"])
    (first, *_) = loaded.get("/api/guidewire/jobs?limit=1000")[::-1]
    done = loaded.get(f"/api/guidewire/jobs/{first['run_id']}")["results"][0]
    name = done["table"]
    table = loaded.get(f"/api/tables/{name}")
    cursors = loaded.lake.table(name).transactions.values()
    assert done["process_finish_watermark"] == max(cursors)
    assert done["manifest_records"] == loaded.lake.manifest()[name]["totalProcessedRecordsCount"]
    assert table["transaction_count"] == loaded.lake.table(name).version + 1
    assert table["size_bytes"] == loaded.lake.table(name).size_bytes
    assert table["row_count"] == loaded.lake.table(name).rows
    assert table["history"][0]["user"]
    config = loaded.get("/api/config")
    assert config["processing_mode"] in ("parallel", "sequential")
    assert loaded.get("/health")["status"] in ("healthy", "degraded", "unhealthy", "starting")


def test_a_request_id_that_is_repeated_with_another_config_is_a_conflict(
    loaded: LiveServer,
) -> None:
    def start(**config: Any) -> Any:
        body = {"config": config, "request_id": "contract-1"}
        return loaded.client.post("/api/guidewire/jobs/start", json=body)

    first = start(table_names=["no_such_*"])
    assert start(table_names=["no_such_*"]).json()["run_id"] == first.json()["run_id"]
    other = start(table_names=["cc_*"])
    assert (other.status_code, other.json()["code"]) == (409, "REQUEST_ID_REUSED")
    loaded.ended(first.json()["run_id"])
