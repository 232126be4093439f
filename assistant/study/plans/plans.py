"""Plans of a reader or of a class: read to the end, ask, test, discuss, each until a day.

A class sees the plan that its trainer made; what each one did of it only he himself sees.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa

from assistant.conversations.conversations import Conversations
from assistant.conversations.stamps import new_id, utc_now
from assistant.errors import InvalidEntry, NotYours
from assistant.study.plans.tables import done as _done
from assistant.study.plans.tables import plan as _plan
from assistant.study.plans.tables import step as _step

MOST_STEPS = 60
MOST_PLANS = 100  # of one reader or class
LONGEST_TITLE, LONGEST_WORDS = 40, 200  # characters


class Task(StrEnum):
    """What a step asks for."""

    READ = "读完"
    ASK = "问清"
    TEST = "自测"
    DISCUSS = "研讨"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A step as it is asked for. READ names a document, TEST a document or in `words` a topic, ASK a question in `words`,
    DISCUSS what is to be talked about."""

    task: Task
    words: str = ""
    document_id: int | None = None
    due: date | None = None
    id: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan with its steps: those with a day first, by day. `class_id` is None for a reader's own."""

    id: str
    title: str
    class_id: int | None
    author: str
    created_at: datetime
    steps: tuple[Wanted, ...]


class Plans:
    """All plans of one data folder. Safe to share between threads.

    Whoever asks is named by `owner`: a reader's id, or the number of a class. Methods that name a plan raise NotYours where
    the owner has no such one.
    """

    def __init__(self, conversations: Conversations, now: Callable[[], datetime] | None = None) -> None:
        self._database = conversations.database
        self._now = now or utc_now

    def add(self, owner: str | int, title: str, author: str, steps: Sequence[Wanted] = ()) -> Plan:
        """A new plan. Raises InvalidEntry."""
        title = title.strip()
        if not 0 < len(title) <= LONGEST_TITLE:
            raise InvalidEntry(f"计划要有名称，最多 {LONGEST_TITLE} 个字，请改好再存。")
        if len(self.listing(owner)) >= MOST_PLANS:
            raise InvalidEntry(f"计划已有 {MOST_PLANS} 个，请先删去不用的。")
        made = new_id()
        values = {"id": made, "title": title, "author": author, "created_at": self._now()}
        with self._database.write() as connection:
            connection.execute(_plan.insert().values(**values, **_owned(owner)))
        for one in steps:
            self.put(owner, made, one)
        return self.get(owner, made)

    def listing(self, owner: str | int) -> list[Plan]:
        """The owner's plans, the latest first."""
        query = sa.select(_plan).where(_of(owner)).order_by(_plan.c.created_at.desc(), _plan.c.id)
        with self._database.read() as connection:
            return [_to_plan(connection, row) for row in connection.execute(query).all()]

    def get(self, owner: str | int, plan_id: str) -> Plan:
        """One plan."""
        with self._database.read() as connection:
            return _own(connection, owner, plan_id)

    def put(self, owner: str | int, plan_id: str, wanted: Wanted) -> None:
        """One step more. Raises InvalidEntry when it does not say what is to be done."""
        wanted = _checked(wanted)
        with self._database.write() as connection:
            held = _own(connection, owner, plan_id)
            if len(held.steps) >= MOST_STEPS:
                raise InvalidEntry(f"一个计划最多 {MOST_STEPS} 项，请另建一个计划。")
            highest = sa.select(sa.func.max(_step.c.place)).where(_step.c.plan_id == plan_id)
            place = (connection.execute(highest).scalar() or 0) + 1
            values = {"words": wanted.words, "document_id": wanted.document_id, "due": wanted.due}
            connection.execute(
                _step.insert().values(id=new_id(), plan_id=plan_id, place=place, kind=str(wanted.task), **values)
            )

    def take_out(self, owner: str | int, plan_id: str, step_id: str) -> None:
        """Take a step out for good. Raises NotYours when the plan has no such one."""
        with self._database.write() as connection:
            _own(connection, owner, plan_id)
            gone = (_step.c.id == step_id) & (_step.c.plan_id == plan_id)
            if connection.execute(_step.delete().where(gone)).rowcount == 0:
                raise NotYours("计划里没有这一项，可能已被删去；请刷新页面。")

    def delete(self, owner: str | int, plan_id: str) -> None:
        """Take a plan out for good, with what readers ticked off in it."""
        with self._database.write() as connection:
            _own(connection, owner, plan_id)
            connection.execute(_plan.delete().where(_plan.c.id == plan_id))

    def tick(self, user: str, step_id: str, done: bool) -> None:
        """Say of a step that it was done, or that it was not."""
        mine = (_done.c.step_id == step_id) & (_done.c.user == user)
        with self._database.write() as connection:
            connection.execute(_done.delete().where(mine))
            if done:
                connection.execute(_done.insert().values(step_id=step_id, user=user, done_at=self._now()))

    def ticked(self, user: str) -> dict[str, datetime]:
        """The steps that a reader ticked off, with when he did."""
        with self._database.read() as connection:
            rows = connection.execute(sa.select(_done.c.step_id, _done.c.done_at).where(_done.c.user == user))
            return {row.step_id: row.done_at for row in rows}


def _checked(wanted: Wanted) -> Wanted:
    words = " ".join(wanted.words.split())
    if len(words) > LONGEST_WORDS:
        raise InvalidEntry(f"这一项有 {len(words)} 个字，最多 {LONGEST_WORDS} 个字，请缩短。")
    if wanted.task is Task.READ and wanted.document_id is None:
        raise InvalidEntry("“读完”要选一份文件。")
    if wanted.task in (Task.ASK, Task.DISCUSS) and not words:
        raise InvalidEntry(f"“{wanted.task}”要写明问题或者题目。")
    if wanted.task is Task.TEST and not words and wanted.document_id is None:
        raise InvalidEntry("“自测”要选一份文件，或者写明专题。")
    return Wanted(wanted.task, words, wanted.document_id, wanted.due)


def _owned(owner: str | int) -> dict[str, object]:
    return {"class_id": owner, "user": None} if isinstance(owner, int) else {"class_id": None, "user": owner}


def _of(owner: str | int) -> sa.ColumnElement[bool]:
    return _plan.c.class_id == owner if isinstance(owner, int) else _plan.c.user == owner


def _own(connection: sa.Connection, owner: str | int, plan_id: str) -> Plan:
    row = connection.execute(sa.select(_plan).where(_plan.c.id == plan_id, _of(owner))).first()
    if row is None:
        raise NotYours("没有这个学习计划，可能已被删除；请回到“学习计划”。")
    return _to_plan(connection, row)


def _to_plan(connection: sa.Connection, row: sa.Row[tuple[object, ...]]) -> Plan:
    rows = connection.execute(sa.select(_step).where(_step.c.plan_id == row.id).order_by(_step.c.place)).all()
    steps = [Wanted(Task(one.kind), one.words, one.document_id, one.due, one.id) for one in rows]
    steps.sort(key=lambda one: one.due or date.max)
    return Plan(row.id, row.title, row.class_id, row.author, row.created_at, tuple(steps))
