"""The Chroma index: vectors and passage ids in `data/chroma`, rebuildable at any time from the stored vectors.

Chroma is not safe for two processes on one folder; whoever holds `data/chroma.lock` may open it. Passages in force
have a collection of their own, because a `where` filter costs time in proportion to what it matches.
"""

from __future__ import annotations

import math
import shutil
import threading
from collections.abc import Collection, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from knowledge.errors import StorageError
from knowledge.index.chroma_folder import ChromaFolder, upsert
from knowledge.index.exact import products
from knowledge.storage import outbox
from knowledge.storage.database import Database
from knowledge.storage.vectors import stored_vectors, unpack
from knowledge.storage.visibility import CURRENT, VISIBLE, Roster

if TYPE_CHECKING:
    from filelock import FileLock

FOLDER: Final = "chroma"
LOCK: Final = "chroma.lock"

_BATCH: Final = 1000  # well under get_max_batch_size() of 5,461
# So few passages in scope are compared one by one: a nearest-neighbour search would hardly meet them.
_FEW: Final = 600
# They are also compared when they are less than this share of a collection, most of which would be fetched in vain.
_SMALL_SHARE: Final = 0.5
# A share of wrong entries from which building anew is faster than mending.
_TOO_WRONG: Final = 0.2


class Interrupted(Exception):
    """The building of the index was told to stop."""


class ChromaIndex:
    """A VectorIndex over two Chroma collections. One process at a time; safe to share between its threads."""

    def __init__(
        self,
        folder: Path,
        lock: FileLock,
        database: Database,
        roster: Roster,
        model: str,
        stop: threading.Event | None = None,
    ) -> None:
        self._folder = ChromaFolder(folder)
        self._lock = lock
        self._database = database
        self._roster = roster
        self._model = model
        self._stop = stop or threading.Event()
        self._writing = threading.Lock()
        self._collections: tuple[Any, Any] | None = None  # in force, the rest
        self._sizes: dict[str, int] = {}  # of collections, as long as nothing is put into them
        # The same few passages are compared with every question: the editions that stand in for a missing current one.
        self._few = lru_cache(maxsize=8)(self._read_few)
        self.mended = 0  # entries that were wrong when the index was opened

    @classmethod
    def open(
        cls, data: Path, database: Database, roster: Roster, model: str, stop: threading.Event | None = None
    ) -> ChromaIndex | None:
        """Take the lock and bring the index in line with the catalogue, building it when it is missing, damaged or
        of another model. None when another process has the lock. Raises Interrupted when `stop` is set meanwhile."""
        from filelock import FileLock, Timeout

        lock = FileLock(data / LOCK, timeout=0, is_singleton=False)
        try:
            lock.acquire()
        except Timeout:
            return None
        index = cls(data / FOLDER, lock, database, roster, model, stop)
        try:
            index._start()
        except BaseException:
            index.close()
            raise
        return index

    def search(
        self,
        vector: NDArray[np.float32],
        k: int,
        *,
        current_only: bool = False,
        document_ids: Collection[int] | None = None,
    ) -> list[tuple[int, float]]:
        snapshot = self._roster.now()
        allowed = snapshot.allowed(current_only=current_only, document_ids=document_ids)
        count = int(np.count_nonzero(allowed))
        if count == 0 or k <= 0:
            return []
        if document_ids is not None and count <= _FEW:
            return self._compared(vector, k, snapshot.generation, np.flatnonzero(allowed))
        found: dict[int, float] = {}
        for collection, state in zip(self._open_collections(), (CURRENT, VISIBLE), strict=True):
            inside = allowed & (snapshot.state == state)
            wanted = int(np.count_nonzero(inside))
            if 0 < wanted <= _FEW and wanted < _SMALL_SHARE * self._size(collection):
                found.update(self._compared(vector, k, snapshot.generation, np.flatnonzero(inside)))
            elif wanted:
                found.update(_nearest(collection, self._size(collection), vector, min(k, wanted), allowed, wanted))
        return sorted(found.items(), key=lambda hit: (-hit[1], hit[0]))[:k]

    def refresh(self) -> None:
        """Apply what the outbox holds. Raises StorageError when somebody deleted the index, of which Chroma itself hears
        nothing."""
        if self._folder.place is not None and not self._folder.place.is_dir():
            raise StorageError(f"向量索引“{self._folder.place}”不见了，将从库里的向量重建。")
        while True:
            with self._writing:
                with self._database.read() as connection:
                    last_id, rows = outbox.posted(connection, _BATCH)
                    wanted = outbox.entries(connection, self._model, {passage_id for passage_id, _ in rows})
                if not rows:
                    return
                self._put(wanted, {key for _, key in rows})
                with self._database.write() as connection:
                    outbox.forget(connection, last_id)

    def differences(self) -> tuple[set[str], set[str], set[str]]:
        """Entry keys that are missing, superfluous, and in the wrong collection."""
        with self._database.read() as connection:
            expected = outbox.expected(connection, self._model)
        current, rest = (set(collection.get(include=[])["ids"]) for collection in self._open_collections())
        right_current = {key for key, (_, is_current) in expected.items() if is_current}
        missing = expected.keys() - current - rest
        superfluous = (current | rest) - expected.keys()
        misplaced = (current & (expected.keys() - right_current)) | (rest & right_current)
        return missing, superfluous, misplaced

    def repair(self) -> int:
        """Bring the index in line with the catalogue; returns how many entries were wrong."""
        self.refresh()
        missing, superfluous, misplaced = self.differences()
        wrong = missing | superfluous | misplaced
        if not wrong:
            return 0
        with self._database.read() as connection:
            expected = outbox.expected(connection, self._model)
        if len(wrong) > _TOO_WRONG * max(len(expected), 1):
            self.rebuild()
            return len(wrong)
        with self._writing:
            ids = {expected[key][0] for key in wrong if key in expected}
            with self._database.read() as connection:
                entries = outbox.entries(connection, self._model, ids)
            self._put(entries, wrong)
        return len(wrong)

    def rebuild(self) -> None:
        """Write new collections from the stored vectors, then point at them, then drop the old ones. Searches go on
        in the old ones meanwhile."""
        with self._writing:
            with self._database.read() as connection:
                last_id = outbox.last_posted(connection)
                before = outbox.pointer(connection)
                expected = outbox.expected(connection, self._model)
            number = (before[1] if before else 0) + 1
            self._folder.drop(number)  # left by a build that was killed
            fresh = self._folder.pair(number)
            ids = sorted(passage_id for passage_id, _ in expected.values())
            for start in range(0, len(ids), _BATCH):
                if self._stop.is_set():
                    raise Interrupted
                with self._database.read() as connection:
                    entries = outbox.entries(connection, self._model, ids[start : start + _BATCH])
                upsert(fresh[0], [entry for entry in entries if entry.current])
                upsert(fresh[1], [entry for entry in entries if not entry.current])
            with self._database.write() as connection:
                outbox.point_at(connection, self._model, number)
                outbox.forget(connection, last_id)
            self._collections = fresh
            self._sizes = {}
            self._folder.drop_all_but(number)
        self.refresh()

    def close(self) -> None:
        """Let go of the folder and the lock. Closing twice does no harm."""
        self._folder.close()
        self._lock.release()

    def _start(self) -> None:
        with self._database.read() as connection:
            at = outbox.pointer(connection)
        try:
            self._folder.connect()
            if at is None or at[0] != self._model or not self._folder.has(at[1]):
                self.rebuild()
            else:
                self._collections = self._folder.pair(at[1])
                self.mended = self.repair()
            self._probe()
        except (MemoryError, StorageError, Interrupted):
            raise
        except Exception:  # Chroma raises whatever its Rust side hands up; a damaged folder is simply made anew
            damaged = self._folder.begin_anew()
            self.rebuild()
            for place in damaged:
                shutil.rmtree(place, ignore_errors=True)

    def _probe(self) -> None:
        """Ask once: damage to the vectors' files shows only in a query."""
        for collection in self._open_collections():
            stored = collection.get(limit=1, include=["embeddings"])["embeddings"]
            if len(stored):
                collection.query(query_embeddings=stored, n_results=1, include=["distances"])

    def _open_collections(self) -> tuple[Any, Any]:
        assert self._collections is not None  # _start() has set them
        return self._collections

    def _put(self, entries: Sequence[outbox.Entry], touched: set[str]) -> None:
        """Make the collections hold of the `touched` keys exactly those of `entries`, each where it belongs."""
        current, rest = self._open_collections()
        for collection, belongs in (
            (current, [entry for entry in entries if entry.current]),
            (rest, [entry for entry in entries if not entry.current]),
        ):
            gone = touched - {entry.key for entry in belongs}
            if gone:
                collection.delete(ids=sorted(gone))
            upsert(collection, belongs)
        self._sizes = {}

    def _size(self, collection: Any) -> int:
        """How many entries a collection has. Chroma counts them each time it is asked, as long as it searches them."""
        sizes = self._sizes
        if collection.name not in sizes:
            sizes[collection.name] = collection.count()
        return sizes[collection.name]

    def _compared(
        self, vector: NDArray[np.float32], k: int, generation: int, passage_ids: NDArray[np.int64]
    ) -> list[tuple[int, float]]:
        ids, rows = self._few(generation, tuple(passage_ids.tolist()))
        cosines = products(rows, vector).tolist() if len(ids) else []
        return sorted(zip(ids, cosines, strict=True), key=lambda hit: (-hit[1], hit[0]))[:k]

    def _read_few(self, _generation: int, passage_ids: tuple[int, ...]) -> tuple[list[int], NDArray[np.float32]]:
        """Those of `passage_ids` that have a vector, and the vectors."""
        with self._database.read() as connection:
            stored = stored_vectors(connection, self._model, passage_ids)
        return list(stored), unpack(list(stored.values()))


def _nearest(
    collection: Any, size: int, vector: NDArray[np.float32], k: int, allowed: NDArray[np.bool_], wanted: int
) -> dict[int, float]:
    """The `k` nearest allowed passages of a collection of `size` entries, which holds `wanted` of them, with their cosines:
    asks for more than `k`, and for still more when too many of them may not be shown."""
    share = wanted / max(size, 1)
    asked = min(size, math.ceil(k * max(1.0, 1.2 / max(share, 0.01))) + 8)
    while asked:
        answer = collection.query(query_embeddings=[vector], n_results=asked, include=["distances"])
        ids = [int(key.partition(":")[0]) for key in answer["ids"][0]]
        found = {
            # Chroma's cosine distance is 1 − cosine.
            passage_id: 1.0 - distance
            for passage_id, distance in zip(ids, answer["distances"][0], strict=True)
            if passage_id < len(allowed) and allowed[passage_id]
        }
        if len(found) >= k or asked >= size:
            return found
        asked = min(size, asked * 4)
    return {}
