"""Every error cdalake raises on purpose.

    CdalakeError            code, one sentence with the facts, the next step
    ├── Terminal            trying again does not help: somebody has to change something
    │   ├── UsageError              the request itself is wrong (exit code 64, HTTP 400)
    │   ├── ManifestError           the manifest or one entry of it cannot be used
    │   ├── SourceError             the source does not hold what the manifest promises
    │   ├── TableHeld               a person has to choose how a table goes on
    │   │   └── SchemaConflict          a file's columns do not go with the table's
    │   ├── UnsupportedTable        the Delta table needs what our writer does not write
    │   ├── AccessDenied            the store refused our credentials
    │   ├── LoginRequired           nobody knows who asks (HTTP 401)
    │   ├── TooManyAttempts         too many wrong tokens (HTTP 429)
    │   ├── TokenTaken              a token of that name is there (HTTP 409)
    │   ├── PermissionMissing       the requester's role does not allow it (HTTP 403)
    │   ├── NotFound                an object, a bucket, a table or a run that is not there
    │   │   ├── TableNotFoundException
    │   │   └── RunNotFound
    │   ├── AmbiguousTable          one name, several connections (HTTP 409)
    │   ├── RunConflict             a run or a table is in a state that forbids the request
    │   └── SparkExecutionException a query engine refused a query
    └── Transient           the same call may succeed later
        ├── StoreUnavailable        unreachable, throttled, timed out
        └── CommitContention        others kept winning the next version

The class decides what callers do; `code` is what people and scripts look up
(docs/reference/errors.md lists every code).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self


class Choice(StrEnum):
    """What a person can do about a table that waits for one; each is an action of a run."""

    ACCEPT = "accept"
    RESYNC = "resync"
    REBUILD = "rebuild"
    REPAIR = "repair"
    QUARANTINE = "quarantine"
    WAIT = "wait"


class CdalakeError(Exception):
    """An error with a code, a sentence and a next step.

    Args:
        code: stable upper-case identifier, e.g. ``MANIFEST_NOT_FOUND``.
        message: one sentence with the facts.
        hint: what to do next, one sentence.
        choices: what a person can choose between, where that is what the error asks for.
        subject: what the choice is about, e.g. the key of a file.
    """

    def __init__(
        self,
        code: str,
        message: str,
        hint: str,
        choices: tuple[Choice, ...] = (),
        subject: str | None = None,
    ) -> None:
        self.code = code
        self.message = message
        self.hint = hint
        self.choices = choices
        self.subject = subject
        super().__init__(f"{code}: {message} {hint}")

    # Exceptions are rebuilt from `args`, which hold one text and not our fields.
    def __reduce__(self) -> tuple[type[CdalakeError], tuple[Any, ...]]:
        return (type(self), (self.code, self.message, self.hint, self.choices, self.subject))

    @classmethod
    def from_problem(cls, problem: Problem) -> Self:
        """The error of a problem that travelled as a value."""
        told = (problem.code, problem.message, problem.hint, problem.choices, problem.subject)
        return cls(*told)

    def as_problem(self) -> Problem:
        """The error as a value, for results and events."""
        is_held = isinstance(self, TableHeld)
        return Problem(self.code, self.message, self.hint, self.choices, self.subject, is_held)


@dataclass(frozen=True)
class Problem:
    """What went wrong, as it stands in results, events, the database and the API.

    Attributes:
        choices: actions of a run that put it right; none where the hint says it all.
        subject: what a choice is about, e.g. the key of a bad file.
        is_held: the table waits for such a choice (`TableHeld`).
    """

    code: str
    message: str
    hint: str
    choices: tuple[Choice, ...] = ()
    subject: str | None = None
    is_held: bool = False

    @property
    def sentence(self) -> str:
        """All three in one line, for logs."""
        return f"{self.code}: {self.message} {self.hint}"

    def to_json(self) -> dict[str, Any]:
        """``{"code", "message", "hint"}``, and ``choices`` and ``subject`` where there are any."""
        body: dict[str, Any] = {"code": self.code, "message": self.message, "hint": self.hint}
        if self.choices:
            body["choices"] = [choice.value for choice in self.choices]
        if self.subject is not None:
            body["subject"] = self.subject
        return body


class Terminal(CdalakeError):
    """Trying again does not help."""


class Transient(CdalakeError):
    """The same call may succeed later."""


class UsageError(Terminal):
    """The request itself is wrong."""


class ManifestError(Terminal):
    """The manifest, or one entry of it, cannot be used."""


class SourceError(Terminal):
    """The source does not hold what the manifest promises."""


class TableHeld(Terminal):
    """A table waits until a person has chosen how it goes on; nothing was written to it."""


@dataclass(frozen=True)
class Disagreement:
    """A column of which a table and a file of the export say different things.

    Attributes:
        column: its name; of a nested one the path to where they differ, e.g. ``point.x``.
        table_type, file_type: as people write them; ``nothing`` for what one does not have.
    """

    column: str
    table_type: str
    file_type: str


class SchemaConflict(TableHeld):
    """The columns of a file do not go with the table's.

    Args:
        subject: key of the first such file, ``<fingerprint>/<folder>/<name>``, once it is known.
        about: the column and what both say, where it is about one.
    """

    def __init__(
        self,
        code: str,
        message: str,
        hint: str,
        choices: tuple[Choice, ...] = (),
        subject: str | None = None,
        about: Disagreement | None = None,
    ) -> None:
        super().__init__(code, message, hint, choices, subject)
        self.about = about

    def __reduce__(self) -> tuple[type[SchemaConflict], tuple[Any, ...]]:
        facts = (self.code, self.message, self.hint, self.choices, self.subject, self.about)
        return (type(self), facts)

    def in_file(self, key: str) -> SchemaConflict:
        """The same, naming the first file that it is about; a person may set it aside."""
        if self.subject is not None:
            return self
        where = f"{self.message} The first such file is {key}."
        choices = self.choices or (Choice.QUARANTINE,)
        return SchemaConflict(self.code, where, self.hint, choices, key, self.about)

    def with_hint(self, hint: str) -> SchemaConflict:
        """The same with another next step: what helps depends on what the table has."""
        told = (self.code, self.message, hint, self.choices, self.subject, self.about)
        return SchemaConflict(*told)


class UnsupportedTable(Terminal):
    """The Delta table needs what our writer does not write (cda-format.md R61)."""


class AccessDenied(Terminal):
    """The store refused our credentials."""


class LoginRequired(Terminal):
    """Nobody knows who asks."""

    @classmethod
    def to_go_on(cls) -> LoginRequired:
        """The error for a request that shows nothing."""
        return cls(
            "LOGIN_REQUIRED",
            "This server answers only those who have logged in.",
            "Log in on the page, or send the header `Authorization: Bearer TOKEN`.",
        )

    @classmethod
    def wrong_token(cls) -> LoginRequired:
        """The error for a token that is not, or no longer, known."""
        return cls(
            "TOKEN_WRONG",
            "This token is not known; it may have been revoked.",
            "Check that it was copied whole, or ask an admin for a new one.",
        )

    @classmethod
    def unclear(cls, header: str) -> LoginRequired:
        """The error for a proxy that names nobody, or several."""
        return cls(
            "IDENTITY_UNCLEAR",
            f"The header {header} of the proxy does not name exactly one person.",
            "Let the proxy remove that header from what clients send, and set it once itself.",
        )


class TooManyAttempts(Terminal):
    """Somebody is guessing tokens."""

    @classmethod
    def wait(cls, seconds: int) -> TooManyAttempts:
        """The error for an address that has to wait."""
        return cls(
            "TOO_MANY_ATTEMPTS",
            "Too many wrong tokens came from your address.",
            f"Try again in {seconds} s.",
        )


class TokenTaken(Terminal):
    """A token of that name is there."""

    @classmethod
    def named(cls, name: str) -> TokenTaken:
        """The error for a `name` that is taken."""
        return cls(
            "TOKEN_TAKEN",
            f"There is a token named {name!r} already.",
            "Choose another name, or revoke that token first.",
        )


class PermissionMissing(Terminal):
    """The requester's role does not allow it."""

    @classmethod
    def of(cls, role: str, needed: str) -> PermissionMissing:
        """The error for a `role` that is less than `needed`."""
        return cls(
            "PERMISSION_MISSING",
            f"This needs the role {needed}; yours is {role}.",
            f"Ask an admin of this server for the role {needed}.",
        )

    @classmethod
    def without_role(cls, name: str) -> PermissionMissing:
        """The error for a person whom the proxy knows and nobody gave a role."""
        return cls(
            "NO_ROLE",
            f"{name} has no role here.",
            "Ask an admin: a role comes from a group (CDALAKE_GROUP_ROLES) or CDALAKE_PROXY_ROLE.",
        )


class NotFound(Terminal):
    """An object, a bucket, a table or a run that is not there."""


class TableNotFoundException(NotFound):
    """No table of that name in the index."""

    @classmethod
    def named(cls, name: str) -> TableNotFoundException:
        """The error for an unknown table `name`."""
        return cls(
            "TABLE_NOT_FOUND",
            f"There is no table named {name!r}.",
            "Look it up under Tables; a table appears once the manifest names it.",
        )


class RunNotFound(NotFound):
    """No run with that id."""

    @classmethod
    def with_id(cls, run_id: str) -> RunNotFound:
        """The error for an unknown `run_id`."""
        return cls(
            "RUN_NOT_FOUND",
            f"There is no run {run_id!r}.",
            "Look it up under Runs; the list goes back to the first run of this home.",
        )


class AmbiguousTable(Terminal):
    """One name that several connections know."""


class RunConflict(Terminal):
    """A run or a table is in a state that forbids the request."""


class SparkExecutionException(Terminal):
    """A query engine refused a query."""


class StoreUnavailable(Transient):
    """The store cannot be reached, throttles, or does not answer in time."""


class CommitContention(Transient):
    """Other writers kept winning the next version of a table."""
