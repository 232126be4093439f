"""Votes and reports: one per reader and turn, seen by trainers with the full turn, kept apart from other readers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.conversations.conversations import Conversations
from assistant.conversations.feedback import Feedback, Opinion, Reason, ReportState, plain
from assistant.conversations.turns import Turn, TurnState
from assistant.errors import InvalidFeedback, NotYours
from assistant.model import Answer, Mode, Refusal, Sentence


@pytest.fixture
def conversations(tmp_path: Path, database_url: str | None) -> Iterator[Conversations]:
    opened = Conversations.open(tmp_path, database_url)
    yield opened
    opened.close()


@pytest.fixture
def feedback(conversations: Conversations) -> Feedback:
    return Feedback(conversations)


def answered(conversations: Conversations, user: str, question: str, *, refused: bool = False) -> Turn:
    turn = conversations.ask(user, question)
    refusal = Refusal("not_in_library", "库中没有《休假办法》。", (), "休假办法") if refused else None
    mode = Mode.REFUSE if refused else Mode.EXTRACT
    sentences = () if refused else (Sentence("年假为五天。", (1,)),)
    conversations.close_turn(
        turn.id, TurnState.DONE, answer=Answer(question, question, mode, sentences, (), 0.9, refusal)
    )
    return conversations.turn(user, turn.id)


def test_a_reader_has_one_opinion_of_a_turn_and_may_change_it(conversations: Conversations, feedback: Feedback) -> None:
    turn = answered(conversations, "甲", "年假几天")
    feedback.vote("甲", turn.id, Opinion.DOWN, Reason.WRONG_QUOTE, " 条号不对 ")
    [voted] = feedback.votes()
    assert (voted.vote.reason, voted.vote.comment) == (Reason.WRONG_QUOTE, "条号不对")
    assert voted.turn == turn
    feedback.vote("甲", turn.id, Opinion.UP, Reason.WRONG_QUOTE)
    [voted] = feedback.votes()
    assert (voted.vote.opinion, voted.vote.reason) == (Opinion.UP, None)
    assert feedback.votes(Opinion.DOWN) == []
    assert feedback.votes_in("甲", turn.conversation_id) == {turn.id: voted.vote}
    feedback.unvote("甲", turn.id)
    assert feedback.votes() == []


def test_nobody_judges_other_peoples_turns(conversations: Conversations, feedback: Feedback) -> None:
    turn = answered(conversations, "甲", "年假几天", refused=True)
    with pytest.raises(NotYours):
        feedback.vote("乙", turn.id, Opinion.UP)
    with pytest.raises(NotYours):
        feedback.report("乙", turn.id)
    feedback.report("甲", turn.id)
    assert feedback.reports_in("乙", turn.conversation_id) == {}


def test_only_whole_answers_are_judged_and_comments_are_short(conversations: Conversations, feedback: Feedback) -> None:
    turn = conversations.ask("甲", "还在回答")
    with pytest.raises(InvalidFeedback, match="还没有完整的回答"):
        feedback.vote("甲", turn.id, Opinion.UP)
    done = answered(conversations, "甲", "年假几天")
    with pytest.raises(InvalidFeedback, match="最多 500 个字"):
        feedback.vote("甲", done.id, Opinion.DOWN, Reason.OTHER, "长" * 501)


def test_a_new_answer_is_not_judged_by_what_was_thought_of_the_old_one(
    conversations: Conversations, feedback: Feedback
) -> None:
    turn = answered(conversations, "甲", "年假几天")
    feedback.vote("甲", turn.id, Opinion.DOWN)
    conversations.ask_again("甲", turn.id)
    assert feedback.votes() == []


def test_a_report_waits_in_the_queue_until_a_trainer_closes_it(
    conversations: Conversations, feedback: Feedback
) -> None:
    turn = answered(conversations, "甲", "年假几天", refused=True)
    report = feedback.report("甲", turn.id)
    assert feedback.report("甲", turn.id, "急用").id == report.id
    [waiting] = feedback.reports()
    assert (waiting.question, waiting.missing, waiting.comment) == ("年假几天", "休假办法", "急用")
    assert feedback.reported_turn(report.id) == turn
    feedback.close(report.id, ReportState.SUPPLIED, "已补充《休假办法》")
    assert feedback.reports() == []
    assert feedback.reports(None)[0].closed_at is not None
    seen = feedback.reports_in("甲", turn.conversation_id)[turn.id]
    assert (seen.state, seen.note) == (ReportState.SUPPLIED, "已补充《休假办法》")
    feedback.close(report.id, ReportState.OPEN)
    assert [one.id for one in feedback.reports()] == [report.id]
    with pytest.raises(InvalidFeedback, match="没有编号为 99"):
        feedback.close(99, ReportState.SUPPLIED)


def test_an_answer_is_not_reported(conversations: Conversations, feedback: Feedback) -> None:
    turn = answered(conversations, "甲", "年假几天")
    with pytest.raises(InvalidFeedback, match="已有回答"):
        feedback.report("甲", turn.id)


def test_what_is_deleted_is_not_shown_to_trainers_but_the_reported_question_stays(
    conversations: Conversations, feedback: Feedback
) -> None:
    turn = answered(conversations, "甲", "年假几天")
    feedback.vote("甲", turn.id, Opinion.DOWN)
    refused = answered(conversations, "甲", "病假几天", refused=True)
    report = feedback.report("甲", refused.id)
    for one in (turn, refused):
        conversations.delete("甲", one.conversation_id)
    assert feedback.votes() == []
    assert [one.question for one in feedback.reports()] == ["病假几天"]
    assert feedback.reported_turn(report.id) is None


def test_a_question_is_approved_however_it_is_punctuated(feedback: Feedback) -> None:
    feedback.approve("年假 几天？")
    assert plain("年假几天") in feedback.approved()
    feedback.approve("年假几天", approved=False)
    assert feedback.approved() == frozenset()
