"""What a run is asked to do, as a value."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

from cdalake.engine.progress import utc_now
from cdalake.settings import AMBIENT, AccessRef


class Action(StrEnum):
    """What a run does to its tables."""

    SYNC = "sync"
    VERIFY = "verify"
    REPAIR = "repair"
    ACCEPT = "accept"
    RESYNC = "resync"
    REBUILD = "rebuild"
    QUARANTINE = "quarantine"
    RELEASE = "release"


class SchemaChange(StrEnum):
    """How the columns of a table may change.

    Attributes:
        MERGE: all fingerprints go into one table, whose columns are the union of theirs.
        PER_FINGERPRINT: each fingerprint has a table of its own, and a view shows them as one.
        FAIL: a person looks at every change first.
        REPLACE: when a fingerprint begins, older rows leave the current snapshot.
    """

    MERGE = "merge"
    FAIL = "fail"
    PER_FINGERPRINT = "per_fingerprint"
    REPLACE = "replace"


def new_run_id() -> str:
    """An id that sorts by time and is easy to say, e.g. ``20261123-094630-8c42``."""
    return f"{utc_now():%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"


@dataclass(frozen=True)
class RunSpec:
    """What a run was asked to do. JSON-ready and free of secrets.

    Attributes:
        connection: name of the connection it belongs to.
        inline_key: masked id of the key that came with the request; the key itself comes by a pipe.
        source_access, target_access: where the credentials of the two are to be found.
        include, exclude: table globs; an empty `include` means every table.
        layout: ``copy`` or ``zero_copy``.
        action: what is done to the tables; all but ``sync`` is asked for by a person.
        since: of ``resync``: the folder timestamp (epoch ms) to begin with.
        files: of ``quarantine`` and ``release``: keys of files, ``<fingerprint>/<folder>/<name>``.
        on_bad_file: ``fail``: the table stops before a file that cannot be read; ``quarantine``:
            it goes on without it, and says so in every run (R15).
        reread_manifest_seconds: a table whose first commit comes so long after the manifest was
            read looks at it again (R69).
        s3a: new `zero_copy` tables write ``s3a://`` where their files are in S3.
        schema_change: a `SchemaChange`.
        confirm_replace: somebody has said for this run that older rows may leave the snapshots.
        rebase: ``FROM=TO`` or None.
        current: bring the current tables up to the raw ones too.
        trigger: ``cli``, ``page``, ``api`` or ``demo``.
        requested_by: who asked; ends up in each commit's ``userName``.
        rest_seconds: for how long a table at rest is not looked at again; see `engine.at_rest`.
        runner: where the tables are worked at: ``threads`` of the run's process, or ``ray``.
        ray_address: of a cluster that is there; None: one of the run's own, on its machine.
        ray_dedup_logs: equal lines of several workers are told once.
        largest_first: how many of the largest tables go first; None orders all by pending bytes.
    """

    run_id: str
    connection: str
    source: str
    target: str
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    layout: str = "copy"
    rebase: str | None = None
    commit_per_folder: bool = False
    workers: int = 8
    lookback_seconds: int = 7200
    settle_seconds: int = 900
    trigger: str = "cli"
    requested_by: str = "unknown"
    largest_first: int | None = None
    source_access: AccessRef = AMBIENT
    target_access: AccessRef = AMBIENT
    inline_key: str | None = None
    s3a: bool = False
    action: Action = Action.SYNC
    since: int | None = None
    files: tuple[str, ...] = ()
    on_bad_file: str = "fail"
    reread_manifest_seconds: int = 300
    rest_seconds: int = 3600
    current: bool = False
    schema_change: str = "merge"
    confirm_replace: bool = False
    runner: str = "threads"
    ray_address: str | None = None
    ray_dedup_logs: bool = True

    def to_json(self) -> dict[str, Any]:
        """A plain dict."""
        return asdict(self)

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> RunSpec:
        """Rebuild from `to_json`; unknown keys of a newer version are ignored."""
        known = {f.name for f in fields(cls)}
        values: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in document.items()
        }
        if "action" in values:
            values["action"] = Action(values["action"])
        for side in ("source_access", "target_access"):
            if side in values:
                values[side] = AccessRef(**values[side])
        return cls(**{k: v for k, v in values.items() if k in known})
