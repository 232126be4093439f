"""政策清单: the policies of a library with what was read and what a trainer confirmed, and the walks that readers kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

import sqlalchemy as sa

from assistant.answering.editions import published
from assistant.conversations.conversations import Conversations
from assistant.conversations.stamps import new_id, utc_now
from assistant.errors import InvalidEntry, NotYours
from assistant.study.policies.card import Part, PolicyCard
from assistant.study.policies.edited import lines_of, spots, with_words
from assistant.study.policies.reading import read_card
from assistant.study.policies.tables import review as _review
from assistant.study.policies.tables import walk as _walk
from assistant.study.policies.windows import closes, dated, is_open
from knowledge.errors import NotInLibrary
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.expiry import for_good
from knowledge.model import GUIDE, Document, Validity
from knowledge.text.quantities import AMOUNT, ARABIC

SOON: Final = timedelta(days=30)
MOST_WALKS: Final = 200  # of one reader
_APPLIES: Final = re.compile("申报|申领|申请|推荐|参评|受理|报名|提名")
_GRANTS: Final = re.compile(f"补贴|补助|奖|贴息|扶持|激励|津贴|返还|救助|容错|补偿|兑付|资助|待遇|[{ARABIC}{AMOUNT}]元")
#: Kinds of text that provide for everybody and are no policy to apply for.
_NEVER: Final = (GUIDE, "法", "条例", "准则", "章程", "公报", "决议", "讲话")


class Group(StrEnum):
    """Where a policy stands today; one that is open may be 30 天内到期 as well."""

    OPEN = "今天可申报"
    SOON = "30 天内到期"
    WORDS = "要看原文"
    CLOSED = "不在申报期"
    OVER = "已过期"


@dataclass(frozen=True, slots=True)
class Policy:
    """A document that is a policy, its card with the trainer's words in it, and who confirmed it ("" for nobody, or for an
    older text)."""

    document: Document
    card: PolicyCard
    confirmed_by: str = ""
    changed_at: datetime | None = None
    listed: bool = True

    def last_day(self, today: date) -> date | None:
        """The last day on which one may apply as far as is known: of this stretch, or of the policy itself."""
        days = [closes(self.card.window, today), self.document.card.valid_until]
        return min((day for day in days if day), default=None)

    @property
    def term(self) -> str:
        """What the text says of its own end where it names no day; "" when it says nothing."""
        card = self.document.card
        return "" if card.valid_until else card.evidence.get("valid_until", "")

    @property
    def term_known(self) -> bool:
        """Whether it is said until when the policy counts, by its text or by a trainer who confirmed the card."""
        return bool(self.document.card.valid_until or for_good(self.term) or self.confirmed_by)

    def groups(self, today: date) -> frozenset[Group]:
        document, window = self.document, self.card.window
        until = document.card.valid_until
        past = window is not None and bool(window.stretches) and all(len(one.last) == 10 for one in window.stretches)
        gone = past and window is not None and max(one.last for one in window.stretches) < today.isoformat()
        if (
            document.validity in (Validity.EXPIRED, Validity.REPEALED, Validity.REVISED)
            or (until and until < today)
            or gone
        ):
            return frozenset({Group.OVER})
        last = self.last_day(today)
        soon = {Group.SOON} if last and last <= today + SOON else set()
        open_today = is_open(window, today)
        if open_today and not self.term_known:
            open_today = None  # the days are there, and nobody knows whether the policy still counts
        if document.validity is Validity.NOT_YET or open_today is False:
            return frozenset({Group.CLOSED})
        return frozenset({Group.OPEN if open_today else Group.WORDS, *soon})


@dataclass(frozen=True, slots=True)
class Walk:
    """对照条件 that a reader kept; `replies` is a letter for each step of the text of version `version_id`."""

    id: str
    document_id: int
    version_id: int
    title: str
    replies: str
    created_at: datetime


class Policies:
    """All policies of one data folder. Methods take the library as the reader sees it."""

    def __init__(self, conversations: Conversations, now: Callable[[], datetime] | None = None) -> None:
        self._database = conversations.database
        self._now = now or utc_now
        self._cards: dict[tuple[int, str | None], PolicyCard] = {}

    def listing(self, library: KnowledgeBase, topics: Collection[str] | None = None) -> list[Policy]:
        """The published policies, by title: those a trainer listed, and those that read like one and that no trainer took out.
        Texts of other topics than `topics` (None: of any) are not read."""
        return [one for one in self.every(library, topics) if one.listed]

    def every(self, library: KnowledgeBase, topics: Collection[str] | None = None) -> list[Policy]:
        """For the desk: those of `listing`, and those that a trainer took out of it."""
        said = self._said()
        asked = [one for one in library.published() if topics is None or one.card.topic in topics]
        likely = [one for one in asked if one.id in said or _may_be_one(one)]
        found = [self._policy(library, document, said.get(document.id)) for document in likely]
        wanted = [one for one in found if one.listed or one.document.id in said]
        return sorted(wanted, key=lambda one: (one.document.card.title, one.document.id))

    def get(self, library: KnowledgeBase, document_id: int) -> Policy:
        """The card of one published document, whether it is listed or not. Raises NotInLibrary."""
        document = published(library, document_id)
        if document is None:
            raise NotInLibrary(f"库中没有编号为 {document_id} 的文件。")
        return self._policy(library, document, self._said(document_id).get(document_id))

    def confirm(
        self, actor: str, library: KnowledgeBase, document_id: int, lines: Mapping[Part, Sequence[str]], *, listed: bool
    ) -> Policy:
        """Take a trainer's word on the card: `lines` are the pieces of each field, each of them words of the text.

        Raises InvalidEntry when some words do not stand in the text, NotInLibrary.
        """
        policy = self.get(library, document_id)
        read, text = self._read(library, policy.document), library.text(policy.document.version_id)
        parts = {
            part: spots(text, part, given, read) for part, given in lines.items() if list(given) != lines_of(read, part)
        }
        values = {
            "document_id": document_id,
            "version_id": policy.document.version_id,
            "listed": listed,
            "parts": {part.value: spans for part, spans in parts.items()},
            "actor": actor,
            "changed_at": self._now(),
        }
        with self._database.write() as connection:
            connection.execute(_review.delete().where(_review.c.document_id == document_id))
            connection.execute(_review.insert().values(**values))
        return self.get(library, document_id)

    def keep(self, user: str, policy: Policy, replies: str) -> Walk:
        """Keep a walk because its reader asked for it. Raises InvalidEntry when he has as many as there may be."""
        made = Walk(
            new_id(), policy.document.id, policy.document.version_id, policy.document.card.title, replies, self._now()
        )
        with self._database.write() as connection:
            if len(_walks(connection, user)) >= MOST_WALKS:
                raise InvalidEntry(f"保存的对照已有 {MOST_WALKS} 次，请先删去一些。")
            connection.execute(
                _walk.insert().values(
                    id=made.id,
                    user=user,
                    document_id=made.document_id,
                    version_id=made.version_id,
                    title=made.title,
                    replies=replies,
                    created_at=made.created_at,
                )
            )
        return made

    def walks(self, user: str) -> list[Walk]:
        """The walks that a reader kept, the newest first."""
        with self._database.read() as connection:
            return _walks(connection, user)

    def walk(self, user: str, walk_id: str) -> Walk:
        """Raises NotYours."""
        found = next((one for one in self.walks(user) if one.id == walk_id), None)
        if found is None:
            raise NotYours("没有这次对照，可能已被删去；请刷新页面。")
        return found

    def forget(self, user: str, walk_id: str) -> None:
        """Delete a walk for good. Raises NotYours."""
        self.walk(user, walk_id)
        with self._database.write() as connection:
            connection.execute(_walk.delete().where(_walk.c.id == walk_id, _walk.c.user == user))

    def _read(self, library: KnowledgeBase, document: Document) -> PolicyCard:
        """What the text of the newest version says; a version is read once."""
        key = document.version_id, document.card.issuer
        if key not in self._cards:
            text, outline = library.text(document.version_id), library.outline(document.version_id)
            start, end = outline.body
            further = [one.start for one in outline.sections if one.start >= end and one.level in ("部分", "附件")]
            below = min(further, default=len(text))
            likely = _APPLIES.search(text, start, end) and _GRANTS.search(text, start, end)
            self._cards[key] = read_card(text, start, end, document.card.issuer, below) if likely else PolicyCard()
        return self._cards[key]

    def _said(self, document_id: int | None = None) -> dict[int, sa.Row[tuple[object, ...]]]:
        query = sa.select(_review)
        if document_id is not None:
            query = query.where(_review.c.document_id == document_id)
        with self._database.read() as connection:
            return {row.document_id: row for row in connection.execute(query)}

    def _policy(self, library: KnowledgeBase, document: Document, said: sa.Row[tuple[object, ...]] | None) -> Policy:
        card = self._read(library, document)
        card = replace(card, window=dated(card.window, document.card.issued_on, document.card.effective_on))
        if said is None or said.version_id != document.version_id:
            listed = said.listed if said is not None else _may_be_one(document) and card.is_policy
            return Policy(document, card, listed=listed)
        text = library.text(document.version_id)
        for name, spans in said.parts.items():
            card = with_words(card, Part(name), text, spans)
        return Policy(document, card, said.actor, said.changed_at, said.listed)


def _may_be_one(document: Document) -> bool:
    """Whether its kind and title leave it open that a text is a policy."""
    return document.card.kind not in _NEVER and not document.card.title.endswith(("条例", "准则", "国法"))


def _walks(connection: sa.Connection, user: str) -> list[Walk]:
    rows = connection.execute(sa.select(_walk).where(_walk.c.user == user).order_by(_walk.c.created_at.desc()))
    return [Walk(row.id, row.document_id, row.version_id, row.title, row.replies, row.created_at) for row in rows]
