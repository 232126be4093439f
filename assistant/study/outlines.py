"""研讨提纲: a topic, headings under it, and under each heading passages word for word, with what the reader thinks of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from assistant.conversations.conversations import Conversations
from assistant.conversations.schema import study_outline as _outline
from assistant.conversations.stamps import new_id, utc_now
from assistant.errors import InvalidExcerpt, NotYours
from assistant.study.excerpt import Excerpt
from knowledge.knowledge_base import KnowledgeBase

LONGEST_TOPIC = 120  # characters
LONGEST_WORDS = 2000  # of a heading or a thought
MOST_POINTS = 200
UNTITLED = "研讨提纲"
KEPT_AFTER_DELETION = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Point:
    """A passage as an outline uses it; `thought` is the reader's own, "" for none."""

    excerpt: Excerpt
    thought: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A part of an outline. `words` may be "" while the reader has not written any."""

    words: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class StudyOutline:
    """One outline of one reader. Times are UTC."""

    id: str
    topic: str
    headings: tuple[Heading, ...]
    created_at: datetime
    updated_at: datetime


class Outlines:
    """All outlines of one data folder. Safe to share between threads.

    Methods that name an outline raise NotYours when `user` has no such one, InvalidExcerpt when it is too large.
    """

    def __init__(self, conversations: Conversations, now: Callable[[], datetime] | None = None) -> None:
        self._database = conversations.database
        self._now = now or utc_now

    def add(self, user: str, topic: str, headings: Sequence[Heading]) -> StudyOutline:
        """Keep a new outline."""
        now = self._now()
        made = StudyOutline(new_id(), _topic(topic), _checked(headings), now, now)
        with self._database.write() as connection:
            connection.execute(
                _outline.insert().values(
                    id=made.id,
                    user=user,
                    topic=made.topic,
                    headings=_to_json(made.headings),
                    created_at=now,
                    updated_at=now,
                )
            )
        return made

    def listing(self, user: str) -> list[StudyOutline]:
        """The reader's outlines, the one touched last first."""
        query = sa.select(_outline).where(_outline.c.user == user, _outline.c.deleted_at.is_(None))
        with self._database.read() as connection:
            return [_to_outline(row) for row in connection.execute(query.order_by(_outline.c.updated_at.desc()))]

    def get(self, user: str, outline_id: str) -> StudyOutline:
        """One outline."""
        with self._database.read() as connection:
            return _own(connection, user, outline_id)

    def change(self, user: str, outline_id: str, topic: str, headings: Sequence[Heading]) -> StudyOutline:
        """Put another topic and other headings in place of what there is."""
        values = {"topic": _topic(topic), "headings": _to_json(_checked(headings)), "updated_at": self._now()}
        return self._change(user, outline_id, values)

    def delete(self, user: str, outline_id: str) -> None:
        """Take an outline out of the list; `restore` brings it back within a week."""
        self._change(user, outline_id, {"deleted_at": self._now()})

    def restore(self, user: str, outline_id: str) -> StudyOutline:
        """Undo `delete`."""
        with self._database.write() as connection:
            mine = (_outline.c.id == outline_id) & (_outline.c.user == user)
            connection.execute(_outline.update().where(mine).values(deleted_at=None))
            return _own(connection, user, outline_id)

    def forget_deleted(self) -> None:
        """To be called when the program starts: forget for good what was deleted a week ago."""
        with self._database.write() as connection:
            connection.execute(_outline.delete().where(_outline.c.deleted_at < self._now() - KEPT_AFTER_DELETION))

    def _change(self, user: str, outline_id: str, values: dict[str, Any]) -> StudyOutline:
        with self._database.write() as connection:
            before = _own(connection, user, outline_id)
            connection.execute(_outline.update().where(_outline.c.id == before.id).values(**values))
            return _to_outline(connection.execute(sa.select(_outline).where(_outline.c.id == before.id)).one())


def arranged(knowledge_base: KnowledgeBase, points: Sequence[Point]) -> tuple[Heading, ...]:
    """Headings for passages in the order chosen: what stands in one chapter comes together, under the chapter's name."""
    by_words: dict[str, list[Point]] = {}
    for point in points:
        by_words.setdefault(_chapter(knowledge_base, point.excerpt), []).append(point)
    return tuple(Heading(words, tuple(members)) for words, members in by_words.items())


def _chapter(knowledge_base: KnowledgeBase, chosen: Excerpt) -> str:
    """The title of the innermost part that holds the passage and has one, with the document; else the document alone."""
    sections = knowledge_base.outline(chosen.version_id).sections
    above = [one for one in sections if one.start <= chosen.start < one.end and one.title and one.level != "条"]
    name = f"《{chosen.title}》"
    return f"{max(above, key=lambda one: one.depth).title}（{name}）" if above else name


def _topic(topic: str) -> str:
    topic = " ".join(topic.split()) or UNTITLED
    if len(topic) > LONGEST_TOPIC:
        raise InvalidExcerpt(f"题目有 {len(topic)} 个字，最多 {LONGEST_TOPIC} 个字，请缩短。")
    return topic


def _checked(headings: Sequence[Heading]) -> tuple[Heading, ...]:
    points = [point for heading in headings for point in heading.points]
    longest = max((len(words) for words in (*(h.words for h in headings), *(p.thought for p in points))), default=0)
    if longest > LONGEST_WORDS:
        raise InvalidExcerpt(f"提纲里有一段写了 {longest} 个字，最多 {LONGEST_WORDS} 个字，请缩短。")
    if len(points) > MOST_POINTS or len(headings) > MOST_POINTS:
        raise InvalidExcerpt(f"提纲里有 {len(points)} 段引文，最多 {MOST_POINTS} 段，请分成几份。")
    return tuple(headings)


def _to_json(headings: Sequence[Heading]) -> list[dict[str, Any]]:
    return [asdict(heading) for heading in headings]


def _own(connection: sa.Connection, user: str, outline_id: str) -> StudyOutline:
    mine = (_outline.c.id == outline_id) & (_outline.c.user == user) & _outline.c.deleted_at.is_(None)
    row = connection.execute(sa.select(_outline).where(mine)).first()
    if row is None:
        raise NotYours("没有这份提纲，可能已被删除；请从“笔记”里选择。")
    return _to_outline(row)


def _to_outline(row: sa.Row[tuple[object, ...]]) -> StudyOutline:
    headings = tuple(
        Heading(one["words"], tuple(Point(Excerpt(**point["excerpt"]), point["thought"]) for point in one["points"]))
        for one in row.headings
    )
    return StudyOutline(row.id, row.topic, headings, row.created_at, row.updated_at)
