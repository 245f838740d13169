from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cdalake.access import Role
from cdalake.bootstrap import Services, build
from cdalake.catalog.connections import ConnectionStore
from cdalake.catalog.runs import Run, RunStore
from cdalake.catalog.tables import Row, TableIndex
from cdalake.engine.rundir import RunDirectory
from cdalake.models.guidewire import GuidewireConfig, StartJobRequest
from cdalake.services.connection_refresher import ConnectionRefresher, Wish
from cdalake.services.connections import Connections
from cdalake.services.queries import Requester
from cdalake.settings import Connection, Settings, load

if TYPE_CHECKING:
    from conftest import Lake

ME = Requester("ana", "api", Role.OPERATOR)


class Home:
    """A home with its services; nothing runs by itself, tests say when to look."""

    def __init__(self, folder: Path, lake: Lake, database_url: str = "") -> None:
        bare = load({"CDALAKE_HOME": str(folder), "CDALAKE_DATABASE_URL": database_url}, folder)
        connection = Connection("default", lake.source_url, lake.target_url, workers=2)
        self.settings: Settings = replace(bare, connections={"default": connection})
        self.lake = lake
        self.services: Services = build(self.settings, {})
        self.runs = RunStore(self.services.database)
        self.index = TableIndex(self.services.database)
        self.refresher = ConnectionRefresher(connection, self.index, self.runs, 60)

    def start(self, **config: Any) -> str:
        request = StartJobRequest(config=GuidewireConfig(**config), request_id=None)
        return self.services.guidewire.start(request, ME).run_id

    def look(self) -> None:
        """One look of the reconciler."""
        self.services.reconciler.look()

    def run(self, run_id: str) -> Run:
        found = self.runs.get(run_id)
        assert found is not None
        return found

    def until(self, run_id: str, condition: Callable[[Run], object], seconds: float = 90) -> Run:
        """Look until the run is so."""
        deadline = time.monotonic() + seconds
        while not condition(self.run(run_id)):
            assert time.monotonic() < deadline, f"still {self.run(run_id)}"
            self.look()
            time.sleep(0.02)
        return self.run(run_id)

    def ended(self, run_id: str) -> Run:
        return self.until(run_id, lambda run: run.state.is_final)

    def directory(self, run_id: str) -> RunDirectory:
        return RunDirectory(self.settings.runs_dir / run_id)

    def refresh(self, *tables: str) -> dict[str, Row]:
        """One pass of the refresher over everything, or over some tables; the index after it."""
        self.refresher.refresh(Wish(everything=not tables, tables=set(tables)))
        return self.index.rows_of("default")

    def connections(self, settings: Settings) -> Connections:
        """Those of `settings` and of this home's database."""
        return Connections(settings, ConnectionStore(self.services.database))

    def close(self) -> None:
        self.services.runner.forget()
        self.services.database.close()


@pytest.fixture
def home(tmp_path: Path, lake: Lake, database_url: str) -> Iterator[Home]:
    """A home over a lake in folders."""
    opened = Home(tmp_path / "home", lake, database_url)
    yield opened
    opened.close()
