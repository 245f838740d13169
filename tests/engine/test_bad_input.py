"""Bad input gives a code, a sentence and a hint in the result; other tables are unharmed."""

from __future__ import annotations

import http.server
import os
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cdalake.cda.manifest import read_manifest
from cdalake.engine.progress import RunResult
from cdalake.engine.sync import run
from cdalake.errors import AccessDenied, Problem
from cdalake.storage import Store
from conftest import Lake, codes, in_order, result_of

T0 = 1_768_000_000_000
GOOD = "good"


@pytest.fixture
def two(lake: Lake) -> Lake:
    """One table that is to be spoilt, ``t``, and a good one beside it."""
    for table in ("t", GOOD):
        for place in range(2):
            lake.deliver(f"{table}/fp/{T0 + place}", {"id": [place]})
        lake.announce(table, T0 + 1, "fp")
    return lake


def explained(problem: Problem | None, code: str) -> str:
    """The sentence of a problem that has its code, its facts and its next step."""
    assert problem is not None
    assert (problem.code, bool(problem.hint)) == (code, True)
    assert len(problem.message) > 20
    assert "Traceback" not in problem.message
    assert "\n" not in problem.message
    return problem.message


def good_is_unharmed(lake: Lake, result: RunResult) -> bool:
    return (
        result.status == "completed_with_errors"
        and result_of(result, GOOD).status == "ok"
        and [row["id"] for row in lake.rows(GOOD)] == [0, 1]
    )


def test_a_truncated_manifest_fails_the_run_before_anything_is_written(two: Lake) -> None:
    document = two.source.get("manifest.json")
    two.source.put("manifest.json", document[: len(document) // 2])

    result = two.sync()

    assert (result.status, result.exit_code, result.tables) == ("failed", 1, ())
    assert two.source_url in explained(result.error, "MANIFEST_INVALID")
    assert two.objects() == {}


def test_a_manifest_that_is_being_written_is_read_again(two: Lake) -> None:
    """CDA replaces it in place: half of it now, all of it two seconds later (R2)."""
    document = two.source.get("manifest.json")
    two.source.put("manifest.json", document[:20])

    def wait(_: float) -> None:
        two.source.put("manifest.json", document)

    assert read_manifest(two.source, pause=wait).names == ["t", GOOD]


@pytest.mark.parametrize("document", [b"", b"[]"])
def test_a_manifest_that_is_none_fails_the_run(two: Lake, document: bytes) -> None:
    two.source.put("manifest.json", document)

    explained(two.sync().error, "MANIFEST_INVALID")


def test_a_number_without_end_fails_its_table(two: Lake) -> None:
    """Python refuses to read a number of so many digits."""
    manifest = two.manifest()
    manifest["t"]["totalProcessedRecordsCount"] = "9" * 5000
    two.write_manifest(manifest)

    result = two.sync()

    explained(result_of(result, "t").error, "MANIFEST_ENTRY_INVALID")
    assert good_is_unharmed(two, result)


class Forbidding(Store):
    """A store that refuses to read batch metrics, as a narrow bucket policy does."""

    def get(self, path: str) -> bytes:
        if path.endswith("batch-metrics.json"):
            raise AccessDenied("ACCESS_DENIED", f"The store refused to get {path}.", "Ask for it.")
        return super().get(path)


def test_batch_metrics_that_may_not_be_read_promise_nothing(two: Lake) -> None:
    two.source.put(f"t/fp/{T0 + 2}/.cda/batch-metrics.json", b'{"numRecordsWritten": 3}')
    two.deliver(f"t/fp/{T0 + 3}", {"id": [3]})
    two.announce("t", T0 + 3, "fp")

    result = run(two.spec(), two.listener, lambda: False, Forbidding.open)

    assert result_of(result, "t").status == "ok"
    assert [row["id"] for row in two.rows("t")] == [0, 1, 3]


def test_a_missing_manifest_fails_the_run(two: Lake) -> None:
    two.source.delete("manifest.json")

    assert two.source_url in explained(two.sync().error, "MANIFEST_NOT_FOUND")


def test_a_missing_prefix_fails_the_run(two: Lake) -> None:
    nowhere = f"{two.source_url}/nowhere"

    result = two.sync(source=nowhere)

    assert nowhere in explained(result.error, "MANIFEST_NOT_FOUND")
    assert two.objects() == {}


def test_an_entry_without_path_fails_its_table(two: Lake) -> None:
    manifest = two.manifest()
    del manifest["t"]["dataFilesPath"]
    two.write_manifest(manifest)

    result = two.sync()

    message = explained(result_of(result, "t").error, "MANIFEST_ENTRY_INVALID")
    assert "dataFilesPath" in message
    assert good_is_unharmed(two, result)


@pytest.mark.parametrize("path", ["t/../good", "ftp://host/t", "s3://"])
def test_an_entry_whose_path_leads_nowhere_fails_its_table(two: Lake, path: str) -> None:
    manifest = two.manifest()
    manifest["t"]["dataFilesPath"] = path
    two.write_manifest(manifest)

    result = two.sync()

    assert path in explained(result_of(result, "t").error, "BAD_LOCATION")
    assert good_is_unharmed(two, result)


def test_a_zero_byte_file_is_waited_for_and_then_left_out_with_a_warning(two: Lake) -> None:
    """R57: its rows may be on their way."""
    two.source.put(f"t/fp/{T0 + 1}/part-00001.parquet", b"")

    held = result_of(two.sync(), "t")

    assert (held.status, held.error and held.error.code) == ("partial", "FOLDER_INCOMPLETE")
    assert [row["id"] for row in two.rows("t")] == [0]
    table = result_of(two.sync(settle_seconds=0), "t")
    assert (table.status, codes(table)) == ("ok", ["EMPTY_FILE", "FOLDER_INCOMPLETE"])
    assert "part-00001.parquet" in table.warnings[0].message
    assert [row["id"] for row in two.rows("t")] == [0, 1]


def test_a_zero_byte_file_beside_all_the_rows_that_were_promised_holds_nothing(two: Lake) -> None:
    two.source.put(f"t/fp/{T0 + 1}/part-00001.parquet", b"")
    two.source.put(f"t/fp/{T0 + 1}/.cda/batch-metrics.json", b'{"numRecordsWritten": 1}')

    table = result_of(two.sync(), "t")

    assert (table.status, codes(table)) == ("ok", ["EMPTY_FILE"])


def test_a_zero_byte_file_that_is_filled_brings_its_rows(two: Lake) -> None:
    two.source.put(f"t/fp/{T0 + 1}/part-00001.parquet", b"")
    two.sync()
    two.deliver(f"t/fp/{T0 + 1}", {"id": [2]}, "part-00001.parquet")

    assert result_of(two.sync(), "t").status == "ok"
    assert [row["id"] for row in two.rows("t")] == [0, 1, 2]


DAMAGES = {
    "half": lambda whole: whole[: len(whole) // 2],
    "one byte": lambda whole: whole[:-1],
    "a footer of zeros": lambda whole: whole[:-60] + bytes(52) + whole[-8:],
    "a text": b"id,name\n1,ada\n",
    "nothing but the magic": b"PAR1",
    "a huge footer": b"PAR1" + bytes(40) + (2**31 - 1).to_bytes(4, "little") + b"PAR1",
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_file_that_is_no_parquet_stops_its_table_there(two: Lake, damage: str) -> None:
    path = f"t/fp/{T0 + 1}/part-00000.parquet"
    how = DAMAGES[damage]
    two.source.put(path, how if isinstance(how, bytes) else how(two.source.get(path)))

    result = two.sync()

    table = result_of(result, "t")
    assert f"fp/{T0 + 1}/part-00000.parquet" in explained(table.error, "BAD_FILE")
    assert (table.status, table.watermark) == ("partial", T0)
    assert [row["id"] for row in two.rows("t")] == [0]
    assert good_is_unharmed(two, result)


def test_a_folder_that_is_no_number_is_left_alone(two: Lake) -> None:
    two.deliver("t/fp/backup-of-2026", {"id": [9]})
    two.deliver("t/fp/١٢٣", {"id": [9]})  # digits, but not of ASCII

    table = result_of(two.sync(), "t")

    assert (table.status, codes(table)) == ("ok", ["NOT_A_TIMESTAMP"] * 2)
    assert [row["id"] for row in two.rows("t")] == [0, 1]


def there(lake: Lake, path: str) -> Path:
    return Path(lake.source_url, path)


def named(lake: Lake, folder: str, name: bytes) -> Path:
    """A path whose name may be no text."""
    return Path(os.fsdecode(os.fsencode(there(lake, folder)) + b"/" + name))


def circle(lake: Lake) -> tuple[Path, str]:
    path = there(lake, f"t/fp/{T0 + 1}/part-1.parquet")
    path.symlink_to(path)
    return path, f"t/fp/{T0 + 1}/part-1.parquet is a link that leads to itself"


def circle_of_a_folder(lake: Lake) -> tuple[Path, str]:
    path = there(lake, f"t/fp/{T0 + 2}")
    path.symlink_to(path)
    lake.announce("t", T0 + 2, "fp")
    return path, f"t/fp/{T0 + 2} is a link that leads to itself"


def way_back(lake: Lake) -> tuple[Path, str]:
    path = there(lake, f"t/fp/{T0 + 1}/part-1.parquet")
    path.symlink_to("..")
    return path, f"t/fp/{T0 + 1}/part-1.parquet is a link back to a folder that it is in"


def no_text(lake: Lake) -> tuple[Path, str]:
    path = named(lake, f"t/fp/{T0 + 1}", b"caf\xe9.parquet")
    path.write_bytes(there(lake, f"t/fp/{T0 + 1}/part-00000.parquet").read_bytes())
    return path, f"t/fp/{T0 + 1}/caf\\xe9.parquet has a name that no store can have"


def two_lines(lake: Lake) -> tuple[Path, str]:
    path = named(lake, f"t/fp/{T0 + 1}", b"a\nb.parquet")
    path.write_bytes(there(lake, f"t/fp/{T0 + 1}/part-00000.parquet").read_bytes())
    return path, f"t/fp/{T0 + 1}/a\\x0ab.parquet has a name that no store can have"


@pytest.mark.parametrize("make", [circle, circle_of_a_folder, way_back, no_text, two_lines])
def test_what_cannot_be_read_where_data_belongs_stops_its_table_there(
    two: Lake, make: Callable[[Lake], tuple[Path, str]]
) -> None:
    """Left out, its rows would never come: the cursor would have passed them."""
    path, told = make(two)
    before = int(T0 + (make is circle_of_a_folder))

    result = two.sync()

    table = result_of(result, "t")
    assert told in explained(table.error, "BAD_FILE")
    assert (table.status, table.watermark) == ("partial", before)
    assert good_is_unharmed(two, result)
    again = result_of(two.sync(), "t")
    assert (again.status, again.commits, again.watermark) == ("failed", 0, before)

    path.unlink()
    assert result_of(two.sync(), "t").error is None
    assert [row["id"] for row in two.rows("t")] == [0, 1]


def test_a_file_that_can_be_read_by_its_new_name_brings_its_rows(two: Lake) -> None:
    path, _ = no_text(two)
    two.sync()

    path.rename(there(two, f"t/fp/{T0 + 1}/cafe.parquet"))

    assert result_of(two.sync(), "t").status == "ok"
    assert [row["id"] for row in two.rows("t")] == [0, 1, 1]


def test_a_late_file_that_cannot_be_read_stops_its_table_too(two: Lake) -> None:
    assert result_of(two.sync(), "t").watermark == T0 + 1
    path, told = no_text(two)
    two.deliver(f"t/fp/{T0 + 2}", {"id": [2]})
    two.announce("t", T0 + 2, "fp")

    table = result_of(two.sync(), "t")
    assert told in explained(table.error, "BAD_FILE")
    assert table.watermark == T0 + 1

    path.rename(there(two, f"t/fp/{T0 + 1}/cafe.parquet"))
    table = result_of(two.sync(), "t")
    assert (table.status, codes(table)) == ("ok", ["LATE_FILE"])
    assert [row["id"] for row in two.rows("t")] == [0, 1, 1, 2]


def test_a_fingerprint_that_cannot_be_entered_fails_its_table(two: Lake) -> None:
    there(two, "t/newer").symlink_to("newer")
    two.announce("t", T0 + 1, "fp", "newer")

    result = two.sync()

    table = result_of(result, "t")
    assert "t/newer is a link that leads to itself" in explained(table.error, "BAD_FILE")
    assert table.status == "failed"
    assert good_is_unharmed(two, result)


def test_what_cannot_be_read_elsewhere_is_named_and_left_alone(two: Lake) -> None:
    for path in (f"t/fp/{T0}/note", f"t/fp/{T0}/_part.parquet", "t/fp/up", "t/other"):
        there(two, path).symlink_to(there(two, path))
    named(two, "t/fp", b"\xff").mkdir()
    named(two, f"t/fp/{T0}", b"caf\xe9.txt").touch()
    os.mkfifo(there(two, f"t/fp/{T0}/pipe.parquet"))

    table = result_of(two.sync(), "t")

    assert table.status == "ok"
    assert sorted(codes(table)) == ["NOT_A_FILE"] * 4 + ["NOT_A_TIMESTAMP"] * 2
    assert any("caf\\xe9.txt" in note.message for note in table.warnings)
    assert [row["id"] for row in two.rows("t")] == [0, 1]


def test_odd_things_beside_the_tables_of_a_target_keep_none_from_being_found(two: Lake) -> None:
    two.sync()
    Path(two.target_url, "circle").symlink_to("circle")
    Path(os.fsdecode(os.fsencode(two.target_url) + b"/\xff")).mkdir()

    assert two.target.list_folders() == ["_cdalake", GOOD, "t"]


def test_a_table_folder_that_is_missing_fails_its_table(two: Lake) -> None:
    for info in two.source.list("t"):
        two.source.delete(info.path)

    result = two.sync()

    explained(result_of(result, "t").error, "SOURCE_EMPTY")
    assert good_is_unharmed(two, result)


def test_a_log_with_a_hole_fails_its_table(two: Lake) -> None:
    two.sync(commit_per_folder=True)
    two.target.delete(f"t/_delta_log/{0:020d}.json")
    two.target.delete("_cdalake/t.json")

    table = result_of(two.sync(), "t")

    assert "version 0" in explained(table.error, "LOG_BROKEN")


def test_a_target_that_cannot_be_written_fails_every_table(two: Lake) -> None:
    """A file stands where the folder of the tables would be."""
    Path(two.target_url).write_text("in the way")

    result = two.sync()

    assert {table.status for table in result.tables} == {"failed"}
    for table in result.tables:
        assert table.error is not None
        assert table.error.code != "INTERNAL_ERROR"


class _Refusing(http.server.BaseHTTPRequestHandler):
    """An S3 server that refuses everybody."""

    def do_GET(self) -> None:
        text = b"<Error><Code>InvalidAccessKeyId</Code><Message>no</Message></Error>"
        self.send_response(403)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.do_GET()

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def refusing(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The endpoint of `_Refusing`, in the environment as users set it."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Refusing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    endpoint = f"http://127.0.0.1:{server.server_port}"
    _as_environment(monkeypatch, endpoint)
    yield endpoint
    server.shutdown()
    server.server_close()


def _as_environment(monkeypatch: pytest.MonkeyPatch, endpoint: str) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAWRONGWRONGWRONG1")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "planted-secret-value")
    monkeypatch.setenv("AWS_REGION", "us-east-1")


def test_wrong_credentials_for_the_source_fail_the_run(lake: Lake, refusing: str) -> None:
    result = lake.sync(source="s3://bucket/cda")

    message = explained(result.error, "ACCESS_DENIED")
    assert (result.status, result.exit_code) == ("failed", 1)
    assert "s3://bucket/cda/manifest.json" in message
    assert "planted-secret-value" not in str(result.to_json())
    assert lake.objects() == {}


def test_wrong_credentials_for_the_target_fail_every_table(two: Lake, refusing: str) -> None:
    result = two.sync(target="s3://bucket/lake")

    assert result.status == "completed_with_errors"
    for table in result.tables:
        assert "s3://bucket/lake" in explained(table.error, "ACCESS_DENIED")


def test_an_endpoint_that_cannot_be_reached_fails_the_run(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        _as_environment(monkeypatch, f"http://127.0.0.1:{free.getsockname()[1]}")

    result = lake.sync(source="s3://bucket/cda")

    message = explained(result.error, "STORE_UNAVAILABLE")
    assert "s3://bucket/cda/manifest.json" in message
    assert "planted-secret-value" not in str(result.to_json())


def test_a_dirty_export_of_one_table_beside_good_ones(lake: Lake) -> None:
    """A stray folder, a hidden file, a nested folder: none of them is data."""
    export = lake.export(tables=4, folders=3, rows=5, dirt=True)

    result = lake.sync(exclude=("cc_badentry", "cc_nothing"))

    assert result.status == "completed"
    for table in export.tables:
        assert lake.rows(table) == in_order(export.rows(table))
