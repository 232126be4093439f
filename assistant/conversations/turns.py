"""What is kept of a conversation, and reading it for one reader: for him other people's conversations do not exist."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa

from assistant.conversations.answer_json import answer_from_json
from assistant.conversations.schema import conversation as _conversation
from assistant.conversations.schema import turn as _turn
from assistant.errors import NotYours
from assistant.model import Answer
from assistant.understanding.scope import EVERYWHERE, Within


class TurnState(StrEnum):
    """How far the answer to a turn has come."""

    ANSWERING = "answering"
    DONE = "done"
    STOPPED = "stopped"  # by the reader; what had been said is kept
    FAILED = "failed"  # `Turn.message` says why
    INTERRUPTED = "interrupted"  # the program ended in the middle


@dataclass(frozen=True, slots=True)
class Conversation:
    """会话. Times are UTC."""

    id: str
    user: str
    title: str
    pinned: bool
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Further:
    """What could be asked next, as checked on the library's `generation`."""

    questions: tuple[str, ...]
    generation: int


@dataclass(frozen=True, slots=True)
class Turn:
    """问答: one question and its answer. `answer` is None until something was said; `ordinal` counts from 1. `within` and
    `as_of` are the 范围 it was asked in."""

    id: str
    conversation_id: str
    ordinal: int
    question: str
    as_of: date | None
    state: TurnState
    answer: Answer | None
    message: str | None
    asked_at: datetime
    within: Within = EVERYWHERE
    further: Further | None = None


def own_conversation(connection: sa.Connection, user: str, conversation_id: str) -> Conversation:
    """The conversation of `user` that is not deleted. Raises NotYours."""
    owned = (_conversation.c.id == conversation_id) & (_conversation.c.user == user)
    query = sa.select(_conversation).where(owned, _conversation.c.deleted_at.is_(None))
    row = connection.execute(query).first()
    if row is None:
        raise NotYours("没有这个会话，可能已被删除；请从左侧列表选择，或新建会话。")
    return to_conversation(row)


def own_turn(connection: sa.Connection, user: str, turn_id: str) -> Turn:
    """The turn of a conversation of `user`. Raises NotYours."""
    owned = (_turn.c.id == turn_id) & (_conversation.c.user == user) & _conversation.c.deleted_at.is_(None)
    row = connection.execute(sa.select(_turn).join(_conversation).where(owned)).first()
    if row is None:
        raise NotYours("没有这条问答，可能已被删除；请刷新页面。")
    return to_turn(row)


def turns_of(connection: sa.Connection, conversation_id: str) -> list[Turn]:
    """The turns of a conversation, oldest first."""
    query = sa.select(_turn).where(_turn.c.conversation_id == conversation_id).order_by(_turn.c.ordinal)
    return [to_turn(row) for row in connection.execute(query)]


def to_conversation(row: sa.Row[tuple[object, ...]]) -> Conversation:
    """A conversation from a row that holds all columns of its table."""
    return Conversation(row.id, row.user, row.title, row.pinned, row.created_at, row.updated_at)


def to_turn(row: sa.Row[tuple[object, ...]]) -> Turn:
    """A turn from a row that holds all columns of the table `turn`."""
    answer = answer_from_json(json.loads(row.answer)) if row.answer else None
    state = TurnState(row.state)
    within = Within(row.topic, row.title)
    asked = (row.id, row.conversation_id, row.ordinal, row.question, row.as_of)
    further = Further(tuple(row.further["questions"]), row.further["generation"]) if row.further else None
    return Turn(*asked, state, answer, row.message, row.asked_at, within, further)
