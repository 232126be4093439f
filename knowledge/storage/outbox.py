"""What the Chroma index still has to learn. A commit posts index entries; whoever holds the index applies them.

An entry is a passage together with the text it was embedded from. Its id says both, so that comparing ids tells
whether the index holds the right vectors.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from knowledge.storage.database import sqlite
from knowledge.storage.database.facts import POINTER, fact, state
from knowledge.storage.database.half_vectors import STORED, sent

_ROWS_PER_READ: Final = 400


_IDS: Final[sa.BindParameter[list[int]]] = sa.bindparam("ids", expanding=True)
_OLDEST = sa.text("SELECT id, passage_id, text_hash FROM outbox ORDER BY id LIMIT :most")
_LAST = sa.text("SELECT coalesce(max(id), 0) FROM outbox")
_FORGET = sa.text("DELETE FROM outbox WHERE id <= :last")
_POST = sa.text(
    "INSERT INTO outbox (passage_id, text_hash) SELECT id, text_hash FROM passage WHERE id IN :ids"
).bindparams(_IDS)
_EXPECTED = sa.text(
    "SELECT p.id, p.text_hash, p.current FROM passage p WHERE p.visible AND EXISTS"
    " (SELECT 1 FROM vector v WHERE v.model = :model AND v.text_hash = p.text_hash)"
)
# CROSS JOIN: SQLite keeps this order. Left to choose, it walks all vectors of the model for every few hundred passages.
_ENTRIES = (
    "SELECT p.id, p.text_hash, p.current, {data} AS data FROM passage p CROSS JOIN vector v"
    " WHERE v.text_hash = p.text_hash AND v.model = :model AND p.visible AND p.id IN :ids"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """Something the index holds or should hold. `vector` as stored."""

    passage_id: int
    text_hash: bytes
    current: bool
    vector: bytes

    @property
    def key(self) -> str:
        return entry_key(self.passage_id, self.text_hash)


def entry_key(passage_id: int, text_hash: bytes) -> str:
    """`12:9f3ab204`: the id of an entry inside Chroma."""
    return f"{passage_id}:{text_hash[:4].hex()}"


def is_read(connection: sa.Connection) -> bool:
    """Whether Chroma searches the vectors of this database, so that it has to learn of changes; PostgreSQL searches its own."""
    return connection.dialect.name == sqlite.NAME


def post(connection: sa.Connection, passage_ids: Sequence[int]) -> None:
    """Have Chroma look at these passages again, as they are embedded now."""
    if is_read(connection):
        for start in range(0, len(passage_ids), _ROWS_PER_READ):
            connection.execute(_POST, {"ids": list(passage_ids[start : start + _ROWS_PER_READ])})


def posted(connection: sa.Connection, limit: int) -> tuple[int, list[tuple[int, str]]]:
    """The oldest rows: the id of the last of them (0 when there are none), and (passage id, entry key) of each."""
    rows = connection.execute(_OLDEST, {"most": limit}).fetchall()
    return (rows[-1][0] if rows else 0), [(row[1], entry_key(row[1], row[2])) for row in rows]


def last_posted(connection: sa.Connection) -> int:
    """Id of the newest row, 0 when there are none."""
    return int(connection.execute(_LAST).scalar_one())


def forget(connection: sa.Connection, last_id: int) -> None:
    """Take the rows up to `last_id` off the list: they have been applied."""
    connection.execute(_FORGET, {"last": last_id})


def entries(connection: sa.Connection, model: str, passage_ids: Iterable[int]) -> list[Entry]:
    """What the index should hold of `passage_ids`: the visible ones that have a vector of `model`."""
    wanted, found = list(passage_ids), list[Entry]()
    query = sa.text(_ENTRIES.format(data=sent(connection, "v.data"))).bindparams(_IDS).columns(data=STORED)
    for start in range(0, len(wanted), _ROWS_PER_READ):
        rows = connection.execute(query, {"model": model, "ids": wanted[start : start + _ROWS_PER_READ]})
        found.extend(Entry(row[0], row[1], bool(row[2]), row[3]) for row in rows)
    return found


def expected(connection: sa.Connection, model: str) -> dict[str, tuple[int, bool]]:
    """Everything the index should hold: passage id and whether it is current, by entry key."""
    rows = connection.execute(_EXPECTED, {"model": model})
    return {entry_key(row[0], row[1]): (row[0], bool(row[2])) for row in rows}


def pointer(connection: sa.Connection) -> tuple[str, int] | None:
    """The model and the number of the collections in use, None before the first build."""
    value = fact(connection, POINTER)
    if value is None:
        return None
    number, _, model = value.partition(" ")
    return model, int(number)


def point_at(connection: sa.Connection, model: str, number: int) -> None:
    state(connection, POINTER, f"{number} {model}")


def chunks(items: Sequence[Entry], size: int) -> Iterable[Sequence[Entry]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
