"""Which edition of a document is meant, what it is called, whether it may be read, and where its articles stand."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.model import CitedDocument
from assistant.understanding.named_documents import Named, is_speech
from assistant.understanding.question import Understood
from knowledge.errors import NotInLibrary
from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import GUIDE, Document, Passage, Section, Status, Validity
from knowledge.parsing.outline import Outline
from knowledge.text.quantities import article_number


def current(editions: Sequence[Document]) -> Document:
    """The edition in force; the newest one when none is. `editions` are ordered newest first and not empty."""
    in_force = (document for document in editions if document.validity is Validity.IN_FORCE)
    return next(in_force, editions[0])


def asked_for(named: Named, understood: Understood) -> Document | None:
    """The edition that the question means: the year it names, the one before the current one, or the current one.
    None when the library holds no such edition."""
    if understood.years:
        year = understood.years[0]
        return next((document for document in named.documents if year_of(document) == year), None)
    if understood.older:
        now = current(named.documents)
        older = [document for document in named.documents if year_of(document) < year_of(now)]
        return older[0] if older else None
    return current(named.documents)


def two_editions(named: Named, understood: Understood) -> tuple[Document, Document] | None:
    """The (older, newer) editions to set side by side; None when the library holds fewer than two."""
    editions = sorted(named.documents, key=year_of)
    if len(editions) < 2:
        return None
    wanted = [document for document in editions if year_of(document) in understood.years]
    if len(wanted) >= 2:
        return wanted[0], wanted[-1]
    newer = current(named.documents)
    if wanted and wanted[0].id != newer.id:
        return min(wanted[0], newer, key=year_of), max(wanted[0], newer, key=year_of)
    before = [document for document in editions if year_of(document) < year_of(newer)]
    return (before[-1], newer) if before else (editions[-2], editions[-1])


def year_of(document: Document) -> str:
    """The edition's year as four digits, what the edition is called where no year is known, or an empty string; orders
    editions by age."""
    day, edition = document.card.issued_on or document.card.effective_on, document.card.edition or ""
    return edition if edition.isdigit() or not day else str(day.year)


def edition_in_words(edition: str | None) -> str:
    """`2018` → `2018年版`, `试行` as it stands; nothing for a document without editions."""
    return f"{edition}年版" if edition and edition.isdigit() else (edition or "")


def standing_in_words(document: CitedDocument) -> str:
    """What a reader is told of a text's force: its validity, but 讲话 and 学习导读 of what has none."""
    if document.kind == GUIDE:
        return GUIDE
    return "讲话" if is_speech(document.kind, document.title) else str(document.validity)


def is_own_words(kind: str | None, title: str) -> bool:
    """Whether a text is somebody's words, a speech or a study guide: it provides nothing and is not in force."""
    return kind == GUIDE or is_speech(kind, title)


def published(kb: KnowledgeBase, document_id: int) -> Document | None:
    """The document if readers may see it now."""
    try:
        document = kb.document(document_id)
    except NotInLibrary:
        return None
    return document if document.status is Status.PUBLISHED else None


def articles(outline: Outline, part: str = "") -> dict[tuple[int, int], Section]:
    """Number of an article and of its 之一 (0 without) → its section in the main text, or in the text at the address `part`.
    Of a number that occurs twice the first counts."""
    found: dict[tuple[int, int], Section] = {}
    for section in outline.sections:
        inside = section.path.startswith(f"{part}/") if part else "》" not in section.path.split("/")[0]
        if section.level != "条" or not inside:
            continue
        number = article_number(section.label)
        if number is not None:
            found.setdefault(number, section)
    return found


def passages_of(section: Section, passages: Sequence[Passage]) -> list[Passage]:
    """The passages that lie in `section`, in reading order."""
    return [passage for passage in passages if passage.start < section.end and passage.end > section.start]
