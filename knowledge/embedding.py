"""Vectors of texts: which are stored for a model, which are missing, and making them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import sqlalchemy as sa

from knowledge.changes import add_vectors
from knowledge.database import Database
from knowledge.encoder import Encoder
from knowledge.lexical_rows import indexed_text
from knowledge.schema import vector
from knowledge.vector_index import pack

_HASHES_PER_READ = 500
_TEXTS_PER_CALL = 256
_TEXTS_AT_ONCE = 8  # while somebody watches and may want to stop


def embedded(connection: sa.Connection, model: str, hashes: Iterable[bytes]) -> set[bytes]:
    """Those text hashes of which `model` has a stored vector."""
    wanted, present = list(hashes), set[bytes]()
    for start in range(0, len(wanted), _HASHES_PER_READ):
        some = wanted[start : start + _HASHES_PER_READ]
        present.update(
            connection.execute(
                sa.select(vector.c.text_hash).where(vector.c.model == model, vector.c.text_hash.in_(some))
            ).scalars()
        )
    return present


def embed(encoder: Encoder, texts: Mapping[bytes, str]) -> dict[bytes, bytes]:
    """Vectors as stored, by text hash."""
    if not texts:
        return {}
    return dict(zip(texts, pack(encoder.embed_documents(list(texts.values()))), strict=True))


def embed_ahead(
    database: Database, encoder: Encoder, texts: Mapping[bytes, str], on_done: Callable[[int, int], None]
) -> None:
    """Embed `texts` by hash, a few at a time, so that storing their passages later takes no time.

    `on_done` is told how many of how many have their vector, first before any work; what it raises ends the run, and
    the vectors made by then stay.
    """
    with database.read() as connection:
        present = embedded(connection, encoder.name, texts)
    wanted = [key for key in texts if key not in present]
    on_done(len(present), len(texts))
    for start in range(0, len(wanted), _TEXTS_AT_ONCE):
        some = wanted[start : start + _TEXTS_AT_ONCE]
        vectors = embed(encoder, {key: texts[key] for key in some})
        with database.write() as connection:
            add_vectors(connection, encoder.name, vectors)
        on_done(len(present) + start + len(some), len(texts))


def missing(connection: sa.Connection, model: str) -> dict[bytes, str]:
    """Texts of the newest versions, drafts included, that `model` has not embedded, by hash."""
    rows = connection.exec_driver_sql(
        "SELECT p.text_hash, d.title, p.context, p.text FROM passage p JOIN document d ON d.version_id = p.version_id"
        " WHERE d.removed_at IS NULL AND NOT EXISTS"
        " (SELECT 1 FROM vector v WHERE v.model = ? AND v.text_hash = p.text_hash)",
        (model,),
    )
    return {row[0]: indexed_text(row[1], row[2], row[3]) for row in rows}


def embed_missing(database: Database, encoder: Encoder, on_done: Callable[[int, int], None] | None = None) -> int:
    """Embed what the encoder's model lacks, a few hundred texts to a transaction; returns how many there were.

    Until it is done searches use what is there. `on_done` is told how many of how many are stored.
    """
    with database.read() as connection:
        texts = missing(connection, encoder.name)
    keys = list(texts)
    for start in range(0, len(keys), _TEXTS_PER_CALL):
        some = keys[start : start + _TEXTS_PER_CALL]
        vectors = embed(encoder, {key: texts[key] for key in some})
        with database.write() as connection:
            add_vectors(connection, encoder.name, vectors)
            _announce(connection, some)
        if on_done:
            on_done(min(start + _TEXTS_PER_CALL, len(keys)), len(keys))
    return len(keys)


def _announce(connection: sa.Connection, hashes: Iterable[bytes]) -> None:
    """Tell every index that these passages have a vector now."""
    connection.exec_driver_sql("UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'generation'")
    mark = sa.text(
        "UPDATE passage SET changed = (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'generation')"
        " WHERE text_hash = :hash AND visible"
    )
    post = sa.text(
        "INSERT INTO outbox (passage_id, text_hash)"
        " SELECT id, text_hash FROM passage WHERE text_hash = :hash AND visible"
    )
    rows = [{"hash": text_hash} for text_hash in hashes]
    connection.execute(mark, rows)
    connection.execute(post, rows)
