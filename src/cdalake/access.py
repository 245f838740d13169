"""How people get in: roles, the login, and proxies that vouch for somebody."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cdalake.errors import UsageError
from cdalake.secret import Secret

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

TOKEN_LENGTH = 24
"""Characters of the shortest token: it is guessed by nobody who may try ten times a minute."""

HOUR_S = 3600


class Role(StrEnum):
    """What somebody may do; each role may do what the ones before it may."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMIN = "admin"

    def may(self, needed: Role) -> bool:
        """This role is `needed` or more."""
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(needed)


@dataclass(frozen=True)
class TrustedProxy:
    """Proxies that have asked people who they are, and say so in headers.

    Attributes:
        networks: where their requests come from; headers from elsewhere mean nothing.
        user_header: names the person; None when the proxy only forwards.
        groups_header: lists the person's groups, or the role itself.
        group_roles: role of each group.
        default_role: of a person in none of these groups; None lets nobody else in.
    """

    networks: tuple[Network, ...] = ()
    user_header: str | None = None
    groups_header: str | None = None
    group_roles: Mapping[str, Role] = field(default_factory=dict)
    default_role: Role | None = Role.VIEWER

    def sends(self, address: str) -> bool:
        """A request from this address comes from a trusted proxy."""
        try:
            peer = ipaddress.ip_address(address)
        except ValueError:
            return False
        # A socket for both families says ::ffff:10.0.0.1 for 10.0.0.1.
        mapped = getattr(peer, "ipv4_mapped", None) or peer
        return any(mapped in network for network in self.networks)

    def role_of(self, groups: list[str]) -> Role | None:
        """The greatest role that one of the groups has."""
        known = {role.value: role for role in Role} | dict(self.group_roles)
        roles = [known[group] for group in groups if group in known]
        return max(roles, key=list(Role).index, default=self.default_role)


@dataclass(frozen=True)
class Access:
    """How people get in.

    Attributes:
        token: of the first admin; one is made and kept in the home when there is none.
        is_demanded: the login is asked for on loopback too.
        public_hosts: names under which others reach the server.
        proxy: who may vouch for somebody.
        session_seconds: after so long the browser has to log in again.
        frame_ancestors: sites that may show the page inside theirs.
    """

    token: Secret | None = None
    is_demanded: bool = False
    public_hosts: frozenset[str] = frozenset()
    proxy: TrustedProxy = field(default_factory=TrustedProxy)
    session_seconds: int = 12 * HOUR_S
    frame_ancestors: tuple[str, ...] = ()

    def needs_login(self, host: str) -> bool:
        """A server that listens on `host` lets nobody in who has not said who they are."""
        # Whoever names a public host or a proxy lets others in, wherever the socket listens.
        is_reached = bool(self.public_hosts or self.proxy.networks)
        return self.is_demanded or is_reached or not is_loopback(host)


def is_loopback(host: str) -> bool:
    """`host` names this machine only."""
    name = host.strip("[]").lower()
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def from_environment(env: Mapping[str, str]) -> Access:
    """What the environment says.

    Raises:
        UsageError: ``BAD_SETTING``.
    """
    return Access(
        token=_token(env),
        is_demanded=_flag(env, "CDALAKE_REQUIRE_LOGIN"),
        public_hosts=frozenset(map(_host, _words(env, "CDALAKE_PUBLIC_HOSTS"))),
        proxy=_proxy(env),
        session_seconds=_hours(env, "CDALAKE_SESSION_HOURS") * HOUR_S,
        frame_ancestors=tuple(map(_ancestor, _words(env, "CDALAKE_FRAME_ANCESTORS"))),
    )


def _token(env: Mapping[str, str]) -> Secret | None:
    given = env.get("CDALAKE_TOKEN", "").strip()
    if not given:
        return None
    if len(given) < TOKEN_LENGTH or not given.isascii() or not given.isprintable():
        raise UsageError(
            "BAD_SETTING",
            f"CDALAKE_TOKEN is shorter than {TOKEN_LENGTH} characters, or has unusual ones.",
            "Set it to a long random text, e.g. from `openssl rand -hex 24`, or leave it out.",
        )
    return Secret(given)


def _proxy(env: Mapping[str, str]) -> TrustedProxy:
    proxy = TrustedProxy(
        networks=tuple(map(_network, _words(env, "CDALAKE_TRUSTED_PROXIES"))),
        user_header=_header(env, "CDALAKE_USER_HEADER"),
        groups_header=_header(env, "CDALAKE_GROUPS_HEADER"),
        group_roles=dict(map(_group_role, _words(env, "CDALAKE_GROUP_ROLES"))),
        default_role=_default_role(env),
    )
    if proxy.user_header and not proxy.networks:
        raise UsageError(
            "BAD_SETTING",
            "CDALAKE_USER_HEADER is set and CDALAKE_TRUSTED_PROXIES is not: "
            "anybody could send that header.",
            "Name the addresses of your proxies, e.g. CDALAKE_TRUSTED_PROXIES=10.0.0.0/24.",
        )
    return proxy


def _words(env: Mapping[str, str], name: str) -> list[str]:
    return [word for word in re.split(r"[,\s]+", env.get(name, "")) if word]


def _flag(env: Mapping[str, str], name: str) -> bool:
    given = env.get(name, "").strip().lower()
    if given not in ("", "0", "1", "false", "true", "no", "yes"):
        raise _bad(name, given, "true")
    return given in ("1", "true", "yes")


def _hours(env: Mapping[str, str], name: str) -> int:
    given = env.get(name, "").strip() or "12"
    if not given.isdigit() or not 1 <= int(given) <= 24 * 365:
        raise _bad(name, given, "12")
    return int(given)


def _host(word: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._-]+|\[?[0-9A-Fa-f:.]+\]?", word):
        raise _bad("CDALAKE_PUBLIC_HOSTS", word, "cda.example.com")
    return word.strip("[]").lower()


def _network(word: str) -> Network:
    try:
        return ipaddress.ip_network(word, strict=False)
    except ValueError:
        raise _bad("CDALAKE_TRUSTED_PROXIES", word, "10.0.0.0/24") from None


def _header(env: Mapping[str, str], name: str) -> str | None:
    given = env.get(name, "").strip()
    if given and not re.fullmatch(r"[A-Za-z0-9-]+", given):
        raise _bad(name, given, "X-Forwarded-Email")
    return given.lower() or None


def _group_role(word: str) -> tuple[str, Role]:
    group, _, role = word.rpartition("=")
    if not group or role not in list(Role):
        raise _bad("CDALAKE_GROUP_ROLES", word, "lake-admins=admin,on-call=operator")
    return group, Role(role)


def _default_role(env: Mapping[str, str]) -> Role | None:
    given = env.get("CDALAKE_PROXY_ROLE", "").strip() or Role.VIEWER.value
    if given == "none":
        return None
    if given not in list(Role):
        raise _bad("CDALAKE_PROXY_ROLE", given, "viewer")
    return Role(given)


def _ancestor(word: str) -> str:
    # Nothing that could end the directive, or the header.
    if word != "self" and not re.fullmatch(r"https?://(\*\.)?[A-Za-z0-9.-]+(:\d+)?", word):
        raise _bad("CDALAKE_FRAME_ANCESTORS", word, "https://portal.example.com")
    return "'self'" if word == "self" else word


def _bad(name: str, given: str, example: str) -> UsageError:
    return UsageError(
        "BAD_SETTING",
        f"{name} cannot be {given!r}.",
        f"Set it as in {name}={example}; see docs/reference/settings.md.",
    )
