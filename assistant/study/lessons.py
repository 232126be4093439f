"""What a new edition changed, as a lesson: the provisions that differ, items on just these, and for whom it is of interest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from assistant.conversations.conversations import Conversations
from assistant.conversations.stamps import utc_now
from assistant.study.plans.tables import reading as _reading
from assistant.study.question_bank import Filter, Item, QuestionBank
from assistant.study.question_bank.tables import item as _item
from assistant.study.question_bank.tables import reply as _reply
from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Document
from knowledge.parsing.comparison import Change, Pair, revision

FEWEST, MOST = 3, 10  # items of a lesson

lesson_seen = sa.Table(  # `conversations/migrations` 0012 makes it
    "study_lesson_seen",
    sa.MetaData(),
    sa.Column("user", sa.String, primary_key=True),
    sa.Column("document_id", sa.Integer, primary_key=True),
    sa.Column("seen_at", sa.DateTime, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Lesson:
    """`pairs` are the provisions that differ, in the order of the new text; `spans` are the new words in it."""

    old: Document
    new: Document
    pairs: tuple[Pair, ...]
    spans: tuple[tuple[int, int], ...]

    def count(self, change: Change) -> int:
        """How many provisions this happened to."""
        return sum(one.change is change for one in self.pairs)


def lesson(kb: KnowledgeBase, old: Document, new: Document) -> Lesson:
    """What `new` changed of `old`."""
    before, after = kb.text(old.version_id), kb.text(new.version_id)
    found = revision(before, kb.outline(old.version_id), after, kb.outline(new.version_id))
    pairs = tuple(one for one in found.pairs if one.change is not Change.UNCHANGED)
    return Lesson(old, new, pairs, tuple(span for pair in pairs for span in _new_words(pair)))


def items_of(bank: QuestionBank, of: Lesson) -> list[Item]:
    """The approved items on what changed, at most MOST; spread over the text."""
    items = bank.askable(Filter(document_id=of.new.id))
    fitting = [
        one for one in items if one.content.source and touches(of, one.content.source.start, one.content.source.end)
    ]
    fitting.sort(key=lambda one: one.content.source.start if one.content.source else 0)
    if len(fitting) <= MOST:
        return fitting
    return [fitting[place * len(fitting) // MOST] for place in range(MOST)]


def touches(of: Lesson, start: int, end: int) -> bool:
    """Whether the words at `start:end` of the new text hold something that is new."""
    return any(low < end and start < high for low, high in of.spans)


class Lessons:
    """Whom a lesson concerns, and who has seen it. Safe to share between threads."""

    def __init__(self, conversations: Conversations, now: Callable[[], datetime] | None = None) -> None:
        self._database = conversations.database
        self._now = now or utc_now

    def known(self, user: str) -> set[int]:
        """The documents that a reader has read of, as far as that is noted, or was tested on."""
        read = sa.select(_reading.c.document_id).where(_reading.c.user == user)
        tested = (
            sa.select(_item.c.document_id)
            .join(_reply, _reply.c.item_id == _item.c.id)
            .where(_reply.c.user == user, _item.c.document_id.is_not(None))
        )
        with self._database.read() as connection:
            return {*connection.execute(read).scalars(), *connection.execute(tested.distinct()).scalars()}

    def seen(self, user: str) -> set[int]:
        """The new editions whose lesson the reader need not be offered any more."""
        with self._database.read() as connection:
            return set(
                connection.execute(sa.select(lesson_seen.c.document_id).where(lesson_seen.c.user == user)).scalars()
            )

    def see(self, user: str, document_id: int) -> None:
        """The reader has seen what this edition changed."""
        mine = (lesson_seen.c.user == user) & (lesson_seen.c.document_id == document_id)
        with self._database.write() as connection:
            connection.execute(lesson_seen.delete().where(mine))
            connection.execute(lesson_seen.insert().values(user=user, document_id=document_id, seen_at=self._now()))


def _new_words(pair: Pair) -> Iterator[tuple[int, int]]:
    """Where the words of a pair stand that the old text has not. What was only struck out counts with the words beside it."""
    if pair.new is None:
        return
    at = pair.new.start
    for piece in pair.new_words:
        if not piece.kept:
            yield at, at + len(piece.text)
        at += len(piece.text)
