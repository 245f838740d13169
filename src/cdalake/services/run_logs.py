"""A run's log: a page of it, where something stands in it, all of it as text."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from cdalake.catalog.runs import Run, RunStore
from cdalake.engine.manifests import Manifests
from cdalake.engine.progress import Level, iso
from cdalake.engine.rundir import RunDirectory
from cdalake.errors import NotFound, RunNotFound
from cdalake.models.guidewire import LogHits, LogLine, LogPage
from cdalake.services import run_views
from cdalake.services.queries import LogQuery

SEVERITY = {Level.INFO: 0, Level.WARNING: 1, Level.ERROR: 2}
SCANNED = 50_000
"""Lines a filtered page looks at before it answers with where to go on."""
SEARCHED = 250_000
"""... and a search, which gives numbers only."""
TEXT_LINES = 500


class RunLogs:
    """Reads the logs of runs.

    Args:
        runs: folder of the run directories.
    """

    def __init__(self, store: RunStore, runs: Path) -> None:
        self._store = store
        self._runs = runs

    def page(self, run_id: str, query: LogQuery) -> LogPage:
        """Log lines after a number.

        Raises:
            RunNotFound: there is no such run.
        """
        run, directory = self._of(run_id)
        told = directory.told_lines
        lines: list[LogLine] = []
        seen = query.after
        # Many wait for the next line of a run that goes on: no look at its chunks for nothing.
        if told > query.after or run.state.is_final:
            lines, seen = _page(directory, query)
        return LogPage(
            lines=lines,
            next_offset=seen,
            last_line=max(told, lines[-1].line if lines else 0),
            is_final=run.state.is_final,
        )

    def hits(self, run_id: str, query: LogQuery) -> LogHits:
        """Numbers of the lines that match, over so many lines after a number.

        Raises:
            RunNotFound: there is no such run.
        """
        run, directory = self._of(run_id)
        last = directory.last_line()
        scanned = min(SEARCHED, max(0, last - query.after))
        found = [number for number, _ in _matching(directory, query, scanned)]
        return LogHits(
            lines=found,
            next_offset=query.after + scanned,
            last_line=max(last, query.after),
            is_final=run.state.is_final,
        )

    def text(self, run_id: str, query: LogQuery) -> Iterator[str]:
        """Every line that matches, as people read them, in pieces.

        Raises:
            RunNotFound: there is no such run.
        """
        _, directory = self._of(run_id)
        return _pieces(_matching(directory, replace(query, after=0), directory.last_line()))

    def manifest(self, run_id: str) -> bytes:
        """The manifest that the run's newest attempt was made from.

        Raises:
            NotFound: ``RUN_MANIFEST_GONE``.
            RunNotFound: there is no such run.
        """
        _, directory = self._of(run_id)
        document = Manifests(self._runs).read(manifest_of(directory) or "")
        if document is None:
            raise NotFound(
                "RUN_MANIFEST_GONE",
                f"The manifest of run {run_id} is not kept.",
                "Runs that read none have none; others are forgotten with the runs that had them.",
            )
        return document

    def _of(self, run_id: str) -> tuple[Run, RunDirectory]:
        run = self._store.get(run_id)
        if run is None:
            raise RunNotFound.with_id(run_id)
        # Ids come from our own table, never from a path of the request.
        return run, RunDirectory(self._runs / run_id)


def manifest_of(directory: RunDirectory) -> str | None:
    """The hash of the manifest that the run's newest attempt was made from; None before it was."""
    sha256: str | None = (directory.read("state.json") or {}).get("manifest_sha256")
    return sha256


def _page(directory: RunDirectory, query: LogQuery) -> tuple[list[LogLine], int]:
    """Lines that match, and the number of the last one looked at."""
    scanned = SCANNED if query.is_filtered else query.limit
    seen = min(query.after + scanned, max(directory.last_line(), query.after))
    lines: list[LogLine] = []
    for number, event in _matching(directory, query, seen - query.after):
        lines.append(run_views.log_line(number, event))
        if len(lines) == query.limit:
            return lines, number
    return lines, seen


def _matching(
    directory: RunDirectory, query: LogQuery, scanned: int
) -> Iterator[tuple[int, Mapping[str, Any]]]:
    found = directory.lines(query.after, scanned, _needles(query))
    return (line for line in found if _matches(line[1], query))


def _needles(query: LogQuery) -> Callable[[str], bool]:
    """What raw JSON must contain, lest a million lines are read for ten."""
    needles = []
    if query.table:
        needles.append(f'"table": {json.dumps(query.table)}'.lower())
    if query.level is Level.ERROR:
        needles.append('"level": "error"')
    if query.attempt and query.attempt > 1:
        needles.append(f'"attempt": {query.attempt}')
    if query.text.isascii():
        needles.append(json.dumps(query.text)[1:-1].lower())

    def may_matter(raw: str) -> bool:
        text = raw.lower()
        return all(needle in text for needle in needles)

    return may_matter if any(needles) else lambda _: True


def _matches(event: Mapping[str, Any], query: LogQuery) -> bool:
    if query.table and event["table"] != query.table:
        return False
    if query.level and SEVERITY[Level(event["level"])] < SEVERITY[query.level]:
        return False
    # Lines of older versions do not say their attempt.
    if query.attempt and event.get("attempt", 1) != query.attempt:
        return False
    return _is_in_time(event["at"], query) and query.text.lower() in event["message"].lower()


def _is_in_time(at: str, query: LogQuery) -> bool:
    after_since = query.since is None or at >= (iso(query.since) or "")
    return after_since and (query.until is None or at <= (iso(query.until) or ""))


def _pieces(found: Iterator[tuple[int, Mapping[str, Any]]]) -> Iterator[str]:
    piece: list[str] = []
    for number, event in found:
        piece.append(run_views.log_text(run_views.log_line(number, event)))
        if len(piece) == TEXT_LINES:
            yield "\n".join(piece) + "\n"
            piece = []
    if piece:
        yield "\n".join(piece) + "\n"
