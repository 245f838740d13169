"""Demo data: a sample export on this machine, a connection to it, and its first run."""

from __future__ import annotations

import threading
from pathlib import Path

from cdalake.engine.progress import utc_now
from cdalake.errors import RunConflict
from cdalake.models.connection import ConnectionValues, NewConnection
from cdalake.models.guidewire import GuidewireConfig, StartJobRequest, StartJobResponse
from cdalake.samples import SampleSpec, write_export
from cdalake.services.connection_service import ConnectionService
from cdalake.services.connections import Connections
from cdalake.services.guidewire_service import GuidewireService
from cdalake.services.queries import Requester
from cdalake.storage import Store

NAME = "demo"
TABLES = 24


class DemoService:
    """Gives an installation without a connection something to look at.

    Args:
        folder: where export and tables go; the same as those of ``cdalake demo``.
    """

    def __init__(
        self,
        folder: Path,
        connections: Connections,
        sources: ConnectionService,
        guidewire: GuidewireService,
    ) -> None:
        self._folder = folder
        self._connections = connections
        self._sources = sources
        self._guidewire = guidewire
        self._busy = threading.Lock()

    def start(self, requester: Requester) -> StartJobResponse:
        """Write the export unless it is there, keep the connection, start the run.

        Raises:
            RunConflict: ``NOT_EMPTY``.
        """
        with self._busy:
            self._require_empty()
            source, target = str(self._folder / "export"), str(self._folder / "lake")
            if not (self._folder / "export" / "manifest.json").exists():
                write_export(Store.open(source).put, SampleSpec(tables=TABLES, end=utc_now()))
            values = ConnectionValues.model_validate({"source": source, "target": target})
            new = NewConnection(name=NAME, values=values)
            self._sources.add(new, requester.name, preview=False)
        config = GuidewireConfig.model_validate({"connection": NAME})
        return self._guidewire.start(StartJobRequest(config=config, request_id=None), requester)

    def _require_empty(self) -> None:
        known = self._connections.names
        if known:
            raise RunConflict(
                "NOT_EMPTY",
                f"There is a connection already: {known[0]}.",
                "Demo data is for a server without any. Run what you have, or use cdalake demo.",
            )
