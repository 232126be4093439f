"""What shows that a step was done: a document read to its end, a test passed, or the reader's own tick. Never minutes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from assistant.conversations.conversations import Conversations
from assistant.study.plans.plans import Plan, Task, Wanted
from assistant.study.plans.reading import Progress
from assistant.study.question_bank.tables import item as _item
from assistant.study.question_bank.tables import reply as _reply
from assistant.study.question_bank.tables import test as _test

PASSED = 0.6  # of the items of a test


@dataclass(frozen=True, slots=True)
class Tested:
    """A finished test: how many of its items were right, and on which documents and topics they are."""

    id: str
    title: str
    mode: str
    right: int
    total: int
    finished_at: datetime
    documents: frozenset[int]
    topics: frozenset[str]

    @property
    def passed(self) -> bool:
        return passed(self.right, self.total)


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a plan as it stands with one reader; `done_at` None while it is open, `shown` says what shows it."""

    wanted: Wanted
    done_at: datetime | None
    shown: str


def passed(right: int, total: int) -> bool:
    """Whether a test with so many right items counts as passed."""
    return total > 0 and right >= PASSED * total


def tested(conversations: Conversations, user: str) -> list[Tested]:
    """The finished tests of a reader, the latest first."""
    finished = sa.select(_test).where(_test.c.user == user, _test.c.finished_at.is_not(None))
    answered = (
        sa.select(_reply.c.test_id, _reply.c.right, _item.c.document_id, _item.c.topic)
        .join(_item, _item.c.id == _reply.c.item_id)
        .where(_reply.c.user == user)
    )
    with conversations.database.read() as connection:
        tests = connection.execute(finished.order_by(_test.c.finished_at.desc(), _test.c.id)).all()
        replies: dict[str, list[tuple[bool | None, int | None, str]]] = {}
        for row in connection.execute(answered):
            replies.setdefault(row.test_id, []).append((row.right, row.document_id, row.topic))
    made = []
    for one in tests:
        of = replies.get(one.id, [])
        made.append(
            Tested(
                one.id,
                one.title,
                one.mode,
                sum(bool(right) for right, _, _ in of),
                len(one.items),
                one.finished_at,
                frozenset(document for _, document, _ in of if document is not None),
                frozenset(topic for _, _, topic in of if topic),
            )
        )
    return made


def stepped(
    plan: Plan, readings: Mapping[int, Progress], tests: list[Tested], ticked: Mapping[str, datetime]
) -> list[Step]:
    """The steps of a plan with what shows that they were done. `readings` are by document."""
    return [_step(plan, one, readings, tests, ticked) for one in plan.steps]


def _step(
    plan: Plan,
    wanted: Wanted,
    readings: Mapping[int, Progress],
    tests: list[Tested],
    ticked: Mapping[str, datetime],
) -> Step:
    if wanted.task is Task.READ:
        progress = readings.get(wanted.document_id or 0)
        if progress is None:
            return Step(wanted, None, "")
        words = f"已读 {progress.read} / {progress.total} 条"
        return Step(wanted, (progress.finished_at or progress.changed_at) if progress.whole else None, words)
    if wanted.task is Task.TEST:
        fitting = [one for one in tests if _about(one, wanted) and one.finished_at >= plan.created_at]
        good = next((one for one in fitting if one.passed), None)
        if good:
            return Step(wanted, good.finished_at, f"{good.right} / {good.total} 题对")
        return Step(wanted, None, f"最近一次 {fitting[0].right} / {fitting[0].total} 题对" if fitting else "")
    return Step(wanted, ticked.get(wanted.id), "")


def _about(test: Tested, wanted: Wanted) -> bool:
    return wanted.document_id in test.documents if wanted.document_id is not None else wanted.words in test.topics
