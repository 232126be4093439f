"""Curated answers: used for their own question in other words, never once what they cite has changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from reading_room import LOANS

from assistant.answerer import Answerer
from assistant.conversations.answer_json import answer_from_json, answer_json
from assistant.curated_answers.answers import CuratedAnswers
from assistant.curated_answers.matching import Reviewed
from assistant.curated_answers.similarity import Calibration
from assistant.curated_answers.still_valid import find_quote, standing
from assistant.errors import InvalidEntry, NoSuchItem
from assistant.model import Mode, NoticeCode, Role
from assistant.understanding.facets import facets
from assistant.verification.formulations import Formulation
from knowledge.embeddings import Encoder
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register
from knowledge.retrieval.lexicon import Lexicon

QUESTION = "一次能借几本书"
WORDS = "读者一次最多借阅图书十册，借期六十日。"


@pytest.fixture
def curated(kb: KnowledgeBase) -> Iterator[CuratedAnswers]:
    opened = CuratedAnswers.open(kb.data)
    yield opened
    opened.close()


@pytest.fixture
def answerer(kb: KnowledgeBase, curated: CuratedAnswers) -> Answerer:
    return Answerer(kb, Register.load(), Lexicon.load(), reviewed=Reviewed(curated, kb))


def loans(kb: KnowledgeBase) -> int:
    return next(document.id for document in kb.documents() if "借阅" in document.card.title)


def make(curated: CuratedAnswers, kb: KnowledgeBase, lead: str = "") -> int:
    quote = find_quote(kb, loans(kb), WORDS)
    return curated.put("教员", [QUESTION, "每人一次最多借多少册图书"], [quote], kb.encoder, lead=lead).id


def test_the_question_itself_and_its_other_wordings_get_the_curated_answer(
    answerer: Answerer, curated: CuratedAnswers, kb: KnowledgeBase
) -> None:
    number = make(curated, kb, lead="借书有数量限制。")
    for question in (QUESTION, "请问一次能借几本书？", "每个人一次最多能借多少册图书"):
        answer = answerer.answer(question)
        assert answer.curated, question
        assert answer.curated.id == number
        assert answer.mode is Mode.EXTRACT
        assert [sentence.text for sentence in answer.sentences] == ["教员说明：借书有数量限制。", WORDS]
        assert answer.sentences[0].role is Role.NOTE
        [citation] = answer.citations
        assert kb.text(citation.version_id)[citation.start : citation.end] == citation.quote


@pytest.mark.parametrize(
    "question",
    [
        "遗失图书谁来核定赔偿金额",
        "阅览室每天开放多久",
        "哪些情形暂停借阅资格",
        "一次能借3本书吗",
        "一次能借几本书，2018年版怎么规定",
    ],
)
def test_other_questions_do_not(answerer: Answerer, curated: CuratedAnswers, kb: KnowledgeBase, question: str) -> None:
    make(curated, kb)
    assert answerer.answer(question).curated is None


def test_a_question_about_another_day_is_not_answered_by_it(
    answerer: Answerer, curated: CuratedAnswers, kb: KnowledgeBase
) -> None:
    make(curated, kb)
    assert answerer.answer(QUESTION, as_of=date(2025, 1, 1)).curated is None


def test_a_changed_passage_takes_the_answer_out_of_use_and_says_so(
    answerer: Answerer, curated: CuratedAnswers, kb: KnowledgeBase, tmp_path: Path
) -> None:
    number = make(curated, kb)
    path = tmp_path / "星河市图书借阅管理条例.txt"
    path.write_text(LOANS.replace("十册", "八册"), encoding="utf-8")
    assert [one.status for one in kb.add([path], publish=True)] == ["updated"]
    stands = standing(curated.get(number), kb)
    assert stands.reasons == ("《星河市图书借阅管理条例》（2023年版）第二条的文字已经改动",)
    answer = answerer.answer(QUESTION)
    assert answer.curated is None
    assert "十册" not in answer.text


def test_a_passage_that_only_moved_still_holds(
    answerer: Answerer, curated: CuratedAnswers, kb: KnowledgeBase, tmp_path: Path
) -> None:
    number = make(curated, kb)
    path = tmp_path / "星河市图书借阅管理条例.txt"
    path.write_text(LOANS.replace("为了规范图书借阅，", "为了规范图书借阅、方便读者，"), encoding="utf-8")
    kb.add([path], publish=True)
    assert standing(curated.get(number), kb).holds
    [citation] = answerer.answer(QUESTION).citations
    assert kb.text(citation.version_id)[citation.start : citation.end] == WORDS


def test_what_is_withdrawn_repealed_removed_or_switched_off_is_not_used(
    answerer: Answerer, curated: CuratedAnswers, kb: KnowledgeBase
) -> None:
    answer, document = curated.get(make(curated, kb)), loans(kb)
    [passage] = [one for one in kb.passages(kb.document(document).version_id) if one.address == "第二条"]

    def reason() -> str:
        assert answerer.answer(QUESTION).curated is None
        return "；".join(standing(answer, kb).reasons)

    kb.cutting.switch(passage.id, False)
    assert "已被停用" in reason()
    kb.cutting.switch(passage.id, True)
    kb.withdraw(document)
    assert "没有发布" in reason()
    kb.publish(document)
    kb.set_card(document, repealed_on="2025-01-01")
    assert "已废止" in reason()
    kb.remove(document)
    assert "已从库中删去" in reason()


def test_a_lead_with_a_truncated_formulation_is_flagged(curated: CuratedAnswers, kb: KnowledgeBase) -> None:
    answer = curated.get(make(curated, kb, lead="坚持两个先行，即试点先行。"))
    two = Formulation("两个先行", ("试点先行", "培训先行"))
    assert standing(answer, kb, [two]).reasons == ("导语里“两个先行”共 2 项，少了“培训先行”",)


def test_the_answer_keeps_the_contract_and_says_that_it_is_curated(
    answerer: Answerer, curated: CuratedAnswers, kb: KnowledgeBase
) -> None:
    number = make(curated, kb)
    answer = answerer.answer(QUESTION)
    stored = json.loads(json.dumps(answer_json(answer), ensure_ascii=False))
    assert stored["mode"] == "extract"
    assert stored["curated"] == {"id": number, "question": QUESTION, "closeness": 1.0}
    assert answer_from_json(stored) == answer


def test_vectors_of_another_model_are_made_anew(curated: CuratedAnswers, kb: KnowledgeBase, encoder: Encoder) -> None:
    make(curated, kb)

    class Other:
        name = "other"
        dimension = 4

        def embed_query(self, text: str) -> object:
            return encoder.embed_query(text)[:4]

    assert [len(one.vector) for one in curated.wordings(Other())] == [4, 4]  # type: ignore[arg-type]
    assert [len(one.vector) for one in curated.wordings(encoder)] == [encoder.dimension] * 2


def test_what_cannot_be_taken_is_said(curated: CuratedAnswers, kb: KnowledgeBase) -> None:
    make(curated, kb)
    quote = find_quote(kb, loans(kb), WORDS)
    with pytest.raises(InvalidEntry, match="已有审定答案"):
        curated.put("教员", [QUESTION + "？"], [quote], kb.encoder)
    with pytest.raises(InvalidEntry, match="1 到 20 种问法"):
        curated.put("教员", [" "], [quote], kb.encoder)
    with pytest.raises(InvalidEntry, match="没有这句话"):
        find_quote(kb, loans(kb), "借阅二十册")
    with pytest.raises(InvalidEntry, match="出现了"):
        find_quote(kb, loans(kb), "图书")
    with pytest.raises(NoSuchItem, match="没有编号为 99"):
        curated.remove(99)


def test_where_it_is_not_sure_the_answer_is_offered_beside_the_usual_one(
    curated: CuratedAnswers, kb: KnowledgeBase
) -> None:
    make(curated, kb)
    careful = replace(Calibration.load(), threshold=1.0, offered=0.2)
    answerer = Answerer(kb, Register.load(), Lexicon.load(), reviewed=Reviewed(curated, kb, calibration=careful))
    answer = answerer.answer("每个人一次最多能借多少册图书")
    assert answer.curated is None
    [offer] = [one for one in answer.notices if one.code is NoticeCode.REVIEWED_NEARBY]
    assert offer.title in (QUESTION, "每人一次最多借多少册图书")
    assert offer.quiet
    assert answer_from_json(answer_json(answer)).notices == answer.notices
    assert not [one for one in answerer.answer("阅览室每天开放多久").notices if one.code is NoticeCode.REVIEWED_NEARBY]
    assert answerer.answer(QUESTION).curated


def test_two_questions_about_different_sides_of_a_matter_are_told_apart() -> None:
    assert facets("来访事项几日内答复") == {"duration"}
    assert not facets("处分由谁决定") & facets("处分有几种")
    assert facets("陪餐最多几个人") == facets("能有多少人陪餐")
