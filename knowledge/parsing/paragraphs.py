"""The paragraphs of a text, each with the label that opens it, once mentions and tables of contents are told apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from knowledge.model import SourceText
from knowledge.parsing.labels import Label, read_article, read_chapter, read_label
from knowledge.parsing.titles import is_title_line
from knowledge.text.quantities import NUMERAL

_TERMINAL = re.compile(r"[。；！？!?;：:…][”’\"'」）)】》]*$")
_N = rf"[{NUMERAL}]{{1,7}}"
_INSIDE = re.compile(rf"(?:(?<=[。；！？”）)])|(?<=[ 　]))第{_N}(?:[条條](?:之{_N})?|[章节節编編])(?=[ 　])")
_CHAPTER_THEN_ARTICLE = re.compile(rf"第{_N}[章节節编編][^。；：，！？]{{0,30}}?(?=第{_N}[条條])")
_CONTENTS = re.compile(r"目[ 　]*[录次]")
_PAGE_NUMBER = re.compile(r"[ 　.…·．\-—]*[0-9]*$")
_LONGEST_HEADING = 40  # characters of a chapter heading that stands before an article on one line


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph at `start:end` of the text, or the part of one that an article inside it begins. `heading` is
    the level the file's markup gave it, `fresh` whether it begins a line."""

    start: int
    end: int
    text: str
    label: Label | None = None
    heading: int | None = None
    fresh: bool = True

    @property
    def rest(self) -> str:
        """The words after the label."""
        return self.text[self.label.length :] if self.label else self.text

    @property
    def ends_sentence(self) -> bool:
        return _TERMINAL.search(self.text) is not None


def read_paragraphs(source: SourceText) -> list[Paragraph]:
    """Paragraphs in reading order without empty lines and without the table of contents."""
    headings = {heading.start: heading.level for heading in source.headings}
    lines: list[Paragraph] = []
    position = 0
    for raw in source.text.split("\n"):
        text = raw.strip(" \t　\r")
        if text:
            start = position + raw.index(text[0])
            level = headings.get(position) or headings.get(start)
            lines.append(Paragraph(start, start + len(text), text, read_label(text), level))
        position += len(raw) + 1
    return _without_contents(_with_real_articles(lines))


def _with_real_articles(lines: Sequence[Paragraph]) -> list[Paragraph]:
    """Split lines at articles that begin inside them and drop article labels that break the sequence."""
    pieces = [piece for line in lines for piece in _split(line)]
    articles = [index for index, piece in enumerate(pieces) if piece.label and piece.label.level == "条"]
    real = _in_sequence(pieces, articles)
    kept: list[Paragraph] = []
    for index, piece in enumerate(pieces):
        if piece.label and piece.label.level == "条" and index not in real:
            piece = replace(piece, label=None)
        if not piece.fresh and kept and not _opens_inside(pieces, index, real):
            before = kept[-1]
            gap = " " * (piece.start - before.end)
            kept[-1] = replace(before, end=piece.end, text=before.text + gap + piece.text)
        else:
            kept.append(piece)
    return kept


def _split(line: Paragraph) -> list[Paragraph]:
    cuts = [match.start() for match in _INSIDE.finditer(line.text) if match.start()]
    if not line.label and (found := _CHAPTER_THEN_ARTICLE.match(line.text)):
        cuts.append(found.end())
    bounds = [0, *sorted(set(cuts)), len(line.text)]
    if len(bounds) == 2:
        return [line]
    pieces = []
    for begin, end in pairwise(bounds):
        text = line.text[begin:end].rstrip(" 　")
        label = (read_article(text) or read_chapter(text)) if begin else read_label(text)
        start = line.start + begin
        pieces.append(Paragraph(start, start + len(text), text, label, None if begin else line.heading, begin == 0))
    return pieces


def _opens_inside(pieces: Sequence[Paragraph], index: int, real: set[int]) -> bool:
    """Whether the piece inside a line is an article, or a short chapter heading right before one."""
    if index in real:
        return True
    label = pieces[index].label
    following = index + 1 in real and not pieces[index + 1].fresh
    return label is not None and label.rank < 5 and following and len(pieces[index].text) <= _LONGEST_HEADING


def _in_sequence(pieces: Sequence[Paragraph], articles: Sequence[int]) -> set[int]:
    """Indices of the pieces whose 第X条 counts on from the article before, or starts a new text."""
    real: set[int] = set()
    last, last_sub = 0, 0
    for place, index in enumerate(articles):
        label = pieces[index].label
        assert label is not None
        following = pieces[articles[place + 1]].label if place + 1 < len(articles) else None
        upcoming = following.number if following else None
        before = pieces[index - 1] if index else None
        if (label.number, label.sub) in ((last + 1, 0), (last, last_sub + 1)):
            accepted = True
        elif not pieces[index].fresh or (before and _unfinished(before)):
            accepted = False
        elif label.number > last:
            spaced = pieces[index].text[len(label.written) : len(label.written) + 1] in ("", " ", "　")
            near = label.number <= last + 3 or upcoming == label.number + 1
            accepted = near or (spaced and upcoming not in (last + 1, last + 2))
        else:
            opened = before is not None and (is_title_line(before.text) or _is_chapter(before))
            accepted = label.number == 1 or (label.number == 2 and opened)
        if accepted:
            real.add(index)
            last, last_sub = label.number, label.sub
    return real


def _unfinished(paragraph: Paragraph) -> bool:
    """Whether a paragraph stops in the middle of a sentence, so that a 第三条 after it is a mention."""
    return not paragraph.ends_sentence and len(paragraph.text) > 60 and not paragraph.heading


def _is_chapter(paragraph: Paragraph) -> bool:
    return paragraph.label is not None and paragraph.label.rank < 5


def _without_contents(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """Leave out the chapters that are only listed: each stands again later, with its articles."""
    kept: list[Paragraph] = []
    later: dict[tuple[str, int, str], int] = {}
    for index, paragraph in enumerate(paragraphs):
        if key := _heading_key(paragraph):
            later[key] = index
    for index, paragraph in enumerate(paragraphs):
        if _CONTENTS.fullmatch(paragraph.text):
            continue
        key = _heading_key(paragraph)
        if key and later[key] > index and _only_listed(paragraphs, index):
            continue
        kept.append(paragraph)
    return kept


def _heading_key(paragraph: Paragraph) -> tuple[str, int, str] | None:
    label = paragraph.label
    if label is None or label.level not in ("编", "分编", "章", "节", "一"):
        if len(paragraph.text) <= 12 and "".join(paragraph.text.split()) in ("总则", "总纲", "序言", "附则", "前言"):
            return ("", 0, "".join(paragraph.text.split()))
        return None
    words = _PAGE_NUMBER.sub("", "".join(paragraph.rest.split()))
    return (label.level, label.number, words) if len(words) <= 60 else None


def _only_listed(paragraphs: Sequence[Paragraph], index: int) -> bool:
    following = paragraphs[index + 1] if index + 1 < len(paragraphs) else None
    return following is not None and _heading_key(following) is not None
