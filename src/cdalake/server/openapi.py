"""``python -m cdalake.server.openapi``: write ``web/openapi.json`` for the page's client."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from cdalake.server.app import document

DEFAULT = Path("web/openapi.json")


def main(arguments: list[str]) -> None:
    """Write the document, sorted, so that it changes only when the API does."""
    path = Path(arguments[0]) if arguments else DEFAULT
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document(), indent=2, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
