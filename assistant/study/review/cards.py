"""温习: cards of wrong answers and saved passages, brought back by fsrs when they are about to be forgotten.

A day has a limit that the reader sets. After a holiday the backlog is not thrown at him: what he still knows best and what fits
into the day comes, every third place goes to what has waited longest, the rest waits for the days after, and nothing is marked as
missed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import IntEnum
from functools import cache
from typing import TYPE_CHECKING

import sqlalchemy as sa

from assistant.conversations.conversations import Conversations
from assistant.conversations.stamps import new_id, utc_now
from assistant.errors import InvalidEntry, NotYours
from assistant.study.question_bank.tables import card as _card
from assistant.study.question_bank.tables import pace as _pace

if TYPE_CHECKING:
    from fsrs import Card as Memory
    from fsrs import Scheduler

USUAL_PACE = 15  # cards on a day: about five minutes
PACES = (5, 10, 15, 30, 50)
LONGEST_WAIT = 365  # days from one review to the next
EARLIER = 10  # cards that 提前温习 brings forward
PUT_OFF = (1, 3, 7)  # days


class Known(IntEnum):
    """What the reader says of a card; the values are fsrs's ratings."""

    FORGOTTEN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


WORDS = {Known.FORGOTTEN: "忘了", Known.HARD: "吃力", Known.GOOD: "记得", Known.EASY: "很熟"}


@dataclass(frozen=True, slots=True)
class Card:
    """One card; it is of an item or of a note. `due` is UTC."""

    id: str
    item_id: int | None
    note_id: str | None
    due: datetime
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Today:
    """What a day asks for: `cards` within the limit, how many were `done` today, how many wait behind the limit, and when
    the next one comes after today."""

    cards: tuple[Card, ...]
    done: int
    waiting: int
    pace: int
    next_on: date | None

    @property
    def days_behind(self) -> int:
        """Over how many further days what waits is spread."""
        return -(-self.waiting // self.pace)


class Reviews:
    """All cards of one data folder. Safe to share between threads.

    Methods that name a card raise NotYours when `user` has no such one. `zone_now` tells the local time, by which days end.
    """

    def __init__(
        self,
        conversations: Conversations,
        now: Callable[[], datetime] | None = None,
        local: Callable[[datetime], datetime] = lambda moment: moment.replace(tzinfo=UTC).astimezone(),
    ) -> None:
        self._database = conversations.database
        self._now = now or utc_now
        self._local = local

    def add_item(self, user: str, item_id: int) -> None:
        """Make a card of an item, once."""
        self._add(user, item_id=item_id)

    def add_note(self, user: str, note_id: str) -> None:
        """Make a card of a saved passage, once."""
        self._add(user, note_id=note_id)

    def has_note(self, user: str) -> set[str]:
        """The notes that are cards."""
        query = sa.select(_card.c.note_id).where(_card.c.user == user, _card.c.note_id.is_not(None))
        with self._database.read() as connection:
            return set(connection.execute(query).scalars())

    def every(self, user: str) -> list[Card]:
        """All cards of a reader, the next due first."""
        with self._database.read() as connection:
            rows = connection.execute(sa.select(_card).where(_card.c.user == user).order_by(_card.c.due, _card.c.id))
            return [_to_card(row) for row in rows]

    def today(self, user: str) -> Today:
        """What is to be reviewed today. Where it is more than the limit, what is best remembered comes first, for it is saved with
        the least effort; that alone would leave a new card waiting for ever, so that every third place is another's."""
        now = self._now()
        begin, end = self._day(now)
        with self._database.read() as connection:
            rows = connection.execute(sa.select(_card).where(_card.c.user == user).order_by(_card.c.due)).all()
            pace = connection.execute(sa.select(_pace.c.cards).where(_pace.c.user == user)).scalar() or USUAL_PACE
        done = sum(row.reviewed_at is not None and row.reviewed_at >= begin for row in rows)
        due = [row for row in rows if row.due < end]
        room = max(pace - done, 0)
        if len(due) > room:
            due = _in_turns(due, done, now)
        waiting = max(len(due) - room, 0)
        later = [end] if waiting else [row.due for row in rows if row.due >= end]
        next_on = self._local(min(later)).date() if later else None
        return Today(tuple(map(_to_card, due[:room])), done, waiting, pace, next_on)

    def earlier(self, user: str) -> list[Card]:
        """The next cards beyond those of today, for who wants more: what waits behind the limit, then what is not due yet."""
        asked = {one.id for one in self.today(user).cards}
        return [one for one in self.every(user) if one.id not in asked][:EARLIER]

    def get(self, user: str, card_id: str) -> Card:
        """One card."""
        with self._database.read() as connection:
            return _to_card(_own(connection, user, card_id))

    def rate(self, user: str, card_id: str, known: Known) -> Card:
        """Say how well a card was known; fsrs tells when it comes back, never before tomorrow."""
        from fsrs import Rating

        now = self._now()
        moment = now.replace(tzinfo=UTC)
        with self._database.read() as connection:
            before = _memory(_own(connection, user, card_id).state)
        after, _ = _scheduler().review_card(before, Rating(int(known)), moment)
        due = max(after.due.astimezone(UTC).replace(tzinfo=None), now + timedelta(hours=12))
        return self._change(user, card_id, state=after.to_dict(), due=due, reviewed_at=now)

    def put_off(self, user: str, card_id: str, days: int) -> Card:
        """推迟: see a card again in so many days, which says nothing about how well it is known. Raises InvalidEntry."""
        if days not in PUT_OFF:
            raise InvalidEntry(f"只能推迟 {'、'.join(map(str, PUT_OFF))} 天。")
        return self._change(user, card_id, due=self._now() + timedelta(days=days))

    def remove(self, user: str, card_id: str) -> None:
        """Take a card out for good."""
        with self._database.write() as connection:
            _own(connection, user, card_id)
            connection.execute(_card.delete().where(_card.c.id == card_id))

    def set_pace(self, user: str, cards: int) -> None:
        """How many cards there may be on a day. Raises InvalidEntry."""
        if cards not in PACES:
            raise InvalidEntry(f"每天的张数可以是 {'、'.join(map(str, PACES))}。")
        with self._database.write() as connection:
            connection.execute(_pace.delete().where(_pace.c.user == user))
            connection.execute(_pace.insert().values(user=user, cards=cards))

    def _add(self, user: str, *, item_id: int | None = None, note_id: str | None = None) -> None:
        now = self._now()
        same = (_card.c.user == user) & (
            _card.c.item_id == item_id if item_id is not None else _card.c.note_id == note_id
        )
        with self._database.write() as connection:
            if connection.execute(sa.select(_card.c.id).where(same)).first() is None:
                connection.execute(
                    _card.insert().values(
                        id=new_id(), user=user, item_id=item_id, note_id=note_id, state={}, due=now, made_at=now
                    )
                )

    def _change(self, user: str, card_id: str, **values: object) -> Card:
        with self._database.write() as connection:
            _own(connection, user, card_id)
            connection.execute(_card.update().where(_card.c.id == card_id).values(**values))
            return _to_card(_own(connection, user, card_id))

    def _day(self, now: datetime) -> tuple[datetime, datetime]:
        """When the reader's present day began and when it ends, in UTC."""
        local = self._local(now)
        begin = datetime.combine(local.date(), time(), local.tzinfo).astimezone(UTC).replace(tzinfo=None)
        return begin, begin + timedelta(days=1)


@cache
def _scheduler() -> Scheduler:
    """Without steps of minutes: a card comes once a day at most. Without chance, so that a day can be foretold."""
    from fsrs import Scheduler

    return Scheduler(learning_steps=(), relearning_steps=(), maximum_interval=LONGEST_WAIT, enable_fuzzing=False)


def _memory(state: dict[str, object]) -> Memory:
    from fsrs import Card as Memory

    return Memory.from_dict(state) if state else Memory(card_id=1)  # type: ignore[arg-type]


def _retrievability(state: dict[str, object], now: datetime) -> float:
    return _scheduler().get_card_retrievability(_memory(state), now.replace(tzinfo=UTC)) if state else 0.0


def _in_turns(due: Sequence[sa.Row[tuple[object, ...]]], done: int, now: datetime) -> list[sa.Row[tuple[object, ...]]]:
    """Two that are best remembered, then the one that waits longest, and so on from the `done`th place of the day."""
    waits = list(due)  # the longest first
    remembered = sorted(due, key=lambda row: -_retrievability(row.state, now))
    order: list[sa.Row[tuple[object, ...]]] = []
    for place in range(done, done + len(due)):
        chosen = (waits if place % 3 == 2 else remembered)[0]
        waits.remove(chosen)
        remembered.remove(chosen)
        order.append(chosen)
    return order


def _own(connection: sa.Connection, user: str, card_id: str) -> sa.Row[tuple[object, ...]]:
    row = connection.execute(sa.select(_card).where(_card.c.id == card_id, _card.c.user == user)).first()
    if row is None:
        raise NotYours("没有这张卡片，可能已被移出；请刷新页面。")
    return row


def _to_card(row: sa.Row[tuple[object, ...]]) -> Card:
    return Card(row.id, row.item_id, row.note_id, row.due, row.made_at)
