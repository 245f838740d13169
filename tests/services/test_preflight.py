"""Looking before a run leaps."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cdalake.errors import UsageError
from cdalake.models.guidewire import GuidewireConfig, Preflight

from .conftest import ME

if TYPE_CHECKING:
    from .conftest import Home


def look(home: Home, **config: object) -> Preflight:
    return home.services.preflight.look(GuidewireConfig(**config), ME)  # type: ignore[arg-type]


def test_a_run_that_would_work_passes_every_step_and_nothing_is_made(home: Home) -> None:
    names = sorted(home.lake.export(tables=3).tables)
    found = look(home, exceptions=[names[0]])
    assert found.can_start
    assert (found.tables_chosen, found.tables_total) == (2, 3)
    assert {step.state for step in found.steps} == {"ok"}
    assert (found.waits_for, found.usual) == ([], None)
    assert not Path(home.lake.target_url).exists()
    assert home.runs.page(10, 0, [])[1] == 0


def test_what_is_pending_is_said_once_every_chosen_table_has_been_counted(home: Home) -> None:
    home.lake.export(tables=2, folders=3)
    assert look(home).pending is None
    home.refresh()
    found = look(home)
    assert found.pending is not None
    assert (found.pending.tables, found.pending.folders) == (2, 6)
    assert found.pending.bytes > 0
    (room,) = [step for step in found.steps if step.name == "target.space"]
    assert "are needed" in room.sentence


def test_after_a_run_nothing_is_pending_although_it_was_counted_before(home: Home) -> None:
    home.lake.export(tables=2, folders=3)
    home.refresh()
    home.ended(home.start())
    # Read, and not counted anew: the counts are of the tables before the run.
    home.refresh(*home.lake.manifest())

    pending = look(home).pending

    assert pending is not None
    assert (pending.tables, pending.folders, pending.bytes) == (0, 0, 0)


def test_a_source_that_is_not_there_is_said_before_the_start(home: Home) -> None:
    found = look(home)
    assert not found.can_start
    assert (found.tables_chosen, found.tables_total) == (None, None)
    assert [step.code for step in found.steps if step.state == "failed"] == ["OBJECT_NOT_FOUND"]


def test_the_run_it_would_wait_for_is_named_with_the_tables(home: Home) -> None:
    names = sorted(home.lake.export(tables=3).tables)
    running = home.start(table_names=names[:2])
    (wait,) = look(home, table_names=names[1:]).waits_for
    assert (wait.run_id, wait.tables) == (running, [names[1]])
    assert wait.reason == f"Waits for run {running} because of {names[1]}."


def test_where_the_manifest_cannot_be_read_the_index_knows_the_names(home: Home) -> None:
    names = sorted(home.lake.export(tables=2).tables)
    home.refresh()
    running = home.start()
    home.lake.source.delete("manifest.json")
    (wait,) = look(home, table_names=["*"]).waits_for
    assert (wait.run_id, wait.tables) == (running, names)


def test_what_a_start_refuses_the_preflight_refuses_too(home: Home) -> None:
    with pytest.raises(UsageError, match="NO_CONNECTION"):
        look(home, connection="nowhere")
    with pytest.raises(UsageError, match="INLINE_KEYS_INCOMPLETE"):
        look(home, aws_access_key_id="AKIA")
