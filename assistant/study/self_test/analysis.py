"""Figures for trainers on how items went: difficulty, discrimination, the wrong option chosen most; by topic. Never who answered what.

Only the first answer of each trainee counts, for later ones are practice. What fewer than five people answered is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from statistics import StatisticsError, correlation, fmean

import sqlalchemy as sa

from assistant.conversations.conversations import Conversations
from assistant.study.question_bank import Item, Kind, QuestionBank
from assistant.study.question_bank.tables import reply as _reply

#: Figures about fewer people than this would be figures about persons.
FEWEST_PEOPLE = 5
#: Other items that a trainee must have answered for his share of them to say something.
FEWEST_OTHERS = 3
OTHER_TOPIC = "其他"


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """How an item went. `right` is the share of `people` who had it right at first (its difficulty, high for easy);
    `discrimination` is the correlation of that with their share of right answers to other items, in -1..1, None where
    these do not differ or too few are known; `wrong` is the wrong option chosen most, in words, with by how many."""

    item: Item
    people: int
    right: float
    discrimination: float | None
    wrong: tuple[str, int] | None


@dataclass(frozen=True, slots=True)
class TopicFigures:
    """How the items of a topic went."""

    topic: str
    people: int
    items: int
    right: float


@dataclass(frozen=True, slots=True)
class Figures:
    """`items` with the hardest first; `few` items were answered by too few to be shown."""

    people: int
    topics: tuple[TopicFigures, ...]
    items: tuple[ItemFigures, ...]
    few: int


@dataclass(frozen=True, slots=True)
class _First:
    """The first answer of somebody to an item."""

    right: bool
    given: tuple[str, ...]


def figures(conversations: Conversations, bank: QuestionBank, people: Collection[str] | None = None) -> Figures | None:
    """Of everybody, or of `people` (their ids); None when fewer than FEWEST_PEOPLE of them answered anything."""
    firsts = _firsts(conversations, people)
    everybody = {user for answers in firsts.values() for user in answers}
    if len(everybody) < FEWEST_PEOPLE:
        return None
    items = {one.id: one for one in bank.chosen(list(firsts))}
    totals = {user: [answers[user].right for answers in firsts.values() if user in answers] for user in everybody}
    enough = {
        number: answers for number, answers in firsts.items() if len(answers) >= FEWEST_PEOPLE and number in items
    }
    found = [_of_item(items[number], answers, totals) for number, answers in enough.items()]
    found.sort(key=lambda one: (one.right, one.item.id))
    few = sum(number in items for number in firsts) - len(found)
    return Figures(len(everybody), _topics(items, firsts), tuple(found), few)


def _firsts(conversations: Conversations, people: Collection[str] | None) -> dict[int, dict[str, _First]]:
    """First answers by item and person; what only the reader could judge counts as he judged it."""
    query = sa.select(_reply.c.item_id, _reply.c.user, _reply.c.right, _reply.c.given).where(
        _reply.c.right.is_not(None)
    )
    if people is not None:
        query = query.where(_reply.c.user.in_(list(people)))
    found: dict[int, dict[str, _First]] = {}
    with conversations.database.read() as connection:
        for row in connection.execute(query.order_by(_reply.c.replied_at)):
            found.setdefault(row.item_id, {}).setdefault(row.user, _First(bool(row.right), tuple(row.given)))
    return found


def _of_item(item: Item, answers: Mapping[str, _First], totals: Mapping[str, list[bool]]) -> ItemFigures:
    right = fmean(one.right for one in answers.values())
    return ItemFigures(item, len(answers), right, _discrimination(answers, totals), _wrong(item, answers))


def _discrimination(answers: Mapping[str, _First], totals: Mapping[str, list[bool]]) -> float | None:
    """Point-biserial correlation with the rest: the item itself is taken out of everybody's total."""
    known = [
        (one.right, (sum(totals[user]) - one.right) / (len(totals[user]) - 1))
        for user, one in answers.items()
        if len(totals[user]) > FEWEST_OTHERS
    ]
    if len(known) < FEWEST_PEOPLE:
        return None
    try:
        return correlation([float(own) for own, _ in known], [rest for _, rest in known])
    except StatisticsError:  # all had it right, or all are equally good at the rest
        return None


def _wrong(item: Item, answers: Mapping[str, _First]) -> tuple[str, int] | None:
    content = item.content
    if content.kind in (Kind.FILL, Kind.SHORT):  # somebody's own words are not shown to others
        return None
    chosen = Counter(given for one in answers.values() for given in set(one.given) if given not in content.answer)
    if not chosen:
        return None
    option, count = chosen.most_common(1)[0]
    letters = dict(zip("ABCDEFGHIJ", content.options, strict=False))
    return (f"{option}．{letters[option]}" if option in letters else option, count)


def _topics(items: Mapping[int, Item], firsts: Mapping[int, Mapping[str, _First]]) -> tuple[TopicFigures, ...]:
    by_topic: dict[str, list[int]] = {}
    for number in firsts:
        if number in items:
            by_topic.setdefault(items[number].content.topic or OTHER_TOPIC, []).append(number)
    made = []
    for topic, numbers in by_topic.items():
        people = {user for number in numbers for user in firsts[number]}
        if len(people) >= FEWEST_PEOPLE:
            right = fmean(one.right for number in numbers for one in firsts[number].values())
            made.append(TopicFigures(topic, len(people), len(numbers), right))
    return tuple(sorted(made, key=lambda one: (one.right, one.topic)))
