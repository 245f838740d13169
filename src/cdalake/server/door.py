"""Who stands at the door: what a request says about where it comes from and who asks."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import Scope

from cdalake.access import Access, Role, TrustedProxy, is_loopback
from cdalake.errors import LoginRequired, PermissionMissing
from cdalake.services.access import AccessService, Identity
from cdalake.services.queries import Requester
from cdalake.settings import Settings, user_name

COOKIE = "cdalake_session"
NAME_LENGTH = 128


@dataclass(frozen=True)
class Door:
    """The rules of one server.

    Attributes:
        host: address the server listens on.
    """

    access: Access = field(default_factory=Access)
    host: str = "127.0.0.1"

    @classmethod
    def of(cls, settings: Settings) -> Door:
        """The rules that the settings say."""
        return cls(settings.access, settings.host)

    @property
    def needs_login(self) -> bool:
        """Nobody gets in who has not said who they are."""
        return self.access.needs_login(self.host)

    def answers_to(self, name: str) -> bool:
        """The server may be called by this host name."""
        if is_loopback(name):
            return True
        if not self.needs_login:
            return False
        # An address cannot be bound to another server's name, which is what the check is against.
        known = {self.host.lower(), *self.access.public_hosts}
        return name.lower() in known or _is_address(name)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def door_of(scope: Scope) -> Door:
    """The rules of the server that got a request."""
    door: Door = scope["app"].state.door
    return door


@dataclass(frozen=True)
class Visit:
    """Where a request comes from, seen through the trusted proxies.

    Attributes:
        address: of the client.
        is_https: the client's connection is encrypted.
        is_vouched: it came through a trusted proxy.
    """

    address: str
    is_https: bool
    is_vouched: bool

    @classmethod
    def of(cls, scope: Scope) -> Visit:
        """What the request's connection and headers say."""
        proxy = door_of(scope).access.proxy
        peer = (scope.get("client") or ("",))[0]
        if not proxy.sends(peer):
            return cls(peer, scope.get("scheme") == "https", is_vouched=False)
        headers = Headers(scope=scope)
        # The last value is the one our own proxy wrote.
        scheme = _values(headers, "x-forwarded-proto")[-1:]
        return cls(_client(headers, proxy) or peer, scheme == ["https"], is_vouched=True)

    @property
    def cookie(self) -> str:
        """Name of the session's cookie; `__Host-` binds it to https and to this host."""
        return f"__Host-{COOKIE}" if self.is_https else COOKIE


def _client(headers: Headers, proxy: TrustedProxy) -> str | None:
    """The nearest address that is not a trusted proxy's; further ones anybody may have written."""
    hops = _values(headers, "x-forwarded-for")
    return next((hop for hop in reversed(hops) if not proxy.sends(hop)), None)


def _values(headers: Headers, name: str) -> list[str]:
    joined = ",".join(headers.getlist(name))
    return [value.strip() for value in joined.split(",") if value.strip()]


def has_session(headers: Headers) -> bool:
    """The browser adds a login to this request by itself."""
    return COOKIE in headers.get("cookie", "")


def identify(connection: HTTPConnection, access: AccessService) -> Requester:
    """Who asks.

    Raises:
        LoginRequired: nobody knows.
        PermissionMissing: the proxy does, but nobody gave them a role.
        TooManyAttempts: too many wrong tokens came from there.
    """
    visit = Visit.of(connection.scope)
    vouched = _vouched(connection, visit)
    if vouched is not None:
        return vouched
    known = _by_bearer(connection, visit, access) or _by_cookie(connection, visit, access)
    if known is not None:
        return Requester(known.name, trigger_of(connection), known.role)
    if door_of(connection.scope).needs_login:
        raise LoginRequired.to_go_on()
    return Requester(user_name(), trigger_of(connection), Role.ADMIN)


def trigger_of(connection: HTTPConnection) -> str:
    """Browsers say what a request is for; programs do not."""
    return "page" if "sec-fetch-site" in connection.headers else "api"


def _vouched(connection: HTTPConnection, visit: Visit) -> Requester | None:
    proxy = door_of(connection.scope).access.proxy
    if not visit.is_vouched or proxy.user_header is None:
        return None
    names = connection.headers.getlist(proxy.user_header)
    if not any(names):
        return None
    name = names[0].strip()
    # Two of them: the client sent one, and who knows which is the proxy's.
    if len(names) > 1 or not name.isprintable() or not 0 < len(name) <= NAME_LENGTH:
        raise LoginRequired.unclear(proxy.user_header)
    groups = _values(connection.headers, proxy.groups_header) if proxy.groups_header else []
    role = proxy.role_of(groups)
    if role is None:
        raise PermissionMissing.without_role(name)
    return Requester(name, trigger_of(connection), role)


def _by_bearer(connection: HTTPConnection, visit: Visit, access: AccessService) -> Identity | None:
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    return access.by_token(token.strip(), visit.address)


def _by_cookie(connection: HTTPConnection, visit: Visit, access: AccessService) -> Identity | None:
    secret = connection.cookies.get(visit.cookie)
    return access.by_session(secret) if secret else None
