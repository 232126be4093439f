"""How well questions that ask the same are told from those that only look alike: measured and fitted on `rephrased.jsonl`."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.answering.question import Question
from assistant.curated_answers.similarity import NAMES, Calibration, Likeness, likeness
from eval.errors import BadSuite
from eval.suite import SUITES
from knowledge.knowledge_base import KnowledgeBase

PAIRS = SUITES / "rephrased.jsonl"
#: Fitted on; measured on; measured on and written by somebody who had not looked at what fails.
SPLITS = ("dev", "test", "blind")
#: Of questions that only look alike, so many may be taken for the same on the half that is fitted on.
FALSE_MATCHES = 0.01
#: And so many may have the answer offered to them.
FALSE_OFFERS = 0.1
STRENGTH = 0.3  # of the data against the pull of all weights towards 0, by cross-validation over the groups of dev


@dataclass(frozen=True, slots=True)
class Pair:
    """Two questions; `same` tells whether one answer serves both."""

    one: str
    other: str
    same: bool
    split: str


@dataclass(frozen=True, slots=True)
class Rates:
    """`found` of the pairs that ask the same and `mistaken` of those that only look alike count as the same;
    `by_cosine` is the share found when a cosine alone decides with as many mistakes; `offered` and `offered_wrongly` count
    those that have the answer at least offered."""

    pairs: int
    found: float
    mistaken: float
    by_cosine: float
    offered: float = 0.0
    offered_wrongly: float = 0.0


def load_pairs(path: Path = PAIRS) -> list[Pair]:
    """Every question with its wordings and with the questions that look like it. Raises BadSuite."""
    pairs = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            row = json.loads(line)
            wordings = [row["question"], *row["same"]]
            pairs += [Pair(a, b, True, row["split"]) for i, a in enumerate(wordings) for b in wordings[i + 1 :]]
            pairs += [Pair(a, b, False, row["split"]) for a in wordings for b in row["other"]]
        except (KeyError, TypeError, ValueError) as error:
            raise BadSuite(f"{path} 第 {number} 行读不了（{error}），请改正后再试。") from None
    return pairs


def likenesses(pairs: Sequence[Pair], asked: Callable[[str], Question], kb: KnowledgeBase) -> list[Likeness | None]:
    """How like the questions of each pair are; `asked` reads one of them."""
    return [likeness(asked(pair.one), asked(pair.other), kb.lexical.idf) for pair in pairs]


def rates(pairs: Sequence[Pair], found: Sequence[Likeness | None], calibration: Calibration) -> Rates:
    """How often pairs are taken for the same."""
    same = np.array([pair.same for pair in pairs])
    taken = np.array([one is not None and calibration.probability(one) >= calibration.threshold for one in found])
    near = np.array([one is not None and calibration.probability(one) >= calibration.offered for one in found])
    cosines = np.array([one.cosine if one else 0.0 for one in found])
    mistaken = int(taken[~same].sum())
    least = np.sort(cosines[~same])[::-1][mistaken] if mistaken < (~same).sum() else 0.0
    return Rates(
        len(pairs),
        float(taken[same].mean()),
        float(taken[~same].mean()),
        float((cosines[same] > least).mean()),
        float((taken | near)[same].mean()),
        float((taken | near)[~same].mean()),
    )


def with_saved(pairs: Sequence[Pair], found: Sequence[Likeness | None], calibration: Calibration) -> dict[str, float]:
    """As a reader meets it: every wording is asked with all others of its question saved, and every look-alike with all of
    them saved; shares that are found, mistaken, offered and offered wrongly. `pairs` are of one half."""
    own: dict[str, list[float]] = {}
    alien: dict[str, list[float]] = {}
    for pair, one in zip(pairs, found, strict=True):
        sure = calibration.probability(one) if one else 0.0
        if pair.same:
            own.setdefault(pair.one, []).append(sure)
            own.setdefault(pair.other, []).append(sure)
        else:
            alien.setdefault(pair.other, []).append(sure)
    best, wrong = (np.array([max(some) for some in one.values()]) for one in (own, alien))
    return {
        "found": float((best >= calibration.threshold).mean()),
        "mistaken": float((wrong >= calibration.threshold).mean()),
        "offered": float((best >= calibration.offered).mean()),
        "offered_wrongly": float((wrong >= calibration.offered).mean()),
    }


def fit(pairs: Sequence[Pair], found: Sequence[Likeness | None]) -> dict[str, object]:
    """The object for `closeness.json`, fitted on the `dev` half: logistic, with the threshold at FALSE_MATCHES."""
    from sklearn.linear_model import LogisticRegression

    rows = [(one.values, pair.same) for pair, one in zip(pairs, found, strict=True) if one and pair.split == "dev"]
    values, same = np.array([row for row, _ in rows]), np.array([row for _, row in rows])
    middle, spread = values.mean(axis=0), np.where(values.std(axis=0) > 0, values.std(axis=0), 1.0)
    model = LogisticRegression(C=STRENGTH, max_iter=10_000).fit((values - middle) / spread, same)
    probabilities = model.predict_proba((values - middle) / spread)[:, 1]
    weights = model.coef_[0] / spread  # as they are for values that were not standardised
    bias = float(model.intercept_[0] - weights @ middle)
    impossible = sum(
        1 for pair, one in zip(pairs, found, strict=True) if one is None and pair.split == "dev" and not pair.same
    )
    alike = np.concatenate([np.zeros(impossible), probabilities[~same]])
    return {
        "weights": dict(zip(NAMES, weights.round(4).tolist(), strict=True)),
        "bias": round(bias, 4),
        "threshold": round(float(np.quantile(alike, 1 - FALSE_MATCHES)) + 0.0001, 4),  # what lies on it is not the same
        "offered": round(float(np.quantile(alike, 1 - FALSE_OFFERS)) + 0.0001, 4),
        "fitted_on": f"{len(rows)} pairs of the dev half of rephrased.jsonl",
    }
