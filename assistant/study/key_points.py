"""要点 of a document: its headings, what it defines, its figures and its time limits, all in its own words and with their places."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.answering.sentences import Unit, units
from assistant.study.excerpt import address_of
from knowledge.parsing.outline import Outline
from knowledge.text import searchable
from knowledge.text.quantities import SHARE, Limit, Measure, Quantity, limit_of, measures, partial_dates, quantities

LONGEST = 140  # characters of a point; a longer sentence is narrowed to the clause that matters
LONGEST_HEADING = 40
#: Levels that only order what stands under them.
_HEADINGS = frozenset({"部分", "编", "章", "节", "一", "（一）", "组", "附件"})
_FIGURES = (
    Measure.TIME,
    Measure.MONEY,
    Measure.PEOPLE,
    Measure.AGE,
    Measure.STUDY,
    Measure.AREA,
    Measure.TIMES,
    Measure.LENGTH,
)
#: Measures of what a rule grants or charges; of the others only what is limited, or stands in an article, is worth a line.
_GRANTED = (Measure.MONEY, Measure.AGE, Measure.STUDY, Measure.AREA)
_UNTIL = frozenset({Limit.AT_MOST, Limit.BEFORE})
_NO_DEADLINE = re.compile(r"(?:及|或者?)?以下|(?:个)?小时|分钟")  # a penalty, or how long something lasts
_WITHIN = re.compile(r"(?:以|之)?[内前]")
_PAST = re.compile(r"(?:近|过去|最近|连续|前)$")
_NAME = re.compile(r"[“\"两]$")  # “五位一体”, 两个一百年
#: One of these counts nothing: 一人, 一次, 一日.
_FROM_TWO = frozenset({"人", "次", "日", "小时", "月", "年度", "名"})
_TERM = r"[\u4e00-\u9fff][\u4e00-\u9fff（）()、]{1,19}?"
_MEANS = r"[”\"]?[，,]?(?:主要|一般|分别)?(?:是指|指的是"
_DEFINES = (
    re.compile(rf"所称的?[“\"]?(?P<term>{_TERM}){_MEANS}|指|包括|是)"),
    re.compile(rf"(?:^|[。；：)）])[“\"]?(?P<term>{_TERM}){_MEANS})"),
)
_POINTS_BACK = re.compile(r"^(?:前|本|该|上述|其)")
_STOPS = re.compile(r"(?<=[；;])")
#: When a text begins to count stands in its card.
_CLOSING = re.compile(r"起(?:施行|实施|执行|生效)|同时废止")


class Sort(StrEnum):
    """What a point tells."""

    HEADING = "标题"
    DEFINITION = "定义"
    FIGURE = "数字"
    DEADLINE = "期限"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a point; `marked` are those that it is about."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """`words` equal the canonical text at `start:end`; `marks` are the spans in it that matter. `depth` 0 is the outermost
    heading."""

    sort: Sort
    words: str
    address: str
    start: int
    end: int
    marks: tuple[tuple[int, int], ...] = ()
    depth: int = 0

    @property
    def article(self) -> str:
        """The address from the article on, for where there is little room."""
        steps = self.address.split("/")
        first = next((place for place, step in enumerate(steps) if step.startswith("第") and "条" in step), 0)
        return "/".join(steps[first:])

    @property
    def pieces(self) -> list[Piece]:
        """The words with what is marked in them, in order."""
        made: list[Piece] = []
        at = 0
        for start, end in self.marks:
            made += [Piece(self.words[at:start]), Piece(self.words[start:end], True)]
            at = end
        return [one for one in (*made, Piece(self.words[at:])) if one.text]


def key_points(text: str, outline: Outline) -> list[Point]:
    """All points of a text: headings, then the others, each sort in reading order. A sentence may be a definition and hold
    a time limit; then it is there twice."""
    return [*_headings(text, outline), *sorted(_said(text, outline), key=lambda one: one.start)]


def of_sort(points: Sequence[Point], sort: Sort) -> list[Point]:
    """The points of one sort."""
    return [one for one in points if one.sort is sort]


def _headings(text: str, outline: Outline) -> Iterator[Point]:
    low, high = outline.body
    for section in outline.sections:
        if section.level not in _HEADINGS or section.depth > 1 or not low <= section.start < high:
            continue
        line_end = text.find("\n", section.start, section.end)
        line_end = section.end if line_end < 0 else line_end
        words = text[section.start : line_end].strip()
        if not section.title and len(words) > LONGEST_HEADING:
            continue  # an item that is no heading
        if len(words) <= LONGEST_HEADING:
            start = text.index(words, section.start)
            yield Point(Sort.HEADING, words, section.path, start, start + len(words), depth=section.depth)


def _said(text: str, outline: Outline) -> Iterator[Point]:
    low, high = outline.body
    for unit in units(text[low:high], low):
        plain = searchable(unit.text)
        if unit.heading or len(plain) != len(unit.text):
            continue
        if terms := _defined(plain):
            yield _point(Sort.DEFINITION, outline, unit, terms)
        if _CLOSING.search(plain):
            continue
        figures, deadlines = _spans(plain, articles=outline.articles is not None)
        if deadlines:  # other times of the same sentence (少于六十日的除外) belong to its time limit
            figures = [one for one in figures if not _is_time(plain, one)]
            yield from _by_clause(Sort.DEADLINE, outline, unit, deadlines)
        if figures:
            yield from _by_clause(Sort.FIGURE, outline, unit, figures)


def _defined(plain: str) -> list[tuple[int, int]]:
    """The terms that a sentence defines, by place."""
    found = {one.span("term") for pattern in _DEFINES for one in pattern.finditer(plain)}
    taken: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if not _POINTS_BACK.match(plain[start:end]) and (not taken or start >= taken[-1][1]):
            taken.append((start, end))
    return taken


def _spans(plain: str, *, articles: bool) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Figures and time limits of a sentence, by place."""
    figures: list[tuple[int, int]] = []
    deadlines: list[tuple[int, int]] = []
    days = list(partial_dates(plain))
    for day in days:
        if limit_of(plain, day.start, day.end, day=True) in _UNTIL:
            deadlines.append((day.start, day.end))
    for one in quantities(plain):
        if any(one.start < day.end and day.start < one.end for day in days) or not _counts(plain, one):
            continue
        limit = limit_of(plain, one.start, one.end)
        if measures(one.unit, Measure.TIME) and limit in _UNTIL and not _lasts(plain, one):
            if not _PAST.search(plain[: one.start]):
                deadlines.append((one.start, one.end))
        elif articles or limit is not Limit.NONE or one.unit == SHARE or measures(one.unit, *_GRANTED):
            figures.append((one.start, one.end))
    return sorted(figures), sorted(deadlines)


def _counts(plain: str, one: Quantity) -> bool:
    """Whether a quantity says how much, and not which."""
    if one.ordinal or one.place or (one.unit != SHARE and not measures(one.unit, *_FIGURES)):
        return False
    if one.unit == "月" or (one.unit == "年" and one.value > 100) or (one.unit in _FROM_TWO and one.value < 2):
        return False
    return not _NAME.search(plain[: one.start])


def _is_time(plain: str, span: tuple[int, int]) -> bool:
    return any(measures(one.unit, Measure.TIME) for one in quantities(plain[span[0] : span[1]]))


def _lasts(plain: str, one: Quantity) -> bool:
    """Whether a stretch of time is a penalty or how long something takes, and not until when something is to be done."""
    after = plain[one.end : one.end + 3]
    return bool(_NO_DEADLINE.match(after) or _NO_DEADLINE.search(plain[one.start : one.end])) and not _WITHIN.match(
        after
    )


def _by_clause(sort: Sort, outline: Outline, unit: Unit, spans: Sequence[tuple[int, int]]) -> Iterator[Point]:
    """The sentence, or of a long one the clauses that hold something."""
    if len(unit.text) <= LONGEST:
        yield _point(sort, outline, unit, spans)
        return
    at = 0
    for clause in _STOPS.split(unit.text):
        inside = [(a - at, b - at) for a, b in spans if at <= a and b <= at + len(clause)]
        if inside:
            begin = unit.start + at
            part = Unit(clause, begin, begin + len(clause), unit.line)
            yield _point(sort, outline, part, inside)
        at += len(clause)


def _point(sort: Sort, outline: Outline, unit: Unit, spans: Sequence[tuple[int, int]]) -> Point:
    address = address_of(outline, unit.start, unit.end)
    return Point(sort, unit.text, address, unit.start, unit.end, tuple(spans))
