"""申报期: which days a sentence names for applying, and whether a day is among them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from assistant.study.policies.card import Quote, Stretch, Window
from knowledge.text.quantities import ARABIC, ITEM, NUMERAL, to_int

_D = rf"[{NUMERAL}]{{1,3}}"
_YEAR = rf"(?:(?P<%s>[0-9]{{4}}|[一二][{NUMERAL}]{{3}})年)?"
_DAY = rf"(?P<%s>{_D})月(?:(?P<%s>{_D})日)?"
_FROM = _YEAR % "y1" + _DAY % ("m1", "d1")
_TO = _YEAR % "y2" + _DAY % ("m2", "d2")
_RANGE: Final = re.compile(rf"{_FROM}(?:起|开始)?[ 　]*(?:至|到|—+|-+|－|～|~)[ 　]*{_TO}")
_ALWAYS: Final = re.compile(r"(?:常年|全年|长期(?!限)|随时)[^，。；]{0,12}?(?:受理|申请|申领|申报|提出|办理)")
_BY: Final = re.compile(rf"{_TO}(?:以?前|之前|截止|止)")
_LAST: Final = re.compile(rf"(?:截止(?:时间|日期)?(?:为|至|到|：)?|延长至|截至){_TO}")
_QUARTER: Final = re.compile(r"(?:每年)?第(?P<q>[一二三四])季度")
_MONTHS: Final = re.compile(rf"(?:每年|分别于)(?P<months>{_D}月(?:[、和及与]{_D}月)*)(?![0-9{NUMERAL}]*日)")
#: Only words, no days of their own: they run from what happens to the applicant.
_RELATIVE: Final = re.compile(
    r"(?:自(?!受理|收到|接到)[^，。；]{2,24}之日起|在?[^，。；自于当]{2,16}(?:后|起))[^，。；]{0,3}?"
    rf"[{ARABIC}{ITEM}两]{{1,3}}(?:个)?(?:年|月|日|个工作日|天)(?:以?内)?"
)
_ANNOUNCED: Final = re.compile(r"通知规定的[^，。；]{0,4}(?:期限|时间)内?")
_EACH_QUARTER: Final = re.compile(r"每季度第[一二三]个月的[0-9]{1,2}日至[0-9]{1,2}日")
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def window_in(text: str, start: int) -> Window | None:
    """The days that `text`, whose first character stands at `start`, names for applying."""
    if found := _ALWAYS.search(text):
        return Window(_quote(found, start), always=True)
    if found := _ANNOUNCED.search(text):
        return Window(_quote(found, start))
    if found := _EACH_QUARTER.search(text):
        return Window(_quote(found, start))
    ranges = list(_RANGE.finditer(text))
    if stretches := [one for match in ranges if (one := _stretch(match))]:
        quote = Quote(text[ranges[0].start() : ranges[-1].end()], start + ranges[0].start(), start + ranges[-1].end())
        return Window(quote, tuple(stretches))
    for pattern in (_LAST, _BY):
        if (found := pattern.search(text)) and (until := _day(found["y2"], found["m2"], found["d2"], last=True)):
            return Window(_quote(found, start), (Stretch("", until),))
    if found := _QUARTER.search(text):
        number = "一二三四".index(found["q"])
        last = _DAYS[number * 3 + 2]
        return Window(_quote(found, start), (Stretch(f"{number * 3 + 1:02d}-01", f"{number * 3 + 3:02d}-{last}"),))
    if found := _MONTHS.search(text):
        months = [to_int(one) or 0 for one in re.findall(rf"({_D})月", found["months"])]
        stretches = [Stretch(f"{one:02d}-01", f"{one:02d}-{_DAYS[one - 1]}") for one in months if 1 <= one <= 12]
        return Window(_quote(found, start), tuple(stretches))
    found = next((one for one in _RELATIVE.finditer(text) if not re.search("受理|收到|接到", one[0])), None)
    if found:
        return Window(_quote(found, start))
    return None


def is_open(window: Window | None, day: date) -> bool | None:
    """Whether one may apply on `day`; None when the text does not name days."""
    if window is None or (not window.always and not window.stretches):
        return None
    return window.always or any(_within(one, day) for one in window.stretches)


def closes(window: Window | None, day: date) -> date | None:
    """The last day of the stretch that `day` is in; None where there is none."""
    inside = [one for one in window.stretches if _within(one, day)] if window else []
    ends = [
        _on(one.last, day.year + (1 if one.first > one.last and day >= _on(one.first, day.year) else 0))
        for one in inside
    ]
    return max(ends, default=None)


def _within(one: Stretch, day: date) -> bool:
    if len(one.last) == 10 or len(one.first) == 10:
        return (not one.first or one.first <= day.isoformat()) and day.isoformat() <= one.last
    today = f"{day:%m-%d}"
    if one.first > one.last:  # over the turn of the year
        return today >= one.first or today <= one.last
    return one.first <= today <= one.last


def _on(written: str, year: int) -> date:
    if len(written) == 10:
        return date.fromisoformat(written)
    month, day = (int(part) for part in written.split("-"))
    if (month, day) == (2, 29):
        return date(year, 3, 1) - timedelta(days=1)
    return date(year, month, day)


def _stretch(found: re.Match[str]) -> Stretch | None:
    first = _day(found["y1"], found["m1"], found["d1"], last=False)
    last = _day(found["y2"] or found["y1"], found["m2"], found["d2"], last=True)
    return Stretch(first, last) if first and last else None


def _day(year: str | None, month: str, day: str | None, *, last: bool) -> str | None:
    number = to_int(month) or 0
    if not 1 <= number <= 12:
        return None
    at = to_int(day) if day else (_DAYS[number - 1] if last else 1)
    if not at or at > _DAYS[number - 1]:
        return None
    shown = f"{number:02d}-{at:02d}"
    return f"{to_int(year)}-{shown}" if year else shown


def _quote(found: re.Match[str], start: int) -> Quote:
    return Quote(found[0], start + found.start(), start + found.end())
