"""Finds passages by the everyday situations of their provisions: further vectors beside those of the passages.

The vectors are made once per encoder and file, at set-up, and kept in the user's cache; which passages of the library they
belong to is worked out anew when the library changes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from knowledge.embeddings import Encoder
from knowledge.embeddings.vector_cache import VectorCache
from knowledge.index.bigram_index import BigramIndex
from knowledge.index.exact import products
from knowledge.metadata.validity import series_key
from knowledge.model import Document, Met, Passage
from knowledge.parsing.provisions import match, provisions
from knowledge.retrieval import situations
from knowledge.retrieval.library import Library
from knowledge.retrieval.situations import Situations

Vectors = NDArray[np.float32]
CACHE = "situations"  # folder of the user's cache
_AXES = 96  # of the vectors' dimensions, for the first look
_COMPARED = 400  # situations compared in full
#: The articles of another edition that say what an article says.
_Heirs = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class _Placed:
    """Those of the situations `known` that the documents published at `generation` have: `texts` with their `vectors`.
    `places[i]` are the passages of situation i, each with its document; `rows` and `documents` are the same pairs of
    situation and document. `axes` are the directions in which the vectors differ most, `rough` their coordinates there; `words`
    ranks the texts by shared words."""

    generation: int
    known: Sequence[Situations]
    texts: tuple[str, ...]
    vectors: Vectors
    places: tuple[tuple[tuple[int, int], ...], ...]
    rows: NDArray[np.int64]
    documents: NDArray[np.int64]
    axes: Vectors
    rough: Vectors
    words: BigramIndex

    def near(self, vector: Vectors, among: frozenset[int] | None) -> list[tuple[float, int]]:
        """The situations closest to a unit vector, as (cosine, place in `texts`), closest first; `among` are the
        documents that count. Only those closest along the axes are compared in full: a third of the time, next to none missed."""
        rough = products(self.rough, self.axes @ vector)
        if among is not None:
            counted = np.zeros(len(rough), dtype=np.bool_)
            counted[self.rows[np.isin(self.documents, list(among))]] = True
            rough = np.where(counted, rough, np.float32(-9.0))
        some = np.argpartition(-rough, min(_COMPARED, len(rough)) - 1)[:_COMPARED]
        cosines = products(self.vectors[some], vector)
        return sorted(zip(cosines.tolist(), some.tolist(), strict=True), key=lambda one: (-one[0], one[1]))


class SituationIndex:
    """The situations of what one library holds. Safe to share between threads."""

    def __init__(
        self,
        kb: Library,
        known: Callable[[], Sequence[Situations]] = situations.packaged,
        cache: VectorCache | None = None,
    ) -> None:
        self._kb = kb
        self._cache = cache or VectorCache(CACHE)
        self._known = known
        self._heirs = lru_cache(maxsize=256)(self._compared)
        self._placed: _Placed | None = None
        self._lock = threading.Lock()

    def closest(self, vector: Vectors, k: int, document_ids: Collection[int] | None = None) -> dict[int, Met]:
        """The `k` passages whose best situation is closest to the unit vector of a question, closest first."""
        placed = self._now()
        if not placed.texts or k <= 0:
            return {}
        wanted = None if document_ids is None else frozenset(document_ids)
        found: dict[int, Met] = {}
        for cosine, row in placed.near(vector, wanted):
            for passage_id, document_id in placed.places[row]:
                if passage_id not in found and (wanted is None or document_id in wanted):
                    found[passage_id] = Met(cosine, placed.texts[row])
            if len(found) >= k:
                break
        return dict(list(found.items())[:k])

    def worded(self, text: str, k: int, document_ids: Collection[int] | None = None) -> dict[int, float]:
        """The `k` passages whose best situation shares most words with `text`, with its BM25, highest first."""
        placed = self._now()
        wanted = None if document_ids is None else frozenset(document_ids)
        scores = placed.words.scores(text)
        found: dict[int, float] = {}
        for row in np.argsort(-scores, kind="stable")[:_COMPARED].tolist():
            if scores[row] <= 0 or len(found) >= k:
                break
            for passage_id, document_id in placed.places[row]:
                if wanted is None or document_id in wanted:
                    found.setdefault(passage_id, float(scores[row]))
        return dict(list(found.items())[:k])

    def of_passages(self, passage_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
        """The situations of those of `passage_ids` that have any."""
        placed, wanted = self._now(), frozenset(passage_ids)
        found: dict[int, list[str]] = {}
        for text, places in zip(placed.texts, placed.places, strict=True):
            for passage_id, _ in places:
                if passage_id in wanted:
                    found.setdefault(passage_id, []).append(text)
        return {passage_id: tuple(several) for passage_id, several in sorted(found.items())}

    def to_ask_next(self, cited: Sequence[Passage], count: int = 3) -> list[str]:
        """At most `count` questions that the provisions beside those of `cited` answer, the nearest provision first, one for
        each; none that a cited one answers."""
        found: dict[str, None] = {}
        answered = {passage.id for passage in cited}
        for step in (1, -1, 2, -2):
            for passage in cited:
                ordinal = passage.ordinal + step
                beside = [one for one in self._kb.passages(passage.version_id) if one.ordinal == ordinal]
                said = self.of_passages([one.id for one in beside if one.enabled and one.id not in answered])
                found |= dict.fromkeys(several[0] for several in said.values())
                answered.update(said)
        return list(found)[:count]

    def ready(self) -> int:
        """Place the situations now, so that no question waits for it; returns how many there are."""
        return len(self._now().texts)

    def _now(self) -> _Placed:
        generation, known = self._kb.generation, self._known()
        placed = self._placed
        if placed is not None and placed.generation == generation and placed.known is known:
            return placed
        with self._lock:
            if self._placed is None or self._placed.generation != generation or self._placed.known is not known:
                self._placed = self._place(generation, known)
            return self._placed

    def _place(self, generation: int, known: Sequence[Situations]) -> _Placed:
        texts: list[str] = []
        vectors: list[Vectors] = []
        places: list[list[tuple[int, int]]] = []
        for one, documents in self._held(known):
            own = [situation for _, situation in one]
            texts += own
            vectors.append(self._cache.of(self._kb.encoder, own))
            of_one: list[list[tuple[int, int]]] = [[] for _ in own]
            for document, heirs in documents:
                passages = _places(self._kb, document)
                for at, (key, _) in zip(of_one, one, strict=True):
                    ids = {i for here in (heirs(key) if heirs else (key,)) for i in passages.get(here, ())}
                    at += [(i, document.id) for i in sorted(ids)]
            places += of_one
        seen = self._kb.indexes.documents_of({passage_id for at in places for passage_id, _ in at})
        visible = tuple(tuple(place for place in at if place[0] in seen) for at in places)
        made = np.concatenate(vectors) if vectors else np.zeros((0, 0), dtype=np.float32)
        pairs = [(row, document_id) for row, at in enumerate(visible) for _, document_id in at]
        rows, of = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
        axes = _axes(made)
        rough = np.ascontiguousarray(made @ axes.T)
        return _Placed(generation, known, tuple(texts), made, visible, rows, of, axes, rough, BigramIndex(texts))

    def _held(self, known: Sequence[Situations]) -> Iterator[tuple[Situations, list[tuple[Document, _Heirs | None]]]]:
        """Known situations with the published documents that they belong to: the edition they were written for, and
        editions that have none of their own, with what each provision became there."""
        held: dict[str, list[Document]] = {}
        for document in self._kb.published():
            held.setdefault(series_key(document.card.title), []).append(document)
        written = {(series_key(one.title), one.edition) for one in known}
        for one in known:
            series = series_key(one.title)
            editions = held.get(series, [])
            same = [document for document in editions if document.card.edition == one.edition]
            if same:
                others = [document for document in editions if (series, document.card.edition) not in written]
                compared = [(other, self._heirs(same[0].version_id, other.version_id)) for other in others]
                yield one, [*((document, None) for document in same), *compared]

    def _compared(self, version: int, other: int) -> _Heirs:
        """Which article of the text `other` each article of the text `version` is, told by their wording."""
        one, two = (provisions(self._kb.text(i), self._kb.outline(i)) for i in (version, other))
        partners = match(one, two).partners
        labels: dict[str, list[str]] = {}
        for new, old in partners.items():
            if one[old].label and two[new].label:
                labels.setdefault(one[old].label, []).append(two[new].label)
        return lambda key: labels.get(key, ())


def encode(encoder: Encoder, cache: VectorCache | None = None) -> int:
    """Make the vectors of all situations that come with the program, unless they are kept already; returns how many."""
    kept = cache or VectorCache(CACHE)
    return sum(len(kept.of(encoder, [situation for _, situation in one])) for one in situations.load())


def _axes(vectors: Vectors) -> Vectors:
    """The directions in which `vectors` differ most, nearly (subspace iteration: quick for vectors of any length).

    On one thread, for the reason that `products` gives: a tenth of a second, where a pool of threads took up to two on a
    busy machine.
    """
    basis = np.random.default_rng(0).standard_normal((vectors.shape[1], _AXES)).astype(np.float32)
    with threadpool_limits(1, user_api="blas"):
        for _ in range(3):
            basis = np.linalg.qr(vectors.T @ (vectors @ basis))[0]
    return np.ascontiguousarray(basis.T)


def _places(kb: Library, document: Document) -> Mapping[str, Sequence[int]]:
    """The passages under every part of an address that could be meant by a provision's key."""
    found: dict[str, dict[int, None]] = {}
    for passage in kb.passages(document.version_id):
        parts = passage.address.split("/")
        for start in range(len(parts)):
            for stop in range(start + 1, len(parts) + 1):
                found.setdefault("/".join(parts[start:stop]), {})[passage.id] = None
    return {key: tuple(ids) for key, ids in found.items()}
