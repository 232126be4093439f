"""Learning from confirmed questions: a query adapter is trained, tried on questions it has not seen, and kept if it pays."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eval.benchmarks.beir import DEPTH, values
from eval.errors import BadLesson
from eval.scoring.gold import Gold
from eval.scoring.significance import LEVEL, permutation
from eval.suite import Case
from knowledge.embeddings.adapter import QueryAdapter
from knowledge.embeddings.learning import MIX, Lessons, train
from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Hit
from knowledge.retrieval.search import Searcher

FOLDS = 5
#: Fewer questions than this cannot show a difference.
LEAST = 40


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A question with the ids of the passages that are known to answer it."""

    question: str
    passages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """nDCG@10 over `questions` held-out questions with the adapter as it is and with a learnt one, and the one-sided
    p-value that the learnt one is no better."""

    questions: int
    before: float
    after: float
    p: float

    @property
    def pays(self) -> bool:
        """Whether the learnt one is significantly better."""
        return self.after > self.before and self.p < LEVEL


def confirmed_by(cases: Sequence[Case], kb: KnowledgeBase) -> list[Confirmed]:
    """The answerable cases without history whose gold place this library holds, each with that place's passages."""
    gold = Gold(kb)
    hits = [
        Hit(passage, document, 0.0, dense=0.0, lexical=0.0)
        for document in kb.published()
        for passage in kb.passages(document.version_id)
        if passage.enabled
    ]
    found = []
    for case in cases:
        if case.answerable and not case.history and case.evidence:
            passages = tuple(hit.passage.id for hit in hits if any(gold.found(hit, place) for place in case.evidence))
            if passages:
                found.append(Confirmed(case.question, passages))
    return found


class Teacher:
    """Learns from `confirmed` over the passages of one knowledge base. `base` is the adapter that is in use without
    learning, None for none. Raises BadLesson when there are fewer than LEAST questions."""

    def __init__(self, kb: KnowledgeBase, confirmed: Sequence[Confirmed], base: QueryAdapter | None) -> None:
        self._confirmed = list({one.question: one for one in confirmed}.values())
        if len(self._confirmed) < LEAST:
            raise BadLesson(
                f"确认过的问题只有 {len(self._confirmed)} 个，至少要 {LEAST} 个才能学；请先多保存评测题，或请学员给满意的回答点赞。"
            )
        self._kb = kb
        self._base = base
        ids = [passage.id for document in kb.published() for passage in kb.passages(document.version_id)]
        rows = {passage_id: row for row, passage_id in enumerate(ids)}
        self._lessons = Lessons(
            np.stack([kb.encoder.embed_query(one.question) for one in self._confirmed]),
            kb.indexes.vectors(ids),
            [[rows[one] for one in confirmed.passages] for confirmed in self._confirmed],
        )

    def trial(self) -> Trial:
        """Each fifth of the questions is searched with an adapter learnt from the other four, through the product's own
        search, and with `base`."""
        fold = np.random.default_rng(0).permutation(len(self._confirmed)) % FOLDS
        before, after = [], []
        for number in range(FOLDS):
            learnt = self._learn(np.flatnonzero(fold != number).tolist())
            for i in np.flatnonzero(fold == number).tolist():
                before.append(self._ndcg(i, self._base))
                after.append(self._ndcg(i, learnt))
        differences = [new - old for old, new in zip(before, after, strict=True)]
        p = permutation(differences, range(len(differences)), "greater")
        return Trial(len(before), float(np.mean(before)), float(np.mean(after)), p)

    def learn(self) -> QueryAdapter:
        """The adapter learnt from all questions."""
        return self._learn(range(len(self._confirmed)))

    def _learn(self, chosen: Sequence[int]) -> QueryAdapter:
        questions = sorted(self._confirmed[i].question for i in chosen)
        return QueryAdapter(
            train(self._lessons.only(chosen), self._base.matrix if self._base else None),
            MIX,
            self._kb.encoder.name,
            f"{len(questions)} questions, sha256 {hashlib.sha256(chr(10).join(questions).encode()).hexdigest()[:16]}",
        )

    def _ndcg(self, i: int, adapter: QueryAdapter | None) -> float:
        vector = self._lessons.questions[i]
        searcher = Searcher(self._kb, lambda _question: adapter(vector) if adapter else vector)
        hits = searcher.search(self._confirmed[i].question, DEPTH)
        found = [str(passage.id) for hit in hits for passage in (hit.passage, *hit.folded)]
        return values(dict.fromkeys(map(str, self._confirmed[i].passages), 1), found)["ndcg@10"]
