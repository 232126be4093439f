"""What a sentence must hold to answer a question for a number or a body, and what the question takes for granted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Final

from assistant.answering import notices
from assistant.answering.question import Question
from assistant.answering.sentence_similarity import in_context
from assistant.answering.sentences import Unit, with_above
from assistant.model import Notice
from assistant.understanding.focus import Focus
from assistant.understanding.question import Kind
from knowledge.model import Hit
from knowledge.text.normalise import searchable
from knowledge.text.quantities import AMOUNT, ARABIC, ITEM, PART, YEAR, Measure, measures, quantities
from knowledge.text.word_lists import WordLists, Words

_NUMERAL = f"[{ARABIC}{AMOUNT}半]"
LISTS: Final = WordLists(Path(__file__).with_name("lists") / "requirements.yaml", ITEM=ITEM)
_COUNTED = re.compile(r"(?:几|多少)个?([种类项条款章级档度])")
# 多久开一次 is answered by 每季度 as well as by 三个月.
_HOW_OFTEN = re.compile(r"(?:多久|多长时间).{0,10}[一几]?[次回遍]")
_EACH = "每个?(?:半年|年|季|月|旬|周|星期|日|天|学期)"
_BODY = LISTS.words("body")
_MONEY = "元"
#: A figure is claimed of the rule where it is said to stand there, stands behind a bound (最多) or a term (预备期), or within
#: it something is forbidden; behind what tells of oneself it is none.
_SAID, _AGREED, _OWN = LISTS.words("said"), LISTS.words("agreed"), LISTS.words("own")
_SET = Words(lambda: rf"(?:{LISTS['bound']}|{LISTS['term']})$")
_LIMITS = LISTS.words("limits")
#: Numbers that name something and measure nothing: calendar years and dates, articles.
_NAMING = re.compile(rf"{YEAR}年(?:\d{{1,2}}月)?(?:\d{{1,2}}日)?|{PART}")
#: What a question may state that the rule has otherwise.
_STATED = (Measure.TIME, Measure.MONEY, Measure.PEOPLE, Measure.TIMES, Measure.AREA)  # an age tells of whom
_STATED_TOO = frozenset(("倍", "届", "票"))
_POINTING = ("哪", "同", "这", "那", "某")  # 同一年 states no year
_CLAUSE_BEFORE = re.compile(r"[，,；;。？?！!]")
_CLAUSE = re.compile(r"[^，,；;：:。]+")
#: How far the closest sentence with what is asked for may fall behind the closest of all before it makes no difference.
_FAR = 0.1


@dataclass(frozen=True, slots=True)
class Met:
    """How well the demand of a question is met. `held` (0..1) is the largest share of the question's focus that stands in
    one place together with what is asked for: in one sentence, for a number around the number. `behind` (0..0.1) is by
    how much the closest sentence that has it is less close in meaning than the closest one of all; 0 where nothing of the
    kind is asked. `lacking` where money is asked for and no sentence has a sum."""

    held: float
    behind: float
    lacking: bool = False


def answers(kind: Kind, question: str) -> re.Pattern[str] | None:
    """What a sentence must contain to answer; None when the kind of question asks nothing of the kind."""
    plain = searchable(question)
    if kind is Kind.NUMBER:
        asked = _units_asked(plain)
        if not asked and (counted := _COUNTED.search(plain)):
            asked = [re.escape(counted[1])]
        often = f"{_EACH}|" if _HOW_OFTEN.search(plain) else ""
        return re.compile(often + (rf"{_NUMERAL}[^，。；]{{0,2}}?(?:{'|'.join(asked)})" if asked else _NUMERAL))
    return _BODY.compiled if kind is Kind.WHO else None


def _units_asked(plain: str) -> list[str]:
    """The units, as patterns, of which one must follow the number that a question asks for."""
    return [entry.value for entry in LISTS.lists["units"].entries if re.search(entry.words, plain)]


def _asks_for_a_sum(plain: str) -> bool:
    """Whether it is asked how much money; who sets the 金额 is another question."""
    money = (re.search(entry.words, plain) for entry in LISTS.lists["units"].entries if entry.value == _MONEY)
    return any(found and re.search("多少|几", found.group()) for found in money)


def holds(kind: Kind, question: str, text: str) -> bool:
    """Whether `text` has what `question` asks for, if it asks for a number or a body at all."""
    needed = answers(kind, question)
    return needed is None or needed.search(_measuring(text)) is not None


def met(question: Question, focus: Focus, hits: Sequence[Hit]) -> Met:
    """How well the sentences of `hits` meet what the question asks for."""
    kind = question.understood.kind
    needed = answers(kind, question.text)
    every = [(unit, inside) for hit in hits for inside in [question.units(hit)] for unit in inside]
    held = max(
        chain.from_iterable(
            (focus.coverage(place, _lead(unit, inside)) for place in _places(kind, needed, unit, inside))
            for unit, inside in every
        ),
        default=0.0,
    )
    if needed is None:
        return Met(held, 0.0)
    closest = question.cosines([in_context(unit, inside) for unit, inside in every])
    having = [
        cosine
        for (unit, inside), cosine in zip(every, closest, strict=True)
        if needed.search(_measuring(in_context(unit, inside)))
    ]
    if not having:
        return Met(held, _FAR, lacking=_asks_for_a_sum(searchable(question.text)))
    return Met(held, min(_FAR, max(closest) - max(having)))


def presumed(question: str, quoted: str) -> tuple[Notice, ...]:
    """What to tell the reader about figures that `question` says the rule has (`三年` of `试用期不是三年吗`) and that
    the `quoted` text does not contain; empty when there are none. What is told of one's own case (`我干了三年`) is no such figure."""
    there = _figures(searchable(quoted))
    told = []
    for figure in _claimed(searchable(question)):
        if figure.value != 1 and not any(map(figure.equals, there)):
            instead = dict.fromkeys(other.text for other in there if other.unit == figure.unit)
            told.append(notices.other_figure(figure.text, list(instead)[:3]))
    return tuple(dict.fromkeys(told))


def _claimed(plain: str) -> list[_Figure]:
    """The figures of a question that it says the rule has."""
    return [figure for figure in _figures(plain) if _is_claimed(plain, figure)]


def _is_claimed(plain: str, figure: _Figure) -> bool:
    before = _CLAUSE_BEFORE.split(plain[: figure.start])[-1]
    after, *further = _CLAUSE_BEFORE.split(plain[figure.end :])
    if _OWN.search(before) or after.startswith(("了", "多了", "没")):
        return False
    if _SAID.search(before) or _AGREED.search(after) or (further and _AGREED.match(further[0])):
        return True
    return bool((_SET.search(before) and not after.startswith("的")) or _LIMITS.match(after))


@dataclass(frozen=True, slots=True)
class _Figure:
    text: str
    value: Fraction
    unit: str
    start: int
    end: int

    def equals(self, other: _Figure) -> bool:
        return self.value == other.value and self.unit == other.unit


def _figures(plain: str) -> list[_Figure]:
    """Numbers with a unit in searchable text, in reading order; units that mean the same are written one way, and working
    days count as days: people who ask do not tell them apart."""
    measuring = _NAMING.sub(lambda found: " " * len(found.group()), plain)
    found = [
        one
        for one in quantities(measuring)
        if (measures(one.unit, *_STATED) or one.unit in _STATED_TOO) and plain[: one.start][-1:] not in _POINTING
    ]
    figures = []
    for one in sorted(found, key=lambda one: one.start):
        unit, value = one.in_base or (one.unit, one.value)
        figures.append(
            _Figure(plain[one.start : one.end], value, "日" if unit == "工作日" else unit, one.start, one.end)
        )
    return figures


def _places(kind: Kind, needed: re.Pattern[str] | None, unit: Unit, inside: Sequence[Unit]) -> Iterator[str]:
    """The stretches of a sentence that have what is needed: a number with the clauses beside its own, else all of it."""
    if needed is None or needed.search(_measuring(_lead(unit, inside))):
        yield unit.text
    elif kind is Kind.NUMBER:
        clauses = _CLAUSE.findall(unit.text)
        for i, clause in enumerate(clauses):
            if needed.search(_measuring(clause)):
                yield "，".join(clauses[max(i - 2, 0) : i + 2])
    elif needed.search(_measuring(unit.text)):
        yield unit.text


def _lead(unit: Unit, inside: Sequence[Unit]) -> str:
    return "".join(one.text for one in with_above(unit, inside)[:-1])


def _measuring(text: str) -> str:
    """`text` ready to be searched, without the numbers that measure nothing."""
    return _NAMING.sub(" ", searchable(text))
