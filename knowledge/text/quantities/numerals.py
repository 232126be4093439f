"""Numerals and their values: `一百三十三`, 133, `１３３`, `二〇二三`, `3万`, `壹佰贰拾`, `廿三`, `三点五`.

The alphabets stand here once, to be put between the brackets of a regular expression. Which one a place needs depends on what
may stand there: an item is never `（二百）`, an article may be `第二百条`, a sum may be `二万元`.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

#: One to nine, and what counts items: `一`, `十二`, `（三十一）`.
DIGIT: Final = "一二三四五六七八九"
ITEM: Final = f"{DIGIT}十"
#: Zero as texts write it; the circles come from old conversions.
ZERO: Final = "零〇○◯"
ARABIC: Final = "0-9０-９"
#: What numbers parts of a text: `第一百零三条`, `二〇二三`.
CHINESE: Final = f"{ZERO}{ITEM}百千两"
#: What numbers parts of a text in either script. The constant that most places want.
NUMERAL: Final = f"{ARABIC}{CHINESE}"
#: What amounts consist of.
LARGE: Final = "万亿"
AMOUNT: Final = f"{CHINESE}{LARGE}"

#: Item numbers as a pattern: 一 to 九十九.
ITEM_NUMBER: Final = f"[{ITEM}]{{1,3}}"

_FINANCIAL: Final = "壹贰叁肆伍陆柒捌玖"
#: The financial numerals count only in front of money (`壹佰贰拾元`): 陆, 伍 and 拾 are words too.
_SHORT_TENS: Final = f"[廿卅][{DIGIT}]?"
_MONEY: Final = f"[{_FINANCIAL}拾][{_FINANCIAL}{ZERO}拾佰仟{LARGE}]*(?=[元圆])"
#: An amount as searchable text writes it: `1,200`, `3.5万`, `3百`, `一千二百`, `三点五`, `廿三`, `壹佰贰拾` before 元.
AMOUNT_NUMBER: Final = (
    rf"(?:[0-9]+(?:,[0-9]{{3}})*(?:\.[0-9]+)?(?:[十百千]?[{LARGE}]|[百千](?=[{LARGE}元人名户个册份件余多]))?"
    rf"|{_SHORT_TENS}|[{AMOUNT}]+(?:点[{CHINESE}]+)?|{_MONEY})"
)

_DIGITS = {char: value for value, char in enumerate(f"零{DIGIT}")} | dict.fromkeys(f"{ZERO}Ｏ", 0) | {"两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_MYRIAD = {"万": 10_000, "亿": 100_000_000}
_PLAIN_WRITTEN: Final = str.maketrans(
    dict(zip(f"零{_FINANCIAL}拾佰仟", f"零{DIGIT}十百千", strict=True)) | {"廿": "二十", "卅": "三十"}
)
_FINANCIALLY: Final = str.maketrans(f"{DIGIT}十百千", f"{_FINANCIAL}拾佰仟")


def to_int(numeral: str) -> int | None:
    """The value of a whole number written in one script, or None when `numeral` is not one.

    Read are ASCII and full-width digits (`133`, `１３３`), positional numerals (`二〇二三`, `二00五`), numerals with units
    (`一百三十三`, `十`, `一百十`, `两千零五`, `廿三`) and financial ones (`壹佰叁拾叁`); spaces inside are ignored (`第 一 条`).
    Mixed ones (`3万`) are for `amount`.
    """
    compact = "".join(numeral.split()).translate(_PLAIN_WRITTEN)
    if not compact:
        return None
    if all(char.isdecimal() or char in _DIGITS for char in compact):
        return int("".join(str(_DIGITS.get(char, char)) for char in compact))
    return _with_units(compact)


def amount(numeral: str) -> Fraction | None:
    """The value of anything that AMOUNT_NUMBER matches: all that `to_int` reads, and `1,200`, `3.5万`, `3百`, `三点五`, `半`.

    >>> amount("3.5万"), amount("三点五")
    (Fraction(35000, 1), Fraction(7, 2))
    """
    if numeral == "半":
        return Fraction(1, 2)
    compact = numeral.replace(",", "")
    digits = compact.rstrip("十百千万亿")
    if digits and digits[0].isascii() and digits.replace(".", "", 1).isdecimal():
        scale = 1
        for unit in compact[len(digits) :]:
            scale *= _UNITS.get(unit) or _MYRIAD[unit]
        return Fraction(digits) * scale
    before, _, after = compact.partition("点")
    whole = to_int(before)
    if whole is None:
        return None
    places = "".join(str(to_int(digit) or 0) for digit in after)
    return Fraction(whole) + (Fraction(int(places), 10 ** len(places)) if places else 0)


def to_chinese(n: int) -> str:
    """133 -> `一百三十三`, 10 -> `十`, 2005 -> `二千零五`; for 0 <= n < 100,000,000."""
    if not 0 <= n < 100_000_000:
        raise ValueError(f"to_chinese works for 0 to 99,999,999, not {n}")
    if n == 0:
        return "零"
    high, low = divmod(n, 10_000)
    text = ""
    if high:
        text = _below_myriad(high) + "万"
        if low and low < 1000:
            text += "零"
    if low:
        text += _below_myriad(low)
    return text[1:] if text.startswith("一十") else text


def to_financial(n: int) -> str:
    """133 -> `壹佰叁拾叁`; for the same numbers as `to_chinese`."""
    return to_chinese(n).translate(_FINANCIALLY)


def to_positional(n: int) -> str:
    """2023 -> `二〇二三`; for n >= 0."""
    return "".join(f"〇{DIGIT}"[int(digit)] for digit in str(n))


def _below_myriad(n: int) -> str:
    text = ""
    gap = False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, n = divmod(n, unit)
        if digit:
            text += ("零" if gap else "") + f"零{DIGIT}"[digit] + name
            gap = False
        elif text:
            gap = True
    return text


def _with_units(numeral: str) -> int | None:
    total = section = 0
    digit: int | None = None
    smallest_unit = 10_000
    for char in numeral:
        if char in _DIGITS:
            if digit not in (None, 0):
                return None
            digit = _DIGITS[char]
        elif char in _UNITS:
            unit = _UNITS[char]
            if unit >= smallest_unit or (digit is None and unit != 10) or digit == 0:
                return None
            section += (1 if digit is None else digit) * unit
            smallest_unit, digit = unit, None
        elif char in _MYRIAD:
            if not section and not digit:
                return None
            total = (total + section + (digit or 0)) * _MYRIAD[char]
            section, smallest_unit, digit = 0, 10_000, None
        else:
            return None
    return total + section + (digit or 0)
