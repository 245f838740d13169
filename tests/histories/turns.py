"""Two runs that take turns by dice at every storage call, and runs that die."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from random import Random
from typing import Any

from faults import Action, Call, FaultStore, Script

PATIENCE_S = 60


class Abort(BaseException):
    """The process ended here: no `except Exception` sees it, and nothing works afterwards."""


@dataclass
class Ending:
    """Ends a run at its call `number`, before or after it took effect."""

    number: int
    is_after: bool
    is_dead: bool = False

    def __call__(self, _: FaultStore, call: Call, action: Action) -> Any:
        if not self.is_dead and call.number < self.number:
            return action()
        was_dead, self.is_dead = self.is_dead, True
        if self.is_after and not was_dead:
            action()
        raise Abort


class Turns:
    """Lets one of several runs go on, from one storage call to the next."""

    def __init__(self, dice: Random, parties: int) -> None:
        self._dice = dice
        self._turn = threading.Condition()
        self._present = set(range(parties))
        self._waiting: list[tuple[int, str, Call]] = []
        self._chosen: tuple[int, str, Call] | None = None

    def of(self, party: int, within: Script) -> Script:
        """The script of one of them; `within` carries its calls out."""

        def script(store: FaultStore, call: Call, action: Action) -> Any:
            self._await((party, call.path, call))
            return within(store, call, action)

        return script

    def leave(self, party: int) -> None:
        """This one is done: the others go on without it."""
        with self._turn:
            self._present.discard(party)
            self._choose()

    def _await(self, ticket: tuple[int, str, Call]) -> None:
        with self._turn:
            self._waiting.append(ticket)
            self._choose()
            if not self._turn.wait_for(lambda: self._chosen is ticket, PATIENCE_S):
                raise TimeoutError("a run never came to its next storage call")
            self._waiting.remove(ticket)
            self._chosen = None
            self._choose()

    def _choose(self) -> None:
        """Once everybody waits: who reads its log reads many commits at once."""
        parties = {party for party, _, _ in self._waiting}
        if self._chosen is None and self._present and parties == self._present:
            party = self._dice.choice(sorted(parties))
            self._chosen = min(ticket for ticket in self._waiting if ticket[0] == party)
            self._turn.notify_all()
