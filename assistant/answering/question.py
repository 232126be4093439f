"""One question on its way to an answer: what it asks, its vector, what is found for it and the sentences of that, each
worked out once."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from assistant.answering.going_on import merged
from assistant.answering.sentence_similarity import Sentences, Vector, by_closest_sentence
from assistant.answering.sentences import Unit, units
from assistant.understanding.focus import Focus, focus
from assistant.understanding.named_documents import Named, Names
from assistant.understanding.outside_field import OutsideField
from assistant.understanding.question import Understood
from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Hit, Passage
from knowledge.retrieval.finder import Finder
from knowledge.retrieval.relevance import by_relevance
from knowledge.retrieval.search import Scope
from knowledge.retrieval.subject_vectors import SubjectVectors

CANDIDATES: Final = 10  # passages whose sentences are compared with the question


@dataclass(frozen=True, slots=True)
class Resources:
    """What all questions to one library are answered with."""

    kb: KnowledgeBase
    finder: Finder
    sentences: Sentences
    subjects: SubjectVectors
    outside: OutsideField


class Clock:
    """Milliseconds per stage, in the order the stages were passed."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.laps[stage] = round(self.laps.get(stage, 0.0) + (now - self._last) * 1000, 2)
        self._last = now


class Question:
    """A question within its scope, for one thread. `names` are those of the library as it is while it is answered."""

    def __init__(self, understood: Understood, names: Names, scope: Scope, resources: Resources, clock: Clock) -> None:
        self.understood = understood
        self.names = names
        self.scope = scope
        self.resources = resources
        self.clock = clock
        self._found: dict[tuple[str, Scope], list[Hit]] = {}
        self._units: dict[tuple[int, bool], list[Unit]] = {}

    @property
    def text(self) -> str:
        """The standalone question."""
        return self.understood.standalone

    @property
    def kb(self) -> KnowledgeBase:
        return self.resources.kb

    @cached_property
    def vector(self) -> Vector:
        """The unit vector of the standalone question as the encoder makes it."""
        return self.resources.sentences.vector(self.text)

    def cosines(self, sentences: Sequence[str]) -> list[float]:
        """How close in meaning each of `sentences` is to the question."""
        return self.resources.sentences.to(self.text)(sentences)

    def focus(self, named: Sequence[Named] = ()) -> Focus:
        """What the question is about, besides the documents it has `named`."""
        return focus(self.text, named, self.kb.lexical.idf)

    def search(self, scope: Scope | None = None) -> list[Hit]:
        """The best passages for the question, best first, within its own scope or a narrower one."""
        where = scope or self.scope
        found = self.search_for(self.text, where)
        if self.understood.added and not self.understood.named:
            found = merged(found, self.search_for(self.understood.added, where), self.understood.added)
        self.clock.lap("search")
        return found

    def search_for(self, text: str, scope: Scope) -> list[Hit]:
        """The best passages for a part of the question, best first."""
        if (text, scope) not in self._found:
            hits = self.resources.finder.find(text, CANDIDATES, scope)
            closest = by_closest_sentence(hits, self.resources.sentences.to(text), self.units)
            self._found[text, scope] = by_relevance(closest, text, self.resources.sentences.tokens)
        return self._found[text, scope]

    def units(self, hit: Hit, *, labelled: bool = False) -> list[Unit]:
        """The sentences and items of what was found; the number of its article is left off unless `labelled`."""
        return self.units_of(hit.passage, labelled=labelled)

    def units_of(self, passage: Passage, *, labelled: bool = False) -> list[Unit]:
        """The same of a passage."""
        key = (passage.id, labelled)
        if key not in self._units:
            self._units[key] = units(passage.text, passage.start, labelled=labelled)
        return self._units[key]
