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


def by_relevance(hits: Sequence[Hit], question: str, tokens: LateInteraction) -> list[Hit]:
    """`hits` in order of their score and their relevance together, best first; scores say so."""
    texts = [indexed_text(hit.document.card.title, hit.passage.context, hit.passage.text) for hit in hits]
    relevance = tokens.relevance(question, texts)
    scored = [
        replace(hit, score=hit.score + RELEVANCE_WEIGHT * value, relevance=value)
        for hit, value in zip(hits, relevance, strict=True)
    ]
    return sorted(scored, key=lambda hit: (-hit.score, hit.passage.id))
