"""Repeal clauses: which older texts a text puts out of force."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from knowledge.parsing.outline import Outline
from knowledge.parsing.titles import clean_title
from knowledge.text.quantities import DATE, dates_in, first_date

_CLAUSE = re.compile(r"同时废止|即行废止|予以废止|相应废止|同时停止(?:执行|施行)|停止执行|自行废止|废止")
_NOT = re.compile(r"不得|不予|是否|修改或者|修改、")
_TITLE = re.compile(r"《((?:[^《》]|《[^《》]*》)+)》")
_INNER = re.compile(r"印发[<〈《](.+?)[>〉》]的通知")
_YEAR = re.compile(r"((?:19|20)[0-9]{2})年")
_FROM = re.compile(r"^[^《》；。]{0,40}?自([^，；。《》自]{6,20}?)起(?:予以)?(?:废止|失效|停止(?:执行|施行))")
_NUMBER_YEAR = re.compile(r"[（(][^（()）]{0,12}[〔\[]((?:19|20)[0-9]{2})[〕\]]")
_TAIL = 1200  # characters at the end of a text in which repeal clauses stand


@dataclass(frozen=True, slots=True)
class Repeal:
    """A text put out of force: its title, the day or at least the year it was issued when the clause says so, and
    the clause itself; `on` is the day from which it counts where the clause names one (自…起废止)."""

    title: str
    issued_on: date | None
    year: str | None
    clause: str
    on: date | None = None


def repeals(text: str, outline: Outline) -> tuple[Repeal, ...]:
    """Texts that the main text repeals, in reading order. Only its closing provisions are read: elsewhere 废止 is
    a subject and not an act."""
    start, end = outline.body
    articles = [s for s in outline.sections if s.level == "条" and s.start >= start and s.end <= end]
    begin = articles[-2].start if len(articles) > 1 else max(start, end - _TAIL)
    found: list[Repeal] = []
    for match in re.finditer(r"[^。\n]*[。\n]?", text[begin:end]):
        sentence = match[0].strip()
        if not _CLAUSE.search(sentence) or _NOT.search(sentence):
            continue
        until = max(clause.start() for clause in _CLAUSE.finditer(sentence))
        last = 0
        for title in _TITLE.finditer(sentence, 0, until):
            # Only the words right before a title date it: 本条例自…起施行，《…》同时废止 dates this text, not that one.
            before = re.split("[，；,;]", sentence[last : title.start()])[-1]
            found.append(replace(_repeal(title, before, sentence), on=_day(sentence[title.end() :])))
            last = title.end()
    return tuple(found)


def _day(after: str) -> date | None:
    found = _FROM.search(after)
    return first_date(found[1]) if found else None


def _repeal(title: re.Match[str], before: str, sentence: str) -> Repeal:
    inner = _INNER.search(title[1])
    days = dates_in(before)
    # `1990年发布、1994年修订发布的《行政复议条例》`: the last date before the title is that of the repealed wording.
    years = _YEAR.findall(DATE.sub("", before))
    day = days[-1].day if days else None
    number = _NUMBER_YEAR.match(sentence, title.end())
    year = str(day.year) if day else (years[-1] if years else (number[1] if number else None))
    return Repeal(clean_title(inner[1] if inner else title[1])[0], day, year, sentence)
