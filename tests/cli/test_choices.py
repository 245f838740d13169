"""``verify`` and the choices, as people and scripts use them."""

from __future__ import annotations

import contextlib
import io
import shlex
from typing import Any

import pytest

from cdalake.cli.choices import folder_time
from cdalake.cli.report import Plain
from cdalake.engine.progress import Event
from cdalake.errors import UsageError
from cdalake.words import counted
from conftest import Lake


def restored(cdalake: Any, lake: Lake) -> None:
    """A table of three versions that a colleague put back to the first."""
    lake.export(tables=1, folders=3)
    assert cdalake("sync", lake.source_url, lake.target_url, "--commit-per-folder").code == 0
    lake.delta("cc_claim").restore(0)


def test_a_table_put_back_by_a_colleague_is_held_and_re_read(cdalake: Any, lake: Lake) -> None:
    restored(cdalake, lake)
    whole = lake.manifest()["cc_claim"]["totalProcessedRecordsCount"]
    where = (lake.source_url, lake.target_url)

    held = cdalake("sync", *where)

    assert held.code == 2
    assert "CHANGED_OUTSIDE" in held.out
    assert "paused" in held.out
    dry = cdalake("resync", *where, "--table", "cc_claim", "--since", "2000-01-01", "--dry-run")
    assert (dry.code, "takes out" in dry.out) == (0, True)
    assert lake.table("cc_claim").rows != whole
    assert cdalake("resync", *where, "--table", "cc_claim", "--since", "2000-01-01").code == 0
    assert lake.table("cc_claim").rows == whole
    assert cdalake("verify", *where).code == 0


def test_a_dry_run_as_json_names_every_file(cdalake: Any, lake: Lake) -> None:
    export = lake.export(tables=1, folders=3)
    where = (lake.source_url, lake.target_url)
    cdalake("sync", *where)

    (table,) = cdalake("rebuild", *where, "--table", "cc_claim", "--dry-run", "--json").last[
        "tables"
    ]

    keys = sorted(file.path.removeprefix("cc_claim/") for file in export.files("cc_claim"))
    assert sorted(table["reads"]) == sorted(table["takes_out"]) == keys
    assert table["removes"] == len(keys)


def test_verify_says_what_it_counted_and_repairs_what_is_missing(cdalake: Any, lake: Lake) -> None:
    export = lake.export(tables=1, folders=3)
    where = (lake.source_url, lake.target_url)
    cdalake("sync", *where)
    lake.target.delete(export.files("cc_claim")[0].path)

    found = cdalake("verify", *where)

    assert found.code == 2
    assert "DATA_FILE_GONE" in found.out
    assert "1 gone" in found.out
    assert "1 file is not where the log of cc_claim says" in found.out
    assert cdalake("verify", *where, "--repair").code == 0
    assert cdalake("verify", *where, "--json").last["tables"][0]["checks"]["gone"] == 0


def test_a_bad_file_is_set_aside_and_released(cdalake: Any, lake: Lake) -> None:
    export = lake.export(tables=1, folders=3)
    where = (lake.source_url, lake.target_url)
    bad = export.files("cc_claim")[-1]
    good = lake.source.get(bad.path)
    lake.source.put(bad.path, b"not a parquet file, and long enough to be one")
    key = bad.path.removeprefix("cc_claim/")
    assert "BAD_FILE" in cdalake("sync", *where).out

    assert cdalake("quarantine", *where, "--table", "cc_claim", "--file", key).code == 0

    went_on = cdalake("sync", *where)
    assert (went_on.code, "QUARANTINED" in went_on.err) == (0, True)
    lake.source.put(bad.path, good)
    assert cdalake("release", *where, "--table", "cc_claim").code == 0
    assert lake.table("cc_claim").rows == len(export.rows("cc_claim"))


def test_r15_what_an_error_prints_about_a_bad_file_can_be_pasted(cdalake: Any, lake: Lake) -> None:
    bad = lake.export(tables=1, folders=3).files("cc_claim")[-1]
    lake.source.put(bad.path, b"not a parquet file, and long enough to be one")
    key = bad.path.removeprefix("cc_claim/")

    told = cdalake("sync", lake.source_url, lake.target_url).out

    assert lake.source.location.join(bad.path).url in told
    (command,) = (line.strip() for line in told.splitlines() if "cdalake quarantine" in line)
    assert command.endswith(f"--table cc_claim --file {key}")
    assert cdalake(*shlex.split(command)[1:]).code == 0
    assert cdalake("sync", lake.source_url, lake.target_url).code == 0


def test_an_acceptance_says_before_and_after_how_many_rows_it_is_about(
    cdalake: Any, lake: Lake
) -> None:
    restored(cdalake, lake)
    left = lake.table("cc_claim").rows
    whole = lake.manifest()["cc_claim"]["totalProcessedRecordsCount"]
    where = (lake.source_url, lake.target_url, "--table", "cc_claim")
    what = f"{left} rows are accepted where our newest commit left {whole}: {whole - left} fewer."

    dry = cdalake("accept", *where, "--dry-run")
    as_json = cdalake("accept", *where, "--dry-run", "--json").last["tables"][0]
    done = cdalake("accept", *where, "--json")

    assert f"cc_claim: {what}" in dry.out
    assert as_json["does"] == done.last["tables"][0]["did"] == [what]
    messages = {line["kind"]: line["message"] for line in done.lines[:-1]}
    assert messages["table_planned"] == what
    assert messages["table_finished"] == f"ok: {what}"


def test_a_file_that_is_set_aside_is_named_before_and_after(cdalake: Any, lake: Lake) -> None:
    export = lake.export(tables=1, folders=3)
    key = export.files("cc_claim")[-1].path.removeprefix("cc_claim/")
    where = (lake.source_url, lake.target_url, "--table", "cc_claim")
    cdalake("sync", *where)
    before = lake.table("cc_claim").rows

    dry = cdalake("quarantine", *where, "--file", key, "--dry-run").out
    done = cdalake("quarantine", *where, "--file", key).out

    rows = counted(before - lake.table("cc_claim").rows, "row")
    for told in (dry, done):
        assert f"{key} is set aside and leaves the table with {rows}." in told
    assert f"{key} is in quarantine no more." in cdalake("release", *where).out


def test_a_rebuild_says_that_the_table_will_have_less(cdalake: Any, lake: Lake) -> None:
    export = lake.export(tables=1, folders=3)
    where = (lake.source_url, lake.target_url, "--table", "cc_claim")
    cdalake("sync", *where)
    had = lake.table("cc_claim")
    lake.source.delete(export.files("cc_claim")[0].path)

    told = cdalake("rebuild", *where, "--dry-run").out

    files = len(had.files)
    out = f"takes {files} files with {had.rows} rows out: 1 file fewer than before."
    assert f"Reads {files - 1} files of the export; {out}" in told


def test_a_held_table_says_what_to_type_for_each_choice(cdalake: Any, lake: Lake) -> None:
    restored(cdalake, lake)

    held = cdalake("sync", lake.source_url, lake.target_url)
    dry = cdalake("plan", lake.source_url, lake.target_url)

    where = f"{lake.source_url} {lake.target_url} --table cc_claim"
    for told in (held.out, dry.out):
        assert f"cdalake accept {where}\n" in told
        assert f"cdalake resync {where} --since TIME\n" in told
        assert f"cdalake rebuild {where}\n" in told


@pytest.mark.parametrize("command", ["accept", "rebuild", "resync", "quarantine", "release"])
def test_a_choice_is_never_made_for_all_tables_by_accident(
    cdalake: Any, lake: Lake, command: str
) -> None:
    assert cdalake(command, lake.source_url, lake.target_url).code == 64


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("1790000000000", 1_790_000_000_000),
        ("2026-11-26T03:00Z", 1_795_662_000_000),
        ("2026-11-26T03:00", 1_795_662_000_000),
        ("2026-11-26T04:00+01:00", 1_795_662_000_000),
    ],
)
def test_a_folder_timestamp_is_written_as_a_time_or_a_number(text: str, ms: int) -> None:
    assert folder_time(text) == ms


def test_a_time_that_is_none_is_refused() -> None:
    with pytest.raises(UsageError, match="BAD_TIME"):
        folder_time("yesterday")


def test_a_verification_says_what_it_checked_and_shows_no_zeros(cdalake: Any, lake: Lake) -> None:
    lake.export(tables=1, folders=3)
    where = (lake.source_url, lake.target_url)
    assert "1 table, 3 folders" in cdalake("sync", *where, "--current").out

    told = cdalake("verify", *where).out

    assert told.splitlines()[0].split() == ["table", "state", "version", "seconds"]
    assert "0 missing, 0 gone, 0 changed in the export" in told
    assert "; current table: as it should be, " in told
    assert ": 1 table in " in told


def test_lines_of_several_threads_do_not_run_into_each_other() -> None:
    class Written(io.StringIO):
        def __init__(self) -> None:
            super().__init__()
            self.pieces: list[str] = []

        def write(self, text: str) -> int:
            self.pieces.append(text)
            return len(text)

    with contextlib.redirect_stderr(Written()) as written:
        Plain().emit(Event("committed", "version 1", "cc_claim"))

    assert written.pieces == ["cc_claim: version 1\n"]
