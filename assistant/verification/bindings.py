"""What goes with what: a figure or an actor must stand in the source beside the same words, not beside those of another.

`警告影响期六个月，记过影响期十二个月` has every word of `警告影响期十二个月` and does not say it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Protocol

from assistant.verification.modality import Clause
from knowledge.text.quantities import TO

REACH: Final = 22  # characters before a figure that may tell what it is of
AFTER: Final = 6  # and so many after it

SURELY: Final = 3  # so many of its own words before a figure leave no doubt what it is of

_SPAN = "#"
_STOP = re.compile(r"[。;\n]")
_PAUSE = re.compile(r"[,、。;:\n]")
_TO = re.compile(TO)
_SEGMENT = re.compile(r"[^;。\n]+")
_CONDITION = re.compile(r"(?:的|时|之后|后)$")


class Span(Protocol):
    """Anything at `start:end` of a plain text."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Beside:
    """The words before and after a span. `leads` when nothing like it stands before it in its sentence: the words before it
    then begin with what may be said of all that follow."""

    before: str
    after: str
    leads: bool = False


def around_figure(text: str, figure: Span, alike: Sequence[Span]) -> Beside:
    """The words that tell what a figure is of: back to the last figure `alike` or the last full stop, and a few after it.
    The two ends of a range (`三十米至五十米`) have the same words."""
    first, last = figure, figure
    for other in alike:
        if other.end < figure.start and _TO.fullmatch(text[other.end : figure.start]):
            first = other
        if figure.end < other.start and _TO.fullmatch(text[figure.end : other.start]):
            last = other
    start = max([0, first.start - REACH, *(other.end for other in alike if other.end <= first.start)])
    before = re.split(r"[。;\n]", text[start : first.start])[-1]
    after = re.split(r"[。;,、\n]", text[last.end : last.end + AFTER])[0]
    leads = not any(other.end <= first.start and not _STOP.search(text[other.end : first.start]) for other in alike)
    return Beside(_squeezed(before), _squeezed(after), leads)


def around_actor(text: str, actor: Span, until: int = 0) -> Beside:
    """The clause around an actor; with `until`, all that follows up to there or the next full stop."""
    before = _PAUSE.split(text[: actor.start])[-1]
    after = (_STOP if until else _PAUSE).split(text[actor.end : until or len(text)])[0]
    return Beside(_squeezed(before), _squeezed(after))


def mixed_up(mine: Beside, right: Iterable[Beside], wrong: Sequence[Beside], *, by_side: bool = False) -> bool:
    """Whether the words beside something are, compared with each of its places in the source (`right`), those beside
    something else there (`wrong`): none of its own, some of the other's. `by_side` looks at those before and those after by
    themselves too."""
    return all(any(_rather(mine, one, other, by_side) for other in wrong) for one in right)


def torn(said: Sequence[Clause], sources: str, hold: Callable[[str, str], float]) -> str:
    """The first condition (`……的，`) of a sentence whose consequence the sources tie to another condition; "" if none.
    `hold` tells how much of a clause some text holds, in 0..1."""
    segments = _SEGMENT.findall(sources)
    if len(segments) < 2:
        return ""
    for condition, consequence in pairwise(said):
        if not _CONDITION.search(condition.text) or min(len(condition.bigrams), len(consequence.bigrams)) < 2:
            continue
        ifs = [hold(condition.text, segment) for segment in segments]
        thens = [hold(consequence.text, segment) for segment in segments]
        if min(max(ifs), max(thens)) < 0.6:
            continue
        if all(one < max(ifs) * 0.7 or other < max(thens) * 0.7 for one, other in zip(ifs, thens, strict=True)):
            return condition.text
    return ""


def _rather(mine: Beside, right: Beside, wrong: Beside, by_side: bool) -> bool:
    own_before, other_before = right.before, wrong.before
    if len(_bigrams(mine.before) & (_bigrams(own_before) - _bigrams(other_before))) >= SURELY:
        return False
    if right.leads:  # 评估优秀的补贴八万元，良好的补贴五万元: 评估 is said of both
        own_before = own_before[-len(other_before) :]
    if wrong.leads:
        other_before = other_before[-len(own_before) :]
    before, own_words, other_words = (_bigrams(f"{text}{_SPAN}") for text in (mine.before, own_before, other_before))
    after, own_after, other_after = (_bigrams(f"{_SPAN}{one.after}") for one in (mine, right, wrong))
    both, own, other = before | after, own_words | own_after, other_words | other_after
    if not both & (own - other) and both & (other - own):
        return True
    if not by_side:
        return False
    sides = [(after, own_after, other_after)]
    if own_before and not wrong.leads:
        sides.append((before, own_words, other_words))
    return any(not one & (these - those) and len(one & (those - these)) > 1 for one, these, those in sides)


def _squeezed(text: str) -> str:
    return re.sub(r"[^0-9a-z\u3400-\u9fff%]", "", text)


def _bigrams(text: str) -> frozenset[str]:
    return frozenset(text[place : place + 2] for place in range(len(text) - 1))
