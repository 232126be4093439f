"""范围: what a reader limits a question to (a topic, one text with all its editions, a day), and what a question means
inside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.errors import InvalidQuestion
from assistant.understanding.named_documents import Names
from assistant.understanding.question import Kind, Understood, take_apart
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.validity import series_key
from knowledge.model import Document
from knowledge.retrieval.search import Scope


@dataclass(frozen=True, slots=True)
class Within:
    """The documents a question is limited to: those of a topic, and those of one text. None limits nothing."""

    topic: str | None = None
    title: str | None = None

    def __bool__(self) -> bool:
        return bool(self.topic or self.title)


EVERYWHERE = Within()


def checked(within: Within, documents: Sequence[Document]) -> Within:
    """`within` with the title as the library writes it. Raises InvalidQuestion when the library has nothing of it."""
    topic, title = (within.topic or "").strip() or None, (within.title or "").strip().strip("《》") or None
    if topic and all(document.card.topic != topic for document in documents):
        raise InvalidQuestion(f"库中没有“{topic}”这个专题的文件，请重新选择范围。")
    if title:
        named = [document.card.title for document in documents if document.series == series_key(title)]
        if not named:
            raise InvalidQuestion(f"库中没有《{title}》，请从列表中选择文件，或去掉这项范围。")
        title = title if title in named else named[0]
    return Within(topic, title)


def scope_of(within: Within, as_of: date | None, documents: Sequence[Document]) -> Scope:
    """Where to search; `documents` are all published ones. The editions of one text go together."""
    if not within:
        return Scope(as_of=as_of)
    series = {document.series for document in documents if within.topic in (None, document.card.topic)}
    if within.title:
        series &= {series_key(within.title)}
    return Scope(frozenset(document.id for document in documents if document.series in series), as_of)


def understood_within(understood: Understood, scope: Scope, names: Names, kb: KnowledgeBase) -> Understood:
    """`understood` as it is meant inside `scope`: a question that names no document is about the one it is limited to
    (`第五条`), and the editions of a named document have the validity of that day."""
    if scope.documents and not understood.named:
        titles = {kb.document(document_id).card.title for document_id in scope.documents}
        title = next((one for one in titles if names.held(one)), None)
        if title and len({series_key(one) for one in titles}) == 1:
            about_it = take_apart(understood.question, f"《{title}》{understood.standalone}", names)
            if about_it.kind in (Kind.ARTICLE, Kind.CHANGE):  # elsewhere the title would only look like a fitting word
                understood = about_it
    if scope.as_of is None:
        return understood
    then = kb.validities_on(scope.as_of)
    named = tuple(
        replace(one, documents=tuple(replace(edition, validity=then[edition.id]) for edition in one.documents))
        for one in understood.named
    )
    return replace(understood, named=named)


def beyond(understood: Understood, scope: Scope) -> str | None:
    """The title of a document that the question names and the library holds outside of `scope`."""
    if scope.documents is None:
        return None
    outside = (
        one.title
        for one in understood.named
        if one.documents and not any(edition.id in scope.documents for edition in one.documents)
    )
    return next(outside, None)
