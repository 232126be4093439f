"""Writes the rows of the lexical index: which words of a passage are indexed, and how they enter FTS5 and leave it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

import sqlalchemy as sa

from knowledge.chunking.indexed import indexed_text
from knowledge.storage.database import sqlite
from knowledge.storage.database.facts import fact, generation_of, state
from knowledge.text.tokenizer import tokenize

_KEY: Final = "tokens"
_PROBE: Final = (
    "《中国共产党党员教育管理工作条例》（試行）中发〔2019〕21号 第十五条 每年３２学时，20%以上；A-1.5 ＰＤＦ"
)
_EXPECTED = sa.text(
    "SELECT p.id, d.title, p.context, p.text FROM passage p JOIN document d ON d.version_id = p.version_id"
    " WHERE d.removed_at IS NULL ORDER BY p.id"
)
_LENGTH = sa.text("UPDATE passage SET tokens = :tokens, changed = :now WHERE id = :id")


def prepare(texts: Iterable[str]) -> None:
    """Cut texts into words before a transaction begins, so that `add_rows` and `remove_rows` need no time for it in one."""
    for text in texts:
        words_of(text)


def is_here(connection: sa.Connection) -> bool:
    """Whether this database holds the index. Beside PostgreSQL every process keeps one of its own (`knowledge.index.words`)."""
    return connection.dialect.name == sqlite.NAME


def add_rows(connection: sa.Connection, texts: Mapping[int, str]) -> dict[int, int]:
    """Index `texts` by passage id; returns how many tokens each has."""
    words = {passage_id: words_of(text) for passage_id, text in texts.items()}
    if words and is_here(connection):
        connection.exec_driver_sql("INSERT INTO passage_fts (rowid, tokens) VALUES (?, ?)", list(words.items()))
    return {passage_id: found.count(" ") + 1 if found else 0 for passage_id, found in words.items()}


def remove_rows(connection: sa.Connection, texts: Mapping[int, str]) -> None:
    """Take rows out again. FTS5 keeps no copy of the words, so it must be told exactly the text that went in."""
    if texts and is_here(connection):
        connection.exec_driver_sql(
            "INSERT INTO passage_fts (passage_fts, rowid, tokens) VALUES ('delete', ?, ?)",
            [(i, words_of(text)) for i, text in texts.items()],
        )


@lru_cache(maxsize=4096)
def words_of(text: str) -> str:
    """The tokens of `text` as FTS5 is given them, with spaces between."""
    return " ".join(tokenize(text))


def indexed_ids(connection: sa.Connection) -> set[int]:
    """Passage ids that the lexical index holds."""
    return set(connection.execute(sa.text("SELECT id FROM passage_fts_docsize")).scalars())


def expected_texts(connection: sa.Connection) -> dict[int, str]:
    """What the lexical index should hold: the passages of the newest version of every document not removed."""
    return {row[0]: indexed_text(row[1], row[2], row[3]) for row in connection.execute(_EXPECTED)}


def rebuild(connection: sa.Connection) -> int:
    """Write the lexical index anew from the passages, as part of a change; returns how many there are."""
    if is_here(connection):
        connection.exec_driver_sql("INSERT INTO passage_fts (passage_fts) VALUES ('delete-all')")
    lengths = add_rows(connection, expected_texts(connection))
    if lengths:
        now = generation_of(connection)
        rows = [{"id": i, "tokens": length, "now": now} for i, length in lengths.items()]
        connection.execute(_LENGTH, rows)
    state(connection, _KEY, fingerprint())
    return len(lengths)


def is_outdated(connection: sa.Connection) -> bool:
    """Whether the rows were written by other rules of tokenizing than today's."""
    return fact(connection, _KEY) != fingerprint()


def fingerprint() -> str:
    """Changes whenever a change of `tokenize` touches a text with all the kinds of token."""
    return hashlib.sha256(" ".join(tokenize(_PROBE)).encode()).hexdigest()[:16]
