"""Where a connection that was entered on the page may lead.

Who configures the server may name any address; a page that is reached over a network must not turn
the server into a way to services beside it.
"""

from __future__ import annotations

import ipaddress
import socket
from fnmatch import fnmatchcase
from pathlib import Path
from urllib.parse import urlsplit

from cdalake.errors import AccessDenied, StoreUnavailable
from cdalake.services.connections import PAGE
from cdalake.settings import AccessRef, Connection, Settings
from cdalake.storage import Location, overlap, parse_location
from cdalake.storage.access import Access

IP = ipaddress.IPv4Address | ipaddress.IPv6Address
METADATA = frozenset({ipaddress.ip_address("fd00:ec2::254")})


class Endpoints:
    """Judges locations and endpoints by the settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def check(self, connection: Connection) -> None:
        """Stores and cluster of a connection may be reached; names are resolved now.

        Raises:
            AccessDenied: ``ENDPOINT_NOT_ALLOWED`` or ``FOLDER_NOT_ALLOWED``.
            StoreUnavailable: ``HOST_UNKNOWN``.
        """
        self._check_store(connection.source, connection.source_access)
        self._check_store(connection.target, connection.target_access)
        if connection.ray_address:
            self._check_cluster(connection.ray_address)

    def check_again(self, connection: Connection) -> None:
        """As `check`, before a connection of the page is used: its name may lead elsewhere by now.

        Raises:
            AccessDenied: ``ENDPOINT_NOT_ALLOWED`` or ``FOLDER_NOT_ALLOWED``.
            StoreUnavailable: ``HOST_UNKNOWN``.
        """
        if connection.origin == PAGE:
            self.check(connection)

    def _check_store(self, url: str, ref: AccessRef) -> None:
        location = parse_location(url)
        if location.is_local:
            self._check_folder(location)
        elif ref.endpoint:
            parts = urlsplit(ref.endpoint)
            self._check_host(parts.hostname or "", parts.port)
        elif location.scheme not in ("s3", "gs"):
            # The account is a host's name, and came with the location.
            host, port = Access().address(location) or ("", None)
            self._check_host(host, port)

    def _check_cluster(self, address: str) -> None:
        # A node gets the token and the keys, and what it sends back is unpickled here.
        host, _, port = address.removeprefix("ray://").rpartition(":")
        host, number = host.strip("[]"), int(port)
        if self._settings.needs_login and not self._is_allowed(host, number):
            raise _not_allowed(f"The Ray cluster at {host} is not for connections of the page.")
        self._check_host(host, number)

    def _check_host(self, host: str, port: int | None) -> None:
        if not host or self._is_allowed(host, port):
            return
        for address in resolved(host):
            if self._is_refused(address):
                raise _not_allowed(
                    f"{host} is {address}, which is not for connections of the page."
                )

    def _is_allowed(self, host: str, port: int | None) -> bool:
        names = {host.lower(), f"{host.lower()}:{port or 443}"}
        return any(
            fnmatchcase(name, pattern.lower())
            for pattern in self._settings.allowed_endpoints
            for name in names
        )

    def _is_refused(self, address: IP) -> bool:
        bare = getattr(address, "ipv4_mapped", None) or address
        never = bare.is_link_local or bare.is_multicast or bare.is_unspecified
        if never or bare in METADATA:
            return True
        return self._settings.needs_login and not bare.is_global

    def _check_folder(self, location: Location) -> None:
        if self._is_own(location):
            raise _refused(location, "it has the server's own files")
        folders = [p for p in self._settings.allowed_endpoints if p.startswith("/")]
        is_below = any(location.below(parse_location(folder)) is not None for folder in folders)
        if self._settings.needs_login and not is_below:
            raise _refused(location, "others than this machine's user reach the page")

    def _is_own(self, location: Location) -> bool:
        home = parse_location(str(self._settings.home))
        runs = parse_location(str(self._settings.runs_dir))
        return home.below(location) is not None or overlap(location, runs)


def _not_allowed(sentence: str) -> AccessDenied:
    return AccessDenied(
        "ENDPOINT_NOT_ALLOWED",
        sentence,
        "Name it in CDALAKE_ALLOWED_ENDPOINTS, or define the connection in cdalake.toml.",
    )


def _refused(location: Location, why: str) -> AccessDenied:
    return AccessDenied(
        "FOLDER_NOT_ALLOWED",
        f"The folder {location.url} cannot be chosen on the page: {why}.",
        "Name a folder above it in CDALAKE_ALLOWED_ENDPOINTS, or define the connection in "
        "cdalake.toml.",
    )


def resolved(host: str) -> list[IP]:
    """Every address of a name.

    Raises:
        StoreUnavailable: ``HOST_UNKNOWN``.
    """
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise StoreUnavailable(
            "HOST_UNKNOWN",
            f"The name {host} cannot be resolved.",
            "Check the endpoint and this machine's DNS.",
        ) from error
    return [ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found]


def is_inside(root: Path, path: Path) -> bool:
    """A file is below a folder, links followed."""
    return path.resolve().is_relative_to(root.resolve())
