"""A question limited to a topic, a text or a day is answered from there and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from assistant.answerer import Answerer
from assistant.errors import InvalidQuestion
from assistant.model import Answer
from assistant.understanding.scope import Within, checked, scope_of
from knowledge.embeddings import open_encoder
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register
from knowledge.model import Validity
from knowledge.retrieval.lexicon import Lexicon

LEAVE = "青禾市机关休假管理规定"
VISITS = "青禾市机关来访接待规则"
TEXTS = {
    f"{LEAVE}（2018）.txt": f"{LEAVE}\n\n（2018年3月1日青禾市人事办公室印发　自2018年4月1日起施行）\n\n"
    "第一条　为了规范休假，制定本规定。\n\n第二条　机关工作人员连续工作满一年的，享受年休假五天。\n\n"
    "第三条　本规定自2018年4月1日起施行。\n",
    f"{LEAVE}（2023）.txt": f"{LEAVE}\n\n（2023年5月10日青禾市人事办公室修订印发　自2023年6月1日起施行）\n\n"
    "第一条　为了规范休假，制定本规定。\n\n第二条　机关工作人员连续工作满一年的，享受年休假八天。\n\n"
    "第三条　本规定自2023年6月1日起施行，2018年印发的规定同时废止。\n",
    f"{VISITS}.txt": f"{VISITS}\n\n（2021年7月8日青禾市机关事务中心印发）\n\n第一条　为了做好来访接待工作，制定本规则。\n\n"
    "第二条　来访事项应当自登记之日起十二日内答复来访人。\n\n第三条　本规则自2021年8月1日起施行。\n",
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    folder: Path = tmp_path_factory.mktemp("within")
    texts = folder / "texts"
    texts.mkdir()
    for name, text in TEXTS.items():
        (texts / name).write_text(text, encoding="utf-8")
    opened = KnowledgeBase.open(folder, lambda: open_encoder("builtin"), register=Register.load())
    opened.add([texts], publish=True)
    for document in opened.documents():
        opened.set_card(document.id, topic="休假" if LEAVE in document.card.title else "来访")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def answerer(library: KnowledgeBase) -> Answerer:
    return Answerer(library, Register.load(), Lexicon.load())


def asked(
    library: KnowledgeBase, answerer: Answerer, question: str, within: Within, as_of: date | None = None
) -> Answer:
    scope = scope_of(within, as_of, library.published())
    for event in answerer.stream(question, as_of=as_of, scope=scope):
        last = event
    return last.answer  # type: ignore[union-attr]


def test_nothing_outside_of_the_scope_is_cited(library: KnowledgeBase, answerer: Answerer) -> None:
    question = "机关工作人员连续工作满一年的，享受什么？"
    assert "八天" in asked(library, answerer, question, Within()).text
    assert "八天" in asked(library, answerer, question, Within(topic="休假")).text
    elsewhere = asked(library, answerer, question, Within(topic="来访"))
    assert "选定的范围内没有找到" in elsewhere.text
    assert elsewhere.refusal is not None
    assert elsewhere.refusal.nearest
    assert all(one.document.title == VISITS for one in elsewhere.refusal.nearest)


def test_a_question_that_names_a_document_outside_of_the_scope_is_told_so(
    library: KnowledgeBase, answerer: Answerer
) -> None:
    for within in (Within(topic="休假"), Within(title=LEAVE)):
        answer = asked(library, answerer, f"{VISITS}第二条", within)
        assert answer.text == f"《{VISITS}》不在选定的范围内；请改范围，或去掉范围再问。"


@pytest.mark.parametrize("question", ["第二条", "第2条是怎么说的？"])
def test_inside_one_text_an_article_needs_no_name(library: KnowledgeBase, answerer: Answerer, question: str) -> None:
    answer = asked(library, answerer, question, Within(title=LEAVE))
    assert "享受年休假八天" in answer.text
    assert answer.question == question


def test_the_editions_of_a_text_go_together(library: KnowledgeBase, answerer: Answerer) -> None:
    answer = asked(library, answerer, "2018年版和2023年版有什么变化？", Within(title=LEAVE))
    assert answer.table is not None
    assert {one.document.edition for one in answer.citations} == {"2018", "2023"}


@pytest.mark.parametrize("question", [f"{LEAVE}第二条", f"{LEAVE}规定年休假几天？", "第二条"])
def test_on_an_earlier_day_the_edition_of_that_day_answers(
    library: KnowledgeBase, answerer: Answerer, question: str
) -> None:
    within = Within(title=LEAVE) if question == "第二条" else Within()
    answer = asked(library, answerer, question, within, date(2019, 1, 1))
    assert "年休假五天" in answer.text
    assert "八天" not in answer.text
    assert {one.document.validity for one in answer.citations} == {Validity.IN_FORCE}


def test_before_any_edition_the_answer_says_that_none_was_in_force(library: KnowledgeBase, answerer: Answerer) -> None:
    answer = asked(library, answerer, f"{VISITS}第二条", Within(), date(2019, 1, 1))
    assert [one.text for one in answer.notices] == [
        f"《{VISITS}》（2021年版）在 2019-01-01 尚未施行，库中没有那一天有效的版本。"
    ]


def test_a_scope_without_documents_is_not_taken(library: KnowledgeBase) -> None:
    documents = library.published()
    assert checked(Within(" 休假 ", f"《{LEAVE}》"), documents) == Within("休假", LEAVE)
    with pytest.raises(InvalidQuestion, match="库中没有“采购”这个专题"):
        checked(Within("采购"), documents)
    with pytest.raises(InvalidQuestion, match="库中没有《采购办法》"):
        checked(Within(title="采购办法"), documents)
    assert scope_of(Within("来访", LEAVE), None, documents).documents == frozenset()
