"""The audit log: who did what, and when."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from cdalake.models.base import Answer, UtcTime


class Action(StrEnum):
    """What people do here; the noun first, so that what belongs together sorts together."""

    RUN_START = "run.start"
    RUN_CANCEL = "run.cancel"
    RUN_RETRY = "run.retry"
    RUNS_PAUSE = "runs.pause"
    RUNS_RESUME = "runs.resume"
    RUNS_FORGET = "runs.forget"
    SUPPORT_BUNDLE = "support.bundle"
    TABLES_REFRESH = "tables.refresh"
    TABLE_SAMPLE = "table.sample"
    CONNECTION_ADD = "connection.add"
    CONNECTION_CHANGE = "connection.change"
    CONNECTION_REMOVE = "connection.remove"
    CONNECTION_TEST = "connection.test"
    OBJECT_DOWNLOAD = "object.download"
    LOGIN = "login"
    LOGIN_REFUSED = "login.refused"
    LOGOUT = "logout"
    ACCESS_GRANT = "access.grant"
    ACCESS_REVOKE = "access.revoke"
    ACCESS_REFUSED = "access.refused"
    AUDIT_FORGET = "audit.forget"
    AUDIT_EXPORT = "audit.export"


class AuditEntry(Answer):
    """One action."""

    id: str
    at: UtcTime
    who: str
    role: str
    trigger: str
    action: str
    subject: str
    detail: dict[str, Any]


class AuditPage(Answer):
    """GET /api/audit: newest first. `next_before` is the next page's `before`, or null."""

    entries: list[AuditEntry]
    next_before: int | None
