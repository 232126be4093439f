"""Items on the figures of a rule: a blank, a choice among figures of the same unit, a statement true or with another figure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from assistant.study.question_bank.making.material import Material, Said, Spot
from knowledge.text.quantities import AMOUNT, ARABIC, ITEM, Measure, Quantity, measures, quantities, to_chinese

_ASKED = (
    Measure.TIME,
    Measure.MONEY,
    Measure.PEOPLE,
    Measure.AGE,
    Measure.STUDY,
    Measure.AREA,
    Measure.TIMES,
    Measure.LENGTH,
)
SHARE = "份额"
CHOICES = 4
AROUND = 8  # characters that tell one place of a figure from another
#: Figures that usually come with a unit, for where a document has too few of its own.
_LADDER: dict[str, tuple[int, ...]] = {
    "年": (1, 2, 3, 5, 6, 8, 10, 15, 20, 30),
    "个月": (1, 2, 3, 4, 6, 9, 12, 18),
    "日": (2, 3, 5, 7, 10, 15, 20, 30, 45, 60, 90),
    "工作日": (1, 2, 3, 5, 7, 10, 15, 20, 30),
    "小时": (2, 4, 6, 8, 12, 24, 36, 48, 72),
    "人": (2, 3, 5, 7, 9, 10, 15, 30, 50),
    "岁": (14, 16, 18, 20, 25, 30, 35, 45),
    "次": (2, 3, 4, 5, 6),
    "学时": (24, 32, 40, 56, 80, 90, 110),
}
_SHARES = ("三分之一", "二分之一", "三分之二", "四分之三", "五分之一", "五分之四", "十分之一")
#: One of these is no figure to ask for, and no wrong answer either: 一人以上, 一次, 一天.
_FROM_TWO = frozenset({"人", "次", "月", "年度", "日", "小时"})
_OF_A_MONTH = re.compile(r"月$")  # 4月15日 is a day and no period
SHORTEST_MONTH = 28  # days
_NOT_ASKED = re.compile(r"(?:第|每|各|这|同|至|到|[-—~])$")


@dataclass(frozen=True, slots=True)
class Figure(Spot):
    """A figure of a sentence, as it is written at `start:end` of the sentence, with three or more that are wrong there."""

    others: tuple[str, ...]


def figures(material: Material) -> Iterator[Figure]:
    """The sentences with one figure that is worth asking, each with figures of the same unit from elsewhere in the text."""
    held = [(said, one) for said in material.sentences for one in quantities(said.plain)]
    for said in material.sentences:
        every = [one for one in quantities(said.plain) if not one.place]
        asked = [one for one in every if _is_asked(said, one)]
        if len(asked) != 1 or len(every) > 2:
            continue
        figure = asked[0]
        written = said.text[figure.start : figure.end]
        if _elsewhere(material, said, figure):
            continue
        others = _others(figure, written, [(one, s.text[one.start : one.end]) for s, one in held])
        if _OF_A_MONTH.search(said.plain[: figure.start]):
            others = tuple(one for one in others if next(iter(quantities(one))).value <= SHORTEST_MONTH)
        if len(others) >= CHOICES - 1:
            yield Figure(said, written, figure.start, figure.end, others)


def _is_asked(said: Said, figure: Quantity) -> bool:
    if figure.ordinal or (figure.unit != SHARE and not measures(figure.unit, *_ASKED)):
        return False
    if figure.unit == "年" and figure.value > 100:
        return False
    if figure.unit == "月" or (figure.unit in _FROM_TWO and figure.value < 2):
        return False
    before = said.plain[: figure.start]
    return not _NOT_ASKED.search(before) and not re.match(r"余|多|左右|来|至|到|[-—~～–]", said.plain[figure.end :])


def _elsewhere(material: Material, said: Said, figure: Quantity) -> bool:
    """Whether the same words stand around another figure of the text: then the question has two answers."""
    before = said.plain[max(0, figure.start - AROUND) : figure.start]
    after = said.plain[figure.end : figure.end + AROUND]
    if len(before) + len(after) < AROUND:
        return True
    pattern = re.escape(before) + r"([^,。;、]{1,9}?)" + re.escape(after)
    found = {one[1] for one in re.finditer(pattern, material.everything)}
    return len(found) > 1


def _others(figure: Quantity, written: str, held: Sequence[tuple[Quantity, str]]) -> tuple[str, ...]:
    """Figures of the same unit in the same script, of another value, the nearest in size first."""
    arabic = written[0].isascii() or "\uff10" <= written[0] <= "\uff19"
    unit = written[len(_numeral(written)) :]
    found: dict[Fraction, str] = {}
    for other, words in held:
        alike = (words[0].isascii() or "\uff10" <= words[0] <= "\uff19") == arabic
        same = other.unit == figure.unit and words[len(_numeral(words)) :] == unit
        if other.unit in _FROM_TWO and other.value < 2:
            continue
        if same and alike and not other.ordinal and other.value != figure.value:
            found.setdefault(other.value, words)
    if figure.unit == SHARE:
        return _shares(figure, written)
    for value in _ladder(figure, unit):
        found.setdefault(Fraction(value), f"{value if arabic else to_chinese(value)}{unit}")
    found.pop(figure.value, None)
    near = sorted(
        (value for value in found if figure.value / 6 <= value <= figure.value * 6),
        key=lambda value: (max(value, figure.value) / min(value, figure.value), value),
    )
    return tuple(found[value] for value in near if found[value] != written)


def _numeral(words: str) -> str:
    found = re.match(f"[{ARABIC}.,，]+|[{AMOUNT}半]+", words)
    return found[0] if found else ""


def _ladder(figure: Quantity, unit: str) -> tuple[int, ...]:
    if figure.unit == "元":
        scale = 10_000 if unit.startswith("万") else 1
        return tuple(
            int(figure.value / scale * share)
            for share in (Fraction(1, 2), 2, 3, 5)
            if (figure.value / scale * share).denominator == 1
        )
    return _LADDER.get(figure.unit, ())


def _shares(figure: Quantity, written: str) -> tuple[str, ...]:
    if "分之" in written and not written.startswith("百分之"):
        return tuple(one for one in _SHARES if next(iter(quantities(one))).value != figure.value)
    found = re.fullmatch(f"百分之([{ITEM}百]+)", written)
    percent = figure.value * 100
    if percent.denominator != 1 or not (found or written.endswith("%")):
        return ()
    values = [one for one in (5, 10, 15, 20, 25, 30, 40, 50, 60, 80) if one != percent]
    values.sort(key=lambda one: abs(one - percent))
    return tuple(f"百分之{to_chinese(one)}" if found else f"{one}%" for one in values)
