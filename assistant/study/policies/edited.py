"""A trainer's words in place of what was read: lines of a form, each of them words of the text, indented below their lead-in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from assistant.errors import InvalidEntry
from assistant.study.policies.card import Condition, Part, PolicyCard, Quote
from assistant.study.policies.conditions import condition
from assistant.study.policies.layout import PLAIN, Node
from assistant.study.policies.windows import window_in
from knowledge.model import Sureness

INDENT: Final = "　　"  # for each level below a lead-in
#: Where a line stands in the text, and how many lead-ins stand above it: [start, end, level]; the level is missing in old entries.
Spot = Sequence[int]


def lines_of(card: PolicyCard, part: Part) -> list[str]:
    """A field as lines of words for the trainer's form; conditions that stand under a lead-in are indented."""
    if part in (Part.CONDITIONS, Part.EXCLUDED):
        groups = card.conditions if part is Part.CONDITIONS else card.excluded
        return [INDENT * level + one.quote.text for one, level in _levels(groups)]
    return [quote.text for quote in quotes_of(card, part)]


def quotes_of(card: PolicyCard, part: Part) -> list[Quote]:
    """The words that a field rests on; of conditions those that are judged one by one."""
    if part is Part.OBJECTS:
        return list(card.objects)
    if part in (Part.CONDITIONS, Part.EXCLUDED):
        groups = card.conditions if part is Part.CONDITIONS else card.excluded
        return [leaf.quote for one in groups for leaf in one.leaves()]
    if part is Part.STANDARDS:
        return list(card.standards)
    if part is Part.PHONE:
        return list(card.phones)
    single = {Part.UNIT: card.unit, Part.DECIDES: card.decides, Part.WINDOW: card.window and card.window.quote}[part]
    return [single] if single else []


def spots(text: str, part: Part, lines: Sequence[str], read: PolicyCard) -> list[list[int]]:
    """Where the words of each line stand: where they were read, else after the line before, else at first.

    Raises InvalidEntry for a line that is no words of the text, or that is indented below nothing.
    """
    known = {one.quote.text: one.quote.start for one, _ in _levels((*read.conditions, *read.excluded))}
    known |= {quote.text: quote.start for quote in quotes_of(read, part)}
    found: list[list[int]] = []
    for line in lines:
        words = line.strip(" 　")
        level = (len(line) - len(line.lstrip(" 　"))) // len(INDENT)
        at = known.get(words, -1)
        at = at if at >= 0 else text.find(words, found[-1][1] if found else 0)
        at = at if at >= 0 else text.find(words)
        if at < 0:
            raise InvalidEntry(f"“{part.value}”里的“{words[:30]}”不是原文里的话，请从原文中照抄一段。")
        if level > (found[-1][2] + 1 if found else 0):
            raise InvalidEntry(f"“{part.value}”里的“{words[:30]}”缩进太深，请放在它上一级的条件下面。")
        found.append([at, at + len(words), level])
    return found


def with_words(card: PolicyCard, part: Part, text: str, placed: Sequence[Spot]) -> PolicyCard:
    """`card` with the words at `placed` as its field `part`; a condition that was read keeps whom it is for and its exception."""
    quotes = tuple(Quote(text[one[0] : one[1]], one[0], one[1]) for one in placed)
    sureness = (*((one, how) for one, how in card.sureness if one is not part), (part, Sureness.SURE))
    read = {one.quote: one for one, _ in _levels((*card.conditions, *card.excluded))}
    levels = [one[2] if len(one) > 2 else 0 for one in placed]
    trees = tuple(_planted(quotes, levels, read)) if part in (Part.CONDITIONS, Part.EXCLUDED) else ()
    changed: dict[Part, dict[str, Any]] = {
        Part.OBJECTS: {"objects": quotes},
        Part.CONDITIONS: {"conditions": trees},
        Part.EXCLUDED: {"excluded": trees},
        Part.STANDARDS: {"standards": quotes},
        Part.WINDOW: {"window": window_in(quotes[0].text, quotes[0].start) if quotes else None},
        Part.UNIT: {"unit": quotes[0] if quotes else None},
        Part.DECIDES: {"decides": quotes[0] if quotes else None},
        Part.PHONE: {"phones": quotes},
    }
    return replace(card, sureness=sureness, **changed[part])


def _levels(groups: Sequence[Condition], level: int = 0) -> Iterator[tuple[Condition, int]]:
    """Every condition with how many lead-ins stand above it, in reading order."""
    for one in groups:
        yield one, level
        yield from _levels(one.children, level + 1)


def _planted(quotes: Sequence[Quote], levels: Sequence[int], read: dict[Quote, Condition]) -> Iterator[Condition]:
    """The trees that lines and their levels describe."""
    place = 0
    while place < len(quotes):
        end = place + 1
        while end < len(quotes) and levels[end] > levels[place]:
            end += 1
        under = tuple(_planted(quotes[place + 1 : end], levels[place + 1 : end], read))
        quote = quotes[place]
        made = condition(Node(PLAIN, quote.text, quote.start))
        known = read.get(quote)
        kept = replace(made, exception=known.exception, whose=known.whose, beside=known.beside) if known else made
        if under:
            kept = replace(
                kept, quote=quote, children=under, join=known.join if known and known.children else kept.join
            )
        elif known and not known.children:
            kept = known
        yield kept
        place = end
