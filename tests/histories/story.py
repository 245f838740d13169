"""One history: what happens to an export and its tables, and how it must end."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from cdalake.engine.job import epoch_ms
from cdalake.engine.progress import RunResult
from cdalake.engine.spec import Action
from cdalake.errors import StoreUnavailable
from cdalake.storage import Location, Store, parse_location
from cdalake.storage.location import MEMORY
from faults import Script, difference, quiet_sync
from histories.foreign import CHANGES_ROWS, ByDeltaRs, ByHand, Log, Tools, meddle
from histories.turns import Abort, Ending, Turns
from histories.world import LIFETIME_MS, World, as_cells

LONG_AGO_MS = 1_680_000_000_000
HELD = {"FOLDER_INCOMPLETE"}
"""How a table may end as long as its export is incomplete."""


@dataclass(frozen=True)
class Place:
    """Where a history happens.

    Attributes:
        locate: reads the two URLs.
        tools: other tools that reach it.
    """

    source_url: str
    target_url: str
    locate: Callable[[str], Location] = parse_location
    tools: Tools = field(default_factory=ByDeltaRs)

    @classmethod
    def in_memory(cls, name: str) -> Place:
        """In two stores of this process."""
        return cls(f"{name}-source", f"{name}-target", _at_name, ByHand())

    def store(self, url: str) -> Store:
        """One of the two stores."""
        return Store(self.locate(url))

    def clear(self) -> None:
        """Leave nothing behind."""
        for url in (self.source_url, self.target_url):
            store = self.store(url)
            for info in store.list():
                store.delete(info.path)


def _at_name(name: str) -> Location:
    return Location(MEMORY, name, "")


@dataclass
class LostAnswer:
    """Call `number` takes effect, and nobody learns of it."""

    number: int

    def __call__(self, _: Any, call: Any, action: Callable[[], Any]) -> Any:
        answer = action()
        if call.number == self.number:
            raise StoreUnavailable("STORE_UNAVAILABLE", "The answer was lost.", "Try again.")
        return answer


class History:
    """A life by dice. `seed` tells it again; a failure names it."""

    def __init__(self, seed: int, place: Place) -> None:
        self.seed, self.place, self.dice = seed, place, Random(seed)
        self.target = place.store(place.target_url)
        is_recent = self.dice.random() < 0.5
        started = epoch_ms() - LIFETIME_MS if is_recent else LONG_AGO_MS
        tables = self.dice.choices([1, 2, 3], [5, 3, 1])[0]
        self.world = World(place.store(place.source_url), self.dice, started, tables)
        self.per_folder = self.dice.random() < 0.4
        self.happened: Counter[str] = self.world.happened
        self.changed: set[str] = set()
        self.has_current = self.dice.random() < 0.2

    def live(self) -> Counter[str]:
        """Let it happen and see that it ended well; what it contained."""
        for _ in range(self.dice.randint(4, 9)):
            for _ in range(self.dice.randint(1, 3)):
                self._let_something_happen()
            if self.dice.random() < 0.7:
                self.world.announce()
                self._work()
            if self.dice.random() < 0.12:
                self._meddle()
        self._end()
        return Counter(dict.fromkeys(self.happened, 1))

    def _let_something_happen(self) -> None:
        world = self.world
        events: dict[Callable[[], None], int] = {
            world.grow: 10,
            world.change_schema: 3,
            world.interleave: 2,
            world.deliver_late: 2,
            world.insert_folder: 1,
            world.promise: 1,
            world.keep_promise: 2,
            world.soil: 1,
        }
        self.dice.choices(list(events), list(events.values()))[0]()

    def _work(self) -> None:
        """A run, or two, or one that does not come to its end."""
        kinds = {self._run: 5, self._crash: 3, self._lose_an_answer: 1, self._run_two: 2}
        self.dice.choices(list(kinds), list(kinds.values()))[0]()

    def _meddle(self) -> None:
        table = self.dice.choice(self.world.tables)
        what = meddle(self.place.tools, self.target, table.name, self.dice)
        if what:
            self.happened["foreign commit"] += 1
            self.happened[what] += 1
        if what in CHANGES_ROWS:
            self.changed.add(table.name)
        if self.changed and self.dice.random() < 0.5:
            self._choose()

    def _choose(self) -> None:
        """Each changed table is held and says so; a person has it built anew, or read again."""
        result = self._sync(rest_seconds=0)
        held = {t.table for t in result.tables if t.error and t.error.code == "CHANGED_OUTSIDE"}
        assert held == self.changed, (self.seed, held, self.changed)
        for table in sorted(held):
            self.happened["held table"] += 1
            self._have_put_right(table)
        self.changed.clear()

    def _have_put_right(self, table: str) -> None:
        if self.dice.random() < 0.5:
            chosen = self._sync(include=(table,), action=Action.RESYNC, since=0)
            self.check_codes(chosen, HELD | {"CANNOT_RESYNC"})
            if chosen.tables[0].error is None:
                return
        self.check_codes(self._sync(include=(table,), action=Action.REBUILD), HELD)

    def _sync(self, script: Script | None = None, **options: Any) -> RunResult:
        has_current = self.has_current and self.dice.random() < 0.5
        options = {"current": has_current, **options}
        options |= {"commit_per_folder": self.per_folder, "locate": self.place.locate}
        return quiet_sync(self.place.source_url, self.place.target_url, script, **options)[0]

    def _run(self) -> None:
        self.check_codes(self._sync(), HELD)

    def _some_call(self) -> int:
        return int(self.dice.triangular(1, 12 + 14 * len(self.world.tables), 4))

    def _crash(self) -> None:
        ending = Ending(self._some_call(), self.dice.random() < 0.5)
        self._sync_until(ending)

    def _sync_until(self, ending: Ending, script: Script | None = None) -> None:
        try:
            result = self._sync(script or ending)
        except Abort:
            self.happened["crash"] += 1
            return
        if ending.is_dead:  # DuckDB, in the middle of a read, makes an error of its own of it
            self.happened["crash"] += 1
        else:
            self.check_codes(result, HELD)

    def _lose_an_answer(self) -> None:
        self.happened["lost answer"] += 1
        result = self._sync(LostAnswer(self._some_call()))
        self.check_codes(result, HELD | {"STORE_UNAVAILABLE", "CURRENT_FAILED"})

    def _run_two(self) -> None:
        """Two runs that take turns; now and then one of them dies."""
        self.happened["two writers"] += 1
        turns = Turns(self.dice, 2)
        dies = Ending(self._some_call(), self.dice.random() < 0.5)
        first = dies if self.dice.random() < 0.3 else Ending(10**9, is_after=False)
        failures: list[BaseException] = []
        endings = [first, Ending(10**9, is_after=False)]
        threads = [
            threading.Thread(target=self._take_part, args=(turns, n, ending, failures))
            for n, ending in enumerate(endings)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failures:
            raise failures[0]

    def _take_part(
        self, turns: Turns, party: int, ending: Ending, failures: list[BaseException]
    ) -> None:
        try:
            self._sync_until(ending, turns.of(party, ending))
        except BaseException as failure:  # noqa: BLE001 - raised again by the thread that waits
            failures.append(failure)
        finally:
            turns.leave(party)

    def _end(self) -> None:
        """A last run: everything is there, and a run after it has nothing to do."""
        self.world.settle()
        if self.changed:
            self._choose()
        self.check_codes(self._sync(rest_seconds=0, current=self.has_current), set())
        again = self._sync(current=self.has_current)
        states = {table.status for table in again.tables}
        assert states == {"no_change"}, (self.seed, states)
        for table in self.world.tables:
            self._check(table.name)

    def _check(self, name: str) -> None:
        table = next(table for table in self.world.tables if table.name == name)
        log = Log.read(self.target, name)
        rows = Counter(map(as_cells, self.place.tools.rows(self.target, name)))
        assert difference(table.rows(), rows) == {}, (self.seed, name)
        assert {n.lower() for n in log.schema.names} == table.columns(), (self.seed, name)
        assert len(log.added) == len(set(log.added)), (self.seed, name)
        if self.has_current:
            self.happened["current table"] += 1
            current = self.place.tools.rows(self.target, f"_current/{name}")
            there = Counter(map(as_cells, current))
            assert difference(table.live_rows(), there) == {}, (self.seed, name, "current")

    def check_codes(self, result: RunResult, allowed: set[str]) -> None:
        """No table ended in a way that nobody expects."""
        unexpected = [
            (table.table, table.error)
            for table in result.tables
            if table.error is not None
            and table.error.code not in allowed
            and not (table.table in self.changed and table.error.code == "CHANGED_OUTSIDE")
        ]
        assert unexpected == [], (self.seed, unexpected)
        assert result.error is None or result.error.code in allowed, (self.seed, result.error)


def in_memory(seed: int) -> Counter[str]:
    """Live one history in memory and forget it; what it contained."""
    place = Place.in_memory(f"history-{seed}")
    try:
        return History(seed, place).live()
    finally:
        place.clear()
