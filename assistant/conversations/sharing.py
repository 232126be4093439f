"""分享: one answer, and nothing else of its conversation, for others of the office; whoever shared it can take it back."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from assistant.conversations.conversations import Conversations
from assistant.conversations.schema import conversation as _conversation
from assistant.conversations.schema import share as _share
from assistant.conversations.schema import turn as _turn
from assistant.conversations.stamps import new_id, utc_now
from assistant.conversations.turns import Turn, TurnState, to_turn
from assistant.errors import InvalidQuestion, NotYours

GONE = "没有这份分享，可能已被收回。"


def shared_as(conversations: Conversations, user: str, turn_id: str) -> str | None:
    """The id under which a turn of `user` is shared; None when it is not. Raises NotYours."""
    conversations.turn(user, turn_id)
    with conversations.database.read() as connection:
        return connection.execute(sa.select(_share.c.id).where(_share.c.turn_id == turn_id)).scalar()


def share(conversations: Conversations, user: str, turn_id: str) -> str:
    """Let others see one answer; returns the id, the same each time. Raises NotYours, and InvalidQuestion for an answer that
    is not finished or quotes nothing."""
    turn = conversations.turn(user, turn_id)
    if not can_be_shared(turn):
        raise InvalidQuestion("只有完整的、引用了原文的回答可以分享。")
    if (known := shared_as(conversations, user, turn_id)) is not None:
        return known
    made = new_id()
    with conversations.database.write() as connection:
        connection.execute(_share.insert().values(id=made, turn_id=turn_id, user=user, created_at=utc_now()))
    return made


def take_back(conversations: Conversations, user: str, turn_id: str) -> None:
    """The page of the shared answer is gone for everybody. Raises NotYours."""
    conversations.turn(user, turn_id)
    with conversations.database.write() as connection:
        connection.execute(_share.delete().where(_share.c.turn_id == turn_id))


def shared(conversations: Conversations, share_id: str) -> Turn:
    """What is shared under an id: question and answer without anything that leads to the conversation. Raises NotYours when
    nothing is, any more."""
    living = (
        sa.select(_turn)
        .join(_share, _share.c.turn_id == _turn.c.id)
        .join(_conversation, _conversation.c.id == _turn.c.conversation_id)
        .where(_share.c.id == share_id, _conversation.c.deleted_at.is_(None))
    )
    with conversations.database.read() as connection:
        row = connection.execute(living).first()
    if row is None:
        raise NotYours(GONE)
    turn = to_turn(row)
    if not can_be_shared(turn):  # answered again since, and not as well
        raise NotYours(GONE)
    return replace(turn, id="", conversation_id="", ordinal=0, further=None)


def can_be_shared(turn: Turn) -> bool:
    """Whether an answer is finished and quotes something: by what it quotes is judged who may see it."""
    return turn.state is TurnState.DONE and turn.answer is not None and bool(turn.answer.citations)
