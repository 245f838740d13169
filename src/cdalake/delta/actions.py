"""Delta log actions as values (Delta protocol, "Actions")."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote

_FILE = re.compile("^file:/+")
PATH_SAFE = "/:-_.~!$&'()*,;=@"
"""Characters of a path that stand for themselves in a log; '%' and '+' do not."""


E_TAG = "cda.etag"
"""Key of an ``add`` action's tags."""

REBUILT = "cda.rebuilt"
"""Table property: epoch ms when all of it was written anew; older tombstones tell nothing."""

MOST_COUNTED = 10**15
"""More rows, bytes or milliseconds than any table has; a log may claim any number."""


def believable(number: int | None) -> int | None:
    """A number that a log claims; None for one that cannot be, which is as good as unknown."""
    return number if number is not None and 0 <= number <= MOST_COUNTED else None


def encode_path(path: str) -> str:
    """A file path as the log holds it: percent-encoded like a URI path.

    An absolute one in a folder becomes a URI: as that Spark takes it out again, and readers that
    compare text would go on reading it beside the file that took its place.
    """
    scheme = "file://" if path.startswith("/") else ""
    return scheme + quote(path, safe=PATH_SAFE)


def decode_path(path: str) -> str:
    """The file path behind one of the log.

    An absolute one in a folder comes as a plain path, whether or not it stands there as a URI.
    """
    return unquote(_FILE.sub("/", path))


@dataclass(frozen=True)
class Protocol:
    """What a reader and a writer of the table must know."""

    min_reader: int = 1
    min_writer: int = 2
    reader_features: tuple[str, ...] = ()
    writer_features: tuple[str, ...] = ()

    @classmethod
    def from_action(cls, body: Mapping[str, Any]) -> Protocol:
        """Read a ``protocol`` action."""
        return cls(
            int(body["minReaderVersion"]),
            int(body["minWriterVersion"]),
            tuple(body.get("readerFeatures") or ()),
            tuple(body.get("writerFeatures") or ()),
        )

    def to_action(self) -> dict[str, Any]:
        """The body of a ``protocol`` action."""
        body: dict[str, Any] = {
            "minReaderVersion": self.min_reader,
            "minWriterVersion": self.min_writer,
        }
        if self.reader_features:
            body["readerFeatures"] = list(self.reader_features)
        if self.writer_features:
            body["writerFeatures"] = list(self.writer_features)
        return body


@dataclass(frozen=True)
class Metadata:
    """A ``metaData`` action.

    `body` is the action as it stands in the log: what we do not know in it (comments, options) is
    kept when it is edited (cda-format.md R64).
    """

    body: Mapping[str, Any]

    @classmethod
    def new(
        cls,
        name: str,
        schema_string: str,
        created_ms: int,
        configuration: Mapping[str, str] | None = None,
    ) -> Metadata:
        """The metadata of a new, unpartitioned table; `configuration` are its properties."""
        return cls(
            {
                "id": str(uuid.uuid4()),
                "name": name,
                "format": {"provider": "parquet", "options": {}},
                "schemaString": schema_string,
                "partitionColumns": [],
                "configuration": dict(configuration or {}),
                "createdTime": created_ms,
            }
        )

    @property
    def id(self) -> str:
        """The table's id."""
        return str(self.body["id"])

    @property
    def schema_string(self) -> str:
        """The Delta schema as JSON text."""
        return str(self.body["schemaString"])

    @property
    def configuration(self) -> Mapping[str, str]:
        """The table's properties."""
        return self.body.get("configuration") or {}

    @property
    def rebuilt_ms(self) -> int:
        """When the table was written anew, epoch ms; -1 when it never was."""
        text = self.configuration.get(REBUILT) or ""
        return int(text) if text.isdecimal() else -1

    @property
    def partition_columns(self) -> tuple[str, ...]:
        """Names of partition columns; ours have none."""
        return tuple(self.body.get("partitionColumns") or ())

    @property
    def created_time(self) -> int | None:
        """Epoch ms, or None."""
        value = self.body.get("createdTime")
        return None if value is None else int(value)

    def with_schema(self, schema_string: str) -> Metadata:
        """The same metadata with another schema."""
        return Metadata({**self.body, "schemaString": schema_string})

    def with_property(self, name: str, value: str | None) -> Metadata:
        """The same metadata with a property of the table set; None takes it away."""
        others = {key: text for key, text in self.configuration.items() if key != name}
        kept = others if value is None else {**others, name: value}
        return Metadata({**self.body, "configuration": kept})


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file of a table.

    Attributes:
        path: decoded; relative to the table, or absolute when another writer chose so.
        modified_ms: ``modificationTime``, epoch ms.
        rows: from the statistics; None when they do not say.
        stats: the statistics as JSON text; None after a log was read without them.
        deleted_rows: rows a deletion vector hides.
        deletion_vector: as the log has it; a ``remove`` of the file must repeat it.
        data_change: of a new file: it holds rows that the table did not hold before.
        e_tag: the store's tag of a file that is not ours, as it was when it was read.
    """

    path: str
    size: int
    modified_ms: int
    rows: int | None
    stats: str | None = None
    deleted_rows: int = 0
    deletion_vector: Mapping[str, Any] | None = field(default=None, hash=False)
    data_change: bool = True
    e_tag: str | None = None

    @property
    def live_rows(self) -> int | None:
        """Rows that readers see; None when the statistics do not say."""
        return None if self.rows is None else self.rows - self.deleted_rows

    def to_action(self) -> dict[str, Any]:
        """The body of the ``add`` action of a new file."""
        body: dict[str, Any] = {
            "path": encode_path(self.path),
            "partitionValues": {},
            "size": self.size,
            "modificationTime": self.modified_ms,
            "dataChange": self.data_change,
            "stats": self.stats,
        }
        return body if self.e_tag is None else {**body, "tags": {E_TAG: self.e_tag}}


def rows_of(files: Iterable[DataFile]) -> int | None:
    """Rows that readers see in files; None when one does not say, or they claim too much."""
    counts = [file.live_rows for file in files]
    known = [count for count in counts if count is not None]
    return believable(sum(known)) if len(known) == len(counts) else None


@dataclass(frozen=True, slots=True)
class Removed:
    """A file that a commit takes out of the table; its object stays until VACUUM.

    Attributes:
        deleted_ms: epoch ms; VACUUM counts the retention from here.
        data_change: its rows are gone, and not only in another file of the same commit.
    """

    file: DataFile
    deleted_ms: int
    data_change: bool = True

    def to_action(self) -> dict[str, Any]:
        """The body of the ``remove`` action."""
        body: dict[str, Any] = {
            "path": encode_path(self.file.path),
            "deletionTimestamp": self.deleted_ms,
            "dataChange": self.data_change,
            "extendedFileMetadata": True,
            "partitionValues": {},
            "size": self.file.size,
        }
        if self.file.deletion_vector is not None:
            # A file is told from others by its path and its vector; a remove without it hits none.
            body["deletionVector"] = dict(self.file.deletion_vector)
        return body


@dataclass(frozen=True)
class NewCommit:
    """What one commit of ours writes.

    Attributes:
        info: ``commitInfo`` without its timestamp; must hold ``commit_id``.
        files: new ones; a path that is or was in the log never comes again (cda-format.md R65).
        protocol, metadata: only where they are new.
        transactions: ``txn`` application id → version (cda-format.md R21).
        removes: files of the version before that this one does not have any more.
    """

    info: Mapping[str, Any]
    files: tuple[DataFile, ...]
    transactions: Mapping[str, int]
    protocol: Protocol | None = None
    metadata: Metadata | None = None
    removes: tuple[Removed, ...] = ()

    @property
    def commit_id(self) -> str:
        """Tells our commit from another writer's (R64)."""
        return str(self.info["commit_id"])


@dataclass(frozen=True, slots=True)
class CommitFact:
    """What a commit file says of itself.

    Attributes:
        info: ``commitInfo``.
        data_change: the commit changed the table's rows.
    """

    version: int
    info: Mapping[str, Any]
    data_change: bool


@dataclass
class Snapshot:
    """A table at one version.

    Attributes:
        transactions: ``txn`` application id → version.
        files: active files by decoded path.
        removed: decoded paths of tombstones the log still knows, since the table was last rebuilt.
        rewritten: those of `removed` whose rows live on in other files.
        facts: of the commit files that were read, oldest first; older ones are in a checkpoint.
        commit_tag: the store's tag of the newest commit file, or None.
        is_whole: read from the first commit on, so that `removed` lacks nothing. A checkpoint
            leaves out what was removed long ago.
    """

    version: int
    protocol: Protocol
    metadata: Metadata
    transactions: dict[str, int] = field(default_factory=dict)
    files: dict[str, DataFile] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)
    rewritten: set[str] = field(default_factory=set)
    facts: list[CommitFact] = field(default_factory=list)
    commit_tag: str | None = None
    is_whole: bool = False

    @property
    def rows(self) -> int | None:
        """Rows of the snapshot; None when a file's statistics do not say, or claim too much."""
        return rows_of(self.files.values())

    @property
    def has_plain_files(self) -> bool:
        """The files hold the table's very rows, under the names of its columns."""
        mapped = self.metadata.configuration.get("delta.columnMapping.mode", "none") != "none"
        return not (mapped or any(file.deletion_vector for file in self.files.values()))

    @property
    def size_bytes(self) -> int:
        """Bytes of the active files."""
        return sum(file.size for file in self.files.values())
