from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import pytest

from .test_api import problem

if TYPE_CHECKING:
    from .conftest import LiveServer


def test_a_page_by_place_goes_on_where_the_last_one_ended(loaded: LiveServer) -> None:
    first = loaded.get("/api/tables?limit=2&sort=-rows")
    last = loaded.get(f"/api/tables?limit=2&sort=-rows&cursor={first['next_cursor']}")
    names = [table["name"] for page in (first, last) for table in page["tables"]]
    assert names == [table["name"] for table in loaded.get("/api/tables?sort=-rows")["tables"]]
    assert last["next_cursor"] is None
    problem(loaded.client.get("/api/tables?cursor=x"), 400, "BAD_CURSOR")


def test_a_column_finds_its_tables(loaded: LiveServer) -> None:
    name = loaded.get("/api/tables")["tables"][0]["name"]
    columns = [column["name"] for column in loaded.get(f"/api/tables/{name}")["schema"]]
    mine = next(column for column in columns if not column.startswith("gwcbi") and column != "id")
    found = loaded.get("/api/tables", params={"search": f"column:{mine}"})["tables"]
    assert mine in next(t for t in found if t["name"] == name)["matched_columns"]
    assert loaded.get("/api/tables", params={"column": "gwcbi___operation"})["total"] == 3
    assert loaded.get("/api/tables/_columns?search=gwcbi___op") == [
        {"value": "gwcbi___operation", "count": 3}
    ]


def test_names_come_alone(loaded: LiveServer) -> None:
    (named,) = loaded.get("/api/tables/_names")
    assert named["names"] == sorted(loaded.lake.manifest())
    assert named["orphans"] == []


def test_a_file_holds_exactly_what_is_filtered_sorted_and_chosen(loaded: LiveServer) -> None:
    query = "sort=-name&changed=today&field=name&field=row_count&field=rows_by_day"
    answer = loaded.client.get(f"/api/tables/_export?{query}")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith('attachment; filename="tables-')
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert list(rows[0]) == ["name", "row_count", "rows_by_day"]
    assert [row["name"] for row in rows] == sorted(loaded.lake.manifest(), reverse=True)
    listed = loaded.get("/api/tables/_export?format=json&sort=name")
    assert listed[0]["name"] == rows[-1]["name"]
    assert str(listed[0]["row_count"]) == rows[-1]["row_count"]
    nothing = loaded.client.get("/api/tables/_export?search=zzzz&field=name")
    assert nothing.text == "name\r\n"
    problem(loaded.client.get("/api/tables/_export?field=nope"), 400, "NO_SUCH_FIELD")


def test_the_matrix_shows_the_run_of_every_table(loaded: LiveServer) -> None:
    matrix = loaded.get("/api/tables/_matrix")
    assert [run["status"] for run in matrix["runs"]] == ["completed"]
    assert {cell["status"] for row in matrix["tables"] for cell in row["cells"]} == {"ok"}
    problem(loaded.client.get("/api/tables/_matrix?before_run=nope"), 404, "RUN_NOT_FOUND")


def test_two_tables_are_compared(loaded: LiveServer) -> None:
    a, b = sorted(loaded.lake.manifest())[:2]
    found = loaded.get("/api/compare", params={"a": a, "b": b})
    assert {found["a"]["name"], found["b"]["name"]} == {a, b}
    assert found["same"] >= 7
    path = f"/api/compare?a={a}&b={a}&a_version=99"
    problem(loaded.client.get(path), 404, "VERSION_NOT_FOUND")
    problem(loaded.client.get(f"/api/compare?a={a}"), 400, "INVALID_REQUEST")


@pytest.mark.parametrize(
    "body", [{}, {"tables": [{"name": "a"}]}, {"tables": [], "action": "drop"}]
)
def test_a_selection_that_means_nothing_is_refused(
    loaded: LiveServer, body: dict[str, Any]
) -> None:
    problem(loaded.client.post("/api/tables/_run", json=body), 400, "INVALID_REQUEST")


def test_chosen_tables_are_run_and_that_is_written_down(server: LiveServer) -> None:
    names = sorted(server.lake.manifest())
    server.until("/api/tables", lambda page: page["total"] == 3)
    tables = [{"connection": "default", "name": name} for name in names[:2]]
    answer = server.client.post("/api/tables/_run", json={"tables": tables})
    assert answer.status_code == 202, answer.text
    (run,) = answer.json()["runs"]
    results = server.ended(run["run_id"])["results"]
    assert sorted(result["table"] for result in results) == names[:2]
    entry = server.get("/api/audit?action=run.start")["entries"][0]
    assert entry["subject"] == run["run_id"]
    assert entry["detail"]["tables"] == 2
