"""A stretch of canonical text as paragraphs, with the quoted words marked by their offsets and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from knowledge.model import Passage, Section
from knowledge.parsing.outline import Outline

HEADINGS = frozenset({"部分", "编", "章", "节", "序言", "附件", "组"})
NOT_LISTED = frozenset({"款", "项", "目", "题注", "导语", "落款", "行"})  # levels that a table of contents leaves out
CELL = " | "  # between the cells of a table in canonical text
SURROUNDINGS = 400  # characters shown around a quote whose passage is no longer known


@dataclass(frozen=True, slots=True)
class Piece:
    """Words inside a paragraph. `first` is the beginning of the mark, to which the page scrolls; `ends` are the passages that
    the reader saved and that end with these words."""

    text: str
    marked: bool = False
    label: bool = False  # 第五十九条 at the head of its article
    first: bool = False
    kept: bool = False
    ends: tuple[Kept, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """A passage at `start:end` that the reader saved as a note, with his remark."""

    note: str
    start: int
    end: int
    remark: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of the text. `start` is its offset, `first` that of the first character shown; `kind` is `heading`, `row`
    (of a table) or `plain`."""

    start: int
    first: int
    kind: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a table of contents; `children` are its articles."""

    start: int
    depth: int
    text: str
    children: tuple[Entry, ...] = ()


def paragraphs(
    text: str,
    outline: Outline,
    start: int,
    end: int,
    mark: tuple[int, int] | None = None,
    kept: Sequence[Kept] = (),
) -> list[Paragraph]:
    """The lines of `text[start:end]`, which begins and ends with whole lines; those with `mark`, and with what the reader
    has `kept`, split at it."""
    opening = {section.start: section for section in outline.sections if section.level in HEADINGS | {"条"}}
    made = []
    for line_start, line_end in _lines(text, start, end):
        section = opening.get(line_start)
        kind = "heading" if section and section.level in HEADINGS else "plain"
        if text.count(CELL, line_start, line_end):
            kind = "row"
        label_end = line_start
        if section and _is_article(section) and text.startswith(section.label, line_start):
            label_end += len(section.label)
        first = line_end - len(text[line_start:line_end].lstrip())  # the page makes its own indent
        made.append(Paragraph(line_start, first, kind, _pieces(text, first, line_end, mark, label_end, kept)))
    return made


def around(passages: Sequence[Passage], text: str, start: int, end: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """What to show for a quote at `start:end`: the passages that hold it (`focus`), and these with one neighbour on
    either side; both in whole lines. `passages` in reading order."""
    holding = [i for i, passage in enumerate(passages) if passage.start < end and passage.end > start]
    if holding:
        focus = _whole_lines(text, min(start, passages[holding[0]].start), max(end, passages[holding[-1]].end))
        before = passages[max(0, holding[0] - 1)].start
        after = passages[min(len(passages) - 1, holding[-1] + 1)].end
    else:
        focus = _whole_lines(text, start, end)
        before, after = max(0, start - SURROUNDINGS), min(len(text), end + SURROUNDINGS)
    return focus, _whole_lines(text, min(before, focus[0]), max(after, focus[1]))


def contents(outline: Outline) -> list[Entry]:
    """The table of contents: chapters with their articles beneath; plain articles when there are no chapters."""
    made: list[Entry] = []
    for section in outline.sections:
        if _is_article(section):
            article = Entry(section.start, section.depth, _named(section))
            if made and made[-1].depth < section.depth:
                made[-1] = Entry(made[-1].start, made[-1].depth, made[-1].text, (*made[-1].children, article))
            else:
                made.append(article)
        elif section.level not in NOT_LISTED and section.depth <= 1 and _named(section):
            made.append(Entry(section.start, section.depth, _named(section)))
    return made


def place_in(entries: Sequence[Entry], offset: int) -> tuple[Entry, ...]:
    """The entry of a table of contents under which `offset` lies, and its article, if it has any. Empty before the first."""
    passed = [entry for entry in entries if entry.start <= offset]
    return (passed[-1], *place_in(passed[-1].children, offset)) if passed else ()


def _pieces(
    text: str, start: int, end: int, mark: tuple[int, int] | None, label_end: int, kept: Sequence[Kept]
) -> tuple[Piece, ...]:
    low, high = mark or (end, end)
    here = [one for one in kept if one.start < end and one.end > start]
    inside = (label_end, low, high, *(cut for one in here for cut in (one.start, one.end)))
    cuts = sorted({start, end, *(cut for cut in inside if start < cut < end)})
    return tuple(
        Piece(
            text[a:b],
            marked=low <= a < high,
            label=a < label_end,
            first=a == low < high,
            kept=any(one.start <= a < one.end for one in here),
            ends=tuple(one for one in here if a < one.end <= b),
        )
        for a, b in pairwise(cuts)
    )


def _lines(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Offsets of whole lines, blank ones left out."""
    lines = []
    while start < end:
        stop = text.find("\n", start)
        stop = len(text) if stop < 0 else stop
        if text[start:stop].strip():
            lines.append((start, stop))
        start = stop + 1
    return lines


def _whole_lines(text: str, start: int, end: int) -> tuple[int, int]:
    stop = text.find("\n", end)
    return text.rfind("\n", 0, start) + 1, len(text) if stop < 0 else stop


def _is_article(section: Section) -> bool:
    return section.level == "条"


def _named(section: Section) -> str:
    return f"{section.label} {section.title}".strip()
