"""A foreign bank in any of four shapes: what can be read is read, what cannot is named with its reason, sources are found."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import docx
import openpyxl
import pytest
from duty_library import DUTY, answer_within, bring, most_paid

from assistant.errors import InvalidEntry
from assistant.study.question_bank import Content, Finding, Kind, QuestionBank
from assistant.study.question_bank.checking import check_sources
from assistant.study.question_bank.exporting import to_jsonl, to_xlsx
from assistant.study.question_bank.importing import Report, read_bank
from assistant.study.question_bank.source_search import find_source
from knowledge.knowledge_base import KnowledgeBase

HEADER = ["序号", "题型", "题干", "选项A", "选项B", "选项C", "选项D", "正确答案", "解析"]
ROWS = [
    ["1", "单选题", "节假日值班补助不超过（ ）。", "一百元", "二百元", "三百元", "五百元", "B", "第四条"],
    ["2", "多选题", "应当回避的情形有（ ）。", "有利害关系", "有近亲属关系", "是同乡", "", "A,B", ""],
    ["3", "判断题", "值班人员应当三日内答复。", "", "", "", "", "正确", ""],
    ["4", "填空题", "值班人员应当在____内答复。", "", "", "", "", "三日", ""],
    ["5", "简答题", "哪些情形应当回避？", "", "", "", "", "有利害关系等。", ""],
    ["6", "单选题", "没有答案的题（ ）", "甲", "乙", "", "", "", ""],
    ["7", "单选题", "选项相同的题（ ）", "甲", "甲", "", "", "A", ""],
    ["8", "单选题", "节假日值班补助不超过（  ）！", "五百元", "三百元", "二百元", "一百元", "C", ""],
    ["9", "单选题", "节假日值班补助不超过（ ）。", "一百元", "二百元", "三百元", "四百元", "C", ""],
    ["10", "连线题", "连线", "", "", "", "", "略", ""],
]
RUNNING = """云川市值班题库
一、单项选择题
1. 节假日值班补助不超过（ ）。
A. 一百元  B. 二百元
C. 三百元  D. 五百元
答案：B
解析：第四条
2、值班安排由谁拟定（ A ）
A、办公室
B、财务科
二、判断题
1．值班人员应当三日内答复。（√）
三、填空题
1. 值班人员应当在____内答复。
答案：三日
四、简答题
1. 哪些情形应当回避？
参考答案：有利害关系的；
有近亲属关系的。
"""


def xlsx(rows: list[list[str]]) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["云川市机关值班题库"])
    for row in rows:
        book.active.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def word(text: str) -> bytes:
    document, kept = docx.Document(), io.BytesIO()
    for line in text.splitlines():
        document.add_paragraph(line)
    document.save(kept)
    return kept.getvalue()


def csv(rows: list[list[str]], encoding: str) -> bytes:
    return "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows).encode(encoding)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("题库.xlsx", xlsx([HEADER, *ROWS])),
        ("题库.csv", csv([HEADER, *ROWS], "gb18030")),
        ("题库.csv", csv([HEADER, *ROWS], "utf-8-sig")),
    ],
)
def test_a_table_is_read_and_what_cannot_be_read_is_named_with_its_reason(name: str, data: bytes) -> None:
    report = read_bank(name, data)
    assert [one.content.kind for one in report.read] == [
        Kind.SINGLE,
        Kind.MULTIPLE,
        Kind.JUDGE,
        Kind.FILL,
        Kind.SHORT,
        Kind.SINGLE,
    ]
    assert [one.content.answer for one in report.read[:4]] == [("B",), ("A", "B"), ("对",), ("三日",)]
    assert [one.reason for one in report.rejected] == ["没有答案。", "选项 A 和 B 相同。", "不认识题型“连线题”。"]
    assert [one.reason.partition("与")[2][:1] for one in report.doubled] == ["第"]
    assert ["答案不同" in one.reason for one in report.differing] == [True]


def test_a_running_text_of_word_is_read_by_its_numbers_letters_and_headings() -> None:
    report = read_bank("题库.docx", word(RUNNING))
    assert report.rejected == ()
    found = [(one.content.kind, one.content.options, one.content.answer) for one in report.read]
    assert found == [
        (Kind.SINGLE, ("一百元", "二百元", "三百元", "五百元"), ("B",)),
        (Kind.SINGLE, ("办公室", "财务科"), ("A",)),
        (Kind.JUDGE, (), ("对",)),
        (Kind.FILL, (), ("三日",)),
        (Kind.SHORT, (), ("有利害关系的；\n有近亲属关系的。",)),
    ]
    assert report.read[0].content.explanation == "第四条"


@pytest.mark.parametrize(
    ("row", "kind", "answer"),
    [
        ({"type": "single", "question": "问（ ）", "options": ["甲", "乙"], "answer": "乙"}, Kind.SINGLE, ("B",)),
        (
            {"type": "multi", "question": "问（ ）", "options": ["甲", "乙"], "answer": ["乙", "甲"]},
            Kind.MULTIPLE,
            ("A", "B"),
        ),
        ({"type": "judge", "question": "说", "options": ["是", "否"], "answer": "B"}, Kind.JUDGE, ("错",)),
        ({"type": "fill", "question": "最大优势是1，是2。", "answer": ["甲", "乙"]}, Kind.FILL, ("甲", "乙")),
        ({"question": "问（ ）", "options": {"A": "甲", "B": "乙"}, "answer": "AB"}, Kind.MULTIPLE, ("A", "B")),
    ],
)
def test_ways_to_write_kinds_and_answers(row: dict[str, object], kind: Kind, answer: tuple[str, ...]) -> None:
    report = read_bank("a.jsonl", json.dumps(row, ensure_ascii=False).encode())
    assert [(one.content.kind, one.content.answer) for one in report.read] == [(kind, answer)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "这一行不是 JSON。"),
        ('{"type":"single","question":"问","options":["甲","乙"],"answer":"C"}', "答案“C”不在选项里。"),
        (
            '{"type":"single","question":"问","options":["甲","乙"],"answer":"A","answer_text":"乙"}',
            "答案字母 A 与答案文字“乙”不一致。",
        ),
        ('{"type":"fill","question":"没有空","answer":["甲"]}', "题干里找不到空的位置，请用 ____ 标出。"),
    ],
)
def test_a_line_that_cannot_be_asked_is_rejected_alone(line: str, reason: str) -> None:
    good = '{"type":"single","question":"问","options":["甲","乙"],"answer":"A"}'
    report = read_bank("a.jsonl", f"{line}\n{good}".encode())
    assert ([one.reason for one in report.rejected], len(report.read)) == ([reason], 1)


def test_a_file_of_another_kind_or_a_damaged_one_is_refused_in_one_sentence() -> None:
    for name, data in (("a.pdf", b"x"), ("a.xlsx", b"PK broken"), ("a.docx", b"x"), ("a.csv", "甲,乙\n1,2".encode())):
        with pytest.raises(InvalidEntry):
            read_bank(name, data)


def test_an_export_can_be_brought_in_again(bank: QuestionBank, kb: KnowledgeBase) -> None:
    bank.add("teacher", [answer_within(kb), most_paid(kb)])
    items = bank.listing(size=None)
    for report in (read_bank("a.jsonl", to_jsonl(items).encode()), read_bank("a.xlsx", to_xlsx(items))):
        assert isinstance(report, Report)
        assert {one.content.answer for one in report.read} == {("三日",), ("B",)}
        assert bank.add("teacher", [one.content for one in report.read]) == [None, None]


def test_a_source_is_found_or_contradicts_or_is_missing(bank: QuestionBank, kb: KnowledgeBase, tmp_path: Path) -> None:
    right = replace(most_paid(kb), source=None)
    wrong = replace(right, answer=("C",))
    other = Content(Kind.SINGLE, "云川市的市花是（ ）。", ("月季", "桂花"), ("A",))
    elsewhere = replace(right, stem=right.stem.replace("云川市机关值班管理办法", "青禾市机关值班管理办法"))
    found = find_source(kb, right)
    assert (found.finding, found.source and found.source.quote) == (
        Finding.FOUND,
        "节假日值班补助标准为每人每天不超过二百元。",
    )
    against = find_source(kb, wrong)
    assert (against.finding, "第四条" in against.reason) == (Finding.CONTRADICTS, True)
    assert find_source(kb, other).finding is Finding.MISSING
    assert find_source(kb, elsewhere).finding is Finding.MISSING, "another document is named"
    statement = Content(Kind.JUDGE, "值班人员应当在接到报告之日起三日内作出书面答复。", (), ("错",))
    assert find_source(kb, statement).finding is Finding.CONTRADICTS

    bank.add("teacher", [right])
    check_sources(bank, kb, bank.listing())
    (kept,) = bank.listing()
    assert kept.finding is Finding.FOUND
    assert kept.content.source
    bring(kb, tmp_path, DUTY.replace("二百元", "三百元"))
    check_sources(bank, kb, bank.listing())
    assert bank.listing()[0].finding is Finding.CONTRADICTS
