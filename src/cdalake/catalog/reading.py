"""What a run directory says, in the words of the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cdalake.engine.progress import RunState, TableState
from cdalake.engine.recorder import TableProgress
from cdalake.engine.rundir import RunDirectory
from cdalake.engine.spec import RunSpec

EMPTY_TABLE: dict[str, Any] = {
    "status": TableState.PENDING.value,
    "started_at": None,
    "finished_at": None,
    "start_watermark": None,
    "watermark": None,
    "manifest_records": None,
    "folders": 0,
    "files": 0,
    "files_done": 0,
    "rows": 0,
    "bytes": 0,
    "bytes_done": 0,
    "commits": 0,
    "version": None,
    "error": None,
    "warnings": [],
    "checks": None,
}


@dataclass(frozen=True)
class Reading:
    """One attempt as its directory tells it.

    Attributes:
        state: final when the attempt has a result.
        host, pid, process_started: the process that wrote ``state.json``.
        tables: columns of ``run_tables`` by table name.
    """

    attempt: int
    state: RunState
    started_at: datetime | None
    finished_at: datetime | None
    heartbeat_at: datetime | None
    host: str | None
    pid: int | None
    process_started: float | None
    error: dict[str, str] | None = None
    warnings: list[dict[str, str]] = field(default_factory=list)
    tables: Mapping[str, dict[str, Any]] = field(default_factory=dict)


def moment(text: str | None) -> datetime | None:
    """A time of a JSON file."""
    return None if text is None else datetime.fromisoformat(text).astimezone(UTC)


def read_attempt(directory: RunDirectory, attempt: int) -> Reading | None:
    """Where `attempt` stands; None while it has not said anything."""
    result = directory.result_of(attempt)
    state = directory.read("state.json")
    if state is not None and state.get("attempt", 1) != attempt:
        state = None
    if state is None and result is None:
        return None
    return _reading(attempt, state or {}, result)


def _reading(attempt: int, state: dict[str, Any], result: dict[str, Any] | None) -> Reading:
    tables = {name: _from_state(progress) for name, progress in state.get("tables", {}).items()}
    for entry in (result or {}).get("tables", ()):
        name = entry["table"]
        tables[name] = _from_result(entry, tables.get(name, EMPTY_TABLE))
    ended = result or {}
    return Reading(
        attempt=attempt,
        state=RunState(ended.get("status") or _unfinished(state)),
        started_at=moment(ended.get("started_at") or state.get("started_at")),
        finished_at=moment(ended.get("finished_at")),
        heartbeat_at=moment(state.get("updated_at")),
        host=state.get("host"),
        pid=state.get("pid"),
        process_started=state.get("process_started"),
        error=ended.get("error"),
        warnings=ended.get("warnings", []),
        tables=tables,
    )


def _unfinished(state: dict[str, Any]) -> RunState:
    """The state of an attempt without result: nothing is final before its result is there."""
    told = RunState(state.get("state", RunState.RUNNING))
    # The process is there, whatever it has said so far.
    return RunState.RUNNING if told.is_final or told is RunState.PENDING else told


def _from_state(progress: dict[str, Any]) -> dict[str, Any]:
    bare = vars(TableProgress()) | progress
    taken = {name: bare[name] for name in EMPTY_TABLE if name in bare}
    times = {name: moment(bare[name]) for name in ("started_at", "finished_at")}
    return EMPTY_TABLE | taken | times | {"warnings": bare["notes"]}


def _from_result(entry: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    taken = {name: entry[name] for name in EMPTY_TABLE if name in entry}
    times = {name: moment(entry.get(name)) for name in ("started_at", "finished_at")}
    # `files` and `bytes` of the result are what was committed, ours are what was planned.
    done = {
        "files": max(entry["files"], before["files"]),
        "bytes": max(entry["bytes"], before["bytes"]),
        "files_done": max(entry["files"], before["files_done"]),
        "bytes_done": max(entry["bytes"], before["bytes_done"]),
    }
    return before | taken | times | done


def adopted(directory: RunDirectory, spec: RunSpec) -> tuple[int, datetime]:
    """Newest attempt and time of creation of a directory that has no row yet."""
    state = directory.read("state.json") or {}
    made = (directory.path / "spec.json").stat().st_mtime
    return state.get("attempt", 1), moment(state.get("started_at")) or _time_of(spec, made)


def _time_of(spec: RunSpec, made: float) -> datetime:
    try:
        return datetime.strptime(spec.run_id[:15], "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return datetime.fromtimestamp(made, UTC)
