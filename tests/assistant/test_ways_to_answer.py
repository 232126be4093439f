"""Which text leads, what is asked of every text, what is wanted of the answer before, and what is no question."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answerer import Answerer
from assistant.answering import notices
from assistant.answering.answerability import Calibration
from assistant.answering.draft import Draft
from assistant.answering.editions import standing_in_words
from assistant.answering.extract import extract
from assistant.answering.refusals import COURTESY, NO_EXAMPLE
from assistant.answering.routes.precedence import beats, newer_rule
from assistant.answering.routes.requests import IN_SHORT, NO_REASON
from assistant.model import Answer, Message, Mode, Role
from knowledge.embeddings import Encoder, open_encoder
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register
from knowledge.model import Document
from knowledge.retrieval.lexicon import Lexicon

OLDER = """星河市机关公务接待管理规定

（2013年3月1日星河市人民政府办公室印发）

第一条　为了规范公务接待，制定本规定。

第二条　本规定适用于星河市各级机关。

第三条　公务接待安排工作餐一次，工作餐应当供应家常菜，不得提供高档菜肴，不得提供香烟和高档酒水，不得使用私人会所。

第四条　本规定由星河市机关事务管理局负责解释。

第五条　本规定自2013年4月1日起施行。
"""
NEWER = """星河市机关厉行节约条例

（2025年3月1日星河市人民代表大会常务委员会通过　自2025年5月1日起施行）

第一条　为了弘扬艰苦奋斗、勤俭节约的作风，推进节约型机关建设，制定本条例。

第二条　公务接待可以安排工作餐一次，工作餐应当供应家常菜，不得提供高档菜肴，不得提供香烟，不上酒，不得使用私人会所、高消费餐饮场所。

第三条　机关更新办公家具应当从严控制，能继续使用的应当继续使用。
"""
SPEECH = """在全市机关作风建设会议上的讲话

同志们：

一、公务接待的风气要改

公务接待的工作餐要简单，不能再上酒，大家都盯着我们的饭桌。

二、开会的风气要改

开会要短，讲话要短，文件要短。
"""
EVERYTHING = Calibration({}, 3.0, 0.5, "everything is answered")


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return open_encoder("builtin")


@pytest.fixture(scope="module")
def kb(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[KnowledgeBase]:
    folder: Path = tmp_path_factory.mktemp("files")
    for name, text in {"规定.txt": OLDER, "条例.txt": NEWER, "讲话.txt": SPEECH}.items():
        (folder / name).write_text(text, encoding="utf-8")
    opened = KnowledgeBase.open(tmp_path_factory.mktemp("data"), lambda: encoder, register=Register.load())
    opened.add([folder], publish=True)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def answerer(kb: KnowledgeBase) -> Answerer:
    return Answerer(kb, Register.load(), Lexicon.load(), EVERYTHING)


def held(kb: KnowledgeBase, title: str) -> Document:
    return next(one for one in kb.documents() if title in one.card.title)


def after(answerer: Answerer, before: str, question: str) -> Answer:
    return answerer.answer(question, [Message("user", before)])


def test_the_newer_and_higher_rule_leads_and_the_difference_is_said(kb: KnowledgeBase, answerer: Answerer) -> None:
    asked = answerer.asked("公务接待的工作餐有几次")
    older = next(hit for hit in asked.search() if hit.passage.text.startswith("第三条　公务接待"))
    led = newer_rule(asked, asked.focus(), [older])
    assert led
    assert (led.first.document.id, led.before) == (held(kb, "节约条例").id, older)
    draft = Draft()
    extract(asked, asked.focus(), [led.first, led.before], draft, both=True)
    assert [one.document.id for one in draft.citations] == [led.first.document.id, older.document.id]
    told = notices.newer_rule(led.first.document, older.document)
    assert told.text.startswith("同一事项有两份规定：《星河市机关厉行节约条例》（2025年）在先，")
    assert told.quiet


def test_a_rule_beats_one_that_is_older_and_not_higher(kb: KnowledgeBase) -> None:
    newer, older = held(kb, "节约条例"), held(kb, "管理规定")
    assert beats(newer, older)
    assert not beats(older, newer)
    assert not beats(newer, newer)


def test_a_speech_never_leads_where_a_rule_answers_and_is_called_one(kb: KnowledgeBase, answerer: Answerer) -> None:
    speech = held(kb, "讲话")
    answer = answerer.answer("工作餐能不能上酒，公务接待的风气怎么改")
    assert answer.citations[0].document.id != speech.id
    asked = answerer.answer("讲话里说公务接待的风气怎么改")
    assert {one.document.id for one in asked.citations} == {speech.id}
    assert standing_in_words(asked.citations[0].document) == "讲话"


def test_a_sure_answer_begins_with_the_sentence_that_says_it(answerer: Answerer) -> None:
    answer = answerer.answer("更新办公家具要注意什么，旧的能继续用吗")
    assert [one.role for one in answer.sentences].count(Role.DIRECT) <= 1
    assert answer.mode is Mode.EXTRACT


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("星河市机关公务接待管理规定什么时候施行", "自2013年4月1日起施行"),
        ("《星河市机关公务接待管理规定》打哪天起算数？", "自2013年4月1日起施行"),
        ("星河市机关公务接待管理规定哪天开始实施的，之前的案子按哪个", "自2013年4月1日起施行"),
        ("星河市机关公务接待管理规定适用于哪些单位", "适用于星河市各级机关"),
        ("星河市机关公务接待管理规定由谁解释", "机关事务管理局负责解释"),
        ("星河市机关公务接待管理规定的目的是什么", "为了规范公务接待"),
        ("管接待的那个规定什么时候开始施行", "自2013年4月1日起施行"),
        ("咱们接待的规定归谁解释", "机关事务管理局负责解释"),
        ("那个厉行节约条例是哪年的", "自2025年5月1日起施行"),
        ("厉行节约条例为啥出台", "为了弘扬艰苦奋斗"),
    ],
)
def test_what_is_asked_of_every_text_is_told_by_its_first_and_last_articles(
    answerer: Answerer, question: str, says: str
) -> None:
    answer = answerer.answer(question)
    assert says in answer.text
    assert len(answer.citations) == 1


def test_a_text_called_loosely_that_the_library_lacks_is_named(answerer: Answerer) -> None:
    refusal = answerer.answer("选拔任用条例是哪年的").refusal
    assert refusal is not None
    assert refusal.missing == "党政领导干部选拔任用工作条例"


@pytest.mark.parametrize("question", ["工作餐从什么时候开始算", "规定的工作餐归谁管"])
def test_what_asks_of_an_act_is_not_told_by_the_first_day_of_a_text(answerer: Answerer, question: str) -> None:
    assert "起施行" not in answerer.answer(question).text


def test_whether_a_text_is_in_force_is_told_by_its_card(answerer: Answerer) -> None:
    answer = answerer.answer("机关厉行节约条例现在还有效吗")
    assert answer.citations[0].document.title == "星河市机关厉行节约条例"
    assert "《星河市机关厉行节约条例》（2025年版）现行有效" in answer.text


def test_a_certificate_is_no_missing_document(answerer: Answerer) -> None:
    assert answerer.answer("公务接待要不要办《收费许可证》").mode is Mode.EXTRACT
    missing = answerer.answer("《流星市收费管理办法》第三条怎么说")
    assert missing.refusal
    assert missing.refusal.missing == "流星市收费管理办法"


@pytest.mark.parametrize("words", ["你好", "您好！", "你能做什么？", "我可以问什么", "谢谢", "好的，谢谢你"])
def test_what_is_no_question_is_answered_by_the_program_itself(answerer: Answerer, words: str) -> None:
    answer = answerer.answer(words, [Message("user", "公务接待能上酒吗")])
    assert answer.refusal
    assert answer.refusal.code == COURTESY
    assert not answer.refusal.nearest


@pytest.mark.parametrize("words", ["你好，公务接待能上酒吗", "公务接待能做什么菜"])
def test_a_question_with_a_greeting_is_a_question(answerer: Answerer, words: str) -> None:
    assert answerer.answer(words).mode is Mode.EXTRACT


BEFORE = "公务接待的工作餐能上酒吗"


def test_a_summary_gives_a_point_of_each_provision(answerer: Answerer) -> None:
    answer = after(answerer, BEFORE, "总结一下")
    assert answer.standalone == BEFORE
    assert answer.sentences[0].text == IN_SHORT
    assert 1 <= len(answer.citations) <= 3


def test_the_source_is_the_whole_provision_with_its_number(answerer: Answerer) -> None:
    answer = after(answerer, BEFORE, "原文在哪？")
    assert any(one.text.startswith("第二条　公务接待可以安排工作餐一次") for one in answer.sentences)


def test_a_reason_is_the_purpose_of_the_text(answerer: Answerer) -> None:
    answer = after(answerer, BEFORE, "为什么呢")
    assert answer.sentences[0].text == NO_REASON
    assert answer.sentences[1].text.startswith("为了弘扬艰苦奋斗")
    assert "不上酒" in answer.text


def test_an_example_is_said_to_be_impossible(answerer: Answerer) -> None:
    refusal = after(answerer, BEFORE, "举个例子").refusal
    assert refusal
    assert refusal.code == NO_EXAMPLE
    assert refusal.nearest


def test_without_a_question_before_nothing_can_be_wanted_of_its_answer(answerer: Answerer) -> None:
    refusal = answerer.answer("总结一下").refusal
    assert refusal
    assert refusal.code == "under_specified"
