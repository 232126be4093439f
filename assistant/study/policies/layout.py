"""The lines of a policy as a tree by their numbers: 第X条 or 一、, under them （一）, 1．, （1）, and lists inside a line."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from knowledge.text.quantities import DIGIT, ITEM, NUMERAL

_N = rf"[{NUMERAL}]{{1,4}}"
#: Markers at the head of a line, the outermost kind first; a 【标签】 stands like 一、.
_MARKERS: Final = (
    re.compile(rf"第{_N}[章节编][ 　]"),
    re.compile(rf"第{_N}条[ 　]*|[{ITEM}]{{1,3}}、|(?=【[^】]{{2,10}}】)"),
    re.compile(rf"[（(][{ITEM}]{{1,3}}[)）][ 　]*"),
    re.compile(r"[0-9０-９]{1,2}[．.、][ 　]*"),
    re.compile(r"[（(][0-9０-９]{1,2}[)）][ 　]*"),
)
_LEADS: Final = re.compile(r"(?:下列|以下)[^，。；：]{0,4}(?:条件|身份|情形|要求|资格)|之一")
CHAPTER: Final = 0
TOP: Final = 1
PLAIN: Final = 9
#: Lists inside one line.
_INLINE: Final = (
    re.compile(rf"[（(][{ITEM}]{{1,3}}[)）]"),
    re.compile(r"[（(][0-9]{1,2}[)）]"),
    re.compile(r"(?<![0-9])[0-9]{1,2}[．、]"),
    re.compile(f"[{DIGIT}]是"),
)


@dataclass(slots=True)
class Node:
    """A numbered line or one without a number (`PLAIN`): its words at `start:end`, without the number, and what stands under it."""

    kind: int
    text: str
    start: int
    children: list[Node] = field(default_factory=list)

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def tree(text: str, start: int = 0) -> list[Node]:
    """The outermost nodes of `text` in reading order, whose offsets begin with `start`."""
    roots: list[Node] = []
    stack: list[Node] = []
    for raw in text.split("\n"):
        line, at = raw.strip(" 　"), start + len(raw) - len(raw.lstrip(" 　"))
        start += len(raw) + 1
        if not line:
            continue
        kind, marker = _kind(line)
        node = Node(kind, line[marker:], at + marker)
        if kind == CHAPTER:
            stack = []
            continue
        while stack and (stack[-1].kind >= kind if stack[-1].kind != PLAIN else kind <= TOP):
            stack.pop()
        if kind == PLAIN:
            while stack and (stack[-1].kind > TOP):
                stack.pop()
        above = stack[-1].children if stack else roots
        # A second lead-in within an article takes the list below it (符合下列条件之一的，可以另外申领…：), and in a text without
        # articles one that speaks of a list.
        leads = kind == PLAIN and line.endswith(("：", ":"))
        leads = leads and (any(one.kind != PLAIN for one in above) if stack else _LEADS.search(line) is not None)
        above.append(node)
        if kind != PLAIN or leads:
            stack.append(node)
    return roots


def listed(text: str, start: int) -> tuple[str, list[Node]]:
    """A line with a list inside it as its lead-in and the members; without a list, all of it and none."""
    for pattern in _INLINE:
        marks = list(pattern.finditer(text))
        if len(marks) < 2:
            continue
        ends = [mark.start() for mark in marks[1:]] + [len(text)]
        members = [_trimmed(text[mark.end() : end], start + mark.end()) for mark, end in zip(marks, ends, strict=True)]
        return text[: marks[0].start()], members
    return text, []


def pieces(text: str, start: int, marks: str = "；;") -> list[Node]:
    """`text` cut at `marks`, without empty pieces."""
    found = [
        _trimmed(one[0], start + one.start()) for one in re.finditer(rf"[^{marks}]+", text) if one[0].strip(" 　。")
    ]
    return [one for one in found if one.text]


def sentences(text: str, start: int) -> list[Node]:
    """The sentences of a line."""
    return [Node(PLAIN, one[0], start + one.start()) for one in re.finditer(r"[^。！？]+[。！？]?", text)]


def _trimmed(text: str, start: int) -> Node:
    left = len(text) - len(text.lstrip(" 　，"))
    return Node(PLAIN, text.strip(" 　").lstrip("，").rstrip("；;。， 　"), start + left)


def _kind(line: str) -> tuple[int, int]:
    for kind, pattern in enumerate(_MARKERS):
        if found := pattern.match(line):
            return kind, found.end()
    return PLAIN, 0
