"""One provision in several editions of its document is found once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from knowledge.model import Hit, Validity
from knowledge.text.similarity import jaccard, shape

# Bigram Jaccard from which two articles of one series count as the same provision (DESIGN §6.4).
SAME_PROVISION = 0.55


def fold(hits: Sequence[Hit]) -> list[Hit]:
    """`hits` with the same provision in other editions of its document folded into the best of them, order kept.

    Near-identical passages say one thing once: the one in force stands for the others. Within one text two articles that
    read alike are two provisions (the penalties for two acts), so both stay.
    """
    kept: list[Hit] = []
    shapes: dict[int, frozenset[str]] = {}  # by place in `kept`; made only for those that another hit is compared with
    of_series: dict[str, list[int]] = {}
    for hit in hits:
        of_this = of_series.setdefault(hit.document.series, [])
        alike = [place for place in of_this if kept[place].passage.version_id != hit.passage.version_id]
        wording = shape(hit.passage.text) if alike else None
        for place in alike:
            if place not in shapes:
                shapes[place] = shape(kept[place].passage.text)
            if wording is not None and _same_provision(wording, shapes[place]):
                kept[place] = _folded(kept[place], hit)
                break
        else:
            if wording is not None:
                shapes[len(kept)] = wording
            of_this.append(len(kept))
            kept.append(hit)
    return kept


def _same_provision(one: frozenset[str], other: frozenset[str]) -> bool:
    # Of two sets of very different size even the smaller one, wholly shared, is too little.
    if min(len(one), len(other)) < SAME_PROVISION * max(len(one), len(other)):
        return False
    return jaccard(one, other) >= SAME_PROVISION


def _folded(first: Hit, second: Hit) -> Hit:
    if second.document.validity is Validity.IN_FORCE and first.document.validity is not Validity.IN_FORCE:
        return replace(second, score=first.score, folded=(*first.folded, first.passage))
    return replace(first, folded=(*first.folded, second.passage))
