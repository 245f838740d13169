"""What to type about a table that a person has to put right."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from glob import escape

from cdalake.errors import Choice, Problem

COMMANDS = {
    Choice.ACCEPT: ("accept",),
    Choice.RESYNC: ("resync", "--since", "TIME"),
    Choice.REBUILD: ("rebuild",),
    Choice.REPAIR: ("verify", "--repair"),
    Choice.QUARANTINE: ("quarantine",),
}
"""To wait is none: nothing is typed."""


def remedies(problem: Problem, table: str, places: Sequence[str]) -> Iterator[str]:
    """A command for each choice about `table`, to be pasted as it is.

    Args:
        places: the arguments that say where export and tables are.
    """
    for choice in problem.choices:
        if words := COMMANDS.get(choice):
            command, *options = words
            about = _files(problem) if choice is Choice.QUARANTINE else []
            whole = ["cdalake", command, *places, "--table", escape(table), *options, *about]
            yield shlex.join(whole)


def _files(problem: Problem) -> list[str]:
    return ["--file", problem.subject or "KEY"]
