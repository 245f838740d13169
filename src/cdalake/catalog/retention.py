"""Forgets ended runs: their rows and their directories."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import and_, delete, func, select

from cdalake.catalog.database import Database
from cdalake.catalog.schema import lag_points, lake_tables, run_tables, runs
from cdalake.engine.manifests import Manifests
from cdalake.engine.progress import FINAL_RUN_STATES

_ENDED = sorted(state.value for state in FINAL_RUN_STATES)


class OldRuns:
    """The past of all runs."""

    def __init__(self, database: Database, directory: Path) -> None:
        self._database = database
        self._directory = directory
        self._aside = directory.parent / "forgotten"

    def due(self, before: datetime | None, keep: int) -> list[str]:
        """Ended runs from before a moment, and those beyond the newest `keep` (0: no limit).

        A run that a table names as its last one stays: the table's page tells of it.
        """
        named = select(lake_tables.c.run_id).where(lake_tables.c.run_id.is_not(None))
        ended = (
            select(runs.c.run_id, runs.c.finished_at)
            .where(runs.c.state.in_(_ENDED))
            .order_by(runs.c.created_at.desc(), runs.c.run_id.desc())
        )
        with self._database.reading() as reader:
            last = set(reader.execute(named).scalars())
            found = reader.execute(ended).all()
        return [
            run_id
            for place, (run_id, at) in enumerate(found)
            if run_id not in last and (_is_old(at, before) or 0 < keep <= place)
        ]

    def forget(self, run_ids: Iterable[str]) -> list[str]:
        """Remove these runs; those that were removed, since one may have been retried meanwhile."""
        removed = [run_id for run_id in run_ids if self._forget(run_id)]
        # Last, and whatever an earlier time left behind: files take long, a transaction must not.
        with suppress(FileNotFoundError):
            shutil.rmtree(self._aside)
        if removed:
            Manifests(self._directory).forget(self._oldest())
        return removed

    def _oldest(self) -> float:
        """When the oldest run that is left was made, in seconds since the epoch."""
        with self._database.reading() as reader:
            oldest = reader.execute(select(func.min(runs.c.created_at))).scalar()
        return oldest.timestamp() if oldest else time.time()

    def _forget(self, run_id: str) -> bool:
        is_ended = and_(runs.c.run_id == run_id, runs.c.state.in_(_ENDED))
        with self._database.writing() as writer:
            if not writer.execute(delete(runs).where(is_ended)).rowcount:
                return False
            for table in (run_tables, lag_points):
                writer.execute(delete(table).where(table.c.run_id == run_id))
            # Before the row is gone for others: a directory without one is taken for a new run.
            self._put_aside(run_id)
        return True

    def _put_aside(self, run_id: str) -> None:
        self._aside.mkdir(exist_ok=True)
        with suppress(FileNotFoundError):
            (self._directory / run_id).replace(self._aside / run_id)


def _is_old(at: datetime | None, before: datetime | None) -> bool:
    return at is not None and before is not None and at < before
