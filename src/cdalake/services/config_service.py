"""The configuration, read-only and without secrets; and whether the service is well."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import make_url

from cdalake import __version__
from cdalake.access import HOUR_S
from cdalake.catalog.database import without_password
from cdalake.catalog.tables import Row, TableIndex
from cdalake.errors import StoreUnavailable
from cdalake.models.config import Configuration, HealthStatus, RaySettings, SettingValue
from cdalake.runners.places import DEDUP_LOGS, is_ray_installed
from cdalake.services.connections import Connections
from cdalake.services.dashboard_service import bucket_of
from cdalake.services.deadline import Deadline
from cdalake.services.health import in_words
from cdalake.settings import Connection, Settings, home_of, mask_key
from cdalake.telemetry.metrics import STARTED_AT
from cdalake.telemetry.redact import HIDDEN

REGION = ("AWS_REGION", "AWS_DEFAULT_REGION")
ENDPOINT = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
KEY_ID = "AWS_ACCESS_KEY_ID"


class ConfigService:
    """Shows what the process was told.

    Args:
        environment: the process's, for what the stores read from it by themselves.
    """

    def __init__(
        self,
        settings: Settings,
        connections: Connections,
        index: TableIndex,
        environment: Mapping[str, str],
    ) -> None:
        self._settings = settings
        self._connections = connections
        self._index = index
        self._environment = environment
        self._patience = Deadline(1.0, rest_seconds=5.0)

    def configuration(self, name: str | None) -> Configuration:
        """The configuration, as one connection sees it.

        Raises:
            UsageError: ``NO_CONNECTION`` for a name that is not there.
        """
        known = self._connections
        chosen = known.get(name) if name else known.default()
        of_connection = _of_connection(chosen, self._environment) if chosen else ()
        return Configuration(
            aws_access_key_id=mask_key(self._environment.get(KEY_ID)),
            aws_region=self.region,
            s3_bucket=bucket_of(chosen.target) if chosen else "",
            manifest_location=chosen.source if chosen else "",
            processing_mode="parallel" if chosen is None or chosen.workers > 1 else "sequential",
            guidewire_package_version=__version__,
            ray_settings=self._ray(chosen or _BARE),
            connection=chosen.name if chosen else "",
            connections=list(known.names),
            settings=[*self._of_process(), *of_connection],
        )

    def _ray(self, connection: Connection) -> RaySettings:
        told = self._environment.get(DEDUP_LOGS)
        return RaySettings(
            dedup_logs=told != "0",
            dedup_logs_origin=f"environment {DEDUP_LOGS}" if told else "default",
            runner=connection.runner,
            address=connection.ray_address,
            origin=_origin(connection, "runner", self._environment),
            is_installed=is_ray_installed(),
        )

    @property
    def region(self) -> str | None:
        """The region the stores use, where one is set."""
        return self._first(REGION)[1]

    def _first(self, names: tuple[str, ...]) -> tuple[str, str | None]:
        found = ((name, self._environment.get(name)) for name in names)
        return next(((name, value) for name, value in found if value), (names[0], None))

    def _of_process(self) -> Iterator[SettingValue]:
        known = self._settings
        database = without_password(make_url(known.database_url))
        asked = self._environment
        home, host = str(home_of(asked)), asked.get("CDALAKE_HOST") or Settings.host
        port = asked.get("CDALAKE_PORT") or str(Settings.port)
        yield self._own("home", str(known.home), "CDALAKE_HOME", home)
        yield self._setting("Server", "database", database, "CDALAKE_DATABASE_URL")
        yield self._own("host", known.host, "CDALAKE_HOST", host)
        yield self._own("port", str(known.port), "CDALAKE_PORT", port)
        pace = f"{known.refresh_seconds:g} s"
        yield self._setting("Server", "refresh", pace, "CDALAKE_REFRESH_SECONDS")
        yield from self._of_keeping()
        yield from self._of_access()
        for label, names in (("region", REGION), ("endpoint", ENDPOINT)):
            variable, value = self._first(names)
            shown = _without_user(value) if value else "not set"
            yield self._setting("Stores", label, shown, variable)
        key = mask_key(self._environment.get(KEY_ID)) or "not set"
        yield self._setting("Stores", "access key id", key, KEY_ID)

    def _of_keeping(self) -> Iterator[SettingValue]:
        known = self._settings
        days, runs = known.retention.days, known.retention.runs
        audit_days = known.retention.audit_days
        for name, value, variable in (
            ("log format", known.logs.form, "CDALAKE_LOG_FORMAT"),
            ("log level", known.logs.level, "CDALAKE_LOG_LEVEL"),
            ("keep runs for", f"{days} days" if days else "ever", "CDALAKE_KEEP_RUN_DAYS"),
            ("keep runs", f"the newest {runs}" if runs else "all", "CDALAKE_KEEP_RUNS"),
            (
                "keep audit log for",
                f"{audit_days} days" if audit_days else "ever",
                "CDALAKE_KEEP_AUDIT_DAYS",
            ),
        ):
            yield self._setting("Server", name, value, variable)

    def _of_access(self) -> Iterator[SettingValue]:
        known = self._settings.access
        proxy = known.proxy
        login = "required" if self._settings.needs_login else "not needed on this machine"
        roles = [f"{group}={role.value}" for group, role in proxy.group_roles.items()]
        default = proxy.default_role.value if proxy.default_role else "none"
        for name, value, variable in (
            ("login", login, "CDALAKE_REQUIRE_LOGIN"),
            ("session", f"{known.session_seconds // HOUR_S} h", "CDALAKE_SESSION_HOURS"),
            ("public hosts", _listed(sorted(known.public_hosts)), "CDALAKE_PUBLIC_HOSTS"),
            ("trusted proxies", _listed(map(str, proxy.networks)), "CDALAKE_TRUSTED_PROXIES"),
            ("user header", proxy.user_header or "not set", "CDALAKE_USER_HEADER"),
            ("groups header", proxy.groups_header or "not set", "CDALAKE_GROUPS_HEADER"),
            ("roles of groups", _listed(roles), "CDALAKE_GROUP_ROLES"),
            ("role of others", default, "CDALAKE_PROXY_ROLE"),
            ("frame ancestors", _listed(known.frame_ancestors), "CDALAKE_FRAME_ANCESTORS"),
        ):
            yield self._setting("Access", name, value, variable)

    def _own(self, name: str, value: str, variable: str, asked: str) -> SettingValue:
        """A value that the command may have been given in place of what the environment asks."""
        if value == asked:
            return self._setting("Server", name, value, variable)
        return SettingValue(group="Server", name=name, value=value, origin="command line")

    def _setting(self, group: str, name: str, value: str, variable: str) -> SettingValue:
        origin = f"environment {variable}" if self._environment.get(variable) else "default"
        return SettingValue(group=group, name=name, value=value, origin=origin)

    def health(self) -> HealthStatus:
        """From cached checks; no store is asked now, and the database only for a second."""
        try:
            told = self._patience.call(self._told, "The database")
        except StoreUnavailable:
            told = None
        answers = [ok for check in told or () for ok in (check["source_ok"], check["target_ok"])]
        access = None if not answers or None in answers else all(answers)
        moments = [check["checked_at"] for check in told or ()]
        return HealthStatus(
            status="degraded" if access is False or told is None else "healthy",
            databricks_connection=None,
            s3_access=access,
            database=told is not None,
            checked_at=min(moments) if moments and None not in moments else None,
            uptime_seconds=int(time.time() - STARTED_AT),
            version=__version__,
        )

    def _told(self) -> list[Row]:
        """What the last check of each connection said."""
        checks = self._index.checks()
        return [checks[name] for name in self._connections.names if name in checks]


def _of_connection(
    connection: Connection, environment: Mapping[str, str]
) -> Iterator[SettingValue]:
    group = f"Connection {connection.name}"
    for name, key, value in (
        ("source", "source", connection.source),
        ("target", "target", connection.target),
        *_accesses(connection),
        ("layout", "layout", connection.layout),
        ("current tables", "current", "on" if connection.current else "off"),
        ("schema change", "schema_change", connection.schema_change),
        ("rebase", "rebase", connection.rebase or "by itself"),
        ("workers", "workers", str(connection.workers)),
        ("runner", "runner", connection.runner),
        ("ray address", "ray_address", connection.ray_address or "of its own"),
        ("look-back", "lookback_seconds", _span(connection.lookback_seconds)),
        ("settle", "settle_seconds", _span(connection.settle_seconds)),
        ("rest", "rest_seconds", _span(connection.rest_seconds)),
        ("lag limit", "lag_limit_seconds", _span(connection.lag_limit_seconds)),
    ):
        origin = _origin(connection, key, environment)
        yield SettingValue(group=group, name=name, value=value, origin=origin)


def _span(seconds: int) -> str:
    """As it is set, and in words where they say the same."""
    is_told = 60 <= seconds < 24 * HOUR_S and seconds % 60 == 0
    return f"{seconds} s ({in_words(seconds)})" if is_told else f"{seconds} s"


def _accesses(connection: Connection) -> Iterator[tuple[str, str, str]]:
    yield "credential", "credential", connection.credential_label
    for key in _ACCESS_KEYS:
        value = getattr(connection, key)
        if value:
            yield key.replace("_", " "), key, value


_ACCESS_KEYS = (
    "region",
    "endpoint",
    "source_credential",
    "source_region",
    "source_endpoint",
    "target_credential",
    "target_region",
    "target_endpoint",
)


def _origin(connection: Connection, key: str, environment: Mapping[str, str]) -> str:
    """Where one value of a connection is from; not all are from where it is defined."""
    value, variable = getattr(connection, key), f"CDALAKE_{key.upper()}"
    if key in connection.given:
        is_variable = connection.origin == "environment"
        return f"environment {variable}" if is_variable else connection.origin
    if key.endswith("_seconds") and environment.get(variable) == str(value):
        return f"environment {variable}"
    return "default" if value == getattr(_BARE, key) else connection.origin


_BARE = Connection("", "", "")


def _listed(values: Iterable[str]) -> str:
    return ", ".join(values) or "none"


def _without_user(url: str) -> str:
    """A URL without the user, password and query it may carry."""
    # Not by urlsplit, for which a password ends at its first '/'.
    beginning = _SCHEME.match(url)
    scheme = beginning[0] if beginning else ""
    user, _, place = url.removeprefix(scheme).rpartition("@")
    # With a '?' before the '@' nobody can tell a password from a query.
    return scheme + (HIDDEN if _QUERY.search(user) else _QUERY.split(place)[0])


_SCHEME = re.compile(r"[\w+.-]+://")
_QUERY = re.compile(r"[?#]")
