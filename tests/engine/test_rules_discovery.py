"""Rules R7 to R13, R56, R57: which folders and files are read, and in which order."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from conftest import Lake, codes, in_order, result_of

T0 = 1_768_000_000_000
MINUTE = 60_000


def ids(*numbers: int) -> dict[str, list[int]]:
    return {"id": list(numbers)}


def read_ids(lake: Lake, table: str = "t") -> list[int]:
    return [row["id"] for row in lake.rows(table)]


def promise(lake: Lake, folder: str, rows: int) -> None:
    """Write the batch metrics of a folder."""
    document = json.dumps({"numRecordsWritten": rows}).encode()
    lake.source.put(f"{folder}/.cda/batch-metrics.json", document)


def added_paths(lake: Lake, table: str, version: int) -> list[str]:
    return [line["add"]["path"] for line in lake.commit(table, version) if "add" in line]


def transactions(lake: Lake, table: str, version: int) -> dict[str, int]:
    found = [line["txn"] for line in lake.commit(table, version) if "txn" in line]
    return {txn["appId"]: txn["version"] for txn in found}


def test_r7_folders_up_to_the_manifest_time_are_read_and_no_others(lake: Lake) -> None:
    for place in range(3):
        lake.deliver(f"t/fp/{T0 + place}", ids(place))
    lake.announce("t", T0 + 1, "fp")

    lake.sync()

    assert read_ids(lake) == [0, 1]


def test_r7_a_half_written_folder_is_read_once_the_manifest_has_moved_on(lake: Lake) -> None:
    """Past the manifest time it is left alone; completed and committed, all its rows are there."""
    export = lake.export(tables=3, folders=2, rows=10)
    assert all(export.uncommitted(table) for table in export.tables)
    lake.sync()
    for table in export.tables:
        assert lake.rows(table) == in_order(export.rows(table))

    longer = lake.extend(3)
    result = lake.sync()

    assert result.status == "completed"
    for table in longer.tables:
        assert len(longer.rows(table)) > len(export.rows(table))
        assert lake.rows(table) == in_order(longer.rows(table))


def test_r7_names_that_are_no_timestamps_are_left_alone_with_a_warning(lake: Lake) -> None:
    export = lake.export(tables=4, folders=1, rows=5)

    result = lake.sync(include=("cc_contact",))

    contact = result_of(result, "cc_contact")
    assert (contact.status, codes(contact)) == ("ok", ["REBASED", "NOT_A_TIMESTAMP"])
    assert "backup_copy" in contact.warnings[1].message
    assert lake.rows("cc_contact") == in_order(export.rows("cc_contact"))


def test_r8_an_entry_that_was_listed_long_after_its_time_is_not_listed_again(lake: Lake) -> None:
    lake.deliver(f"t/fp/{T0}", ids(1))
    lake.announce("t", T0, "fp")
    lake.sync()
    before = lake.objects()
    lake.deliver(f"t/fp/{T0}", ids(2), "part-00001.parquet")

    assert result_of(lake.sync(), "t").status == "no_change"
    assert lake.objects() == before


def test_r8_an_entry_that_was_listed_soon_after_its_time_is_listed_again(lake: Lake) -> None:
    now = int(datetime.now(UTC).timestamp() * 1000)
    lake.deliver(f"t/fp/{now}", ids(1))
    lake.announce("t", now, "fp")
    lake.sync()
    assert result_of(lake.sync(), "t").status == "no_change"
    lake.deliver(f"t/fp/{now}", ids(2), "part-00001.parquet")

    assert codes(result_of(lake.sync(), "t")) == ["LATE_FILE"]
    assert read_ids(lake) == [1, 2]


def test_r8_every_fingerprint_is_listed_whatever_its_time_says(lake: Lake) -> None:
    """The times of schemaHistory contradict each other in public samples: they filter nothing."""
    lake.deliver(f"t/old/{T0}", ids(1))
    lake.deliver(f"t/new/{T0 + 1}", ids(2))
    lake.announce("t", T0 + 1, schemaHistory={"old": str(T0 - 9), "new": str(T0 + 99)})
    lake.sync()
    lake.deliver(f"t/old/{T0 + 2}", ids(3))
    lake.announce("t", T0 + 2, schemaHistory={"old": str(T0 - 9), "new": str(T0 + 99)})
    lake.sync()

    assert read_ids(lake) == [1, 2, 3]


def test_r8_a_fingerprint_the_manifest_does_not_know_is_reported_and_not_read(lake: Lake) -> None:
    lake.deliver(f"t/known/{T0}", ids(1))
    lake.deliver(f"t/secret/{T0}", ids(2))
    lake.announce("t", T0, "known")

    result = result_of(lake.sync(), "t")

    assert (result.status, codes(result)) == ("ok", ["UNKNOWN_FINGERPRINT"])
    assert "secret" in result.warnings[0].message
    assert read_ids(lake) == [1]


def test_r9_only_parquet_files_directly_in_the_folder_are_data(lake: Lake) -> None:
    folder = f"t/fp/{T0}"
    lake.deliver(folder, ids(1))
    for path in (
        "nested/part-1.parquet",
        "_part-2.parquet",
        ".part-3.parquet",
        "_SUCCESS",
        "x.crc",
    ):
        lake.source.put(f"{folder}/{path}", b"PAR1 not data")
    lake.source.put(f"{folder}/part-4.parquet", b"")
    lake.source.put(f"{folder}/.cda/batch-metrics.json", b'{"numRecordsWritten": 1}')
    lake.source.put("t/fp/part-5.parquet", b"PAR1 not data")
    lake.announce("t", T0, "fp")

    result = result_of(lake.sync(), "t")

    assert (result.status, codes(result), result.files) == ("ok", ["EMPTY_FILE"], 1)
    assert read_ids(lake) == [1]


def test_r9_a_file_of_zero_rows_is_data(lake: Lake) -> None:
    export = lake.export(tables=2, folders=3, rows=5)
    assert any(not file.rows for file in export.files("cc_exposure"))

    result = lake.sync()

    assert result_of(result, "cc_exposure").files == len(export.files("cc_exposure"))
    assert lake.rows("cc_exposure") == in_order(export.rows("cc_exposure"))


def test_r10_a_listing_that_fails_is_an_error_and_moves_no_cursor(lake: Lake) -> None:
    export = lake.export(tables=2, folders=2, rows=5)
    lake.sync()
    lake.extend(1)
    fingerprint = next(Path(lake.source_url, "cc_claim").iterdir())
    before = lake.objects()
    fingerprint.rename(fingerprint.with_name("aside"))
    fingerprint.symlink_to(fingerprint)  # listing it ends in ELOOP

    result = lake.sync()

    claim = result_of(result, "cc_claim")
    assert result.status == "completed_with_errors"
    assert claim.status == "failed"
    assert claim.error is not None
    assert (claim.commits, claim.watermark) == (0, export.files("cc_claim")[-1].folder)
    after = {path: tag for path, tag in lake.objects().items() if "cc_claim" in path}
    assert after == {path: tag for path, tag in before.items() if "cc_claim" in path}
    assert result_of(result, "cc_exposure").status == "ok"

    fingerprint.unlink()
    fingerprint.with_name("aside").rename(fingerprint)
    assert result_of(lake.sync(), "cc_claim").status == "ok"


def test_r10_nothing_at_all_where_records_are_promised_is_source_empty(lake: Lake) -> None:
    lake.announce("t", T0, "fp", totalProcessedRecordsCount=12)
    lake.announce("never_written", T0, "fp", totalProcessedRecordsCount=0)

    result = lake.sync()

    table = result_of(result, "t")
    assert (table.status, table.error and table.error.code) == ("failed", "SOURCE_EMPTY")
    assert table.error is not None
    assert "12" in table.error.message
    nothing = result_of(result, "never_written")
    assert (nothing.status, codes(nothing)) == ("no_change", ["FINGERPRINT_EMPTY"])


def test_r10_a_source_that_vanished_later_is_source_empty_too(lake: Lake) -> None:
    lake.deliver(f"t/fp/{T0}", ids(1))
    lake.announce("t", T0, "fp")
    lake.sync()
    lake.source.delete(f"t/fp/{T0}/part-00000.parquet")
    lake.announce("t", T0 + MINUTE, "fp")

    result = result_of(lake.sync(), "t")

    assert (result.error and result.error.code, result.watermark) == ("SOURCE_EMPTY", T0)
    assert read_ids(lake) == [1]


def test_r10_one_fingerprint_without_folders_is_a_warning(lake: Lake) -> None:
    lake.deliver(f"t/fp/{T0}", ids(1))
    lake.announce("t", T0, "fp", "hollow")

    result = result_of(lake.sync(), "t")

    assert (result.status, codes(result)) == ("ok", ["FINGERPRINT_EMPTY"])
    assert "hollow" in result.warnings[0].message


def test_r11_more_than_a_thousand_folders_are_all_seen(lake: Lake) -> None:
    for place in range(1001):
        lake.source.put(f"t/fp/{T0 + place}/_SUCCESS", b"")
    lake.deliver(f"t/fp/{T0 + 1000}", ids(1000))
    lake.deliver(f"t/fp/{T0 + 1001}", ids(1001))
    lake.announce("t", T0 + 1001, "fp")

    result = result_of(lake.sync(), "t")

    assert (result.folders, result.watermark) == (1002, T0 + 1001)
    assert read_ids(lake) == [1000, 1001]


def test_r11_more_than_a_thousand_files_in_a_folder_are_all_read(lake: Lake) -> None:
    for place in range(1001):
        lake.deliver(f"t/fp/{T0}", ids(place), f"part-{place:05}.parquet")
    lake.announce("t", T0, "fp")

    result = result_of(lake.sync(), "t")

    assert (result.folders, result.files, result.commits) == (1, 1001, 1)
    assert read_ids(lake) == list(range(1001))


def test_r11_folder_names_of_other_lengths_are_ordered_as_numbers(lake: Lake) -> None:
    """As text, ``90`` would come behind ``100`` and a listing behind ``90`` would miss it."""
    lake.deliver("t/fp/90", ids(1))
    lake.announce("t", 95, "fp")
    lake.sync()
    lake.deliver("t/fp/100", ids(2))
    lake.deliver(f"t/fp/{T0}", ids(3))
    lake.announce("t", T0, "fp")
    lake.sync(commit_per_folder=True)

    assert read_ids(lake) == [1, 2, 3]
    assert transactions(lake, "t", 1) == {"cda:fp": 100}
    assert transactions(lake, "t", 2) == {"cda:fp": T0}


def test_r12_empty_folders_ride_with_the_next_data(lake: Lake) -> None:
    lake.deliver(f"t/fp/{T0}", ids(1))
    promise(lake, f"t/fp/{T0 + 1}", 0)
    lake.source.put(f"t/fp/{T0 + 2}/_SUCCESS", b"")
    lake.deliver(f"t/fp/{T0 + 3}", ids(2))
    lake.announce("t", T0 + 3, "fp")

    result = result_of(lake.sync(commit_per_folder=True), "t")

    assert (result.folders, result.commits) == (4, 2)
    assert transactions(lake, "t", 0) == {"cda:fp": T0}
    assert transactions(lake, "t", 1) == {"cda:fp": T0 + 3}


def test_r12_a_run_of_empty_folders_only_is_no_change_without_a_commit(lake: Lake) -> None:
    lake.deliver(f"t/fp/{T0}", ids(1))
    lake.announce("t", T0, "fp")
    lake.sync()
    promise(lake, f"t/fp/{T0 + 1}", 0)
    lake.announce("t", T0 + 1, "fp")

    result = result_of(lake.sync(), "t")

    assert (result.status, result.commits, result.version) == ("no_change", 0, 0)
    lake.deliver(f"t/fp/{T0 + 2}", ids(2))
    lake.announce("t", T0 + 2, "fp")
    assert result_of(lake.sync(), "t").folders == 2


def test_r12_five_hundred_empty_folders_are_worth_a_commit(lake: Lake) -> None:
    lake.deliver(f"t/fp/{T0}", ids(1))
    lake.announce("t", T0, "fp")
    lake.sync()
    for place in range(1, 501):
        lake.source.put(f"t/fp/{T0 + place}/_SUCCESS", b"")
    lake.announce("t", T0 + 499, "fp")
    assert result_of(lake.sync(), "t").commits == 0
    lake.announce("t", T0 + 500, "fp")

    result = result_of(lake.sync(), "t")

    assert (result.commits, result.folders, result.files, result.version) == (1, 500, 0, 1)
    assert transactions(lake, "t", 1) == {"cda:fp": T0 + 500}
    assert read_ids(lake) == [1]


def test_r12_a_table_is_never_made_of_empty_folders_alone(lake: Lake) -> None:
    """It would have no column, which no reader opens."""
    for place in range(600):
        lake.source.put(f"t/fp/{T0 + place}/_SUCCESS", b"")
    lake.announce("t", T0 + 599, "fp")
    assert result_of(lake.sync(), "t").status == "no_change"
    assert not any(path.startswith("t/") for path in lake.objects())
    lake.deliver(f"t/fp/{T0 + 600}", ids(1))
    lake.announce("t", T0 + 600, "fp")

    result = result_of(lake.sync(), "t")

    assert (result.folders, result.watermark) == (601, T0 + 600)
    assert read_ids(lake) == [1]
    assert lake.delta("t").version() == 0


def test_r12_r15_an_empty_folder_before_a_broken_file_makes_no_table(lake: Lake) -> None:
    promise(lake, f"t/fp/{T0}", 0)
    lake.source.put(f"t/fp/{T0 + 1}/part-0.parquet", b"PAR1 but cut off")
    lake.announce("t", T0 + 1, "fp")

    result = result_of(lake.sync(), "t")

    assert (result.status, result.commits, result.version) == ("failed", 0, None)


def test_r13_folders_are_committed_by_time_across_fingerprints(lake: Lake) -> None:
    """Two schemas that take turns during a rolling change; ties as the manifest has them."""
    turns = [("b", 0), ("a", 1), ("b", 2), ("a", 3), ("b", 3)]
    for number, (fingerprint, place) in enumerate(turns):
        lake.deliver(f"t/{fingerprint}/{T0 + place}", ids(number))
    lake.announce("t", T0 + 3, "b", "a")

    lake.sync()

    expected = ["b/0", "a/1", "b/2", "b/3", "a/3"]
    paths = [path.rsplit("/", 1)[0] for path in added_paths(lake, "t", 0)]
    assert paths == [f"{fp}/{T0 + int(place)}" for fp, place in (e.split("/") for e in expected)]
    assert transactions(lake, "t", 0) == {"cda:a": T0 + 3, "cda:b": T0 + 3}


def test_r13_versions_follow_the_folders_times(lake: Lake) -> None:
    for place, fingerprint in enumerate("abab"):
        lake.deliver(f"t/{fingerprint}/{T0 + place}", ids(place))
    lake.announce("t", T0 + 3, "a", "b")

    lake.sync(commit_per_folder=True)

    steps = [transactions(lake, "t", version) for version in range(4)]
    assert steps == [{f"cda:{fp}": T0 + place} for place, fp in enumerate("abab")]
    assert all(max(a.values()) < max(b.values()) for a, b in pairwise(steps))


@pytest.mark.parametrize("is_new_folder", [False, True], ids=["file", "folder"])
def test_r56_what_comes_late_within_the_look_back_is_added(lake: Lake, is_new_folder: bool) -> None:
    lake.deliver(f"t/fp/{T0}", ids(1))
    lake.deliver(f"t/fp/{T0 + 10 * MINUTE}", ids(2))
    lake.announce("t", T0 + 10 * MINUTE, "fp")
    lake.sync()
    late = T0 + MINUTE if is_new_folder else T0
    lake.deliver(f"t/fp/{late}", ids(3), "part-00009.parquet")
    lake.announce("t", T0 + 11 * MINUTE, "fp")

    result = result_of(lake.sync(), "t")

    assert (result.status, codes(result), result.rows) == ("ok", ["LATE_FILE"], 1)
    assert result.watermark == T0 + 10 * MINUTE
    assert transactions(lake, "t", 1) == {"cda:fp": T0 + 10 * MINUTE}
    assert read_ids(lake) == [1, 2, 3]
    lake.announce("t", T0 + 12 * MINUTE, "fp")
    assert result_of(lake.sync(), "t").status == "no_change"


def test_r56_what_comes_later_than_the_look_back_is_not_seen(lake: Lake) -> None:
    lake.deliver(f"t/fp/{T0 + 10 * MINUTE}", ids(1))
    lake.announce("t", T0 + 10 * MINUTE, "fp")
    lake.sync(lookback_seconds=300)
    lake.deliver(f"t/fp/{T0 + 5 * MINUTE}", ids(2))
    lake.deliver(f"t/fp/{T0 + 6 * MINUTE}", ids(3))
    lake.announce("t", T0 + 11 * MINUTE, "fp")

    lake.sync(lookback_seconds=300)

    assert read_ids(lake) == [1, 3]


def test_r56_a_longer_look_back_than_last_time_doubles_nothing(lake: Lake) -> None:
    for place in range(4):
        lake.deliver(f"t/fp/{T0 + place * MINUTE}", ids(place))
    lake.announce("t", T0 + 3 * MINUTE, "fp")
    lake.sync(lookback_seconds=0)
    lake.deliver(f"t/fp/{T0 + 4 * MINUTE}", ids(4))
    lake.deliver(f"t/fp/{T0 + MINUTE}", ids(5), "part-late.parquet")
    lake.announce("t", T0 + 4 * MINUTE, "fp")

    result = result_of(lake.sync(lookback_seconds=7200), "t")

    assert (result.status, codes(result)) == ("ok", ["LATE_FILE"])
    assert read_ids(lake) == [0, 1, 2, 3, 4, 5]


def test_r57_an_empty_folder_that_promises_rows_holds_the_table(lake: Lake) -> None:
    lake.deliver(f"t/fp/{T0}", ids(1))
    promise(lake, f"t/fp/{T0 + 1}", 3)
    lake.deliver(f"t/fp/{T0 + 2}", ids(3))
    lake.announce("t", T0 + 2, "fp")

    for _ in range(2):
        held = result_of(lake.sync(), "t")
        assert (held.status, held.error and held.error.code) == ("partial", "FOLDER_INCOMPLETE")
        assert held.error is not None
        assert str(T0 + 1) in held.error.message
        assert held.watermark == T0
        assert read_ids(lake) == [1]

    lake.deliver(f"t/fp/{T0 + 1}", ids(2))
    result = result_of(lake.sync(), "t")

    assert (result.status, codes(result), result.folders) == ("ok", [], 2)
    assert read_ids(lake) == [1, 2, 3]


def short(lake: Lake, promised: int = 5) -> None:
    """Three folders of two rows, of which the middle one lacks some."""
    for place in range(3):
        lake.deliver(f"t/fp/{T0 + place}", ids(2 * place, 2 * place + 1))
        rows = promised if place == 1 else 2
        metrics = json.dumps({"numRecordsWritten": rows}).encode()
        lake.source.put(f"t/fp/{T0 + place}/.cda/batch-metrics.json", metrics)
    lake.announce("t", T0 + 2, "fp", totalProcessedRecordsCount=4 + promised)


def test_r57_a_folder_with_fewer_rows_than_its_metrics_promise_holds_the_table(lake: Lake) -> None:
    short(lake)

    held = result_of(lake.sync(), "t")

    assert (held.status, held.error and held.error.code) == ("partial", "FOLDER_INCOMPLETE")
    assert held.error is not None
    assert "has 2 rows" in held.error.message
    assert "promise 5 rows" in held.error.message
    assert read_ids(lake) == [0, 1]
    lake.deliver(f"t/fp/{T0 + 1}", ids(12, 13, 14), "part-00001.parquet")
    assert result_of(lake.sync(), "t").status == "ok"
    assert read_ids(lake) == [0, 1, 2, 3, 4, 5, 12, 13, 14]


def test_r57_a_folder_that_stays_short_is_passed_and_looked_at_again_however_old(
    lake: Lake,
) -> None:
    short(lake)

    passed = result_of(lake.sync(settle_seconds=0), "t")

    assert (passed.status, codes(passed)) == ("ok", ["FOLDER_INCOMPLETE"])
    later = T0 + 9 * 3_600_000
    lake.deliver(f"t/fp/{later}", ids(6))
    lake.announce("t", later, "fp", totalProcessedRecordsCount=10)
    assert result_of(lake.sync(lookback_seconds=60), "t").status == "ok"
    lake.deliver(f"t/fp/{T0 + 1}", ids(12, 13, 14), "part-00001.parquet")
    late = result_of(lake.sync(lookback_seconds=60), "t")
    assert (late.status, codes(late)) == ("ok", ["LATE_FILE"])
    assert read_ids(lake) == [0, 1, 2, 3, 4, 5, 6, 12, 13, 14]


def test_r57_rows_that_cda_counts_are_proof_enough_and_no_metrics_are_read(lake: Lake) -> None:
    """What is all there costs no request; a promise that nobody asks for is no hold."""
    short(lake)
    lake.announce("t", T0 + 2, "fp", totalProcessedRecordsCount=6)

    assert result_of(lake.sync(), "t").status == "ok"


def test_r57_rows_that_come_late_do_not_make_up_for_those_that_lack(lake: Lake) -> None:
    """CDA counted the late ones in an earlier manifest."""
    lake.deliver(f"t/fp/{T0}", ids(0, 1))
    lake.announce("t", T0, "fp", totalProcessedRecordsCount=5)
    assert result_of(lake.sync(), "t").status == "ok"
    lake.deliver(f"t/fp/{T0}", ids(2, 3, 4), "part-late.parquet")
    lake.deliver(f"t/fp/{T0 + 1}", ids(5, 6))
    lake.source.put(f"t/fp/{T0 + 1}/.cda/batch-metrics.json", b'{"numRecordsWritten": 5}')
    lake.announce("t", T0 + 1, "fp", totalProcessedRecordsCount=10)

    held = result_of(lake.sync(), "t")

    assert (held.status, held.error and held.error.code) == ("partial", "FOLDER_INCOMPLETE")
    assert read_ids(lake) == [0, 1, 2, 3, 4]
    lake.deliver(f"t/fp/{T0 + 1}", ids(7, 8, 9), "part-00001.parquet")
    assert result_of(lake.sync(), "t").status == "ok"
    assert read_ids(lake) == [*range(10)]


def test_r57_after_the_settle_time_the_table_goes_on_with_a_warning(lake: Lake) -> None:
    promise(lake, f"t/fp/{T0}", 3)
    lake.deliver(f"t/fp/{T0 + 1}", ids(2))
    lake.announce("t", T0 + 1, "fp")
    assert result_of(lake.sync(), "t").status == "partial"

    result = result_of(lake.sync(settle_seconds=0), "t")

    assert (result.status, codes(result)) == ("ok", ["FOLDER_INCOMPLETE"])
    assert read_ids(lake) == [2]
    lake.deliver(f"t/fp/{T0}", ids(1))
    assert codes(result_of(lake.sync(), "t")) == ["LATE_FILE"]
    assert read_ids(lake) == [1, 2]


def test_r57_the_settle_time_counts_from_when_the_folder_was_first_seen(lake: Lake) -> None:
    promise(lake, f"t/fp/{T0}", 3)
    lake.announce("t", T0, "fp")
    lake.sync()
    state = json.loads(lake.target.get("_cdalake/t.json"))
    first_seen = state["holds"][f"fp/{T0}"]

    lake.sync()

    assert json.loads(lake.target.get("_cdalake/t.json"))["holds"] == {f"fp/{T0}": first_seen}


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"numRecordsWritten": null}', b"\xff\x00"])
def test_r57_metrics_that_cannot_be_read_promise_nothing(lake: Lake, content: bytes) -> None:
    lake.source.put(f"t/fp/{T0}/.cda/batch-metrics.json", content)
    lake.deliver(f"t/fp/{T0 + 1}", ids(1))
    lake.announce("t", T0 + 1, "fp")

    assert result_of(lake.sync(), "t").status == "ok"
    assert read_ids(lake) == [1]
