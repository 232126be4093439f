"""Three outcomes: an answer, provisions that may be the answer, a refusal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answerer import Answerer
from assistant.answering.answerability import Calibration
from assistant.answering.routes.possible import OF_A_PERSON, REMARK
from assistant.conversations.answer_json import answer_from_json, answer_json
from assistant.model import Answer, Mode, NoticeCode
from assistant.web.answer_layout import as_text, view
from eval.scoring.gold import Gold
from eval.scoring.scores import names_the_missing, refusal, shows_gold
from eval.suite import Case, Evidence
from knowledge.embeddings import Encoder, open_encoder
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register
from knowledge.retrieval.lexicon import Lexicon

RULES = """机关工作人员考勤管理规定

第一条　本规定适用于星河市机关工作人员。

第二条　机关工作人员因故不能到岗的，应当事先请假；未经批准不到岗的，按照旷工处理。

第三条　旷工三日以上的，给予批评教育，扣发当月奖金。

第四条　机关工作人员的年度考核结果分为优秀、称职和不称职三个等次。
"""
NOBODY_ANSWERS = Calibration({}, -1.0, 0.5, "everything is possible")  # a probability of .27


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return open_encoder("builtin")


@pytest.fixture(scope="module")
def kb(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[KnowledgeBase]:
    folder: Path = tmp_path_factory.mktemp("files")
    (folder / "规定.txt").write_text(RULES, encoding="utf-8")
    opened = KnowledgeBase.open(tmp_path_factory.mktemp("data"), lambda: encoder, register=Register.load())
    opened.add([folder], publish=True)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def answerer(kb: KnowledgeBase) -> Answerer:
    return Answerer(kb, Register.load(), Lexicon.load(), NOBODY_ANSWERS)


@pytest.fixture(scope="module")
def answer(answerer: Answerer) -> Answer:
    return answerer.answer("小王好几天没来上班也没请假，单位能怎么处理他？")


def test_what_may_be_the_answer_is_shown_whole_and_said_to_be_possible(answer: Answer) -> None:
    assert answer.mode is Mode.POSSIBLE
    assert answer.sentences[0].text == REMARK
    assert "第三条　旷工三日以上的，给予批评教育，扣发当月奖金。" in [one.quote for one in answer.citations]
    assert len(answer.citations) <= 3


def test_it_is_never_called_sure(answer: Answer) -> None:
    shown = view(answer)
    assert (shown.label, shown.confidence) == ("可能相关", "")
    assert "把握" not in as_text(answer)
    assert "可能相关" in as_text(answer)


def test_the_contract_tells_the_third_outcome(answer: Answer) -> None:
    stored = json.loads(json.dumps(answer_json(answer), ensure_ascii=False))
    assert stored["mode"] == "possible"
    assert stored["refusal"] is None
    assert answer_from_json(stored) == answer


def test_a_known_document_that_is_missing_is_named_beside_the_provisions(answerer: Answerer) -> None:
    answer = answerer.answer("公务员平时考核结果有几个等次")
    assert answer.mode is Mode.POSSIBLE
    told = {notice.code: notice for notice in answer.notices}[NoticeCode.ELSEWHERE]
    assert told.title
    assert f"《{told.title}》" in told.text
    assert told.quiet
    case = Case("u", "not_in_library", answer.question, answerable=False, missing_document=told.title)
    assert names_the_missing(case, answer).value == 1.0


@pytest.mark.parametrize("question", ["糖醋排骨放多少醋才好吃？", "用Python怎么读取Excel文件"])
def test_a_question_from_outside_the_field_is_refused(answerer: Answerer, question: str) -> None:
    assert answerer.answer(question).mode is Mode.REFUSE


def test_what_comes_nowhere_near_is_refused(kb: KnowledgeBase) -> None:
    never = Answerer(kb, Register.load(), Lexicon.load(), Calibration({}, -3.0, 0.5, "nothing is near"))
    assert never.answer("小王好几天没来上班也没请假，单位能怎么处理他？").mode is Mode.REFUSE


def test_it_counts_as_an_answer_when_it_holds_the_right_provision_and_else_as_neither(
    kb: KnowledgeBase, answer: Answer
) -> None:
    gold = Gold(kb)
    title = kb.documents()[0].card.title

    def judged(quote: str, answerable: bool = True) -> float | None:
        case = Case("c", "situation", answer.question, answerable=answerable, evidence=(Evidence(title, quote=quote),))
        return refusal(case, answer, shows_gold(case, answer, gold)).value

    assert judged("旷工三日以上的") == 1.0
    assert judged("这句话库里没有") is None
    assert judged("", answerable=False) is None


def test_who_asks_how_his_own_case_will_end_is_shown_what_may_apply_and_who_decides(answerer: Answerer) -> None:
    answer = answerer.answer("我上个月旷工十天，会给什么处分")
    assert answer.mode is Mode.POSSIBLE
    assert answer.sentences[0].text == OF_A_PERSON
    assert "旷工" in answer.text
