"""The gold places of a case in this library: which passages hold them, and whether a citation or a hit is one of those."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from assistant.model import Citation
from eval.suite import Evidence
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.validity import series_key
from knowledge.model import Hit

Span = tuple[int, int]


class Gold:
    """The gold places of a case, matched against citations and hits by passage: of the right document a wrong passage is
    wrong. The edition of a place counts only where the library holds several editions of that series."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self._kb = kb
        self._documents = kb.published()
        self._held = Counter(document.series for document in self._documents)
        self._spans = lru_cache(maxsize=None)(self._spans_of)
        self._passage = lru_cache(maxsize=None)(self._passage_of)

    def held(self, gold: Evidence) -> bool:
        """Whether the library holds the gold place: its document (the edition, where it names one) with its words."""
        return any(
            series_key(one.card.title) == series_key(gold.document)
            and not (gold.edition and one.card.edition and gold.edition != one.card.edition)
            and self._spans(one.version_id, gold)
            for one in self._documents
        )

    def cited(self, citation: Citation, gold: Evidence) -> bool:
        """Whether `citation` is taken from a passage of the gold place."""
        document = citation.document
        if not self._same_text(document.title, document.edition, gold):
            return False
        return self._overlap(citation.version_id, self._passage(citation), gold)

    def quoted(self, citation: Citation, gold: Evidence) -> bool:
        """Whether `citation` quotes from the gold place; where its wording is given, some of that."""
        if not self.cited(citation, gold):
            return False
        return not gold.quote or self._overlap(citation.version_id, (citation.start, citation.end), gold)

    def found(self, hit: Hit, gold: Evidence) -> bool:
        """Whether the passage of `hit` holds (some of) the gold place."""
        card, passage = hit.document.card, hit.passage
        if not self._same_text(card.title, card.edition, gold):
            return False
        return self._overlap(passage.version_id, (passage.start, passage.end), gold)

    def of_other_edition(self, citation: Citation, gold: Evidence) -> bool:
        """Whether `citation` is taken from the document of the gold place in an edition that is not the gold one."""
        edition = citation.document.edition
        return bool(
            series_key(citation.document.title) == series_key(gold.document)
            and gold.edition
            and edition
            and edition != gold.edition
        )

    def inside(self, citation: Citation, gold: Evidence) -> bool:
        """Whether the quote lies within the very article, paragraph or item that the gold address names."""
        if not self.cited(citation, gold) or gold.address is None:
            return False
        ending = f"/{gold.address}"
        sections = self._kb.outline(citation.version_id).sections
        return any(
            section.start <= citation.start and citation.end <= section.end
            for section in sections
            if f"/{section.path}".endswith(ending)
        )

    def _same_text(self, title: str, edition: str | None, gold: Evidence) -> bool:
        series = series_key(title)
        if series != series_key(gold.document):
            return False
        return not (self._held[series] > 1 and gold.edition and edition and gold.edition != edition)

    def _overlap(self, version_id: int, span: Span, gold: Evidence) -> bool:
        start, end = span
        return any(start < after and first < end for first, after in self._spans(version_id, gold))

    def _spans_of(self, version_id: int, gold: Evidence) -> tuple[Span, ...]:
        """Where the gold place stands in a version; empty when it is not there. The paragraph of an article that the
        outline does not tell apart is the article."""
        text = self._kb.text(version_id)
        if gold.quote:
            start = text.find(gold.quote)
            return ((start, start + len(gold.quote)),) if start >= 0 else ()
        if gold.address is None:
            return ((0, len(text)),)
        sections = [
            (f"/{re.sub('[《》]', '', section.path)}", (section.start, section.end))
            for section in self._kb.outline(version_id).sections
        ]
        whole = re.sub("[《》]", "", gold.address)
        for address in (whole, whole.split("/")[0]):
            if spans := tuple(span for path, span in sections if path.endswith(f"/{address}")):
                return spans
        return ()

    def _passage_of(self, citation: Citation) -> Span:
        """The passage that a citation is taken from; the quote itself where it has been cut anew since."""
        for passage, _ in self._kb.get_passages([citation.passage_id]).values():
            if passage.version_id == citation.version_id and passage.start <= citation.start < passage.end:
                return passage.start, passage.end
        return citation.start, citation.end
