"""From a question to ranked passages: dense and lexical scores fused, editions folded, current provisions first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from knowledge.model import GUIDE, Document, Hit, Met, Validity
from knowledge.retrieval.folding import fold
from knowledge.retrieval.library import Library
from knowledge.retrieval.situation_index import SituationIndex
from knowledge.text.tokenizer import tokenize

CANDIDATES = 100
SITUATIONS = 40  # passages found by situations

# The fused score is cosine + weight · BM25. The best weight depends on the question: a layman's words want little of
# BM25, quoted wording much (DESIGN §6.4). How much of the question's information (idf) the best lexical hit holds
# tells which it is; the weight moves between these two ends.
LAY_WEIGHT = 0.001
QUOTED_WEIGHT = 0.003
# BM25 grows with the library, because a rare word is rarer among more passages, while the cosine does not. The weights
# above suit a library of some 6,600 passages, where a word found nowhere has this idf; in larger ones they shrink.
RAREST = 9.5
NOWHERE = "\0"  # a token that no text holds

# A study guide reports what a document says; beside the document itself it comes second.
GUIDE_PENALTY = 0.03
# Lists and compilations that quote rules come after the rules (kinds as the identity card names them).
COMPILATION_PENALTY = 0.02
COMPILATIONS = (None, "清单")
# What a document gains whose known subjects (register) fit the question fully.
FAVOUR = 0.06
# An edition no longer in force, when the library holds no current one of its series.
OUTDATED_PENALTY = 0.02
# A question is nearer to a question than to a rule, so a situation counts for this much less than the passage itself would.
# Chosen so that articles without situations keep their places (docs/quality.md).
SITUATION_OFFSET = 0.035
# What a situation adds that shares words with the question: so much of its BM25 as is beyond the offset, for which words of
# any matter (能不能, 怎么办) are enough. Chosen as above.
WORDED_WEIGHT = 0.0008
WORDED_OFFSET = 0.01
# Folding looks at this many times the hits asked for.
FOLDED_FROM = 3


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to search. `documents` limits to these ids (None: everything published). `as_of` judges validity on that
    day instead of today. `any_edition` keeps editions no longer in force side by side with current ones."""

    documents: frozenset[int] | None = None
    as_of: date | None = None
    any_edition: bool = False


EVERYTHING = Scope()
NOBODY: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Ranking:
    """What one search saw. `fused` are all candidates by fused score before editions were folded, `hits` what was found;
    a fused score is cosine + `weight` · BM25 and what the document's standing and subjects add. `also` were rule terms."""

    query: str
    also: tuple[str, ...]
    weight: float
    fused: tuple[Hit, ...]
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class _Seen:
    """Candidates by passage id; `scores` are the fused ones, best first; `met` are situations that came closest, `worded` is what
    the words of situations add."""

    allowed: Mapping[int, Document]
    dense: Mapping[int, float]
    lexical: Mapping[int, float]
    weight: float
    scores: Mapping[int, float]
    met: Mapping[int, Met]
    worded: Mapping[int, float]


class Searcher:
    """Finds passages in one library. Safe to share between threads. `vector_of` turns a question into the unit
    vector it is searched by; by default the library's own way. `situations` are further vectors of its passages."""

    def __init__(
        self,
        library: Library,
        vector_of: Callable[[str], NDArray[np.float32]] | None = None,
        situations: SituationIndex | None = None,
    ) -> None:
        self._kb = library
        self._vector_of = vector_of or library.query_vector
        self._situations = situations

    def over(self, library: Library) -> Searcher:
        """The same search in another view of its library."""
        return Searcher(library, self._vector_of, self._situations)

    def search(
        self,
        query: str,
        k: int = 10,
        scope: Scope = EVERYTHING,
        also: Sequence[str] = (),
        favour: Mapping[str, float] = NOBODY,
    ) -> list[Hit]:
        """The `k` best passages for `query`, best first. `also` are rule terms that count in the lexical half only;
        `favour` says per series how well (0..1) its known subjects fit the question."""
        seen = self._seen(query, scope, also, favour)
        return self._best(seen, k, scope) if seen else []

    def _seen(self, query: str, scope: Scope, also: Sequence[str], favour: Mapping[str, float]) -> _Seen | None:
        """Every candidate of either half with its scores; None when nothing can be found."""
        allowed = self._allowed(scope)
        if not allowed or not query.strip():
            return None
        tokens = tokenize(query)
        every = self._kb.whole and len(allowed) == len(self._kb.published())
        limited = None if every else frozenset(allowed)
        extra = [token for term in also for token in tokenize(term)]
        vector = self._vector_of(query)
        lexical = dict(self._kb.lexical.search([*tokens, *extra], CANDIDATES, document_ids=limited))
        dense = dict(self._kb.dense.search(vector, CANDIDATES, document_ids=limited))
        met = self._situations.closest(vector, SITUATIONS, limited) if self._situations else {}
        # Whatever would stand behind all candidates of the dense half is not worth reading its vector.
        last = min(dense.values(), default=-1.0)
        met = {i: one for i, one in met.items() if i in dense or one.cosine - SITUATION_OFFSET > last}
        worded = self._worded(query, limited)
        self._complete(vector, [*tokens, *extra], lexical, dense, [*met, *worded])
        weight = self._weight(tokens, lexical)
        scores = {}
        for passage_id, document_id in self._kb.indexes.documents_of(dense).items():
            document = allowed.get(document_id)
            if document is not None:
                fused = nearness(met.get(passage_id), dense[passage_id]) + weight * lexical.get(passage_id, 0.0)
                fused += worded.get(passage_id, 0.0)
                scores[passage_id] = fused + _standing(document) + FAVOUR * favour.get(document.series, 0.0)
        order = sorted(scores, key=lambda passage_id: (-scores[passage_id], passage_id))
        return _Seen(
            allowed, dense, lexical, weight, {passage_id: scores[passage_id] for passage_id in order}, met, worded
        )

    def _worded(self, query: str, limited: frozenset[int] | None) -> dict[int, float]:
        if self._situations is None:
            return {}
        shared = self._situations.worded(query, SITUATIONS, limited)
        added = {i: WORDED_WEIGHT * score - WORDED_OFFSET for i, score in shared.items()}
        return {i: value for i, value in added.items() if value > 0}

    def _best(self, seen: _Seen, k: int, scope: Scope) -> list[Hit]:
        hits = self._hits(seen, k if scope.any_edition else FOLDED_FROM * k)
        return hits if scope.any_edition else fold(hits)[:k]

    def _hits(self, seen: _Seen, count: int) -> list[Hit]:
        """The `count` best candidates, read from the library."""
        found = self._kb.get_passages(list(seen.scores)[:count]).items()
        return [
            Hit(
                passage,
                seen.allowed[passage.document_id],
                seen.scores[i],
                seen.dense[i],
                seen.lexical.get(i, 0.0),
                met=counting(seen.met.get(i), seen.dense[i]),
                worded=seen.worded.get(i, 0.0),
            )
            for i, (passage, _) in found
        ]

    def _allowed(self, scope: Scope) -> dict[int, Document]:
        """Published documents in scope, by id, with their validity on the day asked for."""
        documents = list(self._kb.published())
        if scope.as_of is not None:
            on_that_day = self._kb.validities_on(scope.as_of)
            documents = [replace(document, validity=on_that_day[document.id]) for document in documents]
        if scope.documents is not None:
            documents = [document for document in documents if document.id in scope.documents]
        if scope.any_edition:
            return {document.id: document for document in documents}
        current = {document.series for document in documents if document.validity is Validity.IN_FORCE}
        return {
            document.id: document
            for document in documents
            if document.validity is Validity.IN_FORCE or document.series not in current
        }

    def _complete(
        self,
        vector: NDArray[np.float32],
        tokens: Sequence[str],
        lexical: dict[int, float],
        dense: dict[int, float],
        further: Sequence[int],
    ) -> None:
        """Give every candidate of either half, and the `further` ones of the situations, its score in the halves."""
        missing = [passage_id for passage_id in dict.fromkeys([*lexical, *further]) if passage_id not in dense]
        if missing:
            dense.update(self._kb.indexes.cosines(vector, missing))
        unscored = [passage_id for passage_id in dense if passage_id not in lexical]
        if unscored:
            lexical.update(self._kb.lexical.scores(tokens, unscored))

    def _weight(self, tokens: Sequence[str], lexical: Mapping[int, float]) -> float:
        best = max(lexical.values(), default=0.0)
        coverage = min(1.0, best / (self._kb.lexical.ceiling(tokens) or 1.0))
        (rarest,) = self._kb.lexical.idf([NOWHERE]).values()
        return (LAY_WEIGHT + (QUOTED_WEIGHT - LAY_WEIGHT) * coverage) * min(1.0, RAREST / rarest)


class Recorder(Searcher):
    """A searcher that keeps the rankings of all its searches, so that somebody can see how they came about."""

    def __init__(self, library: Library, situations: SituationIndex | None = None) -> None:
        super().__init__(library, situations=situations)
        self.rankings: list[Ranking] = []

    def search(
        self,
        query: str,
        k: int = 10,
        scope: Scope = EVERYTHING,
        also: Sequence[str] = (),
        favour: Mapping[str, float] = NOBODY,
    ) -> list[Hit]:
        seen = self._seen(query, scope, also, favour)
        if seen is None:
            self.rankings.append(Ranking(query, tuple(also), 0.0, (), ()))
            return []
        hits = self._best(seen, k, scope)
        every = tuple(self._hits(seen, len(seen.scores)))
        self.rankings.append(Ranking(query, tuple(also), seen.weight, every, tuple(hits)))
        return hits


def counting(met: Met | None, dense: float) -> Met | None:
    """`met` when it brings its passage nearer than the cosine `dense` of the passage's own wording does."""
    return met if met is not None and met.cosine - SITUATION_OFFSET > dense else None


def nearness(met: Met | None, dense: float) -> float:
    """What counts for the meaning of a passage in the fused score."""
    return met.cosine - SITUATION_OFFSET if met is not None and counting(met, dense) else dense


def _standing(document: Document) -> float:
    """What a document's place among the others takes from its passages' scores."""
    score = 0.0
    if document.card.kind == GUIDE:
        score -= GUIDE_PENALTY
    if document.card.kind in COMPILATIONS:
        score -= COMPILATION_PENALTY
    if document.validity is not Validity.IN_FORCE:
        score -= OUTDATED_PENALTY
    return score
