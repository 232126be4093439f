"""Finds passages by meaning inside PostgreSQL: the VectorIndex over the stored vectors, by pgvector."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from typing import Final

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from knowledge.index.lexical import Words
from knowledge.storage.database import Database
from knowledge.storage.database.half_vectors import written
from knowledge.storage.vectors import pack
from knowledge.storage.visibility import Roster

_NEAREST: Final = (
    "SELECT p.id, 1 - (v.data <=> CAST(:vector AS halfvec)) AS cosine FROM passage p"
    " JOIN vector v ON v.text_hash = p.text_hash AND v.model = :model WHERE {which}"
    " ORDER BY v.data <=> CAST(:vector AS halfvec), p.id LIMIT :k"
)
_IDS: Final[sa.BindParameter[list[int]]] = sa.bindparam("ids", expanding=True)
_SCOPES: Final = {
    (current, scoped): sa.text(
        _NEAREST.format(
            which=("p.current" if current else "p.visible") + (" AND p.document_id IN :ids" if scoped else "")
        )
    ).bindparams(*([_IDS] if scoped else []))
    for current in (False, True)
    for scoped in (False, True)
}


class PgVectorIndex:
    """Compares with every vector, on the side of the database: nothing to keep in line, one truth for all processes."""

    def __init__(self, database: Database, roster: Roster, model: Callable[[], str], words: Words) -> None:
        """`words` are this process's, which `refresh` keeps up."""
        self._database = database
        self._roster = roster
        self._model = model
        self._words = words

    def search(
        self,
        vector: NDArray[np.float32],
        k: int,
        *,
        current_only: bool = False,
        document_ids: Collection[int] | None = None,
    ) -> list[tuple[int, float]]:
        if k <= 0 or (document_ids is not None and not document_ids):
            return []
        [stored] = pack(vector.reshape(1, -1))
        values: dict[str, object] = {"vector": written(stored), "model": self._model(), "k": k}
        if document_ids is not None:
            values["ids"] = list(document_ids)
        with self._database.read() as connection:
            rows = connection.execute(_SCOPES[current_only, document_ids is not None], values)
            # A text without a direction (nothing in it is known to the model) is like nothing.
            return [(row[0], 0.0 if math.isnan(row[1]) else float(row[1])) for row in rows]

    def refresh(self) -> None:
        """Have the words of this process follow; the vectors are found as they are committed."""
        self._words.follow(self._roster.now().generation)

    def close(self) -> None:
        """Nothing is held."""
