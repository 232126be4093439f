"""Marking: what counts as a right answer. A blank takes width, spaces, marks, ways to write a number and listed variants;
everything else must be the words themselves, so that a wrong answer never passes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from assistant.study.question_bank import BLANK, FALSE, TRUE, Content, Kind
from assistant.study.question_bank.content import VARIANTS, plain
from knowledge.text import searchable
from knowledge.text.quantities import AMOUNT, UNIT, amount, quantities, unit_of

#: Marks that carry no meaning in a short answer; a decimal point, a percent sign and signs of comparison stay.
_MARKS = re.compile(r"[\s,，。;；:：、·・《》〈〉“”\"'‘’「」『』()（）\[\]【】!！?？]+")
_UNIT_AFTER = re.compile(rf"(?:{UNIT})")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
#: What tells two answers apart that have the same letters and figures: signs, and 余 and 多 that a figure swallows.
_SIGNS = re.compile(r"(?<=\d)[.,、](?=\d)|[%‰<>≤≥+\-−~～/:余多]")
_FRACTION = re.compile(r"(\d+)/(\d+)")
_TRUE = frozenset({"对", "正确", "是", "√", "✓", "✔", "t", "true", "v"})
_FALSE = frozenset({"错", "错误", "否", "不对", "×", "✗", "✘", "x", "f", "false"})

Piece = str | tuple[Fraction, str]


@dataclass(frozen=True, slots=True)
class Mark:
    """`right` is None where only the reader can judge; `parts` tell it blank by blank."""

    right: bool | None
    parts: tuple[bool, ...] = ()


def mark(content: Content, given: Sequence[str]) -> Mark:
    """Whether `given` answers an item: letters, 对/错, or one text for each blank."""
    if content.kind is Kind.SHORT:
        return Mark(None)
    if content.kind is Kind.FILL:
        filled = [*given, *([""] * (len(content.answer) - len(given)))]
        before_and_after = content.stem.split(BLANK)
        parts = tuple(
            fits(expected, one, after=before_and_after[place + 1])
            for place, (expected, one) in enumerate(zip(content.answer, filled, strict=False))
        )
        return Mark(all(parts), parts)
    if content.kind is Kind.JUDGE:
        return Mark(bool(given) and truth(given[0]) == content.answer[0])
    return Mark(bool(given) and set(given) == set(content.answer))


def truth(words: str) -> str:
    """对, 错, or "" for what says neither."""
    word = searchable(words).strip("。. ")
    return TRUE if word in _TRUE else FALSE if word in _FALSE else ""


def fits(expected: str, given: str, *, after: str = "") -> bool:
    """Whether `given` may stand in a blank that expects `expected` (variants apart by `|`); `after` follows the blank:
    a unit that stands there may be written into the blank once more.

    >>> fits("二百元", " 200 元"), fits("二百元", "2000元"), fits("三", "3年", after="年以上")
    (True, False, True)
    """
    if not given.strip():
        return False
    unit = _UNIT_AFTER.match(searchable(after))
    return any(_same(one, given, unit[0] if unit else "") for one in expected.split(VARIANTS) if one.strip())


def _same(expected: str, given: str, unit: str) -> bool:
    expected, given = (_FRACTION.sub(r"\2分之\1", one) for one in (searchable(expected), searchable(given)))
    if _signs(expected) == _signs(given) and plain(expected) == plain(given):
        return True
    if _hedged(expected) != _hedged(given):
        return False
    wanted = pieces(expected)
    found = pieces(given)
    if wanted == found:
        return True
    return bool(unit) and pieces(expected + unit) in (found, pieces(given + unit))


def pieces(words: str) -> list[Piece]:
    """A short answer as words and quantities: `不超过三个月` -> `["不超过", (3, "个月")]`. Two answers are the same where
    these are: a quantity by its value in the base unit, the words without marks."""
    text = searchable(words)
    found: list[Piece] = []
    at = 0
    for one in sorted(quantities(text), key=lambda quantity: quantity.start):
        if one.start < at:
            continue
        _words_into(found, text[at : one.start])
        unit = unit_of(one.unit)
        value, name = one.value, one.unit
        if unit and unit.base:
            value, name = value * (1 if unit.name == unit.base else unit.factor), unit.base
        found.append((value, f"第{name}" if one.ordinal else name))
        at = one.end
    _words_into(found, text[at:])
    return found if any(isinstance(one, tuple) for one in found) else _bare(text) or found


def _bare(text: str) -> list[Piece]:
    """A numeral alone, which says no unit."""
    value = amount(text) if re.fullmatch(f"[0-9.,{AMOUNT}]+", text) else None
    return [(value, "")] if value is not None else []


def _words_into(found: list[Piece], words: str) -> None:
    if word := _MARKS.sub("", words):
        found.append(word)


def _signs(words: str) -> list[str]:
    return _SIGNS.findall(_THOUSANDS.sub("", words))


def _hedged(words: str) -> list[str]:
    return re.findall("[余多]", words)
