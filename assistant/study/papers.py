"""试卷 that trainers compose out of approved items, to be printed. They are kept, so that the key fits the paper that was handed out."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from assistant.conversations.conversations import Conversations
from assistant.conversations.stamps import new_id, utc_now
from assistant.errors import InvalidEntry, NoSuchItem
from assistant.study.question_bank import Item, Kind
from assistant.study.self_test import picked

LONGEST_TITLE = 40  # characters
MOST = 50  # items of one kind

kept_paper = sa.Table(  # `conversations/migrations` 0012 makes it
    "study_paper",
    sa.MetaData(),
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("title", sa.String, nullable=False),
    sa.Column("items", sa.JSON, nullable=False),
    sa.Column("author", sa.String, nullable=False),
    sa.Column("created_at", sa.DateTime, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Paper:
    """`item_ids` in the order in which they are asked: by kind. `created_at` is UTC."""

    id: str
    title: str
    item_ids: tuple[int, ...]
    author: str
    created_at: datetime


class Papers:
    """All papers of one data folder. Methods that name one raise NoSuchItem when there is none."""

    def __init__(self, conversations: Conversations, now: Callable[[], datetime] | None = None) -> None:
        self._database = conversations.database
        self._now = now or utc_now

    def add(self, actor: str, title: str, item_ids: Sequence[int]) -> Paper:
        """Keep a paper. Raises InvalidEntry."""
        title = title.strip()
        if not 0 < len(title) <= LONGEST_TITLE:
            raise InvalidEntry(f"试卷要有名称，最多 {LONGEST_TITLE} 个字，请改好再组卷。")
        if not item_ids:
            raise InvalidEntry("这个范围里没有够用的已审题目，请换一个范围或者减少题数。")
        made = Paper(new_id(), title, tuple(item_ids), actor, self._now())
        values = {
            "id": made.id,
            "title": title,
            "items": list(item_ids),
            "author": actor,
            "created_at": made.created_at,
        }
        with self._database.write() as connection:
            connection.execute(kept_paper.insert().values(**values))
        return made

    def listing(self) -> list[Paper]:
        """All papers, the latest first."""
        with self._database.read() as connection:
            rows = connection.execute(sa.select(kept_paper).order_by(kept_paper.c.created_at.desc(), kept_paper.c.id))
            return [_to_paper(row) for row in rows]

    def get(self, paper_id: str) -> Paper:
        """One paper."""
        with self._database.read() as connection:
            row = connection.execute(sa.select(kept_paper).where(kept_paper.c.id == paper_id)).first()
        if row is None:
            raise NoSuchItem("没有这份试卷，可能已被删除；请回到“组卷”。")
        return _to_paper(row)

    def take_out(self, paper_id: str, item_id: int) -> None:
        """Leave an item out. Raises InvalidEntry for the last one."""
        paper = self.get(paper_id)
        left = [one for one in paper.item_ids if one != item_id]
        if not left:
            raise InvalidEntry("试卷至少要有一道题；不要这份试卷时请整份删去。")
        with self._database.write() as connection:
            connection.execute(kept_paper.update().where(kept_paper.c.id == paper_id).values(items=left))

    def delete(self, paper_id: str) -> None:
        """Take a paper out for good; its items stay in the bank."""
        self.get(paper_id)
        with self._database.write() as connection:
            connection.execute(kept_paper.delete().where(kept_paper.c.id == paper_id))


def _to_paper(row: sa.Row[tuple[object, ...]]) -> Paper:
    return Paper(row.id, row.title, tuple(row.items), row.author, row.created_at)


def composed(items: Sequence[Item], wanted: Mapping[Kind, int], chance: random.Random) -> list[int]:
    """Ids of as many items of each kind as are wanted and there, kind by kind, no document more often than needed."""
    return [
        number
        for kind, count in wanted.items()
        for number in picked([one for one in items if one.content.kind is kind], min(count, MOST), set(), chance)
    ]
