"""A known document that the library lacks is named for a question only when it is clearly meant: none is better than a wrong one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answerer import Answerer
from assistant.answering.answerability.judge import Known, _missing
from assistant.understanding.named_documents import Names
from knowledge.embeddings import open_encoder
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register
from knowledge.metadata.validity import series_key
from knowledge.retrieval.lexicon import Lexicon

MEANT, RIVAL, COVERED = "公务员考核规定", "公务员奖励规定", "公务员录用规定"

RULES = (
    "云栖市图书借阅管理办法\n\n第一条　图书的借期为三十日，可以续借一次。\n\n第二条　丢失图书的，按定价的两倍赔偿。\n\n"
    "第三条　借阅人不得在书上涂写。\n\n第四条　本办法自2022年3月1日起施行。\n"
)


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answerer]:
    folder: Path = tmp_path_factory.mktemp("files")
    (folder / "借阅.txt").write_text(RULES, encoding="utf-8")
    kb = KnowledgeBase.open(tmp_path_factory.mktemp("data"), open_encoder, register=Register.load())
    kb.add([folder], publish=True)
    yield Answerer(kb, Register.load(), Lexicon.load())
    kb.close()


@pytest.mark.parametrize(
    ("words", "meaning", "named"),
    [
        ((0.0, 0.0, 0.0), (0.94, 0.91, 0.90), True),
        ((0.0, 0.0, 0.0), (0.94, 0.939, 0.91), False),  # another that the library lacks is as near
        ((0.0, 0.0, 0.0), (0.94, 0.91, 0.94), False),  # one that the library covers is as near
        ((0.3, 0.0, 0.0), (0.93, 0.925, 0.92), True),  # the words of its subject tell
        ((0.3, 0.0, 0.3), (0.93, 0.925, 0.93), False),
        ((0.3, 0.0, 0.0), (0.87, 0.80, 0.80), False),  # not in the field
    ],
)
def test_a_missing_document_is_named_when_it_is_clearly_nearer(
    words: tuple[float, ...], meaning: tuple[float, ...], named: bool
) -> None:
    register = Register.load()
    titles = (MEANT, RIVAL, COVERED)
    entries = {entry.title: entry for entry in register.entries if entry.title in titles}
    known = Known(
        Names((), register, guides=[f"见《{COVERED}》。"]),
        {series_key(title): (entries[title], value) for title, value in zip(titles, words, strict=True)},
        {series_key(title): (entries[title], value) for title, value in zip(titles, meaning, strict=True)},
    )
    found = _missing(known)
    assert (found and found.title) == (MEANT if named else None)


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("红烧肉怎么做才不腻", False),
        ("二次函数的顶点公式是什么", False),
        ("电脑开机蓝屏怎么办", False),
        ("明天会下雨吗", False),
        ("公务员年度考核优秀等次最多占多少比例", True),
        ("图书丢了两本要不要开除", True),
    ],
)
def test_nothing_is_shown_as_nearest_where_nothing_is_near(answerer: Answerer, question: str, shown: bool) -> None:
    refusal = answerer.answer(question).refusal
    assert bool(refusal and refusal.nearest) is shown or (shown and refusal is None)
