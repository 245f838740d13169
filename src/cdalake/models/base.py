"""What every answer of the API shares."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, PlainSerializer


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


UtcTime = Annotated[datetime, PlainSerializer(_utc, return_type=str, when_used="json")]
"""A moment, written as UTC ISO 8601 with ``Z``."""


class Answer(BaseModel):
    """Base of all answers: fields are always present, unknown ones are refused."""

    model_config = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=True)


class ErrorInfo(Answer):
    """A code, one sentence and the next step."""

    code: str
    message: str
    hint: str


class WarningInfo(Answer):
    """A code and one sentence."""

    code: str
    message: str


class ProblemDetails(Answer):
    """RFC 9457 problem details, as ``application/problem+json``."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    hint: str
    request_id: str
