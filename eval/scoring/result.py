"""What one case of a suite came to: the answer and its scores."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.model import Answer
from eval.scoring.causes import Failure
from eval.scoring.scores import Score
from eval.suite import Case


@dataclass(frozen=True, slots=True)
class Result:
    """A case with its answer and scores, and why it was not served well (None: it was)."""

    case: Case
    answer: Answer
    scores: tuple[Score, ...]
    failure: Failure | None = None

    def value(self, metric: str) -> float | None:
        """None when the metric does not apply to the case."""
        return next((one.value for one in self.scores if one.metric == metric), None)

    def reason(self, metric: str) -> str:
        """Why the score of `metric` is what it is; "" when there is none."""
        return next((one.reason for one in self.scores if one.metric == metric), "")
