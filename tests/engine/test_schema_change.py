"""What `schema_change` does: fail, replace, and their refusals; the default is in other files."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from deltalake import DeltaTable

from cdalake.engine.progress import TableResult
from cdalake.engine.spec import Action
from conftest import Lake, codes, result_of

T0 = 1_768_000_000_000

Columns = dict[str, Any]
PLAIN: Columns = {"id": [1], "v": [7]}


def deliver(lake: Lake, fingerprint: str, folder: int, columns: Columns | pa.Table) -> None:
    lake.deliver(f"t/{fingerprint}/{T0 + folder}", columns)


def sync(lake: Lake, last: int, *fingerprints: str, **options: Any) -> TableResult:
    lake.announce("t", T0 + last, *fingerprints)
    return result_of(lake.sync(**options), "t")


def ids(lake: Lake) -> list[int]:
    return [row["id"] for row in lake.rows("t")]


# --- fail -------------------------------------------------------------------------------------

FAIL = {"schema_change": "fail"}
CHANGES = [
    pytest.param({"id": [2], "v": [8], "w": ["x"]}, "w is new", id="a column comes"),
    pytest.param({"id": [2]}, "v is gone", id="a column goes"),
    pytest.param({"id": [2], "V": [8]}, "V is new; v is gone", id="other case"),
    pytest.param(
        {"id": [2], "v": pa.array([8], pa.int32())}, "v: long -> integer", id="a narrower type"
    ),
    pytest.param({"id": [2], "v": ["eight"]}, "v: long -> string", id="a type that does not fit"),
]


@pytest.mark.parametrize("per_folder", [False, True])
@pytest.mark.parametrize(("columns", "what"), CHANGES)
def test_fail_stops_before_the_first_folder_that_changes_anything(
    lake: Lake, columns: Columns, what: str, per_folder: bool
) -> None:
    deliver(lake, "a", 0, PLAIN)
    deliver(lake, "b", 1, columns)

    result = sync(lake, 1, "a", "b", commit_per_folder=per_folder, **FAIL)

    assert result.error is not None
    assert (result.status, result.error.code) == ("paused", "SCHEMA_CHANGED")
    assert what in result.error.message
    assert result.error.subject == f"b/{T0 + 1}/part-00000.parquet"
    assert result.error.subject in result.error.message
    assert (ids(lake), result.watermark) == ([1], T0)
    assert sync(lake, 1, "a", "b", **FAIL).status == "paused"


# --- what helps -------------------------------------------------------------------------------

REPLACE: dict[str, Any] = {"schema_change": "replace", "confirm_replace": True}
ODD = {"id": [2], "v": ["eight"]}


@pytest.mark.parametrize("policy", [{}, FAIL])
def test_r17_where_a_new_fingerprint_does_not_fit_replace_is_named_and_helps(
    lake: Lake, policy: dict[str, Any]
) -> None:
    deliver(lake, "a", 0, PLAIN)
    deliver(lake, "b", 1, ODD)

    error = sync(lake, 1, "a", "b", **policy).error

    assert error is not None
    for way in ("quarantine", "replace", "per_fingerprint"):
        assert way in error.hint
    assert "merge" not in error.hint
    assert sync(lake, 1, "a", "b", **REPLACE).status == "ok"


@pytest.mark.parametrize("at_once", [False, True])
@pytest.mark.parametrize(
    "policy", [{}, FAIL, REPLACE, {"schema_change": "per_fingerprint"}], ids=str
)
def test_r17_where_a_known_fingerprint_brings_an_odd_file_only_setting_it_aside_is_named(
    lake: Lake, policy: dict[str, Any], at_once: bool
) -> None:
    """`replace` gives the same conflict again, and so does `merge`."""
    deliver(lake, "a", 0, PLAIN)
    if not at_once:
        lake.announce("t", T0, "a")
        assert lake.sync(**policy).tables[0].status == "ok"
    deliver(lake, "a", 1, ODD)

    lake.announce("t", T0 + 1, "a")
    error = lake.sync(**policy).tables[0].error

    assert error is not None
    assert "quarantine" in error.hint
    assert not any(way in error.hint for way in ("replace", "merge", "per_fingerprint"))


def test_fail_goes_on_with_a_fingerprint_that_somebody_has_let_in(lake: Lake) -> None:
    """Its files lack a column of the other one for ever: that is no news."""
    deliver(lake, "a", 0, {"id": [1], "v": [7], "gone": ["x"]})
    deliver(lake, "b", 1, {"id": [2], "v": [8]})
    assert sync(lake, 1, "a", "b", **FAIL).status == "paused"

    assert sync(lake, 1, "a", "b", schema_change="merge").status == "ok"
    deliver(lake, "b", 2, {"id": [3], "v": [9]})
    deliver(lake, "a", 3, {"id": [4], "v": [9], "gone": ["y"]})

    assert sync(lake, 3, "a", "b", **FAIL).status == "ok"
    assert ids(lake) == [1, 2, 3, 4]


def test_fail_stops_where_a_known_fingerprint_brings_another_column(lake: Lake) -> None:
    deliver(lake, "a", 0, PLAIN)
    assert sync(lake, 0, "a", **FAIL).status == "ok"
    deliver(lake, "a", 1, {"id": [2], "v": [8], "w": [1]})

    error = sync(lake, 1, "a", **FAIL).error

    assert error is not None
    assert (error.code, "w is new" in error.message) == ("SCHEMA_CHANGED", True)


def test_fail_lets_a_fingerprint_with_the_very_same_columns_in(lake: Lake) -> None:
    deliver(lake, "a", 0, PLAIN)
    deliver(lake, "b", 1, {"v": [8], "id": [2]})

    assert sync(lake, 1, "a", "b", **FAIL).status == "ok"
    assert ids(lake) == [1, 2]


# --- replace ----------------------------------------------------------------------------------


def test_replace_needs_somebody_to_say_so_for_this_very_run(lake: Lake) -> None:
    deliver(lake, "a", 0, PLAIN)
    lake.announce("t", T0, "a")

    result = lake.sync(schema_change="replace")

    assert result.error is not None
    assert (result.status, result.error.code) == ("failed", "CONFIRMATION_NEEDED")
    assert "older rows leave the current snapshot" in result.error.message
    assert lake.objects() == {}


def test_replace_takes_older_rows_out_in_the_commit_of_the_new_ones(lake: Lake) -> None:
    deliver(lake, "a", 0, {"id": [1, 2], "v": [7, 8]})
    deliver(lake, "a", 1, {"id": [3], "v": [9]})
    sync(lake, 1, "a", **REPLACE)
    deliver(lake, "b", 2, {"id": [4], "v": ["text now"]})
    deliver(lake, "b", 3, {"id": [5], "v": ["more"]})

    result = sync(lake, 3, "a", "b", **REPLACE)

    assert (result.status, result.rows, codes(result)) == ("ok", 2, ["OLDER_ROWS_LEFT"])
    assert "older rows leave the current snapshot, 3 in 2 files" in result.warnings[0].message
    assert lake.rows("t") == [{"id": 4, "v": "text now"}, {"id": 5, "v": "more"}]
    assert DeltaTable(f"{lake.target_url}/t", version=0).to_pyarrow_table().num_rows == 3
    info = lake.commit("t", 1)[0]["commitInfo"]
    assert info["operationParameters"]["mode"] == "Overwrite"
    assert (info["rows"], info["total_rows"], info["isBlindAppend"]) == (2, 2, False)
    kinds = [next(iter(line)) for line in lake.commit("t", 1)]
    assert (kinds.count("remove"), kinds.count("add"), kinds.count("metaData")) == (2, 2, 1)
    assert sync(lake, 3, "a", "b", **REPLACE).status == "no_change"


def test_replace_appends_what_comes_later_under_known_fingerprints(lake: Lake) -> None:
    deliver(lake, "a", 0, PLAIN)
    deliver(lake, "b", 1, {"id": [2], "v": [8]})
    assert sync(lake, 1, "a", "b", **REPLACE).status == "ok"
    assert ids(lake) == [2]
    deliver(lake, "a", 2, {"id": [3], "v": [9]})
    deliver(lake, "b", 3, {"id": [4], "v": [9]})

    result = sync(lake, 3, "a", "b", **REPLACE)

    assert (codes(result), ids(lake)) == ([], [2, 3, 4])


def test_replace_in_one_load_ends_with_the_newest_fingerprint(lake: Lake) -> None:
    """Each has versions of its own; what it replaced is in the one before."""
    deliver(lake, "a", 0, PLAIN)
    deliver(lake, "b", 1, {"id": [2], "v": ["x"]})
    deliver(lake, "c", 2, {"id": [3], "w": [1.5]})

    result = sync(lake, 2, "a", "b", "c", **REPLACE)

    assert (result.status, result.commits, codes(result)) == ("ok", 3, ["OLDER_ROWS_LEFT"] * 2)
    assert lake.rows("t") == [{"id": 3, "w": 1.5}]


def test_replace_waits_for_the_first_data_of_a_fingerprint(lake: Lake) -> None:
    """Its empty folders empty nothing."""
    deliver(lake, "a", 0, PLAIN)
    sync(lake, 0, "a", **REPLACE)
    metrics = b'{"numRecordsWritten": 0}'
    lake.source.put(f"t/b/{T0 + 1}/.cda/batch-metrics.json", metrics)
    deliver(lake, "a", 2, {"id": [2], "v": [8]})
    assert codes(sync(lake, 2, "a", "b", **REPLACE)) == []
    assert ids(lake) == [1, 2]
    deliver(lake, "b", 3, {"id": [3], "v": [9]})

    assert sync(lake, 3, "a", "b", **REPLACE).status == "ok"

    assert ids(lake) == [3]


def test_a_rebuild_is_a_choice_of_its_own(lake: Lake) -> None:
    """Whoever makes it has looked at the table: it holds what merge would have made of it."""
    deliver(lake, "a", 0, PLAIN)
    deliver(lake, "b", 1, {"id": [2], "w": ["x"]})
    sync(lake, 1, "a", "b", **REPLACE)
    assert ids(lake) == [2]

    for policy in ("replace", "fail"):
        rebuilt = sync(lake, 1, "a", "b", action=Action.REBUILD, schema_change=policy)
        assert (rebuilt.status, ids(lake)) == ("ok", [1, 2])


def test_an_unknown_policy_is_refused(lake: Lake) -> None:
    deliver(lake, "a", 0, PLAIN)
    lake.announce("t", T0, "a")

    error = lake.sync(schema_change="guess").error

    assert error is not None
    assert error.code == "BAD_SCHEMA_CHANGE"
