"""Whether a curated answer still holds: every quoted passage is there, unchanged, published and in force."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assistant.answering.editions import edition_in_words
from assistant.curated_answers.answers import CuratedAnswer, Quote
from assistant.errors import InvalidEntry
from assistant.verification.formulations import Formulation, flaws
from knowledge.errors import NotInLibrary
from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Document, Passage, Status, Validity


@dataclass(frozen=True, slots=True)
class Placed:
    """A quote at its place in the document's newest version, at `start:end`."""

    passage: Passage
    document: Document
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Standing:
    """`reasons` say why an answer must be looked at again, a sentence each; without any it is used, with `placed`."""

    placed: tuple[Placed, ...]
    reasons: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.reasons


def standing(answer: CuratedAnswer, kb: KnowledgeBase, formulations: Iterable[Formulation] = ()) -> Standing:
    """How `answer` stands today."""
    placed: list[Placed] = []
    reasons = [f"导语里{flaw}" for flaw in flaws(answer.lead, formulations)]
    for quote in answer.quotes:
        found = _placed(quote, kb)
        if isinstance(found, Placed):
            placed.append(found)
        else:
            reasons.append(found)
    return Standing(tuple(placed), tuple(dict.fromkeys(reasons)))


def quote_at(kb: KnowledgeBase, document_id: int, start: int, end: int) -> Quote:
    """The quote at `start:end` of a document's newest version; it lies within one passage. Raises InvalidEntry."""
    document = kb.document(document_id)
    for passage in kb.passages(document.version_id):
        if passage.start <= start < end <= passage.end:
            text = passage.text[start - passage.start : end - passage.start]
            return Quote(document.id, document.version_id, passage.address, text, start, end)
    raise InvalidEntry(f"《{document.card.title}》里没有 {start} 到 {end} 这一处引文，请重新勾选。")


def find_quote(kb: KnowledgeBase, document_id: int, words: str) -> Quote:
    """The place of `words` in a document, which holds them once, word for word. Raises InvalidEntry."""
    document = kb.document(document_id)
    text, words = kb.text(document.version_id), words.strip()
    count = text.count(words) if words else 0
    if count != 1:
        found = f"出现了 {count} 次，请多引几个字" if count else "没有这句话，请照原文抄写"
        raise InvalidEntry(f"《{document.card.title}》里“{words[:40]}”{found}。")
    start = text.index(words)
    return quote_at(kb, document_id, start, start + len(words))


def _placed(quote: Quote, kb: KnowledgeBase) -> Placed | str:
    """Where the quote stands today, or why it does not."""
    try:
        document = kb.document(quote.document_id)
    except NotInLibrary:
        return f"引用的第 {quote.document_id} 号文件已从库中删去"
    name = f"《{document.card.title}》" + (
        f"（{edition_in_words(document.card.edition)}）" if document.card.edition else ""
    )
    if document.status is not Status.PUBLISHED:
        return f"{name}没有发布"
    if document.validity is not Validity.IN_FORCE:
        return f"{name}{document.validity}"
    same = document.version_id == quote.version_id
    for passage in kb.passages(document.version_id):
        if same and not passage.start <= quote.start < quote.end <= passage.end:
            continue
        if not same and passage.address != quote.address:
            continue
        at = quote.start - passage.start if same else passage.text.find(quote.text)
        if at >= 0 and passage.text[at : at + len(quote.text)] == quote.text:
            if not passage.enabled:
                return f"{name}{quote.address}已被停用"
            start = passage.start + at
            return Placed(passage, document, start, start + len(quote.text))
    return f"{name}{quote.address}的文字已经改动"
