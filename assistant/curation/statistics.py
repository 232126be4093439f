"""Figures for the desk: questions by day, answered and refused, what was cited, what never was. Never who asked what.

A class is shown only when enough people of it asked, and small numbers are not shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa

from assistant.conversations.schema import conversation as _conversation
from assistant.conversations.schema import turn as _turn
from assistant.conversations.turns import TurnState
from assistant.model import Mode
from knowledge.model import Document, Validity
from knowledge.storage.database import Database
from knowledge.storage.database.json_path import json_items, json_value

DAYS = 30
#: Figures about fewer people than this would be figures about persons.
FEWEST_PEOPLE = 5
#: Counts below this are shown as "fewer than".
SMALL = 5
OTHER_TOPIC = "其他"


@dataclass(frozen=True, slots=True)
class Day:
    """Questions of one day."""

    day: date
    answered: int
    refused: int

    @property
    def asked(self) -> int:
        return self.answered + self.refused


@dataclass(frozen=True, slots=True)
class Figures:
    """`days` oldest first, without gaps. `topics` and `documents` count answers that cite them, the most first; of small
    numbers only that they are. `never` are published documents in force that no answer of all time cites."""

    days: tuple[Day, ...]
    topics: tuple[tuple[str, int], ...]
    documents: tuple[tuple[Document, int], ...]
    never: tuple[Document, ...]

    @property
    def answered(self) -> int:
        return sum(day.answered for day in self.days)

    @property
    def refused(self) -> int:
        return sum(day.refused for day in self.days)

    @property
    def asked(self) -> int:
        return self.answered + self.refused


@dataclass(frozen=True, slots=True)
class Shelf:
    """The library: published documents by topic and validity, topics with the most first."""

    topics: tuple[tuple[str, Mapping[Validity, int]], ...]

    @property
    def largest(self) -> int:
        return max((sum(counts.values()) for _, counts in self.topics), default=1)


def figures(
    database: Database,
    documents: Sequence[Document],
    today: date,
    people: Collection[str] | None = None,
    days: int = DAYS,
) -> Figures | None:
    """The figures of the last `days`, of everybody or of `people` (their ids); None when fewer than FEWEST_PEOPLE of
    these asked anything."""
    first = today - timedelta(days=days - 1)
    start = datetime.combine(first, datetime.min.time()).astimezone().astimezone(UTC).replace(tzinfo=None)
    cited = json_items(_turn.c.answer, "$.citations").table_valued("value", name="cited")
    mine = [] if people is None else [_conversation.c.user.in_(people)]
    done = [_turn.c.state == str(TurnState.DONE), _turn.c.answer.is_not(None), *mine]
    document_id = sa.cast(json_value(cited.c.value, "$.document.id"), sa.Integer)
    asked = (
        sa.select(_turn.c.asked_at, json_value(_turn.c.answer, "$.mode").label("mode"), _conversation.c.user)
        .join(_conversation, _conversation.c.id == _turn.c.conversation_id)
        .where(*done, _turn.c.asked_at >= start)
    )
    hits = (
        sa.select(document_id.label("document"), sa.func.count(sa.distinct(_turn.c.id)).label("turns"))
        .select_from(_turn)
        .join(_conversation, _conversation.c.id == _turn.c.conversation_id)
        .join(cited, sa.true())
        .group_by(document_id)
    )
    with database.read() as connection:
        rows = list(connection.execute(asked))
        recent = {row.document: row.turns for row in connection.execute(hits.where(*done, _turn.c.asked_at >= start))}
        ever = {row.document for row in connection.execute(hits.where(_turn.c.answer.is_not(None)))}
    if people is not None and len({row.user for row in rows}) < FEWEST_PEOPLE:
        return None
    by_id = {document.id: document for document in documents}
    topics: Counter[str] = Counter()
    for number, turns in recent.items():
        if number in by_id:
            topics[by_id[number].card.topic or OTHER_TOPIC] += turns
    cited_most = sorted(((by_id[i], turns) for i, turns in recent.items() if i in by_id), key=lambda pair: -pair[1])
    in_force = [document for document in documents if document.validity is Validity.IN_FORCE]
    return Figures(
        days=_days(((row.asked_at, row.mode) for row in rows), first, days),
        topics=tuple(topics.most_common()),
        documents=tuple(cited_most[:10]),
        never=tuple(document for document in in_force if document.id not in ever),
    )


def shelf(documents: Iterable[Document]) -> Shelf:
    """`documents` by topic and validity."""
    counted: dict[str, Counter[Validity]] = {}
    for document in documents:
        counted.setdefault(document.card.topic or OTHER_TOPIC, Counter())[document.validity] += 1
    ordered = sorted(counted.items(), key=lambda pair: (-sum(pair[1].values()), pair[0]))
    return Shelf(tuple((topic, {validity: counts[validity] for validity in Validity}) for topic, counts in ordered))


def shown(count: int) -> str:
    """A count as it may be shown: small ones only as such."""
    return str(count) if count >= SMALL or count == 0 else f"少于 {SMALL}"


def _days(rows: Iterable[tuple[datetime, str]], first: date, days: int) -> tuple[Day, ...]:
    answered: Counter[date] = Counter()
    refused: Counter[date] = Counter()
    for asked_at, mode in rows:
        day = asked_at.replace(tzinfo=UTC).astimezone().date()
        (refused if mode in (str(Mode.REFUSE), str(Mode.POSSIBLE)) else answered)[day] += 1
    every = [first + timedelta(days=number) for number in range(days)]
    return tuple(Day(day, answered[day], refused[day]) for day in every)
