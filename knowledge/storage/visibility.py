"""Which passages readers may see: kept in line with their documents, and as arrays never older than the last commit."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from typing import TypeVar

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from knowledge.model import Status, Validity
from knowledge.storage import outbox
from knowledge.storage.database import Database
from knowledge.storage.database.facts import generation_of


def settle(connection: sa.Connection, documents: Iterable[int], generation: int) -> None:
    """Bring the passages of `documents` in line, as part of the change numbered `generation`."""
    for document_id in sorted(documents):
        values = {"document_id": document_id, "generation": generation}
        if outbox.is_read(connection):
            connection.execute(_POST_MOVED, values)
        connection.execute(_SETTLE, values)
        connection.execute(_PUBLISHED, values | {"now": datetime.now(UTC).replace(tzinfo=None, microsecond=0)})


def misplaced(connection: sa.Connection) -> int:
    """How many passages are not as visible as their document says."""
    found = connection.execute(sa.text(f"SELECT count(*) FROM passage p, ({_WANTED}) AS wanted WHERE {_MOVED}"))
    return int(found.scalar_one())


# Readers see the enabled passages of the newest version of a published document; `current` are those in force.
_SEEN = f"d.removed_at IS NULL AND d.status = '{Status.PUBLISHED}' AND p.version_id = d.version_id AND p.enabled"
_WANTED = (
    f"SELECT p.id AS id, ({_SEEN}) AS visible, ({_SEEN} AND d.validity = '{Validity.IN_FORCE}') AS current"
    " FROM passage p JOIN document d ON d.id = p.document_id"
)
_WANTED_OF_ONE = f"{_WANTED} WHERE d.id = :document_id"
_MOVED = "p.id = wanted.id AND (p.visible <> wanted.visible OR p.current <> wanted.current)"
_POST_MOVED = sa.text(
    "INSERT INTO outbox (passage_id, text_hash) SELECT p.id, p.text_hash"
    f" FROM passage p, ({_WANTED_OF_ONE}) AS wanted WHERE {_MOVED}"
)
_PUBLISHED = sa.text(
    "UPDATE version SET published_at = :now WHERE published_at IS NULL AND id = (SELECT version_id FROM document"
    f" WHERE id = :document_id AND removed_at IS NULL AND status = '{Status.PUBLISHED}')"
).bindparams(sa.bindparam("now", type_=sa.DateTime))
_SETTLE = sa.text(
    "UPDATE passage AS p SET visible = wanted.visible, current = wanted.current, changed = :generation"
    f" FROM ({_WANTED_OF_ONE}) AS wanted WHERE {_MOVED}"
)


HIDDEN, VISIBLE, CURRENT = 0, 1, 2
_CHANGED = sa.text(
    "SELECT id, CASE WHEN current THEN 2 WHEN visible THEN 1 ELSE 0 END, tokens, document_id FROM passage"
    " WHERE changed > :since"
)
_SIZE = sa.text("SELECT coalesce(max(id), 0) + 1 FROM passage")

_T = TypeVar("_T", np.uint8, np.int32)


@dataclass(frozen=True)
class Snapshot:
    """The state of every passage at one `generation`. All arrays are indexed by passage id and equally long.

    `state` is HIDDEN, VISIBLE (published) or CURRENT (published and in force); `lengths` counts tokens;
    `documents` holds document ids.
    """

    generation: int
    state: NDArray[np.uint8]
    lengths: NDArray[np.int32]
    documents: NDArray[np.int32]

    @cached_property
    def visible_count(self) -> int:
        return int(np.count_nonzero(self.state))

    @cached_property
    def average_length(self) -> float:
        """Tokens per visible passage; 1.0 in an empty library."""
        count = self.visible_count
        return float(self.lengths[self.state > HIDDEN].sum(dtype=np.int64)) / count if count else 1.0

    @cached_property
    def everything(self) -> NDArray[np.bool_]:
        return self.state >= VISIBLE

    @cached_property
    def in_force(self) -> NDArray[np.bool_]:
        return self.state >= CURRENT

    def allowed(self, *, current_only: bool, document_ids: Collection[int] | None) -> NDArray[np.bool_]:
        """Which passage ids a search may return."""
        mask = self.in_force if current_only else self.everything
        if document_ids is None:
            return mask
        return mask & self._of(frozenset(document_ids))

    def documents_of(self, passage_ids: Iterable[int]) -> dict[int, int]:
        """Document id of each of `passage_ids` that readers may see."""
        known = [i for i in passage_ids if 0 < i < len(self.state) and self.state[i] > HIDDEN]
        return dict(zip(known, self.documents[known].tolist(), strict=True)) if known else {}

    @cached_property
    def _of(self) -> _Scopes:
        return _Scopes(self.documents)


class _Scopes:
    """Masks of document sets; the same few scopes come with every question, so the last ones are kept."""

    def __init__(self, documents: NDArray[np.int32]) -> None:
        self._documents = documents
        self._size = int(documents.max(initial=0)) + 1
        self._masks = lru_cache(maxsize=16)(self._mask)

    def __call__(self, document_ids: frozenset[int]) -> NDArray[np.bool_]:
        return self._masks(document_ids)

    def _mask(self, document_ids: frozenset[int]) -> NDArray[np.bool_]:
        wanted = np.zeros(self._size, dtype=np.bool_)
        wanted[[i for i in document_ids if 0 < i < self._size]] = True
        mask: NDArray[np.bool_] = wanted[self._documents]
        return mask


class Roster:
    """Follows the commits of all processes: every reader sees a withdrawal with its next question."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        nothing = np.zeros(1, dtype=np.int32)
        self._snapshot = Snapshot(-1, np.zeros(1, dtype=np.uint8), nothing, nothing)

    def now(self) -> Snapshot:
        """The state after the last commit; costs one small query when nothing has changed."""
        snapshot = self._snapshot
        if snapshot.generation == self._database.generation():
            return snapshot
        with self._database.read() as connection:
            generation = generation_of(connection)
            with self._lock:
                if generation > self._snapshot.generation:
                    self._snapshot = _advance(connection, self._snapshot, generation)
                return self._snapshot


def _advance(connection: sa.Connection, old: Snapshot, generation: int) -> Snapshot:
    """`old` with all rows that changed since; the arrays of `old` stay as they are for those who still use them."""
    rows = connection.execute(_CHANGED, {"since": old.generation}).fetchall()
    size = int(connection.execute(_SIZE).scalar_one())
    state, lengths, documents = _grown(old.state, size), _grown(old.lengths, size), _grown(old.documents, size)
    if rows:
        table = np.array([tuple(row) for row in rows], dtype=np.int64)
        ids = table[:, 0]
        state[ids], lengths[ids], documents[ids] = table[:, 1], table[:, 2], table[:, 3]
    return Snapshot(generation, state, lengths, documents)


def _grown(array: NDArray[_T], size: int) -> NDArray[_T]:
    grown = np.zeros(max(size, len(array)), dtype=array.dtype)
    grown[: len(array)] = array
    return grown
