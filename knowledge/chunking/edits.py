"""What trainers changed of how a text is cut, put on a cut of it: passages off, split, merged.

A change is kept by its wording and address and not by numbers, so that it finds its place again when the file is read
anew, in a later version of it and in another library.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from knowledge.model import Section, Span
from knowledge.text.similarity import jaccard, shape

_WORDS: Final = 24  # characters kept on either side of a boundary
_FEWER_WORDS: Final = 8  # enough inside the very passage, when the words further off have changed
_SAME_PASSAGE: Final = 0.8  # bigram Jaccard from which a reworded passage is still the one that was switched off


class EditKind(StrEnum):
    """What a trainer did to the cut."""

    OFF = "off"  # the passage is not found by searches
    SPLIT = "split"  # a boundary where the program saw none
    MERGE = "merge"  # no boundary where the program saw one


@dataclass(frozen=True, slots=True)
class Edit:
    """One change. For OFF `before` is the wording of the passage; for the others the words on both sides of the
    boundary. `address` is that of the (first) passage. `id` 0 is one that is not stored yet."""

    id: int
    kind: EditKind
    address: str
    before: str
    after: str = ""


@dataclass(frozen=True, slots=True)
class Cut:
    """A passage as trainers want it."""

    span: Span
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Fitted:
    """A cut with the changes on it, and those changes that found no place in this text."""

    cuts: tuple[Cut, ...]
    unplaced: tuple[Edit, ...]


def fit(text: str, sections: Sequence[Section], spans: Sequence[Span], edits: Sequence[Edit]) -> Fitted:
    """`spans` with `edits` on them, boundaries in the order in which they were changed, then what is off."""
    current, unplaced = list(spans), list[Edit]()
    for edit in edits:
        if edit.kind is EditKind.OFF:
            continue
        changed = _split(text, sections, current, edit) if edit.kind is EditKind.SPLIT else _merge(text, current, edit)
        if changed is None:
            unplaced.append(edit)
        else:
            current = changed
    if current != list(spans):
        current = _unique(current)
    off: set[int] = set()
    for edit in edits:
        if edit.kind is EditKind.OFF:
            place = _reworded(text, current, edit)
            if place is None:
                unplaced.append(edit)
            else:
                off.add(place)
    return Fitted(tuple(Cut(span, i not in off) for i, span in enumerate(current)), tuple(unplaced))


def boundary(kind: EditKind, address: str, text: str, position: int) -> Edit:
    """A change of the boundary at `position`, where the second part begins."""
    return Edit(0, kind, address, text[:position].rstrip()[-_WORDS:], text[position:].lstrip()[:_WORDS])


def _split(text: str, sections: Sequence[Section], spans: list[Span], edit: Edit) -> list[Span] | None:
    for position in _positions(text, spans, edit):
        for i, span in enumerate(spans):
            if span.start < position < span.end and text[span.start : position].strip():
                first_end = span.start + len(text[span.start : position].rstrip())
                first = _named(sections, replace(span, end=first_end))
                second = _named(sections, replace(span, start=position))
                return [*spans[:i], first, second, *spans[i + 1 :]]
    return None


def _merge(text: str, spans: list[Span], edit: Edit) -> list[Span] | None:
    for position in _positions(text, spans, edit):
        for i in range(len(spans) - 1):
            if spans[i + 1].start == position:
                joined = replace(spans[i], end=spans[i + 1].end, address=_joint(spans[i].address, spans[i + 1].address))
                return [*spans[:i], joined, *spans[i + 2 :]]
    return None


def _positions(text: str, spans: Sequence[Span], edit: Edit) -> Iterator[int]:
    """Where the boundary may be, the likeliest first: the full words at the address, the full words anywhere, then
    some of the words inside the passage of that address only."""
    full = _found(text, edit.before, edit.after)
    home = [(span.start, span.end) for span in spans if _at(span.address, edit.address)]
    yield from (position for position in full if _inside(position, home))
    yield from (position for position in full if not _inside(position, home))
    for before, after in (
        (edit.before[-_FEWER_WORDS:], edit.after[:_FEWER_WORDS]),
        (edit.before[-_FEWER_WORDS:], ""),
        ("", edit.after[:_FEWER_WORDS]),
    ):
        some = [position for position in _found(text, before, after) if _inside(position, home)]
        if len(some) == 1:
            yield from some


def _found(text: str, before: str, after: str) -> list[int]:
    """Offsets of the first character after the boundary."""
    if not before and not after:
        return []
    pattern = re.compile(re.escape(before) + r"\s*(?=\S)" + f"(?P<after>{re.escape(after)})")
    return [found.start("after") for found in pattern.finditer(text)]


def _inside(position: int, homes: Sequence[tuple[int, int]]) -> bool:
    return any(start <= position <= end + 2 for start, end in homes)


def _at(address: str, wanted: str) -> bool:
    """Whether `address` is `wanted`, or one of the parts that it was split into."""
    bare = _bare(address)
    return bare == _bare(wanted) or bare.startswith(wanted + "/") or wanted.startswith(bare + "/")


def _reworded(text: str, spans: Sequence[Span], edit: Edit) -> int | None:
    same = [i for i, span in enumerate(spans) if text[span.start : span.end] == edit.before]
    at_home = [i for i, span in enumerate(spans) if span.address == edit.address]
    for i in [*(i for i in same if i in at_home), *same]:
        return i
    wording = shape(edit.before)
    for i in at_home:
        if jaccard(shape(text[spans[i].start : spans[i].end]), wording) >= _SAME_PASSAGE:
            return i
    return None


def _named(sections: Sequence[Section], span: Span) -> Span:
    """`span` under the address of the section that it fills, if there is one."""
    for section in sections:
        if section.start == span.start and 0 <= section.end - span.end <= 1:
            return replace(span, address=section.path)
    return span


def _joint(first: str, last: str) -> str:
    """`第三条/第一款` and `第三条/第二款` -> `第三条/第一款至第二款`."""
    first, last = _bare(first), _bare(last)
    if first == last or last.startswith(first + "/"):
        return first
    return f"{first.partition('至')[0]}至{last.rpartition('/')[2].rpartition('至')[2]}"


def _unique(spans: Sequence[Span]) -> list[Span]:
    taken: Counter[str] = Counter()
    unique = []
    for span in spans:
        bare = _bare(span.address)
        taken[bare] += 1
        unique.append(replace(span, address=bare if taken[bare] == 1 else f"{bare}〔{taken[bare]}〕"))
    return unique


def _bare(address: str) -> str:
    """`第三条〔2〕` -> `第三条`: without the number that tells parts of one address apart."""
    return re.sub(r"〔[0-9]{1,3}〕$", "", address)
