"""Rules R1 to R6: what a run takes from the manifest."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from cdalake.engine.progress import Event
from cdalake.engine.sync import run
from conftest import Lake, Listener, codes, in_order, result_of


class Meddler(Listener):
    """A sink that does something as soon as an event of a kind is heard."""

    def __init__(self, kind: str, action: Callable[[], object]) -> None:
        super().__init__()
        self._kind = kind
        self._action = action

    def emit(self, event: Event) -> None:
        super().emit(event)
        if event.kind == self._kind and self._action is not None:
            action, self._action = self._action, None
            action()


def test_r1_ugly_but_lawful_entries_are_read(lake: Lake) -> None:
    export = lake.export(tables=2, rows=5)
    manifest = lake.manifest()
    claim = manifest["cc_claim"]
    claim["lastSuccessfulWriteTimestamp"] = int(claim["lastSuccessfulWriteTimestamp"])
    claim["totalProcessedRecordsCount"] = str(2**40)
    claim["somethingNew"] = {"deep": [1]}
    manifest["cc_exposure"] = [manifest["cc_exposure"]]
    text = "\ufeff" + json.dumps(manifest, indent=8)
    lake.source.put("manifest.json", text.encode())

    result = lake.sync()

    assert result.status == "completed"
    assert result_of(result, "cc_claim").manifest_records == 2**40
    assert "MANIFEST_LIST_ENTRY" in codes(result_of(result, "cc_exposure"))
    for table in export.tables:
        assert lake.rows(table) == in_order(export.rows(table))


@pytest.mark.parametrize(
    "damage",
    [
        {"lastSuccessfulWriteTimestamp": "-5"},
        {"lastSuccessfulWriteTimestamp": "99999999999999"},
        {"lastSuccessfulWriteTimestamp": None},
        {"dataFilesPath": ""},
        {"schemaHistory": []},
        {"schemaHistory": {"../up": "1"}},
    ],
    ids=lambda damage: str(damage)[:50],
)
def test_r2_a_bad_entry_fails_its_own_table(lake: Lake, damage: dict[str, object]) -> None:
    export = lake.export(tables=2, folders=2, rows=5)
    manifest = lake.manifest()
    manifest["cc_claim"] |= damage
    lake.write_manifest(manifest)

    result = lake.sync()

    claim = result_of(result, "cc_claim")
    assert (result.status, claim.status) == ("completed_with_errors", "failed")
    assert claim.error is not None
    assert claim.error.code == "MANIFEST_ENTRY_INVALID"
    assert result_of(result, "cc_exposure").rows == len(export.rows("cc_exposure"))
    assert not any(path.startswith("cc_claim") for path in lake.objects())


def test_r3_names_that_lead_elsewhere_or_meet_fail(lake: Lake) -> None:
    lake.export(tables=2, folders=2, rows=5)
    manifest = lake.manifest()
    exposure = manifest["cc_exposure"]
    manifest |= {"../cc_exposure": exposure, "CC_Exposure": exposure, "_cdalake": exposure}
    lake.write_manifest(manifest)

    result = lake.sync()

    errors = {table.table: table.error and table.error.code for table in result.tables}
    assert errors == {
        "cc_claim": None,
        "cc_exposure": "DUPLICATE_TABLE",
        "CC_Exposure": "DUPLICATE_TABLE",
        "../cc_exposure": "BAD_TABLE_NAME",
        "_cdalake": "BAD_TABLE_NAME",
    }
    assert {path.split("/")[0] for path in lake.objects()} == {"cc_claim", "_cdalake"}


def test_r4_a_path_elsewhere_is_rebased_onto_the_source_and_said_once(lake: Lake) -> None:
    lake.export(tables=1, folders=2, rows=5)

    first, second = lake.sync(), lake.sync()

    assert codes(result_of(first, "cc_claim")) == ["REBASED"]
    assert codes(result_of(second, "cc_claim")) == []


def test_r4_a_rebase_that_is_given_decides(lake: Lake) -> None:
    export = lake.export(tables=2, folders=2, rows=5)
    manifest = lake.manifest()
    manifest["cc_exposure"]["dataFilesPath"] = "s3://other/cda/cc_exposure"
    lake.write_manifest(manifest)

    result = lake.sync(rebase="s3://guidewire-cda-sample/cda=")

    claim, exposure = result_of(result, "cc_claim"), result_of(result, "cc_exposure")
    assert (claim.status, codes(claim)) == ("ok", [])
    assert lake.rows("cc_claim") == in_order(export.rows("cc_claim"))
    assert exposure.error is not None
    assert exposure.error.code == "PATH_OUTSIDE_SOURCE"


def test_r4_a_guessed_folder_that_is_not_there_is_an_error(lake: Lake) -> None:
    lake.export(tables=2, folders=2, rows=5)
    manifest = lake.manifest()
    manifest["cc_claim"]["dataFilesPath"] = "s3://elsewhere/claims"
    lake.write_manifest(manifest)

    result = lake.sync()

    claim = result_of(result, "cc_claim")
    assert claim.error is not None
    assert claim.error.code == "PATH_OUTSIDE_SOURCE"
    assert "s3://elsewhere/claims" in claim.error.message
    assert result_of(result, "cc_exposure").status == "ok"


def test_r5_a_manifest_that_moves_on_during_the_run_has_no_effect(lake: Lake) -> None:
    export = lake.export(tables=2, folders=3, rows=10)
    meddler = Meddler("run_started", lambda: lake.extend(2))

    first = run(lake.spec(), meddler, lambda: False)

    assert first.status == "completed"
    for table in export.tables:
        assert lake.rows(table) == in_order(export.rows(table))
    later = lake.sync()
    assert later.status == "completed"
    for table in export.tables:
        moved_on = lake.manifest()[table]["lastSuccessfulWriteTimestamp"]
        assert result_of(later, table).watermark == int(moved_on)


def test_r5_a_manifest_that_loses_a_table_during_the_run_has_no_effect(lake: Lake) -> None:
    lake.export(tables=2, folders=2, rows=5)
    meddler = Meddler("run_started", lambda: lake.write_manifest({}))

    result = run(lake.spec(), meddler, lambda: False)

    assert [table.status for table in result.tables] == ["ok", "ok"]


def test_r6_globs_choose_tables_ignoring_case(lake: Lake) -> None:
    lake.export(tables=4, folders=1, rows=5)

    result = lake.sync(include=("CC_C*", "*transaction"), exclude=("cc_con????",))

    assert [table.table for table in result.tables] == ["cc_claim", "cc_transaction"]
    assert lake.target.list_folders() == ["_cdalake", "cc_claim", "cc_transaction"]


def test_r6_a_named_table_that_is_not_in_the_manifest_fails(lake: Lake) -> None:
    lake.export(tables=1, folders=1, rows=5)

    result = lake.sync(include=("cc_claim", "cc_claims"))

    missing = result_of(result, "cc_claims")
    assert result.status == "completed_with_errors"
    assert (missing.status, missing.error and missing.error.code) == ("failed", "NOT_IN_MANIFEST")
    assert missing.error is not None
    assert missing.error.hint
    assert result_of(result, "cc_claim").status == "ok"


def test_r6_a_glob_without_match_beside_others_is_a_warning(lake: Lake) -> None:
    lake.export(tables=1, folders=1, rows=5)

    result = lake.sync(include=("cc_claim", "zz_*"))

    assert result.status == "completed"
    assert [note.code for note in result.warnings] == ["NO_TABLE_MATCHES"]


def test_r6_only_globs_without_match_fail_the_run(lake: Lake) -> None:
    lake.export(tables=1, folders=1, rows=5)

    result = lake.sync(include=("zz_*",))

    assert (result.status, result.exit_code, result.tables) == ("failed", 1, [])
    assert result.error is not None
    assert result.error.code == "NO_TABLE_MATCHES"
    assert "zz_*" in result.error.message
