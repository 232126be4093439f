"""Closing what was not answered: the library is asked again, the askers are told, the question is kept as a case."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answerer import Answerer
from assistant.desk.cases import Cases, place_of
from assistant.desk.errors import InvalidEntry
from assistant.desk.handling import Handling, Queue, State
from assistant.desk.unanswered import Refused
from assistant.feedback import Feedback, ReportState
from assistant.model import Answer, Mode
from knowledge.knowledge_base import KnowledgeBase


def asked_again(answerer: Answerer, question: str) -> Answer:
    """What the library says to a question now, by itself."""
    return answerer.answer(question, mode=Mode.EXTRACT)


def supply(
    actor: str,
    turns: Sequence[Refused],
    question: str,
    note: str,
    *,
    answerer: Answerer,
    kb: KnowledgeBase,
    handling: Handling,
    feedback: Feedback,
    cases: Cases,
) -> Answer:
    """Close `turns` as 已补充. Raises InvalidEntry when the library still has no answer to `question`."""
    answer = asked_again(answerer, question)
    if answer.refusal:
        raise InvalidEntry(f"现在问“{question}”仍然没有答案（{answer.refusal.reason}）请先补充文件、审定答案或词表。")
    places = [place_of(kb, kb.document(one.document.id), one.start, one.end) for one in answer.citations]
    cases.save(question, places)
    handling.close(actor, Queue.UNANSWERED, [turn.turn_id for turn in turns], State.SUPPLIED, note)
    _tell(feedback, turns, ReportState.SUPPLIED, note)
    return answer


def decline(
    actor: str,
    turns: Sequence[Refused],
    question: str,
    note: str,
    *,
    handling: Handling,
    feedback: Feedback,
    cases: Cases,
) -> None:
    """Close `turns` as not to be supplied; the question is kept as one that must be refused."""
    cases.save(question, [], missing=next((turn.missing for turn in turns if turn.missing), None))
    handling.close(actor, Queue.UNANSWERED, [turn.turn_id for turn in turns], State.DECLINED, note)
    _tell(feedback, turns, ReportState.DECLINED, note)


def _tell(feedback: Feedback, turns: Sequence[Refused], state: ReportState, note: str) -> None:
    for turn in turns:
        if turn.report_id is not None:
            feedback.close(turn.report_id, state, note)
