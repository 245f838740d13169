"""How the lists show a connection whose fingerprints have tables of their own."""

from __future__ import annotations

import time
from dataclasses import replace

from cdalake.models.table import Health
from cdalake.services.connection_refresher import ConnectionRefresher
from conftest import Lake
from services.conftest import Home


def test_parts_are_tables_of_the_manifest_and_none_is_an_orphan(home: Home, lake: Lake) -> None:
    now = int(time.time() * 1000)
    lake.deliver(f"t/aa/{now - 60_000}", {"id": [1]})
    lake.deliver(f"t/bb/{now - 30_000}", {"id": ["two"]})
    lake.announce("t", now, "aa", "bb", "cc")
    connection = replace(home.settings.connections["default"], schema_change="per_fingerprint")
    home.refresher = ConnectionRefresher(connection, home.index, home.runs, 60)
    assert set(home.refresh()) == {"t__aa", "t__bb", "t__cc"}

    assert lake.sync(schema_change="per_fingerprint").status == "completed"

    rows = home.refresh()
    assert {name: row["health"] for name, row in rows.items()} == {
        "t__aa": Health.HEALTHY,
        "t__bb": Health.HEALTHY,
        "t__cc": Health.NOT_LOADED,
    }
    assert all(row["in_manifest"] for row in rows.values())
    assert (rows["t__aa"]["lag_s"], rows["t__bb"]["lag_s"]) == (0, 0)
