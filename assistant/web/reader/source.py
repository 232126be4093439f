"""The source panel: the original behind one citation, marked at the offsets that were stored with the turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answering.editions import published
from assistant.conversations.turns import Turn
from assistant.errors import NotYours
from assistant.model import Citation
from assistant.web.reader.excerpts import Entry, Paragraph, around, contents, paragraphs, place_in
from assistant.web.reader.held import beside, in_force_instead, recognised
from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Document


@dataclass(frozen=True, slots=True)
class SourceView:
    """One citation as the panel shows it. `document` is the catalogue's present entry, None once it was taken out of
    the library; then only the stored quote is shown. `contents` are those of the text that was cited, `here` the entries
    under which the quote stands, `revised` is the edition to set beside this one."""

    citation: Citation
    position: int
    count: int
    previous: int | None
    next: int | None
    document: Document | None
    current: Document | None
    changed: bool
    recognised: str | None = None  # the note of a text that was read from pictures
    revised: Document | None = None
    contents: tuple[Entry, ...] = ()
    here: tuple[Entry, ...] = ()
    before: tuple[Paragraph, ...] = ()
    paragraphs: tuple[Paragraph, ...] = ()
    after: tuple[Paragraph, ...] = ()


def shown_citations(turn: Turn) -> tuple[Citation, ...]:
    """The citations of a turn; for a refusal the nearest passages."""
    if turn.answer is None:
        return ()
    return turn.answer.refusal.nearest if turn.answer.refusal else turn.answer.citations


def look_at(knowledge_base: KnowledgeBase, citations: Sequence[Citation], marker: int) -> SourceView:
    """What to show for `marker`. Raises NotYours when the turn has no such citation."""
    index = next((i for i, citation in enumerate(citations) if citation.marker == marker), None)
    if index is None:
        raise NotYours(f"这条回答没有第 {marker} 条出处，请刷新页面。")
    citation = citations[index]
    document = published(knowledge_base, citation.document.id)
    view = SourceView(
        citation=citation,
        position=index + 1,
        count=len(citations),
        previous=citations[index - 1].marker if index else None,
        next=citations[index + 1].marker if index + 1 < len(citations) else None,
        document=document,
        current=in_force_instead(knowledge_base, document) if document else None,
        changed=document is not None and document.version_id != citation.version_id,
        recognised=recognised(knowledge_base, document, citation.version_id) if document else None,
    )
    return _with_text(knowledge_base, view, document) if document else view


def _with_text(knowledge_base: KnowledgeBase, view: SourceView, document: Document) -> SourceView:
    """`view` with the passage, the quote marked in it, one neighbour on either side, and where it stands."""
    citation = view.citation
    text = knowledge_base.text(citation.version_id)
    outline = knowledge_base.outline(citation.version_id)
    passages = knowledge_base.passages(citation.version_id)
    focus, stretch = around(passages, text, citation.start, citation.end)
    mark = (citation.start, citation.end)
    entries = contents(outline)
    return replace(
        view,
        revised=beside(knowledge_base, document),
        contents=tuple(entries),
        here=place_in(entries, citation.start),
        before=tuple(paragraphs(text, outline, stretch[0], focus[0])),
        paragraphs=tuple(paragraphs(text, outline, *focus, mark)),
        after=tuple(paragraphs(text, outline, focus[1], stretch[1])),
    )
