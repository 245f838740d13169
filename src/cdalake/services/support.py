"""The support bundle: what a helper needs to know, in one file, without secrets or rows."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from cdalake.catalog.filters import Filter
from cdalake.catalog.finding import TableFinder
from cdalake.catalog.run_list import RunFilter, RunList
from cdalake.catalog.runs import Run, RunStore
from cdalake.catalog.tables import TableIndex
from cdalake.engine.progress import RunState, iso
from cdalake.engine.rundir import RunDirectory
from cdalake.models.table import Health
from cdalake.services.config_service import ConfigService
from cdalake.services.connections import Connections
from cdalake.services.observation import Observation
from cdalake.settings import Settings
from cdalake.telemetry.logs import NEWEST
from cdalake.telemetry.redact import redact

RUNS = 50
FAILED_RUNS = 10
EVENTS = 500
OUTPUT_BYTES = 64 * 1024
TABLES = 500
WELL = frozenset({RunState.COMPLETED, RunState.CANCELLED})
README = """What is in this file

system.json       versions, threads, index, runs, how long things take
metrics.txt       the same for machines
settings.json     every setting with its origin; secrets are references or masked
connections.json  what the last checks of each connection said
tables.json       tables by health, and what is wrong with those that are not well
runs.json         the newest runs: state, times, sums, errors
runs/             of the newest runs that did not end well: tables with errors, events, output
log.jsonl         the newest lines of the server's log

No rows of tables, no credentials. Folders of this machine are replaced by names in <>.
"""


class SupportBundle:
    """Puts it together."""

    def __init__(
        self,
        settings: Settings,
        connections: Connections,
        config: ConfigService,
        observation: Observation,
        index: TableIndex,
        finder: TableFinder,
        runs: RunStore,
        listed: RunList,
    ) -> None:
        self._settings = settings
        self._connections = connections
        self._config = config
        self._observation = observation
        self._index = index
        self._finder = finder
        self._runs = runs
        self._listed = listed

    def build(self, more: Mapping[str, Any] | None = None) -> bytes:
        """The bundle as a zip file.

        Args:
            more: further files by name; what is no text becomes JSON.
        """
        written = io.BytesIO()
        clean = _Cleaner(self._settings, self._connections)
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as bundle:
            for name, content in [*self._files(), *(more or {}).items()]:
                text = content if isinstance(content, str) else json.dumps(content, indent=1)
                bundle.writestr(name, clean.text(text))
        return written.getvalue()

    def _files(self) -> Iterator[tuple[str, Any]]:
        yield "README.txt", README
        yield "system.json", self._observation.status().model_dump(mode="json")
        yield "metrics.txt", self._observation.exposition()
        yield "settings.json", self._all_settings()
        yield "connections.json", list(map(_check, self._index.checks().values()))
        yield "tables.json", self._tables()
        runs = self._listed.page(RunFilter(), RUNS).runs
        yield "runs.json", list(map(_run, runs))
        for run in [run for run in runs if run.state.is_final and run.state not in WELL][
            :FAILED_RUNS
        ]:
            yield from self._failed(run)
        yield "log.jsonl", _lines(NEWEST.lines())

    def _all_settings(self) -> dict[str, Any]:
        names: Iterable[str | None] = self._connections.names or (None,)
        found = {name or "none": self._config.configuration(name).settings for name in names}
        return {
            name: [setting.model_dump(mode="json") for setting in settings]
            for name, settings in found.items()
        }

    def _tables(self) -> dict[str, Any]:
        bad = [health.value for health in (Health.FAILED, Health.LATE, Health.UNKNOWN)]
        wanted = Filter(tuple(self._connections.names), chosen={"health": bad})
        rows, total = self._finder.worst(wanted, TABLES)
        return {"not_well": total, "tables": list(map(_table, rows))}

    def _failed(self, run: Run) -> Iterator[tuple[str, Any]]:
        folder = f"runs/{run.run_id}"
        tables = self._runs.tables(run.run_id)
        yield f"{folder}/tables.json", [_run_table(row) for row in tables if row["error"]]
        directory = RunDirectory(self._settings.runs_dir / run.run_id)
        first = max(0, directory.last_line() - EVENTS)
        events = ({"line": number, **event} for number, event in directory.lines(first))
        yield f"{folder}/events.jsonl", _lines(map(_event, events))
        yield f"{folder}/output.log", _tail(directory.path / "output.log")


def _tail(path: Path) -> str:
    try:
        data = path.read_bytes()[-OUTPUT_BYTES:]
    except OSError:
        return ""
    return data.decode(errors="replace")


def _lines(facts: Iterable[Mapping[str, Any]]) -> str:
    return "".join(f"{json.dumps(fact, default=str)}\n" for fact in facts)


def _check(row: Mapping[str, Any]) -> dict[str, Any]:
    times = {name: iso(row[name]) for name in ("checked_at", "as_of")}
    kept = ("connection", "source_ok", "target_ok", "source_ms", "target_ms", "error")
    return {name: row[name] for name in kept} | times


def _table(row: Mapping[str, Any]) -> dict[str, Any]:
    kept = (
        *("connection", "name", "health", "health_reason", "lag_s", "version", "layout"),
        *("run_id", "run_status", "run_error", "read_error", "manifest_problem"),
    )
    return {name: row[name] for name in kept}


def _run(run: Run) -> dict[str, Any]:
    return {
        "run_id": run.run_id,
        "connection": run.connection,
        "trigger": run.trigger,
        "state": run.state.value,
        "attempt": run.attempt,
        "losses": run.losses,
        "waiting_reason": run.waiting_reason,
        "created_at": iso(run.created_at),
        "started_at": iso(run.started_at),
        "finished_at": iso(run.finished_at),
        "error": run.error,
        "warnings": run.warnings,
        "totals": run.totals,
    }


def _run_table(row: Mapping[str, Any]) -> dict[str, Any]:
    kept = ("table_name", "attempt", "status", "error", "warnings", "version", "watermark")
    return {name: row[name] for name in kept}


def _event(event: Mapping[str, Any]) -> dict[str, Any]:
    kept = ("line", "at", "level", "kind", "table", "message")
    return {name: event.get(name) for name in kept}


class _Cleaner:
    """Takes out what nobody needs to know: secrets, and where folders of this machine are."""

    def __init__(self, settings: Settings, connections: Connections) -> None:
        places = {str(settings.home): "<home>", str(Path.home()): "<user>"}
        for name, connection in connections.all().items():
            for end in ("source", "target"):
                location = getattr(connection, end)
                if "://" not in location:
                    places[location] = f"<{end} of {name}>"
        self._places = sorted(places.items(), key=lambda place: -len(place[0]))

    def text(self, text: str) -> str:
        """The text as it may leave this machine."""
        for place, name in self._places:
            if len(place) > 1:
                text = text.replace(place, name)
        return redact(text)
