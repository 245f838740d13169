"""Reading ``_delta_log``: snapshots and commits, through our own store.

delta-rs reads every commit twice and one after the other (performance.md §5); here a snapshot costs
one listing, the newest checkpoint and the commits behind it, many at a time.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cdalake.delta.actions import (
    E_TAG,
    MOST_COUNTED,
    CommitFact,
    DataFile,
    Metadata,
    Protocol,
    Snapshot,
    decode_path,
)
from cdalake.delta.schema import Schema
from cdalake.errors import NotFound, SourceError, UnsupportedTable
from cdalake.storage import ObjectInfo, Store

LOG = "_delta_log"
COMMIT = re.compile(r"([0-9]{20})\.json")
CHECKPOINT = re.compile(r"([0-9]{20})\.checkpoint(?:\.([0-9]{10})\.([0-9]{10}))?\.parquet")
V2_CHECKPOINT = re.compile(r"[0-9]{20}\.checkpoint\.[0-9a-f-]{36}\.(?:json|parquet)")
READERS = 16
LAST_VERSION = 2**63 - 1
"""The protocol's versions are 64 bits wide; a file's name has room for more."""


def commit_path(table: str, version: int) -> str:
    """Path of a commit file below the target."""
    return f"{table}/{LOG}/{version:020d}.json"


@dataclass(frozen=True)
class Commit:
    """One version as its commit file tells it.

    Attributes:
        info: the ``commitInfo`` action.
        added_rows: from the statistics of the added files; None when one does not say.
        removed_bytes: None when a removed file does not say its size, as the protocol allows.
        schema_string: the schema, when the commit has a ``metaData`` action.
        data_change: the commit changed the table's rows.
    """

    version: int
    timestamp: datetime
    info: dict[str, Any]
    added: int
    added_bytes: int
    added_rows: int | None
    removed: int
    removed_bytes: int | None
    schema_string: str | None
    transactions: dict[str, int] = field(default_factory=dict)
    data_change: bool = False


@dataclass
class LogListing:
    """What a listing of ``_delta_log`` found: commit files and complete checkpoints by version."""

    commits: dict[int, ObjectInfo] = field(default_factory=dict)
    checkpoints: dict[int, list[ObjectInfo]] = field(default_factory=dict)
    has_v2_checkpoint: bool = False

    @classmethod
    def sort(cls, listing: Iterable[ObjectInfo]) -> LogListing:
        """Sort a listing by what its names mean."""
        found = cls()
        whole: dict[int, list[ObjectInfo]] = {}
        parts: dict[tuple[int, int], dict[int, ObjectInfo]] = {}
        for info in listing:
            name = info.path.rpartition("/")[2]
            if match := COMMIT.fullmatch(name):
                found.commits[int(match[1])] = info
            elif (match := CHECKPOINT.fullmatch(name)) and match[2]:
                found_parts = parts.setdefault((int(match[1]), int(match[3])), {})
                found_parts[int(match[2])] = info
            elif match:
                whole[int(match[1])] = [info]
            elif V2_CHECKPOINT.fullmatch(name):
                found.has_v2_checkpoint = True
        for (version, total), files in parts.items():
            if len(files) == total == max(files) and 0 not in files:
                found.checkpoints[version] = list(files.values())
        found.checkpoints |= whole
        return found

    @property
    def latest(self) -> int | None:
        """The newest version; None for no table."""
        versions = [*self.commits, *self.checkpoints]
        return max(versions) if versions else None


def list_log(store: Store, table: str, from_version: int = 0) -> LogListing:
    """List the log from a version on (commit and checkpoint of that version included)."""
    folder = f"{table}/{LOG}"
    start = f"{folder}/{from_version - 1:020d}.json~" if from_version > 0 else None
    return LogListing.sort(
        info
        for info in store.list(folder, start_after=start)
        if info.path.rpartition("/")[0] == folder
    )


def read_snapshot(
    store: Store,
    table: str,
    at: int | None = None,
    *,
    may_be_new: bool = False,
    with_stats: bool = False,
) -> Snapshot | None:
    """The table at its newest version, or at version `at`; None when there is no Delta table.

    Args:
        may_be_new: the table probably does not exist: its log is listed without looking for a
            checkpoint first, which is one request less then.
        with_stats: keep the statistics of the files: some kilobytes for each of them.

    Raises:
        SourceError: ``LOG_BROKEN`` when commits are missing or cannot be read,
            ``NO_SUCH_VERSION`` for `at`.
        UnsupportedTable: a log whose checkpoints are of a kind cdalake does not read.
    """
    start = 0 if may_be_new else _last_checkpoint(store, table, at)
    listing = list_log(store, table, start)
    if start > 0 and not _is_complete(listing, at):
        listing = list_log(store, table)
    if listing.latest is None:
        return None
    if at is None and listing.latest >= LAST_VERSION:
        raise _beyond(table, listing.latest)
    version = listing.latest if at is None else at
    if version > listing.latest or version < 0:
        raise SourceError(
            "NO_SUCH_VERSION",
            f"{table} has no version {version}; its newest is {listing.latest}.",
            "Choose one of its history.",
        )
    state = _State(with_stats=with_stats)
    _replay(store, table, listing, version, state)
    newest = listing.commits.get(version)
    return state.snapshot(table, version, newest.e_tag if newest else None)


def _is_complete(listing: LogListing, at: int | None) -> bool:
    """The table can be put together from this part of its log."""
    return any(at is None or version <= at for version in listing.checkpoints)


def _last_checkpoint(store: Store, table: str, at: int | None) -> int:
    """The version ``_last_checkpoint`` names, as far as it helps; 0 otherwise."""
    try:
        version = int(json.loads(store.get(f"{table}/{LOG}/_last_checkpoint"))["version"])
    except (NotFound, *MALFORMED):
        return 0
    return version if at is None or version <= at else 0


def _replay(store: Store, table: str, listing: LogListing, version: int, state: _State) -> None:
    usable = [v for v in listing.checkpoints if v <= version]
    base = max(usable) if usable else -1
    state.is_whole = base < 0
    wanted = range(base + 1, version + 1)
    # No further than the first: a file's name may claim any version.
    missing = next((v for v in wanted if v not in listing.commits), None)
    if missing is not None:
        raise _missing(table, missing, listing)
    for info in listing.checkpoints.get(base, []):
        data = store.get(info.path)
        with _readable(table, f"checkpoint {base}"):
            state.apply_checkpoint(table, data)
    for v, data in zip(wanted, _fetch(store, [commit_path(table, v) for v in wanted]), strict=True):
        with _readable(table, f"version {v}"):
            state.apply_commit(v, data)


MALFORMED = (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError)
"""What comes of JSON that is not what it should be."""


@contextlib.contextmanager
def _readable(table: str, what: str) -> Iterator[None]:
    try:
        yield
    except (*MALFORMED, OSError) as error:
        raise _broken(f"In the log of {table}, {what} cannot be read.") from error


def _broken(message: str) -> SourceError:
    return SourceError(
        "LOG_BROKEN", message, "Restore the file, or rebuild the table from the export."
    )


def _beyond(table: str, version: int) -> SourceError:
    return SourceError(
        "LOG_BROKEN",
        f"The log of {table} has a file of version {version}, which no table reaches.",
        "Remove the file if no tool of yours wrote it.",
    )


def _missing(table: str, version: int, listing: LogListing) -> Exception:
    if listing.has_v2_checkpoint:
        return _v2_checkpoint(table)
    return _broken(f"The log of {table} lacks version {version}.")


def _v2_checkpoint(table: str) -> UnsupportedTable:
    return UnsupportedTable(
        "UNSUPPORTED_TABLE_FEATURE",
        f"{table} has checkpoints of the v2 kind, which cdalake does not read.",
        "Set delta.checkpointPolicy to classic on the table and let it write a checkpoint.",
    )


def _fetch(store: Store, paths: Sequence[str]) -> Iterable[bytes]:
    if len(paths) <= 1:
        return [store.get(path) for path in paths]
    with ThreadPoolExecutor(min(READERS, len(paths))) as pool:
        return list(pool.map(store.get, paths))


class _State:
    """A snapshot while the log is replayed."""

    def __init__(self, *, with_stats: bool = False) -> None:
        self.with_stats = with_stats
        self.protocol: Protocol | None = None
        self.metadata: Metadata | None = None
        self.transactions: dict[str, int] = {}
        self.files: dict[str, DataFile] = {}
        self.removed: dict[str, int] = {}
        self.rewritten: set[str] = set()
        self.facts: list[CommitFact] = []
        self.is_whole = False

    def apply_commit(self, version: int, data: bytes) -> None:
        # A file that gets a deletion vector is removed and added under one path: removes go first.
        actions = sorted(_actions(data), key=lambda action: "add" in action)
        self.facts.append(_fact(version, actions))
        before = self._rebuilt_ms
        for action in actions:
            self._apply(action)
        if self._rebuilt_ms != before:
            self.removed.clear()
            self.rewritten.clear()

    @property
    def _rebuilt_ms(self) -> int:
        return self.metadata.rebuilt_ms if self.metadata else -1

    def _apply(self, action: dict[str, Any]) -> None:
        if add := action.get("add"):
            file = _data_file(add, with_stats=self.with_stats)
            self.files[file.path] = file
            self.removed.pop(file.path, None)
            self.rewritten.discard(file.path)
        elif remove := action.get("remove"):
            # Whatever its writer's clock said: it came after the rebuilds that were replayed.
            self.files.pop(self._bury(remove, MOST_COUNTED), None)
        elif txn := action.get("txn"):
            self.transactions[txn["appId"]] = int(txn["version"])
        elif body := action.get("metaData"):
            self.metadata = Metadata(body)
        elif body := action.get("protocol"):
            self.protocol = Protocol.from_action(body)

    def _bury(self, remove: dict[str, Any], removed_ms: int) -> str:
        """Note a tombstone; its path."""
        path = decode_path(remove["path"])
        self.removed[path] = removed_ms
        if remove.get("dataChange") is False:
            self.rewritten.add(path)
        return path

    def apply_checkpoint(self, table: str, data: bytes) -> None:
        # What a checkpoint adds is alive. A tombstone of the same path is an older state of the
        # file, with another deletion vector, and may stand before or behind it, or in another part.
        for action in _checkpoint_rows(data, with_stats=self.with_stats):
            if "sidecar" in action:
                raise _v2_checkpoint(table)
            if remove := action.get("remove"):
                self._bury(remove, int(remove.get("deletionTimestamp") or 0))
            else:
                self._apply(action)
        for path in self.removed.keys() & self.files.keys():
            del self.removed[path]
            self.rewritten.discard(path)

    def snapshot(self, table: str, version: int, tag: str | None) -> Snapshot:
        if self.protocol is None or self.metadata is None:
            raise _broken(f"The log of {table} has no protocol or no metadata.")
        with _readable(table, "the metadata"):
            _check(self.metadata)
        removed = {path for path, at in self.removed.items() if at > self._rebuilt_ms}
        return Snapshot(
            version,
            self.protocol,
            self.metadata,
            self.transactions,
            self.files,
            removed,
            self.rewritten & removed,
            self.facts,
            tag,
            self.is_whole,
        )


def _fact(version: int, actions: Sequence[dict[str, Any]]) -> CommitFact:
    infos = (a["commitInfo"] for a in actions if isinstance(a.get("commitInfo"), Mapping))
    info: Mapping[str, Any] = next(infos, {})
    bodies = [a[kind] for a in actions for kind in ("add", "remove") if a.get(kind)]
    return CommitFact(version, info, any(body.get("dataChange", True) for body in bodies))


def _check(metadata: Metadata) -> None:
    """Older metadata may have been anything: the newest is what everybody goes by."""
    Schema.parse(metadata.schema_string)
    if not all(isinstance(name, str) for name in metadata.partition_columns):
        raise TypeError("a partition column has no name")
    if not isinstance(metadata.configuration, Mapping):
        raise TypeError("the table's properties are none")


def _actions(data: bytes) -> Iterable[dict[str, Any]]:
    return [json.loads(line) for line in data.splitlines() if line.strip()]


def _data_file(add: dict[str, Any], *, with_stats: bool) -> DataFile:
    vector = {k: v for k, v in (add.get("deletionVector") or {}).items() if v is not None}
    stats = add.get("stats")
    return DataFile(
        path=decode_path(add["path"]),
        size=int(add["size"]),
        modified_ms=int(add["modificationTime"]),
        rows=_num_records(stats, add.get("stats_parsed")),
        stats=_stats_text(stats, add.get("stats_parsed")) if with_stats else None,
        deleted_rows=int(vector.get("cardinality") or 0),
        deletion_vector=vector or None,
        e_tag=_e_tag(add.get("tags")),
    )


def _e_tag(tags: Any) -> str | None:
    # Parquet maps come back as lists of pairs.
    tag = dict(tags or {}).get(E_TAG)
    return tag if isinstance(tag, str) else None


def _stats_text(stats: str | None, parsed: dict[str, Any] | None) -> str | None:
    """As the protocol has it in commits; a checkpoint may have the values instead of the text."""
    return stats if stats or not parsed else json.dumps(parsed)


_NUM_RECORDS = re.compile(r'\s*\{\s*"numRecords"\s*:\s*(\d+)')


def _num_records(stats: str | None, parsed: dict[str, Any] | None) -> int | None:
    if stats and (match := _NUM_RECORDS.match(stats)):
        return int(match[1])
    try:
        count = (parsed or json.loads(stats or "{}")).get("numRecords")
    except ValueError:
        return None
    return None if count is None else int(count)


# What a snapshot needs of a checkpoint; statistics of columns stay where they are.
_CHECKPOINT_COLUMNS = (
    "protocol",
    "metaData",
    "txn",
    "remove.path",
    "remove.dataChange",
    "remove.deletionTimestamp",
    "add.path",
    "add.size",
    "add.modificationTime",
    "add.stats",
    "add.stats_parsed.numRecords",
    "add.deletionVector",
    "add.tags",
    "sidecar.path",
)


_NULL_COUNTS = "add.stats_parsed.nullCount"


def _checkpoint_rows(data: bytes, *, with_stats: bool) -> Iterable[dict[str, Any]]:
    import pyarrow.parquet as pq

    file = pq.ParquetFile(io.BytesIO(data))
    columns = [*_CHECKPOINT_COLUMNS, *([_NULL_COUNTS] if with_stats else [])]
    for batch in file.iter_batches(columns=columns):
        for row in batch.to_pylist():
            yield {kind: _plain(kind, body) for kind, body in row.items() if body is not None}


def _plain(kind: str, body: dict[str, Any]) -> dict[str, Any]:
    if kind != "metaData":
        return body
    # Parquet maps come back as lists of pairs.
    maps = {"configuration": dict(body.get("configuration") or [])}
    if body.get("format"):
        maps["format"] = {**body["format"], "options": dict(body["format"].get("options") or [])}
    return {key: value for key, value in {**body, **maps}.items() if value is not None}


def read_commits(
    store: Store, table: str, after: int = -1, limit: int | None = None
) -> list[Commit]:
    """Commits newer than version `after` whose files still exist, oldest first.

    Args:
        limit: at most so many, the oldest ones.

    Raises:
        SourceError: ``LOG_BROKEN`` when one of them cannot be read.
    """
    listing = list_log(store, table, after + 1)
    versions = sorted(version for version in listing.commits if version > after)[:limit]
    documents = _fetch(store, [commit_path(table, version) for version in versions])
    commits = []
    for version, data in zip(versions, documents, strict=True):
        with _readable(table, f"version {version}"):
            commits.append(parse_commit(version, data, listing.commits[version].last_modified))
    return commits


def parse_commit(version: int, data: bytes, modified: datetime) -> Commit:
    """Read a commit file; `modified` is its time where ``commitInfo`` has none."""
    actions = list(_actions(data))
    info: dict[str, Any] = next((a["commitInfo"] for a in actions if "commitInfo" in a), {})
    adds = [a["add"] for a in actions if a.get("add")]
    removes = [a["remove"] for a in actions if a.get("remove")]
    rows = [_num_records(add.get("stats"), None) for add in adds]
    return Commit(
        version=version,
        timestamp=_time(info.get("timestamp"), modified),
        info=info,
        added=len(adds),
        added_bytes=sum(int(add["size"]) for add in adds),
        added_rows=_sum_of_known(rows),
        removed=len(removes),
        removed_bytes=_sum_of_known([remove.get("size") for remove in removes]),
        schema_string=next(
            (a["metaData"]["schemaString"] for a in actions if "metaData" in a), None
        ),
        transactions={a["txn"]["appId"]: int(a["txn"]["version"]) for a in actions if "txn" in a},
        data_change=any(body.get("dataChange", True) for body in (*adds, *removes)),
    )


@dataclass(frozen=True)
class FileChanges:
    """What one commit did to the table's rows.

    Attributes:
        added: files with rows that the table did not have before.
        removed_data: it took rows away.
    """

    version: int
    added: tuple[DataFile, ...]
    removed_data: bool


def read_file_changes(store: Store, table: str, after: int, upto: int) -> list[FileChanges] | None:
    """Commits newer than version `after` up to `upto`; None when a commit file is gone.

    Rewrites that keep the rows (``dataChange`` false) add and remove nothing here.

    Raises:
        SourceError: ``LOG_BROKEN`` when one of them cannot be read.
    """
    versions = range(after + 1, upto + 1)
    try:
        documents = _fetch(store, [commit_path(table, version) for version in versions])
    except NotFound:
        return None
    changes = []
    for version, data in zip(versions, documents, strict=True):
        with _readable(table, f"version {version}"):
            changes.append(_file_changes(version, data))
    return changes


def _file_changes(version: int, data: bytes) -> FileChanges:
    actions = [action for action in _actions(data) if _changes_data(action)]
    adds = [action["add"] for action in actions if "add" in action]
    return FileChanges(
        version,
        tuple(_data_file(add, with_stats=False) for add in adds),
        any("remove" in action for action in actions),
    )


def _changes_data(action: dict[str, Any]) -> bool:
    body = action.get("add") or action.get("remove") or {}
    return bool(body.get("dataChange", True))


def _sum_of_known(numbers: Sequence[int | None]) -> int | None:
    known = [int(number) for number in numbers if number is not None]
    return sum(known) if len(known) == len(numbers) else None


def _time(timestamp: Any, modified: datetime) -> datetime:
    if timestamp is None:
        return modified
    ms = int(timestamp)
    try:
        return datetime.fromtimestamp(ms / 1000, UTC)
    except (OverflowError, ValueError):  # no calendar has that day
        return modified
