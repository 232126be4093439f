"""Figures of a sentence that its sources do not have, have of something else, or compare otherwise."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from assistant.verification.bindings import around_figure, mixed_up
from assistant.verification.evidence import Evidence, bigrams
from assistant.verification.facts import Facts, facts, uncounted
from assistant.verification.faults import Fault
from knowledge.text.quantities import (
    AMOUNT,
    ITEM,
    LIMITING,
    Limit,
    Measure,
    PartialDate,
    Quantity,
    limit_of,
    measures,
    named,
)

_EACH = re.compile(
    r"(?:每(?:一?个?)|按(?=[年月日周季]))(半年|季度|学年|年度|工作日|小时|半月|年|月|日|天|周|季|次|人|户|册|场|学时|村|县|乡|镇|名|页|张|份|件|卷)"
)
_SAME_PERIOD: Final = {"年度": "年", "季": "季度"}
_CLAUSE = re.compile(r"[,。;:!?]")
_FROM = re.compile(r"(?:自|从)([^,。;自从]{2,30}?)(?:之日|之时)?起(?:[,算计]*)?(?:的)?$")
_COUNTED = re.compile(rf"(?<![第0-9{AMOUNT}])([{ITEM[1:]}])([\u4e00-\u9fff])")
_ONE_OF: Final = {"个月": "月"}  # units of `一个月` and the like, as `每月` has them


def figures_within(plain: str, source: str) -> bool:
    """Whether every number of one plain text is in the other, and compared alike there."""
    held = facts(source).numbers
    return all(
        any(
            number.says(other) and _same_comparison(_comparison(plain, number), _comparison(source, other))
            for other in held
        )
        for number in facts(plain).numbers
    )


@dataclass(frozen=True, slots=True)
class Period:
    """`每月` at `start:end`."""

    unit: str
    start: int
    end: int


_LIST_UNITS: Final = frozenset(("项", "类", "种", "个", "条", "方面", "点"))

Figure = Quantity | PartialDate | Period


def wrong_figure(plain: str, evidence: Evidence) -> tuple[Fault, str] | None:
    """The first figure of `plain` that the evidence does not bear out, and what is wrong with it."""
    said, held = facts(plain), evidence.facts
    periods, held_periods = _periods(plain), _periods(evidence.plain)
    held_units = {period.unit for period in held_periods}
    for reference in said.references:
        if not any(reference.says(other) for other in held.references):
            return Fault.REFERENCE, f"{reference.issuer}{reference.year}-{reference.number}"
    for date in said.dates:
        same_dates = [other for other in held.dates if date.within(other)]
        if not same_dates and _of_edition(date, evidence):
            continue
        if fault := _fault(Fault.DATE, plain, date, said.dates, evidence, same_dates, held.dates):
            return fault
    for number in said.numbers:
        if number.place:
            if not any(number.says(other) for other in (*held.numbers, *evidence.of_place.numbers)):
                return Fault.ARTICLE, plain[number.start : number.end]
            continue
        same = [other for other in held.numbers if number.says(other)]
        if not same and number.unit == "届" and any(number.says(other) for other in evidence.of_place.numbers):
            continue
        if not same and number.unit in _LIST_UNITS and _counts_a_list(plain, number, evidence):
            continue
        if not same and "|" in evidence.plain:  # the cells of a table have their unit in its head
            same = [other for other in held.numbers if other.value == number.value and not other.unit]
        if not same and (_vague(number, held) or _each(number) in held_units):
            continue
        if fault := _fault(Fault.NUMBER, plain, number, said.numbers, evidence, same, held.numbers):
            return fault
    if word := _other_numeral(uncounted(plain, said), evidence.uncounted):
        return Fault.NUMBER, word
    for period in periods:
        same_periods = [other for other in held_periods if other.unit == period.unit]
        if not same_periods and any(_each(number) == period.unit for number in held.numbers):
            continue
        if fault := _fault(Fault.NUMBER, plain, period, periods, evidence, same_periods, held_periods):
            return fault
    return None


def _fault(
    kind: Fault,
    plain: str,
    figure: Figure,
    every: Sequence[Figure],
    evidence: Evidence,
    same: Sequence[Figure],
    held: Sequence[Figure],
) -> tuple[Fault, str] | None:
    words = plain[figure.start : figure.end]
    if (
        not same
        or _from_another_day(plain, figure, evidence, same)
        or _of_something_else(plain, figure, every, evidence, same, held)
    ):
        return kind, words
    return None if _compared_alike(plain, figure, evidence, same) else (Fault.COMPARATOR, words)


def _from_another_day(plain: str, figure: Figure, evidence: Evidence, same: Sequence[Figure]) -> bool:
    """Whether a time counts from something else than in the source: `自收到之日起` for `自报送之日起`."""
    mine = _start(plain, figure)
    theirs = [_start(evidence.plain, other) for other in same]
    if not mine or not all(theirs):
        return False
    pairs = frozenset(bigrams(mine))
    return not any(pairs & frozenset(bigrams(one)) for one in theirs)


def _start(text: str, figure: Figure) -> str:
    """What the time before a figure counts from; "" when that is not told right before it."""
    match = _FROM.search(text[max(0, figure.start - 40) : figure.start])
    return match[1] if match else ""


def _other_numeral(plain: str, source: str) -> str:
    """The first numeral, of those that count nothing we know, before a character that only other numerals stand before in
    the source: 五代 for 三代; "" if none."""
    held = {(match[1], match[2]) for match in _COUNTED.finditer(source)}
    before = {character for _, character in held}
    for match in _COUNTED.finditer(plain):
        if match[2] in before and (match[1], match[2]) not in held:
            return match[0]
    return ""


def _of_edition(date: PartialDate, evidence: Evidence) -> bool:
    return date.month is None and date.year in evidence.editions


def _vague(number: Quantity, held: Facts) -> bool:
    """`一个` and the like are no figure, unless the source counts the same things otherwise."""
    if (
        number.value != 1
        or number.ordinal
        or measures(number.unit, Measure.TIME)
        or number.unit in ("", "份额", "元", "倍", "次")
    ):
        return False
    return not any(other.unit == number.unit and not other.ordinal for other in held.numbers)


def _counts_a_list(plain: str, number: Quantity, evidence: Evidence) -> bool:
    """Whether a number is that of the items of a cited list, or one that was asked for and is listed in the sentence:
    `四种方式是甲、乙、丙、丁`."""
    if number.value in evidence.list_sizes:
        return True
    if plain[number.start : number.end] not in evidence.question:
        return False
    return any(stretch.count("、") + 1 == number.value for stretch in _CLAUSE.split(plain[number.end :]))


def _each(number: Quantity) -> str:
    """The period that `一次` or `一个月` may tell as well as `每次`, `每月`; "" when the number is another."""
    return _ONE_OF.get(number.unit, number.unit) if number.value == 1 and not number.ordinal else ""


def _periods(plain: str) -> list[Period]:
    return [Period(_SAME_PERIOD.get(match[1], named(match[1])), *match.span()) for match in _EACH.finditer(plain)]


def _of_something_else(
    plain: str,
    figure: Figure,
    every: Sequence[Figure],
    evidence: Evidence,
    same: Sequence[Figure],
    held: Sequence[Figure],
) -> bool:
    """Whether the words beside the figure stand in the source beside another figure of its kind."""
    kind = _kind(figure)
    alike = [other for other in held if _kind(other) == kind]
    others = [around_figure(evidence.plain, other, alike) for other in alike if other not in same]
    mine = around_figure(plain, figure, [other for other in every if _kind(other) == kind])
    if measures(kind, Measure.LABEL):  # what comes after a label may be told of all
        mine = replace(mine, after="")
    right = [around_figure(evidence.plain, one, alike) for one in same]
    return bool(others) and mixed_up(mine, right, others, by_side=kind != "period")


def _kind(figure: Figure) -> str:
    """Figures of one kind may be mistaken for each other: all lengths of time are one."""
    if isinstance(figure, PartialDate):
        return "date"
    if isinstance(figure, Period):
        return "period"
    if figure.ordinal:
        return f"第{figure.unit}"
    return "time" if measures(figure.unit, Measure.TIME) else figure.unit


def _compared_alike(plain: str, figure: Figure, evidence: Evidence, same: Sequence[Figure]) -> bool:
    said = _comparison(plain, figure)
    theirs = [(other, _comparison(evidence.plain, other)) for other in same]
    alike = [other for other, comparison in theirs if _same_comparison(said, comparison)]
    unlike = [other for other in same if other not in alike]
    if not alike or not unlike:
        return bool(alike)
    # 五万元以下罚款, 违法所得五万元以上: the words before a figure tell which of the two is meant.
    mine = frozenset(bigrams(around_figure(plain, figure, ()).before))
    own, others = ([around_figure(evidence.plain, one, same).before for one in some] for some in (alike, unlike))
    shared, else_shared = (max(len(mine & frozenset(bigrams(text))) for text in some) for some in (own, others))
    # Nothing but a comparison before it (`超过10人的` after a stop): it is of what stands in the sentence before.
    return shared >= else_shared or not all(re.sub(LIMITING, "", text) for text in own)


def _comparison(text: str, figure: Figure) -> Limit:
    """How the text compares something with the figure."""
    if isinstance(figure, Period):
        return Limit.NONE
    if isinstance(figure, Quantity) and (figure.ordinal or measures(figure.unit, Measure.LABEL)):
        return Limit.NONE
    return limit_of(text, figure.start, figure.end, day=isinstance(figure, PartialDate))


def _same_comparison(said: Limit, source: Limit) -> bool:
    """A limit may be told as a figure (十五日内 as 十五日); 五年以上 not as 五年."""
    return said is source or (said is Limit.NONE and source is Limit.AT_MOST)
