"""Reading rows live: in time, masked, and stored nowhere."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from cdalake.catalog.lookup import get_ready, look_up
from cdalake.catalog.sampling import Origin, Rows
from cdalake.current.views import RETIRED, Question, View
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


class Lookup(Protocol):
    """Something that answers a question about a view of a table."""

    def __call__(
        self, target: str, table: str, asked: Question, access: AccessRef, source: Origin
    ) -> Rows:
        """The rows."""


LOOK_FACTOR = 4
"""A look at one id may touch files of so many times a sample's bytes: it reads little of them."""


@dataclass(frozen=True)
class Wanted:
    """What somebody wants to see of a table."""

    limit: int
    version: int | None = None
    view: View = View.RAW
    id: str | None = None
    active_only: bool = False

    @property
    def is_plain(self) -> bool:
        """Some rows of the raw table will do."""
        return self.view is View.RAW and self.id is None and not self.active_only


class SparkExecutionService:
    """The design document's name for the service that reads data."""

    def __init__(self, backend: SqlBackend, preview: Preview, lookup: Lookup = look_up) -> None:
        self._backend = backend
        self._lookup = lookup
        self._preview = preview
        self.masking = Masking(preview.masked, preview.shown)
        self._deadlines = Deadlines(preview.seconds)

    def sample(
        self,
        connection: Connection,
        table: str,
        wanted: Wanted,
        *,
        is_typelist: bool,
    ) -> Sample:
        """Rows in time, or the reason why there are none."""
        what = f"{connection.target}/{table}"
        try:
            most = replace(wanted, limit=self._most(wanted.limit))
            self._check_id(table, wanted, is_typelist=is_typelist)
            self._check_active(table, wanted, is_typelist=is_typelist)
            if not wanted.is_plain:
                get_ready()  # our own time, not the store's
            found = self._deadlines.of(connection).call(
                lambda: self._read(connection, table, most), what
            )
        except CdalakeError as error:
            info = ErrorInfo(code=error.code, message=error.message, hint=error.hint)
            return Sample(
                view=wanted.view.value,
                version=wanted.version,
                columns=[],
                masked_columns=[],
                rows=[],
                error=info,
            )
        hidden = self.masking.columns(table, found.columns, is_typelist=is_typelist)
        return Sample(
            view=wanted.view.value,
            version=found.version,
            columns=found.columns,
            masked_columns=hidden,
            rows=mask(found.rows, hidden),
            error=None,
        )

    def _check_id(self, table: str, wanted: Wanted, *, is_typelist: bool) -> None:
        """A masked column answers no questions either."""
        if wanted.id is not None and self.masking.columns(table, ["id"], is_typelist=is_typelist):
            raise SparkExecutionException(
                "ID_NOT_POSSIBLE",
                f"The column id of {table} is masked, so nobody may look for one.",
                "Look at its rows without one.",
            )

    def _check_active(self, table: str, wanted: Wanted, *, is_typelist: bool) -> None:
        if not wanted.active_only:
            return
        if wanted.view is not View.CURRENT:
            raise SparkExecutionException(
                "ACTIVE_ONLY_NOT_POSSIBLE",
                f"Only the current view can leave out retired rows, not {wanted.view.value}.",
                "Ask for view=current, or without active_only.",
            )
        if self.masking.columns(table, [RETIRED], is_typelist=is_typelist):
            raise SparkExecutionException(
                "ACTIVE_ONLY_NOT_POSSIBLE",
                f"The column retired of {table} is masked, so nobody may ask for it.",
                "Look at its rows without active_only.",
            )

    def _most(self, limit: int) -> int:
        if self._preview.rows == 0:
            raise SparkExecutionException(
                "SAMPLE_OFF",
                "This server shows no rows of any table.",
                "An admin may change CDALAKE_SAMPLE_ROWS.",
            )
        return min(limit, self._preview.rows)

    def _read(self, connection: Connection, table: str, wanted: Wanted) -> Rows:
        origin = Origin(connection.source, connection.source_access)
        try:
            if not wanted.is_plain:
                return self._lookup(
                    connection.target,
                    table,
                    self._question(wanted),
                    connection.target_access,
                    origin,
                )
            return self._backend(
                connection.target,
                table,
                wanted.version,
                wanted.limit,
                connection.target_access,
                self._preview.max_bytes,
                origin,
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

    def _question(self, wanted: Wanted) -> Question:
        most = self._preview.max_bytes * (1 if wanted.id is None else LOOK_FACTOR)
        return Question(
            wanted.view, wanted.id, wanted.version, wanted.limit, most, wanted.active_only
        )
