"""Closing what was not answered: the library is asked again, the askers are told, the question is kept as a case."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answerer import Answerer
from assistant.conversations.feedback import Feedback, ReportState
from assistant.curation.cases import Cases, place_of
from assistant.curation.queues.handling import Handling, Queue, State
from assistant.curation.queues.unanswered import Cluster, Refused
from assistant.errors import InvalidEntry
from assistant.model import Answer, Mode
from knowledge.knowledge_base import KnowledgeBase


def asked_again(answerer: Answerer, question: str) -> Answer:
    """What the library says to a question now, by itself."""
    return answerer.answer(question, mode=Mode.EXTRACT)


def supply(
    actor: str,
    cluster: Cluster,
    note: str,
    answerer: Answerer,
    kb: KnowledgeBase,
    handling: Handling,
    feedback: Feedback,
    cases: Cases,
) -> Answer:
    """Close a cluster as 已补充. Raises InvalidEntry when the library still has no answer to its question."""
    answer = asked_again(answerer, cluster.question)
    if not answer.mode.answers:
        why = answer.refusal.reason if answer.refusal else "只找到可能相关的规定。"
        raise InvalidEntry(f"现在问“{cluster.question}”仍然没有答案（{why}）请先补充文件、审定答案或词表。")
    places = [place_of(kb, kb.document(one.document.id), one.start, one.end) for one in answer.citations]
    cases.save(cluster.question, places)
    handling.close(actor, Queue.UNANSWERED, [turn.turn_id for turn in cluster.turns], State.SUPPLIED, note)
    _tell(feedback, cluster.turns, ReportState.SUPPLIED, note)
    return answer


def decline(actor: str, cluster: Cluster, note: str, handling: Handling, feedback: Feedback, cases: Cases) -> None:
    """Close a cluster as not to be supplied; its question is kept as one that must be refused."""
    cases.save(cluster.question, [], missing=cluster.missing)
    handling.close(actor, Queue.UNANSWERED, [turn.turn_id for turn in cluster.turns], State.DECLINED, note)
    _tell(feedback, cluster.turns, ReportState.DECLINED, note)


def _tell(feedback: Feedback, turns: Sequence[Refused], state: ReportState, note: str) -> None:
    for turn in turns:
        if turn.report_id is not None:
            feedback.close(turn.report_id, state, note)
