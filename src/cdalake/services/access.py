"""Tokens, logins and sessions: who somebody is, by what they show."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cdalake.access import TOKEN_LENGTH, Role
from cdalake.catalog.access import AccessStore
from cdalake.engine.progress import utc_now
from cdalake.errors import LoginRequired, NotFound, TokenTaken, TooManyAttempts, UsageError
from cdalake.models.access import NewToken, TokenInfo, TokenRequest
from cdalake.secret import Secret

FIRST_ADMIN = "admin"
"""Whoever shows the token of the environment or of the home."""

PREFIX = "cdl_"
"""Lets a scanner of leaked secrets know ours."""

KEPT_IN = "admin-token"
WRONG_ALLOWED = 10
WRONG_WINDOW_S = 60
REMEMBER_S = 5.0
"""So long another server may not have heard yet that a token was revoked."""
REMEMBERED = 1000
USE_NOTED = timedelta(minutes=1)


@dataclass(frozen=True)
class Identity:
    """Who somebody is.

    Attributes:
        digest: hash of the token they showed, now or at their login.
    """

    name: str
    role: Role
    digest: str


@dataclass(frozen=True)
class Session:
    """A login: what the browser keeps, and until when."""

    secret: str
    identity: Identity
    expires_at: datetime


def digest_of(secret: str) -> str:
    """What is kept of a token. They are long and random, so nobody finds them by trying."""
    return hashlib.sha256(secret.encode()).hexdigest()


def first_token(given: Secret | None, home: Path) -> Secret:
    """The first admin's token: the given one, or the one in the home, made when there is none."""
    if given is not None:
        return given
    path = home / KEPT_IN
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return Secret(_kept(path))
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        made = PREFIX + secrets.token_urlsafe(32)
        file.write(f"{made}\n")
    return Secret(made)


def _kept(path: Path) -> str:
    text = path.read_text(encoding="utf-8").strip()
    if len(text) < TOKEN_LENGTH:
        raise UsageError(
            "BAD_SETTING", f"There is no token in {path}.", "Delete the file; a new one is made."
        )
    return text


class Attempts:
    """Counts wrong tokens by address, and lets nobody go on guessing."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._wrong: OrderedDict[str, deque[float]] = OrderedDict()

    def check(self, address: str) -> None:
        """Refuse an address that showed too many wrong tokens.

        Raises:
            TooManyAttempts: with the seconds to wait.
        """
        with self._lock:
            times = self._recent(address)
            if len(times) >= WRONG_ALLOWED:
                raise TooManyAttempts.wait(int(times[0] + WRONG_WINDOW_S - self._clock()) + 1)

    def wrong(self, address: str) -> None:
        """One more."""
        with self._lock:
            self._recent(address).append(self._clock())

    def _recent(self, address: str) -> deque[float]:
        times = self._wrong.setdefault(address, deque())
        self._wrong.move_to_end(address)
        # Bounded: an attacker with a million addresses must not fill the memory.
        while len(self._wrong) > REMEMBERED:
            self._wrong.popitem(last=False)
        while times and times[0] <= self._clock() - WRONG_WINDOW_S:
            times.popleft()
        return times


class Memory:
    """Identities that were looked up a moment ago."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[str, tuple[Identity, float]] = {}

    def get(self, digest: str) -> Identity | None:
        """Who that is, if it is still fresh."""
        with self._lock:
            known = self._known.get(digest)
        return known[0] if known and known[1] > self._clock() else None

    def put(self, digest: str, identity: Identity) -> None:
        """Remember it for a moment."""
        with self._lock:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[digest] = (identity, self._clock() + REMEMBER_S)

    def clear(self) -> None:
        """Somebody lost their way in: look everybody up again."""
        with self._lock:
            self._known.clear()


class AccessService:
    """Knows people by their token or session.

    Args:
        first: token of the first admin; None where no login is needed.
        session_seconds: how long a login lasts.
    """

    def __init__(
        self,
        store: AccessStore,
        first: Secret | None,
        session_seconds: int,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._store = store
        self._first = digest_of(first.reveal()) if first else None
        self._lifetime = timedelta(seconds=session_seconds)
        self._clock = clock
        self._attempts = Attempts()
        # Apart: what is good as the one must not pass for the other.
        self._tokens, self._sessions = Memory(), Memory()

    # -- getting in -------------------------------------------------------------------------

    def by_token(self, token: str, address: str) -> Identity:
        """Who shows this token.

        Raises:
            LoginRequired: ``TOKEN_WRONG``.
            TooManyAttempts: too many wrong ones came from this address.
        """
        digest = digest_of(token)
        # Whoever was right a moment ago does not suffer from a neighbour's guesses.
        known = self._tokens.get(digest)
        if known is not None:
            return known
        self._attempts.check(address)
        identity = self._look_up(digest)
        if identity is None:
            self._attempts.wrong(address)
            raise LoginRequired.wrong_token()
        self._tokens.put(digest, identity)
        return identity

    def log_in(self, token: str, address: str) -> Session:
        """Begin a session; what it is known by is new, whatever the browser had before.

        Raises:
            LoginRequired: ``TOKEN_WRONG``.
            TooManyAttempts: too many wrong ones came from this address.
        """
        identity = self.by_token(token, address)
        secret, now = secrets.token_urlsafe(32), self._clock()
        expires = now + self._lifetime
        self._store.add_session(
            {
                "digest": digest_of(secret),
                "token_digest": identity.digest,
                "created_at": now,
                "expires_at": expires,
            }
        )
        return Session(secret, identity, expires)

    def by_session(self, secret: str) -> Identity | None:
        """Who began this session, while it lasts and their token is good."""
        digest = digest_of(secret)
        known = self._sessions.get(digest)
        if known is not None:
            return known
        session = self._store.session(digest)
        if session is None or session["expires_at"] <= self._clock():
            return None
        identity = self._look_up(session["token_digest"])
        if identity is not None:
            self._sessions.put(digest, identity)
        return identity

    def log_out(self, secret: str) -> None:
        """End a session."""
        self._store.drop_session(digest_of(secret))
        self._sessions.clear()

    def _look_up(self, digest: str) -> Identity | None:
        if self._first is not None and hmac.compare_digest(digest, self._first):
            return Identity(FIRST_ADMIN, Role.ADMIN, digest)
        row = self._store.token(digest)
        if row is None:
            return None
        self._note_use(digest, row["last_used"])
        return Identity(row["name"], Role(row["role"]), digest)

    def _note_use(self, digest: str, last: datetime | None) -> None:
        now = self._clock()
        if last is None or now - last >= USE_NOTED:
            self._store.used(digest, now)

    # -- tokens -----------------------------------------------------------------------------

    def tokens(self) -> list[TokenInfo]:
        """Every token, by name."""
        shown = TokenInfo.model_fields
        return [
            TokenInfo.model_validate({k: v for k, v in row.items() if k in shown})
            for row in self._store.tokens()
        ]

    def add_token(self, request: TokenRequest, by: str) -> NewToken:
        """Make a token; it is in this answer and nowhere else.

        Raises:
            TokenTaken: there is one of that name.
        """
        token = PREFIX + secrets.token_urlsafe(32)
        row = {
            "name": request.name,
            "digest": digest_of(token),
            "role": request.role.value,
            "created_at": self._clock(),
            "created_by": by,
        }
        if request.name == FIRST_ADMIN or not self._store.add_token(row):
            raise TokenTaken.named(request.name)
        return NewToken(name=request.name, role=request.role, token=token)

    def revoke(self, name: str) -> None:
        """End a token and every login with it.

        Raises:
            NotFound: ``TOKEN_NOT_FOUND``.
        """
        found = self._store.drop_token(name)
        self._tokens.clear()
        self._sessions.clear()
        if not found:
            raise NotFound(
                "TOKEN_NOT_FOUND",
                f"There is no token named {name!r}.",
                "`cdalake token list` and Settings > Access show those there are.",
            )
