"""What the processes that work on one PostgreSQL are at: each holds a lock on it, which ends with its connection."""

from __future__ import annotations

import hashlib
import threading
from typing import Final

import sqlalchemy as sa

_KIND: Final = 0x58756573  # tells our locks from those of others
_HOLD: Final = sa.text("SELECT pg_advisory_lock(:kind, :key)")
_LET_GO: Final = sa.text("SELECT pg_advisory_unlock(:kind, :key)")
_HELD: Final = sa.text(
    "SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND classid = :kind AND objsubid = 2"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


class Presence:
    """What this process is at, told to the others by its life alone: killed, it holds nothing any more. Safe to share
    between threads. With SQLite (`engine` None) one process serves, and nobody has to be told."""

    def __init__(self, engine: sa.Engine | None) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT") if engine else None
        self._lock = threading.Lock()
        self._connection: sa.Connection | None = None
        self._held: set[str] = set()

    def hold(self, what: str) -> None:
        """Tell the others, before they can see it, that this process is at `what`."""
        if self._engine is None:
            return
        with self._lock:
            connection = self._connected(self._engine)
            connection.execute(_HOLD, {"kind": _KIND, "key": _key(what)})
            self._held.add(what)

    def let_go(self, what: str) -> None:
        """Nothing happens when it is not held."""
        if self._engine is None:
            return
        with self._lock:
            if what in self._held:
                self._held.discard(what)
                self._connected(self._engine).execute(_LET_GO, {"kind": _KIND, "key": _key(what)})

    def close(self) -> None:
        with self._lock:
            self._held.clear()
            if self._connection is not None:
                self._connection.detach()  # back in the pool it would keep the locks
                self._connection.close()
                self._connection = None

    def _connected(self, engine: sa.Engine) -> sa.Connection:
        """The connection that holds the locks; after the server was away a new one that holds them again."""
        if self._connection is not None:
            try:
                self._connection.exec_driver_sql("SELECT 1")
                return self._connection
            except sa.exc.DBAPIError:
                self._connection.invalidate()
                self._connection.close()
        self._connection = engine.connect()
        for what in self._held:
            self._connection.execute(_HOLD, {"kind": _KIND, "key": _key(what)})
        return self._connection


class Held:
    """What some process is at, as of one moment."""

    def __init__(self, connection: sa.Connection) -> None:
        shared = connection.dialect.name == "postgresql"
        self._keys = set(connection.execute(_HELD, {"kind": _KIND}).scalars()) if shared else set[int]()

    def __contains__(self, what: str) -> bool:
        return _key(what) in self._keys


def _key(what: str) -> int:
    return int.from_bytes(hashlib.sha256(what.encode()).digest()[:4], "big") >> 1
