"""Whether the words that an item rests on still stand in a published text in force, and where."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.study.excerpt import Excerpt, address_of
from knowledge.errors import NotInLibrary
from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Status, Validity


@dataclass(frozen=True, slots=True)
class Standing:
    """`source` at its place in the newest version; `reason` says why it does not hold, "" where it does."""

    source: Excerpt
    reason: str = ""


def standing(kb: KnowledgeBase, source: Excerpt) -> Standing:
    """How `source` stands today. Words that moved with a new version are followed, changed ones are not."""
    try:
        document = kb.document(source.document_id)
    except NotInLibrary:
        return Standing(source, f"《{source.title}》已不在库中")
    if document.status is not Status.PUBLISHED:
        return Standing(source, f"《{source.title}》已撤下")
    if document.audience:  # items are for everybody
        return Standing(source, f"《{source.title}》限定了谁能看，不能用来给所有学员出题")
    if document.validity is not Validity.IN_FORCE:
        return Standing(source, f"《{source.title}》{document.validity}")
    if document.version_id == source.version_id:
        return Standing(source)
    text = kb.text(document.version_id)
    if text.count(source.quote) != 1:
        return Standing(source, f"《{source.title}》有了新文本，原文已改动")
    start = text.index(source.quote)
    end = start + len(source.quote)
    address = address_of(kb.outline(document.version_id), start, end)
    if address != source.address:
        return Standing(source, f"《{source.title}》有了新文本，这段话换了位置（{address or '全文'}）")
    return Standing(Excerpt(document.id, document.version_id, source.title, address, source.quote, start, end))
