"""A sheet: what a file to take away says, before it is Markdown or Word."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from assistant.answering.editions import edition_in_words, standing_in_words
from assistant.model import CitedDocument
from knowledge.model import Validity
from knowledge.text.quantities import to_chinese

SYSTEM = "学思（Xuesi）"
#: Shown where anything in a file was written by a language model (《人工智能生成合成内容标识办法》).
GENERATED = "本文件含有人工智能生成的内容，已在相应位置标明“AI生成”。"
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
CHECK = "引文摘自学思库内的文件，引用前请核对正式文本。"


class Kind(StrEnum):
    """How a paragraph of a sheet is set."""

    HEADING = "heading"  # 一、
    SUBHEADING = "subheading"  # （一）
    LABEL = "label"  # 【原文摘录】
    WARNING = "warning"
    TEXT = "text"
    ITEM = "item"
    QUOTE = "quote"
    OWN = "own"  # the reader's own words
    REMARK = "remark"


@dataclass(frozen=True, slots=True)
class Run:
    """Words with the numbers of the footnotes that follow them, counted from 1; `strong` ones say what was asked."""

    text: str
    notes: tuple[int, ...] = ()
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph."""

    kind: Kind
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A comparison: `rows` of cells of paragraphs; the first cell of a row is its label, `corner` the header over the labels."""

    headers: tuple[str, ...]
    rows: tuple[tuple[tuple[Line, ...], ...], ...]
    corner: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole file. `footnotes` are numbered from 1 by their place; `model` names the language model that wrote some of
    it, None when nothing was generated. `subject` is for the file's properties."""

    title: str
    subject: str
    day: date
    parts: tuple[Line | Grid, ...]
    footnotes: tuple[str, ...]
    model: str | None = None


@dataclass(slots=True)
class Footnotes:
    """Numbers sources as they come; the same words of the same text have one number, however often they are cited. `places`
    words an address of a version's text, as on the pages."""

    places: Callable[[int, str], str]
    texts: list[str] = field(default_factory=list)
    _numbers: dict[tuple[int, int, int], int] = field(default_factory=dict)

    def number(self, document: CitedDocument, version_id: int, address: str, start: int, end: int) -> int:
        """The number of the footnote for this place."""
        place = (version_id, start, end)
        if place not in self._numbers:
            self.texts.append(source_in_words(document, self.places(version_id, address)))
            self._numbers[place] = len(self.texts)
        return self._numbers[place]


def source_in_words(document: CitedDocument, place: str) -> str:
    """`《某某规定》（2020年版，某发〔2020〕1号，现行有效）第一章第三条。`, of a place in the words of the pages; a text not in
    force says so twice."""
    details = (edition_in_words(document.edition), document.doc_no or "", standing_in_words(document))
    warning = "" if document.validity is Validity.IN_FORCE else "引用前请核对现行文本。"
    return f"《{document.title}》（{'，'.join(one for one in details if one)}）{place.replace(' › ', '')}。{warning}"


def printable(sheet: Sheet) -> Sheet:
    """`sheet` without the control characters that no XML file can hold; a pasted question may have some."""

    def clean(line: Line) -> Line:
        return Line(line.kind, tuple(replace(run, text=_UNPRINTABLE.sub("", run.text)) for run in line.runs))

    parts: list[Line | Grid] = []
    for part in sheet.parts:
        if isinstance(part, Grid):
            rows = tuple(tuple(tuple(clean(line) for line in cell) for cell in row) for row in part.rows)
            parts.append(replace(part, rows=rows))
        else:
            parts.append(clean(part))
    title = _UNPRINTABLE.sub("", sheet.title)
    return replace(sheet, title=title, parts=tuple(parts))


def line(kind: Kind, text: str, notes: Iterable[int] = ()) -> Line:
    """A paragraph of one run."""
    return Line(kind, (Run(text, tuple(notes)),))


def numbered(number: int, words: str) -> Line:
    """`一、` and the words of a heading of the first level."""
    return line(Kind.HEADING, f"{to_chinese(number)}、{words}")


def paragraphs(kind: Kind, text: str, notes: Iterable[int] = ()) -> list[Line]:
    """A text of several paragraphs; the notes stand after the last."""
    every = [one.strip() for one in text.splitlines() if one.strip()]
    made = [line(kind, one) for one in every[:-1]]
    return [*made, line(kind, every[-1], notes)] if every else made
