"""Every case that was not served well gets its cause, and the causes are summed with what mending them would bring."""

from __future__ import annotations

from dataclasses import replace

import pytest
from borrowing import RULES, SUITE, place, refused

from assistant.answerer import Answerer
from assistant.model import Answer
from eval.running.run import causes
from eval.scoring.causes import Cause, Failure, failure, tolls
from eval.scoring.gold import Gold
from eval.scoring.result import Result
from eval.scoring.scores import Score, score
from eval.suite import Case, Evidence
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register
from knowledge.model import Hit
from knowledge.retrieval.lexicon import Lexicon
from knowledge.retrieval.search import Scope, Searcher


@pytest.fixture(scope="module")
def answerer(kb: KnowledgeBase) -> Answerer:
    return Answerer(kb, Register.load(), Lexicon.load())


@pytest.fixture(scope="module")
def hits(kb: KnowledgeBase) -> list[Hit]:
    """Every passage of the edition in force, the gold passage of `n-1` (第三条) first."""
    found = Searcher(kb).search("一次最多能借几册书", 10, Scope())
    return sorted(found, key=lambda hit: "第三条" not in hit.passage.address)


def _failed(case: Case, answer: Answer, hits: list[Hit], kb: KnowledgeBase) -> Cause | None:
    gold = Gold(kb)
    found = failure(case, answer, score(case, answer, hits, kb.text, gold), hits, gold)
    assert found is None or found.why
    return found.cause if found else None


def test_a_case_that_is_answered_well_has_no_cause(answerer: Answerer, hits: list[Hit], kb: KnowledgeBase) -> None:
    case = SUITE.cases[0]
    assert _failed(case, answerer.answer(case.question), hits, kb) is None


def test_a_refusal_is_told_by_how_far_the_search_came(kb: KnowledgeBase, hits: list[Hit]) -> None:
    case = SUITE.cases[0]
    assert _failed(case, refused(), hits, kb) is Cause.REFUSED
    assert _failed(case, refused(), [*hits[1:4], hits[0]], kb) is Cause.RANKED_LOW
    assert _failed(case, refused(), hits[1:], kb) is Cause.NOT_FOUND
    elsewhere = replace(case, evidence=(Evidence("月亮市图书借阅管理条例", "2023", "第三条"),))
    assert _failed(elsewhere, refused(), hits, kb) is Cause.NOT_IN_LIBRARY
    assert _failed(replace(case, evidence=(place("第三十条"),)), refused(), hits, kb) is Cause.NOT_IN_LIBRARY


def test_an_answer_from_the_wrong_passage_of_the_right_document_is_the_wrong_sentence(
    answerer: Answerer, hits: list[Hit], kb: KnowledgeBase
) -> None:
    beside = answerer.answer("图书借阅管理条例第六条")
    assert _failed(SUITE.cases[0], beside, hits, kb) is Cause.WRONG_SENTENCE
    assert _failed(SUITE.cases[0], beside, hits[1:], kb) is Cause.NOT_FOUND


def test_an_answer_from_another_edition_is_the_wrong_edition(
    answerer: Answerer, hits: list[Hit], kb: KnowledgeBase
) -> None:
    old = answerer.answer("图书借阅管理条例2018年版第三条")
    assert {one.document.edition for one in old.citations} == {"2018"}
    assert _failed(SUITE.cases[0], old, hits, kb) is Cause.WRONG_EDITION


def test_an_answer_to_what_has_none_is_a_cause_of_its_own(answerer: Answerer, kb: KnowledgeBase) -> None:
    case = Case("u", "other_field", "借阅", answerable=False)
    assert _failed(case, answerer.answer("一次最多能借几册书"), [], kb) is Cause.ANSWERED
    assert _failed(case, refused(), [], kb) is None


def test_the_causes_are_summed_with_the_gain_that_each_would_bring() -> None:
    cases = [Case(f"c-{i}", "number", f"第 {i} 问") for i in range(4)]
    lost = Failure(Cause.NOT_FOUND, "不在前十段里")
    found = tolls([(cases[0], None, 1.0), (cases[1], lost, 0.0), (cases[2], lost, 0.5), (cases[3], None, None)])
    assert [(one.cause, one.cases, one.served, one.key_points) for one in found] == [
        (Cause.NOT_FOUND, ("c-1", "c-2"), 0.5, 0.5)
    ]
    results = [Result(case, refused(), (Score("key_points_capped", 0.0),), lost) for case in cases]
    assert causes(results)[0].served == 1.0


def test_a_quote_of_the_right_document_from_the_wrong_place_does_not_count(
    answerer: Answerer, kb: KnowledgeBase
) -> None:
    gold, words = Gold(kb), Evidence(RULES, "2023", None, "一次最多借阅图书十册")
    beside, right = (answerer.answer(f"图书借阅管理条例第{number}条").citations[0] for number in "六三")
    assert (gold.cited(beside, words), gold.cited(right, words)) == (False, True)
