"""Small facts about the whole library, one row each in `meta`; the first of them is its generation."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

#: The model and the number of the collections of Chroma that searches use.
POINTER: Final = "chroma"
GENERATION: Final = "generation"
_FACT = sa.text("SELECT value FROM meta WHERE key = :key")
_STATE = sa.text(
    "INSERT INTO meta (key, value) VALUES (:key, :value) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
)
_NEXT = sa.text("UPDATE meta SET value = CAST(CAST(value AS INTEGER) + 1 AS VARCHAR) WHERE key = :key RETURNING value")


def fact(connection: sa.Connection, key: str) -> str | None:
    """The value of a fact, None when nobody has stated it."""
    found = connection.execute(_FACT, {"key": key}).scalar()
    return None if found is None else str(found)


def state(connection: sa.Connection, key: str, value: str) -> None:
    """Keep a fact in place of what was said before."""
    connection.execute(_STATE, {"key": key, "value": value})


def generation_of(connection: sa.Connection) -> int:
    """The number of commits that changed the library; it only grows."""
    return int(connection.execute(_FACT, {"key": GENERATION}).scalar_one())


def next_generation(connection: sa.Connection) -> int:
    """Count one more change; to be called once for each that commits."""
    return int(connection.execute(_NEXT, {"key": GENERATION}).scalar_one())
