"""What every answer of the API shares."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, model_validator
from pydantic_core import PydanticCustomError

from cdalake.errors import Choice


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


UtcTime = Annotated[datetime, PlainSerializer(_utc, return_type=str, when_used="json")]
"""A moment, written as UTC ISO 8601 with ``Z``."""


class Answer(BaseModel):
    """Base of all answers: fields are always present, unknown ones are refused."""

    model_config = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=True)


class Asked(BaseModel):
    """Base of all bodies of requests: unknown fields are refused, and so is text that is none."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _whole_characters(cls, given: Any) -> Any:
        """JSON can name half a character; nothing that stores or answers can hold it."""
        if _has_halves(given):
            raise PydanticCustomError("text", "a text has half a character (a lone surrogate)")
        return given


def _has_halves(given: Any) -> bool:
    if isinstance(given, str):
        return any("\ud800" <= character <= "\udfff" for character in given)
    if isinstance(given, dict):
        return any(_has_halves(key) or _has_halves(value) for key, value in given.items())
    return isinstance(given, list) and any(map(_has_halves, given))


class ErrorInfo(Answer):
    """A code, one sentence and the next step.

    Attributes:
        choices: actions of a run that put it right; a person chooses one.
        subject: what the choice is about, e.g. a file.
    """

    code: str
    message: str
    hint: str
    choices: list[Choice] = Field(default_factory=list)
    subject: str | None = None


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
