"""What an answer scores, with the real library and answers of the real answerer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from borrowing import RULES, SUITE, answered, place

from assistant.answerer import Answerer
from assistant.model import Generation, Notice, NoticeCode, Sentence
from eval.scoring.gold import Gold
from eval.scoring.result import Result
from eval.scoring.retrieval import retrieval
from eval.scoring.scores import article_exact, key_points_capped, refusal, same_standalone
from eval.suite import Case
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register
from knowledge.retrieval.lexicon import Lexicon
from knowledge.retrieval.search import Searcher


def _of(results: list[Result], case: str) -> Result:
    return next(result for result in results if result.case.id == case)


def test_every_score_says_why(results: list[Result]) -> None:
    assert [one for result in results for one in result.scores if not one.reason] == []


def test_what_does_not_apply_is_none_and_not_zero(results: list[Result]) -> None:
    assert _of(results, "n-1").value("article_exact") is None
    assert _of(results, "u-1").value("key_points") is None
    assert _of(results, "m-1").value("recall@10") is None


def test_a_notice_about_the_model_is_no_caution(results: list[Result]) -> None:
    told = Notice(NoticeCode.NOT_WRITTEN, "语言模型没有给出内容，以下是原文摘录。")
    figure = Notice(NoticeCode.OTHER_FIGURE, "请核对。")
    answer = replace(_of(results, "w-1").answer, notices=(told,))
    premise = Case("p-1", "false_premise", answer.question, answerable=False, accept=("refuse", "caution"))
    failed = Generation("scripted", "0", failure="empty")
    assert refusal(premise, replace(answer, generation=failed)).value == 0.0
    assert refusal(premise, replace(answer, generation=failed, notices=(told, figure))).value == 1.0


def test_an_article_look_up_is_exact(results: list[Result]) -> None:
    assert _of(results, "a-1").value("article_exact") == 1.0


def test_an_article_look_up_with_a_neighbour_is_not_exact(kb: KnowledgeBase, results: list[Result]) -> None:
    right = _of(results, "a-1")
    beside = _of(results, "w-1").answer.citations
    both = replace(right.answer, citations=(*right.answer.citations, *beside))
    scored = article_exact(right.case, both, Gold(kb))
    assert scored.value == 0.0
    assert "第五条" in scored.reason


def test_a_paragraph_asked_for_is_not_its_neighbour(kb: KnowledgeBase) -> None:
    answer = Answerer(kb, Register.load(), Lexicon.load()).answer("图书借阅管理条例第四条第二款")
    asked, neighbour = (
        Case("a-2", "article", "第四条", evidence=(place(f"第四条/第{number}款"),)) for number in ("二", "一")
    )
    assert article_exact(asked, answer, Gold(kb)).value == 1.0
    assert article_exact(neighbour, answer, Gold(kb)).value == 0.0


def test_a_follow_up_is_held_against_its_standalone_question(results: list[Result]) -> None:
    assert _of(results, "m-1").value("same_standalone") == 1.0
    follow_up = _of(results, "m-1")
    other = same_standalone(follow_up.case, follow_up.answer, _of(results, "u-1").answer)
    assert other.value == 0.0
    assert "单独问时拒答" in other.reason


@pytest.mark.parametrize(("type", "value"), [("number", 0.0), ("list", 1.0)])
def test_only_a_list_may_say_its_point_after_the_usual_length(type: str, value: float) -> None:
    long = replace(answered(), sentences=(Sentence("长" * 399, (1,)), Sentence("一次十册。", (1,))))
    assert key_points_capped(Case("c", type, "几册", key_points=(("十册",),)), long).value == value


def test_several_passages_of_one_gold_place_count_once(kb: KnowledgeBase) -> None:
    (hit, *_) = Searcher(kb).search("借期是多少天", 10)
    case = SUITE.cases[1]
    once = {one.metric: one.value for one in retrieval(case, [hit], Gold(kb))}
    twice = {one.metric: one.value for one in retrieval(case, [hit, hit], Gold(kb))}
    assert once == twice == {"recall@10": 1.0, "ndcg@10": 1.0, "mrr@10": 1.0}


def test_a_place_found_second_counts_half(kb: KnowledgeBase) -> None:
    hits = Searcher(kb).search("借期是多少天", 10)
    third = next(hit for hit in hits if "第三条" in hit.passage.address)
    other = next(hit for hit in hits if "第三条" not in hit.passage.address)
    values = {one.metric: one.value for one in retrieval(SUITE.cases[1], [other, third], Gold(kb))}
    assert values["mrr@10"] == 0.5
    assert values["ndcg@10"] == pytest.approx(0.6309, abs=1e-4)


def test_nothing_found_is_zero_and_two_paragraphs_of_one_article_are_one_place(kb: KnowledgeBase) -> None:
    case = Case("c", "number", "问", evidence=(place("第四条/第一款"), place("第四条/第二款"), place("第五条")))
    assert [one.value for one in retrieval(case, [], Gold(kb))] == [0.0, 0.0, 0.0]
    fourth = [hit for hit in Searcher(kb).search("哪些情形暂停借阅资格", 10) if "第四条" in hit.passage.address][:1]
    assert retrieval(case, fourth, Gold(kb))[0].value == 0.5


def test_where_the_wording_of_the_evidence_is_given_only_its_passage_counts(kb: KnowledgeBase) -> None:
    hits = Searcher(kb).search("遗失图书由谁核定赔偿金额", 10)
    case = Case("c", "who", "问", evidence=(place(None, quote="由图书馆馆长办公室核定"),))
    found = [hit for hit in hits if Gold(kb).found(hit, case.evidence[0])]
    assert {hit.passage.address.split("/")[-1] for hit in found} == {"第五条"}
    assert found[0].document.card.title == RULES
