"""Chinese numerals and integers, both ways: `一百三十三` and 133."""

from __future__ import annotations

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "Ｏ": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_MYRIAD = {"万": 10_000, "亿": 100_000_000}

#: Characters a numeral may consist of, for use inside a regular expression's brackets.
NUMERAL_CHARS = "0-9０-９零〇○一二两三四五六七八九十百千"


def to_int(numeral: str) -> int | None:
    """The value of a numeral, or None when `numeral` is not one.

    Read are ASCII and full-width digits (`133`, `１３３`), positional numerals (`二〇二三`, `二00五`) and numerals with
    units (`一百三十三`, `十`, `一百十`, `两千零五`); spaces inside are ignored (`第 一 条`).
    """
    compact = "".join(numeral.split())
    if not compact:
        return None
    if all(char.isdecimal() or char in _DIGITS for char in compact):
        return int("".join(str(_DIGITS.get(char, char)) for char in compact))
    return _with_units(compact)


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


def _below_myriad(n: int) -> str:
    text = ""
    gap = False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, n = divmod(n, unit)
        if digit:
            text += ("零" if gap else "") + "零一二三四五六七八九"[digit] + name
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
