from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from cdalake.catalog.tables import BLANK
from cdalake.models.table_runs import TableRunsAnswer, TableRunsRequest
from cdalake.services.queries import SortKey, TableQuery, TableSelection

from .conftest import ME

if TYPE_CHECKING:
    from .conftest import Home


def ask(home: Home, **body: Any) -> TableRunsAnswer:
    return home.services.table_runs.start(TableRunsRequest(**body), ME)


def key(name: str, connection: str = "default") -> dict[str, str]:
    return {"connection": connection, "name": name}


def codes(answer: TableRunsAnswer) -> dict[str, str | None]:
    return {item.name: item.error.code if item.error else None for item in answer.items}


def add(home: Home, name: str, **facts: Any) -> None:
    row = {**BLANK, **key(name), "app": "Other", "is_typelist": False, **facts}
    home.index.save([row], {})


def test_a_run_takes_exactly_the_tables_that_were_chosen(home: Home) -> None:
    home.lake.export(tables=4)
    names = sorted(home.refresh())
    answer = ask(home, tables=[key(names[0]), key(names[2]), key(names[0])])
    (run,) = answer.runs
    assert (run.tables, run.connection) == (2, "default")
    assert [item.run_id for item in answer.items] == [run.run_id] * 2
    home.ended(run.run_id)
    assert [row["table_name"] for row in home.runs.tables(run.run_id)] == [names[0], names[2]]


def test_every_table_is_told_what_became_of_it(home: Home) -> None:
    home.lake.export()
    name = min(home.refresh())
    add(home, "left_behind", version=0)
    answer = ask(home, tables=[key(name), key("left_behind"), key("nope"), key(name, "elsewhere")])
    assert [(item.name, item.error and item.error.code) for item in answer.items] == [
        (name, None),
        ("left_behind", "NOT_IN_MANIFEST"),
        ("nope", "TABLE_NOT_FOUND"),
        (name, "TABLE_NOT_FOUND"),
    ]
    assert len(answer.runs) == 1


def test_a_retry_takes_only_what_did_not_end_well(home: Home) -> None:
    add(home, "bad", in_manifest=True, run_status="failed")
    add(home, "good", in_manifest=True, run_status="ok")
    home.lake.export()
    answer = ask(home, action="retry", tables=[key("bad"), key("good")])
    assert codes(answer) == {"bad": None, "good": "NOTHING_TO_RETRY"}
    assert home.run(answer.runs[0].run_id).spec.include == ("bad",)


def test_all_that_match_are_run_but_for_those_left_out(home: Home) -> None:
    home.lake.export(tables=5)
    names = sorted(home.refresh())
    answer = ask(home, matching={"health": ["Not loaded"]}, without=[key(names[0])])
    assert [item.name for item in answer.items] == names[1:]
    assert home.run(answer.runs[0].run_id).spec.include == tuple(names[1:])
    everything = ask(home, matching={})
    assert home.run(everything.runs[0].run_id).spec.include == ()


def test_a_name_that_looks_like_a_pattern_means_itself(home: Home) -> None:
    add(home, "a[b]*", in_manifest=True)
    home.lake.export()
    (run,) = ask(home, tables=[key("a[b]*")]).runs
    assert home.run(run.run_id).spec.include == ("a[[]b][*]",)


def test_the_same_request_twice_is_the_same_run(home: Home) -> None:
    home.lake.export()
    name = min(home.refresh())
    first = ask(home, tables=[key(name)], request_id="mine")
    assert ask(home, tables=[key(name)], request_id="mine").runs == first.runs


def test_a_run_that_cannot_be_asked_for_refuses_its_tables_only(home: Home) -> None:
    add(home, "inside", in_manifest=True)
    connection = home.services.connections.get("default")
    object.__setattr__(connection, "target", f"{connection.source}/lake")
    answer = ask(home, tables=[key("inside")])
    assert answer.runs == []
    assert codes(answer)["inside"] is not None


@pytest.mark.parametrize("body", [{}, {"tables": []}, {"tables": [key("a")], "matching": {}}])
def test_a_request_names_tables_or_filters_and_not_both(body: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        TableRunsRequest(**body)


def test_the_matrix_has_runs_from_old_to_new_and_a_cell_for_each(home: Home) -> None:
    home.lake.export(tables=3)
    names = sorted(home.refresh())
    first = home.start(table_names=[names[0]])
    home.ended(first)
    second = home.start()
    home.ended(second)
    home.refresh()
    matrix = home.services.matrix.page(TableQuery(), 30, None)
    assert [run.run_id for run in matrix.runs] == [first, second]
    assert [row.name for row in matrix.tables] == names
    assert matrix.total == 3
    states = [[cell and cell.status for cell in row.cells] for row in matrix.tables]
    assert states == [["ok", "no_change"], [None, "ok"], [None, "ok"]]
    newest = home.services.matrix.page(TableQuery(limit=1), 1, None)
    assert ([run.run_id for run in newest.runs], newest.older) == ([second], second)
    older = home.services.matrix.page(
        TableQuery(TableSelection(connections=("default",)), SortKey.NAME_DOWN), 1, second
    )
    assert ([run.run_id for run in older.runs], older.older) == ([first], None)
    assert older.tables[0].name == names[-1]
