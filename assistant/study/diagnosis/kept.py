"""Diagnoses that a reader asked to be kept. Nobody else sees them, and without being asked nothing is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from assistant.conversations.conversations import Conversations
from assistant.conversations.stamps import new_id, utc_now
from assistant.errors import NotYours
from assistant.study.diagnosis.statements import answers_in

diagnosis = sa.Table(  # `conversations/migrations` 0011 makes it
    "study_diagnosis",
    sa.MetaData(),
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("user", sa.String, nullable=False),
    sa.Column("answers", sa.String, nullable=False),
    sa.Column("created_at", sa.DateTime, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """One diagnosis; `answers` a figure for each statement. `created_at` is UTC."""

    id: str
    answers: str
    created_at: datetime


class Diagnoses:
    """All kept diagnoses of one data folder. Methods that name one raise NotYours when `user` has no such one."""

    def __init__(self, conversations: Conversations, now: Callable[[], datetime] | None = None) -> None:
        self._database = conversations.database
        self._now = now or utc_now

    def keep(self, user: str, answers: str) -> Kept:
        """Keep a diagnosis. Raises InvalidEntry as `answers_in` does."""
        answers_in(answers)
        made = Kept(new_id(), answers, self._now())
        values = {"id": made.id, "user": user, "answers": answers, "created_at": made.created_at}
        with self._database.write() as connection:
            connection.execute(diagnosis.insert().values(**values))
        return made

    def listing(self, user: str) -> list[Kept]:
        """The reader's own, the latest first."""
        query = sa.select(diagnosis).where(diagnosis.c.user == user)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(diagnosis.c.created_at.desc(), diagnosis.c.id))
            return [Kept(row.id, row.answers, row.created_at) for row in rows]

    def get(self, user: str, diagnosis_id: str) -> Kept:
        """One of the reader's own."""
        query = sa.select(diagnosis).where(diagnosis.c.user == user, diagnosis.c.id == diagnosis_id)
        with self._database.read() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise NotYours("没有这次诊断，可能已被删除；请回到“自我诊断”。")
        return Kept(row.id, row.answers, row.created_at)

    def forget(self, user: str, diagnosis_id: str) -> None:
        """Take one out for good."""
        self.get(user, diagnosis_id)
        with self._database.write() as connection:
            connection.execute(diagnosis.delete().where(diagnosis.c.id == diagnosis_id))
