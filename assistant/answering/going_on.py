"""What is found for a question that goes on from another: by both together, and by what it adds alone.

`罚款到期没交一天加多少` and then `头一回犯，能不能别罚了`: joined, the old topic outweighs the new matter; alone, the topic is lost.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from knowledge.model import Hit

# How much counts what was found for the addition alone: none for an ellipsis (`政务上呢`), SHARE from LONG characters on. Any
# share from .3 to .7 finds more than none on four sets of conversations (docs/quality.md).
SHARE: Final = 0.6
SHORT, LONG = 4, 12
_BEHIND: Final = 0.02  # what only one of the two searches found stands so far behind the last of the other


def merged(joined: Sequence[Hit], alone: Sequence[Hit], added: str) -> list[Hit]:
    """Hits of both, best first, as many as `joined` has."""
    said = len(re.sub(r"\W", "", added))
    share = SHARE * min(1.0, max(0.0, (said - SHORT) / (LONG - SHORT)))
    if not share or not alone or not joined:
        return list(joined)
    scores = [{hit.passage.id: hit.score for hit in hits} for hits in (joined, alone)]
    last = [min(of.values()) - _BEHIND for of in scores]
    every = {hit.passage.id: hit for hit in (*alone, *joined)}
    fused = [
        replace(hit, score=(1 - share) * scores[0].get(number, last[0]) + share * scores[1].get(number, last[1]))
        for number, hit in every.items()
    ]
    return sorted(fused, key=lambda hit: (-hit.score, hit.passage.id))[: len(joined)]
