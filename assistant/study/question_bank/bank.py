"""题库: the items of one data folder, what trainers decide about them, and which of them trainees get.

Trainees get approved items only, and only while the words that an item rests on stand in a published text in force.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from assistant.conversations.conversations import Conversations
from assistant.conversations.stamps import utc_now
from assistant.errors import InvalidEntry, NoSuchItem
from assistant.study.excerpt import Excerpt
from assistant.study.question_bank.content import Content, Finding, Kind, Status, checked, key_of
from assistant.study.question_bank.standing import Standing, standing
from assistant.study.question_bank.tables import item as _item
from knowledge.knowledge_base import KnowledgeBase

LISTED = 50  # items on a page


@dataclass(frozen=True, slots=True)
class Item:
    """An item as the bank keeps it. `reason` says why it waits for a trainer, "" for none. Times are UTC."""

    id: int
    content: Content
    status: Status
    reason: str
    finding: Finding
    author: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Filter:
    """What a listing is limited to; None and "" for everything. `waiting` are those with a reason."""

    status: Status | None = None
    kind: Kind | None = None
    topic: str = ""
    document_id: int | None = None
    finding: Finding | None = None
    containing: str = ""
    waiting: bool = False
    origin: str = ""


EVERY = Filter()


class QuestionBank:
    """All items of one data folder. Safe to share between threads.

    Methods that name an item raise NoSuchItem when there is none.
    """

    def __init__(
        self,
        conversations: Conversations,
        knowledge_base: KnowledgeBase,
        now: Callable[[], datetime] | None = None,
        hides: Callable[[int], bool] = lambda document_id: False,
    ) -> None:
        """`hides` tells which documents are kept from who asks: their items are there for others only."""
        self._database = conversations.database
        self._knowledge_base = knowledge_base
        self._now = now or utc_now
        self._hides = hides
        self._swept: tuple[int, date] | None = None
        self._sweeping = threading.Lock()

    def add(
        self, actor: str, contents: Iterable[Content], *, finding: Finding = Finding.UNSEARCHED
    ) -> list[int | None]:
        """Keep new items as drafts; the id of each, None for one that the bank has already. Raises InvalidEntry."""
        whole = [checked(one) for one in contents]
        made: list[int | None] = []
        with self._database.write() as connection:
            known = set(connection.execute(sa.select(_item.c.key)).scalars())
            for content in whole:
                key = key_of(content)
                if key in known:
                    made.append(None)
                    continue
                known.add(key)
                values = _values(content) | {"status": str(Status.DRAFT), "reason": "", "finding": str(finding)}
                stamp = {"author": actor, "changed_at": self._now()}
                done = connection.execute(_item.insert().values(key=key, **values, **stamp))
                made.append(int(done.inserted_primary_key[0]))  # type: ignore[index]
        return made

    def get(self, item_id: int) -> Item:
        """One item."""
        found = self.chosen([item_id])
        if not found:
            raise NoSuchItem(f"题库里没有编号为 {item_id} 的题。")
        return found[0]

    def chosen(self, item_ids: Sequence[int]) -> list[Item]:
        """Those items that are there, in the order asked for."""
        with self._database.read() as connection:
            rows = connection.execute(sa.select(_item).where(_item.c.id.in_(item_ids)))
            by_id = {row.id: _to_item(row) for row in rows}
        return self._shown([by_id[one] for one in dict.fromkeys(item_ids) if one in by_id])

    def listing(self, wanted: Filter = EVERY, *, page: int = 0, size: int | None = LISTED) -> list[Item]:
        """Items, the newest first; all of them with `size` None."""
        query = sa.select(_item).where(*_conditions(wanted)).order_by(_item.c.id.desc())
        if size is not None:
            query = query.limit(size).offset(page * size)
        with self._database.read() as connection:
            return [_to_item(row) for row in connection.execute(query)]

    def count(self, wanted: Filter = EVERY) -> int:
        """How many items a listing has altogether."""
        with self._database.read() as connection:
            counted = sa.select(sa.func.count()).select_from(_item).where(*_conditions(wanted))
            return int(connection.execute(counted).scalar_one())

    def topics(self) -> list[tuple[str, int]]:
        """Topics of the items that trainees get, with their number, the most first."""
        return self._grouped(_item.c.topic, _item.c.topic != "")

    def documents(self) -> list[tuple[int, str, int]]:
        """Documents that items for trainees rest on: id, title, number of items."""
        titles: dict[int, str] = {}
        with self._database.read() as connection:
            for row in connection.execute(sa.select(_item.c.document_id, _item.c.title).distinct()):
                titles[row.document_id] = row.title
        grouped = self._grouped(_item.c.document_id, _item.c.document_id.is_not(None))
        shown = [(int(document), count) for document, count in grouped if not self._hides(int(document))]
        return [(document, titles[document], count) for document, count in shown]

    def askable(self, wanted: Filter = EVERY) -> list[Item]:
        """What trainees may get, in the order of ids: approved, and resting on words that hold today."""
        self.sweep()
        return self._shown(self.listing(replace(wanted, status=Status.APPROVED), size=None)[::-1])

    def change(self, actor: str, item_id: int, content: Content) -> Item:
        """Put other words in its place; it is a draft again. Raises InvalidEntry."""
        content = checked(content)
        with self._database.write() as connection:
            same = sa.select(_item.c.id).where(_item.c.key == key_of(content), _item.c.id != item_id)
            if (other := connection.execute(same).scalar()) is not None:
                raise InvalidEntry(f"题库里已有这道题，编号 {other}。")
            values = _values(content) | {"key": key_of(content), "status": str(Status.DRAFT), "reason": ""}
            stamp = {"author": actor, "changed_at": self._now()}
            connection.execute(_item.update().where(_item.c.id == item_id).values(**values, **stamp))
        return self.get(item_id)

    def decide(self, actor: str, item_ids: Collection[int], status: Status) -> list[int]:
        """Approve, stop or make drafts of items; returns those that could not be approved because their source does not
        hold. Approving confirms the source that was found; what contradicts the library must be mended first."""
        refused: list[int] = []
        stamp = {"author": actor, "changed_at": self._now()}
        reasons: dict[int, str] = {}
        if status is Status.APPROVED:
            for one in self.chosen(list(item_ids)):
                if one.finding is Finding.CONTRADICTS:
                    reasons[one.id] = one.reason or "答案与库内原文不符"
                elif one.content.source and (reason := self._standing(one.content.source).reason):
                    reasons[one.id] = reason
        with self._database.write() as connection:
            for item_id in item_ids:
                values: dict[str, object] = {"status": str(status), "reason": ""}
                if item_id in reasons:
                    refused.append(item_id)
                    values = {"status": str(Status.STOPPED), "reason": reasons[item_id]}
                connection.execute(_item.update().where(_item.c.id == item_id).values(**values, **stamp))
                if status is Status.APPROVED and item_id not in reasons:
                    found = (_item.c.id == item_id) & (_item.c.finding == str(Finding.FOUND))
                    connection.execute(_item.update().where(found).values(finding=str(Finding.CONFIRMED)))
        return refused

    def settle(self, item_id: int, finding: Finding, source: Excerpt | None, reason: str = "") -> None:
        """Keep what the search for an item's source found."""
        values = {"finding": str(finding), "reason": reason, **_source_values(source)}
        with self._database.write() as connection:
            connection.execute(_item.update().where(_item.c.id == item_id).values(**values))

    def delete(self, item_ids: Collection[int]) -> None:
        """Take drafts and stopped items out for good; approved ones must be stopped first."""
        gone = _item.c.id.in_(list(item_ids)) & (_item.c.status != str(Status.APPROVED))
        with self._database.write() as connection:
            connection.execute(_item.delete().where(gone))

    def sweep(self) -> list[int]:
        """Stop approved items whose source no longer holds, with the reason; follow words that only moved. Costs nothing
        while neither the library nor the day has changed. Returns what was stopped."""
        with self._sweeping:
            moment = (self._knowledge_base.generation, self._knowledge_base.today())
            if moment == self._swept:
                return []
            stopped: list[int] = []
            changes: dict[int, dict[str, object]] = {}
            for one in self.listing(Filter(status=Status.APPROVED), size=None):
                if one.content.source is None:
                    continue
                stands = self._standing(one.content.source)
                if stands.reason:
                    stopped.append(one.id)
                    changes[one.id] = {"status": str(Status.STOPPED), "reason": stands.reason}
                elif stands.source != one.content.source:
                    changes[one.id] = _source_values(stands.source)
            if changes:
                with self._database.write() as connection:
                    for item_id, values in changes.items():
                        connection.execute(_item.update().where(_item.c.id == item_id).values(**values))
            self._swept = moment
            return stopped

    def _shown(self, items: list[Item]) -> list[Item]:
        return [one for one in items if one.content.source is None or not self._hides(one.content.source.document_id)]

    def _standing(self, source: Excerpt) -> Standing:
        return standing(self._knowledge_base, source)

    def _grouped(self, column: sa.Column[Any], where: sa.ColumnElement[bool]) -> list[tuple[Any, int]]:
        count = sa.func.count()
        query = sa.select(column, count).where(_item.c.status == str(Status.APPROVED), where).group_by(column)
        with self._database.read() as connection:
            return [(row[0], row[1]) for row in connection.execute(query.order_by(count.desc(), column))]


def _conditions(wanted: Filter) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    for column, value in (
        (_item.c.status, wanted.status),
        (_item.c.kind, wanted.kind),
        (_item.c.topic, wanted.topic),
        (_item.c.document_id, wanted.document_id),
        (_item.c.finding, wanted.finding),
        (_item.c.origin, wanted.origin),
    ):
        if value:
            found.append(column == value)
    if wanted.waiting:
        found.append(_item.c.reason != "")
    for word in wanted.containing.split():
        places = (_item.c.stem, _item.c.explanation, _item.c.title)
        found.append(sa.or_(*(place.icontains(word, autoescape=True) for place in places)))
    return found


def _values(content: Content) -> dict[str, object]:
    return {
        "kind": str(content.kind),
        "stem": content.stem,
        "options": list(content.options),
        "answer": list(content.answer),
        "explanation": content.explanation,
        "topic": content.topic,
        "origin": content.origin,
        **_source_values(content.source),
    }


def _source_values(source: Excerpt | None) -> dict[str, object]:
    names = ("document_id", "version_id", "title", "address", "quote", "start", "end")
    return {name: getattr(source, name) if source else None for name in names}


def _to_item(row: sa.Row[tuple[object, ...]]) -> Item:
    source = None
    if row.document_id is not None:
        source = Excerpt(row.document_id, row.version_id, row.title, row.address, row.quote, row.start, row.end)
    content = Content(
        Kind(row.kind),
        row.stem,
        tuple(row.options),
        tuple(row.answer),
        row.explanation,
        row.topic,
        row.origin,
        source,
    )
    return Item(row.id, content, Status(row.status), row.reason, Finding(row.finding), row.author, row.changed_at)
