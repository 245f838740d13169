"""Keys that came with a request: they live in memory and in a pipe, and nowhere else."""

from __future__ import annotations

import json
import os
from collections import OrderedDict
from dataclasses import dataclass, replace
from threading import Lock
from typing import BinaryIO

from cdalake.errors import AccessDenied
from cdalake.secret import Secret
from cdalake.settings import AccessRef
from cdalake.storage.access import Access, Keys, endpoint_of
from cdalake.storage.store import Store

KEPT = 200
"""Runs whose keys are remembered for a retry."""
GONE = "CREDENTIALS_GONE"


@dataclass(frozen=True)
class InlineKeys:
    """The keys of one request.

    Attributes:
        region: None for the connection's.
    """

    keys: Keys
    region: str | None = None

    @classmethod
    def of(cls, access_key_id: str, secret_access_key: str, region: str | None) -> InlineKeys:
        """Keys as a request has them."""
        return cls(Keys(access_key_id, Secret(secret_access_key)), region)

    def pinned(self, ref: AccessRef) -> AccessRef:
        """The reference with what this process's environment adds, for one with another."""
        region = self.region or ref.region or os.environ.get("AWS_REGION")
        return replace(ref, region=region, endpoint=endpoint_of(ref, os.environ))

    def open(self, url: str, ref: AccessRef) -> Store:
        """The store at `url`, at the endpoint of the connection, with these keys."""
        access = Access.of_keys(
            self.keys.access_key_id,
            self.keys.secret_access_key.reveal(),
            region=self.region or ref.region or os.environ.get("AWS_REGION"),
            endpoint=endpoint_of(ref, os.environ),
        )
        return Store.open(url, access)

    def to_pipe(self) -> bytes:
        """For the run's own process."""
        secret = self.keys.secret_access_key.reveal()
        return json.dumps([self.keys.access_key_id, secret, self.region]).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> InlineKeys:
        """What `to_pipe` made."""
        return cls.of(*json.loads(data))

    @classmethod
    def from_pipe(cls, pipe: BinaryIO) -> InlineKeys:
        """What the server handed over.

        Raises:
            AccessDenied: ``CREDENTIALS_GONE``: it died before it did.
        """
        try:
            return cls.from_bytes(pipe.read())
        except (ValueError, TypeError):
            raise gone("The server ended before it handed the keys over.") from None


def gone(why: str) -> AccessDenied:
    """The keys of a run are nowhere any more."""
    return AccessDenied(
        GONE,
        f"The keys that came with the request are gone. {why}",
        "What was committed is kept. Start a new run with the keys; they are never stored.",
    )


class KeyRing:
    """The keys of the newest runs of this process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._of: OrderedDict[str, InlineKeys] = OrderedDict()

    def put(self, run_id: str, keys: InlineKeys) -> bool:
        """Remember the keys of a run; False when another run of that id has its own."""
        with self._lock:
            if run_id in self._of:
                return False
            self._of[run_id] = keys
            while len(self._of) > KEPT:
                self._of.popitem(last=False)
            return True

    def drop(self, run_id: str) -> None:
        """Forget the keys of a run that came to nothing."""
        with self._lock:
            self._of.pop(run_id, None)

    def get(self, run_id: str) -> InlineKeys | None:
        """The keys of a run; None when another process has them, or nobody."""
        with self._lock:
            return self._of.get(run_id)
