"""What a speech says about a matter, told by its points: 一是……, 首先……, 要注重……, 在任务分配上……

A passage of a speech holds several points and a point may go on in the next passage, so the passages are taken apart again. Whole points
answer, not sentences of many.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from assistant.answering.draft import Draft
from assistant.answering.editions import current, passages_of
from assistant.answering.extract import USUAL_LENGTH
from assistant.answering.question import Question
from assistant.answering.routes.composed import Composed
from assistant.answering.sentences import Unit
from assistant.understanding.focus import Focus
from assistant.understanding.named_documents import Named, is_speech
from knowledge.model import Document, Hit, Passage
from knowledge.text.quantities import ITEM

_ONE_OF = re.compile(rf"^[{ITEM}]是")
#: How a point begins; the last is a heading within a paragraph (`强化政策集成。`).
_BEGINS = re.compile(rf"^(?:[{ITEM}]是|首先|其次|再次|最后|要注重|在[^，。]{{2,8}}[上面中]，|[^，。；：“”]{{4,12}}。$)")
# What the words of the question add to the cosine of a point's best sentence: those that the sentence holds, and those that
# the whole point does. Twice or half as much changes little (docs/quality.md).
_HELD_THERE: Final = 0.05
_HELD_NEAR: Final = 0.1
# A question for several points at once: 哪三个到位, 开了哪几副药.
_SEVERAL = re.compile(r"(?:哪|要有?|有|了)[几两二三四五](?:个|条|副|点|方面|项|样|招|步|大)|哪些方面")
_TOLD_BY: Final = 3  # points that tell which section is meant
_BESIDE: Final = 0.04  # a further point is told when it stands within this of the best one
#: A sentence leads its point when it comes nearer by so much than the others.
_CLEARLY: Final = 0.02
# What a speech is made of, not what it says on a matter: 讲了几个问题, 标题, 提纲.
_STRUCTURE = re.compile(
    r"几[个大]+(?:问题|部分|方面|章节)|(?:小|大|各)?标题|提纲|框架|结构|分[成为了]?(?:几|哪)|主要(?:讲|说|内容)|讲了(?:什么|啥|哪些)(?:内容)?$"
)


@dataclass(frozen=True, slots=True)
class _Part:
    passage: Passage
    unit: Unit


@dataclass(frozen=True, slots=True)
class _Point:
    """Sentences that belong together; the first point of a section `opens` it."""

    parts: tuple[_Part, ...]
    opens: bool

    @property
    def text(self) -> str:
        return "".join(part.unit.text for part in self.parts)


def tell(question: Question, focus: Focus, hits: Sequence[Hit], draft: Draft, *, sure: bool) -> None:
    """Fill `draft` with the points of the first of `hits`' document, a speech, that come nearest to the question, up to
    USUAL_LENGTH characters; with the opening of a section come the first words of each point of that section. Where the answer
    is `sure` the sentence that says it by itself comes first."""
    document = hits[0].document
    passages = [hit.passage for hit in hits if hit.document.id == document.id]
    points = list(_points(question, sorted(passages, key=lambda passage: passage.start)))
    scored = [(_scores(question, focus, point), point) for point in points]
    ranked = sorted(scored, key=lambda one: max(one[0]), reverse=True)
    if _SEVERAL.search(question.text) and (opening := _opening_of_best_section(ranked)):
        ranked = [opening, *(one for one in ranked if one is not opening)]
    enough = max(ranked[0][0]) - _BESIDE
    listed: list[_Part] = []
    for scores, point in ranked:
        room = USUAL_LENGTH - draft.length
        if draft.citations and (point.opens or max(scores) < enough or len(point.text) > room):
            continue  # the opening of a section says a little of everything: it is told where it comes nearest, not beside others
        first = not draft.citations
        told = {part.unit.start for part in listed}
        chosen = [part for part in _around(point, scores, room) if part.unit.start not in told]
        if first and (sure or _stands_out(scores)) and not point.opens and len(chosen) > 1:
            direct = point.parts[scores.index(max(scores))]
            draft.lead_with(direct.passage, document, direct.unit)
            chosen = [part for part in chosen if part is not direct]
        _quote(draft, document, chosen)
        if point.opens and not listed:
            listed = _listed(question, document, point)
            _quote(draft, document, listed)


def sections(question: Question, named: Named) -> Composed | None:
    """The headings of the speech `named`, when the question asks what it is made of; None when it does not or has none."""
    document = current(named.documents)
    if not is_speech(document.card.kind, document.card.title) or not _STRUCTURE.search(question.text):
        return None
    draft, passages = Draft(), question.kb.passages(document.version_id)
    for section in question.kb.outline(document.version_id).sections:
        inside = passages_of(section, passages)
        if section.depth == 0 and section.level == "一" and inside:
            draft.quote(inside[0], document, question.units_of(inside[0])[:1])
    return Composed(draft, 0.9) if draft.citations else None


def _stands_out(scores: Sequence[float]) -> bool:
    best, *others = sorted(scores, reverse=True)
    return bool(others) and best >= others[0] + _CLEARLY


def _opening_of_best_section(ranked: Sequence[tuple[list[float], _Point]]) -> tuple[list[float], _Point] | None:
    """The point that opens the section whose best _TOLD_BY points come nearest, when it numbers its points."""
    sections: dict[str, list[tuple[list[float], _Point]]] = {}
    for one in ranked:
        sections.setdefault(_section(one[1].parts[0].passage), []).append(one)
    numbered = [several for several in sections.values() if any(_ONE_OF.match(point.text) for _, point in several)]
    if not numbered:
        return None
    best = max(numbered, key=lambda several: sum(max(scores) for scores, _ in several[:_TOLD_BY]))
    return next((one for one in best if one[1].opens), None)


def _points(question: Question, passages: Sequence[Passage]) -> Iterator[_Point]:
    parts: list[_Part] = []
    section, opens = "", True
    for passage in passages:
        for unit in question.units_of(passage):
            new = _section(passage) != section
            if parts and (new or _BEGINS.match(unit.text)):
                yield _Point(tuple(parts), opens)
                parts, opens = [], new
            section = _section(passage)
            parts.append(_Part(passage, unit))
    if parts:
        yield _Point(tuple(parts), opens)


def _scores(question: Question, focus: Focus, point: _Point) -> list[float]:
    """How near each sentence of `point` comes; one that answers the speaker's own question is read with it."""
    said = [part.unit.text for part in point.parts]
    asked = ["", *(text if text.endswith("？") else "" for text in said)]
    texts = [f"{before}{text}" for before, text in zip(asked, said, strict=False)]
    near = _HELD_NEAR * focus.coverage(point.text)
    return [
        cosine + _HELD_THERE * focus.coverage(text) + near
        for cosine, text in zip(question.cosines(texts), texts, strict=True)
    ]


def _around(point: _Point, scores: Sequence[float], room: int) -> list[_Part]:
    """The sentence of `point` that comes nearest, with its neighbours as far as there is room, the nearer one first."""
    low = high = max(range(len(scores)), key=lambda place: scores[place])
    length = len(point.parts[low].unit.text)
    while True:
        beside = [place for place in (low - 1, high + 1) if 0 <= place < len(scores)]
        beside = [place for place in beside if length + len(point.parts[place].unit.text) <= room]
        if not beside:
            return list(point.parts[low : high + 1])
        nearest = max(beside, key=lambda place: scores[place])
        length += len(point.parts[nearest].unit.text)
        low, high = min(low, nearest), max(high, nearest)


def _listed(question: Question, document: Document, opening: _Point) -> list[_Part]:
    """The first words of every point of the section that `opening` opens, as far as it numbers them (一是, 二是)."""
    section = _section(opening.parts[0].passage)
    told = {part.unit.start for part in opening.parts}
    return [
        _Part(passage, unit)
        for passage in question.kb.passages(document.version_id)
        if _section(passage) == section
        for unit in question.units_of(passage)
        if _ONE_OF.match(unit.text) and unit.start not in told
    ]


def _quote(draft: Draft, document: Document, parts: Sequence[_Part]) -> None:
    by_passage: dict[int, list[_Part]] = {}
    for part in parts:
        by_passage.setdefault(part.passage.id, []).append(part)
    for several in by_passage.values():
        draft.quote(several[0].passage, document, [part.unit for part in several])


def _section(passage: Passage) -> str:
    return re.split("[/·]", passage.address)[0]
