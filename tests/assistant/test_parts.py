"""A question that asks several things is taken apart, and each of them is answered."""

from __future__ import annotations

import pytest
from small_library import write

from assistant.answerer import Answerer
from assistant.model import Mode
from assistant.understanding.parts import parts
from knowledge.embeddings import open_encoder
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register
from knowledge.retrieval.lexicon import Lexicon


@pytest.mark.parametrize(
    ("question", "taken_apart"),
    [
        ("图书能借几天？读者把书弄丢了要赔多少钱", ("图书能借几天", "读者把书弄丢了要赔多少钱")),
        ("我搬到外地去了，借书证要退吗，当初交的押金找谁拿", ("我搬到外地去了，借书证要退吗", "当初交的押金找谁拿")),
        ("借书证能延期吗，谁批", ("借书证能延期吗", "借书证能延期吗，谁批")),
        ("馆里晚上开不开门；周末呢", ("馆里晚上开不开门", "馆里晚上开不开门，周末呢")),
        ("图书能借几天", ()),
        ("书是上个月借的，一直没看，能不能再借", ()),
        ("书太旧了，掉页，不能再借了", ()),
    ],
)
def test_each_question_is_taken_out_with_what_was_said_of_it(question: str, taken_apart: tuple[str, ...]) -> None:
    assert parts(question) == taken_apart


RULES = """# 河湾图书馆借阅规则

第一条　图书每次借阅期限为三十天。

第二条　读者遗失图书的，应当按照图书定价的二倍赔偿。

第三条　馆内禁止吸烟、饮食和大声喧哗。

第四条　文献修复室由古籍部负责管理。

第五条　读者凭身份证办理借书证，押金为一百元。
"""


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    folder = tmp_path_factory.mktemp("rules")
    kb = KnowledgeBase.open(folder / "data", open_encoder, register=Register.load())
    kb.add([write(folder, "a.md", RULES)], publish=True)
    return Answerer(kb, Register.load(), Lexicon.load())


@pytest.mark.parametrize(
    ("question", "articles"),
    [
        ("图书每次借阅期限为多少天？读者遗失图书的怎样赔偿？", {"第一条", "第二条"}),
        ("办理借书证的押金是多少元？文献修复室由哪个部门管理？", {"第四条", "第五条"}),
    ],
)
def test_both_halves_are_answered_each_from_its_own_article(
    answerer: Answerer, question: str, articles: set[str]
) -> None:
    answer = answerer.answer(question)
    assert answer.mode is Mode.EXTRACT
    assert {citation.address for citation in answer.citations} == articles
