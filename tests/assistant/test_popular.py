"""What is offered as asked by others: liked, asked by two or approved, answered from what is still published."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from assistant.conversations.conversations import Conversations
from assistant.conversations.feedback import Feedback, Opinion
from assistant.conversations.popular import popular
from assistant.conversations.turns import Turn, TurnState
from assistant.model import Answer, Citation, CitedDocument, Mode, Sentence
from assistant.understanding.scope import Within
from knowledge.model import Validity

PUBLISHED = frozenset({3})
CITATION = Citation(
    1, CitedDocument(3, "样例条例", None, None, None, Validity.IN_FORCE), 7, 21, "第五条", "五天。", 0, 3
)


@pytest.fixture
def conversations(tmp_path: Path) -> Iterator[Conversations]:
    opened = Conversations.open(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def feedback(conversations: Conversations) -> Feedback:
    return Feedback(conversations)


def asked(conversations: Conversations, user: str, question: str, conversation: str | None = None) -> Turn:
    turn = conversations.ask(user, question, conversation)
    return closed(conversations, user, turn)


def closed(conversations: Conversations, user: str, turn: Turn) -> Turn:
    answer = Answer(turn.question, turn.question, Mode.EXTRACT, (Sentence("五天。", (1,)),), (CITATION,), 0.9)
    conversations.close_turn(turn.id, TurnState.DONE, answer=answer)
    return conversations.turn(user, turn.id)


def test_two_readers_and_a_vote_are_needed(conversations: Conversations, feedback: Feedback) -> None:
    first = asked(conversations, "甲", "年假几天？")
    feedback.vote("甲", first.id, Opinion.UP)
    assert popular(conversations, feedback, PUBLISHED) == [], "one reader only"
    again = asked(conversations, "甲", "年假几天？")
    assert popular(conversations, feedback, PUBLISHED) == [], "the same reader again"
    asked(conversations, "乙", "年假 几天")
    assert popular(conversations, feedback, PUBLISHED) == ["年假 几天"]
    feedback.vote("甲", first.id, Opinion.DOWN)
    feedback.vote("甲", again.id, Opinion.DOWN)
    assert popular(conversations, feedback, PUBLISHED) == [], "not liked any more"


def test_a_trainers_approval_stands_for_a_second_reader(conversations: Conversations, feedback: Feedback) -> None:
    turn = asked(conversations, "甲", "病假几天？")
    feedback.approve("病假几天")
    assert popular(conversations, feedback, PUBLISHED) == [], "nobody liked the answer yet"
    feedback.vote("甲", turn.id, Opinion.UP)
    assert popular(conversations, feedback, PUBLISHED) == ["病假几天？"]
    feedback.approve("病假几天", approved=False)
    assert popular(conversations, feedback, PUBLISHED) == []


def test_what_is_withdrawn_deleted_or_leans_on_something_is_not_offered(
    conversations: Conversations, feedback: Feedback
) -> None:
    turns = [asked(conversations, user, "年假几天？") for user in "甲乙"]
    feedback.vote("甲", turns[0].id, Opinion.UP)
    follow_ups = [
        asked(conversations, user, "那病假呢？", turn.conversation_id) for user, turn in zip("甲乙", turns, strict=True)
    ]
    feedback.vote("甲", follow_ups[0].id, Opinion.UP)
    limited = [
        closed(conversations, user, conversations.ask(user, "第五条", within=Within(title="样例条例")))
        for user in "甲乙"
    ]
    dated = [
        closed(conversations, user, conversations.ask(user, "事假几天", as_of=date(2020, 1, 1))) for user in "甲乙"
    ]
    feedback.vote("甲", limited[0].id, Opinion.UP)
    feedback.vote("甲", dated[0].id, Opinion.UP)
    assert popular(conversations, feedback, PUBLISHED) == ["年假几天？"]
    assert popular(conversations, feedback, frozenset()) == []
    conversations.delete("甲", turns[0].conversation_id)
    assert popular(conversations, feedback, PUBLISHED) == []
