"""What a run is asked to do, as a value."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass, fields
from typing import Any

from cdalake.engine.progress import utc_now
from cdalake.settings import AMBIENT, AccessRef


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
        s3a: new `zero_copy` tables write ``s3a://`` where their files are in S3.
        rebase: ``FROM=TO`` or None.
        trigger: ``cli``, ``page``, ``api`` or ``demo``.
        requested_by: who asked; ends up in each commit's ``userName``.
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
        for side in ("source_access", "target_access"):
            if side in values:
                values[side] = AccessRef(**values[side])
        return cls(**{k: v for k, v in values.items() if k in known})
