"""An answer being put together: sentences taken from passages, and the citations they need."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.sentences import Unit
from assistant.model import Citation, CitedDocument, Role, Sentence
from knowledge.model import Document, Passage


class Draft:
    """Collects quoted sentences in the order they are shown. Markers count from 1 in that order."""

    def __init__(self) -> None:
        self.sentences: list[Sentence] = []
        self.citations: list[Citation] = []

    def lead_with(self, passage: Passage, document: Document, direct: Unit) -> None:
        """Add the sentence that says by itself what was asked."""
        self.quote(passage, document, [direct], direct)

    def quote(
        self, passage: Passage, document: Document, chosen: Sequence[Unit], direct: Unit | None = None
    ) -> tuple[int, ...]:
        """Add `chosen` units of one passage, of which `direct` says by itself what was asked. Units that follow each other
        without a gap share one citation, whose quote spans them. Returns the indexes of the new sentences."""
        first = len(self.sentences)
        run: list[Unit] = []
        for unit in sorted(chosen, key=lambda unit: unit.start):
            if run and passage.text[run[-1].end - passage.start : unit.start - passage.start].strip():
                self._cite(passage, document, run, direct)
                run = []
            run.append(unit)
        if run:
            self._cite(passage, document, run, direct)
        return tuple(range(first, len(self.sentences)))

    def note(self, text: str) -> int:
        """Add a remark of the assistant's own; it carries no citation and says nothing about what a text provides."""
        self.sentences.append(Sentence(text, (), Role.NOTE))
        return len(self.sentences) - 1

    @property
    def length(self) -> int:
        """Characters in the sentences so far."""
        return sum(len(sentence.text) for sentence in self.sentences)

    def _cite(self, passage: Passage, document: Document, run: Sequence[Unit], direct: Unit | None) -> None:
        marker = len(self.citations) + 1
        start, end = run[0].start, run[-1].end
        self.citations.append(cite(passage, document, marker, start, end))
        leads = {unit.lead for unit in run if unit.item}
        for unit in run:
            introduces = not unit.item and leads != {None} and unit.text.endswith(("：", ":"))
            role = Role.DIRECT if unit is direct else Role.ITEM if unit.item else Role.LEAD if introduces else Role.TEXT
            self.sentences.append(Sentence(unit.text, (marker,), role))


def cite(
    passage: Passage, document: Document, marker: int, start: int | None = None, end: int | None = None
) -> Citation:
    """A citation of `passage`, whole or from `start` to `end` (offsets into the canonical text)."""
    start = passage.start if start is None else start
    end = passage.end if end is None else end
    card = document.card
    return Citation(
        marker=marker,
        document=CitedDocument(
            document.id, card.title, card.doc_no, card.issuer, card.edition, document.validity, card.kind
        ),
        version_id=passage.version_id,
        passage_id=passage.id,
        address=passage.address,
        quote=passage.text[start - passage.start : end - passage.start],
        start=start,
        end=end,
    )
