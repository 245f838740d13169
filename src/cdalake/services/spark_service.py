"""Reading rows live: in time, masked, and stored nowhere."""

from __future__ import annotations

from typing import Protocol

from cdalake.catalog.sampling import Origin, Rows
from cdalake.errors import CdalakeError, SparkExecutionException
from cdalake.models.base import ErrorInfo
from cdalake.models.table import Sample
from cdalake.services.deadline import Deadlines
from cdalake.services.masking import Masking, mask
from cdalake.settings import AccessRef, Connection, Preview


class SqlBackend(Protocol):
    """Something that reads rows."""

    def __call__(
        self,
        target: str,
        table: str,
        version: int | None,
        limit: int,
        access: AccessRef,
        max_bytes: int,
        source: Origin,
    ) -> Rows:
        """Up to `limit` rows of a version, the newest by default, out of so many bytes.

        Files that the log has elsewhere are read where they are inside of `source`.
        """


class SparkExecutionService:
    """The design document's name for the service that reads data."""

    def __init__(self, backend: SqlBackend, preview: Preview) -> None:
        self._backend = backend
        self._preview = preview
        self.masking = Masking(preview.masked, preview.shown)
        self._deadlines = Deadlines(preview.seconds)

    def sample(
        self,
        connection: Connection,
        table: str,
        version: int | None,
        limit: int,
        *,
        is_typelist: bool,
    ) -> Sample:
        """Rows in time, or the reason why there are none."""
        what = f"{connection.target}/{table}"
        try:
            most = self._most(limit)
            found = self._deadlines.of(connection).call(
                lambda: self._read(connection, table, version, most), what
            )
        except CdalakeError as error:
            info = ErrorInfo(code=error.code, message=error.message, hint=error.hint)
            return Sample(version=version, columns=[], masked_columns=[], rows=[], error=info)
        hidden = self.masking.columns(table, found.columns, is_typelist=is_typelist)
        return Sample(
            version=found.version,
            columns=found.columns,
            masked_columns=hidden,
            rows=mask(found.rows, hidden),
            error=None,
        )

    def _most(self, limit: int) -> int:
        if self._preview.rows == 0:
            raise SparkExecutionException(
                "SAMPLE_OFF",
                "This server shows no rows of any table.",
                "An admin may change CDALAKE_SAMPLE_ROWS.",
            )
        return min(limit, self._preview.rows)

    def _read(self, connection: Connection, table: str, version: int | None, limit: int) -> Rows:
        try:
            return self._backend(
                connection.target,
                table,
                version,
                limit,
                connection.target_access,
                self._preview.max_bytes,
                Origin(connection.source, connection.source_access),
            )
        except CdalakeError:
            raise
        except Exception as error:
            # A broken data file raises whatever its reader likes; to the reader it is one thing.
            text = str(error).partition("\n")[0][:200]
            raise SparkExecutionException(
                "SAMPLE_FAILED",
                f"The rows of {table} cannot be read: {type(error).__name__}: {text}.",
                "Look at the newest runs of the table.",
            ) from error
