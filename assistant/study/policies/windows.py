"""申报期: which days a sentence names for applying, and whether a day is among them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from assistant.study.policies.card import Quote, Stretch, Window
from knowledge.text.quantities import ARABIC, ITEM, NUMERAL, to_int

_D = rf"[{NUMERAL}]{{1,3}}"
_YEAR = rf"(?:(?P<%s>[0-9]{{4}}|[一二][{NUMERAL}]{{3}})年)?"
_DAY = rf"(?P<%s>{_D})月(?:(?P<%s>{_D})日)?"
_FROM = _YEAR % "y1" + _DAY % ("m1", "d1")
_TO = _YEAR % "y2" + _DAY % ("m2", "d2")
_TILL = r"[ 　]*(?:至|到|—+|-+|－|～|~)[ 　]*"
_RANGE: Final = re.compile(rf"{_FROM}(?:起|开始)?[，,]?{_TILL}(?:次年|翌年|第二年|当年|同年)?{_TO}")
#: 每年9月1日起受理，9月30日截止; the days stand apart.
_APART: Final = re.compile(rf"{_FROM}(?:起|开始)[^。；0-9]{{0,12}}[，,]{_TO}(?:截止|止|结束|前)")
_ONWARDS: Final = re.compile(rf"自?(?:即日|发布之日|印发之日|本通知(?:发布|印发)之日)起?{_TILL}{_TO}")
#: The same days of several months: 每季度首月1日至15日, 每月1日至10日, 每年2月和8月的1日至20日, 每年6月1日至30日.
_DAYS_OF: Final = rf"(?:的)?(?:(?P<a>{_D})日?{_TILL}(?P<b>{_D})日|(?P<c>{_D})日(?:以?前|之前|截止))"
_REPEATED: Final = (
    re.compile(rf"每(?:个)?季度?的?(?:(?P<which>首|最后一?|末|第[一二三])个?月)(?:份)?(?:{_DAYS_OF})?"),
    re.compile(rf"每(?:个)?月的?{_DAYS_OF}"),
    re.compile(rf"(?:每年|分别于)(?P<months>{_D}月(?:份)?(?:[、和及与]{_D}月(?:份)?)*){_DAYS_OF}"),
)
#: Nobody applies: the office pays by what it knows.
_UNASKED: Final = re.compile(
    r"[^，。；]{0,12}(?:无需|不需|无须|不用|免于?)(?:另行|再|单独)?(?:提出)?(?:申报|申请)(?:[，,][^。；]*)?|免申即享[^。；]*"
)
_ALWAYS: Final = re.compile(
    r"(?:常年|全年|长期(?!限)|随时)[^，。；]{0,12}?(?:受理|申请|申领|申报|提出|办理)|随到随(?:受理|受|办|审)"
)
_BY: Final = re.compile(rf"{_TO}(?:以?前|之前|截止|止)")
_LAST: Final = re.compile(rf"(?:截止(?:时间|日期)?(?:为|至|到|：)?|延长至|截至){_TO}")
_QUARTER: Final = re.compile(r"(?:每年|(?P<y>[0-9]{4})年)?第(?P<q>[一二三四])季度")
_MONTHS: Final = re.compile(rf"(?:每年|分别[于为])(?P<months>{_D}月(?:[、和及与]{_D}月)*)(?![0-9{NUMERAL}]*日)")
#: Only words, no days of their own: they run from what happens to the applicant.
_RELATIVE: Final = re.compile(
    r"(?:自(?!受理|收到|接到)[^，。；]{2,24}之日起|在?[^，。；自于当]{2,16}(?:后|起))[^，。；]{0,3}?"
    rf"[{ARABIC}{ITEM}两]{{1,3}}(?:个)?(?:年|月|日|个工作日|天)(?:以?内)?"
)
_SINCE: Final = re.compile(
    rf"自(?:本[^，。；]{{2,4}})?(?P<deed>发布|印发|公布|下发|施行|实施|执行)之日起(?P<n>[{NUMERAL}]{{1,3}})[日天](?:以)?内"
)
_ANNOUNCED: Final = re.compile(r"通知规定的[^，。；]{0,4}(?:期限|时间)内?")
_TERM: Final = re.compile(r"[^，。；]*(?:有效期|起[^，。；]{0,4}施行|执行期|实施期)[^，。；]*")
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def window_in(text: str, start: int) -> Window | None:
    """The days that `text`, whose first character stands at `start`, names for applying; those until which a text is in force
    are none."""
    text = _TERM.sub(lambda found: "　" * len(found[0]), text)
    if found := _ALWAYS.search(text):
        return Window(_quote(found, start), always=True)
    if found := _ANNOUNCED.search(text):
        return Window(_quote(found, start))
    if found := _UNASKED.search(text):
        return Window(_quote(found, start))
    ranges = list(_RANGE.finditer(text))
    if stretches := [one for match in ranges if (one := _stretch(match))]:
        quote = Quote(text[ranges[0].start() : ranges[-1].end()], start + ranges[0].start(), start + ranges[-1].end())
        return Window(quote, tuple(stretches))
    if (found := _APART.search(text)) and (stretch := _stretch(found)):
        return Window(_quote(found, start), (stretch,))
    if (found := _ONWARDS.search(text)) and (until := _day(found["y2"], found["m2"], found["d2"], last=True)):
        return Window(_quote(found, start), (Stretch("", until),))
    if (repeated := _repeated(text, start)) is not None:
        return repeated
    for pattern in (_LAST, _BY):
        if (found := pattern.search(text)) and (until := _day(found["y2"], found["m2"], found["d2"], last=True)):
            return Window(_quote(found, start), (Stretch("", until),))
    if found := _QUARTER.search(text):
        number = "一二三四".index(found["q"])  # 2026年第四季度 is one, 第四季度 comes again
        last, year = _DAYS[number * 3 + 2], f"{found['y']}-" if found["y"] else ""
        stretch = Stretch(f"{year}{number * 3 + 1:02d}-01", f"{year}{number * 3 + 3:02d}-{last}")
        return Window(_quote(found, start), (stretch,))
    if found := _MONTHS.search(text):
        months = [to_int(one) or 0 for one in re.findall(rf"({_D})月", found["months"])]
        stretches = [Stretch(f"{one:02d}-01", f"{one:02d}-{_DAYS[one - 1]}") for one in months if 1 <= one <= 12]
        return Window(_quote(found, start), tuple(stretches))
    found = next((one for one in _RELATIVE.finditer(text) if not re.search("受理|收到|接到", one[0])), None)
    if found:
        return Window(_quote(found, start))
    return None


def _repeated(text: str, start: int) -> Window | None:
    """The days that come again with every month, quarter or year."""
    for pattern in _REPEATED:
        found = pattern.search(text)
        if found is None:
            continue
        first, last = to_int(found["a"] or "") or 1, to_int(found["b"] or found["c"] or "") or 31
        if "which" in found.re.groupindex:
            place = {"首": 1, "第一": 1, "第二": 2}.get(found["which"], 3)
            months = [place, place + 3, place + 6, place + 9]
        elif "months" in found.re.groupindex:
            months = [to_int(one) or 0 for one in re.findall(rf"({_D})月", found["months"])]
        else:
            months = list(range(1, 13))
        if found["c"] and "报送" in text:
            return Window(_quote(found, start))  # a unit's monthly report; when one applies is not said
        if all(1 <= month <= 12 and first <= _DAYS[month - 1] for month in months):
            stretches = [
                Stretch(f"{one:02d}-{first:02d}", f"{one:02d}-{min(last, _DAYS[one - 1]):02d}") for one in months
            ]
            return Window(_quote(found, start), tuple(stretches))
    return None


def dated(window: Window | None, issued: date | None, begins: date | None) -> Window | None:
    """`window` with the days that it counts from the text's own: 自即日起至…, 自本办法施行之日起60日内 (the first day itself is
    not counted). Without that day it stays as it is."""
    if window is None or window.always:
        return window
    found = _SINCE.search(window.quote.text)
    if found and not window.stretches:
        first = issued if found["deed"] in ("发布", "印发", "公布", "下发") else begins
        last = first + timedelta(days=to_int(found["n"]) or 0) if first else None
        return replace(window, stretches=(Stretch(str(first), str(last)),)) if first and last else window
    if issued and _ONWARDS.search(window.quote.text):
        return replace(
            window, stretches=tuple(replace(one, first=one.first or str(issued)) for one in window.stretches)
        )
    return window


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
