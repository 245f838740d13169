"""``cdalake token``: who may log in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.table import Table

from cdalake.access import Role
from cdalake.catalog.access import AccessStore
from cdalake.catalog.audit import AuditStore
from cdalake.catalog.database import Database
from cdalake.cli.report import console
from cdalake.errors import UsageError
from cdalake.models.access import TokenRequest
from cdalake.models.audit import Action
from cdalake.services.access import AccessService
from cdalake.services.audit import AuditLog
from cdalake.services.queries import Requester
from cdalake.settings import Settings, user_name


def add(settings: Settings, name: str, role: Role) -> None:
    """Make a token and print it, this once."""
    request = _request(name, role)
    with _opened(settings) as (access, audit):
        made = access.add_token(request, user_name())
        audit.record(_me(), Action.ACCESS_GRANT, name, {"role": role.value})
    print(made.token)


def _request(name: str, role: Role) -> TokenRequest:
    try:
        return TokenRequest(name=name, role=role)
    except ValueError:
        raise UsageError(
            "BAD_ARGUMENTS",
            f"A token cannot be named {name!r}.",
            "Use up to 64 letters, digits and . _ @ - and begin with a letter or digit.",
        ) from None


def show(settings: Settings) -> None:
    """Print every token's name, role and last use."""
    with _opened(settings) as (access, _):
        found = access.tokens()
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("name", "role", "made", "by", "last used"):
        table.add_column(title)
    for token in found:
        used = f"{token.last_used:%Y-%m-%d %H:%M}Z" if token.last_used else "never"
        made = f"{token.created_at:%Y-%m-%d %H:%M}Z"
        table.add_row(token.name, token.role.value, made, token.created_by, used)
    console().print(table if found else "There is no token but the first admin's.")


def revoke(settings: Settings, name: str) -> None:
    """End a token and every login with it."""
    with _opened(settings) as (access, audit):
        access.revoke(name)
        audit.record(_me(), Action.ACCESS_REVOKE, name)
    print(f"Token {name} is revoked.")


def _me() -> Requester:
    return Requester(user_name(), "cli", Role.ADMIN)


@contextmanager
def _opened(settings: Settings) -> Iterator[tuple[AccessService, AuditLog]]:
    database = Database.open(settings.database_url)
    try:
        access = AccessService(AccessStore(database), None, settings.access.session_seconds)
        yield access, AuditLog(AuditStore(database))
    finally:
        database.close()
