"""Saved cases are a suite: read by `eval`, one per question, without personal numbers."""

from __future__ import annotations

from assistant.curation.cases import FILE, Cases, place_of
from assistant.model import Message
from assistant.understanding.question import Kind
from eval.suite import load_suite
from eval.training.learn import confirmed_by
from knowledge.knowledge_base import KnowledgeBase


def test_a_saved_case_is_read_back_by_the_evaluation(kb: KnowledgeBase) -> None:
    cases = Cases(kb.data)
    document = next(one for one in kb.documents() if "借阅" in one.card.title)
    [passage] = [one for one in kb.passages(document.version_id) if one.address == "第三条"]
    place = place_of(kb, document, passage.start, passage.end)
    cases.save("哪些情形暂停借阅资格？", [place], kind=Kind.LIST, history=[Message("user", "电话13800138000")])
    cases.save("加班补贴多少", [], missing="某规定")
    suite = load_suite(str(kb.data / FILE))
    first, second = suite.cases
    assert (first.type, first.answerable, first.evidence[0].address) == ("list", True, "第三条")
    assert first.history[0].content == "电话〔手机号〕"
    assert (second.type, second.answerable, second.missing_document) == ("not_in_library", False, "某规定")
    [confirmed] = confirmed_by([first.__class__(first.id, first.type, first.question, evidence=first.evidence)], kb)
    assert confirmed.passages == (passage.id,)


def test_the_same_question_takes_the_place_of_the_earlier_case(kb: KnowledgeBase) -> None:
    cases = Cases(kb.data)
    cases.save("加班补贴多少", [])
    cases.save("另一个问题", [])
    cases.save("加班补贴多少？", [])
    assert cases.questions() == ["另一个问题", "加班补贴多少？"]
