"""A paper for printing: the questions, an answer sheet, the key with its sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from assistant.study.question_bank import LETTERS, Item, Kind
from assistant.web.export import sheet as form
from assistant.web.export.sheet import Grid, Line, Sheet, line, numbered

NAMES = {
    Kind.SINGLE: "单项选择题",
    Kind.MULTIPLE: "多项选择题",
    Kind.JUDGE: "判断题",
    Kind.FILL: "填空题",
    Kind.SHORT: "简答题",
}
TOLD = {
    Kind.SINGLE: "每题只有一个正确答案",
    Kind.MULTIPLE: "每题有两个或两个以上正确答案",
    Kind.JUDGE: "对的写“对”，错的写“错”",
    Kind.FILL: "按原文填写",
    Kind.SHORT: "写出要点",
}
PAIRS = 4  # numbers with room for an answer, in a row of the answer sheet
LINES = 5  # to write on, for a 简答
RULE = "＿" * 22  # with the number in front it stays on one line where another font is set
WHO = "班次：＿＿＿＿＿＿＿＿　姓名：＿＿＿＿＿＿＿＿"

Numbered = tuple[int, Item]


def questions(title: str, items: Sequence[Item], day: date) -> Sheet:
    """What is handed out."""
    parts: list[Line | Grid] = [line(form.Kind.TEXT, WHO)]
    for place, (kind, members) in enumerate(_by_kind(items), start=1):
        parts.append(numbered(place, f"{NAMES[kind]}（{TOLD[kind]}，共 {len(members)} 题）"))
        for number, item in members:
            parts += _lines(form.Kind.TEXT, f"{number}．{_stem(item)}")
            parts += [
                line(form.Kind.ITEM, f"{letter}．{words}")
                for letter, words in zip(LETTERS, item.content.options, strict=False)
            ]
    return Sheet(title, "学思试卷", day, tuple(parts), ())


def answer_sheet(title: str, items: Sequence[Item], day: date) -> Sheet:
    """Where the answers are written."""
    parts: list[Line | Grid] = [line(form.Kind.TEXT, WHO)]
    for place, (kind, members) in enumerate(_by_kind(items), start=1):
        parts.append(numbered(place, NAMES[kind]))
        if kind in (Kind.SINGLE, Kind.MULTIPLE, Kind.JUDGE):
            parts.append(_boxes([number for number, _ in members]))
        else:
            for number, item in members:
                rules = LINES if kind is Kind.SHORT else len(item.content.answer)
                parts += [line(form.Kind.TEXT, f"{number if not rule else '　'}　{RULE}") for rule in range(rules)]
    return Sheet(f"{title}（答题卡）", "学思答题卡", day, tuple(parts), ())


def key(title: str, items: Sequence[Item], day: date) -> Sheet:
    """The right answers, why, and where it is written."""
    parts: list[Line | Grid] = []
    for place, (kind, members) in enumerate(_by_kind(items), start=1):
        parts.append(numbered(place, NAMES[kind]))
        for number, item in members:
            content = item.content
            parts += _lines(form.Kind.TEXT, f"{number}．{content.answer_in_words}")
            if content.explanation:
                parts += _lines(form.Kind.REMARK, f"解析：{content.explanation}")
            if content.source:
                where = content.source.address.replace("/", "")
                parts.append(line(form.Kind.REMARK, f"出处：《{content.source.title}》{where}"))
    return Sheet(f"{title}（答案和出处）", "学思试卷答案", day, tuple(parts), ())


def _by_kind(items: Sequence[Item]) -> Iterator[tuple[Kind, list[Numbered]]]:
    """Items by kind in the order of kinds, numbered through."""
    order = list(Kind)
    ordered = sorted(items, key=lambda one: order.index(one.content.kind))
    for kind, members in groupby(enumerate(ordered, start=1), key=lambda pair: pair[1].content.kind):
        yield kind, list(members)


def _stem(item: Item) -> str:
    choice = item.content.kind in (Kind.SINGLE, Kind.MULTIPLE)
    return item.content.stem.replace("____", "（　　）" if choice else "＿＿＿＿＿＿")


def _boxes(numbers: Sequence[int]) -> Grid:
    rows = []
    for first in range(0, len(numbers), PAIRS):
        row = list(numbers[first : first + PAIRS])
        cells: list[tuple[Line, ...]] = []
        for number in [*row, *([0] * (PAIRS - len(row)))]:
            cells += [(line(form.Kind.TEXT, str(number) if number else "　"),), (line(form.Kind.TEXT, "　"),)]
        rows.append(((), *cells))
    return Grid(("题号", "答案") * PAIRS, tuple(rows))


def _lines(kind: form.Kind, words: str) -> list[Line]:
    return form.paragraphs(kind, words)
