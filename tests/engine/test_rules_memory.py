"""Rules R27, R59, R63, R64: what others do to a table and to our memory of it, between two runs."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from deltalake import Field
from deltalake.schema import PrimitiveType

from cdalake.engine.state import TableMemory, decide, read_state, write_state
from cdalake.errors import SourceError
from cdalake.samples import Export
from conftest import Lake, codes, in_order, result_of

T0 = 1_768_000_000_000
MINUTE = 60_000
STATE = "_cdalake/t.json"

OPTIMIZE = "optimize"


def optimize(lake: Lake) -> None:
    """Compact all files into one, under a name of delta-rs."""
    lake.delta("t").optimize.compact()
    assert len(lake.table("t").files) == 1


def forget_tombstones(lake: Lake) -> None:
    """OPTIMIZE, and nothing in the log names our files any more."""
    lake.delta("t").alter.set_table_properties(
        {
            "delta.deletedFileRetentionDuration": "interval 0 seconds",
            "delta.logRetentionDuration": "interval 0 seconds",
        }
    )
    optimize(lake)
    vacuum(lake)
    lake.delta("t").create_checkpoint()
    lake.delta("t").cleanup_metadata()
    newest = lake.table("t").version
    for version in range(newest + 1):
        lake.target.delete(f"t/_delta_log/{version:020d}.json")
    assert not lake.table("t").removed


def vacuum(lake: Lake) -> None:
    lake.delta("t").vacuum(
        retention_hours=0, dry_run=False, enforce_retention_duration=False, full=True
    )


def checkpoint(lake: Lake) -> None:
    lake.delta("t").create_checkpoint()


def clean_log(lake: Lake) -> None:
    """A checkpoint, and every commit before it removed."""
    lake.delta("t").create_checkpoint()
    for version in range(lake.table("t").version):
        lake.target.delete(f"t/_delta_log/{version:020d}.json")


def set_property(lake: Lake) -> None:
    lake.delta("t").alter.set_table_properties({"delta.checkpointInterval": "7"})


def describe(lake: Lake) -> None:
    lake.delta("t").alter.set_table_description("claims, as delivered")


def add_column(lake: Lake) -> None:
    lake.delta("t").alter.add_columns([Field("theirs", PrimitiveType("string"), nullable=True)])


def twice_optimized(lake: Lake) -> None:
    optimize(lake)
    lake.delta("t").optimize.compact()
    vacuum(lake)


HARMLESS = [
    optimize,
    twice_optimized,
    forget_tombstones,
    vacuum,
    checkpoint,
    clean_log,
    set_property,
    describe,
    add_column,
]


def claims(lake: Lake, folders: int) -> Export:
    """The sample's claims, as table ``t``."""
    export = lake.export(tables=1, folders=folders, rows=10)
    _rename(lake)
    return export


def more_claims(lake: Lake, folders: int) -> Export:
    manifest = lake.manifest()
    lake.write_manifest({"cc_claim": manifest["t"]})
    export = lake.extend(folders)
    _rename(lake)
    return export


def _rename(lake: Lake) -> None:
    lake.write_manifest({"t": lake.manifest()["cc_claim"]})


def matches(lake: Lake, export: Export) -> bool:
    rows = [{k: v for k, v in row.items() if k != "theirs"} for row in lake.rows("t")]
    return rows == in_order(export.rows("cc_claim"))


@pytest.mark.parametrize("state", ["kept", "lost"])
@pytest.mark.parametrize("disturb", HARMLESS, ids=lambda disturb: disturb.__name__)
def test_r27_harmless_work_of_others_between_runs_costs_no_row(
    lake: Lake, disturb: Callable[[Lake], None], state: str
) -> None:
    """Three runs, since what the second one remembers decides what the third one adds."""
    claims(lake, folders=2)
    lake.sync(commit_per_folder=True)
    disturb(lake)
    if state == "lost":
        lake.target.delete(STATE)
    assert result_of(lake.sync(), "t").status == "no_change"

    export = more_claims(lake, 1)
    assert result_of(lake.sync(), "t").folders == 1
    assert matches(lake, export)

    export = more_claims(lake, 3)
    assert result_of(lake.sync(), "t").status == "ok"
    assert matches(lake, export)


def test_r27_r56_a_late_file_is_still_found_after_optimize(lake: Lake) -> None:
    lake.deliver(f"t/fp/{T0}", {"id": [1]})
    lake.deliver(f"t/fp/{T0 + MINUTE}", {"id": [2]})
    lake.announce("t", T0 + MINUTE, "fp")
    lake.sync()
    forget_tombstones(lake)
    lake.deliver(f"t/fp/{T0}", {"id": [3]}, "part-late.parquet")
    lake.announce("t", T0 + 2 * MINUTE, "fp")

    assert codes(result_of(lake.sync(), "t")) == ["LATE_FILE"]
    assert [row["id"] for row in lake.rows("t")] == [1, 2, 3]


def test_r27_r59_where_nobody_knows_the_files_any_more_nothing_is_looked_for_again(
    lake: Lake,
) -> None:
    """OPTIMIZE, its tombstones and our memory gone: late files are left out, no row is doubled."""
    for place in range(2):
        lake.deliver(f"t/fp/{T0 + place * MINUTE}", {"id": [place]})
    lake.announce("t", T0 + MINUTE, "fp")
    lake.sync()
    forget_tombstones(lake)
    lake.target.delete(STATE)
    for place in range(2, 5):
        lake.deliver(f"t/fp/{T0 + place * MINUTE}", {"id": [place]})
        lake.announce("t", T0 + place * MINUTE, "fp")
        assert result_of(lake.sync(), "t").rows == 1

    assert [row["id"] for row in lake.rows("t")] == [0, 1, 2, 3, 4]
    lake.deliver(f"t/fp/{T0 + 3 * MINUTE}", {"id": [5]}, "part-late.parquet")
    lake.announce("t", T0 + 5 * MINUTE, "fp")
    assert codes(result_of(lake.sync(), "t")) == ["LATE_FILE"]


def test_r59_a_memory_older_than_our_newest_commit_is_not_relied_upon(lake: Lake) -> None:
    """Its commit is in the log, but the write of the memory behind it was lost."""
    lake.deliver(f"t/fp/{T0}", {"id": [1]})
    lake.announce("t", T0, "fp")
    lake.sync()
    old = lake.target.get(STATE)
    lake.deliver(f"t/fp/{T0 + 1}", {"id": [2]})
    lake.announce("t", T0 + 1, "fp")
    lake.sync()
    forget_tombstones(lake)
    lake.target.put(STATE, old)
    lake.deliver(f"t/fp/{T0 + 2}", {"id": [3]})
    lake.announce("t", T0 + 2, "fp")

    assert result_of(lake.sync(), "t").rows == 1
    assert [row["id"] for row in lake.rows("t")] == [1, 2, 3]


def test_r65_a_name_of_cda_that_looks_like_one_of_ours_is_known_again(lake: Lake) -> None:
    """``.as-`` marks our own variants of a file; a source file may have one of its own."""
    lake.deliver(f"t/fp/{T0}", {"id": [1]}, "part.as-1.parquet")
    lake.announce("t", T0, "fp")
    lake.sync()
    lake.target.delete(STATE)
    lake.announce("t", T0 + 1, "fp")

    assert result_of(lake.sync(), "t").status == "no_change"


def broken(lake: Lake) -> None:
    lake.target.put(STATE, b'{"format": 1, "version"')


def no_object(lake: Lake) -> None:
    lake.target.put(STATE, b"[]")


def lost(lake: Lake) -> None:
    lake.target.delete(STATE)


@pytest.mark.parametrize(
    "damage",
    [lost, broken, no_object],
    ids=lambda damage: damage.__name__,
)
def test_r59_a_memory_that_cannot_be_used_is_made_anew(
    lake: Lake, damage: Callable[[Lake], None]
) -> None:
    claims(lake, folders=2)
    lake.sync()
    good = json.loads(lake.target.get(STATE))
    damage(lake)

    assert result_of(lake.sync(), "t").status == "no_change"

    made_anew = json.loads(lake.target.get(STATE))
    assert made_anew | {"listed_at": good["listed_at"]} == good
    before = lake.objects()
    assert result_of(lake.sync(), "t").status == "no_change"
    assert lake.objects() == before
    export = more_claims(lake, 1)
    assert result_of(lake.sync(), "t").folders == 1
    assert matches(lake, export)


def test_r59_a_memory_of_another_format_is_left_to_its_version_of_cdalake(lake: Lake) -> None:
    claims(lake, folders=2)
    theirs = b'{"format": 99}'
    lake.target.put(STATE, theirs)

    assert [result_of(lake.sync(), "t").status for _ in range(2)] == ["ok", "no_change"]
    assert lake.target.get(STATE) == theirs


def test_r59_a_memory_that_others_wrote_meanwhile_is_left_to_them(lake: Lake) -> None:
    """The file is replaced by condition: what a faster run wrote is of the same log or a newer."""
    lake.deliver(f"t/fp/{T0}", {"id": [1]})
    lake.announce("t", T0, "fp")
    lake.sync()
    theirs = b'{"format": 1, "version": 5}'

    def overwrite() -> bool:
        lake.target.put(STATE, theirs)
        return False

    lake.deliver(f"t/fp/{T0 + 1}", {"id": [2]})
    lake.announce("t", T0 + 1, "fp")
    result = result_of(lake.sync(is_cancelled=_each_time(overwrite)), "t")

    assert (result.status, result.rows) == ("ok", 1)
    assert lake.target.get(STATE) == theirs
    assert result_of(lake.sync(), "t").status == "no_change"


def _each_time(action: Callable[[], bool]) -> Callable[[], bool]:
    return action


def test_r59_a_lost_home_or_a_second_home_changes_nothing(lake: Lake) -> None:
    """Nothing that decides is kept outside of the target: a second run from elsewhere knows all."""
    claims(lake, folders=2)
    lake.sync()
    elsewhere = Lake(lake.source_url, lake.target_url)

    assert result_of(elsewhere.sync(), "t").status == "no_change"


def test_r63_a_cursor_that_is_lost_is_never_a_first_load(lake: Lake) -> None:
    claims(lake, folders=2)
    lake.sync()
    _rewrite_commit(lake, lambda action: "txn" not in action)

    result = result_of(lake.sync(), "t")

    assert (result.status, result.error and result.error.code) == ("paused", "CURSOR_LOST")
    assert result.error is not None
    assert result.error.hint
    assert result.version == 0


def test_r63_one_fingerprint_without_cursor_is_enough(lake: Lake) -> None:
    for fingerprint in ("a", "b"):
        lake.deliver(f"t/{fingerprint}/{T0}", {"id": [1]})
    lake.announce("t", T0, "a", "b")
    lake.sync()
    _rewrite_commit(lake, lambda action: action.get("txn", {}).get("appId") != "cda:b")

    result = result_of(lake.sync(), "t")

    assert result.error is not None
    assert result.error.code == "CURSOR_LOST"
    assert "fingerprint b" in result.error.message


def test_r63_a_table_whose_log_is_gone_but_not_our_memory_is_not_loaded_again(lake: Lake) -> None:
    claims(lake, folders=2)
    lake.sync()
    for info in lake.target.list("t/_delta_log"):
        lake.target.delete(info.path)

    result = result_of(lake.sync(), "t")

    assert result.error is not None
    assert result.error.code == "CURSOR_LOST"
    assert "its log is gone" in result.error.message
    assert "remove _cdalake/t.json too" in result.error.hint
    lake.target.delete(STATE)
    assert result_of(lake.sync(), "t").status == "ok"


def test_r63_a_table_of_somebody_else_is_not_written_to(lake: Lake) -> None:
    """A Delta table stands where ours would go."""
    import pyarrow as pa
    from deltalake import write_deltalake

    write_deltalake(f"{lake.target_url}/t", pa.table({"id": [99]}))
    lake.deliver(f"t/fp/{T0}", {"id": [1]})
    lake.announce("t", T0, "fp")

    result = result_of(lake.sync(), "t")

    assert result.error is not None
    assert result.error.code == "CURSOR_LOST"
    assert [row["id"] for row in lake.rows("t")] == [99]


def _rewrite_commit(lake: Lake, keeps: Callable[[dict[str, Any]], bool]) -> None:
    lines = [json.dumps(action) for action in lake.commit("t", 0) if keeps(action)]
    lake.target.put("t/_delta_log/00000000000000000000.json", "\n".join(lines).encode())


def test_r64_what_others_set_survives_a_schema_change(lake: Lake) -> None:
    lake.deliver(f"t/a/{T0}", {"id": [1]})
    lake.announce("t", T0, "a")
    lake.sync()
    created = lake.delta("t").metadata()
    set_property(lake)
    describe(lake)
    _comment_on_id(lake)
    lake.deliver(f"t/b/{T0 + 1}", {"id": [2], "more": ["x"]})
    lake.announce("t", T0 + 1, "a", "b")

    assert result_of(lake.sync(), "t").status == "ok"

    metadata = lake.delta("t").metadata()
    assert metadata.id == created.id
    assert metadata.created_time == created.created_time
    assert metadata.description == "claims, as delivered"
    assert metadata.configuration == {"delta.checkpointInterval": "7"}
    fields = lake.delta("t").schema().fields
    assert [field.name for field in fields] == ["id", "more"]
    assert fields[0].metadata == {"comment": "the key"}


def _comment_on_id(lake: Lake) -> None:
    lake.delta("t").alter.set_column_metadata("id", {"comment": "the key"})


@pytest.mark.parametrize(
    ("field", "value"),
    [("cursors", 5), ("recent", None), ("seen", {}), ("marks", []), ("listed", {"records": "x"})],
)
def test_r59_a_memory_that_makes_no_sense_costs_time_and_no_row(
    lake: Lake, field: str, value: Any
) -> None:
    claims(lake, folders=2)
    lake.sync()
    document = json.loads(lake.target.get(STATE))
    lake.target.put(STATE, json.dumps({**document, field: value}).encode())

    assert result_of(lake.sync(rest_seconds=0), "t").status == "no_change"

    assert json.loads(lake.target.get(STATE))["cursors"] == document["cursors"]


def test_r59_a_decision_keeps_what_another_run_decided_meanwhile(lake: Lake) -> None:
    """Else a reset that a person accepted would be suspected anew."""
    claims(lake, folders=2)
    lake.sync()
    mine, known, theirs = (read_state(lake.target, "t") for _ in range(3))
    assert mine
    assert known
    assert theirs
    mine.holds = {"a/1": 7}
    theirs.seen, theirs.phase, theirs.quarantine = None, "changing", {"a/1/x": "set aside"}
    assert write_state(lake.target, "t", theirs)

    decide(lake.target, "t", mine, known, lambda memory: memory.quarantine.update({"a/2/y": "bad"}))

    kept = read_state(lake.target, "t")
    assert kept
    assert (kept.seen, kept.phase, kept.holds) == (None, "changing", {"a/1": 7})
    assert set(kept.quarantine) == {"a/1/x", "a/2/y"}


def test_r59_a_memory_of_another_version_is_not_written_over(lake: Lake) -> None:
    lake.target.put(STATE, b'{"format": 99}')

    with pytest.raises(SourceError) as refused:
        decide(lake.target, "t", TableMemory(), TableMemory(), lambda _: None)

    assert refused.value.code == "STATE_OF_ANOTHER_VERSION"
    assert lake.target.get(STATE) == b'{"format": 99}'
