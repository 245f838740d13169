"""R24: a process that ends at any storage call costs time, never a row (R21, R22, R32, R59)."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cdalake.samples import Export
from cdalake.storage import Store
from conftest import Lake
from faults import DIED, LEAVES_HALF, Call, Graveyard, Told, Truth, quiet_sync, told

MOMENTS = pytest.mark.parametrize("moment", ["before", "after", "midway"])


@pytest.fixture
def graveyard() -> Iterator[Graveyard]:
    with Graveyard.opened() as opened:
        yield opened


@dataclass(frozen=True)
class Story:
    """A run that is to be interrupted, and what it comes to when it is not.

    Attributes:
        begin: makes the target of one interrupted run, as it was before that run.
        calls: every storage call of the run, in order.
    """

    source: str
    truth: Truth
    begin: Callable[[str], None]
    calls: list[Call]
    outcome: dict[str, Told]
    options: dict[str, Any]

    @classmethod
    def told(
        cls,
        lake: Lake,
        export: Export,
        begin: Callable[[str], None] = lambda _: None,
        **options: Any,
    ) -> Story:
        """Run once without any interruption."""
        target, truth = f"{lake.target_url}-whole", Truth.of(export)
        begin(target)
        result, calls = quiet_sync(lake.source_url, target, **options)
        assert result.status == "completed"
        truth.check(Store.open(target))
        outcome = {name: told(Store.open(target), name) for name in export.tables}
        return cls(lake.source_url, truth, begin, calls, outcome, options)

    def interrupt(self, graveyard: Graveyard, target: str, call: Call, moment: str) -> None:
        """End the run at `call`, sync again, and hold the tables against the outcome."""
        self.begin(target)
        corpse = graveyard.bury(self.source, target, call.number, moment, **self.options)
        assert corpse == (DIED, [call.operation, call.path])
        again, _ = quiet_sync(self.source, target, **self.options)
        assert again.status == "completed", again
        self.check(Store.open(target))

    def check(self, target: Store) -> None:
        self.truth.check(target)
        for table, whole in self.outcome.items():
            now = told(target, table)
            assert now.stats == whole.stats
            assert now.sizes == whole.sizes
            assert now.cursors == whole.cursors

    def moments(self, moment: str) -> list[Call]:
        """The calls that can be interrupted at that moment."""
        if moment != "midway":
            return self.calls
        return [call for call in self.calls if call.operation in LEAVES_HALF]


def interrupt_everywhere(story: Story, graveyard: Graveyard, place: Path, moment: str) -> None:
    for call in story.moments(moment):
        target = place / "interrupted"
        story.interrupt(graveyard, str(target), call, moment)
        shutil.rmtree(target)


@MOMENTS
def test_a_first_load_that_ends_at_any_storage_call_ends_in_the_same_tables(
    lake: Lake, graveyard: Graveyard, tmp_path: Path, moment: str
) -> None:
    export = lake.export(tables=3, folders=6, rows=8)
    story = Story.told(lake, export)
    assert len({file.fingerprint for file in export.files("cc_claim")}) == 2
    assert {"get", "list", "copy", "get_tail", "put_new"} <= {c.operation for c in story.calls}

    interrupt_everywhere(story, graveyard, tmp_path, moment)


@MOMENTS
def test_a_later_run_that_ends_at_any_storage_call_ends_in_the_same_tables(
    lake: Lake, graveyard: Graveyard, tmp_path: Path, moment: str
) -> None:
    lake.export(tables=3, folders=4, rows=8)
    lake.sync()
    export = lake.extend(3)  # a second schema begins, and a half-written folder is completed
    story = Story.told(lake, export, begin=lambda target: share(lake.target_url, target))
    assert "put_if" in {call.operation for call in story.calls}

    interrupt_everywhere(story, graveyard, tmp_path, moment)


@MOMENTS
def test_a_run_that_ends_around_a_checkpoint_ends_in_the_same_tables(
    lake: Lake, graveyard: Graveyard, tmp_path: Path, moment: str
) -> None:
    lake.export(tables=1, folders=52, rows=4)
    lake.sync(commit_per_folder=True)
    assert lake.table("cc_claim").version == 48
    export = lake.extend(2)
    story = Story.told(
        lake,
        export,
        begin=lambda target: share(lake.target_url, target),
        commit_per_folder=True,
    )
    assert "checkpoint" in {call.operation for call in story.calls}

    interrupt_everywhere(story, graveyard, tmp_path, moment)


def share(lake: str, target: str) -> None:
    """The same files under another name: tags and times of a folder's objects stay as they are."""
    shutil.copytree(lake, target, copy_function=os.link)


def test_a_run_that_is_interrupted_again_and_again_ends_in_the_same_tables(
    lake: Lake, graveyard: Graveyard
) -> None:
    export = lake.export(tables=3, folders=6, rows=8)
    story = Story.told(lake, export, commit_per_folder=True)

    number, deaths = 1, 0
    while (
        graveyard.bury(story.source, lake.target_url, number, "after", commit_per_folder=True).code
        == DIED
    ):
        number, deaths = number + 3, deaths + 1

    assert deaths > 10
    story.check(lake.target)
