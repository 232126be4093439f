"""Dates as official Chinese texts write them: `2023年12月19日`, `一九九七年二月十七日`, `2019.1.1`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from knowledge.text.numerals import to_int

_YEAR = r"(?:[12][0-9]{3}|[12１２][0-9０-９]{3}|[一二][一二三四五六七八九〇零○0０]{3})"
_SMALL = r"(?:[0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})"
#: A full date; the groups are year, month and day.
DATE = re.compile(
    rf"(?<![0-9０-９])({_YEAR})[ 　]*年[ 　]*({_SMALL})[ 　]*月[ 　]*({_SMALL})[ 　]*日?"
    r"|(?<![0-9.])([12][0-9]{3})[.\-/]([0-9]{1,2})[.\-/]([0-9]{1,2})(?![0-9])"
)


@dataclass(frozen=True, slots=True)
class Dated:
    """A date with the characters of the text that say it."""

    day: date
    start: int
    end: int


def dates_in(text: str) -> list[Dated]:
    """All dates in reading order; what cannot be a date (a 13th month) is left out."""
    found = []
    for match in DATE.finditer(text):
        year, month, day = (to_int(part) for part in match.groups() if part)
        try:
            found.append(Dated(date(year or 0, month or 0, day or 0), match.start(), match.end()))
        except ValueError:
            continue
    return found


def first_date(text: str) -> date | None:
    found = dates_in(text)
    return found[0].day if found else None
