"""Questions made from the form of an article, and offered only when they are answered from that very article."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_library import open_library, regulation, write

from assistant.conversations.further import Candidate, further, questions_of
from assistant.model import FAIRLY_SURE, Answer, Citation, CitedDocument, Mode, Sentence
from knowledge.embeddings.vector_cache import VectorCache
from knowledge.model import Passage, Validity
from knowledge.retrieval.situation_index import SituationIndex
from knowledge.retrieval.situations import Situations


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("第十条　工作人员应当履行下列义务：\n（一）守法；", ["工作人员应当履行哪些义务？"]),
        ("第十条 申请书应当载明以下事项：", ["申请书应当载明哪些事项？"]),
        ("第五条　有下列情形之一的，不享受当年的年休假：", ["哪些情形不享受当年的年休假？"]),
        ("第五条 有下列情形之一的，申请人应当提供证据：", ["哪些情形下申请人应当提供证据？"]),
        ("第五条 工作人员有下列情形之一的，予以奖励：", ["工作人员有哪些情形的，予以奖励？"]),
        ("第二条　本办法所称来访，是指当面反映情况。", ["什么是来访？"]),
        ("第三条 接待方式包括：", ["接待方式包括哪些？"]),
        ("第三条　接待人员应当记明时间。", []),
        ("第三条 有前款下列情形的：", []),
        ("主要内容包括：", []),
    ],
)
def test_the_form_of_an_article_tells_what_it_answers(text: str, questions: list[str]) -> None:
    assert questions_of(text) == questions


def test_a_question_is_promised_only_when_its_own_place_is_quoted_with_confidence() -> None:
    document = CitedDocument(3, "样例办法", None, None, None, Validity.IN_FORCE)
    citation = Citation(1, document, 7, 21, "第五条", "应当甲。", 100, 104)
    answer = Answer("问", "问", Mode.EXTRACT, (Sentence("应当甲。", (1,)),), (citation,), FAIRLY_SURE)
    assert Candidate(("问",), 3, 90, 120).is_met(answer)
    assert not Candidate(("问",), 3, 120, 200).is_met(answer), "another article"
    assert not Candidate(("问",), 4, 90, 120).is_met(answer), "another document"
    unsure = Answer("问", "问", Mode.EXTRACT, answer.sentences, answer.citations, FAIRLY_SURE - 0.01)
    assert not Candidate(("问",), 3, 90, 120).is_met(unsure)
    assert not Candidate(("问",), 3, 90, 120).is_met(Answer("问", "问", Mode.REFUSE, (), (), 0.9))


PUT = {"第一条": ("小说能拿回家几天", "借书几天"), "第二条": ("书晚还了咋办",), "第三条": ("绘本撕破了要赔吗",)}


def test_what_people_ask_of_the_provisions_beside_comes_first(tmp_path: Path) -> None:
    kb = open_library(tmp_path / "data")
    kb.add([write(tmp_path, "a.md", regulation("阅览室管理办法", ["借书", "还书", "污损"]))], publish=True)
    [document] = kb.published()
    passages = kb.passages(document.version_id)
    situations = SituationIndex(kb, lambda: (Situations("阅览室管理办法", None, PUT),), VectorCache("s", tmp_path))
    cited = CitedDocument(document.id, "阅览室管理办法", None, None, None, Validity.IN_FORCE)
    sure: dict[str, Passage] = {"小说能拿回家几天？": passages[0], "绘本撕破了要赔吗？": passages[2]}

    def answered(question: str, passage: Passage, confidence: float = FAIRLY_SURE) -> Answer:
        one = Citation(1, cited, document.version_id, passage.id, passage.address, "甲。", passage.start, passage.end)
        return Answer(question, question, Mode.EXTRACT, (Sentence("甲。", (1,)),), (one,), confidence)

    def ask(question: str) -> Answer:
        return answered(question, sure[question]) if question in sure else answered(question, passages[1], 0.1)

    before = answered("书晚还了会怎样", passages[1])
    assert further(before, kb, ask, (), situations) == ["绘本撕破了要赔吗？", "小说能拿回家几天？"]
    assert further(before, kb, ask, ["撕破了绘本要赔吗"], situations) == ["小说能拿回家几天？"], "it was asked already"
    sure["绘本撕破了要赔吗？"] = passages[1]
    assert further(before, kb, ask, (), situations) == ["小说能拿回家几天？"], "that quotes what is quoted"
    kb.close()
