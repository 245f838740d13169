"""What others or CDA do to a table is noticed, held for a person, and put right by a choice."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest
from deltalake import write_deltalake

from cdalake.engine.progress import Event, TableResult
from cdalake.engine.spec import Action
from cdalake.engine.sync import run
from cdalake.words import moment
from conftest import Lake, result_of

T0 = 1_790_000_000_000
MINUTE = 60_000
STATE = "_cdalake/t.json"


def held(result: TableResult) -> tuple[str, str | None]:
    return result.status.value, result.error.code if result.error else None


def loaded(lake: Lake, folders: int = 3) -> None:
    """A table of one row a folder, in a version of its own each."""
    for place in range(folders):
        deliver(lake, place)
    lake.announce("t", T0 + (folders - 1) * MINUTE, "fp", totalProcessedRecordsCount=folders)
    assert result_of(lake.sync(commit_per_folder=True), "t").status == "ok"


def deliver(lake: Lake, place: int) -> None:
    lake.deliver(f"t/fp/{T0 + place * MINUTE}", {"id": [place]})


def more(lake: Lake, place: int) -> TableResult:
    """CDA writes on; what a sync says to it."""
    deliver(lake, place)
    lake.announce("t", T0 + place * MINUTE, "fp", totalProcessedRecordsCount=place + 1)
    return result_of(lake.sync(), "t")


def ids(lake: Lake) -> list[int]:
    return [row["id"] for row in lake.rows("t")]


def restored(lake: Lake) -> None:
    lake.delta("t").restore(1)


def deleted_from(lake: Lake) -> None:
    lake.delta("t").delete("id = 1")


def updated(lake: Lake) -> None:
    """As many rows as before, and others."""
    lake.delta("t").update(updates={"id": "77"}, predicate="id = 1")


def appended_to(lake: Lake) -> None:
    write_deltalake(f"{lake.target_url}/t", pa.table({"id": [99]}), mode="append")


def overwritten(lake: Lake) -> None:
    write_deltalake(f"{lake.target_url}/t", pa.table({"id": [98]}), mode="overwrite")


def made_anew(lake: Lake) -> None:
    """Another table id, and as many commits and rows."""
    import shutil

    shutil.rmtree(f"{lake.target_url}/t")
    for place in range(3):
        write_deltalake(f"{lake.target_url}/t", pa.table({"id": [place]}), mode="append")


CHANGES = [restored, deleted_from, updated, appended_to, overwritten]


@pytest.mark.parametrize("memory", ["kept", "lost"])
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_r62_a_table_whose_rows_others_changed_is_held(
    lake: Lake, change: Callable[[Lake], None], memory: str
) -> None:
    loaded(lake)
    change(lake)
    if memory == "lost":
        lake.target.delete(STATE)
    before = lake.objects()

    result = more(lake, 3)

    assert held(result) == ("paused", "CHANGED_OUTSIDE")
    assert result.error is not None
    names_all = change in {restored, deleted_from}
    assert result.error.choices == ("accept", *(["resync"] if names_all else []), "rebuild")
    assert {k: v for k, v in lake.objects().items() if k != STATE} == {
        k: v for k, v in before.items() if k != STATE
    }


def test_r62_a_table_that_was_made_anew_is_held(lake: Lake) -> None:
    loaded(lake)
    made_anew(lake)

    result = more(lake, 3)

    assert result.status == "paused"
    assert result.error is not None
    assert result.error.code in {"CHANGED_OUTSIDE", "CURSOR_LOST"}


def test_r62_another_table_id_is_held_even_where_cursors_and_rows_agree(lake: Lake) -> None:
    loaded(lake)
    document = json.loads(lake.target.get(STATE))
    lake.target.put(STATE, json.dumps({**document, "table_id": "another", "version": 1}).encode())

    assert held(more(lake, 3)) == ("paused", "CHANGED_OUTSIDE")


def test_r62_the_commit_that_changed_it_is_named(lake: Lake) -> None:
    loaded(lake)
    restored(lake)

    error = more(lake, 3).error

    assert error is not None
    assert "Version 3 (RESTORE)" in error.message
    assert "2 rows of 3" in error.message


def test_r27_optimize_and_vacuum_are_no_change(lake: Lake) -> None:
    loaded(lake)
    lake.delta("t").optimize.compact()
    lake.delta("t").vacuum(0, dry_run=False, enforce_retention_duration=False)

    assert more(lake, 3).status == "ok"
    assert ids(lake) == [0, 1, 2, 3]


def entry_of(lake: Lake) -> dict[str, Any]:
    found: dict[str, Any] = lake.manifest()["t"]
    return found


def back_in_time(entry: dict[str, Any]) -> None:
    entry["lastSuccessfulWriteTimestamp"] = str(T0)


def fewer_records(entry: dict[str, Any]) -> None:
    entry["totalProcessedRecordsCount"] = 1


def fingerprint_gone(entry: dict[str, Any]) -> None:
    entry["schemaHistory"] = {"new": str(T0 + 9 * MINUTE)}


def fingerprint_begins_anew(entry: dict[str, Any]) -> None:
    entry["schemaHistory"] = {"fp": str(T0 + 2 * MINUTE - 1)}


def elsewhere(entry: dict[str, Any]) -> None:
    entry["dataFilesPath"] = "t2"


SIGNS = [back_in_time, fewer_records, fingerprint_gone, fingerprint_begins_anew, elsewhere]


@pytest.mark.parametrize("sign", SIGNS, ids=lambda sign: sign.__name__)
def test_r47_a_sign_of_a_cda_reset_holds_its_table_and_no_other(
    lake: Lake, sign: Callable[[dict[str, Any]], None]
) -> None:
    loaded(lake)
    lake.deliver(f"other/fp/{T0}", {"id": [1]})
    lake.announce("other", T0, "fp")
    manifest = lake.manifest()
    manifest["t"]["schemaHistory"] = {"fp": str(T0)}
    lake.write_manifest(manifest)
    lake.target.delete(STATE)
    lake.sync()
    sign(manifest["t"])
    lake.write_manifest(manifest)

    result = lake.sync()

    assert held(result_of(result, "t")) == ("paused", "RESET_SUSPECTED")
    assert result_of(result, "other").status == "no_change"
    assert result.exit_code == 2
    assert ids(lake) == [0, 1, 2]


def test_r47_a_manifest_that_comes_back_is_no_reset_any_more(lake: Lake) -> None:
    loaded(lake)
    whole = lake.manifest()
    back_in_time(manifest := lake.manifest()["t"])
    lake.write_manifest({"t": manifest})
    told = result_of(lake.sync(), "t")
    assert held(told) == ("paused", "RESET_SUSPECTED")
    assert told.error is not None
    assert moment(int(manifest["lastSuccessfulWriteTimestamp"])) in told.error.message

    lake.write_manifest(whole)

    assert result_of(lake.sync(), "t").status == "no_change"


def test_r47_a_schema_that_comes_back_is_no_reset(lake: Lake) -> None:
    """A, then B, then A again: the manifest has room for the newer time of A only (§4)."""
    lake.deliver(f"t/a/{T0}", {"id": [0]})
    lake.deliver(f"t/b/{T0 + 1}", {"id": [1]})
    history = {"a": str(T0), "b": str(T0 + 1)}
    lake.announce("t", T0 + 1, "a", "b", schemaHistory=history)
    lake.sync()
    lake.deliver(f"t/a/{T0 + 2}", {"id": [2]})
    history["a"] = str(T0 + 2)
    lake.announce("t", T0 + 3, "a", "b", schemaHistory=history)

    assert result_of(lake.sync(), "t").status == "ok"
    assert ids(lake) == [0, 1, 2]


def operations(lake: Lake, place: int, *kinds: int) -> None:
    rows = len(kinds)
    columns = {"id": list(range(rows)), "gwcbi___operation": list(kinds)}
    lake.deliver(f"t/fp/{T0 + place}", columns)
    lake.announce("t", T0 + place, "fp", schemaHistory={"fp": str(T0)})


def test_r47_a_second_snapshot_under_the_same_fingerprint_is_held_before_its_folder(
    lake: Lake,
) -> None:
    operations(lake, 0, 0, 0)
    operations(lake, 1, 0)
    operations(lake, 2, 2, 4)
    assert result_of(lake.sync(), "t").rows == 5
    operations(lake, 3, 4)
    operations(lake, 4, 0, 0)

    result = result_of(lake.sync(), "t")

    assert held(result) == ("paused", "RESET_SUSPECTED")
    assert result.error is not None
    assert f"fp/{T0 + 4}" in result.error.message
    assert result.watermark == T0 + 3
    assert held(result_of(lake.sync(), "t")) == ("paused", "RESET_SUSPECTED")


@pytest.mark.parametrize(("action", "rows"), [("accept", 7), ("rebuild", 7)])
def test_r47_a_second_snapshot_is_mended_by_a_choice(lake: Lake, action: str, rows: int) -> None:
    operations(lake, 0, 0, 0)
    operations(lake, 1, 2, 4)
    operations(lake, 2, 0, 0, 0)
    assert held(result_of(lake.sync(), "t")) == ("paused", "RESET_SUSPECTED")

    assert result_of(lake.sync(action=Action(action)), "t").error is None

    assert result_of(lake.sync(), "t").error is None
    assert lake.table("t").rows == rows


def test_r69_a_manifest_that_went_back_before_the_first_commit_stops_the_table(lake: Lake) -> None:
    """It was read long before; what it vouched for may be gone."""
    deliver(lake, 0)
    lake.announce("t", T0 + MINUTE, "fp", totalProcessedRecordsCount=5)

    class Resets:
        def emit(self, event: Event) -> None:
            if event.kind == "table_planned":
                lake.announce("t", T0, "fp", totalProcessedRecordsCount=1)

    spec = lake.spec(reread_manifest_seconds=0)
    result = result_of(run(spec, Resets(), lambda: False), "t")

    assert held(result) == ("paused", "RESET_SUSPECTED")
    assert not lake.target.list("t")


def test_r69_a_manifest_that_went_on_is_no_reason_to_stop(lake: Lake) -> None:
    loaded(lake)
    deliver(lake, 3)
    lake.announce("t", T0 + 3 * MINUTE, "fp", totalProcessedRecordsCount=4)

    assert result_of(lake.sync(reread_manifest_seconds=0), "t").rows == 1
