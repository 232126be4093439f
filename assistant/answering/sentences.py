"""A passage taken apart into the units an extract is made of: sentences, lead-ins and the items they introduce."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from knowledge.text.quantities import ARABIC, ARTICLE_LABEL, ITEM

_LABEL = re.compile(rf"^{ARTICLE_LABEL}[\s　:：]*")
_ITEM = re.compile(
    rf"^[\s　]*(?:[（(][{ITEM}百{ARABIC}]+[)）]|[{ARABIC}]+[.．、](?![{ARABIC}])|"
    rf"[①-⑳]|[{ITEM}]+[、.．]|[-*•·]\s)"
)
_STOP = re.compile(r"[。！？!?](?:[”’」』）)]*)")
_SAYS = re.compile(r"[。！？!?；;：:]")
CELL = " | "  # between the cells of a table's row, as the readers flatten it
_NAMES_TABLE = re.compile(r"表[^，。]{0,3}|[（(]?单位[：:]")
_ANNOUNCES = re.compile(rf"表[{ARABIC}{ITEM}]*(?:的规定)?[。：:]$")
LONGEST_HEADING = 30  # characters
_OPENERS, _CLOSERS = "“‘（(《「『", "”’）)》」』"


@dataclass(frozen=True, slots=True)
class Unit:
    """One sentence or item at `start:end` of the canonical text. `item` marks a member of an enumeration, `lead` the
    index (in the list of units) of the sentence that introduces it, `line` the paragraph it stands in; `heading` a
    short line that says nothing by itself. A row of a table is read `under` the units that give its cells their meaning: the
    line before the table, its header, and of a row that leaves out its first cells the last one that has them."""

    text: str
    start: int
    end: int
    line: int
    item: bool = False
    lead: int | None = None
    heading: bool = False
    under: tuple[int, ...] = ()

    @property
    def row(self) -> bool:
        return CELL in self.text


def with_above(unit: Unit, every: Sequence[Unit]) -> list[Unit]:
    """`unit` after what introduces it: the lead-in of an item, the header of a row."""
    before = sorted({*unit.under, *([] if unit.lead is None else [unit.lead])})
    return [*(every[index] for index in before), unit]


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
        item = bool(_ITEM.match(line)) or CELL in line
        if not item:
            lead = None
        whole = CELL in line  # a cell may hold several sentences
        for start, end in (_trimmed if whole else _sentences)(text, begin, position + len(line)):
            heading = end - start <= LONGEST_HEADING and not item and not _SAYS.search(text[start:end])
            found.append(
                Unit(text[start:end], offset + start, offset + end, line_number, item, lead if item else None, heading)
            )
        if found and not item and line.rstrip().endswith(("：", ":")):
            lead = len(found) - 1
        position += len(line) + 1
    return _under_headers(found)


def _under_headers(found: list[Unit]) -> list[Unit]:
    """`found` with the rows of tables put under their headers."""
    made: list[Unit] = []
    header, group, cells = 0, 0, 0
    for index, unit in enumerate(found):
        if not unit.row:
            made.append(unit)
            continue
        here = unit.text.count(CELL)
        if not index or not found[index - 1].row:
            header, group, cells = index, index, here
            made.append(replace(unit, under=_before_table(found, index)))
            continue
        if here >= cells:
            group = index
        above = {*made[header].under, header, *([group] if group not in (header, index) else [])}
        made.append(replace(unit, under=tuple(sorted(above))))
    return made


def _before_table(found: Sequence[Unit], header: int) -> tuple[int, ...]:
    """The lines right before a table that belong to it: its name, its unit (单位：元), the words that announce it."""
    before: list[int] = []
    for index in range(header - 1, max(header - 4, -1), -1):
        unit = found[index]
        if unit.item or unit.row:
            break
        if unit.text.endswith(("：", ":")) or _ANNOUNCES.search(unit.text):
            before.append(index)
            break
        if not (unit.heading or _NAMES_TABLE.match(unit.text)):
            break
        before.append(index)
    return tuple(reversed(before))


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Spans of the sentences in `text[start:end]`, without surrounding space; a stop inside quotes or brackets does
    not end a sentence unless the quote closes there."""
    begin = start
    for match in _STOP.finditer(text, start, end):
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
