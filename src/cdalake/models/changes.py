"""What changed since a reader looked last."""

from __future__ import annotations

from cdalake.models.base import Answer


class ChangedTable(Answer):
    """A table, or with no name every table of the connection."""

    connection: str
    name: str | None


class Changes(Answer):
    """GET /api/changes, and the data of the event `changes`.

    Attributes:
        last_id: ask for what comes after it next time.
        everything: more changed than is remembered here: whatever was read may be old.
        runs: runs that are new or reached another state.
        progress: runs that went on.
        tables: tables whose facts, history or lag are others now.
        connections: connections that were checked or edited.
        server: changes when the server was started anew; the page may be a newer one then.
    """

    last_id: int
    everything: bool
    runs: list[str]
    progress: list[str]
    tables: list[ChangedTable]
    connections: list[str]
    server: str
