"""笔记: passages that a reader saved, with what he wrote beside them. Nobody else sees them.

A note keeps the words with their version and offsets, so that it opens at the same place after the library was indexed
again, and still shows them when the document has changed or gone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from assistant.conversations.conversations import Conversations
from assistant.conversations.schema import note as _note
from assistant.conversations.stamps import new_id, utc_now
from assistant.errors import InvalidExcerpt, NotYours
from assistant.study.excerpt import Excerpt

LONGEST_REMARK = 2000  # characters
MOST = 2000  # notes of one reader
KEPT_AFTER_DELETION = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Note:
    """A saved passage; `remark` is the reader's own words, "" for a mere favourite. Times are UTC."""

    id: str
    excerpt: Excerpt
    remark: str
    created_at: datetime
    updated_at: datetime


class Notes:
    """All notes of one data folder. Safe to share between threads.

    Methods that name a note raise NotYours when `user` has no such one.
    """

    def __init__(self, conversations: Conversations, now: Callable[[], datetime] | None = None) -> None:
        self._database = conversations.database
        self._now = now or utc_now

    def save(self, user: str, excerpt: Excerpt, remark: str = "") -> Note:
        """Keep a passage. Saved again it is the same note, with the new remark if there is one.

        Raises InvalidExcerpt for a remark that is too long, or when the reader has as many notes as there may be.
        """
        remark = checked(remark)
        now = self._now()
        place = (
            (_note.c.version_id == excerpt.version_id) & (_note.c.start == excerpt.start) & (_note.c.end == excerpt.end)
        )
        with self._database.write() as connection:
            same = connection.execute(sa.select(_note).where(place, *_living(user))).first()
            if same is not None:
                if remark:
                    changes = {"remark": remark, "updated_at": now}
                    connection.execute(_note.update().where(_note.c.id == same.id).values(**changes))
                return _own(connection, user, same.id)
            count = connection.execute(sa.select(sa.func.count()).select_from(_note).where(*_living(user))).scalar_one()
            if count >= MOST:
                raise InvalidExcerpt(f"笔记已有 {MOST} 条，请先导出并删去一些，再收藏新的。")
            note = Note(new_id(), excerpt, remark, now, now)
            connection.execute(
                _note.insert().values(
                    id=note.id,
                    user=user,
                    document_id=excerpt.document_id,
                    version_id=excerpt.version_id,
                    title=excerpt.title,
                    address=excerpt.address,
                    quote=excerpt.quote,
                    start=excerpt.start,
                    end=excerpt.end,
                    remark=remark,
                    created_at=now,
                    updated_at=now,
                )
            )
        return note

    def listing(self, user: str, containing: str = "") -> list[Note]:
        """The reader's notes, the newest first. Each word of `containing` is looked for in titles, quotes and remarks."""
        query = sa.select(_note).where(*_living(user)).order_by(_note.c.created_at.desc(), _note.c.id)
        for word in containing.split():
            places = (_note.c.title, _note.c.address, _note.c.quote, _note.c.remark)
            query = query.where(sa.or_(*(place.icontains(word, autoescape=True) for place in places)))
        with self._database.read() as connection:
            return [_to_note(row) for row in connection.execute(query)]

    def of_version(self, user: str, version_id: int) -> list[Note]:
        """What the reader saved of one text, in its order."""
        mine = sa.select(_note).where(*_living(user), _note.c.version_id == version_id)
        with self._database.read() as connection:
            return [_to_note(row) for row in connection.execute(mine.order_by(_note.c.start, _note.c.end))]

    def get(self, user: str, note_id: str) -> Note:
        """One note."""
        with self._database.read() as connection:
            return _own(connection, user, note_id)

    def chosen(self, user: str, note_ids: Sequence[str]) -> list[Note]:
        """Those notes, in the order asked for, each once."""
        return [self.get(user, one) for one in dict.fromkeys(note_ids)]

    def rewrite(self, user: str, note_id: str, remark: str) -> Note:
        """Change the remark. Raises InvalidExcerpt when it is too long."""
        return self._change(user, note_id, remark=checked(remark), updated_at=self._now())

    def delete(self, user: str, note_id: str) -> None:
        """Take a note out of the list; `restore` brings it back within a week."""
        self._change(user, note_id, deleted_at=self._now())

    def restore(self, user: str, note_id: str) -> Note:
        """Undo `delete`."""
        with self._database.write() as connection:
            mine = (_note.c.id == note_id) & (_note.c.user == user)
            connection.execute(_note.update().where(mine).values(deleted_at=None))
            return _own(connection, user, note_id)

    def forget_deleted(self) -> None:
        """To be called when the program starts: forget for good what was deleted a week ago."""
        with self._database.write() as connection:
            connection.execute(_note.delete().where(_note.c.deleted_at < self._now() - KEPT_AFTER_DELETION))

    def _change(self, user: str, note_id: str, **values: object) -> Note:
        with self._database.write() as connection:
            before = _own(connection, user, note_id)
            connection.execute(_note.update().where(_note.c.id == before.id).values(**values))
            return _to_note(connection.execute(sa.select(_note).where(_note.c.id == before.id)).one())


def checked(remark: str) -> str:
    """`remark` without the space around it. Raises InvalidExcerpt when it is too long."""
    remark = remark.strip()
    if len(remark) > LONGEST_REMARK:
        raise InvalidExcerpt(f"批注有 {len(remark)} 个字，最多 {LONGEST_REMARK} 个字，请缩短。")
    return remark


def _living(user: str) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return _note.c.user == user, _note.c.deleted_at.is_(None)


def _own(connection: sa.Connection, user: str, note_id: str) -> Note:
    row = connection.execute(sa.select(_note).where(_note.c.id == note_id, *_living(user))).first()
    if row is None:
        raise NotYours("没有这条笔记，可能已被删除；请刷新页面。")
    return _to_note(row)


def _to_note(row: sa.Row[tuple[object, ...]]) -> Note:
    excerpt = Excerpt(row.document_id, row.version_id, row.title, row.address, row.quote, row.start, row.end)
    return Note(row.id, excerpt, row.remark, row.created_at, row.updated_at)
