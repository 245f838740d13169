"""A store that fails while DuckDB reads from it is named as it is anywhere else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cdalake.current.duck import duck
from cdalake.errors import AccessDenied, CdalakeError, SourceError, StoreUnavailable
from cdalake.storage import Store
from current.raw import Raw, change
from faulty_s3 import Answer, Fault, FaultyS3, Html, Reset, Rule, hasty

FAULTS: dict[str, tuple[Fault, type[CdalakeError]]] = {
    "STORE_THROTTLED": (Answer(503, "SlowDown"), StoreUnavailable),
    "STORE_UNAVAILABLE": (Reset(), StoreUnavailable),
    "ACCESS_DENIED": (Answer(403, "AccessDenied"), AccessDenied),
    "CREDENTIALS_EXPIRED": (Answer(403, "ExpiredToken"), AccessDenied),
    "CLOCK_SKEWED": (Answer(403, "RequestTimeTooSkewed"), AccessDenied),
    "DATA_FILE_GONE": (Answer(404, "NoSuchKey"), SourceError),
}


@pytest.fixture
def raw(shaky_s3: FaultyS3, s3: Callable[[], str]) -> Raw:
    """A current table that is one commit behind, in a bucket."""
    raw = Raw(hasty(f"{s3()}/lake"))
    raw.append([change(1, 1, 2), change(2, 2, 2)])
    raw.refresh()
    raw.append([change(1, 3, name="new")])
    return raw


@pytest.mark.parametrize("code", FAULTS)
def test_what_the_store_said_is_what_is_told(raw: Raw, shaky_s3: FaultyS3, code: str) -> None:
    """R50: by its own code and kind, naming the very file; and nothing of it stays."""
    fault, kind = FAULTS[code]
    shaky_s3.rules = [Rule(fault, verb="GET", path=r"/t/.*\.parquet$")]

    with pytest.raises(kind) as told:
        raw.refresh()

    assert told.value.code == code
    assert f"{raw.store.url}/t/" in told.value.message
    assert "Traceback" not in str(told.value)
    shaky_s3.heal()
    raw.refresh()
    assert raw.state() == raw.oracle()


def test_a_web_page_in_between_is_called_that(raw: Raw, shaky_s3: FaultyS3) -> None:
    shaky_s3.rules = [Rule(Html(400), verb="GET", path=r"/t/.*\.parquet$")]

    with pytest.raises(StoreUnavailable, match="with a web page"):
        raw.refresh()


def test_a_file_of_the_current_table_itself_counts_too(raw: Raw, shaky_s3: FaultyS3) -> None:
    shaky_s3.rules = [Rule(Answer(403, "AccessDenied"), verb="GET", path=r"_current/t/p.*parquet$")]

    with pytest.raises(AccessDenied, match="_current/t/part-"):
        raw.refresh()


class Faulty(Store):
    """A store with a defect of ours."""

    def get(self, path: str) -> bytes:
        raise ZeroDivisionError(path)


def test_a_defect_is_no_trouble_of_a_disk(tmp_path: Path) -> None:
    """It is reported as such, with its own traceback in the log."""
    raw = Raw(Store.open(str(tmp_path / "[lake]")))
    raw.append([change(1, 1, 2)])

    with pytest.raises(ZeroDivisionError):
        Raw(Faulty(raw.store.location)).refresh()


def test_what_duckdb_itself_lacks_is_told_by_its_own_words() -> None:
    with pytest.raises(SourceError, match="no such file") as told, duck() as db:
        db.run("SELECT error('no such file')")

    assert told.value.code == "CURRENT_FAILED"
