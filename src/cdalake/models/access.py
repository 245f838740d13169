"""Who may get in, and as what."""

from __future__ import annotations

from pydantic import Field, SecretStr

from cdalake.access import Role
from cdalake.models.base import Answer, Asked, UtcTime

NAME = r"^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$"


class Me(Answer):
    """GET /api/me: who asks.

    `has_login` is false where everybody on this machine is let in; `can_log_out` is true for who
    logged in here, not for whom a proxy vouches.
    """

    name: str
    role: Role
    has_login: bool
    can_log_out: bool


class LoginRequest(Asked):
    """POST /api/login."""

    token: SecretStr = Field(max_length=512)


class TokenRequest(Asked):
    """POST /api/tokens."""

    name: str = Field(pattern=NAME)
    role: Role


class TokenInfo(Answer):
    """A token, without itself. `last_used` is exact to a minute."""

    name: str
    role: Role
    created_at: UtcTime
    created_by: str
    last_used: UtcTime | None


class NewToken(Answer):
    """A token that was just made; nobody can ask for it again."""

    name: str
    role: Role
    token: str
