"""A passage that a reader chose himself: its words, checked against the canonical text, and where they stand."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.errors import InvalidExcerpt
from assistant.model import Citation, CitedDocument
from knowledge.errors import NotInLibrary
from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Document, Status
from knowledge.parsing.outline import Outline

LONGEST = 4000  # characters


@dataclass(frozen=True, slots=True)
class Excerpt:
    """`quote` equals the canonical text of version `version_id` at `start:end`, whatever becomes of the document."""

    document_id: int
    version_id: int
    title: str
    address: str
    quote: str
    start: int
    end: int


def excerpt(knowledge_base: KnowledgeBase, document_id: int, version_id: int, start: int, end: int) -> Excerpt:
    """The words at `start:end`, without the space around them. Raises InvalidExcerpt where readers cannot have seen them."""
    try:
        document = knowledge_base.document(document_id)
        of_version = knowledge_base.published_version(version_id)
        text = knowledge_base.text(version_id)
    except NotInLibrary as error:
        raise InvalidExcerpt("库中没有这段文字，文件可能已被撤下；请刷新页面。") from error
    if document.status is not Status.PUBLISHED or of_version.id != document_id:
        raise InvalidExcerpt("库中没有这段文字，文件可能已被撤下；请刷新页面。")
    quote = text[start:end] if 0 <= start < end <= len(text) else ""
    start += len(quote) - len(quote.lstrip())
    quote = quote.strip()
    if not quote:
        raise InvalidExcerpt("没有选中文字，请在原文里选中要保存的文字。")
    if len(quote) > LONGEST:
        raise InvalidExcerpt(f"选中了 {len(quote)} 个字，最多 {LONGEST} 个字，请分段保存。")
    end = start + len(quote)
    address = address_of(knowledge_base.outline(version_id), start, end)
    return Excerpt(document_id, version_id, document.card.title, address, quote, start, end)


def from_citation(citation: Citation) -> Excerpt:
    """What an answer quoted, as something that the reader chose."""
    document = citation.document
    return Excerpt(
        document.id,
        citation.version_id,
        document.title,
        citation.address,
        citation.quote,
        citation.start,
        citation.end,
    )


def address_of(outline: Outline, start: int, end: int) -> str:
    """出处 of the words at `start:end`: the innermost section that holds them all, "" where there is none."""
    holding = [section for section in outline.sections if section.start <= start and end <= section.end]
    return max(holding, key=lambda section: section.depth).path if holding else ""


def cited(knowledge_base: KnowledgeBase, chosen: Excerpt) -> tuple[CitedDocument, bool]:
    """The document of an excerpt with its 时效 today, and whether readers can still open it."""
    try:
        document: Document = knowledge_base.document(chosen.document_id)
        held = document.status is Status.PUBLISHED
    except NotInLibrary:
        document, held = knowledge_base.document_of_version(chosen.version_id), False
    card = document.card
    return CitedDocument(document.id, card.title, card.doc_no, card.issuer, card.edition, document.validity), held
