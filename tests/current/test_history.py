"""The history view, and rows looked up by id."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from cdalake.current.ranges import Shape
from cdalake.current.views import Found, Question, View, find
from cdalake.errors import SparkExecutionException, TableNotFoundException
from cdalake.storage import Store
from current.histories import Change, random_history
from current.raw import Raw, change

SPAN = ("valid_from", "valid_to", "is_current")


@pytest.fixture
def raw(tmp_path: Path) -> Raw:
    return Raw(Store.open(str(tmp_path / "lake")))


def look(raw: Raw, view: View, **asked: Any) -> Found:
    return find(raw.stores, "t", Question(view, **{"limit": 10_000, **asked}))


def at(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)


def test_a_row_is_valid_until_the_next_change_of_its_id(raw: Raw) -> None:
    raw.append([change(1, 10, 2, name="in"), change(1, 30, 1), change(2, 15, 2)])
    raw.append([change(1, 20, 4, name="up"), change(1, 40, 2, name="again")])

    found = look(raw, View.HISTORY)

    assert found.columns[:4] == [*SPAN, "id"]
    assert [(row["id"], row["name"], *(row[c] for c in SPAN)) for row in found.rows] == [
        (1, "in", at(10), at(20), False),
        (1, "up", at(20), at(30), False),
        (1, "again", at(40), None, True),
        (2, "a", at(15), None, True),
    ]


def test_a_change_that_came_twice_counts_once(raw: Raw) -> None:
    raw.append([change(1, 10, 2)])
    raw.append([change(1, 10, 2)])

    assert len(look(raw, View.HISTORY).rows) == 1


def naive(changes: list[Change]) -> list[tuple[int, str | None, bool]]:
    """Id, name and openness of every state, by sorting Python tuples."""
    once: dict[Any, Change] = {}
    for each in (c for c in changes if c.counts):
        place = (each.id, each.key[:4])
        if place not in once or each.key > once[place].key:
            once[place] = each
    ordered = sorted(once.values(), key=lambda c: (c.id, c.key))
    nexts = [*(b.id == a.id for a, b in pairwise(ordered)), False]
    pairs = zip(ordered, nexts, strict=True)
    return [(c.id, c.name, not is_followed) for c, is_followed in pairs if c.operation != 1]


def test_its_open_rows_are_the_current_table_in_random_histories(raw: Raw) -> None:
    """R35, R45"""
    histories = [random_history(seed, 100 * seed) for seed in range(120)]
    raw.append(*(file for history in histories for file in history.files))
    raw.refresh()

    rows = look(raw, View.HISTORY).rows

    is_open = [{k: v for k, v in row.items() if k not in SPAN} for row in rows if row["is_current"]]
    assert is_open == raw.current
    assert [(row["id"], row["name"], row["is_current"]) for row in rows] == naive(raw.changes)


@pytest.mark.parametrize(
    ("view", "expected"), [(View.RAW, 2), (View.CURRENT, 1), (View.HISTORY, 2)]
)
def test_one_id_is_looked_up_in_every_view(raw: Raw, view: View, expected: int) -> None:
    raw.append([change(i, i + 1, 2, file="f") for i in range(9000)])
    raw.append([change(7000, 20_000)])
    raw.refresh(shape=Shape(smallest=1, largest=1, rows_in_group=2048))

    found = look(raw, view, id="7000")

    assert [row["id"] for row in found.rows] == [7000] * expected
    assert look(raw, view, id="123456").rows == []


def test_a_lookup_reads_only_files_that_may_hold_the_id(raw: Raw) -> None:
    raw.append([change(i, i + 1, 2, file="f") for i in range(9000)])
    raw.refresh(shape=Shape(smallest=1, largest=1, rows_in_group=2048))
    largest = max(file["size_bytes"] for file in actions(raw))

    assert look(raw, View.CURRENT, id="7000", most_bytes=largest).rows
    with pytest.raises(SparkExecutionException, match="more than a look may read"):
        look(raw, View.CURRENT, most_bytes=largest)


def actions(raw: Raw) -> list[dict[str, Any]]:
    import pyarrow as pa

    return pa.table(raw.delta("_current/t").get_add_actions()).to_pylist()


def test_the_history_of_a_large_table_is_of_one_id(raw: Raw) -> None:
    raw.append([change(1, 1)])

    with pytest.raises(SparkExecutionException) as caught:
        look(raw, View.HISTORY, most_bytes=10)

    assert caught.value.code == "ID_NEEDED"


@pytest.mark.parametrize("wanted", ["x", "1.5", "", "9" * 20, "'; DROP TABLE x"])
def test_what_is_no_id_is_refused(raw: Raw, wanted: str) -> None:
    raw.append([change(1, 1)])

    with pytest.raises(SparkExecutionException) as caught:
        look(raw, View.RAW, id=wanted)

    assert caught.value.code == "ID_NOT_POSSIBLE"


def test_a_version_of_the_past_is_looked_at(raw: Raw) -> None:
    raw.append([change(1, 1)])
    raw.append([change(1, 2)])

    assert (look(raw, View.RAW, version=0).version, len(look(raw, View.RAW).rows)) == (0, 2)
    assert len(look(raw, View.RAW, version=0).rows) == 1


def test_without_a_current_table_there_is_none_to_look_at(raw: Raw) -> None:
    raw.append([change(1, 1)])

    with pytest.raises(SparkExecutionException) as caught:
        look(raw, View.CURRENT)
    assert caught.value.code == "NO_CURRENT_TABLE"


def test_no_table_has_no_rows_to_look_at(raw: Raw) -> None:
    with pytest.raises(TableNotFoundException):
        look(raw, View.RAW)


@pytest.mark.parametrize("view", [View.RAW, View.HISTORY])
def test_a_row_that_a_deletion_vector_hides_is_not_shown(raw: Raw, view: View) -> None:
    raw.append([change(1, 1)])
    newest = f"t/_delta_log/{raw.delta('t').version():020d}.json"
    vector = b'"dataChange":true,"deletionVector":{"storageType":"i","cardinality":1},'
    log = raw.store.get(newest).replace(b'"dataChange":true,', vector)
    raw.store.put(newest, log)

    with pytest.raises(SparkExecutionException) as caught:
        look(raw, view, id="1")

    assert caught.value.code == "SAMPLE_UNSUPPORTED"
