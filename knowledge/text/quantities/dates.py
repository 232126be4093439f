"""Dates as official Chinese texts write them: `2023年12月19日`, `一九九七年二月`, `2019.1.3`, `三月五日`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from knowledge.text.quantities.numerals import AMOUNT_NUMBER, ARABIC, DIGIT, ITEM_NUMBER, ZERO, to_int

#: The year of a date, in four digits or positional (`二〇二三`), and a month or day.
YEAR: Final = rf"(?:[12１２][{ARABIC}]{{3}}|[一二][{DIGIT}{ZERO}0０]{{3}})"
_SMALL: Final = rf"(?:[{ARABIC}]{{1,2}}|{ITEM_NUMBER})"
_GAP: Final = "[ 　]*"
_WITH_POINTS: Final = r"(?<![0-9.])([12][0-9]{3})[.\-/]([0-9]{1,2})[.\-/]([0-9]{1,2})(?![0-9])"
#: A full date in a canonical text; the groups are year, month and day.
DATE: Final = re.compile(
    rf"(?<![{ARABIC}])({YEAR}){_GAP}年{_GAP}({_SMALL}){_GAP}月{_GAP}({_SMALL}){_GAP}日?|{_WITH_POINTS}"
)
#: A year with its month but no day; the group is the year.
MONTH: Final = re.compile(rf"({YEAR})年{_GAP}{_SMALL}月(?![0-9 　]*[0-9]日)")

_PARTS: Final = (  # the fullest first; the groups are year, month and day
    re.compile(
        rf"([12][0-9]{{3}}|[一二][{DIGIT}{ZERO}]{{3}})年(?:({AMOUNT_NUMBER})月(?:份|({AMOUNT_NUMBER})[日号]?)?)?(?!度)"
        rf"|{_WITH_POINTS}"
    ),
    re.compile(rf"()({AMOUNT_NUMBER})月({AMOUNT_NUMBER})[日号]"),
    re.compile(rf"(?<!个)()({AMOUNT_NUMBER})月()(?!内|以|的期)"),
)


@dataclass(frozen=True, slots=True)
class Dated:
    """A full date with the characters of the text that say it."""

    day: date
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date, perhaps without year, month or day, at `start:end` of the text."""

    year: int | None
    month: int | None
    day: int | None
    start: int
    end: int

    def within(self, other: PartialDate) -> bool:
        """Whether `other` says everything that this date says."""
        return all(
            mine is None or mine == theirs
            for mine, theirs in ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        )


def dates_in(text: str) -> list[Dated]:
    """All full dates in reading order; what cannot be a date (a 13th month) is left out."""
    found = []
    for match in DATE.finditer(text):
        year, month, day = (to_int(part) for part in match.groups() if part)
        try:
            found.append(Dated(date(year or 0, month or 0, day or 0), match.start(), match.end()))
        except ValueError:
            continue
    return found


def first_date(text: str) -> date | None:
    """The first full date of a text."""
    found = dates_in(text)
    return found[0].day if found else None


def partial_dates(plain: str) -> Iterator[PartialDate]:
    """The dates of a searchable text, full ones and `2023年`, `3月5日`, `3月`; full ones first, none inside another."""
    taken = [False] * len(plain)
    for pattern in _PARTS:
        for match in pattern.finditer(plain):
            if any(taken[match.start() : match.end()]):
                continue
            written = match.groups()
            year, month, day = (
                to_int(part) if part else None for part in (written[3:] if any(written[3:]) else written[:3])
            )
            if not (1 <= (month or 1) <= 12 and 1 <= (day or 1) <= 31):
                continue
            taken[match.start() : match.end()] = [True] * (match.end() - match.start())
            yield PartialDate(year, month, day, match.start(), match.end())
