"""One path for a question: understand → search → read → compose → verify → Answer, as a stream of events."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from copy import copy
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from assistant.answering import notices, refusals
from assistant.answering.answerability import Calibration, Signals, holds
from assistant.answering.draft import Draft
from assistant.answering.question import Clock, Question, Resources
from assistant.answering.quote_check import verified
from assistant.answering.routes import Composed, compose
from assistant.answering.sentence_similarity import Sentences
from assistant.generation.failures import NotWritten
from assistant.generation.written import Written
from assistant.model import Answer, Citation, Event, Finished, Message, Mode, Notice, Progress, Refusal, Said, Sentence
from assistant.understanding.blocked import BlockedTopics
from assistant.understanding.followup import request_of
from assistant.understanding.named_documents import Names, parts_of
from assistant.understanding.outside_field import OutsideField
from assistant.understanding.own_topic import FollowUps
from assistant.understanding.question import Understood, by_rules, take_apart, taken_in
from assistant.understanding.scope import understood_within
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register
from knowledge.model import GUIDE, Hit
from knowledge.retrieval.finder import Finder
from knowledge.retrieval.homophones import Homophones, known_terms
from knowledge.retrieval.lexicon import Lexicon
from knowledge.retrieval.search import Ranking, Recorder, Scope, Searcher
from knowledge.retrieval.situation_index import SituationIndex
from knowledge.retrieval.subject_vectors import SubjectVectors

if TYPE_CHECKING:
    from assistant.curated_answers.matching import Reviewed
    from assistant.generation.writer import Writer


class Answerer:
    """Answers questions from one knowledge base. Safe to share between threads."""

    def __init__(
        self,
        kb: KnowledgeBase,
        register: Register,
        lexicon: Lexicon,
        calibration: Calibration | None = None,
        *,
        writer: Writer | None = None,
        blocked: BlockedTopics | None = None,
        reviewed: Reviewed | None = None,
        sentences: Sentences | None = None,
        situations: SituationIndex | None = None,
    ) -> None:
        """`sentences` keeps what was encoded before; answerers of one encoder may share it."""
        self._kb = kb
        self._situations = situations
        self._register = register
        self._lexicon = lexicon
        self._calibration = calibration or Calibration.load()
        self._writer = writer
        self._blocked = blocked or BlockedTopics()
        self._reviewed = reviewed
        self._names: tuple[int, Names] | None = None
        self._homophones = Homophones(known_terms(register, lexicon), kb.lexical.known)
        sentences = sentences or Sentences(lambda: kb.encoder)
        searcher = Searcher(kb, lambda question: kb.adapted(sentences.vector(question)), situations)
        self._resources = Resources(
            kb,
            Finder(searcher, register, lexicon),
            sentences,
            SubjectVectors(register, lambda: kb.encoder),
            OutsideField(sentences.vector, lambda: kb.encoder.name),
        )
        self.follow_ups = FollowUps(self.searcher, sentences.between, lambda: kb.encoder.name)

    def answer(
        self, question: str, history: Sequence[Message] = (), *, as_of: date | None = None, mode: Mode | None = None
    ) -> Answer:
        """The whole answer; drains `stream`."""
        for event in self.stream(question, history, as_of=as_of, mode=mode):
            if isinstance(event, Finished):
                return event.answer
        raise AssertionError("the stream ended without an answer")

    def stream(
        self,
        question: str,
        history: Sequence[Message] = (),
        *,
        as_of: date | None = None,
        scope: Scope | None = None,
        mode: Mode | None = None,
        reader: str = "",
    ) -> Iterator[Event]:
        """Events of one answer for `reader`; the last is Finished. `history` is oldest first, `as_of` judges validity on
        that day.
        With a writer its sentences take the place of the extract, unless `mode` is EXTRACT or the writing fails.

        Raises InvalidQuestion before the first event when the question cannot be taken in.
        """
        asked = self._understood(question, history, replace(scope or Scope(), as_of=as_of), mode)
        yield Progress("理解问题")
        asked.clock.lap("understand")
        yield Progress("检索")
        composed = self._blocked_topic(asked) or self._reviewed_or_composed(asked)
        asked.clock.lap("compose")
        yield Progress("核对引文")
        sentences, citations = verified(composed.draft.sentences, composed.draft.citations, self._kb.text)
        asked.clock.lap("verify")
        if refusal := _refusal(asked, composed, citations):
            yield Finished(_refused(asked, composed, refusal))
            return
        written = None
        if self._writer is not None and mode is not Mode.EXTRACT and composed.hits:
            yield Progress("撰写回答")
            written = yield from self._written(self._writer, asked, composed, citations, reader)
        if isinstance(written, Written):
            sentences, citations = verified(written.sentences, written.citations, self._kb.text, generated=True)
        answer = self._answer(asked, composed, sentences, citations, written)
        if written is None or not written.generation.supported:  # else it was said while it was written
            yield from _said(answer)
        yield Finished(answer)

    def over(self, library: KnowledgeBase) -> Answerer:
        """The same answerer over another view of its library: what readers of some groups may see."""
        twin = copy(self)
        searcher = self.searcher.over(library)
        twin._kb, twin._names, twin.follow_ups = library, None, self.follow_ups.over(searcher)
        twin._reviewed = self._reviewed.over(library) if self._reviewed else None
        twin._resources = replace(self._resources, kb=library, finder=self._resources.finder.with_searcher(searcher))
        return twin

    @property
    def searcher(self) -> Searcher:
        """What its questions are searched with."""
        return self._resources.finder.searcher

    def signals(self, question: str, history: Sequence[Message] = (), *, as_of: date | None = None) -> Signals | None:
        """What the judgement of answerability goes by; None when the question is settled before it."""
        asked = self._understood(question, history, Scope(as_of=as_of), Mode.EXTRACT)
        composed = compose(asked, self._calibration)
        return composed.verdict.signals if composed.verdict else None

    def searched(
        self, question: str, history: Sequence[Message] = (), *, as_of: date | None = None
    ) -> tuple[Understood, tuple[Ranking, ...]]:
        """How a question is understood and every search that composing its answer makes; the plain search where it
        makes none. Raises InvalidQuestion."""
        recorder = Recorder(self._kb, self._situations)
        twin = copy(self)
        twin._resources = replace(self._resources, finder=self._resources.finder.with_searcher(recorder))
        asked = twin._understood(question, history, Scope(as_of=as_of), Mode.EXTRACT)
        compose(asked, self._calibration)
        if not recorder.rankings:
            asked.search()
        return asked.understood, tuple(recorder.rankings)

    def found(self, question: str, *, as_of: date | None = None) -> list[Hit]:
        """The best passages for `question` alone, best first: what its answer is made from. Raises InvalidQuestion."""
        return self._understood(question, (), Scope(as_of=as_of), Mode.EXTRACT).search()

    def asked(self, question: str) -> Question:
        """`question` alone, of everything published, today: what it is compared with others by. Raises InvalidQuestion."""
        return self._understood(question, (), Scope(), Mode.EXTRACT)

    def _understood(self, question: str, history: Sequence[Message], scope: Scope, mode: Mode | None) -> Question:
        clock, names, asked = Clock(), self.names, taken_in(question)
        standalone, added = self._standalone(asked, history, names, mode)
        understood = understood_within(take_apart(asked, standalone, names), scope, names, self._kb)
        return Question(replace(understood, added=added), names, scope, self._resources, clock)

    def _standalone(self, asked: str, history: Sequence[Message], names: Names, mode: Mode | None) -> tuple[str, str]:
        """`asked` without its history, made so by the model where there is one, else by rules; and what it adds (`Understood`)."""
        alone = self._correct(asked)
        plain = by_rules(asked, history, names, self._correct, self.follow_ups.goes_on, self._resources.outside)
        if plain == alone or request_of(asked):
            return plain, ""
        condensed = self._writer.condense(asked, history) if self._writer and mode is not Mode.EXTRACT else None
        return (self._correct(taken_in(condensed)), "") if condensed else (plain, alone)

    def _correct(self, text: str) -> str:
        return self._homophones.correct(self._lexicon.correct(text))

    def _blocked_topic(self, asked: Question) -> Composed | None:
        """The reply to a topic that is not answered."""
        refusal = self._blocked.refusal(f"{asked.understood.question}\n{asked.text}")
        return Composed(Draft(), 0.0, refusal) if refusal else None

    def _reviewed_or_composed(self, asked: Question) -> Composed:
        """A trainer's answer to this question, as far as everything published is asked about today; else one that is
        composed, beside which a trainer's answer to a question that is near is offered."""
        reviewed = self._reviewed if asked.scope == Scope() else None
        found = reviewed.closest(asked, self.asked) if reviewed else None
        if found and not found.offered:
            draft = Draft()
            found.into(draft)
            return Composed(draft, found.by.closeness, curated=found.by)
        composed = compose(asked, self._calibration)
        beside = (notices.reviewed_nearby(found.by.question),) if found else ()
        return replace(composed, notices=(*composed.notices, *beside))

    def _written(
        self, writer: Writer, asked: Question, composed: Composed, cited: Sequence[Citation], reader: str
    ) -> Generator[Event, None, Written | NotWritten]:
        """What the model writes in place of an extract. Articles and comparisons are quoted."""
        meets = partial(_meets, asked.understood, "".join(citation.quote for citation in cited))
        try:
            return (yield from writer.answer(asked.text, cited, composed.hits, self._kb.text, reader, meets))
        except NotWritten as failed:
            return failed
        finally:
            asked.clock.lap("generate")

    def _answer(
        self,
        asked: Question,
        composed: Composed,
        sentences: tuple[Sentence, ...],
        citations: tuple[Citation, ...],
        written: Written | NotWritten | None,
    ) -> Answer:
        validity = notices.about_validity(citations, self._kb, asked.scope.as_of)
        return Answer(
            question=asked.understood.question,
            standalone=asked.text,
            mode=_mode(composed, written),
            sentences=sentences,
            citations=citations,
            confidence=round(composed.confidence, 3),
            notices=(*_about_writing(written), *composed.notices, *validity),
            table=composed.table,
            timings_ms=asked.clock.laps,
            generation=written.generation if written else None,
            curated=composed.curated,
        )

    @property
    def names(self) -> Names:
        """What the documents published now are called."""
        generation = self._kb.generation
        if self._names is None or self._names[0] != generation:
            documents = self._kb.published()
            guides = [self._kb.text(document.version_id) for document in documents if document.card.kind == GUIDE]
            self._names = (generation, Names(documents, self._register, guides, parts_of(self._kb, documents)))
        return self._names[1]


def _refusal(asked: Question, composed: Composed, citations: Sequence[Citation]) -> Refusal | None:
    """Why there is no answer; None when there is one."""
    refusal = composed.refusal or (None if citations else refusals.no_answer(()))
    if refusal and asked.scope.documents is not None and not asked.understood.named:
        return refusals.inside_scope(refusal)
    return refusal


def _refused(asked: Question, composed: Composed, refusal: Refusal) -> Answer:
    return Answer(
        question=asked.understood.question,
        standalone=asked.text,
        mode=Mode.REFUSE,
        sentences=(),
        citations=(),
        confidence=round(composed.confidence, 3),
        refusal=refusal,
        notices=notices.beside_refusal(composed.notices),
        timings_ms=asked.clock.laps,
    )


def _mode(composed: Composed, written: Written | NotWritten | None) -> Mode:
    if composed.possible:
        return Mode.POSSIBLE
    return Mode.GENERATE if isinstance(written, Written) else Mode.EXTRACT


def _about_writing(written: Written | NotWritten | None) -> tuple[Notice, ...]:
    if isinstance(written, NotWritten):
        return (notices.not_written(str(written)),)
    return (notices.written_before(),) if written and written.generation.cached else ()


def _said(answer: Answer) -> Iterator[Said]:
    """The sentences of `answer`, each with the citations that it is the first to have."""
    told: set[int] = set()
    for sentence in answer.sentences:
        new = tuple(one for one in answer.citations if one.marker in sentence.citations and one.marker not in told)
        told.update(one.marker for one in new)
        yield Said(sentence, new)


def _meets(understood: Understood, extract: str, text: str) -> bool:
    """Whether a written text has what was asked for, if the extract in whose place it stands has it."""
    kind, question = understood.kind, understood.standalone
    return holds(kind, question, text) or not holds(kind, question, extract)
