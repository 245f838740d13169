"""The configuration as the API shows it: read-only, no secret in it."""

from __future__ import annotations

from typing import Literal

from cdalake.models.base import Answer, UtcTime


class RaySettings(Answer):
    """How runs of the connection use Ray.

    `origin` is where `runner` and `address` are set, `dedup_logs_origin` the same for `dedup_logs`.
    """

    dedup_logs: bool
    dedup_logs_origin: str
    runner: str
    address: str | None
    origin: str
    is_installed: bool


class SettingValue(Answer):
    """One setting, its value as text, and where it comes from."""

    group: str
    name: str
    value: str
    origin: str


class Configuration(Answer):
    """GET /api/config."""

    aws_access_key_id: str | None
    aws_region: str | None
    s3_bucket: str
    manifest_location: str
    processing_mode: Literal["parallel", "sequential"]
    guidewire_package_version: str
    ray_settings: RaySettings
    connection: str
    connections: list[str]
    settings: list[SettingValue]


class HealthStatus(Answer):
    """GET /health: from cached checks, never blocking.

    `checked_at` is when the connection that was asked longest ago was asked; null before all were.
    """

    status: Literal["healthy", "degraded"]
    databricks_connection: bool | None
    s3_access: bool | None
    database: bool
    checked_at: UtcTime | None
    uptime_seconds: int
    version: str
