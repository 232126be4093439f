"""`python -m eval.training.outside_field`: learns which lines lie outside the field, and writes the weights.

Outside are `utterances/off_topic.txt`; inside are `utterances/follow_ups.txt` (ellipses as they are typed after an answer), situations and
the questions of our suites' dev halves. A logistic regression (scikit-learn, L2, C = 1 on vectors times SCALE less their mean,
classes balanced); prints what a third that was left out comes to.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.understanding.outside_field import OUTSIDE, WEIGHTS
from eval.suite import load_suite
from knowledge.embeddings import Encoder, open_encoder
from knowledge.retrieval import situations

UTTERANCES = Path(__file__).with_name("utterances")
SITUATIONS = 2500
SCALE = 10.0
LEFT_OUT = 3  # one line of so many in the trial

Rows = NDArray[np.float32]


def texts() -> dict[str, list[str]]:
    """What is learnt from, by kind; the first kind lies outside."""
    drawn = [text for one in situations.load() for _, text in one]
    random.Random(0).shuffle(drawn)
    suites = [load_suite(name, "dev").cases for name in ("official", "starter")]
    return {
        "off topic": _lines("off_topic.txt"),
        "follow-ups": _lines("follow_ups.txt"),
        "situations": drawn[:SITUATIONS],
        "suites": [case.question for cases in suites for case in cases if case.answerable],
    }


def main() -> None:
    """Try on what is left out, then learn from everything and write."""
    encoder = open_encoder()
    rows = {kind: _encoded(encoder, several) for kind, several in texts().items()}
    learnt = {kind: many[np.arange(len(many)) % LEFT_OUT != 0] for kind, many in rows.items()}
    weights, bias = _fitted(list(learnt.values()))
    for kind, many in rows.items():
        unseen = many[np.arange(len(many)) % LEFT_OUT == 0]
        reached = (1 / (1 + np.exp(-(unseen @ weights + bias))) >= OUTSIDE).mean()
        print(f"{kind}: {reached:.4f} of {len(unseen)} reach {OUTSIDE}")
    weights, bias = _fitted(list(rows.values()))
    np.savez(WEIGHTS, weights=weights.astype(np.float16), bias=np.float32(bias), encoder=np.str_(encoder.name))
    print(WEIGHTS, WEIGHTS.stat().st_size, "bytes")


def _fitted(rows: Sequence[Rows]) -> tuple[Rows, float]:
    """Weights and bias for unit vectors; the first of `rows` lies outside."""
    from sklearn.linear_model import LogisticRegression

    every = np.concatenate(rows)
    labels = np.concatenate([np.full(len(some), not place) for place, some in enumerate(rows)])
    mean = every.mean(0)
    model: Any = LogisticRegression(C=1.0, max_iter=2000, class_weight="balanced").fit((every - mean) * SCALE, labels)
    weights: Rows = (model.coef_[0] * SCALE).astype(np.float32)
    return weights, float(model.intercept_[0] - weights @ mean)


def _encoded(encoder: Encoder, several: Sequence[str]) -> Rows:
    return np.stack([encoder.embed_query(text) for text in several])


def _lines(name: str) -> list[str]:
    return (UTTERANCES / name).read_text(encoding="utf-8").split("\n")[:-1]


if __name__ == "__main__":
    main()
