"""Makes items out of the material of a document: kinds in turn, spread over its provisions, each checked before it is kept."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.errors import InvalidEntry
from assistant.study.question_bank.content import BLANK, FALSE, TRUE, Content, Kind, checked, letters, plain
from assistant.study.question_bank.making.bodies import Body, bodies
from assistant.study.question_bank.making.figures import Figure, figures
from assistant.study.question_bank.making.material import Listing, Material, material_of
from assistant.study.question_bank.making.members import Member, members
from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Document
from knowledge.text import shape
from knowledge.text.quantities import quantities

_PARTS = re.compile(r"[、，,；]|或者|以及|[和及或]")
SHORTEST_PART = 2  # characters
ORIGIN = "依据原文出题"
MOST_OPTIONS = 4
ALIKE = 0.34  # of the bigrams of the shorter one, that a wrong option may share with a member of the enumeration
LONGEST_RECITED = 45  # characters of a member, on average: longer ones are rules and nobody writes them down
USUAL_TOPIC = "其他"


@dataclass(frozen=True, slots=True)
class Made:
    """An item and the provision it is of."""

    label: str
    content: Content


def make(
    kb: KnowledgeBase, document: Document, count: int, *, within: Callable[[int, int], bool] = lambda start, end: True
) -> list[Made]:
    """At most `count` items of a document, on sentences and enumerations whose places are `within`. The same text gives the
    same items."""
    material = material_of(kb, document)
    topic = document.card.topic or USUAL_TOPIC

    def wanted(one: Made) -> bool:
        source = one.content.source
        return source is None or within(source.start, source.end)

    kinds = [
        list(_spread(filter(wanted, one)))
        for one in (_of_figures(material), _of_listings(material), _of_bodies(material), _of_members(material))
    ]
    used: dict[str, int] = {}
    made: list[Made] = []
    seen: set[str] = set()
    while len(made) < count and any(kinds):
        for waiting in kinds:
            if not waiting or len(made) == count:
                continue
            waiting.sort(key=lambda one: used.get(one.label, 0))  # stable: provisions that have none yet come first
            one = waiting.pop(0)
            whole = _whole(one, topic)
            if whole is None or used.get(one.label, 0) >= 2 or (key := plain(whole.content.stem)) in seen:
                continue
            seen.add(key)
            used[one.label] = used.get(one.label, 0) + 1
            made.append(whole)
    return made


def _whole(one: Made, topic: str) -> Made | None:
    try:
        return Made(one.label, checked(replace(one.content, topic=topic, origin=ORIGIN)))
    except InvalidEntry:
        return None


def _spread(items: Iterable[Made]) -> Iterator[Made]:
    """Over the whole document: from its beginning, middle and end in turn."""
    every = list(items)
    step = max(len(every) // 3, 1)
    for first in range(step):
        yield from every[first::step]


def _of_figures(material: Material) -> Iterator[Made]:
    for place, figure in enumerate(figures(material)):
        form = (_choice_of_figures, _blank, _statement)[place % 3]
        yield Made(figure.said.label, form(material, figure))


def _of_bodies(material: Material) -> Iterator[Made]:
    for place, body in enumerate(bodies(material)):
        form = (_choice_of_names, _statement)[place % 2]
        yield Made(body.said.label, form(material, body))


def _of_members(material: Material) -> Iterator[Made]:
    for member in members(material):
        yield Made(member.said.label, _blank(material, member))


def _of_listings(material: Material) -> Iterator[Made]:
    for listing in material.listings:
        if (content := _some_of(material, listing)) is not None:
            yield Made(listing.label, content)
        recited = sum(map(len, listing.members)) / len(listing.members)
        known = not listing.open_ended and not listing.lead.endswith("如下")
        if known and len(listing.members) <= 6 and recited <= LONGEST_RECITED:
            yield Made(listing.label, _all_of(material, listing))


def _blank(material: Material, place: Figure | Body | Member) -> Content:
    stem = f"{_according(material)}{place.before}{BLANK}{place.after}"
    return _content(material, place, Kind.FILL, stem, (), (place.written,))


def _choice_of_figures(material: Material, figure: Figure) -> Content:
    words = [figure.written, *figure.others[: MOST_OPTIONS - 1]]
    words.sort(key=lambda one: next(iter(quantities(one))).value)
    return _choice(material, figure, words)


def _choice_of_names(material: Material, body: Body) -> Content:
    chance = _chance(body.said.text)
    words = [body.written, *chance.sample(body.others, MOST_OPTIONS - 1)]
    chance.shuffle(words)
    return _choice(material, body, words)


def _choice(material: Material, place: Figure | Body, words: Sequence[str]) -> Content:
    stem = f"{_according(material)}{place.before}{BLANK}{place.after}"
    return _content(material, place, Kind.SINGLE, stem, tuple(words), letters([words.index(place.written)]))


def _statement(material: Material, place: Figure | Body) -> Content:
    """The sentence as it is, or with exactly one figure or body changed."""
    chance = _chance(place.said.text)
    if chance.random() < 0.5:
        return _content(material, place, Kind.JUDGE, f"{_according(material)}{place.said.text}", (), (TRUE,))
    other = chance.choice(place.others[:3])
    stem = f"{_according(material)}{place.before}{other}{place.after}"
    made = _content(material, place, Kind.JUDGE, stem, (), (FALSE,))
    return replace(made, explanation=f"应为“{place.written}”。{made.explanation}")


def _some_of(material: Material, listing: Listing) -> Content | None:
    """Some members among items of other enumerations of the same text, which are not listed here and are not alike."""
    chance = _chance(listing.lead + listing.label)
    own = [one for one in listing.members if len(one) <= 60]
    shapes = [shape(one) for one in listing.members]
    ending = own[0][-1:] == "的" if own else False
    strangers = [
        member
        for other in material.listings
        if other is not listing and other.lead != listing.lead and _same_sort(other.lead, listing.lead)
        for member in other.members
        if (member[-1:] == "的") == ending
        and all(len(shape(member) & one) < ALIKE * min(len(shape(member)), len(one)) for one in shapes)
        and not any(_overlap(member, one) for one in listing.members)
    ]
    if len(own) < 2 or not strangers:
        return None
    right = chance.sample(own, min(len(own), 2 if len(strangers) > 1 and chance.random() < 0.5 else 3))
    length = sum(map(len, right)) / len(right)
    strangers = sorted(dict.fromkeys(strangers), key=lambda one: abs(len(one) - length))
    wrong = strangers[: MOST_OPTIONS - len(right)] or strangers[:1]
    words = [*right, *wrong]
    chance.shuffle(words)
    asked = "（　）。" if listing.lead.endswith(("是", "有", "为", "包括")) else "。下列选项中，该条列明的有（　）。"
    stem = f"{_according(material)}{listing.lead}{asked}"
    source = material.excerpt(listing.start, listing.end)
    return Content(
        Kind.MULTIPLE,
        stem,
        tuple(words),
        letters([words.index(one) for one in right]),
        f"《{material.document.card.title}》{listing.label}列明：{'；'.join(listing.members)}。",
        source=source,
    )


def _overlap(one: str, other: str) -> bool:
    """Whether a part of one is a part of the other: 被撤职或者开除公职的 beside 被调离或者开除的."""
    parts = [[plain(part.rstrip("的")) for part in _PARTS.split(words)] for words in (one, other)]
    return any(
        mine in theirs or theirs in mine
        for mine in parts[0]
        for theirs in parts[1]
        if min(len(mine), len(theirs)) >= SHORTEST_PART
    )


def _same_sort(one: str, other: str) -> bool:
    """Whether two enumerations are of one sort of thing, so that a member of one may be mistaken for one of the other."""
    sorts = (
        "情形",
        "职责",
        "任务",
        "条件",
        "原则",
        "内容",
        "行为",
        "材料",
        "权利",
        "义务",
        "要求",
        "程序",
        "措施",
        "事项",
        "方式",
    )
    of = [{sort for sort in sorts if sort in words} for words in (one, other)]
    return bool(of[0] & of[1])


def _all_of(material: Material, listing: Listing) -> Content:
    lead = listing.lead
    about = re.sub(r"(?:主要)?(?:是|有|(?<![行作认])为|包括)$", "", lead)
    asked = f"{_asking(lead)}请逐项写出。" if about == lead else f"{about}有哪些？请逐项写出。"
    return Content(
        Kind.SHORT,
        f"{_according(material)}{asked}",
        (),
        ("\n".join(f"{number}. {one}" for number, one in enumerate(listing.members, start=1)),),
        source=material.excerpt(listing.start, listing.end),
    )


def _asking(lead: str) -> str:
    """A lead-in as a question: 应当载明下列事项 -> 应当载明哪些事项？, 有下列情形之一的，不予受理 -> 有哪些情形的，不予受理？"""
    asked = re.sub(r"(?:下列|以下|如下)(?P<sort>[\u4e00-\u9fff]{2,4}?)之一", r"哪些\g<sort>", lead, count=1)
    if asked == lead:
        asked = re.sub("下列|以下|如下", "哪些", lead, count=1).replace("之一", "")
    return f"{asked}？" if asked != lead else f"{lead}。"


def _according(material: Material) -> str:
    return f"根据《{material.document.card.title}》，"


def _content(
    material: Material,
    place: Figure | Body | Member,
    kind: Kind,
    stem: str,
    options: tuple[str, ...],
    answer: tuple[str, ...],
) -> Content:
    said = place.said
    explanation = f"《{material.document.card.title}》{said.label}：{said.text}"
    return Content(kind, stem, options, answer, explanation, source=material.excerpt(said.start, said.end))


def _chance(words: str) -> random.Random:
    """The same for the same words, so that a text gives the same items again."""
    return random.Random(int.from_bytes(hashlib.sha256(words.encode()).digest()[:8], "big"))
