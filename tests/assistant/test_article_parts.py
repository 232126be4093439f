"""An article that was put in between two others, `第三条之一`, is looked up as itself and not as the one before it."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answerer import Answerer
from knowledge.embeddings import open_encoder
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register
from knowledge.retrieval.lexicon import Lexicon

RULES = (
    "星河市阅览室管理办法\n\n（2023年5月6日星河市文化局发布）\n\n第一条　为了规范阅览，制定本办法。\n\n"
    "第二条　本办法适用于星河市各级图书馆的阅览室。\n\n第三条　阅览室每日开放八小时。\n\n"
    "第三条之一　节假日期间，阅览室每日开放十小时。\n\n第四条　读者离开时应当归还座位牌。\n\n第五条　本办法自2023年7月1日起施行。\n"
)


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    folder = tmp_path_factory.mktemp("parts")
    path = Path(folder / "星河市阅览室管理办法.txt")
    path.write_text(RULES, encoding="utf-8")
    kb = KnowledgeBase.open(folder / "data", open_encoder, register=Register.load())
    kb.add([path], publish=True)
    return Answerer(kb, Register.load(), Lexicon.load())


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("阅览室管理办法第三条之一", "每日开放十小时"),
        ("《星河市阅览室管理办法》第3条之1是什么", "每日开放十小时"),
        ("阅览室管理办法第三条", "每日开放八小时"),
    ],
)
def test_the_article_asked_for_is_quoted_and_no_other(answerer: Answerer, question: str, said: str) -> None:
    answer = answerer.answer(question)
    assert [said in one.text for one in answer.sentences] == [True]


def test_an_article_that_is_not_there_is_named_as_it_was_asked(answerer: Answerer) -> None:
    answer = answerer.answer("阅览室管理办法第四条之二")
    assert answer.refusal is not None
    assert "第四条之二" in answer.refusal.reason + answer.text
