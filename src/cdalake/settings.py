"""Settings: where things are and the limits that apply. The only reader of the environment.

A value comes from, in this order: the command line, ``cdalake.toml``, the environment, the default.
`Setting` keeps the origin, so that every page and `cdalake doctor` can say where a value is from.
"""

from __future__ import annotations

import getpass
import os
import re
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from cdalake import access
from cdalake.access import Access
from cdalake.errors import UsageError

Layout = Literal["copy", "zero_copy"]
SchemaChange = Literal["merge", "fail", "per_fingerprint", "replace"]

DEFAULT_CONNECTION = "default"
LEVELS = ("debug", "info", "warning", "error")
HOUR_S = 3600
NAME_LENGTH = 128
"""Of a connection, in characters."""
KEY_LENGTH = 16
"""Access key ids have at least so many characters; four of fewer would tell too much."""
REGION_PATTERN = r"^[A-Za-z0-9._-]{0,64}$"
"""A region becomes part of a host's name: '@' or '/' in it would lead to another host."""

Runner = Literal["threads", "ray"]
RUNNERS: tuple[str, ...] = get_args(Runner)
RAY_ADDRESS = re.compile(r"(ray://)?(\[[0-9A-Fa-f:]+\]|[A-Za-z0-9.-]+):\d{1,5}")
"""A token has no place in it."""

ENVIRONMENT = "environment"

_REFERENCE = re.compile(
    r"environment|role|anonymous|env:[A-Z][A-Z0-9_]*_|profile:[\w.@/+-][\w.@/+ -]{0,127}"
)
_LABELS = {
    ENVIRONMENT: "environment (AWS_*)",
    "role": "this machine's role",
    "anonymous": "none (public)",
}


@dataclass(frozen=True)
class AccessRef:
    """Where the credentials of a store are to be found; never the credentials.

    Attributes:
        credential: ``environment``, ``env:PREFIX_``, ``profile:NAME``, ``role`` or ``anonymous``.
        region, endpoint: None for what the credential's place says.
    """

    credential: str = ENVIRONMENT
    region: str | None = None
    endpoint: str | None = None

    @property
    def label(self) -> str:
        """The reference in words."""
        kind, _, name = self.credential.partition(":")
        named = {"env": f"environment ({name}*)", "profile": f"profile {name}"}
        return named.get(kind) or _LABELS[self.credential]


AMBIENT = AccessRef()
"""Credentials, region and endpoint of the environment."""


@dataclass(frozen=True)
class Connection:
    """A named source and target, a credential *reference* and options.

    Attributes:
        name: how people and URLs call it.
        source: folder or URL that holds ``manifest.json``.
        target: folder or URL under which the Delta tables live.
        credential, region, endpoint: how both stores are reached; see `AccessRef`.
        source_credential, …, target_endpoint: the same for one of them, where they differ.
        layout: how data files reach the table (product.md §5.4).
        current: keep a current table beside each raw one (product.md §5.6).
        schema_change: what happens when a table's columns change (cda-format.md §4).
        rebase: ``FROM=TO`` for the manifest's ``dataFilesPath``, or None for by-itself.
        workers: tables handled at the same time.
        lookback_seconds: how far below the cursor a listing starts (cda-format.md R56).
        settle_seconds: how long an incomplete folder may hold a table (R57).
        rest_seconds: for how long a table that nothing can be new for is not looked at again.
        lag_limit_seconds: processing lag above which a table is Late.
        runner: where tables are worked at: ``threads`` of the run's process, or ``ray``.
        ray_address: ``HOST:PORT`` of a Ray cluster; None: one of the run's own.
        origin: where this connection was defined, e.g. ``environment`` or a file and key.
        given: names of the values that stand there; the others are limits of the environment or
            defaults.
    """

    name: str
    source: str
    target: str
    credential: str = ENVIRONMENT
    region: str | None = None
    endpoint: str | None = None
    source_credential: str | None = None
    source_region: str | None = None
    source_endpoint: str | None = None
    target_credential: str | None = None
    target_region: str | None = None
    target_endpoint: str | None = None
    layout: Layout = "copy"
    current: bool = False
    schema_change: SchemaChange = "merge"
    rebase: str | None = None
    workers: int = 8
    lookback_seconds: int = 2 * HOUR_S
    settle_seconds: int = 15 * 60
    rest_seconds: int = HOUR_S
    lag_limit_seconds: int = HOUR_S
    runner: str = "threads"
    ray_address: str | None = None
    origin: str = "environment"
    given: frozenset[str] = field(default=frozenset({"source", "target"}), compare=False)

    @property
    def source_access(self) -> AccessRef:
        """How the source is reached."""
        return AccessRef(
            self.source_credential or self.credential,
            self.source_region or self.region,
            self.source_endpoint or self.endpoint,
        )

    @property
    def target_access(self) -> AccessRef:
        """How the target is reached."""
        return AccessRef(
            self.target_credential or self.credential,
            self.target_region or self.region,
            self.target_endpoint or self.endpoint,
        )

    @property
    def credential_label(self) -> str:
        """Whose credentials are used, in words."""
        return credential_label(self.source, self.source_access, self.target, self.target_access)


def credential_label(
    source: str, source_access: AccessRef, target: str, target_access: AccessRef
) -> str:
    """Whose credentials reach a source and a target, in words; folders need none."""
    sides = {"source": (source, source_access), "target": (target, target_access)}
    labels = {side: ref.label for side, (url, ref) in sides.items() if not _is_folder(url)}
    if len(set(labels.values())) <= 1:
        return next(iter(labels.values()), "none (folders)")
    return "; ".join(f"{side}: {label}" for side, label in labels.items())


def _is_folder(url: str) -> bool:
    return "://" not in url or url.lower().startswith("file://")


@dataclass(frozen=True)
class Logs:
    """How a server and its runs log.

    Attributes:
        form: ``json``, or ``text`` for people; by itself text on a terminal.
        level: the least that is told; by itself every request, on a terminal only what is wrong.
    """

    form: Literal["json", "text"]
    level: str

    @classmethod
    def of(cls, env: Mapping[str, str], *, is_terminal: bool) -> Logs:
        """What the environment asks for.

        Raises:
            UsageError: ``BAD_SETTING``.
        """
        form, level = ("text", "warning") if is_terminal else ("json", "info")
        form = _choice(env, "CDALAKE_LOG_FORMAT", ("json", "text"), form)
        level = _choice(env, "CDALAKE_LOG_LEVEL", LEVELS, level)
        return cls("json" if form == "json" else "text", level)


@dataclass(frozen=True)
class Retention:
    """Which ended runs and entries of the audit log are forgotten; nothing by itself.

    Attributes:
        days: older ones are; 0 keeps them however old.
        runs: of more than so many, the oldest are; 0 keeps any number.
        audit_days: entries of the audit log that are older are; 0 keeps them however old.
    """

    days: int = 0
    runs: int = 0
    audit_days: int = 0


@dataclass(frozen=True)
class Preview:
    """What may be seen of the rows themselves.

    Attributes:
        rows: most rows of a sample; 0 shows none at all.
        seconds: a store has to answer within.
        max_bytes: most bytes of data files, unpacked, that a sample reads.
        masked: globs of columns, or of ``table.column``, masked beside those that look personal.
        shown: the same for columns that look personal and are not.
    """

    rows: int = 100
    seconds: int = 2
    max_bytes: int = 256 * 1024 * 1024
    masked: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()

    @classmethod
    def of(cls, env: Mapping[str, str]) -> Preview:
        """What the environment says."""
        return cls(
            rows=_number(env, "CDALAKE_SAMPLE_ROWS", cls.rows),
            seconds=max(1, _number(env, "CDALAKE_SAMPLE_SECONDS", cls.seconds)),
            max_bytes=_number(env, "CDALAKE_SAMPLE_BYTES", cls.max_bytes),
            masked=_words(env.get("CDALAKE_MASK_COLUMNS")),
            shown=_words(env.get("CDALAKE_UNMASK_COLUMNS")),
        )


@dataclass(frozen=True)
class Settings:
    """Everything the process was told, read once at its start.

    Attributes:
        home: folder of the database and the run directories.
        connections: by name; ``CDALAKE_SOURCE`` and ``CDALAKE_TARGET`` make ``default``.
        database_url: SQLAlchemy URL; SQLite inside `home` unless ``CDALAKE_DATABASE_URL`` is set.
        host: address the server binds to.
        port: first port the server tries.
        refresh_seconds: how often the server refreshes its index of tables.
        access: how people get in.
        preview: what may be seen of the rows themselves.
        logs: how the server logs.
        retention: which runs are forgotten.
        allowed_endpoints: hosts and folders that connections of the page may lead to.
        inline_keys: whether requests may bring keys; None: only while others cannot reach us.
        limits: what a connection has for ``*_seconds`` where it does not say.
    """

    home: Path
    database_url: str
    connections: Mapping[str, Connection] = field(default_factory=dict)
    host: str = "127.0.0.1"
    port: int = 8000
    refresh_seconds: float = 15.0
    access: Access = field(default_factory=Access)
    preview: Preview = Preview()
    logs: Logs = Logs("json", "info")
    retention: Retention = Retention()
    allowed_endpoints: tuple[str, ...] = ()
    inline_keys: bool | None = None
    limits: Mapping[str, int] = field(default_factory=dict)

    @property
    def takes_inline_keys(self) -> bool:
        """A request may bring keys of its own."""
        return access.is_loopback(self.host) if self.inline_keys is None else self.inline_keys

    @property
    def needs_login(self) -> bool:
        """Everybody has to say who they are."""
        return self.access.needs_login(self.host)

    @property
    def runs_dir(self) -> Path:
        """Folder that holds one run directory per run."""
        return self.home / "runs"

    def connection(self, name: str | None) -> Connection:
        """The connection called `name`, or the only or default one.

        Raises:
            UsageError: ``NO_CONNECTION`` when there is none of that name.
        """
        return choose(self.connections, name)


def choose(connections: Mapping[str, Connection], name: str | None) -> Connection:
    """The connection called `name`, or the only or default one.

    Raises:
        UsageError: ``NO_CONNECTION`` when there is none of that name.
    """
    wanted = name or (DEFAULT_CONNECTION if DEFAULT_CONNECTION in connections else None)
    if wanted is None and len(connections) == 1:
        return next(iter(connections.values()))
    if wanted is None or wanted not in connections:
        known = ", ".join(sorted(connections)) or "none"
        raise UsageError(
            "NO_CONNECTION",
            f"There is no connection named {wanted or DEFAULT_CONNECTION!r} (known: {known}).",
            "Add it under Sources or to cdalake.toml, or set CDALAKE_SOURCE and CDALAKE_TARGET.",
        )
    return connections[wanted]


def home_of(env: Mapping[str, str]) -> Path:
    """The folder of runs and database that an environment asks for."""
    return Path(env.get("CDALAKE_HOME") or Path.home() / ".cdalake").expanduser().absolute()


def load(env: Mapping[str, str] | None = None, cwd: Path | None = None) -> Settings:
    """Read the environment and ``cdalake.toml`` (``CDALAKE_CONFIG``, the working folder, the home).

    Raises:
        UsageError: ``BAD_SETTING`` for a value that cannot be used, naming it and its origin.
    """
    env = os.environ if env is None else env
    home = home_of(env)
    document, origin = _document(env, home, cwd or Path.cwd())
    connections = _from_environment(env) | _from_document(document, origin, env)
    return Settings(
        home=home,
        database_url=env.get("CDALAKE_DATABASE_URL") or f"sqlite:///{home / 'cdalake.db'}",
        connections=connections,
        host=env.get("CDALAKE_HOST") or "127.0.0.1",
        port=_number(env, "CDALAKE_PORT", 8000),
        refresh_seconds=_number(env, "CDALAKE_REFRESH_SECONDS", 15),
        access=access.from_environment(env),
        preview=Preview.of(env),
        logs=Logs.of(env, is_terminal=sys.stderr.isatty()),
        retention=Retention(
            _number(env, "CDALAKE_KEEP_RUN_DAYS", 0),
            _number(env, "CDALAKE_KEEP_RUNS", 0),
            _number(env, "CDALAKE_KEEP_AUDIT_DAYS", 0),
        ),
        allowed_endpoints=_words(env.get("CDALAKE_ALLOWED_ENDPOINTS")),
        inline_keys=_switch(env, "CDALAKE_INLINE_KEYS"),
        limits=_limits(env),
    )


def _document(env: Mapping[str, str], home: Path, cwd: Path) -> tuple[dict[str, Any], str]:
    named = env.get("CDALAKE_CONFIG")
    candidates = [Path(named)] if named else [cwd / "cdalake.toml", home / "cdalake.toml"]
    for path in candidates:
        if path.is_file():
            return _parsed(path), str(path)
    if named:
        raise UsageError(
            "BAD_SETTING",
            f"CDALAKE_CONFIG names {named}, which is not a file.",
            "Point it at your cdalake.toml, or unset it.",
        )
    return {}, ""


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(
            "BAD_SETTING", f"{path} is not valid TOML: {error}.", "Mend the file at that place."
        ) from error


def _words(text: str | None) -> tuple[str, ...]:
    return tuple(word.strip() for word in (text or "").split(",") if word.strip())


def _limits(env: Mapping[str, str]) -> dict[str, int]:
    return {
        "lookback_seconds": _number(env, "CDALAKE_LOOKBACK_SECONDS", 2 * HOUR_S),
        "settle_seconds": _number(env, "CDALAKE_SETTLE_SECONDS", 15 * 60),
        "rest_seconds": _number(env, "CDALAKE_REST_SECONDS", HOUR_S),
        "lag_limit_seconds": _number(env, "CDALAKE_LAG_LIMIT_SECONDS", HOUR_S),
    }


def _from_environment(env: Mapping[str, str]) -> dict[str, Connection]:
    source, target = env.get("CDALAKE_SOURCE"), env.get("CDALAKE_TARGET")
    if bool(source) != bool(target):
        present, absent = ("SOURCE", "TARGET") if source else ("TARGET", "SOURCE")
        raise UsageError(
            "BAD_SETTING",
            f"CDALAKE_{present} is set and CDALAKE_{absent} is not.",
            "Set both: together they are the default connection.",
        )
    if not source or not target:
        return {}
    refuse_secrets(source)
    refuse_secrets(target)
    return {
        DEFAULT_CONNECTION: _limited(Connection(DEFAULT_CONNECTION, source, target), _limits(env))
    }


def _from_document(
    document: dict[str, Any], origin: str, env: Mapping[str, str]
) -> dict[str, Connection]:
    unknown = sorted(set(document) - {"connections"})
    if unknown:
        raise _bad(origin, f"{unknown[0]!r} is not a key", "its only table is [connections.NAME]")
    connections = document.get("connections", {})
    if not isinstance(connections, dict):
        raise _bad(origin, "connections is not a table", "write [connections.NAME]")
    limits = _limits(env)
    return {
        name: connection_of(name, values, f"{origin} [connections.{name}]", limits)
        for name, values in connections.items()
    }


# What a connection's keys hold; `name` and `origin` come from where it stands.
_ACCESS = ("credential", "region", "endpoint")
_CREDENTIALS_OF = frozenset({"credential", "source_credential", "target_credential"})
_TEXTS = frozenset(
    {"source", "target", "layout", "schema_change", "rebase", "runner", "ray_address", *_ACCESS}
    | {f"{side}_{key}" for side in ("source", "target") for key in _ACCESS}
)
_SWITCHES = frozenset({"current"})
_NUMBERS = frozenset(
    {"workers", "lookback_seconds", "settle_seconds", "rest_seconds", "lag_limit_seconds"}
)


def connection_of(name: str, values: Any, where: str, limits: Mapping[str, int]) -> Connection:
    """The connection that `values`, the keys of a ``[connections.NAME]``, describe.

    Args:
        where: the place they stand, for errors and as the connection's origin.

    Raises:
        UsageError: ``BAD_SETTING`` or ``SECRET_IN_URL``.
    """
    if not isinstance(values, dict):
        raise _bad(where, "it is not a table", "give it source and target")
    if len(name) > NAME_LENGTH:
        raise _bad(where, f"the name has over {NAME_LENGTH} characters", "choose a shorter one")
    for key, value in values.items():
        _check(where, key, value)
    _check_choice(where, "schema_change", values.get("schema_change"), get_args(SchemaChange))
    for key in ("source", "target"):
        if not values.get(key):
            raise _bad(where, f"{key} is missing", "a connection has a source and a target")
    given = frozenset(values)
    return Connection(name=name, origin=where, given=given, **{**limits, **values})


_REFERENCES = "write environment, env:PREFIX_, profile:NAME, role or anonymous; never a key"
_ENDPOINT = re.compile(r"https?://[^/?#@\s]+/?")
_REGION = re.compile(REGION_PATTERN)


def _check(where: str, key: str, value: Any) -> None:
    if key not in _TEXTS | _NUMBERS | _SWITCHES:
        known = ", ".join(sorted(_TEXTS | _NUMBERS | _SWITCHES))
        raise _bad(where, f"{key!r} is not a key", f"the keys are {known}")
    if key in _TEXTS and not isinstance(value, str):
        raise _bad(where, f"{key} is {value!r}, not a text", "put it in quotes")
    if isinstance(value, str):
        refuse_secrets(value)
    if key in _CREDENTIALS_OF and not _REFERENCE.fullmatch(value):
        raise _bad(where, f"{key} is no reference to credentials", _REFERENCES)
    _check_runner(where, key, value)
    if key.endswith("endpoint") and not _is_endpoint(value):
        raise _bad(
            where, f"{key} is no address of a store", "write https://HOST or https://HOST:PORT"
        )
    if key.endswith("region") and not _REGION.fullmatch(value):
        raise _bad(where, f"{key} is no region", "write one as in us-east-1")
    _check_bare(where, key, value)


def _check_bare(where: str, key: str, value: Any) -> None:
    """Values that stand without quotes."""
    if key in _SWITCHES and not isinstance(value, bool):
        raise _bad(where, f"{key} is {value!r}", "write true or false, without quotes")
    if key in _NUMBERS and (type(value) is not int or value < (key == "workers")):
        raise _bad(where, f"{key} is not a whole number", "write one, without quotes")


def _check_choice(where: str, key: str, value: str | None, known: Sequence[str]) -> None:
    if value is not None and value not in known:
        raise _bad(where, f"{key} is {value!r}", f"write one of {', '.join(known)}")


def _check_runner(where: str, key: str, value: Any) -> None:
    if key == "runner" and value not in RUNNERS:
        raise _bad(where, f"runner is {value!r}", "write threads or ray")
    if key == "ray_address" and not RAY_ADDRESS.fullmatch(value):
        raise _bad(where, "ray_address is no address", "write HOST:PORT or ray://HOST:PORT")


def _is_endpoint(value: str) -> bool:
    try:
        return bool(_ENDPOINT.fullmatch(value)) and urlsplit(value).port != 0
    except ValueError:  # no port has this number, or no address is written so
        return False


def _bad(where: str, what: str, mend: str) -> UsageError:
    hint = f"{mend[0].upper()}{mend[1:]}; see docs/reference/settings.md."
    return UsageError("BAD_SETTING", f"{where}: {what}.", hint)


def _switch(env: Mapping[str, str], name: str) -> bool | None:
    text = (env.get(name) or "").lower()
    if text not in ("", "on", "off"):
        raise UsageError(
            "BAD_SETTING", f"{name} is {text!r}, neither on nor off.", f"Set it, e.g. {name}=off."
        )
    return text == "on" if text else None


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name)
    if not text:
        return default
    if not text.isdigit():
        raise UsageError(
            "BAD_SETTING",
            f"{name} is {text!r}, not a whole number.",
            f"Set it, e.g. {name}={default}.",
        )
    return int(text)


def _choice(env: Mapping[str, str], name: str, known: Sequence[str], default: str) -> str:
    text = (env.get(name) or default).lower()
    if text not in known:
        choices = ", ".join(known)
        raise UsageError("BAD_SETTING", f"{name} is {text!r}.", f"Set it to one of {choices}.")
    return text


def ad_hoc(source: str, target: str, env: Mapping[str, str] | None = None) -> Connection:
    """A connection for SOURCE and TARGET given on the command line."""
    env = os.environ if env is None else env
    return _limited(Connection("command line", source, target, origin="command line"), _limits(env))


def _limited(connection: Connection, limits: Mapping[str, Any]) -> Connection:
    return replace(connection, **limits)


def user_name() -> str:
    """The name of the person or service that runs this process."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"  # a user id without a name, as containers have


def mask_key(key: str | None) -> str | None:
    """A key id as people may see it: its last four characters, or none of a short one."""
    if not key:
        return None
    return f"****{key[-4:]}" if len(key) >= KEY_LENGTH else "****"


_CREDENTIALS = re.compile(
    r"://[^/?#:]*:.*@"
    r"|[?&](aws_|access_?key|secret|token|sig|sas|password)[^=]*=",
    re.IGNORECASE | re.DOTALL,
)


def refuse_secrets(location: str) -> None:
    """Refuse a location that carries credentials: it would be printed, logged and stored.

    Raises:
        UsageError: ``SECRET_IN_URL``, which does not repeat it.
    """
    if _CREDENTIALS.search(location):
        raise UsageError(
            "SECRET_IN_URL",
            "A location carries credentials in its URL.",
            "Take them out and set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY instead.",
        )
