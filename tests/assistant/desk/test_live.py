"""What a trainer changes counts with the next question of a running server."""

from __future__ import annotations

from assistant.answerer import Answerer
from assistant.curation.lists import Kind, Lists
from assistant.curation.reloading import LiveAnswerer
from assistant.model import Answer, Finished
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register


def ask(live: LiveAnswerer, question: str) -> Answer:
    *_, last = live.stream(question)
    assert isinstance(last, Finished)
    return last.answer


def test_a_typo_and_a_blocked_topic_count_from_the_next_question_on(kb: KnowledgeBase) -> None:
    lists = Lists(kb.data)
    register = Register.load()
    live = LiveAnswerer(lambda: Answerer(kb, register, lists.lexicon, blocked=lists.blocked), lists.stamp)
    before = live.now
    assert live.now is before
    assert ask(live, "图书借约几册").standalone == "图书借约几册"
    lists.put(Kind.TYPOS, "借约", "借阅")
    assert ask(live, "图书借约几册").standalone == "图书借阅几册"
    lists.put(Kind.BLOCKED, "股票", "理财问题请咨询专业机构。")
    assert ask(live, "股票怎么买").text == "理财问题请咨询专业机构。"


def test_a_list_broken_by_hand_leaves_the_answers_as_they_were(kb: KnowledgeBase) -> None:
    lists = Lists(kb.data)
    live = LiveAnswerer(lambda: Answerer(kb, Register.load(), lists.lexicon, blocked=lists.blocked), lists.stamp)
    (kb.data / "lexicon.yaml").write_text("简称:\n 没有冒号", encoding="utf-8")
    assert ask(live, "一次最多借阅图书多少册").citations
