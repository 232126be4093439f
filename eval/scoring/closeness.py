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
#: Of questions that only look alike, so many may be taken for the same on the half that is fitted on.
FALSE_MATCHES = 0.01


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
    `by_cosine` is the share found when a cosine alone decides with as many mistakes."""

    pairs: int
    found: float
    mistaken: float
    by_cosine: float


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
    cosines = np.array([one.cosine if one else 0.0 for one in found])
    mistaken = int(taken[~same].sum())
    least = np.sort(cosines[~same])[::-1][mistaken] if mistaken < (~same).sum() else 0.0
    return Rates(
        len(pairs), float(taken[same].mean()), float(taken[~same].mean()), float((cosines[same] > least).mean())
    )


def fit(pairs: Sequence[Pair], found: Sequence[Likeness | None]) -> dict[str, object]:
    """The object for `closeness.json`, fitted on the `dev` half: logistic, with the threshold at FALSE_MATCHES."""
    from sklearn.linear_model import LogisticRegression

    rows = [(one.values, pair.same) for pair, one in zip(pairs, found, strict=True) if one and pair.split == "dev"]
    values, same = np.array([row for row, _ in rows]), np.array([row for _, row in rows])
    model = LogisticRegression(C=1e4, max_iter=10_000).fit(values, same)
    probabilities = model.predict_proba(values)[:, 1]
    impossible = sum(
        1 for pair, one in zip(pairs, found, strict=True) if one is None and pair.split == "dev" and not pair.same
    )
    alike = np.concatenate([np.zeros(impossible), probabilities[~same]])
    return {
        "weights": dict(zip(NAMES, model.coef_[0].round(4).tolist(), strict=True)),
        "bias": round(float(model.intercept_[0]), 4),
        "threshold": round(float(np.quantile(alike, 1 - FALSE_MATCHES)) + 0.0001, 4),  # what lies on it is not the same
        "fitted_on": f"{len(rows)} pairs of the dev half of rephrased.jsonl",
    }
