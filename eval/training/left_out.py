"""What the search finds for a situation that it does not know: the candidates that whoever orders them must learn from.

Situations are left out a fold at a time, so that a question never finds itself.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from eval.training.question_pairs import Pair
from knowledge.embeddings import Encoder
from knowledge.embeddings.vector_cache import VectorCache
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register
from knowledge.retrieval import situations
from knowledge.retrieval.finder import Finder
from knowledge.retrieval.lexicon import Lexicon
from knowledge.retrieval.search import Searcher
from knowledge.retrieval.situation_index import CACHE, SituationIndex
from knowledge.retrieval.situations import Situations

FOLDS = 8
CANDIDATES = 20


@dataclass(frozen=True, slots=True)
class Found:
    """A question with the `passages` (ids) that the search finds for it, best first, and their fused `scores`."""

    pair: Pair
    passages: tuple[int, ...]
    scores: tuple[float, ...]


def found(kb: KnowledgeBase, pairs: Sequence[Pair]) -> Iterator[Found]:
    """What is found for each of `pairs` without the situations of its fold."""
    known, register, lexicon = situations.load(), Register.load(), Lexicon.load()
    vectors = _Made(kb.encoder, known)
    for fold in range(FOLDS):
        others = tuple(_without(one, fold) for one in known)
        index = SituationIndex(kb, lambda others=others: others, vectors)  # type: ignore[misc]
        finder = Finder(Searcher(kb, situations=index), register, lexicon)
        for pair in pairs:
            if _fold(pair.question) == fold:
                hits = finder.find(pair.question, CANDIDATES)
                yield Found(pair, tuple(hit.passage.id for hit in hits), tuple(hit.score for hit in hits))


class _Made(VectorCache):
    """The vectors of all situations, whichever of them are asked for."""

    def __init__(self, encoder: Encoder, known: Sequence[Situations]) -> None:
        super().__init__(CACHE)
        self._rows: dict[str, NDArray[np.float32]] = {}
        for one in known:
            texts = [text for _, text in one]
            self._rows.update(zip(texts, super().of(encoder, texts), strict=True))

    def of(self, encoder: Encoder, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([self._rows[text] for text in texts]) if texts else np.zeros((0, encoder.dimension), np.float32)


def _without(one: Situations, fold: int) -> Situations:
    kept = {key: tuple(text for text in several if _fold(text) != fold) for key, several in one.provisions.items()}
    return replace(one, provisions=kept)


def _fold(question: str) -> int:
    return zlib.crc32(question.encode()) % FOLDS
