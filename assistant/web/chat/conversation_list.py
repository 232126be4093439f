"""The list of conversations at the side: searching, renaming, pinning, deleting with undo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel

from assistant.conversations.turns import Conversation
from assistant.curation.queues.handling import Handling
from assistant.web.site import Site


@dataclass(frozen=True, slots=True)
class Group:
    """Conversations of one time, the latest first. `supplied` are the ids of those with a question that trainers have
    supplied an answer for since."""

    name: str
    conversations: tuple[Conversation, ...]
    supplied: frozenset[str] = frozenset()


class Change(BaseModel, extra="forbid"):
    """What to change of a conversation; what is None stays."""

    title: str | None = None
    pinned: bool | None = None
    deleted: bool | None = None


def routes(site: Site) -> APIRouter:
    """The list and its changes; each reply is the list as it now stands."""
    router = APIRouter(prefix="/api/conversations")

    @router.get("")
    def listing(request: Request, containing: str = "", current: str = "") -> HTMLResponse:
        return _reply(site, site.reader(request), current, containing[:100])

    @router.post("/{conversation_id}")
    def change(
        request: Request, conversation_id: str, change: Change, current: str = "", containing: str = ""
    ) -> HTMLResponse:
        user = site.reader(request)
        if change.deleted is False:
            site.conversations.restore(user, conversation_id)
        if change.title is not None:
            site.conversations.rename(user, conversation_id, change.title)
        if change.pinned is not None:
            site.conversations.pin(user, conversation_id, change.pinned)
        if change.deleted:
            site.conversations.delete(user, conversation_id)
        return _reply(site, user, current, containing[:100])

    return router


def rail(site: Site, user: str, containing: str = "") -> list[Group]:
    """The reader's conversations, gathered by how long ago they were touched."""
    supplied = Handling(site.conversations.database).supplied(user)
    return [
        replace(group, supplied=supplied)
        for group in _grouped(site.conversations.listing(user, containing), site.today())
    ]


def _reply(site: Site, user: str, current: str, containing: str = "") -> HTMLResponse:
    groups = rail(site, user, containing)
    return site.pages.page("_rail.html", groups=groups, conversation_id=current or None, containing=containing)


def _grouped(conversations: Sequence[Conversation], today: date) -> list[Group]:
    groups: dict[str, list[Conversation]] = {}
    for conversation in conversations:
        groups.setdefault(_when(conversation, today), []).append(conversation)
    return [Group(name, tuple(members)) for name, members in groups.items()]


def _when(conversation: Conversation, today: date) -> str:
    if conversation.pinned:
        return "置顶"
    day = conversation.updated_at.replace(tzinfo=UTC).astimezone().date()
    if day >= today:
        return "今天"
    if day == today - timedelta(days=1):
        return "昨天"
    return "近七天" if day > today - timedelta(days=7) else "更早"
