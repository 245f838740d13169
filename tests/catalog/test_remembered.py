from __future__ import annotations

import random
from typing import Any

import pytest

from cdalake.catalog.changes import ChangeLog
from cdalake.catalog.database import Database
from cdalake.catalog.filters import Filter
from cdalake.catalog.finding import TableFinder
from cdalake.catalog.remembered import Remembered
from cdalake.catalog.tables import BLANK, TableIndex


def row(connection: str, name: str) -> dict[str, Any]:
    return {**BLANK, "connection": connection, "name": name, "app": "cc", "is_typelist": False}


class Asked:
    """Asks one question, and counts how often it had to be answered anew."""

    def __init__(self, database: Database) -> None:
        self.database, self.times, self._remembered = database, 0, Remembered()

    def __call__(self, connection: str, question: str = "how many?") -> int:
        def answer() -> int:
            self.times += 1
            return self.times

        with self.database.reading() as reader:
            return self._remembered.ask(reader, connection, question, answer)


def test_an_answer_is_kept_until_a_table_of_its_connection_changes(
    database: Database, index: TableIndex
) -> None:
    ask = Asked(database)
    index.save([row("a", "cc_claim")], {})
    assert (ask("a"), ask("a"), ask("a", "which?")) == (1, 1, 2)

    index.save([row("b", "cc_claim")], {})
    assert ask("a") == 1

    index.remove("a", ["cc_claim"])
    assert ask("a") == 3


def test_a_change_stays_one_when_old_notes_are_forgotten(
    database: Database, index: TableIndex
) -> None:
    ask, notes = Asked(database), ChangeLog(database)
    assert ask("a") == 1

    index.save([row("a", "cc_claim")], {})
    index.save([row("b", "cc_claim")], {})
    notes.forget(notes.newest())

    assert ask("a") == 2
    notes.forget(notes.newest())
    assert ask("a") == 2


def test_a_list_that_is_counted_again_counts_what_has_come(
    database: Database, index: TableIndex
) -> None:
    finder = TableFinder(database)
    names = ["bc_bill", "cc_claim", "cc_claim2"]
    for number, name in enumerate(names, 1):
        index.save([row("a", name)], {name: ["id", "amount"]})
        assert finder.census(Filter(("a", "b"))).total == number
        assert finder.column_names(["a", "b"], "ID", 5) == [("id", number)]
        assert [found for _, found, _ in finder.names(["b", "a"])] == names[:number]


@pytest.mark.parametrize("seed", range(5))
def test_whatever_happens_a_kept_answer_is_the_true_one(database: Database, seed: int) -> None:
    index, finder, notes = TableIndex(database), TableFinder(database), ChangeLog(database)
    chance, saved = random.Random(seed), set[str]()
    for number in range(40):
        step = chance.choice(["save", "save", "remove", "forget", "ask"])
        if step == "save":
            index.save([row("a", f"t{number}")], {})
            saved.add(f"t{number}")
        elif step == "remove" and saved:
            index.remove("a", [saved.pop()])
        elif step == "forget":
            notes.forget(notes.newest())
        assert finder.census(Filter(("a",))).total == len(saved)
