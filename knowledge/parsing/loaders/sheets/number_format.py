"""Stored numbers as a spreadsheet shows them: percent signs, units, dates, thousands, by the cell's number format."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from knowledge.parsing.loaders.numbering import ordinal
from knowledge.text.quantities import DIGIT

#: Formats that a file names by number only (ECMA-376 part 1, 18.8.30; 27 to 58 are those of Chinese programs).
BUILT_IN = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    14: "yyyy/m/d",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy/m/d h:mm",
    37: "#,##0",
    38: "#,##0",
    39: "#,##0.00",
    40: "#,##0.00",
    45: "mm:ss",
    46: "h:mm:ss",
    49: "@",
    **dict.fromkeys((27, 36, 50, 52, 54, 57), 'yyyy"年"m"月"'),
    **dict.fromkeys((28, 29, 51, 53, 58), 'm"月"d"日"'),
    30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"',
}
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[(?P<bracket>[^\]]*)\]|_.|\*.|(?P<half>AM/PM|上午/下午)'
    r"|(?P<code>[yY]+|[mM]+|[dD]+|[hH]+|[sS]+|General|G/通用格式|[eE][+-]|[0#?,.]+)|(?P<other>.)",
    re.DOTALL,
)
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()  # noqa: SIM905
_NUMERALS = {"DBNum1": "chineseCounting", "DBNum2": "chineseLegalSimplified"}
_LARGEST_DAY = 2_958_465  # 31 December 9999


def shown(value: float, code: str, *, from_1904: bool = False) -> str:
    """A number as a cell of the format `code` shows it.

    >>> shown(0.15, "0%"), shown(80, '0.00"元"'), shown(45292, "yyyy/m/d"), shown(12000, "#,##0")
    ('15%', '80.00元', '2024/1/1', '12,000')
    """
    sections = _sections(code)
    section = sections[0]
    if value < 0 and len(sections) > 1:
        section, value = sections[1], -value
    elif value == 0 and len(sections) > 2:
        section = sections[2]
    tokens = list(_TOKEN.finditer(section))
    if any((found["code"] or "")[:1] in tuple("yYmMdDhHsS") for found in tokens):
        return _date(value, tokens, from_1904)
    return _number(value, tokens)


def general(value: float) -> str:
    """A number without a format: 80.0 -> `80`, 0.1 + 0.2 -> `0.3`."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return format(Decimal(f"{value:.11g}"), "f") if 1e-9 < abs(value) < 1e15 else f"{value:.11g}"


def _sections(code: str) -> list[str]:
    """Parts of a format between semicolons: for positive, negative and no numbers."""
    found = [""]
    for token in _TOKEN.finditer(code):
        if token["other"] == ";":
            found.append("")
        else:
            found[-1] += token[0]
    return found


def _number(value: float, tokens: list[re.Match[str]]) -> str:
    before, digits, after, style = "", "", "", ""
    scientific = False
    for found in tokens:
        bracket, code = found["bracket"], found["code"]
        if bracket is not None:
            style = style or _NUMERALS.get(bracket, "")
            words = bracket[1:].split("-")[0] if bracket.startswith("$") else ""
        elif code is not None and (code[0] in "0#?.," or code.startswith(("General", "G/"))):
            digits, words = digits + code, ""
        elif code is not None:
            scientific, words = True, ""
        else:
            words = found["quoted"] or found["escaped"] or found["other"] or ""
        if digits:
            after += words
        else:
            before += words
    if not digits and "@" not in before:  # words alone stand for the number
        return (before + after).strip() or general(value)
    percent = (before + after).count("%")
    amount = value * 100**percent
    if style and amount == int(amount) >= 0:
        return before + ordinal(int(amount), style) + after
    if scientific or "General" in digits or "通用" in digits or not re.fullmatch(r"[#?0,]*\.?[#?0,]*", digits):
        text = general(amount)
    else:
        text = _grouped(amount, digits)
    return (before.replace("@", "") + text + after.replace("@", "")).strip()


def _grouped(amount: float, digits: str) -> str:
    whole, _, fraction = digits.partition(".")
    scale = len(whole) - len(whole.rstrip(",")) if not fraction else len(fraction) - len(fraction.rstrip(","))
    fraction = fraction.rstrip(",")
    exact = Decimal(repr(amount)) / Decimal(1000) ** scale
    rounded = exact.quantize(Decimal(1).scaleb(-len(fraction)), ROUND_HALF_UP)
    text = format(abs(rounded), f"{',' if ',' in whole.rstrip(',') else ''}f")
    ones, _, decimals = text.partition(".")
    needed = fraction.rstrip("#?")
    while len(decimals) > len(needed) and decimals.endswith("0"):
        decimals = decimals[:-1]
    ones = ones.rjust(whole.count("0"), "0")
    sign = "-" if rounded < 0 else ""
    return sign + ones + (f".{decimals}" if decimals else "")


def _date(value: float, tokens: list[re.Match[str]], from_1904: bool) -> str:
    days = value + 1462 if from_1904 else value
    if not 0 <= days <= _LARGEST_DAY:
        return general(value)
    # Excel counts a 29 February 1900 that never was; days after it are one too many.
    moment = datetime(1899, 12, 30 if days >= 61 else 31) + timedelta(seconds=round(days * 86400))
    numerals = any(found["bracket"] == "DBNum1" for found in tokens)
    codes = [(found["code"] or "")[:1].lower() for found in tokens]
    half = any(found["half"] for found in tokens)
    text = ""
    for index, found in enumerate(tokens):
        code = found["code"]
        if code is None or not code[0].isalpha() or code.startswith(("E", "e", "G")):
            text += found["quoted"] or found["escaped"] or found["other"] or code or ""
            if found["half"]:
                text += (
                    ("AM", "PM")[moment.hour >= 12] if found["half"] == "AM/PM" else "上下"[moment.hour >= 12] + "午"
                )
            continue
        around = (
            [one for one in codes[:index] if one in "ymdhs" and one][-1:],
            [one for one in codes[index + 1 :] if one][:1],
        )
        minutes = code[0] in "mM" and (around[0] == ["h"] or around[1] == ["s"])
        text += _part(moment, code.lower(), minutes=minutes, half=half, numerals=numerals)
    return text.strip()


def _part(moment: datetime, code: str, *, minutes: bool, half: bool, numerals: bool) -> str:
    kind, width = code[0], len(code)
    if kind == "y":
        year = f"{moment.year:04d}" if width > 2 else f"{moment.year % 100:02d}"
        return ordinal(int(year), "ideographDigital") if numerals and width > 2 else year
    if kind == "m" and not minutes:
        number = moment.month
        if width > 2:
            return _MONTHS[number - 1]
    elif kind == "d":
        number = moment.day
        if width > 2:
            return "周" + f"{DIGIT[:6]}日"[moment.weekday()]
    else:
        hour = moment.hour % 12 or 12 if half else moment.hour
        number = {"m": moment.minute, "h": hour, "s": moment.second}[kind]
    return ordinal(number, "chineseCounting") if numerals else f"{number:0{min(width, 2)}d}"
