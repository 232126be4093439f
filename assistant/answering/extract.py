"""Choosing the sentences of an extract: the best passage's answer first, then what other passages add."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.answering.draft import Draft
from assistant.answering.question import Question
from assistant.answering.sentence_similarity import Alike, in_context
from assistant.answering.sentences import CELL, Unit, with_above
from assistant.understanding.focus import Focus
from assistant.understanding.question import Kind
from knowledge.model import Hit
from knowledge.text.normalise import searchable
from knowledge.text.quantities import AMOUNT, ARABIC, written
from knowledge.text.similarity import jaccard, shape

USUAL_LENGTH = 400  # characters of an answer that is not a list (DESIGN §7)
WHOLE_PASSAGE = 220  # a passage of up to so many characters is quoted whole
EVERYDAY = 400  # the same for the best one where no list, number, body or notion is asked for
NEAR_TOP = 0.045  # other passages within this score of the best one may add to it
NEAR_WHOLE = 0.015  # the same when the best passage gave a whole enumeration
LIST_LENGTH = 900
LONG_TABLE = 8  # rows, of which all are shown

_UNITS = written(
    *("工作日", "个月", "小时", "年", "月", "日", "周", "岁", "元", "人", "次", "倍", "公里", "平方米"),
    *("票", "级", "种", "类", "章", "条", "个"),
)
_FIGURE = re.compile(rf"[{ARABIC}{AMOUNT}半]+(?:以[上下内])?(?:{_UNITS})|％|%|分之")
_RULES = re.compile(r"可以|不得|应当|必须|严禁|禁止|不准|不予|给予|不能|允许")
_WHICH_ARTICLE = re.compile(r"第几条|哪一?条|几条规定")
_DEFINING = re.compile(r"是指|，是|是|即|包括|所称|指的是")
_BODY = re.compile(r"由|负责|批准|决定|报|机关|部门|组织|委员会|党委|纪委|机构|单位")


# A sentence is added when its score is at least this share of the best one's in its passage.
WORTH_SAYING = 0.2
# What a cosine one lower than the best sentence's costs, in shares of the question held word for word.
MEANING = 4.0
# The same when the sentence is sought that answers by itself. With it, APART and what must be held, of 120 / 126 answers of the
# suite's dev / test half that hold a key point in one of several sentences 106 / 117 begin with such a sentence.
NEAREST = 6.0
# What a sentence gains then that rules (可以, 不得).
RULING = 0.1
# The same for one that alone holds words of the question.
APART = 0.8


@dataclass(frozen=True, slots=True)
class Scored:
    """A unit with how well it answers; `hit` is the passage it stands in."""

    unit: Unit
    hit: Hit
    score: float


def extract(
    question: Question,
    focus: Focus,
    hits: Sequence[Hit],
    draft: Draft,
    *,
    both: bool = False,
    holds: Callable[[str], bool] = lambda _text: True,
) -> None:
    """Fill `draft` from `hits` (best first): the best passage's answer, then sentences of passages nearly as good that
    say something new, up to about 400 characters unless a list needs more. The articles' numbers are kept where the
    question asks for them. `both` of the first two passages are quoted, whatever the first one takes. The sentence
    that says it by itself comes first: of those that hold what is asked for (`holds`), if any does, the nearest."""
    if not hits:
        return
    kind, labelled = question.understood.kind, bool(_WHICH_ARTICLE.search(question.text))
    complete = False  # the best passage gave a whole enumeration: little is left to add
    for i, hit in enumerate(hits[:5]):
        margin = NEAR_WHOLE if complete else NEAR_TOP
        second = both and i == 1
        if i and not second and (hit.score < hits[0].score - margin or draft.length >= USUAL_LENGTH - 40):
            break
        if i and not second and said(draft, hit):
            continue
        every = question.units(hit, labelled=labelled)
        room = max(USUAL_LENGTH - draft.length, 0)
        if (both and i < 2) or not i:
            room = max(room, WHOLE_PASSAGE)
        most = EVERYDAY if kind is Kind.OTHER and (not i or (both and i == 1)) else WHOLE_PASSAGE
        chosen = _choose(kind, focus, hit, every, room, first=i == 0, alike=question.cosines, quoted_whole=most)
        if i == 0 and not labelled:
            direct = _direct(kind, focus, chosen, every, question.cosines, holds)
            if direct is not None:
                draft.lead_with(hit.passage, hit.document, direct)
                chosen = [unit for unit in chosen if unit is not direct]
        if chosen:
            row = row_asked_for(question.text, chosen, every)
            draft.quote(hit.passage, hit.document, beside(row, chosen, every), row)
        if i == 0:
            complete = sum(unit.item for unit in chosen) >= 3


def _direct(
    kind: Kind,
    focus: Focus,
    chosen: Sequence[Unit],
    every: Sequence[Unit],
    alike: Alike,
    holds: Callable[[str], bool],
) -> Unit | None:
    """The sentence of `chosen` that answers best by itself; None where they are an enumeration, or only one."""
    if len(chosen) < 2 or any(unit.item or unit.text.endswith(("：", ":")) for unit in chosen):
        return None
    cosines = alike([unit.text for unit in chosen])
    telling = _telling_apart(focus, [unit.text for unit in chosen])
    scored = [
        _score(kind, focus, unit, every)
        + NEAREST * cosine
        + RULING * bool(_RULES.search(unit.text))
        + apart
        + holds(unit.text)
        for unit, cosine, apart in zip(chosen, cosines, telling, strict=True)
    ]
    return chosen[scored.index(max(scored))]


def row_asked_for(text: str, chosen: Sequence[Unit], every: Sequence[Unit]) -> Unit | None:
    """The one row of a table whose name stands in the question (正科级, and 县级机关 before it); None when none or several do."""
    asked = searchable(text)

    def named(unit: Unit) -> int:
        above = every[unit.under[-1]] if unit.under and every[unit.under[-1]].row else unit
        group = [above.text.split(CELL)[0]] if above.text.count(CELL) > unit.text.count(CELL) else []
        label = unit.text.split(CELL)[: 1 if group else 2]
        return sum(len(cell) for cell in map(searchable, (*group, *label)) if len(cell) > 1 and cell in asked)

    rows = [(named(unit), unit) for unit in chosen if unit.row and any(every[index].row for index in unit.under)]
    most = max((share for share, _ in rows), default=0)
    best = [unit for share, unit in rows if share == most > 0]
    return best[0] if len(best) == 1 else None


def beside(row: Unit | None, chosen: Sequence[Unit], every: Sequence[Unit]) -> list[Unit]:
    """`chosen`, but of a long table only the rows that belong with the `row` asked for."""
    if row is None or sum(unit.row for unit in chosen) <= LONG_TABLE:
        return list(chosen)

    def group(unit: Unit) -> str:
        above = [every[index].text for index in unit.under if every[index].row]
        return (above[-1] if len(above) > 1 else unit.text).split(CELL)[0]

    header = next(index for index in row.under if every[index].row)
    return [unit for unit in chosen if header not in unit.under or group(unit) == group(row)]


def _telling_apart(focus: Focus, sentences: Sequence[str]) -> list[float]:
    """For each sentence how much of what tells them apart it shares with the question (0..APART): characters of the question
    that stand in few of them, such as 酒 for `能喝酒吗`."""
    shared = {
        character: sum(character in sentence for sentence in sentences)
        for character in set(re.sub(r"\W", "", focus.core))
    }
    counted = [
        sum(1 / count**2 for character, count in shared.items() if character in sentence and count)
        for sentence in sentences
    ]
    most = max(counted, default=0.0)
    return [APART * value / most if most else 0.0 for value in counted]


def best_units(focus: Focus, hit: Hit, every: Sequence[Unit], room: int) -> list[Unit]:
    """Of the units of one passage (`every`) those that say most about `focus`, up to `room` characters."""
    return _choose(Kind.OTHER, focus, hit, every, room, first=True)


def _choose(
    kind: Kind,
    focus: Focus,
    hit: Hit,
    every: Sequence[Unit],
    room: int,
    *,
    first: bool,
    alike: Alike | None = None,
    quoted_whole: int = WHOLE_PASSAGE,
) -> list[Unit]:
    telling = [unit for unit in every if not unit.heading and not unit.text.endswith(("？", "?"))]
    if not telling:
        return list(every) if first and not any(unit.text.endswith(("？", "?")) for unit in every) else []
    if len(hit.passage.text) <= (quoted_whole if room >= WHOLE_PASSAGE else room):
        named = {index for unit in telling for index in unit.under}  # the name of a table stands with it
        return [unit for index, unit in enumerate(every) if unit in telling or index in named]
    cosines = alike([in_context(unit, every) for unit in telling]) if alike else [0.0] * len(telling)
    scored = sorted(
        (
            Scored(unit, hit, max(0.01, _score(kind, focus, unit, every) + MEANING * (cosine - max(cosines))))
            for unit, cosine in zip(telling, cosines, strict=True)
        ),
        key=lambda one: -one.score,
    )
    best = scored[0]
    if kind in (Kind.LIST, Kind.DEFINITION) and first:
        whole = _enumeration(best.unit, every)
        if whole and sum(len(unit.text) for unit in whole) <= LIST_LENGTH:
            return whole
    chosen: list[Unit] = []
    for one in scored:
        if chosen and one.score < best.score * WORTH_SAYING:
            break
        wanted = with_above(one.unit, every)
        fresh = [unit for unit in wanted if unit not in chosen]
        if (chosen or not first) and sum(len(unit.text) for unit in chosen + fresh) > room:
            continue
        chosen += fresh
    return chosen


def _score(kind: Kind, focus: Focus, unit: Unit, every: Sequence[Unit]) -> float:
    lead = "".join(one.text for one in with_above(unit, every)[:-1])
    score = focus.coverage(unit.text) + 0.35 * focus.coverage(unit.text, lead)
    if kind is Kind.NUMBER and _FIGURE.search(unit.text):
        score += 0.25
    if kind is Kind.DEFINITION and _DEFINING.search(unit.text):
        score += 0.1
    if kind is Kind.WHO and _BODY.search(unit.text):
        score += 0.1
    return score + 0.02 * (unit.start == every[0].start)


def _enumeration(unit: Unit, every: Sequence[Unit]) -> list[Unit]:
    """The lead-in with all its items when `unit` is one of them, or the whole table whose row it is; empty when it is in neither."""
    index = every.index(unit)
    if unit.row:
        header = next(one for one in (*unit.under, index) if every[one].row)
        rows = [other for place, other in enumerate(every) if place == header or header in other.under]
        return [*with_above(every[header], every)[:-1], *rows]
    lead = unit.lead if unit.item else index
    if lead is None:
        return []
    members = [other for other in every if other.item and other.lead == lead]
    return [every[lead], *members] if members else []


def said(draft: Draft, hit: Hit) -> bool:
    """Whether the draft already says most of what the passage says."""
    wording = shape(hit.passage.text)
    return any(
        jaccard(wording, shape(citation.quote)) >= 0.5 or hit.passage.text in citation.quote
        for citation in draft.citations
    )


# What a passage gains that has the shape the kind of question wants, in units of the fused score.
_SHAPE_BONUS = 0.02


def preferred(kind: Kind, focus: Focus, hits: Sequence[Hit]) -> list[Hit]:
    """`hits` in order of how well they suit the kind of question too: a definition defines its very term, `几种` finds
    the article on 种类, a number has a figure."""

    def bonus(hit: Hit) -> float:
        text = hit.passage.text
        if kind is Kind.DEFINITION:
            term = re.escape(focus.core.split(" ")[-1])
            return _SHAPE_BONUS * (
                bool(re.search("是指|所称|，是[^，。]{4,}", text))
                + bool(re.search(f"{term}[”》]?[,，]?(?:是|包括)", text))
            )
        if kind is Kind.LIST and focus.kinds_asked:
            return _SHAPE_BONUS * bool(re.search("种类|分为|包括|如下", text))
        if kind is Kind.NUMBER:
            return _SHAPE_BONUS / 2 * bool(_FIGURE.search(text))
        return 0.0

    def asks(text: str) -> bool:
        return text.count("？") + text.count("?") >= max(2, text.count("。"))

    hits = [hit for hit in hits if not asks(hit.passage.text)] or hits
    return sorted((replace(hit, score=hit.score + bonus(hit)) for hit in hits), key=lambda hit: -hit.score)
