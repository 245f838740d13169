"""How a store is reached: whose credentials, which region, which endpoint.

An `AccessRef` says where credentials are to be found and may stand anywhere; an `Access` has them
and stays in memory. Only a reference to the environment reads ``AWS_*``: every other one tells the
store's client everything, so that two connections never touch each other's keys or endpoints.
"""

from __future__ import annotations

import configparser
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cdalake.errors import AccessDenied, UsageError
from cdalake.secret import Secret
from cdalake.settings import AccessRef
from cdalake.storage.location import Location

DEFAULT_REGION = "us-east-1"
REGIONS = ("AWS_REGION", "AWS_DEFAULT_REGION")
ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT")


@dataclass(frozen=True)
class Keys:
    """An access key of an S3-compatible store."""

    access_key_id: str
    secret_access_key: Secret
    session_token: Secret | None = None


class Source(StrEnum):
    """Who answers for us."""

    ENVIRONMENT = "environment"
    KEYS = "keys"
    ROLE = "role"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True)
class Access:
    """How to reach a store.

    Attributes:
        keys: only with `Source.KEYS`.
        region, endpoint: None for what `source` says by itself.
        label: where the credentials are from, as errors name it.
    """

    source: Source = Source.ENVIRONMENT
    keys: Keys | None = None
    region: str | None = None
    endpoint: str | None = None
    label: str = field(default="AWS_ACCESS_KEY_ID and its secret", compare=False)

    @classmethod
    def of_keys(
        cls,
        access_key_id: str,
        secret_access_key: str,
        session_token: str | None = None,
        *,
        region: str | None = None,
        endpoint: str | None = None,
        label: str = "the keys of the request",
    ) -> Access:
        """Access by a key that is at hand."""
        token = Secret(session_token) if session_token else None
        keys = Keys(access_key_id, Secret(secret_access_key), token)
        return cls(Source.KEYS, keys, region, endpoint, label)

    @property
    def region_name(self) -> str | None:
        """The region; None where the environment names one that the client reads itself."""
        if self.source is Source.ENVIRONMENT and self.region is None:
            return None if _first(os.environ, REGIONS) else DEFAULT_REGION
        return self.region or DEFAULT_REGION

    @property
    def endpoint_url(self) -> str | None:
        """The endpoint that is configured; None for the provider's own."""
        if self.source is Source.ENVIRONMENT and self.endpoint is None:
            return _first(os.environ, ENDPOINTS)
        return self.endpoint

    @property
    def is_plain_http(self) -> bool:
        """Plain HTTP is spoken only to an endpoint that is configured so."""
        return (self.endpoint_url or "").startswith("http://")

    def options(self, location: Location) -> dict[str, Any]:
        """Options of obstore's store."""
        if location.scheme != "s3":
            return {"skip_signature": True} if self.source is Source.ANONYMOUS else {}
        given: dict[str, Any] = {"region": self.region_name, "endpoint": self.endpoint}
        if self.source is not Source.ENVIRONMENT:
            # All of it said, for the client fills what is missing from the environment.
            given["endpoint"] = self.endpoint or f"https://{_aws_host(self.region_name)}"
            given["virtual_hosted_style_request"] = False
            given["skip_signature"] = self.source is Source.ANONYMOUS
        if self.keys is not None:
            # Not as options: to those the client would add the environment's session token.
            given["credential_provider"] = _Provider(self.keys)
        return {name: value for name, value in given.items() if value is not None}

    def delta_options(self, location: Location) -> dict[str, str]:
        """Storage options for ``deltalake``: what the environment does not tell it by itself."""
        if location.is_local:
            return {}
        options = {k: v for k, v in self.options(location).items() if k != "credential_provider"}
        # By their canonical names: under another the environment's value would stand beside it.
        told = {f"aws_{name}": _text(value) for name, value in options.items()}
        return {"allow_http": _text(self.is_plain_http)} | told | self._key_options()

    def _key_options(self) -> dict[str, str]:
        if self.keys is None:
            return {}
        token = self.keys.session_token
        options = {
            "aws_access_key_id": self.keys.access_key_id,
            "aws_secret_access_key": self.keys.secret_access_key.reveal(),
        }
        if token or os.environ.get("AWS_SESSION_TOKEN"):
            # An empty one keeps the environment's from being taken.
            options["aws_session_token"] = token.reveal() if token else ""
        return options

    def client_options(self) -> dict[str, Any]:
        """Options of the HTTP client."""
        return {"allow_http": self.is_plain_http}

    def address(self, location: Location) -> tuple[str, int] | None:
        """Host and port that answer for a location; None where only its client knows them."""
        if location.is_local:
            return None
        if location.scheme == "s3" and self.endpoint_url:
            parts = urlsplit(self.endpoint_url)
            return parts.hostname or "", parts.port or (80 if self.is_plain_http else 443)
        if location.scheme == "s3":
            return _aws_host(self.region_name or _first(os.environ, REGIONS)), 443
        if location.scheme == "gs":
            return "storage.googleapis.com", 443
        account = location.bucket.partition("@")[2]
        return (account, 443) if account else None


ENVIRONMENT = Access()
"""What the environment says, as other tools take it."""


class _Provider:
    """Gives obstore a key, in place of all others it knows of."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def __call__(self) -> dict[str, Any]:
        token = self._keys.session_token
        return {
            "access_key_id": self._keys.access_key_id,
            "secret_access_key": self._keys.secret_access_key.reveal(),
            "token": token.reveal() if token else None,
            "expires_at": None,
        }


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _aws_host(region: str | None) -> str:
    region = region or DEFAULT_REGION
    return f"s3.{region}.amazonaws.com{'.cn' if region.startswith('cn-') else ''}"


def _first(environment: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((environment[name] for name in names if environment.get(name)), None)


# -- references -----------------------------------------------------------------------------


def resolve(
    ref: AccessRef, location: Location, environment: Mapping[str, str] | None = None
) -> Access:
    """The access behind a reference, read anew each time, so that keys may be renewed.

    Raises:
        AccessDenied: ``NO_CREDENTIALS``: there is nothing where the reference points.
        UsageError: ``BAD_CREDENTIAL``: the store has no credentials of this kind.
    """
    environment = os.environ if environment is None else environment
    if ref.credential == "environment" or location.is_local:
        return Access(region=ref.region, endpoint=ref.endpoint)
    if ref.credential == "anonymous":
        return Access(Source.ANONYMOUS, None, ref.region, ref.endpoint, "no credentials")
    if location.scheme != "s3":
        raise UsageError(
            "BAD_CREDENTIAL",
            f"{ref.credential} is for S3-compatible stores, not for {location.root_url}.",
            "Use `environment` there, with the AZURE_* or GOOGLE_* variables.",
        )
    if ref.credential == "role":
        return _of_role(ref, environment)
    kind, _, name = ref.credential.partition(":")
    return (
        _of_variables(ref, name, environment)
        if kind == "env"
        else _of_profile(ref, name, environment)
    )


def endpoint_of(ref: AccessRef, environment: Mapping[str, str]) -> str | None:
    """The endpoint a reference leads to, whether or not there are credentials."""
    kind, _, name = ref.credential.partition(":")
    if kind == "env":
        return (
            ref.endpoint or environment.get(name + "AWS_ENDPOINT_URL".removeprefix("AWS_")) or None
        )
    if kind == "profile":
        return ref.endpoint or profile(name, environment).get("endpoint_url")
    if ref.credential == "environment":
        return ref.endpoint or _first(environment, ENDPOINTS)
    return ref.endpoint


def _of_role(ref: AccessRef, environment: Mapping[str, str]) -> Access:
    if environment.get("AWS_ACCESS_KEY_ID"):
        raise UsageError(
            "BAD_CREDENTIAL",
            "`role` cannot be used: AWS_ACCESS_KEY_ID is set and would be taken instead.",
            "Start cdalake without it; give other connections env:PREFIX_ or profile:NAME.",
        )
    return Access(Source.ROLE, None, ref.region, ref.endpoint, "this machine's role")


def _of_variables(ref: AccessRef, prefix: str, environment: Mapping[str, str]) -> Access:
    def value(name: str) -> str | None:
        return environment.get(named(name)) or None

    def named(name: str) -> str:
        return prefix + name.removeprefix("AWS_")

    key, secret = value("AWS_ACCESS_KEY_ID"), value("AWS_SECRET_ACCESS_KEY")
    if not (key and secret):
        missing = named("AWS_SECRET_ACCESS_KEY" if key else "AWS_ACCESS_KEY_ID")
        raise AccessDenied(
            "NO_CREDENTIALS",
            f"{ref.credential} has no keys: {missing} is not set.",
            "Set it where cdalake is started, or choose another credential for the connection.",
        )
    return Access.of_keys(
        key,
        secret,
        value("AWS_SESSION_TOKEN"),
        region=ref.region or value("AWS_REGION"),
        endpoint=ref.endpoint or value("AWS_ENDPOINT_URL"),
        label=f"{named('AWS_ACCESS_KEY_ID')} and its secret",
    )


def _of_profile(ref: AccessRef, name: str, environment: Mapping[str, str]) -> Access:
    values = profile(name, environment)
    if not (values.get("aws_access_key_id") and values.get("aws_secret_access_key")):
        raise AccessDenied(
            "NO_CREDENTIALS",
            f"The profile {name!r} has no access key of its own, or there is none of that name.",
            "Profiles with roles or single sign-on are not followed: run "
            "`aws configure export-credentials` and use env:PREFIX_.",
        )
    return Access.of_keys(
        values["aws_access_key_id"],
        values["aws_secret_access_key"],
        values.get("aws_session_token"),
        region=ref.region or values.get("region"),
        endpoint=ref.endpoint or values.get("endpoint_url"),
        label=f"the profile {name!r}",
    )


def profile(name: str, environment: Mapping[str, str]) -> dict[str, str]:
    """What ``~/.aws/config`` and ``~/.aws/credentials`` say of a profile; the latter wins."""
    heading = name if name == "default" else f"profile {name}"
    config = environment.get("AWS_CONFIG_FILE") or "~/.aws/config"
    credentials = environment.get("AWS_SHARED_CREDENTIALS_FILE") or "~/.aws/credentials"
    return _section(config, heading) | _section(credentials, name)


def _section(path: str, heading: str) -> dict[str, str]:
    # No interpolation: a secret may contain '%'.
    parser = configparser.ConfigParser(interpolation=None, default_section="")
    try:
        parser.read(Path(path).expanduser(), encoding="utf-8")
    except (configparser.Error, UnicodeDecodeError, OSError) as error:
        # Without its text, which repeats the line.
        raise UsageError(
            "BAD_CREDENTIAL",
            f"{path} cannot be read as an AWS settings file ({type(error).__name__}).",
            "Mend the file; `aws configure list` says whether it is well.",
        ) from None
    return dict(parser[heading]) if parser.has_section(heading) else {}
