"""Which questions led to a document: told from the citations of stored answers, never who asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from knowledge.storage.database import Database

_CITING = sa.text(
    "SELECT t.question, t.asked_at, json_extract(c.value, '$.version_id') AS version_id,"
    " json_extract(c.value, '$.start') AS start, json_extract(c.value, '$.end') AS end,"
    " json_extract(c.value, '$.quote') AS quote"
    " FROM turn t JOIN conversation v ON v.id = t.conversation_id, json_each(t.answer, '$.citations') c"
    " WHERE v.deleted_at IS NULL AND json_extract(c.value, '$.document.id') = :document"
    " ORDER BY t.asked_at DESC LIMIT :most"
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
        rows = connection.execute(_CITING, {"document": document_id, "most": _MOST})
        return [
            Asked(
                row.question,
                datetime.fromisoformat(str(row.asked_at)),
                row.version_id,
                row.start,
                row.end,
                row.quote,
            )
            for row in rows
        ]
