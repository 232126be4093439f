"""Several questions in one: each is searched and judged by itself, and what answers it is quoted."""

from __future__ import annotations

from functools import partial

from assistant.answering.answerability import Calibration, Verdict, holds, judge
from assistant.answering.draft import Draft
from assistant.answering.extract import extract, preferred, said
from assistant.answering.question import Question
from assistant.answering.routes.composed import Composed
from assistant.understanding.parts import parts
from assistant.understanding.question import take_apart


def further(question: Question, draft: Draft, calibration: Calibration) -> None:
    """Add to `draft` what answers a part of `question` and does not stand in it yet."""
    for part in parts(question.text):
        _answer(_alone(question, part), draft, calibration)


def in_parts(question: Question, calibration: Calibration) -> Composed | None:
    """What answers the parts of a `question` that was not judged to be answered as a whole; None unless each of them is."""
    draft = Draft()
    verdicts = [_answer(_alone(question, part), draft, calibration) for part in parts(question.text)]
    answered = [verdict for verdict in verdicts if verdict and verdict.answerable]
    if not answered or len(answered) < len(verdicts):
        return None
    least = min(answered, key=lambda verdict: verdict.probability)
    return Composed(draft, least.probability, verdict=least)


def _answer(part: Question, draft: Draft, calibration: Calibration) -> Verdict | None:
    """Judge what is found for `part`, and quote it where it answers and does not stand in `draft` yet; None without any."""
    topic = part.focus()
    hits = preferred(part.understood.kind, topic, part.search()) if topic.weights else []
    if not hits:
        return None
    verdict = judge(part, topic, hits, calibration)
    if verdict.answerable and not (said(draft, hits[0]) or _quoted(draft, hits[0].passage.id)):
        asked = part.understood.kind, part.text
        extract(part, topic, hits[:1], draft, holds=partial(holds, *asked))
    return verdict


def _alone(question: Question, part: str) -> Question:
    """One of the questions that `question` asks, within the same scope."""
    understood = take_apart(part, part, question.names)
    return Question(understood, question.names, question.scope, question.resources, question.clock)


def _quoted(draft: Draft, passage_id: int) -> bool:
    return any(citation.passage_id == passage_id for citation in draft.citations)
