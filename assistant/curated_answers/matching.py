"""Finds the 教员审定 answer for a question that is close enough to one of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from assistant.answering.draft import Draft
from assistant.answering.question import Question
from assistant.answering.sentences import units
from assistant.curated_answers.answers import CuratedAnswer, CuratedAnswers
from assistant.curated_answers.similarity import NEAR, Calibration, bare, likeness
from assistant.curated_answers.still_valid import Standing, standing
from assistant.model import Curated
from assistant.verification.formulations import Formulation
from knowledge.knowledge_base import KnowledgeBase

LOOKED_AT = 5  # wordings, the nearest ones
LEAD = "教员说明："


@dataclass(frozen=True, slots=True)
class Match:
    """A curated answer that holds, by whose wording it was found, and how sure it is that both ask the same; an `offered` one
    is not sure enough to be the answer."""

    answer: CuratedAnswer
    standing: Standing
    by: Curated
    offered: bool = False

    def into(self, draft: Draft) -> None:
        """Put the trainer's sentence, marked as such, and the quoted sentences into `draft`."""
        if self.answer.lead:
            draft.note(f"{LEAD}{self.answer.lead}")
        for place in self.standing.placed:
            words = place.passage.text[place.start - place.passage.start : place.end - place.passage.start]
            draft.quote(place.passage, place.document, units(words, place.start, labelled=True))


class Reviewed:
    """The curated answers of one library, ready to be asked for. Safe to share between threads."""

    def __init__(
        self,
        curated: CuratedAnswers,
        kb: KnowledgeBase,
        formulations: Callable[[], Iterable[Formulation]] = tuple,
        calibration: Calibration | None = None,
    ) -> None:
        self._curated = curated
        self._kb = kb
        self._formulations = formulations
        self._calibration = calibration or Calibration.load()

    def over(self, library: KnowledgeBase) -> Reviewed:
        """The same answers, of which those hold that quote what `library` shows."""
        return Reviewed(self._curated, library, self._formulations, self._calibration)

    def closest(self, one: Question, asked_as: Callable[[str], Question]) -> Match | None:
        """The answer that holds and whose question is the closest one, if it is close enough to be used or to be `offered`.
        `asked_as` reads one of the stored wordings."""
        wordings = self._curated.wordings(self._kb.encoder)
        if not wordings:
            return None
        words = bare(one.text)
        near = [(float(one.vector @ wording.vector), wording) for wording in wordings]
        near = sorted((pair for pair in near if pair[0] >= NEAR), key=lambda pair: -pair[0])[:LOOKED_AT]
        found: list[tuple[float, int, str]] = []
        for _, wording in near:
            sure = 1.0
            if bare(wording.text) != words:
                like = likeness(one, asked_as(wording.text), self._kb.lexical.idf)
                sure = self._calibration.probability(like) if like else 0.0
            if sure >= min(self._calibration.threshold, self._calibration.offered):
                found.append((sure, wording.curated_id, wording.text))
        for sure, curated_id, question in sorted(found, reverse=True):
            answer = self._curated.get(curated_id)
            stands = standing(answer, self._kb, self._formulations())
            if stands.holds:
                offered = sure < self._calibration.threshold
                return Match(answer, stands, Curated(curated_id, question, round(sure, 3)), offered)
        return None
