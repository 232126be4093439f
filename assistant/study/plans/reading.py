"""How far a reader is in a document, provision by provision. It begins when he asks for it, and only he sees it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import sqlalchemy as sa

from assistant.conversations.conversations import Conversations
from assistant.conversations.stamps import utc_now
from assistant.errors import NotYours
from assistant.study.plans.tables import reading as _reading
from knowledge.errors import NotInLibrary
from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Document
from knowledge.parsing.provisions import Provision, provisions
from knowledge.text.diff import folded

KEPT = 64  # texts whose provisions are kept in memory


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a reader is. `read` of `total` provisions; `next_at` is the offset of the line where he goes on, None where
    everything is read. Times are UTC."""

    document_id: int
    version_id: int
    title: str
    read: int
    total: int
    next_at: int | None
    next_label: str
    begun_at: datetime
    finished_at: datetime | None
    changed_at: datetime

    @property
    def whole(self) -> bool:
        return self.read == self.total


class Readings:
    """The reading of everybody in one data folder. Safe to share between threads."""

    def __init__(
        self, conversations: Conversations, library: KnowledgeBase, now: Callable[[], datetime] | None = None
    ) -> None:
        self._database = conversations.database
        self._library = library
        self._now = now or utc_now
        self._provisions = lru_cache(KEPT)(self._provisions_of)

    def begin(self, user: str, document: Document) -> None:
        """Note from now on how far the reader is in a document; nothing changes where that is done already."""
        if self.of(user, document) is None:
            now = self._now()
            values = {"version_id": document.version_id, "title": document.card.title, "read": [], "last": None}
            with self._database.write() as connection:
                connection.execute(
                    _reading.insert().values(user=user, document_id=document.id, begun_at=now, changed_at=now, **values)
                )

    def seen(self, user: str, document: Document, lines: Collection[int]) -> Progress | None:
        """The reader has seen these lines, by the offsets at which they begin. A provision is read with its last line. None
        where its reading is not noted."""
        with self._database.write() as connection:
            row = self._row(connection, user, document.id)
            if row is None:
                return None
            held = self._provisions(document.version_id)
            read = self._carried(row, document.version_id)
            new = {number for number, one in enumerate(held) if one.last_line in lines}
            now = self._now()
            values: dict[str, object] = {
                "read": sorted(read | new),
                "changed_at": now,
                "version_id": document.version_id,
            }
            if new:
                values["last"] = max(new)
            if len(read | new) == len(held):
                values["finished_at"] = row.finished_at or now
            mine = (_reading.c.user == user) & (_reading.c.document_id == document.id)
            connection.execute(_reading.update().where(mine).values(**values))
        return self.of(user, document)

    def of(self, user: str, document: Document) -> Progress | None:
        """How far the reader is in the newest text of a document; None where that is not noted."""
        with self._database.read() as connection:
            row = self._row(connection, user, document.id)
        return self._progress(row, document) if row is not None else None

    def listing(self, user: str, documents: Sequence[Document]) -> list[Progress]:
        """How far the reader is in those of `documents` that he reads, the latest first."""
        by_id = {one.id: one for one in documents}
        query = sa.select(_reading).where(_reading.c.user == user).order_by(_reading.c.changed_at.desc())
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return [self._progress(row, by_id[row.document_id]) for row in rows if row.document_id in by_id]

    def forget(self, user: str, document_id: int) -> None:
        """Note no longer how far the reader is, and forget what was noted. Raises NotYours when nothing was."""
        mine = (_reading.c.user == user) & (_reading.c.document_id == document_id)
        with self._database.write() as connection:
            if connection.execute(_reading.delete().where(mine)).rowcount == 0:
                raise NotYours("没有记下这份文件的进度，请刷新页面。")

    def _row(self, connection: sa.Connection, user: str, document_id: int) -> sa.Row[tuple[object, ...]] | None:
        mine = (_reading.c.user == user) & (_reading.c.document_id == document_id)
        return connection.execute(sa.select(_reading).where(mine)).first()

    def _carried(self, row: sa.Row[tuple[object, ...]], version_id: int) -> set[int]:
        """What is read of the newest text: with another version, the provisions whose words stayed."""
        read = set(row.read)
        if row.version_id == version_id:
            return read
        try:
            before = self._provisions(row.version_id)
        except NotInLibrary:
            return set()
        words = {folded(before[number].text) for number in read if number < len(before)}
        return {number for number, one in enumerate(self._provisions(version_id)) if folded(one.text) in words}

    def _progress(self, row: sa.Row[tuple[object, ...]], document: Document) -> Progress:
        held = self._provisions(document.version_id)
        read = self._carried(row, document.version_id)
        open_ones = [number for number in range(len(held)) if number not in read]
        after = open_ones[bisect_right(open_ones, row.last if row.last is not None else -1) :] or open_ones
        goes_on = held[after[0]] if after else None
        whole = not open_ones
        return Progress(
            document.id,
            document.version_id,
            document.card.title,
            len(read),
            len(held),
            goes_on.first_line if goes_on else None,
            goes_on.label if goes_on else "",
            row.begun_at,
            row.finished_at if whole else None,
            row.changed_at,
        )

    def _provisions_of(self, version_id: int) -> tuple[Unit, ...]:
        text = self._library.text(version_id)
        return tuple(_unit(text, one) for one in provisions(text, self._library.outline(version_id)))


@dataclass(frozen=True, slots=True)
class Unit:
    """A provision with the lines at which it begins and ends, by their offsets."""

    label: str
    text: str
    first_line: int
    last_line: int


def _unit(text: str, one: Provision) -> Unit:
    first = text.rfind("\n", 0, one.start) + 1
    last = text.rfind("\n", 0, one.end) + 1
    return Unit(one.label, one.text, first, max(first, last))
