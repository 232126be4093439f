"""What is read out of kept answers inside the database, over SQLite and PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.answering import refusals
from assistant.conversations.cited import questions_citing
from assistant.conversations.conversations import Conversations
from assistant.conversations.finding import lines_found
from assistant.conversations.turns import TurnState
from assistant.curation.queues.unanswered import refused_turns
from assistant.curation.statistics import figures
from assistant.model import Answer, Citation, CitedDocument, Mode, Refusal, Sentence
from knowledge.model import Validity

DOCUMENT = CitedDocument(3, "样例条例", "样发〔2020〕1号", "样例机关", "2020", Validity.IN_FORCE)
CITATION = Citation(1, DOCUMENT, 7, 21, "第五条", "年假为五天。", 120, 126)
ANSWERED = Answer("年假几天", "年假几天", Mode.EXTRACT, (Sentence("年假为五天。", (1,)),), (CITATION,), confidence=0.8)
REFUSED = Answer(
    "病假几天",
    "病假一年几天",
    Mode.REFUSE,
    (),
    (),
    confidence=0.0,
    refusal=Refusal(refusals.NOT_IN_LIBRARY, "库中没有《休假办法》。", (CITATION,), "休假办法"),
)


@pytest.fixture
def conversations(tmp_path: Path, database_url: str | None) -> Iterator[Conversations]:
    opened = Conversations.open(tmp_path, database_url)
    for answer in (ANSWERED, REFUSED):
        turn = opened.ask("甲", answer.question)
        opened.close_turn(turn.id, TurnState.DONE, answer=answer)
    yield opened
    opened.close()


def test_the_questions_that_led_to_a_document(conversations: Conversations) -> None:
    [asked] = questions_citing(conversations.database, 3)
    assert (asked.question, asked.version_id, asked.start, asked.end, asked.quote) == (
        "年假几天",
        7,
        120,
        126,
        "年假为五天。",
    )
    assert isinstance(asked.asked_at, datetime)
    assert questions_citing(conversations.database, 4) == []


def test_refused_questions_with_what_they_lacked(conversations: Conversations) -> None:
    [refused] = refused_turns(conversations.database)
    assert (refused.question, refused.missing) == ("病假一年几天", "休假办法")


def test_figures_count_answers_and_refusals(conversations: Conversations) -> None:
    found = figures(conversations.database, [], datetime.now(UTC).astimezone().date())
    assert found is not None
    assert (found.answered, found.refused) == (1, 1)


def test_words_are_found_in_answers(conversations: Conversations) -> None:
    [found] = conversations.listing("甲", "五天")
    assert list(lines_found(conversations, "甲", [found.id], "五天").values()) == ["年假为五天。[1]"]
