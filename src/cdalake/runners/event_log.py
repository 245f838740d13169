"""The events of a run as log lines of the process that carries it out."""

from __future__ import annotations

import logging

from cdalake.engine.progress import Event, Level

log = logging.getLogger("cdalake.run")

_LEVELS = {
    Level.INFO: logging.INFO,
    Level.WARNING: logging.WARNING,
    Level.ERROR: logging.ERROR,
}


class EventLog:
    """A sink that logs; bytes that went by are no news."""

    def __init__(self, run_id: str, attempt: int) -> None:
        self._facts = {"run_id": run_id, "attempt": attempt}

    def emit(self, event: Event) -> None:
        """Log one event, with run and table."""
        if event.kind == "progress":
            return
        facts = {**self._facts, "kind": event.kind}
        if event.table is not None:
            facts["table"] = event.table
        error = event.data.get("error") or {}
        code = event.data.get("code") or error.get("code")
        if code:
            facts["code"] = code
        log.log(_LEVELS[event.level], "%s", event.message, extra={"facts": facts})
