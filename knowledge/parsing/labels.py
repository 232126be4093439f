"""Labels: the numbers that official documents put before their units, `第三条`, `（一）`, `1.`, `一是`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.text.quantities import ARABIC, ITEM, NUMERAL, to_chinese, to_int

_N = rf"[{NUMERAL}](?:[{NUMERAL} 　]{{0,10}}[{NUMERAL}])?"
_CN = f"[{ITEM}百零〇]{{1,5}}"
_DIGITS = f"[{ARABIC}]{{1,3}}"

#: Rank of each level; a unit stands under the nearest unit before it of a smaller rank.
RANKS = {
    "部分": 0,
    "编": 1,
    "分编": 2,
    "章": 3,
    "节": 4,
    "条": 5,
    "一": 10,
    "（一）": 11,
    "1": 12,
    "（1）": 13,
    "①": 14,
    "a": 15,
    "一是": 16,
}

#: Words at the start of a line that make 第三条 a mention and not the start of an article.
_MENTION = re.compile(
    rf"第?[{ITEM}{ARABIC}]{{1,3}}[款项]|第[（(]|规定的?[，：:]|所[列称规]|的|[、，,；;。和与及或至到）)》〉]|中[，,的]|之规定|以[上下]"
)

_CHAPTER = re.compile(rf"第[ 　]*({_N})[ 　]*(部分|分[编編]|[编編篇章节節])")
# U+FFFD stands for a damaged byte, which must not cost an article its number.
_ARTICLE = re.compile(rf"第[ 　\ufffd]*({_N})[ 　]*[条條](?:之({_CN}|{_DIGITS}))?")
_FRAMED_ARTICLE = re.compile(rf"【[ 　]*第[ 　]*({_N})[ 　]*[条條](?:之({_CN}|{_DIGITS}))?[ 　]*】")
# `第二条、为了`; not `第二条、第三条` nor the end of a list of mentions, `第二条、以及`.
_LISTED = re.compile(r"、[ 　]*(?=[^第及或并和与的 　])")
_SIMPLIFIED = str.maketrans("编編篇節條", "编编编节条")
_ORAL = re.compile(rf"({_CN})是(?![否非])")
_TOP = re.compile(rf"({_CN})[ 　]*[、．.]")
_BRACKET = re.compile(rf"[（(][ 　]*({_CN})[ 　]*[）)](?![项款目条])")
# Old conversions left the full stop of `1.` as a character of a private font.
_ARABIC = re.compile(rf"({_DIGITS})(?:[.．、\ue000-\uf8ff](?![{ARABIC}]|$)|[ 　]+(?=[\u4e00-\u9fff]))")
_ARABIC_BRACKET = re.compile(rf"[（(][ 　]*({_DIGITS})[ 　]*[）)](?![项款目条])")
_CIRCLED = re.compile(r"([①-⑳])")
_LATIN = re.compile(r"([a-hA-H])[.．、]")
_UNIT_WORDS = re.compile(r"[年月日天个人次倍元万亿名级届岁周时分秒%％]")

_ORDINALS = (
    ("首先", 1),
    ("其次", 2),
    ("再次", 3),
    ("最后", 4),
)


@dataclass(frozen=True, slots=True)
class Label:
    """A number before a unit. `written` is what the text says, `step` how an address says it (`第三条`, `二`,
    `（一）`, `1`), `number` and `sub` what it counts (第十条之一: 10, 1), `length` how many characters it takes
    with the spaces after it."""

    level: str
    written: str
    step: str
    number: int
    sub: int
    length: int

    @property
    def rank(self) -> int:
        return RANKS[self.level]


def read_label(line: str) -> Label | None:
    """The label that a line starts with, or None. Chapters need a line of their own, articles must not be a
    mention in a sentence; whether the number fits the sequence is the caller's question."""
    first = line[:1]
    if first == "第":
        return read_chapter(line) or read_article(line)
    if first == "【":
        return read_article(line)
    if first in "（(":
        return _numbered(line, _BRACKET, "（一）") or _numbered(line, _ARABIC_BRACKET, "（1）")
    if first in "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳" and first:
        return Label("①", first, first, ord(first) - ord("①") + 1, 0, 1)
    if found := _LATIN.match(line):
        letter = found[1].lower()
        return Label("a", letter, letter, ord(letter) - ord("a") + 1, 0, found.end())
    if found := _ARABIC.match(line):
        if found[0][-1] in " 　" and _UNIT_WORDS.match(line[found.end() :]):
            return None
        return _numbered(line, _ARABIC, "1")
    return _numbered(line, _ORAL, "一是") or _numbered(line, _TOP, "一")


def read_chapter(line: str) -> Label | None:
    """`第一章　总则`: short, on its own line, no sentence."""
    found = _CHAPTER.match(line)
    if not found or len(line) > 60 or line[-1] in "。；：，、;:,":
        return None
    level = found[2].translate(_SIMPLIFIED)
    rest = line[found.end() :]
    if _MENTION.match(rest.lstrip(" 　")) and not rest[:1].isspace():
        return None
    step = "篇" if found[2] == "篇" else level
    return _make(line, found, level, f"第{{}}{step}")


def read_article(line: str) -> Label | None:
    """`第三条　为了…`, `第三条为了…`, `第三條…`, `【第三条】…`, `第三条、为了…`, `第十条之一`, and `第三条` alone; not
    `第三条第二款规定的…`, `第三条、第四条规定的…`."""
    if framed := _FRAMED_ARTICLE.match(line):
        return _make(line, framed, "条", "第{}条")
    found = _ARTICLE.match(line)
    if not found:
        return None
    rest = line[found.end() :]
    if listed := _LISTED.match(rest):
        return _make(line, found, "条", "第{}条", listed.end())
    spaced = not rest or rest[0] in " 　"
    if not spaced and _MENTION.match(rest):
        return None
    if spaced and re.match(rf"[ 　]*(?:第[{ITEM}{ARABIC}]{{1,3}}[款项]|的|规定的|[、，])", rest):
        return None
    return _make(line, found, "条", "第{}条")


def read_ordinal(clause: str) -> tuple[str, int] | None:
    """`一是`, `首先`, `第一，` at the start of a clause inside a paragraph: how it is written and its number."""
    if found := _ORAL.match(clause):
        number = to_int(found[1])
        return (found[0], number) if number and number <= 20 else None
    for word, number in _ORDINALS:
        if clause.startswith(word):
            return word, number
    if found := re.match(rf"第({_CN})(?=[，,、：:])", clause):
        number = to_int(found[1])
        return (found[0], number) if number and number <= 20 else None
    return None


def _numbered(line: str, pattern: re.Pattern[str], level: str) -> Label | None:
    found = pattern.match(line)
    if not found:
        return None
    forms = {"一": "{}", "（一）": "（{}）", "1": "{}", "（1）": "（{}）", "一是": "{}是"}
    return _make(line, found, level, forms[level])


def _make(line: str, found: re.Match[str], level: str, form: str, more: int = 0) -> Label | None:
    number = to_int(found[1])
    if number is None:
        return None
    sub = 0
    if level == "条" and found[2]:
        sub = to_int(found[2]) or 0
    count = str(number) if level in ("1", "（1）") else to_chinese(number)
    step = form.format(count) + (f"之{to_chinese(sub)}" if sub else "")
    written = "".join(found[0].split()).rstrip("、．.，").strip("【】")
    rest = line[found.end() + more :]
    return Label(level, written, step, number, sub, found.end() + more + len(rest) - len(rest.lstrip(" 　")))
