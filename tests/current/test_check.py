"""R45: a check by another road finds what is wrong with a current table, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import write_deltalake

from cdalake.current.check import Checked, check_current
from cdalake.storage import Store
from current.histories import random_history
from current.raw import Raw, change


@pytest.fixture
def raw(tmp_path: Path) -> Raw:
    raw = Raw(Store.open(str(tmp_path / "lake")))
    raw.append([change(1, 1, 2), change(2, 2, 2)])
    raw.append([change(3, 3, 2), change(2, 4, 1)])
    raw.refresh()
    return raw


def check(raw: Raw) -> Checked:
    found = check_current(raw.stores, "t")
    assert found is not None
    return found


def kinds(raw: Raw) -> dict[str, tuple[int, str]]:
    return {f.kind: (f.count, f.example) for f in check(raw).findings}


def test_a_right_table_is_right(raw: Raw) -> None:
    assert check(raw) == Checked(raw_version=1, rows=2, expected=2, findings=())
    assert check(raw).is_right


def test_it_is_pinned_to_the_version_that_current_was_made_of(raw: Raw) -> None:
    raw.append([change(1, 9, 1)])

    assert (check(raw).raw_version, check(raw).is_right) == (1, True)


def test_random_histories_are_right(raw: Raw) -> None:
    for start in range(0, 90, 30):
        histories = [random_history(seed, 100 * (seed + 1)) for seed in range(start, start + 30)]
        raw.append(*(file for history in histories for file in history.files))
        raw.refresh()

    assert check(raw).is_right


def test_a_missing_row_is_found(raw: Raw) -> None:
    raw.delta("_current/t").delete("id = 3")

    assert kinds(raw) == {"missing": (1, "3")}
    assert not check(raw).is_right


@pytest.mark.parametrize(("of", "kind"), [(2, "deleted_but_visible"), (77, "orphan"), (1, "twice")])
def test_a_row_too_many_is_found(raw: Raw, of: int, kind: str) -> None:
    row = {**raw.current[0], "id": of}
    schema = raw.delta("_current/t").to_pyarrow_table().schema
    write_deltalake(raw.delta("_current/t"), pa.Table.from_pylist([row], schema), mode="append")

    assert kinds(raw) == {kind: (1, str(of))}


def test_a_row_of_another_state_is_found(raw: Raw) -> None:
    raw.delta("_current/t").update({"name": "'other'"}, predicate="id = 1")

    assert kinds(raw) == {"stale": (1, "1")}


def test_no_current_table_is_nothing_to_check(tmp_path: Path) -> None:
    raw = Raw(Store.open(str(tmp_path / "other")))
    assert check_current(raw.stores, "t") is None
    raw.append([change(1, 1)])
    assert check_current(raw.stores, "t") is None
