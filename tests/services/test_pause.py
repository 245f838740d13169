"""Runs of a connection can be paused: those that wait go on waiting, those that run go on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cdalake.bootstrap import build
from cdalake.catalog.pauses import Pauses
from cdalake.engine.progress import RunState
from cdalake.engine.recorder import RunRecorder
from cdalake.errors import NotFound, RunConflict
from cdalake.models.connection import ConnectionValues, NewConnection
from cdalake.models.guidewire import GuidewireConfig

from .conftest import ME

if TYPE_CHECKING:
    from .conftest import Home


def test_a_run_of_a_paused_connection_waits_and_says_for_whom_until_it_is_resumed(
    home: Home,
) -> None:
    home.lake.export(tables=1)
    assert home.services.sources.pause("default", "ana")
    run_id = home.start()

    home.look()

    waiting = home.run(run_id)
    assert (waiting.state, waiting.process) == (RunState.PENDING, None)
    assert waiting.waiting_reason == "Waits because ana paused the runs of default."

    assert home.services.sources.resume("default")
    assert home.ended(run_id).state is RunState.COMPLETED
    assert home.run(run_id).waiting_reason is None


def test_a_run_that_goes_on_is_not_touched_by_a_pause(home: Home) -> None:
    home.lake.export(tables=1)
    run_id = home.start()
    home.until(run_id, lambda run: run.process is not None)

    home.services.sources.pause("default", "ana")

    assert home.ended(run_id).state is RunState.COMPLETED


def test_a_run_that_has_begun_is_followed_although_its_starter_died_before_it_said_so(
    home: Home,
) -> None:
    home.lake.export(tables=1)
    run_id = home.start()
    home.services.sources.pause("default", "ana")
    directory = home.directory(run_id)
    directory.begin_attempt(1, home.run(run_id).spec)
    recorder = RunRecorder(directory, run_id)  # this process is the one that was started

    home.look()

    run = home.run(run_id)
    assert (run.state, run.waiting_reason) == (RunState.RUNNING, None)
    recorder.close(None)


def test_a_connection_whose_runs_wait_is_not_removed(home: Home) -> None:
    home.lake.export(tables=1)
    sources = home.services.sources
    values = ConnectionValues(source=home.lake.source_url, target=home.lake.target_url)
    other = sources.add(NewConnection(name="other", values=values), "ana", preview=False)
    sources.pause("other", "ana")
    run_id = home.start(connection="other")

    with pytest.raises(RunConflict, match=f"Run {run_id} of the connection 'other'"):
        sources.remove("other", other.revision)

    home.services.guidewire.cancel(run_id)
    sources.remove("other", other.revision)


def test_a_paused_run_can_be_cancelled(home: Home) -> None:
    home.lake.export(tables=1)
    home.services.sources.pause("default", "ana")
    run_id = home.start()
    home.look()

    home.services.guidewire.cancel(run_id)

    assert home.ended(run_id).state is RunState.CANCELLED


def test_the_preflight_says_that_the_run_would_wait(home: Home) -> None:
    home.lake.export(tables=1)
    assert home.services.preflight.look(GuidewireConfig(), ME).pause is None
    home.services.sources.pause("default", "ana")

    found = home.services.preflight.look(GuidewireConfig(), ME)

    assert found.can_start
    assert found.pause == "Waits because ana paused the runs of default."


def test_a_connection_shows_who_paused_it_first_and_others_are_not_paused(home: Home) -> None:
    sources = home.services.sources
    values = ConnectionValues(source="/source", target="/target")
    other = sources.add(NewConnection(name="other", values=values), "ana", preview=False)
    assert [sources.pause("default", who) for who in ("ana", "ben")] == [True, False]

    pause = sources.get("default").pause

    assert pause is not None
    assert pause.by == "ana"
    assert sources.get("other").pause is None
    sources.pause("other", "ana")
    sources.remove("other", other.revision)
    sources.add(NewConnection(name="other", values=values), "ben", preview=False)
    assert sources.get("other").pause is None
    assert [sources.resume("default"), sources.resume("default")] == [True, False]


def test_the_runs_of_a_connection_that_is_gone_are_resumed_like_any_other(home: Home) -> None:
    home.lake.export(tables=1)
    home.services.sources.pause("default", "ana")
    run_id = home.start()
    before, bare = home.services, replace(home.settings, connections={})
    home.services = build(bare, {})  # it was taken out of the configuration
    home.look()
    assert home.run(run_id).state is RunState.PENDING
    assert [each.connection for each in home.services.dashboard.overview().paused] == ["default"]

    assert home.services.sources.resume("default")

    assert home.ended(run_id).state is RunState.COMPLETED
    before.database.close()


def test_a_pause_that_another_connection_left_is_not_about_a_new_one_of_its_name(
    home: Home,
) -> None:
    Pauses(home.services.database).begin("other", "ana")
    values = ConnectionValues(source="/source", target="/target")

    home.services.sources.add(NewConnection(name="other", values=values), "ben", preview=False)

    assert home.services.sources.get("other").pause is None


def test_a_connection_that_is_not_there_cannot_be_paused(home: Home) -> None:
    for act in (
        lambda: home.services.sources.pause("no", "ana"),
        lambda: home.services.sources.resume("no"),
    ):
        with pytest.raises(NotFound, match="There is no connection 'no'"):
            act()
