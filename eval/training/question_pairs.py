"""Questions with the passages that answer them: the situations of what a library holds and the dev cases of a suite."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from eval.suite import Case
from eval.training.learn import confirmed_by
from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Document, Validity
from knowledge.retrieval.situation_index import SituationIndex

HELD_OUT = 3  # one document of so many, with all its editions, is never trained on


@dataclass(frozen=True, slots=True)
class Pair:
    """A question with the places in `passages` that answer it; `held_out` when its document is never trained on."""

    question: str
    answers: tuple[int, ...]
    held_out: bool


@dataclass(frozen=True, slots=True)
class Lessons:
    """`passages` are ids, `learnable[i]` whether passage i may stand as a wrong answer while training.

    A passage that is never a right answer must not be a wrong one either: in a trial the held-out documents' passages
    stood as wrong answers, the model learnt to avoid them, and their questions fell from .78 to .35 in the ten best.
    """

    passages: tuple[int, ...]
    documents: tuple[int, ...]
    learnable: tuple[bool, ...]
    pairs: tuple[Pair, ...]


def lessons(kb: KnowledgeBase, situations: SituationIndex, cases: Sequence[Case]) -> Lessons:
    """What can be learnt from the documents in force of `kb`."""
    documents = {one.id: one for one in kb.published() if one.validity is Validity.IN_FORCE}
    held = [passage for one in documents.values() for passage in kb.passages(one.version_id) if passage.enabled]
    places = {passage.id: place for place, passage in enumerate(held)}
    said: dict[str, list[int]] = {}
    for passage_id, several in situations.of_passages(places).items():
        for situation in several:
            said.setdefault(situation, []).append(places[passage_id])
    for one in confirmed_by(cases, kb):
        if answers := [places[i] for i in one.passages if i in places]:
            said.setdefault(one.question, answers)
    pairs = tuple(
        Pair(question, tuple(answers), held_out(documents[held[answers[0]].document_id]))
        for question, answers in said.items()
    )
    answered = {held[place].document_id for pair in pairs for place in pair.answers}
    return Lessons(
        tuple(passage.id for passage in held),
        tuple(passage.document_id for passage in held),
        tuple(passage.document_id in answered and not held_out(documents[passage.document_id]) for passage in held),
        pairs,
    )


def held_out(document: Document) -> bool:
    """Whether nothing of this document is trained on, so that what is measured on it was never seen."""
    return zlib.crc32(f"8{document.series}".encode()) % HELD_OUT == 0
