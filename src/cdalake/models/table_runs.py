"""Runs of chosen tables, asked for at once."""

from __future__ import annotations

from datetime import date
from typing import Literal, Self

from pydantic import ConfigDict, Field, model_validator

from cdalake.models.base import Answer, Asked, ErrorInfo
from cdalake.models.table import ChangedBand, Health, LagBand, RowBand, SizeBand


class TableKey(Asked):
    """A table of a connection."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    connection: str = Field(max_length=128)
    name: str = Field(max_length=256)


class TablesMatching(Asked):
    """The filters of `GET /api/tables`."""

    search: str = Field("", max_length=200)
    health: list[Health] = Field(default_factory=list)
    app: list[str] = Field(default_factory=list)
    connection: list[str] = Field(default_factory=list)
    lag: list[LagBand] = Field(default_factory=list)
    changed: list[ChangedBand] = Field(default_factory=list)
    size: list[SizeBand] = Field(default_factory=list)
    rows: list[RowBand] = Field(default_factory=list)
    column: list[str] = Field(default_factory=list)
    changed_since: date | None = None


class TableRunsRequest(Asked):
    """POST /api/tables/_run: either `tables`, or those that match but for `without`.

    `retry` takes only tables whose last run did not end well. `request_id` makes a repeated request
    the same runs.
    """

    action: Literal["run", "retry"] = "run"
    tables: list[TableKey] | None = Field(None, min_length=1, max_length=10_000)
    matching: TablesMatching | None = None
    without: list[TableKey] = Field([], max_length=10_000)
    request_id: str | None = Field(None, max_length=48, pattern=r"^[A-Za-z0-9_-]+$")

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.tables is None) == (self.matching is None):
            raise ValueError("give either tables or matching")
        return self


class TableRunsItem(Answer):
    """What became of one table: the run that brings it, or why there is none."""

    connection: str
    name: str
    run_id: str | None
    error: ErrorInfo | None


class StartedRun(Answer):
    """A run with exactly the tables that were asked for of one connection."""

    run_id: str
    connection: str
    status: str
    tables: int


class TableRunsAnswer(Answer):
    """One run a connection, and one item a table."""

    runs: list[StartedRun]
    items: list[TableRunsItem]
