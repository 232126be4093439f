"""Whether a reader was served well by an answer, and whether one that was called sure is right."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.model import SURE, Answer
from eval.scoring.scores import Score
from eval.suite import Case

#: Of an answer that is right, at least this part of the key points is said: a list may lack some of its items.
RIGHT = 0.5


def served(case: Case, scores: Sequence[Score]) -> bool:
    """Whether an answerable case was answered with all key points, from a gold place, with nothing wrong said."""
    values = {one.metric: one.value for one in scores}
    whole = ("key_points_capped", "nothing_forbidden", "in_force_first", "article_exact")
    return (
        values.get("answered") == 1.0
        and all(values.get(metric) in (None, 1.0) for metric in whole)
        and values.get("evidence_recall") != 0.0
    )


def sure_right(case: Case, answer: Answer, scores: Sequence[Score]) -> Score:
    """For an answer that is called 把握较大: it is taken from a gold place, says at least RIGHT of the key points and
    nothing wrong; to a question without an answer none is right, but with the caution that the case accepts."""
    if not answer.mode.answers or answer.confidence < SURE:
        return Score("sure_right", None, "没有说把握较大")
    values = {one.metric: one.value for one in scores}
    if not case.answerable:
        right = values.get("refused") == 1.0
    else:
        points = values.get("key_points")
        said = points is None or points >= RIGHT
        right = said and values.get("nothing_forbidden") != 0.0 and values.get("evidence_recall") != 0.0
    return Score("sure_right", float(right), f"把握 {answer.confidence:.2f}，{'答对' if right else '没有答对'}")
