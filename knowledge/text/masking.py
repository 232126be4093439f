"""Personal numbers taken out of a text before it leaves the machine or enters a log."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

_GAP = r"[ \-‐–—]?"
_IDENTITY_18 = re.compile(rf"(?<![0-9])(?:[0-9]{_GAP}){{17}}[0-9Xx](?![0-9])")
_IDENTITY_15 = re.compile(r"(?<![0-9])[1-9][0-9]{14}(?![0-9])")
_BANK_CARD = re.compile(rf"(?<![0-9])[1-9](?:{_GAP}[0-9]){{14,18}}(?![0-9])")
_MOBILE = re.compile(rf"(?<![0-9])(?:\+?86{_GAP})?1[3-9][0-9]{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}(?![0-9])")
_LANDLINE = re.compile(r"(?<![0-9])[（(]?0[1-9][0-9]{1,2}[）)]?[ \-–—][2-9][0-9]{6,7}(?![0-9])")

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643
_CHECK = "10X98765432"
_WIDE = str.maketrans("０１２３４５６７８９ｘＸ－＋　", "0123456789xX-+ ")


def mask(text: str) -> str:
    """`text` with identity-card, bank-card and telephone numbers replaced by what they were (`〔身份证号〕`).

    Eighteen digits count as an identity card when date and check digit are right, fifteen when the date is; a bank card
    must pass Luhn's test. Full-width digits and digits in groups are recognised.
    """
    plain = text.translate(_WIDE)  # one character for one: offsets stay
    spans: list[tuple[int, int, str]] = []
    for pattern, holds, name in _KINDS:
        for match in pattern.finditer(plain):
            start, end = match.span()
            free = all(end <= other_start or other_end <= start for other_start, other_end, _ in spans)
            if free and holds(re.sub(r"[^0-9Xx]", "", match[0])):
                spans.append((start, end, name))
    for start, end, name in sorted(spans, reverse=True):
        text = f"{text[:start]}〔{name}〕{text[end:]}"
    return text


def _identity_18(digits: str) -> bool:
    if "X" in digits[:17].upper() or not _is_date(digits[6:14]):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    return _CHECK[total % 11] == digits[17].upper()


def _identity_15(digits: str) -> bool:
    return _is_date(f"19{digits[6:12]}")


def _luhn(digits: str) -> bool:
    doubled = [int(digit) * 2 if place % 2 else int(digit) for place, digit in enumerate(reversed(digits))]
    return sum(digit - 9 if digit > 9 else digit for digit in doubled) % 10 == 0


def _is_date(digits: str) -> bool:
    try:
        return date(1900, 1, 1) <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:])) <= date(2099, 12, 31)
    except ValueError:
        return False


def _always(digits: str) -> bool:
    return True


_KINDS: tuple[tuple[re.Pattern[str], Callable[[str], bool], str], ...] = (
    (_IDENTITY_18, _identity_18, "身份证号"),
    (_BANK_CARD, _luhn, "银行卡号"),
    (_IDENTITY_15, _identity_15, "身份证号"),
    (_MOBILE, _always, "手机号"),
    (_LANDLINE, _always, "电话号码"),
)
