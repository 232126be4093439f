"""A file read, understood and cut, ready to be stored, the rows that it makes, and what it takes over from other editions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from knowledge.chunking.edits import Edit
from knowledge.chunking.indexed import NewPassage
from knowledge.metadata.repeals import Repeal
from knowledge.metadata.validity import series_key
from knowledge.model import IdentityCard, Span, Status, Validity
from knowledge.parsing.outline import Outline
from knowledge.storage.catalog import outline_to_json
from knowledge.storage.schema import document
from knowledge.storage.validity_refresh import SERIES_OVERRIDE


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A file read, understood and cut, ready to be stored. `card` is the parser's; `source` is the absolute path or
    address it came from; `sha256` names the original. `spans` are the program's own cut; `overrides` and `edits` are a
    trainer's values and changes of the cut that come with the file."""

    source: str
    file_name: str
    sha256: str
    text: str
    outline: Outline
    card: IdentityCard
    repeals: tuple[Repeal, ...]
    notes: tuple[str, ...]
    passages: tuple[NewPassage, ...]
    spans: tuple[Span, ...] = ()
    overrides: Mapping[str, Any] = field(default_factory=dict)
    edits: tuple[Edit, ...] = ()


def document_row(new: NewVersion, status: Status, now: datetime) -> dict[str, Any]:
    return {
        "title": new.card.title,
        "sureness": {},
        "evidence": {},
        "parsed": {},
        "overrides": {},
        "series": series_key(new.card.title),
        "validity": Validity.IN_FORCE.value,
        "status": status.value,
        "source": new.source,
        "file_name": new.file_name,
        "added_at": now,
    }


def version_row(new: NewVersion, document_id: int, now: datetime) -> dict[str, Any]:
    return {
        "document_id": document_id,
        "sha256": new.sha256,
        "text": new.text,
        "outline": outline_to_json(new.outline),
        "articles": new.outline.articles,
        "passages": len(new.passages),
        "notes": list(new.notes),
        "source": new.source,
        "file_name": new.file_name,
        "created_at": now,
    }


def repeal_row(declared: Repeal, version_id: int) -> dict[str, Any]:
    return {
        "version_id": version_id,
        "series": series_key(declared.title),
        "title": declared.title,
        "issued_on": declared.issued_on,
        "year": declared.year,
        "on": declared.on,
        "clause": declared.clause,
    }


def inheritance(connection: sa.Connection, new: NewVersion) -> dict[str, Any]:
    """Trainers' values that `new`, a document that is not held yet, begins with: the topic of the newest edition held, and
    the series that a trainer put the editions in."""
    key = series_key(new.card.title)
    rows = connection.execute(
        sa.select(document.c.title, document.c.topic, document.c.series, document.c.overrides)
        .where(document.c.removed_at.is_(None))
        .order_by(document.c.issued_on.desc().nulls_last(), document.c.id.desc())
    )
    kin = [row for row in rows if key in (row.series, series_key(row.title))]
    taken: dict[str, Any] = {}
    topic = next((row.topic for row in kin if row.topic), None)
    if topic and not new.card.topic:
        taken["topic"] = topic
    moved = next((row.overrides[SERIES_OVERRIDE] for row in kin if row.overrides.get(SERIES_OVERRIDE)), None)
    if moved and moved != key:
        taken[SERIES_OVERRIDE] = moved
    return taken
