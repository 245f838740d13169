"""Bring the data files of a table, by its layout: copied into its folder, or pointed at."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass
from functools import partial

from cdalake.cda.layout import SourceFile
from cdalake.cda.manifest import ManifestEntry
from cdalake.delta.actions import Metadata
from cdalake.engine.arrived import Arrived
from cdalake.engine.bring import Brought, bring
from cdalake.engine.job import Job
from cdalake.engine.plan import Batch, Exchange
from cdalake.engine.progress import Event, Sink
from cdalake.engine.zero_copy import SCHEME, ZERO_COPY, address_of, point
from cdalake.telemetry.tracing import carried

TELL_EVERY_S = 0.5


@dataclass(frozen=True)
class Fetcher:
    """Brings single files; it needs no more of a table than this.

    Attributes:
        metadata: of the table; None before its first commit.
    """

    job: Job
    table: str
    metadata: Metadata | None

    def fetch(self, file: SourceFile, exchange: Exchange) -> Brought | None:
        """Bring one file; None when the run was cancelled.

        Raises:
            CdalakeError: as of `bring` and `point`.
        """
        job = self.job
        if job.is_cancelled():
            return None
        if job.spec.layout == ZERO_COPY and not exchange.takes_out(address_of(job.source, file)):
            return point(job.source, file, self._scheme)
        return bring(job.source, job.target, self.table, file, exchange.mark)

    @property
    def _scheme(self) -> str | None:
        """How paths into S3 begin: the table says it once it is there."""
        if self.metadata is not None:
            return self.metadata.configuration.get(SCHEME)
        return "s3a" if self.job.spec.s3a else None


class Deliveries:
    """Brings the files of a table's commits, many at a time, and tells how far it is."""

    def __init__(self, entry: ManifestEntry) -> None:
        self._entry = entry
        self._files = 0
        self._bytes = 0
        self._told_at = 0.0
        self._lock = threading.Lock()

    def bring_all(
        self, job: Job, batch: Batch, metadata: Metadata | None, outcome: Arrived
    ) -> Arrived:
        """Bring the folders of a batch, until one does not come whole.

        Args:
            metadata: of the table; None before its first commit.
            outcome: takes them in.
        """
        sent = iter(self._send(job, batch, metadata))
        futures = [[next(sent) for _ in folder.files] for folder in batch.folders]
        try:
            for folder, waiting in zip(batch.folders, futures, strict=True):
                if not outcome.take(folder, waiting):
                    break
        finally:
            rest = [future for waiting in futures for future in waiting if not future.cancel()]
            wait(rest)  # a file still on its way would tell of progress after the table's end
        return outcome

    def _send(
        self, job: Job, batch: Batch, metadata: Metadata | None
    ) -> Sequence[Future[Brought | None]]:
        count = partial(self._count, job.sink)
        files = [file for folder in batch.folders for file in folder.files]
        if job.carrier is not None:
            return job.carrier.send(self._entry, metadata, batch.exchange, files, count)
        fetcher = Fetcher(job, self._entry.table, metadata)

        def brought(file: SourceFile) -> Brought | None:
            found = fetcher.fetch(file, batch.exchange)
            if found is not None:
                count(file)
            return found

        return [job.files.submit(carried(brought), file) for file in files]

    def _count(self, sink: Sink, file: SourceFile) -> None:
        """Tell how far it is; a few times a second, since a line for each file helps nobody."""
        with self._lock:
            self._files += 1
            self._bytes += file.info.size
            now = time.monotonic()
            if now - self._told_at < TELL_EVERY_S:
                return
            self._told_at = now
            data = {"files": self._files, "bytes": self._bytes}
        text = f"{data['files']} files read"
        sink.emit(Event("progress", text, self._entry.table, data=data))
