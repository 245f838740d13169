"""``plan``, ``tables``, ``sample``, ``demo`` and ``doctor``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cdalake.samples import read_folder
from conftest import Lake, in_order

T0 = 1_768_000_000_000


def contents(folder: str) -> dict[str, bytes]:
    root = Path(folder)
    return {
        str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()
    }


def test_plan_says_what_a_sync_would_do_and_writes_nothing(cdalake: Any, lake: Lake) -> None:
    export = lake.export(tables=2, folders=3, rows=5)
    lake.announce("gone", T0, "fp")

    told = cdalake("plan", lake.source_url, lake.target_url, "--json", "--table", "*claim")
    said = cdalake("plan", lake.source_url, lake.target_url)

    assert (told.code, said.code) == (0, 2)
    (row,) = told.last["tables"]
    folders = [file.folder for file in export.files("cc_claim")]
    assert row == {
        "table": "cc_claim",
        "folders": 3,
        "files": len(export.files("cc_claim")),
        "bytes": sum(
            Path(lake.source_url, file.path).stat().st_size for file in export.files("cc_claim")
        ),
        "commits": 1,
        "removes": 0,
        "from": min(folders),
        "to": max(folders),
        "warnings": row["warnings"],
        "error": None,
    }
    assert [note["code"] for note in row["warnings"]] == ["REBASED"]
    for text in ("cc_claim", "cc_exposure", "SOURCE_EMPTY", "REBASED", "2026-01-15 12:00:00Z"):
        assert text in said.out
    assert not Path(lake.target_url).exists()
    assert not (cdalake.home / ".cdalake").exists()


def test_plan_takes_the_schema_change_of_the_sync_it_is_about(cdalake: Any, lake: Lake) -> None:
    lake.deliver("t/a/1768000000000", {"id": [1]})
    lake.announce("t", 1768000000000, "a")

    asked = ("plan", lake.source_url, lake.target_url, "--schema-change", "per_fingerprint")

    assert [table["table"] for table in cdalake(*asked, "--json").last["tables"]] == ["t__a"]


def test_plan_names_requested_tables_that_are_not_there(cdalake: Any, lake: Lake) -> None:
    lake.export(tables=1, folders=1, rows=5)

    done = cdalake("plan", lake.source_url, lake.target_url, "--table", "absent", "--json")
    no_manifest = cdalake("plan", f"{lake.source_url}-2", lake.target_url)

    assert done.code == 2
    assert [row["error"]["code"] for row in done.last["tables"]] == ["NOT_IN_MANIFEST"]
    assert (no_manifest.code, no_manifest.out) == (1, "")
    assert "MANIFEST_NOT_FOUND" in no_manifest.err


def test_tables_lists_what_is_there(cdalake: Any, lake: Lake) -> None:
    export = lake.export(tables=2, folders=2, rows=5)
    lake.sync()
    lake.target.put("broken/_delta_log/00000000000000000003.json", b"{}")
    lake.target.put("no_table/file", b"")

    told = cdalake("tables", lake.target_url, "--json")
    said = cdalake("tables", lake.target_url)

    assert (told.code, said.code) == (2, 2)
    rows = {row["table"]: row for row in told.last["tables"]}
    assert set(rows) == {"cc_claim", "cc_exposure", "broken"}
    claim = rows["cc_claim"]
    assert (claim["version"], claim["error"]) == (0, None)
    assert claim["rows"] == len(export.rows("cc_claim"))
    assert claim["files"] == len(export.files("cc_claim"))
    assert claim["watermark"] == export.files("cc_claim")[-1].folder
    assert rows["broken"]["error"]["code"] == "LOG_BROKEN"
    assert rows["broken"]["rows"] is None
    for text in ("cc_claim", "cc_exposure", "LOG_BROKEN", "2026-01-15 12:00:00Z"):
        assert text in said.out


@pytest.mark.parametrize("layout", ["copy", "zero_copy"])
def test_a_plan_a_sync_and_the_tables_speak_of_one_layout(
    cdalake: Any, lake: Lake, layout: str
) -> None:
    """R34"""
    export = lake.export(tables=1, folders=2)
    other = {"copy": "zero_copy", "zero_copy": "copy"}[layout]
    places = (lake.source_url, lake.target_url)
    assert cdalake("sync", *places, "--layout", layout).code == 0
    lake.extend()

    (row,) = cdalake("tables", lake.target_url, "--json").last["tables"]
    assert (row["layout"], row["rows"]) == (layout, len(export.rows("cc_claim")))
    (planned,) = cdalake("plan", *places, "--layout", other, "--json").last["tables"]
    assert planned["error"]["code"] == "LAYOUT_MISMATCH"
    assert cdalake("plan", *places, "--layout", layout).code == 0


def test_tables_of_a_folder_that_is_not_there_is_no_empty_lake(cdalake: Any, lake: Lake) -> None:
    done = cdalake("tables", lake.target_url)

    assert (done.code, done.out) == (64, "")
    assert "TARGET_NOT_FOUND" in done.err


def test_tables_of_an_empty_target_says_so(cdalake: Any, lake: Lake) -> None:
    Path(lake.target_url).mkdir()
    said = cdalake("tables", lake.target_url)
    told = cdalake("tables", lake.target_url, "--json")

    assert (said.code, told.code, told.last) == (0, 0, {"tables": []})
    assert "no Delta table" in said.out


def test_sample_is_the_same_by_seed_and_grows_as_cda_would(cdalake: Any, tmp_path: Path) -> None:
    shape = ("--tables", 3, "--folders", 2, "--rows", 5, "--dirt")
    one, alike, other = (str(tmp_path / name) for name in ("one", "alike", "other"))
    for dest, seed in ((one, 3), (alike, 3), (other, 4)):
        assert cdalake("sample", dest, *shape, "--seed", seed).code == 0
    before = contents(one)
    assert contents(alike) == before != contents(other)

    done = cdalake("sample", one, "--extra-folders", 2)

    assert (done.code, "4 folders" in done.out) == (0, True)
    after = contents(one)
    changed = {path for path in before if before[path] != after[path]}
    assert changed == {"manifest.json", "_sample.json"}
    assert len(after) > len(before)


@pytest.mark.parametrize("note", [b"{}", None])
def test_a_sample_never_replaces_the_manifest_of_an_export(
    cdalake: Any, tmp_path: Path, note: bytes | None
) -> None:
    """Somebody's own, or a sample's: its tables would be gone from it."""
    (tmp_path / "manifest.json").write_text('{"cc_claim": {}}')
    if note:
        (tmp_path / "_sample.json").write_bytes(note)

    done = cdalake("sample", tmp_path, "--tables", 1)

    assert (done.code, done.out) == (64, "")
    assert "EXPORT_EXISTS" in done.err
    assert (tmp_path / "manifest.json").read_text() == '{"cc_claim": {}}'
    assert not (tmp_path / "cc_claim").exists()


@pytest.mark.parametrize("arguments", [("--tables", 0), ("--extra-folders", 1)])
def test_a_sample_that_cannot_be_written_ends_with_64(
    cdalake: Any, tmp_path: Path, arguments: tuple[object, ...]
) -> None:
    done = cdalake("sample", tmp_path / "export", *arguments)

    assert (done.code, done.out) == (64, "")
    assert done.err


def test_a_sample_with_dirt_is_synced_from_the_command_line(cdalake: Any, tmp_path: Path) -> None:
    source, target = str(tmp_path / "export"), str(tmp_path / "lake")
    cdalake("sample", source, "--tables", 2, "--folders", 3, "--rows", 5, "--dirt")

    done = cdalake("sync", source, target, "--json", CDALAKE_SETTLE_SECONDS="0")

    lake = Lake(source, target)
    export = read_folder(source)
    failed = {t["table"]: t["error"]["code"] for t in done.last["tables"] if t["error"]}
    assert (done.code, failed) == (2, export.expected_failures)
    for table in export.tables:
        assert lake.rows(table) == in_order(export.rows(table))


def test_demo_without_page_syncs_and_extends_on_the_second_call(cdalake: Any) -> None:
    home = cdalake.home / "demo"

    first = cdalake("demo", "--no-serve", "--tables", 2, "--home", home)
    second = cdalake("demo", "--no-serve", "--tables", 2, "--home", home)

    assert (first.code, second.code) == (0, 0)
    lake = Lake(str(home / "export"), str(home / "lake"))
    export = read_folder(lake.source_url)
    assert export.extra_folders == 2
    for table in export.tables:
        assert lake.rows(table) == in_order(export.rows(table))
    assert len(list((home / "runs").iterdir())) == 2


def test_doctor_names_what_is_missing_and_how_to_mend_it(cdalake: Any) -> None:
    done = cdalake("doctor")

    assert done.code == 1
    assert "MEND  Connections: there is none" in done.out
    assert "CDALAKE_SOURCE" in done.out
    assert "ok    Python" in done.out


def test_doctor_looks_at_every_connection(cdalake: Any, lake: Lake) -> None:
    lake.export(tables=2, folders=1, rows=5)
    settings = cdalake.home / "cdalake.toml"
    settings.write_text(
        f'[connections.good]\nsource = "{lake.source_url}"\ntarget = "{lake.target_url}"\n'
        f'[connections.lost]\nsource = "{lake.source_url}-2"\ntarget = "{lake.target_url}"\n'
        f'[connections.inside]\nsource = "{lake.source_url}"\ntarget = "{lake.source_url}/x"\n'
    )

    done = cdalake("doctor")

    assert done.code == 1
    assert f"ok    Connection good: from {settings} [connections.good]" in done.out
    assert "ok    Connection good, source" in done.out
    assert "names 2 tables" in done.out
    assert "ok    Connection good, target" in done.out
    assert "MEND  Connection lost, source" in done.out
    assert "Set the source to the folder" in done.out
    assert "MEND  Connection inside" in done.out
    assert "overlap" in done.out


@pytest.mark.parametrize(
    ("env", "file", "says"),
    [
        (
            {"CDALAKE_SETTLE_SECONDS": "soon", "CDALAKE_SOURCE": "a", "CDALAKE_TARGET": "b"},
            "",
            "soon",
        ),
        ({"CDALAKE_CONFIG": "/nowhere/cdalake.toml"}, "", "/nowhere/cdalake.toml"),
        ({}, "[connections.x\n", "cdalake.toml"),
        ({}, '[connections.x]\nsource = "a"\ntarget = "b"\nsauce = 1\n', "sauce"),
    ],
    ids=["number", "missing file", "no toml", "unknown key"],
)
def test_doctor_says_in_words_which_setting_is_broken(
    cdalake: Any, env: dict[str, str], file: str, says: str
) -> None:
    if file:
        (cdalake.home / "cdalake.toml").write_text(file)

    done = cdalake("doctor", **env)

    assert done.code != 0
    text = done.out + done.err
    assert "BAD_SETTING" in text
    assert says in text
    assert "Traceback" not in text


def test_what_stands_in_brackets_is_printed_as_it_is(cdalake: Any, lake: Lake) -> None:
    """Square brackets are markup to the library that prints: paths and patterns may have them."""
    lake.export(tables=1, folders=1, rows=5)
    done = cdalake("sync", lake.source_url, lake.target_url, "--table", "[/x]*")
    assert done.code == 1
    assert "'[/x]*'" in done.out

    odd = Lake(f"{lake.source_url}[bold]", f"{lake.target_url}[red]")
    odd.announce("gone", T0, "fp")
    for command in ("sync", "plan"):
        said = cdalake(command, odd.source_url, odd.target_url)
        assert said.code == 2
        assert f"{odd.source_url}/gone" in said.out
    Path(f"{lake.target_url}[/red]").mkdir(parents=True)
    empty = cdalake("tables", f"{lake.target_url}[/red]")
    assert empty.code == 0
    assert "lake[/red]" in empty.out
