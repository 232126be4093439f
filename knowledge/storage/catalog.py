"""Reads the catalogue: documents with their identity cards, versions, texts, outlines, passages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa

from knowledge.errors import NotInLibrary
from knowledge.metadata.audience import AUDIENCE_OVERRIDE, groups_in
from knowledge.model import CARD_FIELDS, Document, IdentityCard, Passage, Section, Status, Sureness, Validity
from knowledge.parsing.outline import Outline
from knowledge.storage.schema import document, passage, version

DATE_FIELDS: Final = ("issued_on", "effective_on", "repealed_on", "valid_until")

_ROWS_PER_READ = 500

Row = sa.Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Version:
    """One stored state of a document's file. `newest` is the one that readers search."""

    id: int
    document_id: int
    sha256: str
    file_name: str
    source: str
    created_at: datetime
    articles: int | None
    passages: int
    notes: tuple[str, ...]
    newest: bool


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the values of a card come from: what the parser found, and what a trainer has said instead of it (fields of
    the card, `validity`, `series`; None for a field he has emptied)."""

    parsed: IdentityCard
    said: Mapping[str, str | date | None]
    source: str


def all_documents(connection: sa.Connection) -> tuple[Document, ...]:
    """Every document that has not been removed, by title, then edition, then id."""
    rows = connection.execute(_DOCUMENTS.where(document.c.removed_at.is_(None)))
    return tuple(sorted((_document(row) for row in rows), key=listing_order))


def listing_order(item: Document) -> tuple[str, str, date, int]:
    """Sort key: title, then editions oldest first."""
    return item.card.title, item.card.edition or "", item.card.issued_on or date.min, item.id


def document_by_id(connection: sa.Connection, document_id: int) -> Document:
    """Raises NotInLibrary when there is none or it has been removed."""
    row = connection.execute(
        _DOCUMENTS.where(document.c.id == document_id, document.c.removed_at.is_(None))
    ).one_or_none()
    if row is None:
        raise NotInLibrary(f"库中没有编号为 {document_id} 的文件；可用 xuesi kb list 查看编号。")
    return _document(row)


def origin_of(connection: sa.Connection, document_id: int) -> Origin:
    """Raises NotInLibrary."""
    document_by_id(connection, document_id)
    row = connection.execute(sa.select(document).where(document.c.id == document_id)).one()
    parsed = card_from({"title": row.title} | row.parsed, row.sureness, row.evidence)
    return Origin(parsed, dated(row.overrides), row.source)


def document_of_version(connection: sa.Connection, version_id: int) -> Document:
    """The document that a version belongs to, with that version's text, hash and counts, even when it is no longer
    the newest or the document has been removed: citations of old answers still open. Raises NotInLibrary."""
    joined = sa.select(document, *_OF_VERSION).join(version, version.c.document_id == document.c.id)
    row = connection.execute(joined.where(version.c.id == version_id)).one_or_none()
    if row is None:
        raise NotInLibrary(f"库中没有编号为 {version_id} 的文本。")
    return _document(row)


def was_published(connection: sa.Connection, version_id: int) -> bool:
    """Whether readers have ever seen this version; False for one that is not there."""
    found = sa.select(version.c.id).where(version.c.id == version_id, version.c.published_at.is_not(None))
    return connection.execute(found).first() is not None


def renewals(connection: sa.Connection) -> dict[int, datetime]:
    """When the newest version of each document came in, by id; documents that never changed are left out."""
    earlier = version.alias()
    first = sa.select(sa.func.min(earlier.c.id)).where(earlier.c.document_id == document.c.id).scalar_subquery()
    query = sa.select(document.c.id, version.c.created_at).join(version, version.c.id == document.c.version_id)
    return {row.id: row.created_at for row in connection.execute(query.where(version.c.id > first))}


def text_of(connection: sa.Connection, version_id: int) -> str:
    """The canonical text; removed documents and older versions included. Raises NotInLibrary."""
    found = connection.execute(sa.select(version.c.text).where(version.c.id == version_id)).scalar_one_or_none()
    if found is None:
        raise NotInLibrary(f"库中没有编号为 {version_id} 的文本。")
    return str(found)


def outline_of(connection: sa.Connection, version_id: int) -> Outline:
    """Raises NotInLibrary."""
    row = connection.execute(
        sa.select(version.c.outline, version.c.articles).where(version.c.id == version_id)
    ).one_or_none()
    if row is None:
        raise NotInLibrary(f"库中没有编号为 {version_id} 的文本。")
    return outline_from_json(row.outline, row.articles)


def outline_to_json(outline: Outline) -> dict[str, Any]:
    return {
        "body": list(outline.body),
        "sections": [[s.path, s.label, s.title, s.level, s.depth, s.start, s.end] for s in outline.sections],
    }


def outline_from_json(stored: Mapping[str, Any], articles: int | None) -> Outline:
    start, end = stored["body"]
    return Outline(tuple(Section(*fields) for fields in stored["sections"]), articles, (start, end))


def passages_of(connection: sa.Connection, version_id: int) -> list[Passage]:
    """In reading order, hidden ones included; none for an unknown version."""
    rows = connection.execute(_PASSAGES.where(passage.c.version_id == version_id).order_by(passage.c.ordinal))
    return [_passage(row) for row in rows]


def visible_passages(connection: sa.Connection, passage_ids: Sequence[int]) -> dict[int, Passage]:
    """Those of `passage_ids` that readers may see, in the order asked for."""
    found: dict[int, Passage] = {}
    for start in range(0, len(passage_ids), _ROWS_PER_READ):
        some = list(passage_ids[start : start + _ROWS_PER_READ])
        rows = connection.execute(_VISIBLE, {"ids": some})
        found.update((row[0], Passage(*row)) for row in rows)
    return {i: found[i] for i in passage_ids if i in found}


def history_of(connection: sa.Connection, document_id: int) -> list[Version]:
    """All versions, newest first. Raises NotInLibrary for an unknown or removed document."""
    newest = document_by_id(connection, document_id).version_id
    rows = connection.execute(
        sa.select(
            version.c.id,
            version.c.document_id,
            version.c.sha256,
            version.c.file_name,
            version.c.source,
            version.c.created_at,
            version.c.articles,
            version.c.passages,
            version.c.notes,
        )
        .where(version.c.document_id == document_id)
        .order_by(version.c.id.desc())
    )
    return [
        Version(
            id=row.id,
            document_id=row.document_id,
            sha256=row.sha256,
            file_name=row.file_name,
            source=row.source,
            created_at=row.created_at,
            articles=row.articles,
            passages=row.passages,
            notes=tuple(row.notes),
            newest=row.id == newest,
        )
        for row in rows
    ]


def card_from(fields: Mapping[Any, Any], sureness: Mapping[str, str], evidence: Mapping[str, str]) -> IdentityCard:
    """A card from column values; dates may be dates or ISO strings."""
    values: dict[str, Any] = {name: fields.get(name) for name in CARD_FIELDS}
    return IdentityCard(
        **dated(values), sureness={name: Sureness(value) for name, value in sureness.items()}, evidence=dict(evidence)
    )


def card_values(card: IdentityCard) -> dict[str, Any]:
    """The fields of a card without how they were found."""
    return {name: getattr(card, name) for name in CARD_FIELDS}


def dated(values: Mapping[str, Any]) -> dict[str, Any]:
    """`values` with ISO strings of date fields made dates."""
    return {
        name: date.fromisoformat(value) if name in DATE_FIELDS and isinstance(value, str) else value
        for name, value in values.items()
    }


def plain(values: Mapping[str, Any]) -> dict[str, str | None]:
    """Field values as JSON and YAML keep them: dates in ISO form."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


_OF_VERSION = (
    version.c.id.label("shown_version"),
    version.c.articles,
    version.c.passages,
    version.c.sha256,
    version.c.file_name.label("shown_file_name"),
)
_DOCUMENTS = sa.select(document, *_OF_VERSION).join(version, version.c.id == document.c.version_id)
_PASSAGES = sa.select(
    passage.c.id,
    passage.c.document_id,
    passage.c.version_id,
    passage.c.ordinal,
    passage.c.address,
    passage.c.context,
    passage.c.text,
    passage.c.start,
    passage.c.end,
    passage.c.enabled,
)

_VISIBLE = sa.text(
    'SELECT id, document_id, version_id, ordinal, address, context, text, start, "end" FROM passage'
    " WHERE visible AND id IN :ids"
).bindparams(sa.bindparam("ids", expanding=True))


def _document(row: Row) -> Document:
    fields = row._mapping
    return Document(
        id=row.id,
        version_id=row.shown_version,
        card=card_from(fields, row.sureness, row.evidence),
        status=Status(row.status),
        validity=Validity(row.validity),
        series=row.series,
        articles=row.articles,
        passages=row.passages,
        sha256=row.sha256,
        file_name=row.shown_file_name,
        added_at=row.added_at,
        audience=groups_in(row.overrides.get(AUDIENCE_OVERRIDE)),
    )


def _passage(row: Row) -> Passage:
    return Passage(**row._asdict())
