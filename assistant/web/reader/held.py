"""Documents as readers may see them now: published ones, their other editions, their older texts, their original files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from assistant.answering.editions import edition_in_words, published
from knowledge.errors import NotInLibrary
from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Document, Status, Validity
from knowledge.parsing.loaders.pdf.ocr import RECOGNISED


def open_published(knowledge_base: KnowledgeBase, document_id: int, version_id: int | None = None) -> Document:
    """The document, with the text of `version_id` when that is an older one. Raises NotInLibrary when readers may not see
    the document, or never saw such a version of it."""
    document = published(knowledge_base, document_id)
    if document is not None and version_id not in (None, document.version_id):
        document = knowledge_base.published_version(version_id)
    if document is None or document.id != document_id:
        raise NotInLibrary("库中没有这份文件，可能已被撤下；请从文件库中选择。")
    return document


def in_force_instead(knowledge_base: KnowledgeBase, document: Document) -> Document | None:
    """The edition in force of the same series, when `document` is not it."""
    if document.validity is Validity.IN_FORCE:
        return None
    return next((other for other in editions(knowledge_base, document) if other.validity is Validity.IN_FORCE), None)


def editions(knowledge_base: KnowledgeBase, document: Document) -> list[Document]:
    """The other published documents of the same series, the oldest first."""
    every = knowledge_base.documents(status=Status.PUBLISHED)
    return [other for other in every if other.series == document.series and other.id != document.id]


def beside(knowledge_base: KnowledgeBase, document: Document) -> Document | None:
    """The edition to set beside `document`: the one before it, or the next one for the oldest."""
    every = sorted([document, *editions(knowledge_base, document)], key=age)
    place = every.index(document)
    return every[place - 1] if place else every[1] if len(every) > 1 else None


def recognised(knowledge_base: KnowledgeBase, document: Document, version_id: int) -> str | None:
    """What a reader should know of a text that a program read from pictures: which pages; None for all others."""
    notes = next((one.notes for one in knowledge_base.history(document.id) if one.id == version_id), ())
    return next((note for note in notes if note.startswith(RECOGNISED)), None)


def age(document: Document) -> tuple[str, date, int]:
    """Sort key: the older edition first."""
    card = document.card
    day = card.issued_on or card.effective_on or date.min
    return card.edition or str(day.year), day, document.id


def names(documents: Sequence[Document]) -> dict[int, str]:
    """What to call each of the editions of one text, by id: the year, with the file's name where that is not enough."""
    called = {one.id: edition_in_words(one.card.edition) or one.card.title for one in documents}
    again = {name for name, count in Counter(called.values()).items() if count > 1}
    return {
        one.id: f"{called[one.id]}（{Path(one.file_name).stem}）" if called[one.id] in again else called[one.id]
        for one in documents
    }


def original_file(originals: Path | None, document: Document) -> Path | None:
    """The file as it was brought in; None where it is not kept."""
    path = originals / document.sha256 if originals else None
    return path if path and path.is_file() else None
