"""A text is answered from under its own name: one of a like name, or a further text of the same file, is never mistaken."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answerer import Answerer
from assistant.understanding.places import place_asked_for
from knowledge.embeddings import open_encoder
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register
from knowledge.retrieval.lexicon import Lexicon

COUNCIL = (
    "青禾县村级议事会管理办法\n\n第一条　为规范村级议事会运行，制定本办法。\n\n第二条　本办法适用于全县各行政村。\n\n"
    "第三条　议事会每季度至少召开一次。\n\n第四条　本办法自2022年3月1日起施行。\n"
)
NOTICE = (
    "云栖市教育局关于印发《渡船接送管理办法》和《课后服务管理办法》的通知\n\n云教〔2022〕8号\n\n各学校：\n\n"
    "现将两个办法印发给你们，请遵照执行。\n\n附件：1.渡船接送管理办法\n\n2.课后服务管理办法\n\n云栖市教育局\n\n2022年8月15日\n\n"
    "附件1\n\n渡船接送管理办法\n\n第一条　渡船时速不超过二十公里。\n\n第二条　每船配备一名照管员。\n\n"
    "第三条　本办法自2022年9月1日起施行。\n\n"
    "附件2\n\n课后服务管理办法\n\n第一条　课后服务时间不晚于十八时。\n\n第二条　收费每月不超过一百五十元。\n\n"
    "第三条　本办法自2022年9月1日起施行。\n"
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    folder = tmp_path_factory.mktemp("named")
    for name, text in (("议事会.txt", COUNCIL), ("通知.txt", NOTICE)):
        (folder / name).write_text(text, encoding="utf-8")
    kb = KnowledgeBase.open(folder / "data", open_encoder, register=Register.load())
    kb.add([Path(folder / "议事会.txt"), Path(folder / "通知.txt")], publish=True)
    return kb


@pytest.fixture(scope="module")
def answerer(library: KnowledgeBase) -> Answerer:
    return Answerer(library, Register.load(), Lexicon.load())


def test_a_text_that_is_not_held_is_said_not_to_be_held(answerer: Answerer) -> None:
    answer = answerer.answer("养犬管理办法第二条")
    assert answer.refusal is not None
    assert "库中没有《养犬管理办法》" in answer.refusal.reason


@pytest.mark.parametrize(
    "question", ["云岭市的课后服务收费是多少", "在云岭市，课后服务每月收多少钱", "云岭县养犬管理办法第二条"]
)
def test_a_place_of_which_nothing_is_held_is_not_answered_from_the_rules_of_another(
    answerer: Answerer, question: str
) -> None:
    answer = answerer.answer(question)
    assert answer.refusal is not None
    assert answer.refusal.code == "not_in_library"
    assert "云岭" in answer.refusal.reason


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("云岭市的补贴是多少", "云岭市"),
        ("请问松桥市每月发多少津贴", "松桥市"),
        ("在松桥市开店要办什么", "松桥市"),
        ("城市生活垃圾怎么分类", None),
        ("直辖市的人大代表名额", None),
        ("革命老区有什么政策", None),
        ("贫困县的干部可以调动吗", None),
        ("省市县三级怎么分工", None),
        ("本市的补贴是多少", None),
    ],
)
def test_a_place_is_told_from_words_that_end_like_one(question: str, place: str | None) -> None:
    assert place_asked_for(question) == place


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("课后服务管理办法第二条", "收费每月不超过一百五十元"),
        ("渡船接送管理办法第二条", "每船配备一名照管员"),
        ("村级议事会多久召开一次", "每季度至少召开一次"),
        ("云栖市的课后服务收费每月是多少", "不超过一百五十元"),
    ],
)
def test_the_text_that_is_asked_about_answers(answerer: Answerer, question: str, said: str) -> None:
    answer = answerer.answer(question)
    assert answer.refusal is None
    assert said in answer.text


def test_the_issuer_of_a_notice_of_two_texts_is_the_office_alone(library: KnowledgeBase) -> None:
    assert "云栖市教育局" in {document.card.issuer for document in library.documents()}
