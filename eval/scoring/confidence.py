"""How far the stated confidence can be trusted: does it tell answerable from unanswerable, and does 80 % mean 80 %?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.scoring.result import Result

BINS = 10
COVERAGES = (0.5, 0.8, 1.0)


@dataclass(frozen=True, slots=True)
class Bin:
    """One tenth of the judged cases, by confidence: what was said (`stated`) and what is so (`answerable`), as means."""

    stated: float
    answerable: float
    cases: int


@dataclass(frozen=True, slots=True)
class Confidence:
    """Of the judged cases: `auroc` (None when all are answerable or none is), `brier` and `ece` (0 is best), `bins` from
    low to high. Of the answered ones among them: `curve` of (coverage, accuracy) points, most confident first, and
    `selective`, the accuracy at COVERAGES."""

    cases: int
    auroc: float | None
    brier: float
    ece: float
    bins: tuple[Bin, ...]
    curve: tuple[tuple[float, float], ...]
    selective: tuple[tuple[float, float], ...]


def confidence(results: Sequence[Result]) -> Confidence | None:
    """Measured on the cases whose confidence comes from the judgement; exact look-ups and refusals for want of a
    document state a fixed one. None when no case was judged."""
    judged = [result for result in results if "judge" in result.answer.timings_ms]
    if not judged:
        return None
    from sklearn.metrics import brier_score_loss, roc_auc_score

    stated = [result.answer.confidence for result in judged]
    labels = [result.case.answerable for result in judged]
    bins = reliability(stated, labels)
    curve = risk_coverage(judged)
    return Confidence(
        cases=len(judged),
        auroc=float(roc_auc_score(labels, stated)) if len(set(labels)) == 2 else None,
        brier=float(brier_score_loss(labels, stated, pos_label=True)),
        ece=sum(one.cases * abs(one.stated - one.answerable) for one in bins) / len(judged),
        bins=bins,
        curve=curve,
        selective=tuple((share, curve[max(0, round(share * len(curve)) - 1)][1]) for share in COVERAGES if curve),
    )


def reliability(stated: Sequence[float], labels: Sequence[bool]) -> tuple[Bin, ...]:
    """Bins of equal mass, at most BINS; fewer when there are fewer cases. `stated` may be in any order."""
    import numpy as np

    order = np.argsort(np.array(stated), kind="stable")
    parts = [part for part in np.array_split(order, BINS) if len(part)]
    said, so = np.array(stated), np.array(labels, dtype=float)
    return tuple(Bin(float(said[part].mean()), float(so[part].mean()), len(part)) for part in parts)


def risk_coverage(judged: Sequence[Result]) -> tuple[tuple[float, float], ...]:
    """(share of the answered cases kept, their mean accuracy), keeping the most confident first."""
    answered = [result for result in judged if result.answer.mode.answers]
    answered.sort(key=lambda result: -result.answer.confidence)
    points, total = [], 0.0
    for kept, result in enumerate(answered, start=1):
        total += _accuracy(result)
        points.append((kept / len(answered), total / kept))
    return tuple(points)


def _accuracy(result: Result) -> float:
    """How right an answer is: its share of key points; for an unanswerable case, whether answering was accepted."""
    metric = "key_points" if result.case.answerable else "refused"
    return result.value(metric) or 0.0
