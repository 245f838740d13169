"""Runs with keys of their own in the request: whether they are taken, and what they reach."""

from __future__ import annotations

from dataclasses import replace

from cdalake.engine.spec import RunSpec
from cdalake.errors import UsageError
from cdalake.models.guidewire import GuidewireConfig
from cdalake.settings import Settings, mask_key, refuse_secrets
from cdalake.storage import parse_location
from cdalake.storage.inline import InlineKeys


def keys_of(config: GuidewireConfig, settings: Settings) -> InlineKeys | None:
    """The keys of a request; None when it has none.

    Raises:
        UsageError: ``INLINE_KEYS_NOT_ALLOWED`` or ``INLINE_KEYS_INCOMPLETE``; nothing was kept.
    """
    key, secret = config.aws_access_key_id, config.aws_secret_access_key
    if key is None and secret is None:
        return None
    if not settings.takes_inline_keys:
        raise UsageError(
            "INLINE_KEYS_NOT_ALLOWED",
            "This server takes no keys in a request; none was kept.",
            "Leave them out and name a connection, or allow them with CDALAKE_INLINE_KEYS=on.",
        )
    if not (key and key.get_secret_value() and secret and secret.get_secret_value()):
        raise UsageError(
            "INLINE_KEYS_INCOMPLETE",
            "Of aws_access_key_id and aws_secret_access_key one is missing.",
            "Send both, or leave both out.",
        )
    return InlineKeys.of(key.get_secret_value(), secret.get_secret_value(), config.aws_region)


def with_keys(spec: RunSpec, config: GuidewireConfig, keys: InlineKeys) -> RunSpec:
    """What the run is asked to do, with source and target of the request.

    Raises:
        UsageError: a location is not one of an S3-compatible store.
    """
    source = _location("aws_manifest_location", config.aws_manifest_location, spec.source)
    target = _location("aws_s3_bucket", config.aws_s3_bucket, spec.target)
    masked = mask_key(keys.keys.access_key_id)
    return replace(spec, source=source, target=target, inline_key=masked)


def _location(field: str, given: str | None, ours: str) -> str:
    location = ours if given is None else given.rstrip("/").removesuffix("/manifest.json")
    url = location if "://" in location or given is None else f"s3://{location}"
    refuse_secrets(url)
    if parse_location(url).scheme != "s3":
        raise UsageError(
            "INLINE_KEYS_NEED_S3",
            f"{field} is {url!r}, which no AWS key opens.",
            "Name a bucket and prefix, e.g. my-bucket/guidewire; leave the keys out for folders.",
        )
    return url
