"""Tokens and the sessions that were begun with them; of both only hashes are kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from cdalake.catalog.database import Database
from cdalake.catalog.schema import sessions, tokens
from cdalake.catalog.upsert import insert_new

Row = dict[str, Any]


class AccessStore:
    """The tables of tokens and sessions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_token(self, row: Row) -> bool:
        """Keep a token; False when its name is taken."""
        with self._database.writing() as connection:
            return insert_new(connection, tokens, row)

    def tokens(self) -> list[Row]:
        """Every token, by name."""
        with self._database.reading() as connection:
            statement = select(tokens).order_by(tokens.c.name)
            return [dict(row) for row in connection.execute(statement).mappings()]

    def token(self, digest: str) -> Row | None:
        """The token with that hash."""
        with self._database.reading() as connection:
            found = connection.execute(select(tokens).where(tokens.c.digest == digest))
            row = found.mappings().first()
        return None if row is None else dict(row)

    def used(self, digest: str, at: datetime) -> None:
        """The token was used."""
        with self._database.writing() as connection:
            connection.execute(update(tokens).where(tokens.c.digest == digest).values(last_used=at))

    def drop_token(self, name: str) -> bool:
        """Forget a token and every session begun with it; False when there is none."""
        with self._database.writing() as connection:
            digest = select(tokens.c.digest).where(tokens.c.name == name).scalar_subquery()
            connection.execute(delete(sessions).where(sessions.c.token_digest == digest))
            return bool(connection.execute(delete(tokens).where(tokens.c.name == name)).rowcount)

    def add_session(self, row: Row) -> None:
        """Keep a session, and forget those that are over."""
        with self._database.writing() as connection:
            over = sessions.c.expires_at <= row["created_at"]
            connection.execute(delete(sessions).where(over))
            connection.execute(insert(sessions).values(row))

    def session(self, digest: str) -> Row | None:
        """The session with that hash."""
        with self._database.reading() as connection:
            found = connection.execute(select(sessions).where(sessions.c.digest == digest))
            row = found.mappings().first()
        return None if row is None else dict(row)

    def drop_session(self, digest: str) -> None:
        """End a session."""
        with self._database.writing() as connection:
            connection.execute(delete(sessions).where(sessions.c.digest == digest))
