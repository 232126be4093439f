"""Where the texts of a file start: at the title before the first article, or at a title line before prose."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.parsing.line_kinds import (
    announces_text,
    begins_with_title,
    is_around,
    is_half_title,
    is_publication_line,
    same_title,
)
from knowledge.parsing.paragraphs import Paragraph
from knowledge.parsing.titles import bare, is_title_line

_EDITION_LINE = re.compile(r"(?:19|20)[0-9]{2}年?(?:版|修[订正]版?)?")


def text_starts(paragraphs: Sequence[Paragraph], title: str | None) -> list[tuple[int, str]]:
    """Index and title of each text. A text starts where articles count from one again, or at a title line."""
    runs = _article_runs(paragraphs)
    if not runs:
        return _untitled_starts(paragraphs, title, 0, len(paragraphs)) or [(0, "")]
    starts: list[tuple[int, str]] = []
    floor = 0
    for first, last in runs:
        start, name = _back_to_title(paragraphs, first, floor, title, opening=not starts)
        starts.append((start, name))
        floor = last + 1
    return starts


def main_text(starts: Sequence[tuple[int, str]], paragraphs: Sequence[Paragraph], title: str | None) -> int:
    """Which text the file is about: the longest that bears the file's title, else the first that has one."""
    bounds = [start for start, _ in starts] + [len(paragraphs)]
    named = [place for place, (_, name) in enumerate(starts) if name and same_title(name, title)]
    if named and _article_runs(paragraphs):
        return named[0]
    if named:
        return max(named, key=lambda place: sum(len(p.text) for p in paragraphs[bounds[place] : bounds[place + 1]]))
    untitled = title is not None and not is_title_line(title) and not paragraphs[starts[0][0]].heading
    return 1 if untitled and starts[0][1] == "" and len(starts) > 1 else 0


def _article_runs(paragraphs: Sequence[Paragraph]) -> list[tuple[int, int]]:
    """First and last paragraph index of each sequence of articles."""
    runs: list[tuple[int, int]] = []
    last = 0
    for index, paragraph in enumerate(paragraphs):
        label = paragraph.label
        if label is None or label.level != "条":
            continue
        if not runs or label.number < last:
            runs.append((index, index))
        else:
            runs[-1] = (runs[-1][0], index)
        last = label.number
    return runs


def _back_to_title(
    paragraphs: Sequence[Paragraph], first: int, floor: int, title: str | None, *, opening: bool
) -> tuple[int, str]:
    """From the first article of a text back to the line that opens it."""
    start = first
    for index in range(first - 1, floor - 1, -1):
        paragraph = paragraphs[index]
        text = paragraph.text
        if announces_text(paragraph) and paragraph.label is None:
            return index + 1, ""
        if paragraph.label is None and (
            same_title(text, title) or is_title_line(text) or begins_with_title(paragraph, title)
        ):
            return index, _joined_title(paragraphs, index, floor)
        if paragraph.label is None and not opening and first - index > 6:
            break
        if paragraph.label is not None and paragraph.label.rank < 5:
            start = index
    if not opening:
        return start, ""
    index = floor
    while index < first and is_around(paragraphs, index, title):
        index += 1
    return index, ""


def _joined_title(paragraphs: Sequence[Paragraph], index: int, floor: int) -> str:
    text = paragraphs[index].text
    if index > floor and is_half_title(paragraphs[index - 1]) and len(text) < 16 and not text.startswith("《"):
        return paragraphs[index - 1].text + text
    return text


def _untitled_starts(
    paragraphs: Sequence[Paragraph], title: str | None, floor: int, after: int
) -> list[tuple[int, str]]:
    """Starts of texts without articles: title lines followed by a text."""
    starts: list[tuple[int, str]] = []
    index = floor
    while index < after:
        name, length = _title_at(paragraphs, index, title)
        if name and (not starts or not same_title(name, starts[-1][1]) or index - starts[-1][0] > 3):
            # Title lines in a row (heading, then `X印发《…》`) open one text.
            if starts and all(is_around(paragraphs, i, title) for i in range(starts[-1][0], index)):
                proper = title is not None and bare(starts[-1][1]) == bare(title)
                starts[-1] = (starts[-1][0], starts[-1][1] if proper and not same_title(name, title) else name)
            elif starts and _EDITION_LINE.fullmatch(paragraphs[index - 1].text):
                starts.append((index - 1, f"{name}（{paragraphs[index - 1].text}）"))
            else:
                starts.append((index, name))
        index += max(1, length)
    if not starts:
        return []
    if len(starts) > 1 and _is_preface(paragraphs[starts[0][0] : starts[1][0]]):
        starts = starts[1:]
    lead = [i for i in range(floor, starts[0][0]) if not is_around(paragraphs, i, title)]
    if sum(len(paragraphs[i].text) for i in lead) > 1500 or any(paragraphs[i].heading for i in lead):
        starts.insert(0, (floor, ""))
    return starts


def _is_preface(lines: Sequence[Paragraph]) -> bool:
    """Whether what stands before the next title is too little, and too plain, to be a text of its own."""
    return sum(len(line.text) for line in lines) < 800 and not any(line.label for line in lines)


def _title_at(paragraphs: Sequence[Paragraph], index: int, title: str | None) -> tuple[str, int]:
    """The title that stands at `index` and how many lines it takes, or ("", 0)."""
    paragraph = paragraphs[index]
    if paragraph.label is not None or index + 1 >= len(paragraphs):
        return "", 0
    before = paragraphs[index - 1] if index else None
    if before and not (before.ends_sentence or before.heading or len(before.text) < 60):
        return "", 0
    for length in (1, 2, 3):
        lines = paragraphs[index : index + length]
        if len(lines) < length or any(line.label or line.ends_sentence for line in lines):
            break
        text = "".join(line.text for line in lines)
        following = paragraphs[index + length] if index + length < len(paragraphs) else None
        if following is None:
            break
        if length > 1 and not (
            all(is_half_title(line) for line in lines[:-1]) and (len(lines[0].text) >= 8 or "关于" in text)
        ):
            break
        if same_title(text, title) or (is_title_line(text) and _opens_text(text, following)):
            return text, length
    return "", 0


def _opens_text(text: str, following: Paragraph) -> bool:
    proper = re.match(r"关于|中共|中央|国务院|中华|中国|全国|中办|《|[\u4e00-\u9fff]{2,12}关于", text) is not None
    text_follows = len(following.text) >= 30 or following.text.endswith(("：", ":"))  # 各区人民政府：
    return proper and (following.label is not None or text_follows or is_publication_line(following.text))
