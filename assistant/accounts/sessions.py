"""Sessions: a random token in the browser, its hash in the database, an end after idleness and in any case."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa

from assistant.accounts.schema import session
from knowledge.storage.database import Database

IDLE_FOR = timedelta(hours=12)
LASTS = timedelta(days=7)
_SEEN_EVERY = timedelta(minutes=5)  # a write per request would be too many


class Sessions:
    """The sessions of one database. Tokens are never stored."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def begin(self, user_id: str) -> str:
        """A new session; returns its token. Sessions that have run out are forgotten on the way."""
        token, now = secrets.token_urlsafe(32), self._now()
        with self._database.write() as connection:
            over = (session.c.created_at < now - LASTS) | (session.c.seen_at < now - IDLE_FOR)
            connection.execute(session.delete().where(over))
            values = {"token_hash": _hash(token), "user_id": user_id, "created_at": now, "seen_at": now}
            connection.execute(session.insert().values(**values))
        return token

    def owner(self, token: str) -> str | None:
        """The id of the user whose session it is; None for an unknown token or a session that has run out."""
        now = self._now()
        mine = session.c.token_hash == _hash(token)
        with self._database.read() as connection:
            row = connection.execute(sa.select(session).where(mine)).first()
        if row is None or now - row.created_at > LASTS or now - row.seen_at > IDLE_FOR:
            return None
        if now - row.seen_at > _SEEN_EVERY:
            with self._database.write() as connection:
                connection.execute(session.update().where(mine).values(seen_at=now))
        return str(row.user_id)

    def end(self, token: str) -> None:
        """Nothing happens when there is no such session."""
        with self._database.write() as connection:
            connection.execute(session.delete().where(session.c.token_hash == _hash(token)))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
