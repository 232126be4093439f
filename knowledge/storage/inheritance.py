"""What a new edition takes over from the editions that are held: its topic, and the series that a trainer put them in."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from knowledge.metadata.validity import series_key
from knowledge.storage.new_version import NewVersion
from knowledge.storage.schema import document
from knowledge.storage.validity_refresh import SERIES_OVERRIDE


def inheritance(connection: sa.Connection, new: NewVersion) -> dict[str, Any]:
    """Trainers' values that `new`, a document that is not held yet, begins with. The newest edition is the model."""
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
