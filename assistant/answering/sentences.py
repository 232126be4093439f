"""A passage taken apart into the units an extract is made of: sentences, lead-ins and the items they introduce."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.text.quantities import ARABIC, ARTICLE_LABEL, ITEM

_LABEL = re.compile(rf"^{ARTICLE_LABEL}[\s　:：]*")
_ITEM = re.compile(
    rf"^[\s　]*(?:[（(][{ITEM}百{ARABIC}]+[)）]|[{ARABIC}]+[.．、](?![{ARABIC}])|"
    rf"[①-⑳]|[{ITEM}]+[、.．]|[-*•·]\s)"
)
_STOP = re.compile(r"[。！？!?](?:[”’」』）)]*)")
_SAYS = re.compile(r"[。！？!?；;：:]")
_CELL = " | "  # between the cells of a table's row, as the readers flatten it
LONGEST_HEADING = 30  # characters
_OPENERS, _CLOSERS = "“‘（(《「『", "”’）)》」』"


@dataclass(frozen=True, slots=True)
class Unit:
    """One sentence or item at `start:end` of the canonical text. `item` marks a member of an enumeration, `lead` the
    index (in the list of units) of the sentence that introduces it, `line` the paragraph it stands in; `heading` a
    short line that says nothing by itself."""

    text: str
    start: int
    end: int
    line: int
    item: bool = False
    lead: int | None = None
    heading: bool = False


def units(text: str, offset: int = 0, *, labelled: bool = False) -> list[Unit]:
    """The units of `text` in reading order; `offset` is where `text` begins in the canonical text.

    An article's own number is left off its first unit unless `labelled`. The items after a line ending in a colon belong to that
    line; rows of a table are items.
    """
    found: list[Unit] = []
    lead: int | None = None
    position = 0
    for line_number, line in enumerate(text.split("\n")):
        begin = position + (len(line) - len(line.lstrip()))
        if not labelled and (label := _LABEL.match(text[begin : position + len(line)])):
            begin += label.end()
        item = bool(_ITEM.match(line)) or _CELL in line
        if not item:
            lead = None
        for start, end in _sentences(text, begin, position + len(line)):
            heading = end - start <= LONGEST_HEADING and not item and not _SAYS.search(text[start:end])
            found.append(
                Unit(text[start:end], offset + start, offset + end, line_number, item, lead if item else None, heading)
            )
        if found and not item and line.rstrip().endswith(("：", ":")):
            lead = len(found) - 1
        position += len(line) + 1
    return found


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Spans of the sentences in `text[start:end]`, without surrounding space; a stop inside quotes or brackets does
    not end a sentence unless the quote closes there, nor does one at the end of a cell: the next cell is of the same row."""
    begin = start
    for match in _STOP.finditer(text, start, end):
        if text.startswith(_CELL, match.end()):
            continue
        if match.end() < end and _open(text, begin, match.end()):
            continue
        yield from _trimmed(text, begin, match.end())
        begin = match.end()
    yield from _trimmed(text, begin, end)


def _open(text: str, start: int, end: int) -> bool:
    depth = 0
    for character in text[start:end]:
        depth += (character in _OPENERS) - (character in _CLOSERS)
    return depth > 0


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end
