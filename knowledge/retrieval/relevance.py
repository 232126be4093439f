"""The order of what was found: beside score and closest sentence, how well each token of the question is answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from knowledge.chunking.indexed import indexed_text
from knowledge.embeddings.late_interaction import LateInteraction
from knowledge.model import Hit

#: What the relevance of a passage adds to its score (docs/tuning.md).
RELEVANCE_WEIGHT: Final = 0.015
COMPARED: Final = 6  # the best ones; four to ten make no difference, and each costs 10 to 20 ms once


def by_relevance(hits: Sequence[Hit], question: str, tokens: LateInteraction) -> list[Hit]:
    """`hits`, best first, with the first COMPARED in order of their score and their relevance together; scores say so, and the
    others stay behind them with the least that a compared one gained."""
    compared, others = hits[:COMPARED], hits[COMPARED:]
    texts = [indexed_text(hit.document.card.title, hit.passage.context, hit.passage.text) for hit in compared]
    relevance = tokens.relevance(question, texts)
    least = RELEVANCE_WEIGHT * min(relevance, default=0.0)
    scored = [
        replace(hit, score=hit.score + RELEVANCE_WEIGHT * value, relevance=value)
        for hit, value in zip(compared, relevance, strict=True)
    ]
    scored.sort(key=lambda hit: (-hit.score, hit.passage.id))
    return [*scored, *(replace(hit, score=hit.score + least) for hit in others)]
