"""What a reader of the code found: each once lost something, or said what was not so."""

from __future__ import annotations

import io
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cdalake.engine.progress import Event, Sinks
from cdalake.storage.budget import Budget
from conftest import Lake, codes, result_of

T0 = 1_768_478_400_000
EDGES = [datetime(1600, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)]


def parquet(table: pa.Table, **options: object) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(table, buffer, **options)
    return buffer.getvalue()


def entry(**fields: object) -> dict[str, object]:
    bare = {
        "lastSuccessfulWriteTimestamp": str(T0),
        "totalProcessedRecordsCount": 2,
        "dataFilesPath": "t",
        "schemaHistory": {"fp": str(T0)},
    }
    return {**bare, **fields}


def test_int96_times_of_any_year_survive_a_rewrite(lake: Lake) -> None:
    """R67, R68: a column that differs in case makes the file be rewritten; its times stay."""
    lake.source.put(f"t/fp/{T0 - 1}/part-0.parquet", parquet(pa.table({"id": [1]})))
    stamps = pa.array(EDGES, pa.timestamp("us", "UTC"))
    other = pa.table({"ID": pa.array([2, 3]), "at": stamps})
    data = parquet(other, use_deprecated_int96_timestamps=True)
    lake.source.put(f"t/fp/{T0}/part-0.parquet", data)
    lake.write_manifest({"t": entry()})

    assert result_of(lake.sync(), "t").status == "ok"

    path = next(p for p in lake.table("t").files if str(T0) in p and ".as-" in p)
    rewritten = pq.read_table(Path(lake.target_url) / "t" / path)
    assert rewritten.column_names == ["id", "at"]
    assert rewritten["at"].to_pylist() == EDGES


def test_folders_of_fingerprints_nobody_named_do_not_make_an_export_complete(
    policy_holders: Lake,
) -> None:
    """R10: records are promised, and no folder of a promised fingerprint is there."""
    manifest = policy_holders.manifest()
    manifest["policy_holders"]["schemaHistory"] = {"999": "1680535502000"}
    policy_holders.write_manifest(manifest)

    first, second = policy_holders.sync(), policy_holders.sync()

    for result in (first, second):
        table = result_of(result, "policy_holders")
        assert table.status == "failed"
        assert table.error is not None
        assert table.error.code in ("SOURCE_EMPTY", "PATH_OUTSIDE_SOURCE")
    assert result_of(first, "policy_holders2").status == "ok"


class ClosedPipe:
    """A listener that has gone away."""

    def emit(self, event: Event) -> None:
        raise BrokenPipeError(event.kind)


def test_a_listener_that_goes_away_does_not_stop_the_rows(policy_holders: Lake) -> None:
    from cdalake.engine.sync import run

    sink = Sinks([ClosedPipe(), policy_holders.listener])

    result = run(policy_holders.spec(), sink, lambda: False)

    assert result.status == "completed"
    assert pl.read_delta(f"{policy_holders.target_url}/policy_holders").height == 16
    assert policy_holders.listener.events[-1].kind == "run_finished"


def test_no_more_bytes_are_on_their_way_than_the_budget_has() -> None:
    import threading

    budget, together, inside = Budget(10), [], []

    def carry() -> None:
        with budget.hold(4):
            inside.append(1)
            together.append(len(inside))
            inside.pop()

    threads = [threading.Thread(target=carry) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)

    assert len(together) == 20
    assert max(together) <= 2
    with budget.hold(1000):  # more than there is: alone, but not for ever
        assert not inside


def test_a_manifest_far_ahead_of_its_folders_is_warned_of(lake: Lake) -> None:
    """R23: a mirror may deliver the manifest before the folders it vouches for."""
    lake.source.put(f"t/fp/{T0}/part-0.parquet", parquet(pa.table({"id": [1, 2]})))
    lake.write_manifest({"t": entry(lastSuccessfulWriteTimestamp=str(T0 + 3 * 3_600_000))})

    table = result_of(lake.sync(), "t")

    assert (table.status, table.rows) == ("ok", 2)
    assert [note.code for note in table.warnings] == ["MANIFEST_AHEAD"]
    assert "180 min" in table.warnings[0].message


def test_a_target_that_no_reader_opens_is_warned_of(policy_holders: Lake) -> None:
    """Readers decode such a path; the tables are right, and nobody finds them."""
    policy_holders.target_url += "/a%20b"

    result = policy_holders.sync()

    assert result.status == "completed"
    assert [note.code for note in result.warnings] == ["TARGET_LOOKS_ENCODED"]


def test_a_table_put_back_from_a_backup_gets_its_rows_again(lake: Lake) -> None:
    """R59: the memory is ahead of such a log, and must not be believed."""
    lake.export(tables=2, folders=3)
    lake.sync()
    table, backup = Path(lake.target_url, "cc_exposure"), Path(lake.target_url, "_backup")
    shutil.copytree(table, backup)
    export = lake.extend(3)
    assert result_of(lake.sync(), "cc_exposure").rows > 0
    shutil.rmtree(table)
    shutil.copytree(backup, table)

    result = result_of(lake.sync(), "cc_exposure")

    assert result.status == "ok"
    assert lake.table("cc_exposure").rows == len(export.rows("cc_exposure"))
    assert result_of(lake.sync(), "cc_exposure").status == "no_change"


def test_a_corrected_source_is_read_anew_however_old_its_folders_are(
    lake: Lake, tmp_path: Path
) -> None:
    """R8: 'listed completely' is true of one place only."""
    export = lake.export(tables=2, folders=4)
    whole, part = lake.source_url, str(tmp_path / "part")
    shutil.copytree(whole, part)
    oldest = export.files("cc_claim")[0]
    shutil.rmtree(Path(part, "cc_claim", oldest.fingerprint, str(oldest.folder)))
    lake.source_url = part
    lake.sync(lookback_seconds=0)

    lake.source_url = whole
    result = result_of(lake.sync(lookback_seconds=0), "cc_claim")

    assert codes(result).count("LATE_FILE") == 1
    assert lake.table("cc_claim").rows == len(export.rows("cc_claim"))
    before = lake.objects()
    assert result_of(lake.sync(lookback_seconds=0), "cc_claim").status == "no_change"
    assert lake.objects() == before


def test_a_fingerprint_that_left_the_manifest_is_told(policy_holders: Lake) -> None:
    """Where nobody remembers the entry before; else the table is held (R47)."""
    policy_holders.sync()
    policy_holders.target.delete("_cdalake/policy_holders.json")
    manifest = policy_holders.manifest()
    del manifest["policy_holders"]["schemaHistory"]["301248659"]
    policy_holders.write_manifest(manifest)

    assert "FINGERPRINT_GONE" in codes(result_of(policy_holders.sync(), "policy_holders"))


@pytest.mark.parametrize(
    "url",
    ["s3://AKIAPLANTED:PLANTEDSECRET@b/cda", "s3://b/cda?aws_secret_access_key=PLANTEDSECRET"],
)
def test_credentials_in_a_location_are_refused_and_never_repeated(lake: Lake, url: str) -> None:
    for options in ({"source": url}, {"target": url}, {"rebase": f"{url}=x"}):
        result = lake.sync(**options)

        assert result.error is not None
        assert result.error.code == "SECRET_IN_URL"
        assert "PLANTED" not in json.dumps(result.to_json())


def test_credentials_in_the_manifest_are_refused_and_never_repeated(policy_holders: Lake) -> None:
    manifest = policy_holders.manifest()
    manifest["policy_holders"]["dataFilesPath"] = "s3://AKIAPLANTED:PLANTEDSECRET@b/policy_holders"
    policy_holders.write_manifest(manifest)

    result = policy_holders.sync()

    table = result_of(result, "policy_holders")
    assert table.error is not None
    assert table.error.code == "SECRET_IN_URL"
    events = json.dumps([event.to_json() for event in policy_holders.listener.events])
    assert "PLANTED" not in events + json.dumps(result.to_json())
