"""From a question to a cited answer, with the real encoder, on regulations made up for the test."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from command_line import xuesi

from assistant.answerer import Answerer
from assistant.model import Answer, Finished, Message, Mode, Progress, Said
from knowledge.embeddings import open_encoder
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register
from knowledge.model import Validity
from knowledge.retrieval.lexicon import Lexicon

HEAD = "第一章　总则\n\n第一条　为了规范图书借阅，制定本条例。\n\n第二条　本条例适用于星河市各级图书馆。\n\n第二章　借阅\n\n"
OLD = (
    "星河市图书借阅管理条例\n\n（2018年3月1日星河市文化局发布）\n\n"
    + HEAD
    + "第三条　读者一次最多借阅图书五册，借期三十日。\n\n第四条　逾期不还的，每日收取逾期费一角。\n\n"
    "第五条　本条例自2018年4月1日起施行。\n"
)
NEW = (
    "星河市图书借阅管理条例\n\n（2018年3月1日星河市文化局发布　2023年5月6日修订）\n\n"
    + HEAD
    + "第三条　读者一次最多借阅图书十册，借期六十日。\n\n第四条　有下列情形之一的，暂停借阅资格：\n（一）逾期九十日以上不还的；\n"
    "（二）在图书上涂画的；\n（三）转借他人牟利的。\n\n前款第一项情形，归还后满三十日恢复资格。\n\n"
    "第五条　遗失图书的，由图书馆馆长办公室核定赔偿金额。\n\n第六条　本条例所称逾期，是指超过借期且未办理续借。\n\n"
    "第七条　本条例自2023年7月1日起施行。\n"
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, KnowledgeBase]]:
    folder = tmp_path_factory.mktemp("answers")
    (folder / "星河市图书借阅管理条例(2018).txt").write_text(OLD, encoding="gb18030")
    (folder / "星河市图书借阅管理条例(2023).txt").write_text(NEW, encoding="utf-8")
    kb = KnowledgeBase.open(folder / "data", open_encoder, register=Register.load(), today=lambda: date(2026, 7, 1))
    added = kb.add(sorted(folder.glob("*.txt")), publish=True)
    assert [one.status for one in added] == ["new", "new"]
    yield folder / "data", kb
    kb.close()


@pytest.fixture(scope="module")
def answerer(library: tuple[Path, KnowledgeBase]) -> Answerer:
    return Answerer(library[1], Register.load(), Lexicon.load())


def held_by_its_quotes(answer: Answer, kb: KnowledgeBase) -> bool:
    quotes = {citation.marker: citation.quote for citation in answer.citations}
    exact = all(kb.text(one.version_id)[one.start : one.end] == one.quote for one in answer.citations)
    return exact and all(any(said.text in quotes[marker] for marker in said.citations) for said in answer.sentences)


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("图书借阅管理条例第三条", "十册"),
        ("借阅管理条例3条", "十册"),
        ("一次最多能借几册书", "十册"),
        ("借期是多少天", "六十日"),
        ("遗失图书由谁核定赔偿金额", "馆长办公室"),
        ("条例所称逾期是指什么", "超过借期"),
        ("2018年版借阅管理条例借期多长", "三十日"),
        ("修订前的借阅管理条例借期多长", "三十日"),
    ],
)
def test_a_question_is_answered_with_words_of_the_text(
    answerer: Answerer, library: tuple[Path, KnowledgeBase], question: str, says: str
) -> None:
    answer = answerer.answer(question)
    assert answer.mode is Mode.EXTRACT
    assert says in answer.text
    assert held_by_its_quotes(answer, library[1])


def test_a_list_comes_with_its_lead_and_all_its_items(answerer: Answerer) -> None:
    text = answerer.answer("哪些情形暂停借阅资格").text
    assert all(part in text for part in ("有下列情形之一的", "（一）", "（二）", "（三）"))


def test_a_repealed_edition_is_never_cited_as_current(answerer: Answerer) -> None:
    answer = answerer.answer("一次最多能借几册书")
    assert {citation.document.edition for citation in answer.citations} == {"2023"}
    old = answerer.answer("2018年版借阅管理条例一次能借几册")
    assert {citation.document.validity for citation in old.citations} == {Validity.REVISED}
    assert any("2023" in notice.text for notice in old.notices)


def test_the_day_of_the_question_decides_which_edition_is_in_force(answerer: Answerer) -> None:
    answer = answerer.answer("一次最多能借几册书", as_of=date(2020, 1, 1))
    assert "五册" in answer.text
    assert {citation.document.validity for citation in answer.citations} == {Validity.IN_FORCE}


def test_what_changed_between_editions_is_set_side_by_side(answerer: Answerer) -> None:
    answer = answerer.answer("借阅管理条例2018版和2023版对借期的规定有什么变化")
    assert answer.table is not None
    assert "三十日" in answer.text
    assert "六十日" in answer.text


def test_a_paragraph_of_an_article_is_given_alone(answerer: Answerer) -> None:
    text = answerer.answer("借阅管理条例第四条第二款").text
    assert "恢复资格" in text
    assert "涂画" not in text


def test_a_follow_up_keeps_the_topic(answerer: Answerer) -> None:
    history = [Message("user", "图书借阅管理条例第三条"), Message("assistant", "……")]
    assert "暂停借阅资格" in answerer.answer("第四条呢", history).text


@pytest.mark.parametrize(
    ("question", "code", "says"),
    [
        ("借阅管理条例第二十条", "missing_article", "共7条"),
        ("2020年版借阅管理条例借期多长", "missing_edition", "2020年版"),
        ("干部教育培训工作条例第三条", "not_in_library", "干部教育培训工作条例"),
        ("公务员年度考核优秀等次最多占多少比例", "not_in_library", "公务员考核规定"),
        ("明年会不会修订借阅管理条例", "prediction", "不作预测"),
        ("可以延长吗", "under_specified", "具体"),
        ("第三条", "under_specified", "哪一部"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_the_reason(
    answerer: Answerer, question: str, code: str, says: str
) -> None:
    answer = answerer.answer(question)
    assert answer.mode is Mode.REFUSE
    assert answer.refusal is not None
    assert answer.refusal.code == code
    assert says in answer.refusal.reason
    assert answer.sentences == ()


def test_events_come_in_order_and_end_with_the_whole_answer(answerer: Answerer) -> None:
    events = list(answerer.stream("借期是多少天"))
    assert isinstance(events[0], Progress)
    assert isinstance(events[-1], Finished)
    said = [event.sentence for event in events if isinstance(event, Said)]
    assert tuple(said) == events[-1].answer.sentences


def test_ask_prints_one_json_object_with_the_fields_of_the_contract(library: tuple[Path, KnowledgeBase]) -> None:
    command = [sys.executable, "-m", "app", "ask", "借期是多少天", "--json", "--data", str(library[0])]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2], check=True)
    answer = json.loads(done.stdout)
    wanted = ["question", "standalone", "mode", "text", "confidence", "refusal", "sentences", "citations", "timings_ms"]
    assert set(wanted) <= set(answer)
    assert set(answer["citations"][0]) >= {"marker", "document", "address", "quote", "start", "end"}
    assert set(answer["citations"][0]["document"]) == {"id", "title", "doc_no", "issuer", "edition", "validity"}
    assert answer["citations"][0]["address"] == "第二章/第三条"


def test_search_prints_hits_best_first(library: tuple[Path, KnowledgeBase]) -> None:
    found = json.loads(xuesi("search", "借期", "-k", "3", "--json", "--data", library[0]).stdout)
    scores = [hit["score"] for hit in found["hits"]]
    assert scores == sorted(scores, reverse=True)
    assert set(found["hits"][0]) == {"passage_id", "score", "document", "address", "text", "start", "end"}


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask", ""),
        ("ask", "问" * 2001),
        ("ask", "借期", "--as-of", "2023-13-01"),
        ("ask", "借期", "--history", "没有这个文件.json"),
        ("ask", "借期", "--mode", "generate"),
        ("ask", "--batch", "没有这个文件.jsonl"),
        ("search", " "),
        ("serve", "--host", "0.0.0.0"),
        ("eval", "run", "没有这个评测集"),
    ],
)
def test_bad_input_ends_with_one_sentence_and_exit_code_2(
    library: tuple[Path, KnowledgeBase], arguments: tuple[str, ...]
) -> None:
    done = xuesi(*arguments, "--data", library[0])
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr
