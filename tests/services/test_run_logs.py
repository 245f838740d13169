"""A run's log over the service: filters, searches, text; and what is left of damaged ones."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from cdalake.engine.progress import Level, RunState
from cdalake.errors import RunNotFound
from cdalake.services import run_logs
from cdalake.services.queries import LogQuery

if TYPE_CHECKING:
    from .conftest import Home

BEGAN = datetime(2026, 11, 23, 9, 46, 30, tzinfo=UTC)


def log_of(home: Home, events: list[dict[str, Any]]) -> str:
    """A run that ended long ago and said this, one event a second."""
    run_id = home.start()
    home.runs.end(home.run(run_id), RunState.COMPLETED, None)
    directory = home.directory(run_id)
    directory.path.mkdir(parents=True)
    lines = []
    for number, event in enumerate(events):
        at = (BEGAN + timedelta(seconds=number)).isoformat(timespec="milliseconds")
        told = {"level": "info", "kind": "log", "table": None, "data": {}, **event}
        lines.append(json.dumps({**told, "at": at.replace("+00:00", "Z")}))
    (directory.path / f"events-000000001-{len(lines):06d}.jsonl").write_text("\n".join(lines))
    return run_id


EVENTS = [
    {"message": "began", "attempt": 1},
    {"message": "Read Äpfel", "table": "cc_a", "attempt": 1},
    {"message": 'refused "x"', "table": "cc_a", "level": "error", "attempt": 1},
    {"message": "slow", "table": "cc_b", "level": "warning"},
    {"message": "Refused again", "table": "cc_b", "level": "error", "attempt": 2},
]


@pytest.mark.parametrize(
    ("query", "lines"),
    [
        (LogQuery(), [1, 2, 3, 4, 5]),
        (LogQuery(table="cc_a"), [2, 3]),
        (LogQuery(level=Level.ERROR), [3, 5]),
        (LogQuery(level=Level.WARNING), [3, 4, 5]),
        (LogQuery(text="REFUSED"), [3, 5]),
        (LogQuery(text='"x"'), [3]),
        (LogQuery(text="äpfel"), [2]),
        (LogQuery(attempt=1), [1, 2, 3, 4]),
        (LogQuery(attempt=2), [5]),
        (LogQuery(since=BEGAN + timedelta(seconds=3)), [4, 5]),
        (LogQuery(until=BEGAN + timedelta(seconds=1)), [1, 2]),
        (LogQuery(text="refused", table="cc_b", level=Level.ERROR), [5]),
        (LogQuery(after=3, text="refused"), [5]),
    ],
)
def test_filters_let_through_what_they_say(home: Home, query: LogQuery, lines: list[int]) -> None:
    run_id = log_of(home, EVENTS)
    page = home.services.logs.page(run_id, query)
    assert [line.line for line in page.lines] == lines
    assert page.next_offset == 5
    hits = home.services.logs.hits(run_id, query)
    assert (hits.lines, hits.next_offset, hits.last_line, hits.is_final) == (lines, 5, 5, True)
    whole = replace(query, after=0)
    text = "".join(home.services.logs.text(run_id, query))
    assert text.count("\n") == len(home.services.logs.hits(run_id, whole).lines)


def test_text_names_time_level_and_table(home: Home) -> None:
    run_id = log_of(home, EVENTS)
    text = "".join(home.services.logs.text(run_id, LogQuery(level=Level.ERROR)))
    assert text.splitlines() == [
        '2026-11-23T09:46:32.000Z ERROR   [cc_a] refused "x"',
        "2026-11-23T09:46:34.000Z ERROR   [cc_b] Refused again",
    ]


def test_a_long_text_comes_in_pieces(home: Home) -> None:
    run_id = log_of(home, [{"message": f"m{n}"} for n in range(run_logs.TEXT_LINES + 1)])
    pieces = list(home.services.logs.text(run_id, LogQuery()))
    assert [piece.count("\n") for piece in pieces] == [run_logs.TEXT_LINES, 1]


def test_a_search_behind_the_end_finds_nothing_and_stays_there(home: Home) -> None:
    run_id = log_of(home, EVENTS)
    hits = home.services.logs.hits(run_id, LogQuery(after=9))
    assert (hits.lines, hits.next_offset, hits.last_line) == ([], 9, 9)


def test_a_damaged_line_is_shown_and_never_lost_to_a_filter_of_errors(home: Home) -> None:
    run_id = log_of(home, EVENTS)
    (chunk,) = home.directory(run_id).path.glob("events-*.jsonl")
    chunk.write_text(chunk.read_text()[:-40])
    page = home.services.logs.page(run_id, LogQuery(level=Level.ERROR))
    assert [(line.line, line.kind) for line in page.lines][-1] == (5, "damaged")


def test_a_run_that_nobody_knows_has_no_log(home: Home) -> None:
    for ask in (home.services.logs.page, home.services.logs.hits, home.services.logs.text):
        with pytest.raises(RunNotFound):
            ask("no-such-run", LogQuery())
