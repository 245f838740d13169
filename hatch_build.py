"""Build hook: a wheel or sdist without the page is refused; an editable install needs no Node."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PageHook(BuildHookInterface):
    """Looks whether the page has been built; building it is the Makefile's work."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 hatchling's signature
        """Refuse to go on without the page."""
        if version == "editable":
            return
        if not Path(self.root, "src/cdalake/ui/dist/index.html").is_file():
            raise FileNotFoundError(
                "The page is not built: src/cdalake/ui/dist/index.html is missing. "
                "Run `make wheel`, which builds it first."
            )
