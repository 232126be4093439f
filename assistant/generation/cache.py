"""What a model once wrote, kept by exactly what it was told: the same question, sources, prompt and model."""

from __future__ import annotations

import hashlib
import json
import logging
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

FILE = "generated.db"  # beside xuesi.db, not in it: it may be deleted at any time and no backup needs it
KEPT = 5000  # texts; the ones longest unused go first
KEPT_SECONDS = 30 * 24 * 3600.0

_SCHEMA = """
CREATE TABLE IF NOT EXISTS generated (
    key TEXT PRIMARY KEY,
    text TEXT NOT NULL,
    written_at REAL NOT NULL,
    used_at REAL NOT NULL
)
"""
_log = logging.getLogger(__name__)


def key_of(model: str, address: str, *told: str) -> str:
    """A key that changes with anything the model is told: so with the sentences of the library it is given."""
    return hashlib.sha256(json.dumps([model, address, *told]).encode()).hexdigest()


class Cache:
    """Texts in `data/generated.db`; the prompts are kept as hashes only. A file that cannot be used is as good as an
    empty one. Safe to share between threads and processes."""

    def __init__(self, data: Path, kept: int = KEPT, now: Callable[[], float] = time.time) -> None:
        self._path = data / FILE
        self._kept = kept
        self._now = now

    def get(self, key: str) -> str | None:
        """The text kept under `key`, unless it is older than a month."""
        now = self._now()
        with self._connected() as connection:
            if connection is None:
                return None
            query = "UPDATE generated SET used_at = ? WHERE key = ? AND written_at > ? RETURNING text"
            row = connection.execute(query, (now, key, now - KEPT_SECONDS)).fetchone()
            return str(row[0]) if row else None

    def put(self, key: str, text: str) -> None:
        """Keep `text` under `key`."""
        now = self._now()
        with self._connected() as connection:
            if connection is None:
                return
            connection.execute("INSERT OR REPLACE INTO generated VALUES (?, ?, ?, ?)", (key, text, now, now))
            newest = "SELECT key FROM generated ORDER BY used_at DESC LIMIT ?"
            connection.execute(f"DELETE FROM generated WHERE key NOT IN ({newest})", (self._kept,))

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection | None]:
        """A transaction; None when the file cannot be used. What fails later in it is logged and forgotten."""
        with ExitStack() as closing_up:
            try:
                opened = closing_up.enter_context(closing(sqlite3.connect(self._path, timeout=5)))
                opened.execute(_SCHEMA)
            except sqlite3.Error:
                _log.warning("the cache of generated answers cannot be opened", exc_info=True)
                yield None
                return
            try:
                with opened:
                    yield opened
            except sqlite3.Error:
                _log.warning("the cache of generated answers cannot be used", exc_info=True)
