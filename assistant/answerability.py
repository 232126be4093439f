"""Whether the library can answer: a calibrated probability from what is known, not a threshold on one score."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.focus import Focus
from assistant.naming import Names
from assistant.understanding import Kind, Understood
from knowledge.model import Hit
from knowledge.register import Entry, Register
from knowledge.tokens import tokenize

CALIBRATION = Path(__file__).with_name("answerability.json")

# A missing document is named only when it fits the question clearly better than any held one: a statute and the rules
# made under it share subjects.
CLEARLY = 0.05

_FIGURE = re.compile(r"[0-9０-９〇零一二三四五六七八九十百千万两]+")


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for or against an answer; the calibration gives each its weight.

    cosine: of the best passage. coverage: idf share of the question that the best passage with its title and
    section holds. together: the same for the best three. rarest: largest idf missing from the best three, over the
    largest idf of the question. gap: best fused score over the tenth. foreign: how much better a known but missing
    document fits the question than a held one (register). home: fit of the best held document. satisfied: 1 when the
    best passage has what the kind of question needs. named: 1 when the question names a held document.
    """

    cosine: float
    coverage: float
    together: float
    rarest: float
    gap: float
    foreign: float
    home: float
    satisfied: float
    named: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """`probability` that the best passages answer; `missing` is the known document that would, when one fits."""

    probability: float
    answerable: bool
    missing: Entry | None
    signals: Signals


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic model over the signals, fitted by `python -m eval.calibrate`; `fitted_on` is a hash of its cases."""

    weights: Mapping[str, float]
    bias: float
    threshold: float
    fitted_on: str

    @classmethod
    def load(cls, path: Path = CALIBRATION) -> Calibration:
        """The stored model."""
        stored = json.loads(path.read_text(encoding="utf-8"))
        return cls(stored["weights"], stored["bias"], stored["threshold"], stored["fitted_on"])

    def probability(self, signals: Signals) -> float:
        """1 / (1 + e^-(w·x + b))."""
        values = asdict(signals)
        return 1 / (1 + math.exp(-(self.bias + sum(weight * values[name] for name, weight in self.weights.items()))))


def judge(
    understood: Understood,
    focus: Focus,
    hits: Sequence[Hit],
    names: Names,
    register: Register,
    calibration: Calibration,
    also: Sequence[str] = (),
) -> Verdict:
    """Judge whether `hits` (best first, not empty) answer the question; `also` are rule terms for its everyday words."""
    home, foreign, missing = _belonging(understood, names, register, also)
    held = [_tokens(hit) for hit in hits[:3]]
    together = set().union(*held)
    signals = Signals(
        cosine=max(hit.dense for hit in hits[:3]),
        coverage=max(focus.held(tokens) for tokens in held),
        together=focus.held(together),
        rarest=focus.missing(together) / (max(focus.weights.values(), default=0.0) or 1.0),
        gap=hits[0].score - hits[min(9, len(hits) - 1)].score,
        foreign=foreign,
        home=home,
        satisfied=float(_satisfied(understood.kind, hits[0])),
        named=float(any(one.documents for one in understood.named)),
    )
    probability = calibration.probability(signals)
    return Verdict(probability, probability >= calibration.threshold, missing, signals)


def _belonging(
    understood: Understood, names: Names, register: Register, also: Sequence[str]
) -> tuple[float, float, Entry | None]:
    home, foreign, missing = 0.0, 0.0, None
    for entry, score, _ in register.belongs(understood.standalone, also):
        if names.held(entry.title):
            home = max(home, score)
        elif score > foreign:
            foreign, missing = score, entry
    return home, foreign, missing if foreign > home + CLEARLY else None


def _tokens(hit: Hit) -> set[str]:
    return set(tokenize(f"{hit.document.card.title} {hit.passage.context} {hit.passage.text}"))


def _satisfied(kind: Kind, hit: Hit) -> bool:
    if kind is Kind.NUMBER:
        return bool(_FIGURE.search(re.sub(r"^第.{1,7}条", "", hit.passage.text)))
    return True
