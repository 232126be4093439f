"""From the paragraphs of a file to its canonical text, the one that offsets point into."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from knowledge.model import Heading, SourceText
from knowledge.parsing.loaders.boilerplate import is_furniture, is_further_reading
from knowledge.parsing.loaders.lines import ends_sentence
from knowledge.parsing.loaders.mending import mend
from knowledge.parsing.loaders.paragraph import Paragraph

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
_CLEANED: dict[int, str | None] = {**dict.fromkeys(_INVISIBLE), **_LINE_ENDS, **_SPACES}
_GARBLED = re.compile("[\ue000-\uf8ff\ufffd\U000f0000-\U0010ffff\x80-\x84\x86-\x9f]|锟斤拷|烫烫烫")

_LONGEST_LIST = 12  # titles under 延伸阅读


def compose(
    paragraphs: Iterable[Paragraph],
    *,
    title: str | None = None,
    notes: Sequence[str] = (),
    card: Mapping[str, str] | None = None,
) -> SourceText:
    """Clean paragraphs and lay them out one to a line. Wording is kept as it is: punctuation, width, digits,
    inner spaces; only invisible characters, indents, empty lines and what a web page left behind go."""
    told = list(notes)
    kept, left_out, garbled = _cleaned(paragraphs)
    if left_out:
        shown = "、".join(f"“{line[:30]}”" for line in dict.fromkeys(left_out[:3]))
        told.append(f"略去网页上的非正文文字 {len(left_out)} 处：{shown}。")
    if garbled:
        told.append(f"文中有 {len(garbled)} 个无法识别的字符，第一处在“{garbled[0]}”，请对照原件核对。")
    text: list[str] = []
    headings: list[Heading] = []
    position = 0
    for paragraph in mend(kept):
        end = position + len(paragraph.text)
        if paragraph.level is not None:
            headings.append(Heading(position, end, paragraph.level))
        text.append(paragraph.text)
        position = end + 1
    stated = clean(title).replace("\n", " ") if title else ""
    return SourceText("\n".join(text), tuple(headings), stated or None, tuple(told), dict(card or {}))


def clean(text: str) -> str:
    """Text without invisible characters and without spaces at the edges; line ends stay."""
    return text.replace("\r\n", "\n").translate(_CLEANED).strip(" \u3000\n")


def _cleaned(paragraphs: Iterable[Paragraph]) -> tuple[list[Paragraph], list[str], list[str]]:
    kept: list[Paragraph] = []
    left_out: list[str] = []
    garbled: list[str] = []
    for paragraph in paragraphs:
        for match in _GARBLED.finditer(paragraph.text):
            garbled.append(clean(paragraph.text[max(0, match.start() - 8) : match.end() + 8]))
        for raw in clean(paragraph.text).split("\n"):
            line = raw.strip(" \u3000")
            if not line:
                continue
            if is_furniture(line):
                left_out.append(line)
            else:
                kept.append(replace(paragraph, text=line))
    end = _end_of_document(kept)
    left_out.extend(paragraph.text for paragraph in kept[end:])
    return kept[:end], left_out, garbled


def _end_of_document(paragraphs: Sequence[Paragraph]) -> int:
    """Number of paragraphs before a closing list of titles under 延伸阅读."""
    for index in range(len(paragraphs) - 1, max(0, len(paragraphs) - _LONGEST_LIST), -1):
        if ends_sentence(paragraphs[index].text) and not paragraphs[index].text.endswith("》"):
            break
        if is_further_reading(paragraphs[index].text):
            return index
    return len(paragraphs)
