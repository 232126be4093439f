"""From the paragraphs of a file to its canonical text, the one that offsets point into."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from knowledge.model import Heading, LeftOut, SourceText
from knowledge.parsing.loaders.account import PAGE_NUMBER, sentences
from knowledge.parsing.loaders.boilerplate import is_furniture, is_further_reading
from knowledge.parsing.loaders.lines import ends_sentence, goes_on, interruption, is_bare_label, join, starts_unit
from knowledge.parsing.loaders.tables import CELL_BORDER
from knowledge.text.quantities import NUMERAL

_INVISIBLE = [
    *range(0x00, 0x09),
    *range(0x0E, 0x20),
    *range(0x7F, 0xA0),
    0xAD,
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    0xFEFF,
    0xFFFC,
]
_LINE_ENDS = dict.fromkeys((0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029), "\n")
_SPACES = dict.fromkeys((0x09, 0xA0, 0x202F, *range(0x2000, 0x200B)), " ")
# Fonts of some programs write radicals, which look like characters and are none: ⼆ (U+2F06) for 二.
_RADICALS = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
_SIMPLIFIED_RADICALS = str.maketrans(
    "⺟⺠⻁⻄⻅⻆⻉⻋⻑⻓⻔⻘⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳", "母民虎西见角贝车長长门青页风飞食马骨鬼鱼鸟麦黄齐齿龙龟"
)
_CLEANED: dict[int, int | str | None] = {
    **dict.fromkeys(_INVISIBLE),
    **_LINE_ENDS,
    **_SPACES,
    **_RADICALS,
    **_SIMPLIFIED_RADICALS,
}
_GARBLED = re.compile("[\ue000-\uf8ff\ufffd\U000f0000-\U0010ffff\x80-\x84\x86-\x9f]|锟斤拷|烫烫烫")

_FURNITURE = "网页上的非正文文字"
_LONGEST_LIST = 12  # titles under 延伸阅读

_ARTICLE = re.compile(rf"第\s*[{NUMERAL}]+\s*条")
_CHAPTER = re.compile(rf"第\s*[{NUMERAL}]+\s*(?:分编|[编篇章节])")
_OPEN_ENDED = re.compile(r"[\u3400-\u9fff，、,“‘（(《]$")
_LONGEST_TITLE = 40  # characters; a chapter's title on its own line is shorter
_FULL_TITLE = 14  # characters from which a chapter's title may need a second line
_FULL_LINE = 20  # characters; shorter lines are titles, names, dates
_FEW_ARTICLES = 5


Origin = Literal["page", "text", "paper"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph as a reader hands it on; `level` is that of a heading in the markup, None for body text."""

    text: str
    level: int | None = None


def compose(
    paragraphs: Iterable[Paragraph],
    *,
    title: str | None = None,
    notes: Sequence[str] = (),
    card: Mapping[str, str] | None = None,
    left_out: Iterable[LeftOut] = (),
    origin: Origin = "text",
) -> SourceText:
    """Clean paragraphs and lay them out one to a line. Wording is kept as it is: punctuation, width, digits,
    inner spaces; only invisible characters, indents, empty lines, page numbers and what a web page left behind go.
    `left_out` are pieces that the reader itself has left out; `origin` tells whether the paragraphs come from a web
    page, from a text that may have been copied from one, or from a file made for paper, where no line is taken for a
    button."""
    kept, furniture, garbled = _cleaned(paragraphs, origin)
    kept, page_marks = _without_page_marks(kept)
    pieces = [*left_out, *furniture, *page_marks]
    told = [*notes, *sentences(pieces)]
    if garbled:
        told.append(f"文中有 {len(garbled)} 个无法识别的字符，第一处在“{garbled[0]}”，请对照原件核对。")
    text: list[str] = []
    headings: list[Heading] = []
    position = 0
    for paragraph in _mended(kept):
        end = position + len(paragraph.text)
        if paragraph.level is not None:
            headings.append(Heading(position, end, paragraph.level))
        text.append(paragraph.text)
        position = end + 1
    stated = clean(title).replace("\n", " ") if title else ""
    return SourceText("\n".join(text), tuple(headings), stated or None, tuple(told), dict(card or {}), tuple(pieces))


def clean(text: str) -> str:
    """Text without invisible characters and without spaces at the edges; line ends stay."""
    return text.replace("\r\n", "\n").translate(_CLEANED).strip(" \u3000\n")


def _cleaned(paragraphs: Iterable[Paragraph], origin: Origin) -> tuple[list[Paragraph], list[LeftOut], list[str]]:
    kept: list[Paragraph] = []
    left_out: list[LeftOut] = []
    garbled: list[str] = []
    for paragraph in paragraphs:
        for match in _GARBLED.finditer(paragraph.text):
            garbled.append(clean(paragraph.text[max(0, match.start() - 8) : match.end() + 8]))
        for raw in clean(paragraph.text).split("\n"):
            line = raw.strip(" \u3000")
            if not line:
                continue
            if origin != "paper" and is_furniture(line, on_page=origin == "page"):
                left_out.append(LeftOut(_FURNITURE, line))
            else:
                kept.append(replace(paragraph, text=line))
    end = _end_of_document(kept, origin) if origin != "paper" else len(kept)
    left_out.extend(LeftOut(_FURNITURE, paragraph.text) for paragraph in kept[end:])
    return kept[:end], left_out, garbled


def _without_page_marks(paragraphs: list[Paragraph]) -> tuple[list[Paragraph], list[LeftOut]]:
    """Paragraphs without page numbers between them; the halves of a sentence that one had cut are put together."""
    lines = [paragraph.text for paragraph in paragraphs]
    kept: list[Paragraph] = []
    left_out: list[LeftOut] = []
    index = 0
    cut = False
    while index < len(lines):
        if length := interruption(lines, index):
            left_out.append(LeftOut(PAGE_NUMBER, lines[index]))
            left_out += [LeftOut("页眉", line) for line in lines[index + 1 : index + length]]
            cut = True
            index += length
            continue
        if cut and kept and goes_on(kept[-1].text, lines[index]):
            kept[-1] = replace(kept[-1], text=join(kept[-1].text, lines[index]))
        else:
            kept.append(paragraphs[index])
        cut = False
        index += 1
    return kept, left_out


def _end_of_document(paragraphs: Sequence[Paragraph], origin: Origin) -> int:
    """Number of paragraphs before a closing list of titles under 延伸阅读."""
    for index in range(len(paragraphs) - 1, max(0, len(paragraphs) - _LONGEST_LIST), -1):
        if ends_sentence(paragraphs[index].text) and not paragraphs[index].text.endswith("》"):
            break
        if is_further_reading(paragraphs[index].text, on_page=origin == "page"):
            return index
    return len(paragraphs)


# What a file has torn apart: a number without its words, a sentence cut in two.


def _mended(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Paragraphs with their torn-off parts: `第三条` and its words, a long chapter title, a sentence of an article."""
    whole = _with_labels(paragraphs)
    if sum(_ARTICLE.match(one.text) is not None for one in whole) < _FEW_ARTICLES:
        return whole
    mended: list[Paragraph] = []
    in_articles = False
    for index, paragraph in enumerate(whole):
        in_articles = in_articles or _ARTICLE.match(paragraph.text) is not None
        following = whole[index + 1].text if index + 1 < len(whole) else ""
        if mended and (
            (in_articles and _is_cut(mended[-1], paragraph)) or _is_title_cut(mended[-1], paragraph, following)
        ):
            mended[-1] = Paragraph(join(mended[-1].text, paragraph.text), mended[-1].level)
        else:
            mended.append(paragraph)
    return mended


def _is_cut(first: Paragraph, second: Paragraph) -> bool:
    """Whether a paragraph of an article stops in the middle of a sentence that the next one ends.

    Only in texts of articles, where every paragraph ends with punctuation; a speech has headings without it.
    """
    if first.level is not None or second.level is not None or CELL_BORDER in first.text or CELL_BORDER in second.text:
        return False
    return (
        len(first.text) >= _FULL_LINE
        and _OPEN_ENDED.search(first.text) is not None
        and _CHAPTER.match(first.text) is None
        and not starts_unit(second.text)
        and ends_sentence(second.text)
    )


def _is_title_cut(first: Paragraph, second: Paragraph, following: str) -> bool:
    """Whether a chapter's title goes on in the next line, before the chapter's first article."""
    return (
        _CHAPTER.match(first.text) is not None
        and _FULL_TITLE <= len(first.text) <= _LONGEST_TITLE
        and not ends_sentence(first.text)
        and len(second.text) <= _LONGEST_TITLE
        and not ends_sentence(second.text)
        and not starts_unit(second.text)
        and _ARTICLE.match(following) is not None
    )


def _with_labels(paragraphs: Iterable[Paragraph]) -> list[Paragraph]:
    """Bring a number that stands on a line of its own to its words."""
    joined: list[Paragraph] = []
    for paragraph in paragraphs:
        if joined and _belongs_to_label(joined[-1], paragraph):
            label = joined[-1]
            article = label.text.endswith("条")
            # A line end after 第三条 was a space to the eye; official typography sets a full-width one.
            gap = "\u3000" if label.text.startswith("第") else ""
            joined[-1] = Paragraph(join(label.text + gap, paragraph.text), None if article else label.level)
        else:
            joined.append(paragraph)
    return joined


def _belongs_to_label(label: Paragraph, words: Paragraph) -> bool:
    if not is_bare_label(label.text) or starts_unit(words.text) or is_bare_label(words.text):
        return False
    if label.text.startswith("第") and not label.text.endswith("条"):
        return len(words.text) <= _LONGEST_TITLE and not ends_sentence(words.text)
    return words.level is None or words.level == label.level
