"""The public sample export: two fingerprints, no CDC columns, a manifest of a foreign bucket."""

from __future__ import annotations

import polars as pl
from deltalake import DeltaTable

from conftest import Lake

TABLES = ["policy_holders", "policy_holders2", "policy_holders3"]


def test_all_rows_of_both_fingerprints_are_in_the_latest_snapshot(policy_holders: Lake) -> None:
    result = policy_holders.sync()

    assert result.status == "completed"
    assert [table.table for table in result.tables] == TABLES
    for name in TABLES:
        rows = pl.read_delta(f"{policy_holders.target_url}/{name}")
        assert rows.height == 16
        assert set(rows.columns) == {"firstName", "lastName", "age"}
        assert rows["lastName"].null_count() == 8


def test_a_second_sync_changes_nothing(policy_holders: Lake) -> None:
    policy_holders.sync()
    before = policy_holders.objects()

    again = policy_holders.sync()

    assert [table.status for table in again.tables] == ["no_change"] * 3
    assert policy_holders.objects() == before
    assert DeltaTable(f"{policy_holders.target_url}/policy_holders").version() == 0
