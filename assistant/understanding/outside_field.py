"""Whether what somebody writes has nothing to do with rules, offices or public affairs: small talk, recipes, computers.

Such a line is no follow-up, whatever stands before it, and no provision is near to it. The judgement is one line through the
space of the built-in encoder's vectors, learnt by `python -m eval.training.outside_field`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

WEIGHTS: Final = Path(__file__).with_name("outside_field.npz")
#: From this probability on. Of what was not learnt from, .68 of what lies outside reach it, .0014 of situations and none of 213
#: follow-ups and 308 questions of our suites (docs/models.md).
OUTSIDE: Final = 0.95

Vector = NDArray[np.float32]


class OutsideField:
    """The judgement for one encoder: where it is not the one that was learnt with, nothing is judged to lie outside.
    `vector` gives the unit vector of a text, `encoder` the name of what makes it."""

    def __init__(self, vector: Callable[[str], Vector], encoder: Callable[[], str]) -> None:
        self._vector = vector
        self._encoder = encoder

    @cached_property
    def _learnt(self) -> tuple[NDArray[np.float32], float, str]:
        with np.load(WEIGHTS, allow_pickle=False) as stored:
            return stored["weights"].astype(np.float32), float(stored["bias"]), str(stored["encoder"])

    def probability(self, text: str) -> float:
        """That `text` lies outside."""
        weights, bias, encoder = self._learnt
        if self._encoder() != encoder:
            return 0.0
        return 1 / (1 + math.exp(-(float(weights @ self._vector(text)) + bias)))

    def __call__(self, text: str) -> bool:
        """Whether `text` lies outside for all we know."""
        return self.probability(text) >= OUTSIDE
