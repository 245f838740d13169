"""Composition root: settings become services."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cdalake.settings import Settings


@dataclass
class Services:
    """The services of one process."""

    tables: Any = None
    guidewire: Any = None
    jobs: Any = None
    dashboard: Any = None
    config: Any = None
    refresher: Any = None
    stopping: Any = None

    def start(self) -> None:
        """Start the background threads."""

    def stop(self) -> None:
        """Stop them."""

    def check_ready(self) -> None:
        """Raise when not ready."""


def build(settings: Settings) -> Services:
    """The services over `settings`."""
    return Services()
