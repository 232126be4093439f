"""Questions of other readers that were answered well: offered to everybody, without a word about who asked."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from assistant.conversations.conversations import Conversations
from assistant.conversations.feedback import Feedback, Opinion, plain
from assistant.conversations.schema import conversation as _conversation
from assistant.conversations.schema import turn as _turn
from assistant.conversations.schema import vote as _vote
from assistant.conversations.turns import TurnState, to_turn

READERS = 2  # who asked the same question, unless a trainer approved it
LOOKED_AT = 2000  # latest questions that are counted
LONGEST = 60  # characters; what is longer tells of one case


def popular(conversations: Conversations, feedback: Feedback, published: frozenset[int], limit: int = 4) -> list[str]:
    """The questions most readers asked first, then the latest.

    Each opened a conversation without a 范围, was answered from documents that are still `published` (ids), was voted up
    more often than down, and was asked by two readers in the same words or approved by a trainer.
    """
    opening = (
        sa.select(_turn, _conversation.c.user)
        .join(_conversation, _conversation.c.id == _turn.c.conversation_id)
        .where(
            _conversation.c.deleted_at.is_(None),
            _turn.c.ordinal == 1,
            _turn.c.state == str(TurnState.DONE),
            _turn.c.topic.is_(None) & _turn.c.title.is_(None) & _turn.c.as_of.is_(None),
            sa.func.length(_turn.c.question) <= LONGEST,
        )
        .order_by(_turn.c.asked_at.desc())
        .limit(LOOKED_AT)
    )
    with conversations.database.read() as connection:
        votes: dict[str, int] = {}
        for row in connection.execute(sa.select(_vote.c.turn_id, _vote.c.opinion)):
            votes[row.turn_id] = votes.get(row.turn_id, 0) + (1 if row.opinion == str(Opinion.UP) else -1)
        if not votes:
            return []
        asked: dict[str, list[sa.Row[*tuple[Any, ...]]]] = {}
        for row in connection.execute(opening):
            asked.setdefault(plain(row.question), []).append(row)
    approved = feedback.approved()
    found: list[tuple[int, str]] = []
    for key, rows in asked.items():
        readers = len({row.user for row in rows})
        liked = sum(votes.get(row.id, 0) for row in rows) > 0
        if not liked or (readers < READERS and key not in approved):
            continue
        answer = to_turn(rows[0]).answer
        if answer and answer.mode.answers and {one.document.id for one in answer.citations} <= published:
            found.append((readers, rows[0].question))
    found.sort(key=lambda pair: -pair[0])
    return [question for _, question in found[:limit]]
