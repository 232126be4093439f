"""The list of conversations at the side, gathered by how long ago they were touched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, timedelta

from assistant.conversations.finding import lines_found
from assistant.conversations.turns import Conversation
from assistant.curation.queues.handling import Handling
from assistant.web.site import Site

PAGE = 200  # conversations shown at first, and with every wish for more
LONGEST_SEARCH = 100  # characters


@dataclass(frozen=True, slots=True)
class Group:
    """Conversations of one time, the latest first. `supplied` are the ids of those with a question that trainers have
    supplied an answer for since; `lines` those of the words that were looked for, by conversation."""

    name: str
    conversations: tuple[Conversation, ...]
    supplied: frozenset[str] = frozenset()
    lines: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ConversationList:
    """What the list shows. `more` is how many to ask for to see older ones too; None when all are shown."""

    groups: tuple[Group, ...]
    containing: str
    more: int | None


def conversation_list(site: Site, user: str, containing: str = "", limit: int = PAGE) -> ConversationList:
    """The reader's conversations, or those in which every word of `containing` stands."""
    containing = containing[:LONGEST_SEARCH].strip()
    found = site.conversations.listing(user, containing, limit + 1)
    shown = found[:limit]
    supplied = Handling(site.conversations.database).supplied(user)
    lines = lines_found(site.conversations, user, [one.id for one in shown], containing) if containing else {}
    groups = [replace(group, supplied=supplied, lines=lines) for group in _grouped(shown, site.today())]
    return ConversationList(tuple(groups), containing, limit + PAGE if len(found) > limit else None)


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
