"""What all tables of a run share."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from typing import Protocol

from cdalake.cda.layout import SourceFile
from cdalake.cda.manifest import Manifest, ManifestEntry, read_manifest
from cdalake.cda.parts import by_fingerprint
from cdalake.cda.source import Rebase
from cdalake.delta.actions import Metadata
from cdalake.engine.bring import Brought
from cdalake.engine.plan import Exchange, Limits
from cdalake.engine.progress import Sink
from cdalake.engine.spec import RunSpec, SchemaChange
from cdalake.engine.state import Remembered
from cdalake.storage import Store


def epoch_ms() -> int:
    """Now, epoch ms."""
    return int(time.time() * 1000)


class Carrier(Protocol):
    """Brings the files of one table by other hands than the threads of this process."""

    def send(
        self,
        entry: ManifestEntry,
        metadata: Metadata | None,
        exchange: Exchange,
        files: Sequence[SourceFile],
        arrived: Callable[[SourceFile], None],
    ) -> Sequence[Future[Brought | None]]:
        """The files on their way, in order; None for one that a cancel left behind.

        Args:
            metadata: of the table; None before its first commit.
            exchange: what the commit that they are for takes out.
            arrived: told of each file that is there, before its future is done.
        """


@dataclass(frozen=True)
class Job:
    """A run under way.

    Attributes:
        files: executor for the reading and copying of files, shared by all tables (R52).
        is_cancelled: somebody asked the run to stop.
        began: `time.monotonic` when the run began, and with it its manifest.
        remembered: names of tables.
        carrier: brings data files in place of `files`.
    """

    spec: RunSpec
    source: Store
    target: Store
    rebase: Rebase | None
    files: Executor
    sink: Sink
    is_cancelled: Callable[[], bool]
    carrier: Carrier | None = None
    began: float = field(default_factory=time.monotonic)
    remembered: Remembered = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "remembered", Remembered(self.target))

    def read_manifest(self) -> Manifest:
        """The manifest as it is now, with the tables that the run makes of it."""
        manifest = read_manifest(self.source)
        is_split = self.spec.schema_change == SchemaChange.PER_FINGERPRINT
        return by_fingerprint(manifest) if is_split else manifest

    @property
    def is_manifest_old(self) -> bool:
        """The manifest may not hold any more what it said (R69)."""
        return time.monotonic() - self.began >= self.spec.reread_manifest_seconds

    @property
    def lookback_ms(self) -> int:
        """How far below a cursor folders are compared again (R56)."""
        return self.spec.lookback_seconds * 1000

    def limits(self) -> Limits:
        """Options of planning, as of now."""
        return Limits(
            lookback_ms=self.lookback_ms,
            settle_ms=self.spec.settle_seconds * 1000,
            now_ms=epoch_ms(),
            commit_per_folder=self.spec.commit_per_folder,
        )
