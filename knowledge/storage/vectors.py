"""Vectors of texts: which are stored for a model, which are missing, and making them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from knowledge.chunking.indexed import indexed_text
from knowledge.embeddings import Encoder
from knowledge.storage.changes import add_vectors
from knowledge.storage.database import Database
from knowledge.storage.database.facts import next_generation
from knowledge.storage.database.half_vectors import STORED, sent
from knowledge.storage.outbox import post
from knowledge.storage.schema import vector

_STORED = np.dtype("<f2")
_ROWS_PER_READ = 500
_HASHES_PER_READ = 500
_TEXTS_PER_CALL = 256
_TEXTS_AT_ONCE = 8  # while somebody watches and may want to stop

_MISSING = sa.text(
    "SELECT p.text_hash, d.title, p.context, p.text FROM passage p JOIN document d ON d.version_id = p.version_id"
    " WHERE d.removed_at IS NULL AND NOT EXISTS"
    " (SELECT 1 FROM vector v WHERE v.model = :model AND v.text_hash = p.text_hash)"
)
_MARK = sa.text("UPDATE passage SET changed = :now WHERE text_hash = :hash AND visible RETURNING id")


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
    rows = connection.execute(_MISSING, {"model": model})
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
    now, told = next_generation(connection), list[int]()
    for text_hash in hashes:
        told += connection.execute(_MARK, {"hash": text_hash, "now": now}).scalars()
    post(connection, told)


def pack(vectors: NDArray[np.float32]) -> list[bytes]:
    """Rows as stored: half precision keeps a cosine to four digits and halves what a cold start reads."""
    return [row.tobytes() for row in vectors.astype(_STORED)]


def unpack(stored: Sequence[bytes]) -> NDArray[np.float32]:
    """(n, dimension) unit rows; (0, 0) when there are none."""
    if not stored:
        return np.empty((0, 0), dtype=np.float32)
    rows = np.frombuffer(b"".join(stored), dtype=_STORED).reshape(len(stored), -1).astype(np.float32)
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), np.float32(1e-12))
    return rows


def changed_vectors(connection: sa.Connection, model: str, since: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Ids and vectors of the visible passages that changed after generation `since`; those without a vector of
    `model` are left out."""
    query = _pairs(connection, "p.changed > :since AND p.visible ORDER BY p.id")
    found = connection.execute(query, {"model": model, "since": since}).fetchall()
    return np.array([row[0] for row in found], dtype=np.int64), unpack([row[1] for row in found])


def stored_vectors(connection: sa.Connection, model: str, passage_ids: Sequence[int]) -> dict[int, bytes]:
    """The stored vector of each of `passage_ids` that has one."""
    found: dict[int, bytes] = {}
    query = _pairs(connection, "p.id IN :ids").bindparams(sa.bindparam("ids", expanding=True))
    for start in range(0, len(passage_ids), _ROWS_PER_READ):
        rows = connection.execute(query, {"model": model, "ids": list(passage_ids[start : start + _ROWS_PER_READ])})
        found.update((row[0], row[1]) for row in rows)
    return found


def _pairs(connection: sa.Connection, which: str) -> sa.TextualSelect:
    """Ids of passages with their vectors of `:model`."""
    # CROSS JOIN keeps the order: SQLite would else walk all vectors of a model for a handful of passages.
    return sa.text(
        f"SELECT p.id, {sent(connection, 'v.data')} AS data FROM passage p CROSS JOIN vector v"
        f" WHERE v.model = :model AND v.text_hash = p.text_hash AND {which}"
    ).columns(sa.column("id"), sa.column("data", STORED))
