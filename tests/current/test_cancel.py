"""A cancel ends the refresh of a current table: soon, leaving its old version, losing nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cdalake.current.duck import Duck, duck
from cdalake.current.halt import Cancelled, Halt
from cdalake.current.ranges import Shape
from cdalake.storage import Store
from current.raw import Raw, change
from faults import Call, Faults, FaultStore

ENDLESS = "SELECT count(*) FROM range(100_000_000_000) t(i) WHERE hash(i) = 1"
SMALL_FILES = Shape(smallest=1, largest=1, rows_in_group=2048)


def once_asked(times: int) -> Callable[[], bool]:
    """Says no so many times, then yes."""
    answers: Iterator[bool] = iter([False] * times)
    return lambda: next(answers, True)


def in_place(db: Duck) -> None:
    db.run(ENDLESS)


def beside(db: Duck) -> None:
    with db.beside() as other:
        other.rows(ENDLESS)


@pytest.mark.parametrize("statement", [in_place, beside])
def test_a_statement_that_would_take_for_ever_ends(statement: Callable[[Duck], None]) -> None:
    """The first question comes before the statement, the others while it runs."""
    with pytest.raises(Cancelled), duck(halt=Halt(once_asked(1))) as db:
        statement(db)


def test_a_second_database_is_listened_for_too() -> None:
    """Whoever lost a commit to another writer begins again."""
    halt = Halt(once_asked(2))
    with duck(halt=halt) as first:
        first.run("SELECT 1")

    with pytest.raises(Cancelled), duck(halt=halt) as second:
        second.run(ENDLESS)


def test_no_statement_begins_after_a_cancel() -> None:
    with pytest.raises(Cancelled), duck(halt=Halt(lambda: True)) as db:
        db.run("this would be no SQL")


def test_what_breaks_off_after_a_cancel_is_no_error() -> None:
    """An interrupt may meet DuckDB anywhere, not only in a statement."""
    with pytest.raises(Cancelled), duck(halt=Halt(lambda: True)) as db:
        db.connection.execute("SELECT error('interrupted')")


@pytest.fixture(params=["increment", "anew"])
def behind(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Raw, bool]:
    """A current table of many files that knows one commit of two, and how it is to catch up."""
    raw = Raw(Store.open(str(tmp_path / "lake")))
    raw.append([change(i, i, 2) for i in range(1, 6000)])
    raw.refresh(shape=SMALL_FILES)
    raw.append([change(1, 6001, 1), change(5500, 6002, name="new"), change(9000, 6003)])
    return raw, request.param == "anew"


def test_a_cancel_at_any_write_leaves_the_old_version_or_the_new(
    behind: tuple[Raw, bool],
) -> None:
    """R37: never anything between; and whoever comes next does all of it, in the same way."""
    raw, anew = behind
    old, live, number = raw.current, files_in(raw), 0
    while raw.current == old:
        number += 1
        cancel = At(number)
        store = Faults(cancel).open(raw.store.url)
        try:
            Raw(store, raw.changes).refresh(
                shape=SMALL_FILES, anew=anew, is_cancelled=cancel.is_reached
            )
        except Cancelled:
            assert raw.current == old
            assert files_in(raw) == live, "what nobody will name is gone again"
    assert number > 3, "files and two commits"
    raw.refresh(shape=SMALL_FILES)
    assert raw.state() == raw.oracle()


class At:
    """Cancels as the `number`-th storage call that is no look begins."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.seen = 0

    def is_reached(self) -> bool:
        return self.seen >= self.number

    def __call__(self, _: FaultStore, call: Call, action: Callable[[], Any]) -> Any:
        self.seen += call.operation not in {"list", "get", "get_tail"}
        return action()


def files_in(raw: Raw) -> set[str]:
    """Data files in the folder of the current table, whether a version names them or not."""
    found = raw.store.list("_current/t")
    return {
        info.path for info in found if info.path.endswith(".parquet") and "_log" not in info.path
    }
