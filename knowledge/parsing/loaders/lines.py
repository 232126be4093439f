"""Telling paragraphs from mere line ends: which line starts a unit, which line continues the one before."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from knowledge.parsing.titles import is_title_line
from knowledge.text.quantities import ARABIC, ITEM, NUMERAL, YEAR

_NUMERAL = f"[{NUMERAL}]+"
# "第三条规定的…" and "第二款第（五）项" at the start of a line go on with a sentence; they start nothing.
_REFERENCE = r"(?![规所的和与及或至到、，。；）)第中])"
_UNIT = re.compile(
    rf"""第[\s\ufffd]*{_NUMERAL}\s*(?:部分|分[编編]|[编編篇章节節]|[条條](?:之{_NUMERAL})?){_REFERENCE}
    | 第\s*{_NUMERAL}\s*[条條]、(?![第及或并和与的])
    | [{ITEM}百]+\s*[、．.]
    | [（(]\s*{_NUMERAL}\s*[）)](?![项款目])
    | [{ARABIC}]{{1,3}}\s*[.．、](?![0-9])
    | [0-9]{{1,2}}[.．](?=(?:19|20)[0-9]{{2}}\s*年)
    | [①-⑳]
    | [{ITEM}]是(?!否)
    | 附(?:件|录|表)?\s*[{ITEM}{ARABIC}]*\s*[:：]
    | (?:附件|目\s*录|总\s*[则纲]|分\s*则|附\s*则|序\s*言|前\s*言|引\s*言)\s*[{ITEM}{ARABIC}]*$
    | 【""",
    re.VERBOSE,
)
_DATE_LINE = re.compile(rf"[（(]?{YEAR}\s*年.{{1,3}}月.{{1,3}}日")
_SENTENCE_END = re.compile(r"[。！？!?；;：:…][”’\"'』」）)】》〉]*$")
_BARE_LABEL = re.compile(
    rf"(?:第\s*{_NUMERAL}\s*(?:部分|分[编編]|[编編篇章节節]|[条條](?:之{_NUMERAL})?)"
    rf"|[{ITEM}百]+、|[（(]\s*{_NUMERAL}\s*[）)]|[{ARABIC}]{{1,3}}[.．、])$"
)

_FULL = 0.8  # share of the widest line from which a line counts as filled
_WIDEST_WRAP = 120  # columns; wider lines are paragraphs, not wrapped text
_LONG = 48  # columns; a shorter line in a small block is a title, a signature or a name


def starts_unit(line: str) -> bool:
    """Whether a line opens an article, a chapter, a numbered item or another unit of its own."""
    return _UNIT.match(line) is not None


def ends_sentence(line: str) -> bool:
    return _SENTENCE_END.search(line) is not None


def is_date(line: str) -> bool:
    """Whether a line opens with a full date, 2021年4月1日 or 二〇二一年四月一日."""
    return _DATE_LINE.match(line) is not None


def is_bare_label(line: str) -> bool:
    """Whether a line is nothing but a number, `第三条` or `二、`, whose words stand on the next line."""
    return _BARE_LABEL.match(line) is not None


def width(text: str) -> int:
    """Columns on a screen: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


def join(first: str, second: str) -> str:
    """Put two pieces of one paragraph together; a space only between Latin words."""
    latin = first[-1:].isascii() and first[-1:].isalpha() and second[:1].isascii() and second[:1].isalnum()
    return f"{first} {second}" if latin else first + second


def join_block(lines: Sequence[str]) -> list[str]:
    """Paragraphs of a block of consecutive lines (Markdown: lines without an empty line between them).

    Authors of such files mean a new paragraph as often as a mere line end, so a line is continued only when
    it is long and stops in the middle of a sentence, or when the whole block is evenly wrapped.
    """
    lines = [line for line in (line.strip() for line in lines) if line]
    widths = [width(line) for line in lines]
    widest = max(widths, default=0)
    evenly = len(lines) > 2 and widest <= _WIDEST_WRAP and min(widths[:-1]) >= _FULL * widest >= _FULL * _LONG
    paragraphs: list[str] = []
    for index, line in enumerate(lines):
        full = index > 0 and widths[index - 1] >= _LONG
        if index and _continues(lines[index - 1], line, full=full, past_sentence=evenly):
            paragraphs[-1] = join(paragraphs[-1], line)
        else:
            paragraphs.append(line)
    return paragraphs


def unwrap(lines: Sequence[str]) -> list[str]:
    """Paragraphs of a plain text. Its lines are paragraphs already unless most of them were cut at one width."""
    filled = [line.rstrip() for line in lines]
    widths = [width(line) for line in filled]
    widest = _wrap_width(filled, widths)
    indented = [line[:1] in (" ", "\u3000", "\t") for line in filled]
    by_indent = widest > 0 and 0.03 < sum(indented) / len(filled) < 0.8
    by_blank = widest > 0 and sum(not line for line in filled) >= 2 and not by_indent
    paragraphs: list[str] = []
    for index, line in enumerate(filled):
        words = line.strip()
        if not words:
            continue
        previous = filled[index - 1].strip() if index else ""
        full = widest > 0 and widths[index - 1] >= _FULL * widest
        starts = by_indent and indented[index]
        if previous and not starts and _continues(previous, words, full=full, past_sentence=by_indent or by_blank):
            paragraphs[-1] = join(paragraphs[-1], words)
        else:
            paragraphs.append(words)
    return paragraphs


def _wrap_width(lines: Sequence[str], widths: Sequence[int]) -> int:
    """Width in columns at which a text was cut, 0 when its lines are whole paragraphs."""
    broken = [
        columns
        for line, columns, following in zip(lines, widths, lines[1:], strict=False)
        if line.strip() and following.strip() and not ends_sentence(line)
    ]
    widest = max(widths, default=0)
    if not _LONG <= widest <= _WIDEST_WRAP or len(broken) < 3:
        return 0
    return widest if sum(columns >= _FULL * widest for columns in broken) >= 0.6 * len(broken) else 0


def _continues(previous: str, line: str, *, full: bool, past_sentence: bool) -> bool:
    if starts_unit(line) or is_bare_label(previous):
        return False
    if previous[-1] in "，、,（(《〈“‘" or line[0] in "，。、；：！？）》〉”’":
        return True
    if is_date(line) or not full:
        return False
    return past_sentence or not ends_sentence(previous)


_ARTICLE = re.compile(rf"第\s*[{NUMERAL}]+\s*[条條]")
_CLAUSE_MARK = re.compile(r"[，,；：]")
_OPEN = re.compile(r"[\u3400-\u9fffA-Za-z0-9%％，、,“‘（(《]$")
_FIELD = re.compile(r"[^，。；]{1,12}[：:]")
# How the sentence below an article's own title begins: it is not the rest of that title.
_SENTENCE_OPENS = re.compile(r"本|为了?|凡|对|各|任何|国家|有下列|按照|根据|依照|违反|县|市|省")
_PAGE_NUMBER = re.compile(
    rf"[-—–―－·•\s]+[{ARABIC}]{{1,4}}[-—–―－·•\s]+|第\s*[{ARABIC}]{{1,4}}\s*页(?:\s*[/／，,]?\s*共\s*[{ARABIC}]{{1,4}}\s*页)?"
)
_RUNNING = re.compile(r"[^，。；：！？,;:!?|]{2,25}")
_NO_HEADING = 15  # characters; a shorter line without a number may be a heading
_LONGEST_TITLE = 12  # characters of an article's own title


def joined_soft_breaks(text: str) -> str:
    """A paragraph with soft returns, without those that stand inside a sentence or a title."""
    lines = [line.strip(" \t\u3000") for line in text.split("\n")]
    kept: list[str] = []
    for line in (line for line in lines if line):
        if kept and goes_on(kept[-1], line):
            kept[-1] = join(kept[-1], line)
        else:
            kept.append(line)
    return "\n".join(kept)


def goes_on(line: str, following: str) -> bool:
    """Whether a line breaks off and the next one, after a soft return or a page number, goes on with its words."""
    if ends_sentence(line) or not _OPEN.search(line) or starts_unit(following) or is_date(following):
        return False
    if line[-1] in "，、,“‘（(《":
        return True
    if is_title_line(line + following) and len(line) >= 8 and not is_title_line(line):
        return True
    if not ends_sentence(following) or _FIELD.match(following):
        return False
    if article := _ARTICLE.match(line):
        words = line[article.end() :].strip()
        titled = len(words) <= _LONGEST_TITLE and not _CLAUSE_MARK.search(words) and _SENTENCE_OPENS.match(following)
        return bool(words) and not titled
    return _CLAUSE_MARK.search(line) is not None or (len(line) >= _NO_HEADING and not starts_unit(line))


def is_page_number(line: str) -> bool:
    """Whether a line is nothing but a page number with its dashes or words; a bare number may be anything."""
    return _PAGE_NUMBER.fullmatch(line) is not None


def interruption(lines: Sequence[str], index: int) -> int:
    """How many lines from `index` on are a page number, and with it the running line of the next page when both stand
    between two halves of a sentence; 0 for none."""
    line = lines[index]
    before = lines[index - 1] if index else ""
    after = lines[index + 1 : index + 3]
    if not is_page_number(line):
        bare = line.isdecimal() and len(line) < 4
        return int(bare and bool(before and after) and goes_on(before, after[0]))
    if before and len(after) == 2 and _RUNNING.fullmatch(after[0]) and not starts_unit(after[0]):
        return 2 if goes_on(before, after[1]) else 1
    return 1
