"""Finds held documents with the same or nearly the same words as a text."""

from __future__ import annotations

import threading

import sqlalchemy as sa

from knowledge.ingestion.report import Twin
from knowledge.storage.catalog import text_of
from knowledge.storage.database import Database
from knowledge.storage.schema import document
from knowledge.text.similarity import Hashes, compare, guess, shingles, sketch

#: From here on two texts are near-duplicates: half of everything that either says is in both.
ALIKE = 0.5
#: Or nearly all of the shorter one is in the longer one (a regulation inside a compilation).
INSIDE = 0.8
_MAYBE = 0.04  # likeness guessed from sketches below which it is not looked at more closely
_SHOWN = 5


class Twins:
    """Keeps a small sketch of every newest version. Safe to share between threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sketches: dict[int, Hashes] = {}
        self._lock = threading.Lock()

    def find(self, text: str, series: str, but: int | None) -> list[Twin]:
        """Documents that are nearly `text`, the likest first; `but` is left out."""
        own = shingles(text)
        with self._lock, self._database.read() as connection:
            columns = (document.c.id, document.c.version_id, document.c.title, document.c.edition, document.c.series)
            rows = connection.execute(sa.select(*columns).where(document.c.removed_at.is_(None))).all()
            found = []
            for row in rows:
                if row.id != but and guess(sketch(own), self._sketch(connection, row.version_id)) >= _MAYBE:
                    likeness = compare(own, shingles(text_of(connection, row.version_id)))
                    if likeness.alike >= ALIKE or likeness.inside >= INSIDE:
                        same = row.series == series
                        found.append(Twin(row.id, row.title, row.edition, likeness.alike, likeness.inside, same))
        return sorted(found, key=lambda twin: (-twin.alike, twin.document_id))[:_SHOWN]

    def _sketch(self, connection: sa.Connection, version_id: int) -> Hashes:
        if version_id not in self._sketches:
            self._sketches[version_id] = sketch(shingles(text_of(connection, version_id))).copy()
        return self._sketches[version_id]
