"""The commit writer: one NDJSON file, put in place by one conditional put (product.md §5.2)."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cdalake.delta.actions import NewCommit
from cdalake.delta.log import commit_path
from cdalake.errors import CdalakeError, NotFound
from cdalake.storage import Store
from cdalake.storage.location import MEMORY


@dataclass(frozen=True)
class Committed:
    """A version of ours that is in the log. `tag` is the store's tag of its file."""

    version: int
    tag: str | None


def write_commit(store: Store, table: str, version: int, commit: NewCommit) -> Committed | None:
    """Try to make `commit` the given version; None when another writer was first.

    A refusal reads that version first: with our ``commit_id`` in it the put had succeeded and only
    its answer was lost (cda-format.md R64).

    Raises:
        AccessDenied, StoreUnavailable: from the store; the put may or may not have happened.
    """
    path = commit_path(table, version)
    data = "\n".join(_lines(commit)).encode()
    try:
        return Committed(version, store.put_new(path, data))
    except FileExistsError:
        return _ours(store, path, version, commit)


def _ours(store: Store, path: str, version: int, commit: NewCommit) -> Committed | None:
    try:
        data, info = store.get_with_info(path)
    except NotFound:
        return None
    is_ours = commit.commit_id.encode() in data.partition(b"\n")[0]
    return Committed(version, info.e_tag) if is_ours else None


def _lines(commit: NewCommit) -> Iterator[str]:
    yield _line("commitInfo", {"timestamp": int(time.time() * 1000), **commit.info})
    if commit.protocol is not None:
        yield _line("protocol", commit.protocol.to_action())
    if commit.metadata is not None:
        yield _line("metaData", dict(commit.metadata.body))
    for app, version in commit.transactions.items():
        # Without lastUpdated, so that no retention setting ever drops our cursor (R21).
        yield _line("txn", {"appId": app, "version": version})
    for removed in commit.removes:
        yield _line("remove", removed.to_action())
    for file in commit.files:
        yield _line("add", file.to_action())


def _line(kind: str, body: dict[str, Any]) -> str:
    return json.dumps({kind: body}, separators=(",", ":"), ensure_ascii=False)


def write_checkpoint(store: Store, table: str) -> str | None:
    """Let delta-rs write a checkpoint; the reason as a sentence when that failed.

    The commit stands either way: a missing checkpoint costs time, never rows (R55).
    """
    if store.location.scheme == MEMORY:
        return None
    from deltalake import DeltaTable

    url = store.location.join(table).url
    try:
        store.guard(
            "checkpoint",
            table,
            lambda: DeltaTable(url, storage_options=store.delta_options()).create_checkpoint(),
        )
    except CdalakeError as error:
        return f"no checkpoint was written: {error.message}"
    return None
