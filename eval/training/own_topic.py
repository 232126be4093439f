"""Fits what tells a short follow-up from a question with a topic of its own; the weights are stored in a small data file.

Follow-ups are the cases with a history about whose last question no word decides; questions of their own are such single cases,
each after two others of its suite: one drawn at random and one of the twenty nearest, because people change to a near topic more
often than to any. A logistic regression (scikit-learn, L2, classes balanced) with standardised inputs; the threshold
keeps `FOLLOW_UPS` of the follow-ups in five-fold cross-validation, whose figures are stored beside the weights.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict

import numpy as np

from assistant.answerer import Answerer
from assistant.understanding.followup import condense, is_open, joined, request_of
from assistant.understanding.named_documents import Names
from assistant.understanding.own_topic import Leaning
from eval.suite import Case
from eval.training.logistic import unscaled

FOLLOW_UPS = 0.9
NEAREST = 20


def collect(answerer: Answerer, cases: Sequence[Case]) -> list[tuple[bool, Leaning]]:
    """Whether it is a follow-up and what speaks for it, for each pair of questions made of `cases`."""
    names = answerer.names
    open_ones = [case for case in cases if is_open(case.question, names) and not request_of(case.question)]
    pairs = [
        *((True, before, question) for before, question in _follow_ups(open_ones, names)),
        *((False, before, question) for before, question in _own(open_ones, answerer)),
    ]
    leaning = answerer.follow_ups.leaning
    return [
        (goes_on, leaning(question, before, joined(before, question, names))) for goes_on, before, question in pairs
    ]


def _follow_ups(cases: Sequence[Case], names: Names) -> Iterator[tuple[str, str]]:
    for case in cases:
        asked = [message for message in case.history if message.role == "user"]
        if asked:
            yield condense(asked[-1].content, asked[:-1], names, lambda text: text), case.question


def _own(cases: Sequence[Case], answerer: Answerer) -> Iterator[tuple[str, str]]:
    drawn = random.Random(0)
    single = [case.question for case in cases if not case.history]
    vectors = np.stack([answerer.asked(question).vector for question in single])
    for question, vector in zip(single, vectors, strict=True):
        nearest = np.argsort(-(vectors @ vector))[1 : NEAREST + 1]
        yield drawn.choice(single), question
        yield single[int(drawn.choice(list(nearest)))], question


def fit(pairs: Sequence[tuple[bool, Leaning]], encoder: str) -> dict[str, object]:
    """Weights, bias and threshold, ready to be stored; `encoder` names what encoded the questions."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    names = list(asdict(pairs[0][1]))
    inputs = np.array([list(asdict(leaning).values()) for _, leaning in pairs])
    labels = np.array([goes_on for goes_on, _ in pairs])
    model = make_pipeline(StandardScaler(), LogisticRegression(class_weight="balanced"))
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    held_out = cross_val_predict(model, inputs, labels, cv=folds, method="predict_proba")[:, 1]
    threshold = float(np.quantile(held_out[labels], 1 - FOLLOW_UPS))
    model.fit(inputs, labels)
    weights, bias = unscaled(model.steps[0][1], model.steps[1][1])
    own = float((held_out[~labels] < threshold).mean())
    return {
        "encoder": encoder,
        "weights": {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)},
        "bias": round(bias, 4),
        "threshold": round(threshold, 4),
        "fitted_on": f"{labels.sum()} follow-ups, {(~labels).sum()} questions of their own; held out: {FOLLOW_UPS} and {own:.2f} right",
    }
