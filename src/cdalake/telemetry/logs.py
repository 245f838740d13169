"""Log lines: JSON or text on standard error, each with what it belongs to, none with a secret.

The standard library's `logging` with a formatter of ours: libraries log through it anyway, and it
costs the command line nothing to start.
"""

from __future__ import annotations

import json
import logging
import sys
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Literal, TextIO

from cdalake.telemetry.redact import redact

Format = Literal["json", "text"]
KEPT = 500
"""So many of the newest lines stay in memory, for the System page and the support bundle."""

_NOTHING: Mapping[str, str] = MappingProxyType({})
_about: ContextVar[Mapping[str, str]] = ContextVar("cdalake_about", default=_NOTHING)


@contextmanager
def about(**facts: str) -> Iterator[None]:
    """Every line of the block carries these, e.g. a ``request_id``."""
    token = _about.set({**_about.get(), **facts})
    try:
        yield
    finally:
        _about.reset(token)


class Newest(logging.Handler):
    """Keeps the newest lines, as JSON-ready facts."""

    def __init__(self, size: int = KEPT) -> None:
        super().__init__()
        self._lines: deque[dict[str, Any]] = deque(maxlen=size)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one."""
        self._lines.append(facts_of(record))

    def lines(self) -> list[dict[str, Any]]:
        """Oldest first."""
        return list(self._lines)


NEWEST = Newest()
_installed: list[logging.Handler] = []


def facts_of(record: logging.LogRecord) -> dict[str, Any]:
    """A line as facts; what is text has lost its secrets."""
    facts: dict[str, Any] = {
        "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": record.getMessage(),
        **_about.get(),
        **getattr(record, "facts", {}),
    }
    facts["at"] = facts["at"].replace("+00:00", "Z")
    if record.exc_info:
        facts["exception"] = logging.Formatter().formatException(record.exc_info)
    return {name: redact(v) if isinstance(v, str) else v for name, v in facts.items()}


class JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        return json.dumps(facts_of(record), default=str, ensure_ascii=False)


class TextFormatter(logging.Formatter):
    """For people: time, level, sentence, then what it belongs to."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, and a traceback below it."""
        facts = facts_of(record)
        shown = [facts.pop("at"), f"{facts.pop('level').upper():<7}"]
        facts.pop("logger")
        shown.append(facts.pop("message"))
        trace = facts.pop("exception", None)
        shown += [f"{name}={value}" for name, value in facts.items()]
        return " ".join(shown) + (f"\n{trace}" if trace else "")


def configure(form: Format, level: str, stream: TextIO | None = None) -> None:
    """Log from now on in this form, from this level on; asked again, anew."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter() if form == "json" else TextFormatter())
    root = logging.getLogger()
    for old in _installed:
        root.removeHandler(old)
    _installed[:] = [handler, NEWEST]
    for each in _installed:
        root.addHandler(each)
    # Ours as asked; libraries only when something is wrong.
    root.setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[level.upper()]))
    logging.getLogger("cdalake").setLevel(level.upper())
