"""The quantities of a text: numbers with their units, shares, times of day, ordinals; `半年` is six months, `3万元` 30,000 元."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

from knowledge.text.quantities.numerals import AMOUNT, AMOUNT_NUMBER, CHINESE, DIGIT, ITEM, ITEM_NUMBER, amount, to_int
from knowledge.text.quantities.references import TO
from knowledge.text.quantities.units import SHARE, UNIT, Measure, named, unit_of
from knowledge.text.word_lists import WordLists

_TAKEN: Final = "+"  # what taken characters become: no part of anything
_MEASURE = re.compile(rf"(?<!第)(?P<number>{AMOUNT_NUMBER})(?:余|多)?(?P<unit>{UNIT})?")
_SHARED_UNIT = re.compile(rf"(?:{TO}|或者?|、){AMOUNT_NUMBER}(?P<unit>{UNIT})")  # 三 in 三至五年
_ORDINAL = re.compile(
    rf"第(?P<number>{AMOUNT_NUMBER})(?P<unit>条(?:之(?P<sub>{ITEM_NUMBER})(?![种类个]))?|款|项|章|编|节|届|号|次|批|类|种|档|级|个|季度|年度|期|卷|名)?"
)
_PLACES: Final = frozenset("条款项章编节")
_PART = re.compile(rf"([{AMOUNT}0-9]+)分之([{AMOUNT}0-9]+(?:点[{CHINESE}0-9]+)?)")
_PERCENT = re.compile(r"([0-9]+(?:\.[0-9]+)?)(%|‰)")
_HALF = re.compile(r"半数|一半|半年|半天|半个月|半个小时|半小时")
_HALVES: Final = {"半数": SHARE, "一半": SHARE, "半年": "年", "半天": "日", "半个月": "个月"}
_HOUR = r"时(?![间效期候代段])"
_CLOCK = re.compile(
    rf"(?:(?P<part>凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|晚间|夜间)(?P<told>{AMOUNT_NUMBER})(?:{_HOUR}|点)"
    rf"|(?P<hour>{AMOUNT_NUMBER})(?:{_HOUR}|点(?=[钟半整]|{AMOUNT_NUMBER}分)))(?:(?P<half>半)|(?P<minute>{AMOUNT_NUMBER})分)?"
)
_AFTERNOON: Final = ("下午", "傍晚", "晚上", "晚间", "夜间")
_TENTHS = re.compile(rf"([{DIGIT}两])成(?![立为员绩功果本年熟长分就])")
_COINS = re.compile(rf"({AMOUNT_NUMBER})角(?![度色落])")
_WEEKDAY = re.compile(rf"(?:周|星期)([{DIGIT[:6]}日天])(?![次届个回项名人册场年岁节])")
#: Words that hold the character of a number and count nothing.
LISTS: Final = WordLists(Path(__file__).with_name("lists") / "quantity.yaml", DIGIT=DIGIT, ITEM=ITEM)
_NO_NUMBER = LISTS.words("no_number")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number at `start:end` of a text. `unit` has its one name (`units.named`), "" when there is none; a share of a whole
    has the unit 份额 and a value of 0.2 for 20%. `ordinal` for 第二次; `sub` is the 一 of 第十条之一."""

    value: Fraction
    unit: str
    start: int
    end: int
    ordinal: bool = False
    sub: int = 0

    @property
    def place(self) -> bool:
        """Whether it names a part of a text, as 第三条 does."""
        return self.ordinal and self.unit in _PLACES

    @property
    def in_base(self) -> tuple[str, Fraction] | None:
        """The same in the unit that it converts to, with its value there: 半年 is six 个月. None when there is none."""
        unit = unit_of(self.unit)
        return (unit.base, self.value * unit.factor) if unit and unit.base else None

    def says(self, other: Quantity) -> bool:
        """Whether both are the same figure: 半年 and 六个月, 3万元 and 30000元."""
        if self.ordinal != other.ordinal and self.unit != "届":  # 二十届四中全会
            return False
        if self.sub != other.sub:
            return False
        if self.value == other.value and self.unit in ("", other.unit):
            return True
        return not self.ordinal and self.in_base == other.in_base is not None


def quantities(plain: str) -> Iterator[Quantity]:
    """The quantities of a searchable text without its dates (see `dates.partial_dates`); kind by kind, not in reading order."""
    text = plain
    for pattern, read in _KINDS:
        for match in pattern.finditer(text):
            if (found := read(match)) is not None:
                yield found
        if pattern is not _HALF:  # 下午三点半: the half belongs to the hour as well
            text = pattern.sub(_blank, text)
    text = without_words(_HALF.sub(_blank, text))
    for match in _ORDINAL.finditer(text):
        value = amount(match["number"])
        if value is not None and match["unit"]:
            sub = to_int(match["sub"] or "") or 0
            yield Quantity(value, match["unit"].partition("之")[0], *match.span(), ordinal=True, sub=sub)
    text = _ORDINAL.sub(_blank, text)
    for match in _MEASURE.finditer(text):
        written = match["unit"] or ""
        if not written and (shared := _SHARED_UNIT.match(text, match.end())):
            written = shared["unit"]
        value = amount(match["number"])
        if value is None or (not written and not _counts(match["number"])):
            continue
        unit = unit_of(written)
        if unit and unit.measure is Measure.MONEY:
            yield Quantity(value * unit.factor, unit.base, *match.span())
        else:
            yield Quantity(value, named(written), *match.span())


def without_words(plain: str) -> str:
    """`plain` with `+` for the words that only look like a number (一般, 三令五申); as long as before."""
    return _NO_NUMBER.sub(_blank, plain)


def blanked(plain: str, spans: Iterable[tuple[int, int]]) -> str:
    """`plain` with `+` at these spans; as long as before."""
    for start, end in spans:
        plain = plain[:start] + _TAKEN * (end - start) + plain[end:]
    return plain


def _part(match: re.Match[str]) -> Quantity | None:
    value, whole = amount(match[2]), {"百": Fraction(100), "千": Fraction(1000)}.get(match[1]) or amount(match[1])
    return Quantity(value / whole, SHARE, *match.span()) if value is not None and whole else None


def _percent(match: re.Match[str]) -> Quantity:
    return Quantity(Fraction(match[1]) / (100 if match[2] == "%" else 1000), SHARE, *match.span())


def _half(match: re.Match[str]) -> Quantity:
    return Quantity(Fraction(1, 2), _HALVES.get(match[0], "小时"), *match.span())


def _clock(match: re.Match[str]) -> Quantity | None:
    hour = amount(match["told"] or match["hour"])
    if hour is None:
        return None
    hour += 12 if match["part"] in _AFTERNOON and hour < 12 else 0
    minute = Fraction(30) if match["half"] else amount(match["minute"] or "0") or Fraction(0)
    return Quantity(hour + minute / 60, "时", *match.span())


def _tenths(match: re.Match[str]) -> Quantity:
    return Quantity(Fraction(to_int(match[1]) or 0, 10), SHARE, *match.span())


def _coins(match: re.Match[str]) -> Quantity | None:
    value = amount(match[1])
    return None if value is None else Quantity(value / 10, "元", *match.span())


def _weekday(match: re.Match[str]) -> Quantity:
    return Quantity(Fraction(to_int(match[1]) or 7), "星期几", *match.span())


def _counts(numeral: str) -> bool:
    """Whether a numeral without a unit is a figure: `三百二十`, `12`, but not the `一` of `一边`."""
    return numeral[0].isascii() or (len(numeral) > 1 and not all(character in "万千百亿" for character in numeral))


def _blank(match: re.Match[str]) -> str:
    return _TAKEN * len(match[0])


_KINDS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Quantity | None]], ...]] = (
    (_PART, _part),
    (_PERCENT, _percent),
    (_HALF, _half),
    (_CLOCK, _clock),
    (_TENTHS, _tenths),
    (_COINS, _coins),
    (_WEEKDAY, _weekday),
)
