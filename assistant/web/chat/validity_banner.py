"""The red banner: texts that an answer cites and that are no longer in force, each with a way to what is in force now.

Worked out anew each time a page is shown, because a text may be revised after it was cited.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from assistant.answering.editions import edition_in_words, published
from assistant.answering.notices import about_validity
from assistant.model import Answer, Citation, Notice, NoticeCode
from assistant.web.reader.held import in_force_instead
from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Document
from knowledge.parsing.provisions import Provision, match, provisions

WAYS = 3  # links of one banner


@dataclass(frozen=True, slots=True)
class Way:
    """A link to a provision in force."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class Banner:
    """One sentence of warning, with the ways to what is in force; a `quiet` one warns of nothing, and may offer a `question`
    to ask instead."""

    text: str
    ways: tuple[Way, ...] = ()
    quiet: bool = False
    question: str = ""


class Successors:
    """Finds, for cited provisions, those that stand in the edition in force. Safe to share between threads."""

    def __init__(self, knowledge_base: KnowledgeBase) -> None:
        self._kb = knowledge_base
        self._successor = lru_cache(maxsize=1024)(self._find)
        self._matched = lru_cache(maxsize=16)(self._match)

    def banners(self, answer: Answer) -> tuple[Banner, ...]:
        """The notices of `answer`, and one for every cited text that is not in force now or was taken out."""
        then = {one.document: one for one in answer.notices if one.code is NoticeCode.NOT_IN_FORCE_THEN}
        now = about_validity(answer.citations, self._kb)
        told = [then.get(notice.document, notice) for notice in now]
        others = [
            one for one in answer.notices_of_matter if one.code is not NoticeCode.NOT_IN_FORCE and one not in told
        ]
        return (
            *(Banner(notice.text, quiet=True) for notice in answer.notices_of_writing),
            *(Banner(notice.text, self._ways_from(answer, notice.document)) for notice in told),
            *(_other(notice) for notice in others),
        )

    def _ways_from(self, answer: Answer, document_id: int | None) -> tuple[Way, ...]:
        """From what `answer` cites of a document to what is in force instead, if anything is."""
        held = published(self._kb, document_id) if document_id is not None else None
        current = in_force_instead(self._kb, held) if held else None
        cited = [citation for citation in answer.citations if citation.document.id == document_id]
        return self._ways(cited, current, whole=answer.table is not None) if current else ()

    def _ways(self, citations: list[Citation], current: Document, *, whole: bool) -> tuple[Way, ...]:
        edition = edition_in_words(current.card.edition)
        ways: dict[str, Way] = {}
        for citation in () if whole else citations:
            found = self._successor(citation.version_id, citation.start, current.version_id)
            if found and len(ways) < WAYS:
                label, start, end = found
                address = f"/document/{current.id}?at={start}-{end}#quote"
                ways[label] = Way(f"看现行{edition}{label}", address)
        return tuple(ways.values()) or (Way(f"看现行的{edition or '版本'}", f"/document/{current.id}"),)

    def _find(self, version_id: int, start: int, current_version_id: int) -> tuple[str, int, int] | None:
        """Label and span of the article in force that took the place of the one around `start`, told as 修订对照 tells it."""
        before, after, heirs = self._matched(version_id, current_version_id)
        text, current = self._kb.text(version_id), self._kb.text(current_version_id)
        for place, one in enumerate(before):
            if one.label and _head(text, one) <= start < one.end and place in heirs:
                heir = after[heirs[place]]
                return heir.label, _head(current, heir), heir.end
        return None

    def _match(self, old: int, new: int) -> tuple[list[Provision], list[Provision], dict[int, int]]:
        before, after = (provisions(self._kb.text(one), self._kb.outline(one)) for one in (old, new))
        found = match(before, after)
        return before, after, found.heirs | {i: j for j, i in found.partners.items()}


def _head(text: str, article: Provision) -> int:
    """Where an article begins, with its number."""
    return text.rindex(article.label, 0, article.start)


def _other(notice: Notice) -> Banner:
    if notice.code is NoticeCode.REVIEWED_NEARBY and notice.title:
        return Banner("教员审定过相近的问题：", quiet=True, question=notice.title)
    return Banner(notice.text, quiet=notice.quiet)
