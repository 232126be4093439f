"""What trainers did about the items of their queues: who looks after one, what came of it, what its askers are told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import sqlalchemy as sa

from assistant.conversations.schema import conversation as _conversation
from assistant.conversations.schema import handling as _handling
from assistant.conversations.schema import turn as _turn
from assistant.errors import InvalidEntry
from knowledge.storage.database import Database
from knowledge.text.masking import mask

LONGEST_NOTE = 300  # characters


class Queue(StrEnum):
    """Which queue. The subject of an item is a turn, a turn, a turn, a title, a curated answer, a document and a date."""

    UNANSWERED = "unanswered"
    DISLIKED = "disliked"
    OUTDATED = "outdated"
    MISSING = "missing"
    RECHECK = "recheck"
    DATES = "dates"


class State(StrEnum):
    """How far an item is; all but OPEN are closed."""

    OPEN = "open"
    SUPPLIED = "supplied"  # 已补充: the library answers it now
    DECLINED = "declined"  # 不补充; the note says why
    DONE = "done"  # 已处理


@dataclass(frozen=True, slots=True)
class Handled:
    """What was done about one item. Times are UTC."""

    queue: Queue
    subject: str
    state: State
    assignee: str
    note: str
    actor: str
    changed_at: datetime


class Handling:
    """The handling of all items, in the database of the conversations. Safe to share between threads."""

    def __init__(self, database: Database, now: Callable[[], datetime] | None = None) -> None:
        self._database = database
        self._now = now or (lambda: datetime.now(UTC).replace(tzinfo=None))

    def of(self, queue: Queue) -> dict[str, Handled]:
        """What was done about the items of a queue, by subject."""
        with self._database.read() as connection:
            rows = connection.execute(sa.select(_handling).where(_handling.c.queue == str(queue)))
            return {row.subject: _to_handled(row) for row in rows}

    def assign(self, actor: str, queue: Queue, subjects: Sequence[str], assignee: str) -> None:
        """Let somebody look after items; "" for nobody."""
        self._change(actor, queue, subjects, assignee=assignee)

    def close(self, actor: str, queue: Queue, subjects: Sequence[str], state: State, note: str = "") -> None:
        """Say what came of items (OPEN opens them again). Raises InvalidEntry when the note is too long."""
        note = mask(note.strip())
        if len(note) > LONGEST_NOTE:
            raise InvalidEntry(f"说明有 {len(note)} 个字，最多 {LONGEST_NOTE} 个字，请缩短。")
        self._change(actor, queue, subjects, state=str(state), note=note)

    def supplied(self, user: str) -> frozenset[str]:
        """Those of the user's conversations with a question that the library can answer now and could not before;
        until he asks on in it."""
        query = (
            sa.select(_conversation.c.id)
            .join(_turn, _turn.c.conversation_id == _conversation.c.id)
            .join(_handling, (_handling.c.subject == _turn.c.id) & (_handling.c.queue == str(Queue.UNANSWERED)))
            .where(
                _conversation.c.user == user,
                _handling.c.state == str(State.SUPPLIED),
                _handling.c.changed_at > _conversation.c.updated_at,
            )
        )
        with self._database.read() as connection:
            return frozenset(connection.execute(query).scalars())

    def _change(self, actor: str, queue: Queue, subjects: Sequence[str], **values: str) -> None:
        with self._database.write() as connection:
            for subject in dict.fromkeys(subjects):
                here = (_handling.c.queue == str(queue)) & (_handling.c.subject == subject)
                changed = {**values, "actor": actor, "changed_at": self._now()}
                if connection.execute(_handling.update().where(here).values(**changed)).rowcount == 0:
                    new = {"state": str(State.OPEN), "assignee": "", "note": "", **changed}
                    connection.execute(_handling.insert().values(queue=str(queue), subject=subject, **new))


def _to_handled(row: sa.Row[tuple[object, ...]]) -> Handled:
    queue, state = Queue(row.queue), State(row.state)
    return Handled(queue, row.subject, state, row.assignee, row.note, row.actor, row.changed_at)
