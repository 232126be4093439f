"""Unanswered questions stand together by meaning; figures about few people are not given."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from small_library import open_library, regulation, write

from assistant.answerer import Answerer
from assistant.conversations.conversations import Conversations
from assistant.conversations.turns import TurnState
from assistant.curation.queues.disputed import dates_passed, missing_documents
from assistant.curation.queues.handling import Handling, Queue, State
from assistant.curation.queues.unanswered import Clusters, refused_turns
from assistant.curation.statistics import figures, shelf, shown
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register
from knowledge.model import Validity
from knowledge.retrieval.lexicon import Lexicon

NOW = datetime(2026, 6, 30, 3, 0)
TODAY = date(2026, 7, 1)


@pytest.fixture
def clock() -> list[datetime]:
    return [NOW]


@pytest.fixture
def conversations(kb: KnowledgeBase, clock: list[datetime]) -> Iterator[Conversations]:
    opened = Conversations.open(kb.data, now=lambda: clock[0])
    yield opened
    opened.close()


@pytest.fixture
def answerer(kb: KnowledgeBase) -> Answerer:
    return Answerer(kb, Register.load(), Lexicon.load())


def ask(conversations: Conversations, answerer: Answerer, user: str, question: str) -> str:
    turn = conversations.ask(user, question)
    conversations.close_turn(turn.id, TurnState.DONE, answer=answerer.answer(question))
    return turn.id


def test_wordings_of_one_question_stand_together_and_others_do_not(
    kb: KnowledgeBase, conversations: Conversations, answerer: Answerer
) -> None:
    for question in (
        "党纪处分有哪几种",
        "党员受党纪处分的种类有哪些",
        "党纪处分有哪几种？",
        "公务员录用要考哪些科目，电话13800138000",
    ):
        ask(conversations, answerer, "甲", question)
    ask(conversations, answerer, "甲", "一次最多借阅图书多少册")
    clusters = Clusters(lambda: kb.encoder).gather(refused_turns(conversations.database))
    assert [cluster.count for cluster in clusters] == [3, 1]
    assert sum(count for _, count in clusters[0].wordings) == 3
    assert "〔手机号〕" in clusters[1].question
    assert not any("甲" in f"{turn}" for cluster in clusters for turn in cluster.turns)


def test_a_supplied_question_is_shown_to_its_asker_until_he_asks_on(
    conversations: Conversations, answerer: Answerer, clock: list[datetime]
) -> None:
    turn_id = ask(conversations, answerer, "甲", "党纪处分有哪几种")
    conversation_id = conversations.turn("甲", turn_id).conversation_id
    handling = Handling(conversations.database, lambda: clock[0])
    handling.assign("教员", Queue.UNANSWERED, [turn_id], "教员")
    assert handling.supplied("甲") == frozenset()
    clock[0] += timedelta(hours=1)
    handling.close("教员", Queue.UNANSWERED, [turn_id], State.SUPPLIED, "已补充，电话13800138000")
    assert handling.supplied("甲") == {conversation_id}
    assert handling.supplied("乙") == frozenset()
    handled = handling.of(Queue.UNANSWERED)[turn_id]
    assert (handled.assignee, handled.note) == ("教员", "已补充，电话〔手机号〕")
    clock[0] += timedelta(hours=1)
    conversations.ask("甲", "那警告呢", conversation_id)
    assert handling.supplied("甲") == frozenset()


def test_documents_asked_for_stand_first_among_the_missing(
    kb: KnowledgeBase, conversations: Conversations, answerer: Answerer
) -> None:
    ask(conversations, answerer, "甲", "《公务员回避规定》第三条")
    first, *rest = missing_documents(kb, refused_turns(conversations.database))
    assert (first.entry.title, first.asked) == ("公务员回避规定", 1)
    assert len(rest) > 300
    assert all(one.entry.in_force for one in rest)


def test_a_repealed_document_that_is_still_published_is_due(kb: KnowledgeBase) -> None:
    document = kb.documents()[0]
    assert dates_passed(kb) == []
    kb.set_card(document.id, repealed_on="2026-06-01")
    [due] = dates_passed(kb)
    assert (due.document.id, due.what) == (document.id, "已到废止日期，仍在发布")


def test_a_text_is_due_before_its_term_is_over(kb: KnowledgeBase) -> None:
    document = kb.documents()[0]
    last = kb.today() + timedelta(days=30)
    kb.set_card(document.id, valid_until=last)
    assert [due.what for due in dates_passed(kb)] == ["即将到期，还有 30 天"]
    kb.set_card(document.id, valid_until=kb.today())
    assert [due.what for due in dates_passed(kb)] == ["即将到期，今天是最后一天"]
    kb.set_card(document.id, valid_until=kb.today() - timedelta(days=1))
    assert [due.what for due in dates_passed(kb)] == ["有效期已满，仍在发布"]


def test_figures_of_a_class_need_five_people(
    kb: KnowledgeBase, conversations: Conversations, answerer: Answerer
) -> None:
    people = [f"学员{number}" for number in range(5)]
    for one in people[:4]:
        ask(conversations, answerer, one, "一次最多借阅图书多少册")
    documents = kb.published()
    assert figures(conversations.database, documents, TODAY, people) is None
    ask(conversations, answerer, people[4], "党纪处分有哪几种")
    found = figures(conversations.database, documents, TODAY, people)
    assert found
    assert (found.answered, found.refused, len(found.days)) == (4, 1, 30)
    assert [document.card.title for document, _ in found.documents] == ["星河市图书借阅管理条例"]
    assert [document.card.title for document in found.never] == ["星河市阅览室使用办法"]
    everybody = figures(conversations.database, documents, TODAY)
    assert everybody
    assert everybody.asked == 5
    assert (shown(0), shown(4), shown(5)) == ("0", "少于 5", "5")


def test_the_library_is_counted_by_topic_and_validity(kb: KnowledgeBase) -> None:
    [(topic, counts)] = shelf(kb.published()).topics
    assert topic == "其他"
    assert counts[Validity.IN_FORCE] == 2


def test_a_draft_is_due_when_its_day_came_while_it_waited(tmp_path: Path) -> None:
    days = [date(2026, 6, 1)]
    library = open_library(tmp_path / "data", today=lambda: days[0])
    (added,) = library.add([write(tmp_path, "old.md", regulation("阅览办法", ["登记"]))])
    assert added.document_id is not None
    library.set_card(added.document_id, effective_on="2020-01-01")
    assert dates_passed(library) == []
    coming = library.document(added.document_id).added_at.date() + timedelta(days=10)
    library.set_card(added.document_id, effective_on=coming)
    days[0] = coming
    assert [due.what for due in dates_passed(library)] == ["已到施行日期，还没有发布"]
    library.close()
