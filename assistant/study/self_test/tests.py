"""自测: tests of one reader, what he answered, his wrong answers. Nobody else sees them, and they tell no minutes.

练习 shows the explanation after each item; 试卷 shows everything when it is handed in.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from assistant.conversations.conversations import Conversations
from assistant.conversations.stamps import new_id, utc_now
from assistant.errors import InvalidQuestion, NotYours
from assistant.study.question_bank import Item, Kind
from assistant.study.question_bank.tables import reply as _reply
from assistant.study.question_bank.tables import test as _test
from assistant.study.self_test.marking import Mark, mark

MOST = 100  # items of a test
LISTED = 30
LONGEST_REPLY = 4000  # characters
RIGHT_AGAIN = 2  # right answers in a row that take an item out of the wrong ones


class Mode(StrEnum):
    """How a test is taken."""

    PRACTICE = "练习"
    PAPER = "试卷"


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered to an item; `right` is None until the reader has judged a 简答 himself."""

    item_id: int
    given: tuple[str, ...]
    right: bool | None
    replied_at: datetime


@dataclass(frozen=True, slots=True)
class Test:
    """A test with the replies so far, by item. Times are UTC."""

    id: str
    mode: Mode
    title: str
    item_ids: tuple[int, ...]
    replies: dict[int, Reply]
    begun_at: datetime
    finished_at: datetime | None

    @property
    def open_items(self) -> tuple[int, ...]:
        """What is not answered yet."""
        return tuple(one for one in self.item_ids if one not in self.replies)

    @property
    def right(self) -> int:
        return sum(bool(one.right) for one in self.replies.values())


class SelfTests:
    """All tests of one data folder. Safe to share between threads.

    Methods that name a test raise NotYours when `user` has no such one.
    """

    def __init__(self, conversations: Conversations, now: Callable[[], datetime] | None = None) -> None:
        self._database = conversations.database
        self._now = now or utc_now

    def begin(self, user: str, mode: Mode, title: str, item_ids: Sequence[int]) -> Test:
        """A new test of these items. Raises InvalidQuestion when there are none."""
        if not item_ids:
            raise InvalidQuestion("这个范围里还没有可以自测的题，请换一个范围；题由教员审定后才能用。")
        made = Test(new_id(), mode, title, tuple(item_ids[:MOST]), {}, self._now(), None)
        with self._database.write() as connection:
            connection.execute(
                _test.insert().values(
                    id=made.id,
                    user=user,
                    mode=str(mode),
                    title=title,
                    items=list(made.item_ids),
                    begun_at=made.begun_at,
                )
            )
        return made

    def get(self, user: str, test_id: str) -> Test:
        """One test."""
        with self._database.read() as connection:
            return _own(connection, user, test_id)

    def listing(self, user: str) -> list[Test]:
        """The reader's tests, the latest first."""
        query = sa.select(_test).where(_test.c.user == user).order_by(_test.c.begun_at.desc()).limit(LISTED)
        with self._database.read() as connection:
            return [_to_test(connection, row) for row in connection.execute(query).all()]

    def reply(self, user: str, test_id: str, item: Item, given: Sequence[str]) -> Mark:
        """Keep and mark an answer; the first one counts. Raises InvalidQuestion for an item that is not asked there."""
        given = [one.strip()[:LONGEST_REPLY] for one in given]
        marked = mark(item.content, given)
        with self._database.write() as connection:
            test = _own(connection, user, test_id)
            if item.id not in test.item_ids or test.finished_at is not None:
                raise InvalidQuestion("这道题不在这次自测里，或者自测已经结束；请刷新页面。")
            if item.id not in test.replies:
                values = {"given": given, "right": marked.right, "replied_at": self._now()}
                connection.execute(_reply.insert().values(test_id=test_id, item_id=item.id, user=user, **values))
            if test.mode is Mode.PRACTICE and set(test.open_items) <= {item.id}:
                connection.execute(_test.update().where(_test.c.id == test_id).values(finished_at=self._now()))
        return marked

    def judge(self, user: str, test_id: str, item_id: int, right: bool) -> None:
        """What the reader says of his own answer to a 简答."""
        with self._database.write() as connection:
            _own(connection, user, test_id)
            open_one = (_reply.c.test_id == test_id) & (_reply.c.item_id == item_id) & _reply.c.right.is_(None)
            connection.execute(_reply.update().where(open_one).values(right=right))

    def finish(self, user: str, test_id: str) -> None:
        """Hand a paper in; what is open counts as not answered."""
        with self._database.write() as connection:
            _own(connection, user, test_id)
            still = (_test.c.id == test_id) & _test.c.finished_at.is_(None)
            connection.execute(_test.update().where(still).values(finished_at=self._now()))

    def forget(self, user: str, test_id: str) -> None:
        """Take a test and its replies out for good."""
        with self._database.write() as connection:
            _own(connection, user, test_id)
            connection.execute(_test.delete().where(_test.c.id == test_id))

    def wrong(self, user: str) -> list[int]:
        """错题本: items answered wrong that were not right twice in a row since, the latest first."""
        query = sa.select(_reply.c.item_id, _reply.c.right).where(_reply.c.user == user, _reply.c.right.is_not(None))
        streaks: dict[int, int] = {}  # right answers since the last wrong one; no entry: never wrong
        with self._database.read() as connection:
            for item_id, right in connection.execute(query.order_by(_reply.c.replied_at)):
                if not right:
                    streaks.pop(item_id, None)
                    streaks[item_id] = 0
                elif item_id in streaks:
                    streaks[item_id] += 1
        return [item_id for item_id, streak in reversed(streaks.items()) if streak < RIGHT_AGAIN]

    def seen(self, user: str) -> set[int]:
        """Items that the reader has answered."""
        with self._database.read() as connection:
            return set(connection.execute(sa.select(_reply.c.item_id).where(_reply.c.user == user)).scalars())


def picked(items: Sequence[Item], count: int, seen: set[int], chance: random.Random) -> list[int]:
    """Ids for a test: what the reader has not seen first, at random, short answers last; no document more often than needed."""
    shuffled = list(items)
    chance.shuffle(shuffled)
    shuffled.sort(key=lambda one: one.id in seen)
    turns: dict[tuple[bool, object], int] = {}
    order: list[tuple[bool, int, int]] = []
    for place, one in enumerate(shuffled):
        source = one.content.source
        of = (one.id in seen, source.document_id if source else one.content.topic)
        turns[of] = turns.get(of, 0) + 1
        order.append((one.id in seen, turns[of], place))
    chosen = [shuffled[place] for _, _, place in sorted(order)[:count]]
    return [one.id for one in sorted(chosen, key=lambda one: one.content.kind is Kind.SHORT)]


def _own(connection: sa.Connection, user: str, test_id: str) -> Test:
    row = connection.execute(sa.select(_test).where(_test.c.id == test_id, _test.c.user == user)).first()
    if row is None:
        raise NotYours("没有这次自测，可能已被删除；请刷新页面。")
    return _to_test(connection, row)


def _to_test(connection: sa.Connection, row: sa.Row[tuple[object, ...]]) -> Test:
    rows = connection.execute(sa.select(_reply).where(_reply.c.test_id == row.id))
    replies = {one.item_id: Reply(one.item_id, tuple(one.given), one.right, one.replied_at) for one in rows}
    return Test(row.id, Mode(row.mode), row.title, tuple(row.items), replies, row.begun_at, row.finished_at)
