"""A file read, understood and cut, before it is stored: load → normalise → identify → outline → passages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from knowledge.chunking.chunker import cut
from knowledge.chunking.edits import Cut, Edit, EditKind, fit
from knowledge.errors import EmptyFile
from knowledge.metadata.identity_card import identify
from knowledge.metadata.repeals import repeals
from knowledge.model import Status
from knowledge.parsing.loaders import read
from knowledge.parsing.outline import outline
from knowledge.storage.catalog import card_values, outline_to_json, plain
from knowledge.storage.changes import NewPassage, NewVersion, new_passage
from knowledge.storage.schema import cut_edit, document, passage, version


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file to take in. `source` is where it came from, when that is not `path`; `overrides` are a trainer's card
    values that come with it, `edits` his changes of the cut; `status` None keeps a known document's status and makes a
    new one a draft. `version_of` names the document of which it is a version, whatever it looks like."""

    path: Path
    file_name: str
    source: str
    status: Status | None = None
    overrides: Mapping[str, Any] = field(default_factory=dict)
    edits: tuple[Edit, ...] = ()
    version_of: int | None = None


def understood(file: Incoming, sha256: str) -> NewVersion:
    """The version that `file` would be, cut as the program cuts it. Raises the ReadingError family."""
    source = read(file.path)
    structure = outline(source)
    card = identify(source, file.file_name, structure)
    spans = cut(source.text, structure)
    if not spans:
        raise EmptyFile(f"《{file.file_name}》里没有可以检索的正文，请检查文件内容。")
    return NewVersion(
        source=file.source,
        file_name=file.file_name,
        sha256=sha256,
        text=source.text,
        outline=structure,
        card=card,
        repeals=repeals(source.text, structure),
        notes=source.notes,
        passages=passages_of(source.text, card.title, [Cut(span) for span in spans]),
        spans=spans,
        # What the parser finds by itself needs no trainer's word, and may one day be found better.
        overrides={name: value for name, value in file.overrides.items() if value != getattr(card, name, None)},
        edits=file.edits,
    )


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
    return replace(new, passages=passages_of(new.text, title, cuts))


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


def passages_of(text: str, title: str, cuts: Sequence[Cut]) -> tuple[NewPassage, ...]:
    """Passages of `text` as they are indexed under `title`."""
    made = []
    for one in cuts:
        span = one.span
        fresh = new_passage(title, span.address, span.context, text[span.start : span.end], span.start, span.end)
        made.append(fresh if one.enabled else replace(fresh, enabled=False))
    return tuple(made)


def edits_of(connection: sa.Connection, document_id: int) -> list[Edit]:
    """What trainers changed of the cut of a document, in the order in which they did."""
    rows = connection.execute(sa.select(cut_edit).where(cut_edit.c.document_id == document_id).order_by(cut_edit.c.id))
    return [Edit(row.id, EditKind(row.kind), row.address, row.before, row.after) for row in rows]
