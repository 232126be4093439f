"""Fits the answerability model on the dev splits; its few weights are stored in a small data file.

The signals of every case that reaches the judgement are collected from real answers; a logistic regression with
standardised inputs (scikit-learn, L2) is fitted, its weights are turned back into raw units, and the threshold is set
where false refusals of answerable cases stay within 8 % on the same cases.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict

import numpy as np

from assistant.answerer import Answerer
from assistant.answering.answerability import Signals
from eval.suite import Case
from eval.training.logistic import unscaled

FALSE_REFUSALS = 0.08


def collect(answerer: Answerer, cases: Sequence[Case]) -> list[tuple[Case, Signals]]:
    """The signals of each case that is judged; those refused before (a missing article) have none."""
    pairs = []
    for case in cases:
        signals = answerer.signals(case.question, case.history, as_of=case.as_of)
        if signals is not None:
            pairs.append((case, signals))
    return pairs


def fit(pairs: Sequence[tuple[Case, Signals]]) -> dict[str, object]:
    """Weights, bias and threshold, ready to be stored."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    names = list(asdict(pairs[0][1]))
    inputs = np.array([list(asdict(signals).values()) for _, signals in pairs])
    labels = np.array([case.answerable for case, _ in pairs])
    scaler = StandardScaler().fit(inputs)
    model = LogisticRegression(C=0.5, class_weight="balanced").fit(scaler.transform(inputs), labels)
    weights, bias = unscaled(scaler, model)
    probabilities = 1 / (1 + np.exp(-(inputs @ weights + bias)))
    threshold = float(np.quantile(probabilities[labels], FALSE_REFUSALS))
    digest = hashlib.sha256(json.dumps(sorted(case.id for case, _ in pairs)).encode()).hexdigest()
    return {
        "weights": {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)},
        "bias": round(bias, 4),
        "threshold": round(threshold, 4),
        "fitted_on": f"{len(pairs)} cases, ids sha256 {digest[:16]}",
    }
