"""What answers token by token comes before what is only near."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answerer import Answerer
from knowledge.embeddings import open_encoder
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register
from knowledge.retrieval.lexicon import Lexicon
from knowledge.retrieval.relevance import COMPARED, by_relevance

RULES = """青禾县机关值守办法

第一条 值守人员应当在岗在位，不得擅自离岗；确需离开的，由带班领导批准并安排人员顶班。
第二条 公章由办公室指定专人管理，用印须登记。
第三条 值守期间发生的用餐费用由本单位承担，每人每餐不超过三十元。
"""


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answerer]:
    folder: Path = tmp_path_factory.mktemp("files")
    (folder / "青禾县机关值守办法.txt").write_text(RULES, encoding="utf-8")
    encoder = open_encoder("builtin")
    kb = KnowledgeBase.open(tmp_path_factory.mktemp("data"), lambda: encoder, register=Register.load())
    kb.add([folder], publish=True)
    yield Answerer(kb, Register.load(), Lexicon.load())
    kb.close()


def test_of_passages_that_score_the_same_the_one_that_answers_comes_first(answerer: Answerer) -> None:
    asked = answerer.asked("夜里守着的时候吃顿饭能报多少")
    same = [replace(hit, score=1.0) for hit in asked.search()]
    (first, *others) = by_relevance(same[::-1], asked.text, asked.resources.sentences.tokens)
    assert "第三条" in first.passage.text
    assert all(first.score > other.score for other in others)


def test_what_is_found_says_how_relevant_it_is_and_stands_in_order(answerer: Answerer) -> None:
    hits = answerer.asked("谁保管单位的大印").search()
    assert "第二条" in hits[0].passage.text
    assert all(hit.relevance > 0 for hit in hits[:COMPARED])
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
