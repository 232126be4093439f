"""The words of the passages beside PostgreSQL: an FTS5 file of this process alone, brought up to each generation it sees."""

from __future__ import annotations

import json
import sqlite3
import tempfile
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from knowledge.chunking.indexed import indexed_text
from knowledge.index.lexical import OCCURRENCES
from knowledge.storage.database import Database
from knowledge.storage.database.facts import generation_of
from knowledge.storage.fulltext import words_of

_TABLES: Final = """
CREATE TABLE indexed (id INTEGER PRIMARY KEY, words TEXT NOT NULL);
CREATE VIRTUAL TABLE passage_fts USING fts5(tokens, content='', tokenize="ascii tokenchars '-._/%'");
CREATE VIRTUAL TABLE passage_terms USING fts5vocab('passage_fts', 'instance');
"""
_HELD: Final = "SELECT id, words FROM indexed WHERE id IN (SELECT value FROM json_each(?))"
_CHANGED: Final = sa.text(
    "SELECT p.id, p.visible, d.title, p.context, p.text FROM passage p JOIN document d ON d.id = p.document_id"
    " WHERE p.changed > :since"
)


class WordsFile:
    """What the lexical index of a SQLite library holds, of a library in PostgreSQL, as far as readers may see it. Safe to
    share between threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._folder = tempfile.TemporaryDirectory(prefix="xuesi-words-")
        self._path = Path(self._folder.name, "words.db")
        self._generation = -1
        self._following = threading.Lock()
        self._file = self._connect()
        self._reading = threading.Lock()
        self._reader = self._connect()
        self._file.executescript(_TABLES)

    def follow(self, generation: int) -> int:
        """Learn what changed up to `generation`; returns what generation is known. Others read the state before meanwhile;
        who finds another thread at it waits only when nothing was learnt yet."""
        if self._generation < generation and self._following.acquire(blocking=self._generation < 0):
            try:
                if self._generation < generation:
                    self._learn()
            finally:
                self._following.release()
        return self._generation

    def occurrences(self, tokens: Iterable[str]) -> Mapping[str, str | None]:
        """By token the ids of the passages that hold it, ascending, once for each time, with spaces between."""
        with self._reading:
            return {token: self._reader.execute(OCCURRENCES, (token,)).fetchone()[0] for token in tokens}

    def close(self) -> None:
        with self._following, self._reading:
            self._file.close()
            self._reader.close()
            self._folder.cleanup()

    def _learn(self) -> None:
        with self._database.read() as connection:
            now = generation_of(connection)
            rows = connection.execute(_CHANGED, {"since": self._generation}).fetchall()
        ids = json.dumps([row[0] for row in rows])
        held = dict(self._file.execute(_HELD, (ids,)).fetchall())
        wanted = {row[0]: words_of(indexed_text(row[2], row[3], row[4])) for row in rows if row[1]}
        gone = [(i, words) for i, words in held.items() if wanted.get(i) != words]
        new = [(i, words) for i, words in wanted.items() if held.get(i) != words]
        with self._file:
            self._file.execute("BEGIN")
            self._file.executemany("INSERT INTO passage_fts (passage_fts, rowid, tokens) VALUES ('delete', ?, ?)", gone)
            self._file.executemany("DELETE FROM indexed WHERE id = ?", [(i,) for i, _ in gone])
            self._file.executemany("INSERT INTO passage_fts (rowid, tokens) VALUES (?, ?)", new)
            self._file.executemany("INSERT INTO indexed (id, words) VALUES (?, ?)", new)
        self._generation = now

    def _connect(self) -> sqlite3.Connection:
        made = sqlite3.connect(self._path, check_same_thread=False, isolation_level=None)
        made.execute("PRAGMA journal_mode = WAL")
        made.execute("PRAGMA synchronous = OFF")  # who begins anew reads it all anew
        return made
