"""Decides whether a file is new, known as it is, a new version of a known document, or nearly the words of another one."""

from __future__ import annotations

import threading
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from knowledge.ingestion.report import Twin
from knowledge.metadata.validity import series_key
from knowledge.model import IdentityCard
from knowledge.storage.catalog import text_of
from knowledge.storage.database import Database
from knowledge.storage.schema import document, version
from knowledge.text.similarity import Hashes, compare, guess, shingles, sketch

_HARDLY_ANYTHING = 0.1  # share of common lines below which two texts have nothing to do with each other


def known_as_is(connection: sa.Connection, source: str, sha256: str) -> int | None:
    """The document that these bytes already are: its newest version, or the newest that came from `source`."""
    held = sa.select(document.c.id, document.c.version_id, version.c.id, version.c.sha256, version.c.source)
    rows = connection.execute(
        held.join(version, version.c.document_id == document.c.id)
        .where(document.c.removed_at.is_(None), sa.or_(version.c.source == source, version.c.sha256 == sha256))
        .order_by(version.c.id.desc())
    ).all()
    from_here: set[int] = set()
    for document_id, newest, version_id, digest, came_from in rows:
        if came_from == source and document_id not in from_here:
            from_here.add(document_id)
            if digest == sha256:
                return int(document_id)
        if digest == sha256 and version_id == newest:
            return int(document_id)
    return None


def known_document(
    connection: sa.Connection,
    source: str,
    file_name: str,
    card: IdentityCard,
    text: str,
    *,
    taken: Collection[int],
    claimed: Collection[str],
) -> int | None:
    """The document of which a changed file is a new version; None when it is a document of its own.

    In this order: the one that came from the same place, unless it is another edition or another text altogether; one
    of the same file name and series; one of the same series and edition. Two files of one run are two documents:
    `taken` are those that the run has already given to a file, `claimed` the places of all its files.
    """
    series = series_key(card.title)
    rows = connection.execute(
        sa.select(document, version.c.text.label("held_text"))
        .join(version, version.c.id == document.c.version_id)
        .where(document.c.removed_at.is_(None), sa.or_(document.c.source == source, document.c.series == series))
        .order_by(document.c.id)
    ).all()
    for row in rows:
        in_place = row.source == source and row.id not in taken and _may_be_one_edition(row, card)
        if in_place and (row.series == series or _related(row.held_text, text)):
            return int(row.id)
    free = [row for row in rows if row.series == series and row.id not in taken and row.source not in claimed]
    for row in free:
        if row.file_name == file_name and _may_be_one_edition(row, card) and not _told_apart(row, card):
            return int(row.id)
    for row in free:
        if card.edition and row.edition == card.edition and not _told_apart(row, card):
            return int(row.id)
    return None


def _may_be_one_edition(row: Any, card: IdentityCard) -> bool:
    return not (row.edition and card.edition and row.edition != card.edition)


def _told_apart(row: Any, card: IdentityCard) -> bool:
    """Whether both name a day of issue or a reference number, and not the same."""
    days = row.issued_on and card.issued_on and row.issued_on != card.issued_on
    numbers = row.doc_no and card.doc_no and row.doc_no != card.doc_no
    return bool(days or numbers)


def _related(one: str, other: str) -> bool:
    lines, others = set(one.split("\n")), set(other.split("\n"))
    return len(lines & others) >= _HARDLY_ANYTHING * min(len(lines), len(others))


#: From here on two texts are near-duplicates: half of everything that either says is in both.
ALIKE = 0.5
#: Or nearly all of the shorter one is in the longer one (a regulation inside a compilation).
INSIDE = 0.8
_MAYBE = 0.04  # likeness guessed from sketches below which it is not looked at more closely
_SHOWN = 5
_MOST_COMPARED = 300_000  # characters of a text; a server's readers wait while more are looked at


class Twins:
    """Keeps a small sketch of every newest version. Safe to share between threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sketches: dict[int, Hashes] = {}
        self._lock = threading.Lock()

    def find(self, text: str, series: str, but: int | None) -> list[Twin]:
        """Documents that are nearly `text`, the likest first; `but` is left out."""
        own = shingles(text[:_MOST_COMPARED])
        with self._lock, self._database.read() as connection:
            columns = (document.c.id, document.c.version_id, document.c.title, document.c.edition, document.c.series)
            rows = connection.execute(sa.select(*columns).where(document.c.removed_at.is_(None))).all()
            found = []
            for row in rows:
                if row.id != but and guess(sketch(own), self._sketch(connection, row.version_id)) >= _MAYBE:
                    likeness = compare(own, shingles(text_of(connection, row.version_id)[:_MOST_COMPARED]))
                    if likeness.alike >= ALIKE or likeness.inside >= INSIDE:
                        same = row.series == series
                        found.append(Twin(row.id, row.title, row.edition, likeness.alike, likeness.inside, same))
        return sorted(found, key=lambda twin: (-twin.alike, twin.document_id))[:_SHOWN]

    def _sketch(self, connection: sa.Connection, version_id: int) -> Hashes:
        if version_id not in self._sketches:
            self._sketches[version_id] = sketch(shingles(text_of(connection, version_id)[:_MOST_COMPARED])).copy()
        return self._sketches[version_id]
