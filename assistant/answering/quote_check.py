"""The last gate: a citation whose quote is not the canonical text at its offsets never reaches a reader."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from assistant.model import Citation, Role, Sentence


def verified(
    sentences: Iterable[Sentence],
    citations: Iterable[Citation],
    text_of: Callable[[int], str],
    *,
    generated: bool = False,
) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
    """`sentences` and `citations` that hold against the stored text (`text_of` a version id), order and markers kept.

    A citation holds when its quote is the canonical text at `start:end`; a quoted sentence when one of its citations
    holds and contains its wording. Notes, which quote nothing, pass. Sentences that a model wrote (`generated`) were
    checked against their sources before: they hold when all their citations do.
    """
    sound = {
        citation.marker: citation
        for citation in citations
        if text_of(citation.version_id)[citation.start : citation.end] == citation.quote
    }

    def holds(sentence: Sentence) -> bool:
        if generated:
            return all(marker in sound for marker in sentence.citations)
        return any(marker in sound and sentence.text in sound[marker].quote for marker in sentence.citations)

    kept = tuple(sentence for sentence in sentences if sentence.role is Role.NOTE or holds(sentence))
    used = {marker for sentence in kept for marker in sentence.citations}
    return kept, tuple(citation for marker, citation in sound.items() if marker in used)
