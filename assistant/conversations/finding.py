"""Where in a conversation the words stand that a reader looks for: one line of it, as the list of conversations shows."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from assistant.conversations.conversations import Conversations
from assistant.conversations.schema import conversation as _conversation
from assistant.conversations.schema import turn as _turn
from knowledge.storage.database.json_path import json_value

BEFORE, AFTER = 8, 24  # characters of the line on either side of the first word


def lines_found(conversations: Conversations, user: str, conversation_ids: Sequence[str], words: str) -> dict[str, str]:
    """By conversation: the first line, of its questions and answers, in which one of `words` stands. Those of which only
    the title has the word are left out, because the list shows the title anyway."""
    wanted = words.split()
    if not wanted or not conversation_ids:
        return {}
    said = json_value(_turn.c.answer, "$.text")
    in_text = [column.icontains(word, autoescape=True) for word in wanted for column in (_turn.c.question, said)]
    query = (
        sa.select(_turn.c.conversation_id, _conversation.c.title, _turn.c.question, said)
        .join(_conversation)
        .where(_conversation.c.user == user, _turn.c.conversation_id.in_(conversation_ids), sa.or_(*in_text))
        .order_by(_turn.c.ordinal)
    )
    found: dict[str, str] = {}
    with conversations.database.read() as connection:
        for conversation_id, title, question, answer in connection.execute(query):
            if conversation_id not in found:
                line = _line([] if question == title else [question], wanted) or _line([answer or ""], wanted)
                if line:
                    found[conversation_id] = line
    return found


def _line(texts: Sequence[str], words: Sequence[str]) -> str:
    """The surroundings of the first of `words` in one of `texts`; nothing where none stands."""
    for text in texts:
        for line in text.splitlines():
            at = next((place for word in words if (place := line.lower().find(word.lower())) >= 0), -1)
            if at >= 0:
                start, end = max(0, at - BEFORE), at + AFTER
                return ("…" if start else "") + line[start:end].strip() + ("…" if end < len(line) else "")
    return ""
