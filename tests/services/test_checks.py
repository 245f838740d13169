"""Steps of a connection's test and of a run's preflight, over real stores."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cdalake.cda.source import Rebase
from cdalake.errors import UsageError
from cdalake.services.checks import (
    Check,
    Export,
    Finding,
    Step,
    StepState,
    carry_out,
    source_checks,
    target_checks,
)
from cdalake.services.deadline import Deadline
from cdalake.storage import Store
from cdalake.storage.access import ENVIRONMENT

if TYPE_CHECKING:
    from conftest import Lake


def steps(checks: list[Check], seconds: float = 30.0) -> dict[str, Step]:
    return {step.name: step for step in carry_out(checks, Deadline(seconds))}


def states(found: dict[str, Step]) -> dict[str, str]:
    return {name: step.state.value for name, step in found.items()}


def of_source(lake: Lake, **options: object) -> dict[str, Step]:
    return steps(source_checks(Export(lake.source, **options)))  # type: ignore[arg-type]


def test_a_good_export_passes_every_step_and_says_what_it_saw(lake: Lake) -> None:
    lake.export(tables=3)
    found = of_source(lake)
    assert set(states(found).values()) == {"ok"}
    assert "3 tables, 3 of them chosen" in found["source.manifest"].sentence
    assert "columns." in found["source.footer"].sentence


def test_the_manifest_step_counts_the_chosen_tables(lake: Lake) -> None:
    names = sorted(lake.export(tables=3).tables)
    found = of_source(lake, include=[names[0]])
    assert "3 tables, 1 of them chosen" in found["source.manifest"].sentence


def test_a_selection_of_nothing_is_a_warning(lake: Lake) -> None:
    lake.export()
    found = of_source(lake, include=["zz_*"])["source.manifest"]
    assert (found.state, found.code) == (StepState.WARNING, "NO_TABLE_MATCHES")


def test_a_name_that_the_manifest_does_not_have_is_a_warning(lake: Lake) -> None:
    lake.export()
    found = of_source(lake, include=["zz_absent"])["source.manifest"]
    assert (found.state, found.code) == (StepState.WARNING, "NOT_IN_MANIFEST")


def test_behind_a_failed_step_the_others_are_skipped(lake: Lake) -> None:
    found = of_source(lake)
    assert states(found) == {
        "source.list": "failed",
        "source.manifest": "skipped",
        "source.footer": "skipped",
    }
    assert found["source.list"].hint
    assert "'List the source' failed" in found["source.footer"].sentence


def test_a_folder_without_manifest_fails_at_the_manifest(lake: Lake) -> None:
    lake.source.put("something", b"")
    assert of_source(lake)["source.manifest"].code == "MANIFEST_NOT_FOUND"


@pytest.mark.parametrize("path", ["cc_new", "cc_new/f1/1700000000000"])
def test_a_table_without_files_is_a_warning(lake: Lake, path: str) -> None:
    lake.announce("cc_new", 1_700_000_000_000, "f1")
    lake.source.put(f"{path}/.cda/batch-metrics.json", b"{}")
    assert of_source(lake)["source.footer"].code == "NO_DATA_FILE"


def test_a_table_whose_folder_is_not_there_is_a_warning(lake: Lake) -> None:
    lake.announce("cc_new", 1_700_000_000_000, "f1")
    assert of_source(lake)["source.footer"].state is StepState.WARNING


def test_a_broken_file_fails_its_step(lake: Lake) -> None:
    lake.announce("cc_new", 1_700_000_000_000, "f1")
    lake.source.put("cc_new/f1/1700000000000/part-0.parquet", b"no parquet, whatever it says")
    assert of_source(lake)["source.footer"].code == "BAD_FILE"


def test_a_rebase_leads_to_the_file(lake: Lake) -> None:
    lake.announce("cc_new", 1_700_000_000_000, "f1", dataFilesPath="s3://elsewhere/a/cc_new")
    lake.deliver("moved/cc_new/f1/1700000000000", {"id": [1]})
    found = of_source(lake, rebase=Rebase.parse("s3://elsewhere/a=moved"))
    assert "cc_new, folder 1700000000000, has 1 row of 1 column." in found["source.footer"].sentence


@pytest.mark.parametrize("consent", [True, False])
def test_nothing_is_left_in_the_target(lake: Lake, consent: bool) -> None:
    lake.target.put("cc_claim/_delta_log/0.json", b"{}")
    before = lake.objects()
    found = steps(target_checks(lake.target, consent=consent))
    assert set(states(found).values()) == {"ok"}
    assert lake.objects() == before


def test_without_consent_a_folder_that_is_not_there_stays_so(lake: Lake) -> None:
    found = steps(target_checks(lake.target, consent=False))
    assert "first run makes the folder" in found["target.list"].sentence
    assert not Path(lake.target_url).exists()


def test_a_target_below_a_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    found = steps(target_checks(Store.open(str(tmp_path / "file" / "lake")), consent=False))
    assert found["target.write"].code == "ACCESS_DENIED"


def test_room_is_compared_with_what_is_needed(lake: Lake) -> None:
    enough = steps(target_checks(lake.target, consent=False, needed=1000))["target.space"]
    assert "1 KB are needed" in enough.sentence
    much = steps(target_checks(lake.target, consent=False, needed=10**18))["target.space"]
    assert (much.code, "TB" in much.sentence) == ("NOT_ENOUGH_SPACE", True)
    unknown = steps(target_checks(lake.target, consent=False))["target.space"]
    assert "not known" in unknown.sentence


@pytest.mark.parametrize("consent", [True, False])
def test_a_bucket_is_tried_and_left_as_it_was(s3_lake: Lake, consent: bool) -> None:
    s3_lake.export(tables=1)
    found = of_source(s3_lake) | steps(target_checks(s3_lake.target, consent=consent))
    assert set(states(found).values()) == {"ok"}, found
    assert next(iter(found)) == "source.reach"
    assert s3_lake.objects() == {}


@pytest.mark.parametrize("consent", [True, False])
def test_a_bucket_that_is_not_there_is_named_and_not_made(
    s3: Callable[[], str], consent: bool
) -> None:
    s3()
    missing = Store.open("s3://no-such-bucket-here/lake")
    found = steps(target_checks(missing, consent=consent))
    assert found["target.list"].code == "BUCKET_NOT_FOUND"
    assert found["target.write"].state is StepState.SKIPPED
    with pytest.raises(Exception, match="BUCKET_NOT_FOUND"):
        missing.list()


def test_a_port_that_nobody_listens_on_fails_the_first_step(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
    found = steps(target_checks(Store.open("s3://bucket/lake"), consent=True))
    assert found["target.reach"].code == "HOST_UNREACHABLE"
    assert found["target.write"].state is StepState.SKIPPED


def test_a_host_without_an_address_fails_the_first_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://nowhere.invalid")
    found = steps(source_checks(Export(Store.open("s3://bucket/cda"))))
    assert found["source.reach"].code == "HOST_UNKNOWN"


def test_a_store_that_hangs_fails_its_step_in_time() -> None:
    release = threading.Event()

    def hang() -> Finding:
        release.wait(30)
        return Finding("late")

    found = steps([Check("x", "Wait", hang), Check("y", "Go on", hang)], seconds=0.05)
    release.set()
    assert (found["x"].code, found["y"].state) == ("STORE_TOO_SLOW", StepState.SKIPPED)


@pytest.mark.parametrize(
    ("url", "variables", "expected"),
    [
        ("/data", {}, None),
        ("s3://b/x", {}, ("s3.us-east-1.amazonaws.com", 443)),
        ("s3://b/x", {"AWS_REGION": "eu-west-1"}, ("s3.eu-west-1.amazonaws.com", 443)),
        ("s3://b/x", {"AWS_ENDPOINT_URL": "http://minio:9000"}, ("minio", 9000)),
        ("s3://b/x", {"AWS_ENDPOINT_URL": "https://minio"}, ("minio", 443)),
        ("s3://b/x", {"AWS_ENDPOINT_URL": "http://minio"}, ("minio", 80)),
        ("gs://b/x", {}, ("storage.googleapis.com", 443)),
        ("abfss://c@acc.dfs.core.windows.net/x", {}, ("acc.dfs.core.windows.net", 443)),
        ("az://c/x", {}, None),
    ],
)
def test_the_host_of_a_location(
    url: str,
    variables: dict[str, str],
    expected: tuple[str, int] | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    if url.startswith(("gs", "abfss", "az")):
        from cdalake.storage import parse_location

        assert ENVIRONMENT.address(parse_location(url)) == expected
    else:
        assert ENVIRONMENT.address(Store.open(url).location) == expected


def test_a_bad_rebase_is_refused_where_it_is_read() -> None:
    with pytest.raises(UsageError):
        Rebase.parse("nothing")


def test_a_folder_whose_name_is_too_long_fails_a_step_and_not_the_test() -> None:
    store = Store.open(f"/{'x' * 300}", ENVIRONMENT)
    for found in (steps(source_checks(Export(store))), steps(target_checks(store, consent=True))):
        (failed, *skipped) = found.values()
        assert (failed.state, failed.code) == (StepState.FAILED, "STORE_UNAVAILABLE")
        assert "too long" in failed.sentence
        assert {step.state for step in skipped} == {StepState.SKIPPED}
