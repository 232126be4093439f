"""Which questions led to a document: told from the citations of stored answers, never who asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from assistant.conversations.schema import conversation, turn
from knowledge.storage.database import Database
from knowledge.storage.database.json_path import json_items, json_value

_cited = json_items(turn.c.answer, "$.citations").table_valued("value", name="cited")


def _number(path: str) -> sa.ColumnElement[int]:
    return sa.cast(json_value(_cited.c.value, path), sa.Integer)


_CITING = (
    sa.select(
        turn.c.question,
        turn.c.asked_at,
        _number("$.version_id").label("version_id"),
        _number("$.start").label("start"),
        _number("$.end").label("end"),
        json_value(_cited.c.value, "$.quote").label("quote"),
    )
    .join(conversation)
    .join(_cited, sa.true())
    .where(conversation.c.deleted_at.is_(None))
    .order_by(turn.c.asked_at.desc())
)
_MOST = 2000


@dataclass(frozen=True, slots=True)
class Asked:
    """A question whose answer cites a document, with the place of the quote. `asked_at` is UTC."""

    question: str
    asked_at: datetime
    version_id: int
    start: int
    end: int
    quote: str


def questions_citing(database: Database, document_id: int) -> list[Asked]:
    """The latest first; a question that cites several places comes once for each of them. None where the tables of
    conversations are not there."""
    with database.read() as connection:
        if not sa.inspect(connection).has_table("turn"):
            return []
        rows = connection.execute(_CITING.where(_number("$.document.id") == document_id).limit(_MOST))
        return [Asked(**row._mapping) for row in rows]
