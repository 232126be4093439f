"""A model's stream cut into sentences, each with the numbers of the sources it cites; half a marker is never let out."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from knowledge.text.quantities import ARABIC, ITEM, ITEM_NUMBER

LONGEST_SENTENCE: Final = 600  # characters; a quote or bracket that stays open longer than that ends nothing any more
WIDEST_RANGE: Final = 20  # `[1-400]` is no citation

_NUMBER = f"[{ARABIC}]{{1,6}}"
_JOINS = r"[,，、;；\-－–—~～至]"
_BODY = rf"[\[［【]\s*\^?(?:来源|资料|编号|出处)?\s*({_NUMBER}(?:\s*{_JOINS}\s*{_NUMBER})*)\s*[\]］】]"
_MARKER = re.compile(rf"{_BODY}(?!第?[{ARABIC}]+\s*号)")  # `国发[2015]31号` cites nothing of ours
_AFTER_STOP = re.compile(rf"[ \t　]*[,，、]?[ \t　]*{_BODY}")
_LEADING = re.compile(rf"[\s\-*•·#>]*{_BODY}")
_BEGUN = re.compile(rf"[\[［【]\s*\^?[来源资料编号出处{ARABIC}\s,，、;；\-－–—~～至]{{0,40}}$")
_STOP = re.compile(r"[。！？!?]+[”’」』）)\"]*")
_RANGE = re.compile(r"[\-－–—~～至]")
_LABEL = re.compile(
    rf"^[\s>#*]*(?:[{ARABIC}]{{1,2}}[.、．)）](?![0-9])|[（(][{ARABIC}{ITEM}]{{1,3}}[）)]|{ITEM_NUMBER}、|[①-⑳])"
)
_OPENERS, _CLOSERS = "“‘（(《「『", "”’）)》」』"


@dataclass(frozen=True, slots=True)
class Part:
    """Words of a sentence and the sources cited right after (or before) them."""

    text: str
    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """One sentence as the model wrote it, without its markers. `parts` together are `text`."""

    text: str
    parts: tuple[Part, ...]

    @property
    def ids(self) -> tuple[int, ...]:
        """Every source that the sentence cites, in order, each once."""
        return tuple(dict.fromkeys(one for part in self.parts for one in part.ids))


class Segmenter:
    """Takes pieces of any size and gives sentences as they end. `known` is the number of sources; markers of others are
    counted in `dropped` by reason."""

    def __init__(self, known: int) -> None:
        self._known = known
        self._held = ""
        self.dropped: Counter[str] = Counter()

    def feed(self, piece: str) -> Iterator[Segment]:
        """The sentences that end in `piece`."""
        self._held += piece
        while (end := self._end()) is not None:
            raw, self._held = self._held[:end], self._held[end:]
            yield from self._read(raw)

    def finish(self) -> Iterator[Segment]:
        """What is left when the model has ended, if it says anything; half a marker does not."""
        raw, self._held = _BEGUN.sub("", self._held), ""
        yield from self._read(raw)

    def _end(self) -> int | None:
        """Where the first sentence held ends, its markers included; None while that cannot be told."""
        held = self._held
        line = held.find("\n")
        for stop in _STOP.finditer(held, 0, line if line >= 0 else len(held)):
            if stop.end() < LONGEST_SENTENCE and _open(held[: stop.end()]):
                continue
            if _cited(held[: stop.start()]):
                return stop.end()  # a marker that comes now belongs to what follows: `[1] 甲。[2] 乙。`
            place = stop.end()
            while marker := _AFTER_STOP.match(held, place):
                place = marker.end()
            after = held[place:].lstrip(" \t　,，、")
            return place if line >= 0 or (after and not _BEGUN.match(after)) else None  # else more markers may come
        return line + 1 if line >= 0 else None

    def _read(self, raw: str) -> Iterator[Segment]:
        parts: list[Part] = []
        waiting: tuple[int, ...] = ()  # markers that stand before the words
        place = 0
        for marker in _MARKER.finditer(raw):
            words = raw[place : marker.start()]
            place = marker.end()
            ids = self._ids(marker[1])
            if any(part.ids for part in parts) and not words.strip(" ,，、"):
                parts[-1] = Part(parts[-1].text, (*parts[-1].ids, *ids))
            elif not _says(words):
                waiting += ids
                if words.strip():  # `- [1] 甲`: the bullet stays with the words
                    parts.append(Part(words, ()))
            else:
                parts.append(Part(words, (*waiting, *ids)))
                waiting = ()
        rest = raw[place:]
        if parts and any(part.ids for part in parts) and not _says(rest):
            parts[-1] = Part(parts[-1].text + rest.strip(), (*parts[-1].ids, *waiting))
        elif rest.strip():
            parts.append(Part(rest, waiting))
        elif waiting:
            self.dropped["stray"] += len(waiting)
        text = "".join(part.text for part in parts)
        if _says(text):
            yield Segment(text.strip(), tuple(_joined(parts)))

    def _ids(self, numbers: str) -> tuple[int, ...]:
        found: list[int] = []
        for piece in re.split(r"[,，、;；]", unicodedata.normalize("NFKC", numbers)):
            first, *rest = (int(number) for number in _RANGE.split(piece))
            last = rest[-1] if rest else first
            if not 0 <= last - first < WIDEST_RANGE:
                self.dropped["unreadable"] += 1
                continue
            for number in range(first, last + 1):
                if 1 <= number <= self._known:
                    found.append(number)
                else:
                    self.dropped["unknown"] += 1
        return tuple(found)


def _joined(parts: list[Part]) -> Iterator[Part]:
    """`parts` with those that say nothing, or cite nothing, given to a neighbour: the markers after a sentence stand for
    all of it back to the last marker."""
    text = ""
    last: Part | None = None
    for part in parts:
        text += part.text
        if not part.ids:
            continue
        if last:
            yield last
        last, text = Part(text, part.ids), ""
    if last:
        yield Part(last.text + text, last.ids) if not _says(text) else last
    if _says(text) or not last:
        yield Part(text, ())


def _cited(text: str) -> bool:
    """Whether a sentence has its marker already: at its beginning, or as the last thing before the stop."""
    return _LEADING.match(text) is not None or any(
        marker.end() == len(text.rstrip()) for marker in _MARKER.finditer(text)
    )


def _says(text: str) -> bool:
    return any(character.isalnum() for character in _LABEL.sub("", text))


def _open(text: str) -> bool:
    depth = 0
    for character in text:
        depth += (character in _OPENERS) - (character in _CLOSERS)
    return depth > 0
