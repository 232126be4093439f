"""A prepared file as a version of a document that the library holds: its title, its cut, whether it says anything new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from knowledge.chunking.edits import Edit, EditKind, fit
from knowledge.chunking.indexed import indexed_passages
from knowledge.storage.catalog import card_values, outline_to_json, plain
from knowledge.storage.new_version import NewVersion
from knowledge.storage.schema import cut_edit, document, passage, version


def fitted(
    connection: sa.Connection, new: NewVersion, document_id: int | None, edits: Sequence[Edit] | None = None
) -> NewVersion:
    """`new` as it is stored as a version of `document_id`: under the title readers see, cut as trainers want it. `edits`
    are used instead of those that are stored for the document."""
    stored: Mapping[str, Any] = {}
    if document_id is not None:
        stored = connection.execute(sa.select(document.c.overrides).where(document.c.id == document_id)).scalar_one()
        edits = edits_of(connection, document_id) if edits is None else edits
    edits = [*(edits or ()), *new.edits]
    title = str(new.overrides.get("title") or stored.get("title") or new.card.title)
    cuts = fit(new.text, new.outline.sections, new.spans, edits).cuts
    return replace(new, passages=indexed_passages(new.text, title, cuts))


def is_held(connection: sa.Connection, new: NewVersion, document_id: int) -> bool:
    """Whether the newest version of a document is `new`, word for word and cut for cut, with the same card."""
    held = connection.execute(
        sa.select(version.c.id, version.c.text, version.c.outline, document.c.parsed)
        .join(document, document.c.version_id == version.c.id)
        .where(document.c.id == document_id)
    ).one()
    if (held.text, held.outline) != (new.text, outline_to_json(new.outline)):
        return False
    rows = connection.execute(
        sa.select(passage.c.address, passage.c.context, passage.c.start, passage.c.end)
        .where(passage.c.version_id == held.id)
        .order_by(passage.c.ordinal)
    )
    cuts = [(p.address, p.context, p.start, p.end) for p in new.passages]
    return held.parsed == plain(card_values(new.card)) and [tuple(row) for row in rows] == cuts


def edits_of(connection: sa.Connection, document_id: int) -> list[Edit]:
    """What trainers changed of the cut of a document, in the order in which they did."""
    rows = connection.execute(sa.select(cut_edit).where(cut_edit.c.document_id == document_id).order_by(cut_edit.c.id))
    return [Edit(row.id, EditKind(row.kind), row.address, row.before, row.after) for row in rows]
