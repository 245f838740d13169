"""What a store's failure is, whether trying again helps, and how long that goes on (R50).

Requests are sent once by the store's client and repeated here, so that every answer is seen: it
says how many more the store bears (`pace`). The client by itself would repeat a throttled request
in silence, and would give up on others at once (docs/explanation/storage-faults.md has what was
measured).
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from obstore.exceptions import (
    AlreadyExistsError,
    NotFoundError,
    PermissionDeniedError,
    UnauthenticatedError,
)


class Cause(StrEnum):
    """Why a request came to nothing, where the next one may not."""

    THROTTLED = "throttled"
    TIMEOUT = "timeout"
    BROKEN = "broken"
    UNREACHABLE = "unreachable"
    CONFLICT = "conflict"

    @property
    def is_overload(self) -> bool:
        """Fewer requests at once may help."""
        return self in (Cause.THROTTLED, Cause.TIMEOUT)

    @property
    def tries(self) -> int:
        """After so many the store will not change its mind within a run's time."""
        return {Cause.THROTTLED: 20, Cause.CONFLICT: 5}.get(self, 8)


NEVER_ANSWERED_TRIES = 3
"""For a store that has not answered once: its address may be wrong, and somebody waits."""


class GaveUp(Exception):
    """A request that failed until patience ended.

    Attributes:
        tries: requests that were sent; 0 when the store was down, so that none was.
        seconds: from the first one on.
        last: the client's error for the last one.
    """

    def __init__(self, cause: Cause, tries: int, seconds: float, last: Exception) -> None:
        super().__init__(cause, tries, seconds, last)
        self.cause, self.tries, self.seconds, self.last = cause, tries, seconds, last


@dataclass(frozen=True)
class Patience:
    """How long a store is waited for, in seconds.

    Attributes:
        answer: for one answer, to its end; for large files between two parts of it.
        connect: for a connection.
        trying: from the first try on; no later one begins. A second one always does.
        first_pause, longest_pause: between two tries; each is twice the one before, half of it
            left to chance.
        silence: without one good answer to anybody, until the store counts as down and is asked
            one request at a time, each once.
        stream: for all of a large file.
    """

    answer: float = 60.0
    connect: float = 5.0
    trying: float = 60.0
    first_pause: float = 0.2
    longest_pause: float = 5.0
    silence: float = 300.0
    stream: float = 3600.0

    def goes_on(self, cause: Cause, tries: int, seconds: float, *, has_answered: bool) -> bool:
        """Another try is worth it."""
        if cause is Cause.UNREACHABLE and not has_answered:
            return tries < NEVER_ANSWERED_TRIES
        return tries < cause.tries and (tries < 2 or seconds < self.trying)

    def pause(self, tries: int) -> float:
        """How long to wait after so many tries."""
        whole = min(self.longest_pause, self.first_pause * 2.0 ** (tries - 1))
        return whole * random.uniform(0.5, 1.0)  # noqa: S311 - no secret

    def of_single_requests(self) -> dict[str, Any]:
        """Options of a client whose every request is repeated by us."""
        return {
            "client_options": {
                "timeout": timedelta(seconds=self.answer),
                "connect_timeout": timedelta(seconds=self.connect),
            },
            "retry_config": {"max_retries": 0, "retry_timeout": timedelta(seconds=self.trying)},
        }

    def of_streams(self) -> dict[str, Any]:
        """Options of a client that goes on by itself where a body broke off, or a part failed."""
        return {
            "client_options": {
                "timeout": timedelta(seconds=self.stream),
                "read_timeout": timedelta(seconds=self.answer),
                "connect_timeout": timedelta(seconds=self.connect),
            },
            "retry_config": {
                "max_retries": Cause.BROKEN.tries,
                "retry_timeout": timedelta(seconds=self.trying),
                "backoff": {
                    "init_backoff": timedelta(seconds=self.first_pause),
                    "max_backoff": timedelta(seconds=self.longest_pause),
                    "base": 2,
                },
            },
        }

    def of_delta_rs(self) -> dict[str, str]:
        """The same for ``deltalake``'s own client."""
        return {
            "timeout": f"{self.answer * 1000:.0f}ms",
            "connect_timeout": f"{self.connect * 1000:.0f}ms",
            "max_retries": str(Cause.BROKEN.tries),
            "retry_timeout": f"{self.trying * 1000:.0f}ms",
            "backoff_config.init_backoff": f"{self.first_pause * 1000:.0f}ms",
            "backoff_config.max_backoff": f"{self.longest_pause * 1000:.0f}ms",
        }


PATIENCE = Patience()

_FINAL = (FileNotFoundError, NotFoundError, PermissionDeniedError, UnauthenticatedError)
_STATUS = re.compile(r"Server returned non-2xx status code: (\d{3})\b")
_HTTP = re.compile(r"\bHttpError \{\s*kind: (\w+)")
_CODE = re.compile(r"<Code>(\w+)</Code>")
_OF_CODE = {
    "SlowDown": Cause.THROTTLED,
    "Throttling": Cause.THROTTLED,
    "RequestLimitExceeded": Cause.THROTTLED,
    "RequestTimeout": Cause.TIMEOUT,
    "InternalError": Cause.BROKEN,
    "ConditionalRequestConflict": Cause.CONFLICT,
    "OperationAborted": Cause.CONFLICT,
    "NoSuchUpload": Cause.BROKEN,
}
_OF_STATUS = {
    408: Cause.TIMEOUT,
    429: Cause.THROTTLED,
    503: Cause.THROTTLED,
    504: Cause.TIMEOUT,
}
_OF_CONNECTION = {"Timeout": Cause.TIMEOUT, "Connect": Cause.UNREACHABLE}


def cause_of(error: Exception) -> Cause | None:
    """Why a request failed; None where the next one would fare alike.

    The client tells by its text alone: the status and S3's code in the first line, what happened
    to the connection in the description of the error behind it.
    """
    text = str(error)
    code, status = _CODE.search(text), _STATUS.search(text)
    if code and code[1] in _OF_CODE:
        return _OF_CODE[code[1]]
    if isinstance(error, (*_FINAL, AlreadyExistsError)):
        return None
    if status:
        number = int(status[1])
        return _OF_STATUS.get(number, Cause.BROKEN if number >= 500 else None)
    connection = _HTTP.search(text)
    return _OF_CONNECTION.get(connection[1], Cause.BROKEN) if connection else None
