"""Inside an article or a paragraph: 款, 项 and 目, and the run-in numbers 一是/二是, 首先/其次, （一）…；（二）…。"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from knowledge.parsing.labels import Label, read_label, read_ordinal
from knowledge.parsing.paragraphs import Paragraph
from knowledge.text.quantities import ITEM_NUMBER, to_chinese, to_int

_ITEM_LEVELS = ("一", "（一）", "1", "（1）", "①", "a", "一是")
_NAMES = ("项", "目", "目")
_CLAUSE_START = re.compile(r"(?:^|(?<=[。；：，！？:;,]))[ 　]*(?=\S)")
_INLINE_ITEM = re.compile(rf"(?:(?<=[。；：:;，])|(?<=[\s]))[（(]({ITEM_NUMBER})[）)]")
_LONGEST_ORDINAL = 12  # characters; no number inside a paragraph takes more
_NOTE = re.compile(r"注[：:0-9]|说明[：:]")


@dataclass(slots=True)
class Clause:
    """A unit inside a larger one, at `start:end` of the text; `step` is its part of the address."""

    level: str
    label: str
    step: str
    start: int
    end: int
    children: list[Clause] = field(default_factory=list)


def clauses_of_article(paragraphs: Sequence[Paragraph]) -> list[Clause]:
    """款 of an article when there are several, else its 项. `paragraphs` are the article's own, the first with
    its label. A paragraph opens a 款 when the one before has ended and it is no 项; table rows and notes do not."""
    blocks: list[list[Paragraph]] = [[paragraphs[0]]]
    for index in range(1, len(paragraphs)):
        paragraph, before = paragraphs[index], paragraphs[index - 1]
        label = _item(paragraph)
        if label and not _fits(label, blocks[-1]):
            label = None
        bare_article = index == 1 and not paragraphs[0].rest
        continues = bare_article or label is not None or not before.ends_sentence or not paragraph.ends_sentence
        if continues or _NOTE.match(paragraph.text) or _numbering_goes_on(paragraphs, index, blocks[-1]):
            blocks[-1].append(paragraph)
        else:
            blocks.append([paragraph])
    if len(blocks) == 1:
        return _items(blocks[0])
    return [
        Clause("款", f"第{to_chinese(n)}款", f"第{to_chinese(n)}款", block[0].start, block[-1].end, _items(block))
        for n, block in enumerate(blocks, 1)
    ]


def run_ins(text: str, start: int) -> list[Clause]:
    """一是, 首先, 第一 and （一） that count up inside one paragraph beginning at `start`; spans of whole clauses."""
    starts = (m.end() for m in _CLAUSE_START.finditer(text))
    ordinals = [(at, found) for at in starts if (found := read_ordinal(text[at : at + _LONGEST_ORDINAL]))]
    marks: list[tuple[int, str, int]] = []
    best: list[tuple[int, str, int]] = []
    for position, (written, number) in ordinals:
        if number == 1:
            best, marks = max(best, marks, key=len), [(position, written, 1)]
        elif marks and number == marks[-1][2] + 1 and _same_series(marks[0][1], written):
            marks.append((position, written, number))
        elif marks and written == "最后":
            marks.append((position, written, marks[-1][2] + 1))
    best = max(best, marks, key=len)
    if len(best) >= 2:
        return [Clause("一是", word, word, a, b) for (word, a, b) in _spans(text, start, best)]
    return inline_items(text, start)


def inline_items(text: str, start: int) -> list[Clause]:
    """（一）…；（二）…。 within one paragraph."""
    marks: list[tuple[int, str, int]] = []
    for found in _INLINE_ITEM.finditer(text):
        number = to_int(found[1])
        if number == len(marks) + 1:
            marks.append((found.start(), f"（{found[1]}）", number))
    if len(marks) < 2:
        return []
    return [Clause("项", word, word, a, b) for (word, a, b) in _spans(text, start, marks)]


def _same_series(first: str, written: str) -> bool:
    if first.endswith("是"):
        return written.endswith("是")
    if first.startswith("第"):
        return written.startswith("第")
    return not written.endswith("是") and not written.startswith("第")


def _spans(text: str, start: int, marks: Sequence[tuple[int, str, int]]) -> list[tuple[str, int, int]]:
    """Each mark reaches to the next. The last ends with its sentence when the others are parts of one sentence,
    else with the paragraph."""
    spans = []
    parts_of_one = all("。" not in text[a[0] : b[0]] for a, b in pairwise(marks))
    for place, (position, word, _) in enumerate(marks):
        if place + 1 < len(marks):
            end = marks[place + 1][0]
        else:
            stop = text.find("。", position) if parts_of_one else -1
            end = stop + 1 if stop >= 0 else len(text)
        end -= len(text[position:end]) - len(text[position:end].rstrip(" 　"))
        spans.append((word, start + position, start + end))
    return spans


def _item(paragraph: Paragraph) -> Label | None:
    label = paragraph.label
    return label if label is not None and label.level in _ITEM_LEVELS else None


def _fits(label: Label, block: Sequence[Paragraph]) -> bool:
    """Whether an item's number counts on in its 款."""
    seen = [item.number for p in block if (item := _item(p)) and item.level == label.level]
    return label.number == 1 or (label.number > seen[-1] if seen else label.number <= 2)


def _numbering_goes_on(paragraphs: Sequence[Paragraph], index: int, block: Sequence[Paragraph]) -> bool:
    """Whether items after a plain paragraph continue those before it: then the paragraph belongs to its item."""
    seen = [item for p in block if (item := _item(p))]
    if not seen:
        return False
    for paragraph in paragraphs[index + 1 :]:
        label = _item(paragraph)
        if label:
            same = [item.number for item in seen if item.level == label.level]
            return bool(same) and label.number == same[-1] + 1
    return False


def _items(block: Sequence[Paragraph]) -> list[Clause]:
    """项 and 目 of one 款, nested by the order in which their kinds of number appear."""
    first = block[0]
    opening = read_label(first.rest) if first.label and first.label.level == "条" else _item(first)
    if opening and opening.level not in _ITEM_LEVELS:
        opening = None
    roots: list[Clause] = []
    stack: list[tuple[str, Clause]] = []
    for place, paragraph in enumerate(block):
        label = opening if place == 0 else _item(paragraph)
        if label is None:
            for _, clause in stack:
                clause.end = paragraph.end
            continue
        begin = paragraph.start
        if place == 0 and first.label and first.label.level == "条":
            begin += first.label.length
        while stack and label.level in [level for level, _ in stack]:
            stack.pop()
        clause = Clause(_NAMES[min(len(stack), 2)], label.written, label.step, begin, paragraph.end)
        (stack[-1][1].children if stack else roots).append(clause)
        stack.append((label.level, clause))
        for _, above in stack:
            above.end = paragraph.end
    if not roots and len(block) == 1:
        return inline_items(first.text, first.start)
    return roots
