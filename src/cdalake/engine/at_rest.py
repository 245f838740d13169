"""``<target>/_cdalake/_at_rest.json``: tables that a run need not even look at.

A table is at rest when its manifest entry was listed completely, so late that nothing can come
late any more (R8). The next run of the same kind would read its memory, list its log and do
nothing: two requests for each table. Here stand the tag of that memory and a digest of the entry,
so one read and one listing of the memories tell the same for a thousand tables.

It holds nothing that decides: any change of the entry, of the options or of the memory (a hold, a
pause, a run in between) makes it void for that table. What others commit to a table at rest is seen
after `RunSpec.rest_seconds`, or with the entry's next change, before anything is written.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from cdalake.cda.manifest import Manifest, ManifestEntry
from cdalake.engine.job import Job, epoch_ms
from cdalake.engine.progress import Event, TableResult, TableState, utc_now
from cdalake.engine.spec import Action, RunSpec
from cdalake.engine.state import FOLDER, state_path
from cdalake.errors import CdalakeError, NotFound
from cdalake.storage import Store

PATH = f"{FOLDER}/_at_rest.json"
FORMAT = 1

OF_ONE_RUN = frozenset(
    {
        *("run_id", "connection", "trigger", "requested_by", "inline_key"),
        *("source_access", "target_access", "workers", "largest_first", "rest_seconds"),
        *("reread_manifest_seconds", "runner", "ray_address"),
    }
)
"""Fields of a `RunSpec` that change nothing about what there is to do."""


@dataclass(frozen=True)
class Rest:
    """A table as the last run that looked at it left it.

    Attributes:
        entry: digest of its manifest entry.
        asked: digest of the options that it was run with.
        memory_tag: the store's tag of ``_cdalake/<table>.json``.
        version, watermark: of the Delta table.
        looked_at: epoch ms.
    """

    entry: str
    asked: str
    memory_tag: str
    version: int | None
    watermark: int | None
    looked_at: int


@dataclass(frozen=True)
class AtRest:
    """The tables at rest, by name. `tag` is the store's tag of the file."""

    tables: Mapping[str, Rest] = field(default_factory=dict)
    tag: str | None = None

    @classmethod
    def read(cls, target: Store) -> AtRest:
        """What stands there; nothing where it cannot be used, which costs time alone."""
        try:
            data, info = target.get_with_info(PATH)
        except NotFound:
            return cls()
        try:
            document = json.loads(data)
            tables = document["tables"] if document["format"] == FORMAT else {}
            return cls({name: Rest(**body) for name, body in tables.items()}, info.e_tag)
        except (ValueError, KeyError, TypeError, AttributeError):
            return cls(tag=info.e_tag)

    def to_bytes(self) -> bytes:
        """The file's content."""
        tables = {name: asdict(rest) for name, rest in self.tables.items()}
        return json.dumps({"format": FORMAT, "tables": tables}, sort_keys=True).encode()


def _digest(document: Any) -> str:
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()[:16]


def _asked(spec: RunSpec) -> str:
    return _digest({k: v for k, v in spec.to_json().items() if k not in OF_ONE_RUN})


def _may_rest(spec: RunSpec) -> bool:
    """Who names tables, or asks for more than a sync, wants them to be looked at."""
    is_plain = spec.action is Action.SYNC and not (spec.include or spec.exclude)
    return spec.rest_seconds > 0 and is_plain


@dataclass(frozen=True)
class Resting:
    """What a run knows of tables at rest.

    Attributes:
        record: as it was found.
        results: how those tables end that are at rest still.
    """

    record: AtRest = field(default_factory=AtRest)
    results: Mapping[str, TableResult] = field(default_factory=dict)


def resting(job: Job, manifest: Manifest, tables: Collection[str]) -> Resting:
    """Find the tables of a run that are at rest still, with two requests at the most.

    A store that does not answer is left to the tables: they tell what is wrong with it.
    """
    if not _may_rest(job.spec) or job.is_cancelled():
        return Resting()
    try:
        record = AtRest.read(job.target)
        return Resting(record, _still(job, manifest, record, tables))
    except CdalakeError:
        return Resting()


def _still(
    job: Job, manifest: Manifest, record: AtRest, tables: Collection[str]
) -> dict[str, TableResult]:
    asked, now = _asked(job.spec), epoch_ms()
    found = {
        name: rest
        for name, rest in record.tables.items()
        if name in tables
        and (rest.asked, rest.entry) == (asked, _digest(asdict(manifest.entries[name].fact())))
        and 0 <= now - rest.looked_at < job.spec.rest_seconds * 1000
    }
    if not found:
        return {}
    tags = {info.path: info.e_tag for info in job.target.list(FOLDER)}
    return {
        name: _unchanged(job, manifest.entries[name], rest)
        for name, rest in found.items()
        if tags.get(state_path(name)) == rest.memory_tag
    }


def _unchanged(job: Job, entry: ManifestEntry, rest: Rest) -> TableResult:
    now = utc_now()
    result = TableResult(
        table=entry.table,
        status=TableState.NO_CHANGE,
        version=rest.version,
        watermark=rest.watermark,
        start_watermark=rest.watermark,
        manifest_records=entry.counted,
        started_at=now,
        finished_at=now,
    )
    said = "no_change: its entry is the one that was read completely before"
    job.sink.emit(Event("table_finished", said, entry.table, data=result.to_json()))
    return result


def note_resting(
    job: Job, manifest: Manifest, known: Resting, results: Sequence[TableResult]
) -> None:
    """Write down which tables are at rest now, where that is news.

    Losing the file to another run, or not being able to write it, costs time alone.
    """
    if not _may_rest(job.spec):
        return
    tables = {name: known.record.tables[name] for name in known.results}
    tables |= {r.table: _rest(job, manifest, r) for r in results if r.memory_tag is not None}
    if tables == known.record.tables:
        return
    data = AtRest(tables).to_bytes()
    with contextlib.suppress(CdalakeError, FileExistsError):
        job.target.put_if(PATH, data, known.record.tag)


def _rest(job: Job, manifest: Manifest, result: TableResult) -> Rest:
    return Rest(
        entry=_digest(asdict(manifest.entries[result.table].fact())),
        asked=_asked(job.spec),
        memory_tag=result.memory_tag or "",
        version=result.version,
        watermark=result.watermark,
        looked_at=epoch_ms(),
    )
