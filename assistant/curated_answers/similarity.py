"""Whether two questions ask the same thing: a calibrated probability, because a high cosine alone does not say so.

`警告处分多长` and `记过处分多长` are as near to each other as two wordings of one question. What tells them apart best: wordings
of one question share few words for how near they are, the search finds the same passages for both in the same order, and both
ask about the same side of the matter (how long, who, which kinds).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from assistant.answering.question import Question
from assistant.understanding.facets import facets
from assistant.understanding.question import Understood
from knowledge.text.normalise import searchable
from knowledge.text.quantities import CHINESE, to_int
from knowledge.text.tokenizer import tokenize

CALIBRATION: Final = Path(__file__).with_name("similarity.json")
#: Questions further apart are never the same; nothing else is looked at.
NEAR: Final = 0.88
#: So many of the best passages of both questions are compared.
DEPTHS: Final = (1, 2, 3, 5)
NAMES: Final = ("nearness", "shared", "facets", "apart", "overlap", "behind")
#: What `facets` is for two questions that speak of no side at all.
NO_FACET: Final = 0.5

_FILLER = re.compile(
    r"^(?:请问|问一下|想问一下|想问|咨询一下|我想知道)|[\s,，.。;；:：!！?？、“”\"'《》()（）]+|(?:呢|啊|呀|吗)$"
)
_ARABIC = re.compile(r"[0-9]+")
_NEGATED = re.compile(r"(?<!有)[没未](?!法)|无(?!论)")
_CHINESE = re.compile(f"[{CHINESE}]+")


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights of the likenesses, the probability from which two questions count as one, and the lower one from which the
    trainer's answer is offered."""

    weights: Mapping[str, float]
    bias: float
    threshold: float
    offered: float = 1.0

    @classmethod
    def load(cls, path: Path = CALIBRATION) -> Calibration:
        """Read what `xuesi eval close --fit` wrote."""
        stored = json.loads(path.read_text(encoding="utf-8"))
        return cls(stored["weights"], stored["bias"], stored["threshold"], stored["offered"])

    def probability(self, likeness: Likeness) -> float:
        """How sure it is that both ask the same, 0..1."""
        values = dict(zip(NAMES, likeness.values, strict=True))
        return 1.0 / (1.0 + math.exp(-self.bias - sum(self.weights[name] * values[name] for name in NAMES)))


@dataclass(frozen=True, slots=True)
class Likeness:
    """cosine: of both questions. shared: idf share of the words that both have in the one with less. overlap: share of the
    best passages that both find. behind: by how much score the best passage of one stands behind that of the other.
    facets: share of the sides asked about that are common to both; apart: how many are not."""

    cosine: float
    shared: float
    overlap: float
    behind: float
    facets: float = NO_FACET
    apart: int = 0

    @property
    def values(self) -> tuple[float, ...]:
        """In the order of NAMES; the nearness grows without end towards a cosine of 1."""
        near = -math.log(max(1.0 - self.cosine, 1e-6))
        return (near, self.shared, self.facets, float(self.apart), self.overlap, self.behind)


def bare(question: str) -> str:
    """`question` without punctuation and words that ask nothing: equal for questions that are the same to the letter."""
    return _FILLER.sub("", searchable(question))


def likeness(one: Question, other: Question, idf: Callable[[Sequence[str]], Mapping[str, float]]) -> Likeness | None:
    """How like two questions are; None when they cannot be the same: far apart, other numbers, other documents."""
    cosine = float(one.vector @ other.vector)
    if cosine < NEAR or _contradict(one.understood, other.understood):
        return None
    words = [idf(tuple(dict.fromkeys(tokenize(asked.text)))) for asked in (one, other)]
    shared = sum(weight for word, weight in words[0].items() if word in words[1])
    least = min(sum(weights.values()) for weights in words)
    found = [{hit.passage.id: hit.score for hit in asked.search()} for asked in (one, other)]
    overlap, behind = _overlap(*map(list, found)), max(_behind(*found), _behind(*reversed(found)))
    sides = [facets(asked.text) for asked in (one, other)]
    every, common = sides[0] | sides[1], sides[0] & sides[1]
    alike = len(common) / len(every) if every else NO_FACET
    return Likeness(cosine, shared / (least or 1.0), overlap, behind, alike, len(every - common))


def _overlap(best: Sequence[int], others: Sequence[int]) -> float:
    """The share of passages that are among the best of both, the first ones counting most (0..1)."""
    return sum(len({*best[:depth]} & {*others[:depth]}) / depth for depth in DEPTHS) / len(DEPTHS)


def _behind(scores: Mapping[int, float], others: Mapping[int, float]) -> float:
    """How far behind the best of `scores` the best of `others` stands there; as the last does when it is not there. Both are
    best first."""
    if not scores or not others:
        return 1.0
    return max(scores.values()) - scores.get(next(iter(others)), min(scores.values()))


def _contradict(one: Understood, other: Understood) -> bool:
    """Whether the questions hold numbers that do not fit, name different documents, articles or editions, or one says 没."""
    settled = [
        (understood.articles, understood.years, understood.older, understood.personal, understood.prediction)
        for understood in (one, other)
    ]
    if settled[0] != settled[1]:
        return True
    named = [{held.title for held in understood.named} for understood in (one, other)]
    if all(named) and not named[0] & named[1]:
        return True
    plain = [searchable(understood.standalone) for understood in (one, other)]
    if bool(_NEGATED.search(plain[0])) != bool(_NEGATED.search(plain[1])):
        return True
    arabic = [{int(number) for number in _ARABIC.findall(text)} for text in plain]
    chinese = [
        {value for numeral in _CHINESE.findall(text) if (value := to_int(numeral)) is not None} for text in plain
    ]
    written = [arabic[side] | chinese[side] for side in (0, 1)]
    if not (arabic[0] <= written[1] and arabic[1] <= written[0]):
        return True
    return all(written) and not written[0] & written[1]
