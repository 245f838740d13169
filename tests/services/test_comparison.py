from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from cdalake.catalog.tables import BLANK
from cdalake.delta.schema import Schema
from cdalake.engine.progress import utc_now
from cdalake.errors import NotFound, TableNotFoundException
from cdalake.models.comparison import Difference
from cdalake.services.comparison import TableVersion, compare_schemas

if TYPE_CHECKING:
    from .conftest import Home


def text(*columns: tuple[str, Any] | tuple[str, Any, bool]) -> str:
    fields = [
        {"name": name, "type": kind, "nullable": not flags or flags[0], "metadata": {}}
        for name, kind, *flags in columns
    ]
    return json.dumps({"type": "struct", "fields": fields})


def differences(a: str, b: str) -> dict[str, str]:
    pairs = compare_schemas(Schema.parse(a), Schema.parse(b))
    return {pair.name: pair.difference.value for pair in pairs}


def struct(*names: str) -> dict[str, Any]:
    inner = [{"name": n, "type": "long", "nullable": True, "metadata": {"of": n}} for n in names]
    return {"type": "struct", "fields": inner}


def test_columns_are_compared_by_name_type_and_nullability() -> None:
    a = text(("id", "long", False), ("gone", "string"), ("wide", "integer"), ("same", "date"))
    b = text(("SAME", "date"), ("id", "long"), ("wide", "long"), ("new", "string"))
    assert differences(a, b) == {
        "new": "added",
        "gone": "removed",
        "wide": "type",
        "id": "nullable",
        "same": "same",
    }


def test_order_is_no_difference_on_any_level() -> None:
    deep = {"type": "array", "elementType": struct("x", "y"), "containsNull": True}
    turned = {"type": "array", "elementType": struct("y", "x"), "containsNull": True}
    other = {"type": "array", "elementType": struct("x", "z"), "containsNull": True}
    assert differences(text(("a", "long"), ("d", deep)), text(("d", turned), ("a", "long"))) == {
        "a": "same",
        "d": "same",
    }
    assert differences(text(("d", deep)), text(("d", other))) == {"d": "type"}


def keep(home: Home, name: str, *schemas: str | None) -> None:
    """A table whose versions, from 5 on, wrote these schemas."""
    written = [schema for schema in schemas if schema]
    row = {**BLANK, "connection": "default", "name": name, "app": "Other", "is_typelist": False}
    row |= {"version": 4 + len(schemas), "schema_string": written[-1] if written else None}
    home.index.save([row], {})
    commits = [
        {
            "version": version,
            "timestamp": utc_now(),
            "operation": "WRITE",
            "user": None,
            "engine": None,
            "run_id": None,
            "watermark_ms": None,
            "rows": 1,
            "files_added": 1,
            "files_removed": 0,
            "bytes_added": 1,
            "data_change": True,
            "parameters": {},
            "schema_string": schema,
            "schema_change": None,
        }
        for version, schema in enumerate(schemas, 5)
    ]
    home.index.add_commits("default", name, -1, commits)


def test_two_versions_of_one_table_are_compared(home: Home) -> None:
    keep(home, "t", text(("id", "long")), None, text(("id", "long"), ("new", "string")))
    compare = home.services.comparison.compare
    found = compare(TableVersion("t", None, 6), TableVersion("t"))
    assert (found.a.version, found.b.version, found.b.latest_version) == (6, 7, 7)
    assert (found.added, found.removed, found.changed, found.same) == (1, 0, 0, 1)
    assert found.columns[0].difference is Difference.ADDED
    assert found.columns[0].a is None
    assert (found.a.columns, found.a.schema_versions) == (1, [7, 5])
    assert found.a.timestamp is not None


def test_two_tables_are_compared(home: Home) -> None:
    keep(home, "t", text(("id", "long"), ("mine", "long")))
    keep(home, "u", text(("id", "string"), ("theirs", "long")))
    found = home.services.comparison.compare(TableVersion("t"), TableVersion("u"))
    assert (found.added, found.removed, found.changed, found.same) == (1, 1, 1, 0)


@pytest.mark.parametrize("version", [4, 8])
def test_a_version_outside_of_the_history_is_said_to_be_unknown(home: Home, version: int) -> None:
    keep(home, "t", text(("id", "long")), None, None)
    with pytest.raises(NotFound) as caught:
        home.services.comparison.compare(TableVersion("t"), TableVersion("t", None, version))
    assert caught.value.code == "VERSION_NOT_FOUND"
    assert "7" in caught.value.hint


def test_a_table_that_is_not_there_has_no_schema(home: Home) -> None:
    home.lake.export()
    name = min(home.refresh())
    compare = home.services.comparison.compare
    with pytest.raises(NotFound) as caught:
        compare(TableVersion(name), TableVersion(name))
    assert "not loaded yet" in caught.value.message
    with pytest.raises(TableNotFoundException):
        compare(TableVersion("nope"), TableVersion(name))
