"""The red banner: texts that an answer cites and that are no longer in force, each with a way to what is in force now.

Worked out anew each time a page is shown, because a text may be revised after it was cited.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from assistant.model import Answer, Citation
from assistant.web.answer_layout import edition_in_words
from assistant.web.reader.held import in_force_instead, published
from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Document, Validity
from knowledge.parsing.provisions import Provision, match, provisions

WAYS = 3  # links of one banner


@dataclass(frozen=True, slots=True)
class Way:
    """A link to a provision in force."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class Banner:
    """One sentence of warning, with the ways to what is in force; a `quiet` one warns of nothing."""

    text: str
    ways: tuple[Way, ...] = ()
    quiet: bool = False


class Successors:
    """Finds, for cited provisions, those that stand in the edition in force. Safe to share between threads."""

    def __init__(self, knowledge_base: KnowledgeBase) -> None:
        self._kb = knowledge_base
        self._successor = lru_cache(maxsize=1024)(self._find)
        self._matched = lru_cache(maxsize=16)(self._match)

    def banners(self, answer: Answer) -> tuple[Banner, ...]:
        """The notices of `answer`, and one for every cited text that is not in force now or was taken out."""
        notices = list(answer.notices_of_matter)
        made = [Banner(notice, quiet=True) for notice in answer.notices_of_writing]
        cited: dict[int, list[Citation]] = {}
        for citation in answer.citations:
            cited.setdefault(citation.document.id, []).append(citation)
        for citations in cited.values():
            document = citations[0].document
            named = f"《{document.title}》" + (f"（{edition_in_words(document.edition)}）" if document.edition else "")
            held = published(self._kb, document.id)
            if held is None:
                made.append(Banner(f"{named}已从文件库撤下，引用前请核对最新文本。"))
                continue
            if held.validity is Validity.IN_FORCE:
                continue
            current = in_force_instead(self._kb, held)
            said = next((notice for notice in notices if notice.startswith(named)), None)
            if said:
                notices.remove(said)
            instead = "" if current else "，库中没有它的现行版本，引用前请核对最新文本"
            text = said or f"{named}现为“{held.validity}”{instead}。"
            made.append(Banner(text, self._ways(citations, current, whole=answer.table is not None) if current else ()))
        return (*made, *(Banner(notice) for notice in notices))

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
