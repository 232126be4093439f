"""What the page on which the search is tried shows is what the chat's search did."""

from __future__ import annotations

import pytest

from assistant.answerer import Answerer
from assistant.curation.search_trace import halves, shared_words
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register
from knowledge.retrieval.lexicon import Lexicon


def test_the_halves_add_up_to_the_scores_of_the_chat(kb: KnowledgeBase) -> None:
    answerer = Answerer(kb, Register.load(), Lexicon.load())
    understood, [ranking] = answerer.searched("图书借期多长")
    found = halves(ranking)
    assert understood.standalone == "图书借期多长"
    assert [one.hit for one in found.found] == list(ranking.hits)
    assert ranking.hits[0].passage.address == "第二条"
    for one in found.found:
        total = one.hit.dense + ranking.weight * one.hit.lexical + one.hit.worded + one.rest
        assert total == pytest.approx(one.hit.score)
        assert found.ranking.fused[one.fused - 1].passage.id == one.hit.passage.id
    dense = [hit.dense for hit in found.dense]
    assert dense == sorted(dense, reverse=True)
    lexical = [hit.lexical for hit in found.lexical]
    assert lexical == sorted(lexical, reverse=True)


def test_a_question_that_is_looked_up_directly_still_shows_a_search(kb: KnowledgeBase) -> None:
    answerer = Answerer(kb, Register.load(), Lexicon.load())
    understood, rankings = answerer.searched("星河市图书借阅管理条例第二条")
    assert understood.articles
    assert len(rankings) == 1


def test_shared_words_are_the_longest_runs(kb: KnowledgeBase) -> None:
    assert shared_words(["读者借期多长时间"], "读者一次最多借阅图书十册，借期六十日。") == ("读者", "借期")
