from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cdalake.bootstrap import Services, build
from cdalake.catalog.tables import BLANK, TableIndex
from cdalake.errors import UsageError
from cdalake.models.table import ChangedBand, Health, LagBand, RowBand, SizeBand
from cdalake.services.queries import SortKey, TableQuery, TableSelection
from cdalake.services.table_list import check_fields
from cdalake.settings import Connection, load

NOW = datetime.now(UTC)
NEVER_A_CURSOR = ["x", "W10", "eyJhIjoxfQ", "bm90IGpzb24"]


class Index:
    """Tables of two connections, written into the index as the refresher does."""

    def __init__(self, folder: Path) -> None:
        bare = load({"CDALAKE_HOME": str(folder)}, folder)
        connections = {
            name: Connection(name, str(folder / name / "export"), str(folder / name / "lake"))
            for name in ("east", "west")
        }
        self.services: Services = build(replace(bare, connections=connections), {})
        self._index = TableIndex(self.services.database)

    def add(self, name: str, *columns: str, connection: str = "east", **facts: Any) -> None:
        row = {**BLANK, "connection": connection, "name": name, "app": "ClaimCenter"}
        row |= {"is_typelist": False, "in_manifest": True, "version": 0, **facts}
        self._index.save([row], {name: columns})

    def find(self, search: str = "", sort: SortKey = SortKey.NAME, **facets: Any) -> list[str]:
        selection = TableSelection(search=search, **facets)
        found = self.services.table_list.page(TableQuery(selection, sort))
        return [table.name for table in found.tables]


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    made = Index(tmp_path)
    yield made
    made.services.runner.forget()
    made.services.database.close()


def test_a_word_finds_names_columns_and_the_beginning_of_fingerprints(index: Index) -> None:
    index.add("cc_claim")
    index.add("pc_policy", "ClaimCount")
    index.add("bc_invoice", fingerprints={"claim77": 1_680_350_543_000})
    index.add("cc_note", fingerprints={"0claim": 1})
    assert index.find("claim") == ["bc_invoice", "cc_claim", "pc_policy"]
    assert index.find("CLAIM count") == ["pc_policy"]
    assert index.find("column:claim") == ["pc_policy"]
    assert index.find("name:claim") == ["cc_claim"]
    assert index.find("fingerprint:claim") == ["bc_invoice"]
    # A number of the manifest is no fingerprint, a wild card no wild card.
    assert index.find("1680350543000") == []
    assert index.find("c%m") == []


def test_it_is_said_which_columns_matched(index: Index) -> None:
    index.add("cc_claim", "claimnumber", "Claim_Status", "note")
    index.add("cc_note", "body")
    (table,) = index.services.table_list.page(TableQuery(TableSelection(search="claim"))).tables
    assert table.matched_columns == ["Claim_Status", "claimnumber"]


def test_columns_of_cda_itself_are_found_only_when_asked_for(index: Index) -> None:
    index.add("cc_claim", "gwcbi___operation", "operationcount")
    index.add("cc_note", "gwcbi___operation")
    assert index.find("operation") == ["cc_claim"]
    assert index.find("column:operation") == ["cc_claim", "cc_note"]


def test_a_slip_finds_what_was_meant_and_says_so(index: Index) -> None:
    index.add("cc_claim", "reserveamount")
    index.add("pc_policy")
    find = index.services.table_list.page
    for typed in ("clam", "claim amuont", "column:reservamount"):
        selection = TableSelection(search=typed)
        found = find(TableQuery(selection))
        assert [table.name for table in found.tables] == (
            [] if typed == "claim amuont" else ["cc_claim"]
        ), typed
    assert find(TableQuery(TableSelection(search="clam"))).is_similar
    assert not find(TableQuery(TableSelection(search="claim"))).is_similar
    assert not find(TableQuery(TableSelection(search="zzzz"))).is_similar
    assert not find(TableQuery(TableSelection(search="fingerprint:clam"))).is_similar


def test_a_table_whose_schema_changes_is_found_by_its_new_columns_only(index: Index) -> None:
    index.add("cc_claim", "before", "kept")
    index.add("cc_claim", "after", "kept")
    assert index.find("column:before") == []
    assert index.find("column:after") == index.find(columns=("KEPT",)) == ["cc_claim"]
    assert index.find(columns=("kept", "before")) == []
    TableIndex(index.services.database).remove("east", ["cc_claim"])
    assert index.services.table_list.column_names("", None) == []


def test_columns_to_choose_from_are_those_of_the_most_tables(index: Index) -> None:
    index.add("cc_claim", "id", "claimid")
    index.add("cc_note", "id")
    index.add("cc_note", "id", connection="west")
    names = index.services.table_list.column_names
    assert [(c.value, c.count) for c in names("id", None)] == [("id", 3), ("claimid", 1)]
    assert [(c.value, c.count) for c in names("ID", "west")] == [("id", 1)]


def test_every_facet_filters_and_is_counted_over_the_others(index: Index) -> None:
    index.add("a", health="Late", lag_s=7200, rows=5, size_bytes=10, last_data_at=NOW)
    index.add("b", health="Late", lag_s=30, rows=2_000_000, size_bytes=10**11, app="Other")
    index.add("c", health="Healthy", lag_s=0, rows=0, size_bytes=0, connection="west")
    index.add("d", last_data_at=NOW - timedelta(days=400))
    assert index.find(health=(Health.LATE,)) == ["a", "b"]
    assert index.find(apps=("Other",)) == ["b"]
    assert index.find(connections=("west",)) == ["c"]
    assert index.find(lag=(LagBand.UNDER_1M, LagBand.UNKNOWN)) == ["b", "c", "d"]
    assert index.find(size=(SizeBand.OVER_10GB,)) == ["b"]
    assert index.find(rows=(RowBand.NONE,)) == ["c"]
    assert index.find(changed=(ChangedBand.EARLIER, ChangedBand.NEVER)) == ["b", "c", "d"]
    assert index.find(changed_since=NOW.date()) == ["a"]
    late = TableSelection(health=(Health.LATE,), lag=(LagBand.UNDER_6H,))
    found = index.services.table_list.page(TableQuery(late))
    assert [table.name for table in found.tables] == ["a"]
    assert (found.total, found.total_tables, found.total_rows) == (1, 4, 5)
    # Health over the lag alone, lag over the health alone, all others over both.
    assert {facet.value: facet.count for facet in found.health} == {"Late": 1}
    assert {f.value: f.count for f in found.lags} == {"under_1m": 1, "under_6h": 1}
    assert {facet.value: facet.count for facet in found.apps} == {"ClaimCenter": 1}
    assert [facet.value for facet in found.connections] == ["east"]


def test_an_unknown_connection_is_refused(index: Index) -> None:
    with pytest.raises(UsageError) as caught:
        index.find(connections=("north",))
    assert caught.value.code == "NO_CONNECTION"


@pytest.mark.parametrize("sort", list(SortKey))
def test_cursors_walk_every_order_without_a_gap_or_a_double(index: Index, sort: SortKey) -> None:
    for number in range(7):
        facts = {"rows": number // 2, "lag_s": number, "last_data_at": NOW - timedelta(number)}
        index.add(f"t{number}", health_rank=number % 3, **(facts if number % 3 else {}))
    index.add("t1", connection="west")
    everything = index.find("t", sort)
    walked: list[str] = []
    cursor = None
    while True:
        query = TableQuery(TableSelection(search="t"), sort, limit=2, cursor=cursor)
        page = index.services.table_list.page(query)
        walked += [table.name for table in page.tables]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert walked == everything
    assert len(walked) == 8


@pytest.mark.parametrize("cursor", NEVER_A_CURSOR)
def test_a_cursor_that_is_none_is_refused(index: Index, cursor: str) -> None:
    with pytest.raises(UsageError) as caught:
        index.services.table_list.page(TableQuery(cursor=cursor))
    assert caught.value.code == "BAD_CURSOR"


def test_a_cursor_of_another_order_is_refused(index: Index) -> None:
    index.add("a")
    index.add("b")
    find = index.services.table_list.page
    cursor = find(TableQuery(sort=SortKey.ROWS, limit=1)).next_cursor
    assert cursor
    with pytest.raises(UsageError):
        find(TableQuery(sort=SortKey.SIZE, cursor=cursor))


def test_the_best_match_comes_first(index: Index) -> None:
    for name in ("cc_claim", "cc_claimcontact", "claim", "pc_policy"):
        index.add(name, "claimid")
    assert index.find("claim", SortKey.MATCH) == [
        "claim", "cc_claim", "cc_claimcontact", "pc_policy",
    ]  # fmt: skip


def test_names_come_alone_and_orphans_apart(index: Index) -> None:
    index.add("b")
    index.add("a")
    index.add("left", in_manifest=False)
    east, west = index.services.table_list.names(None)
    assert (east.connection, east.names, east.orphans) == ("east", ["a", "b"], ["left"])
    assert (west.names, index.services.table_list.names("west")) == ([], [west])


def test_every_table_of_a_selection_comes_for_a_file_with_the_fields_that_exist(
    index: Index,
) -> None:
    for number in range(3):
        index.add(f"t{number}", rows=number)
    every = index.services.table_list.every(TableSelection(search="t"), SortKey.ROWS_DOWN)
    assert [table.name for table in every] == ["t2", "t1", "t0"]
    assert check_fields(["name", "row_count"]) == ["name", "row_count"]
    assert "health" in check_fields(None)
    with pytest.raises(UsageError) as caught:
        check_fields(["name", "password"])
    assert caught.value.code == "NO_SUCH_FIELD"
