"""Breaks that layout put inside sentences: soft returns, page numbers and running lines between two halves."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.parsing.loaders.lines import ends_sentence, is_date, join, starts_unit
from knowledge.parsing.titles import is_title_line
from knowledge.text.quantities import ARABIC, NUMERAL

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
_LONG = 15  # characters; shorter lines without a number may be headings
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
    return _CLAUSE_MARK.search(line) is not None or (len(line) >= _LONG and not starts_unit(line))


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
