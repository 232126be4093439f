"""One path for a question: understand → search → judge answerability → compose → verify → Answer, as a stream of events."""

from __future__ import annotations

import re
import time
from collections.abc import Generator, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from assistant.answering import compare, refusals
from assistant.answering.answerability import Calibration, Known, Signals, Verdict, judge
from assistant.answering.article_lookup import label, look_up, missing_edition
from assistant.answering.draft import Draft
from assistant.answering.editions import asked_for, current, passages_of, two_editions, year_of
from assistant.answering.extract import extract, preferred
from assistant.answering.quote_check import verified
from assistant.answering.requirements import holds, presumed
from assistant.answering.sentence_similarity import Sentences, by_closest_sentence
from assistant.answering.sentences import units
from assistant.curated_answers.similarity import Asked
from assistant.generation.failures import NotWritten
from assistant.generation.written import Written
from assistant.model import Answer, Citation, Curated, Event, Finished, Message, Mode, Progress, Refusal, Said, Table
from assistant.understanding.blocked import BlockedTopics
from assistant.understanding.focus import Focus, focus
from assistant.understanding.followup import says_too_little
from assistant.understanding.named_documents import Named, Names
from assistant.understanding.question import Kind, Understood, understand, without
from assistant.understanding.scope import beyond, understood_within
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register
from knowledge.metadata.validity import series_key
from knowledge.model import GUIDE, Document, Hit, Validity
from knowledge.retrieval.finder import Finder
from knowledge.retrieval.homophones import Homophones, known_terms
from knowledge.retrieval.lexicon import Lexicon
from knowledge.retrieval.search import Ranking, Recorder, Scope, Searcher
from knowledge.retrieval.subject_vectors import SubjectVectors
from knowledge.text.normalise import searchable
from knowledge.text.quantities import to_int

if TYPE_CHECKING:
    from assistant.curated_answers.matching import Reviewed
    from assistant.generation.writer import Writer

CANDIDATES = 10  # passages whose sentences are compared with the question

_WHICH_ARTICLE = re.compile(r"第几条|哪一?条|几条规定")
_HOW_MANY_PARTS = re.compile(
    r"哪?([二三四五六七八九十]{1,2}|[0-9]{1,2})(?:个?(?:条|项|方面|部分|点|大?任务|要求|内容))"
)


@dataclass(frozen=True, slots=True)
class Composed:
    """What one route made of a question: a filled draft, or a refusal."""

    draft: Draft
    confidence: float
    refusal: Refusal | None = None
    notices: tuple[str, ...] = ()
    table: Table | None = None
    verdict: Verdict | None = None
    hits: tuple[Hit, ...] = ()  # what a model may write from besides the draft
    curated: Curated | None = None


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
    ) -> None:
        self._kb = kb
        self._finder = Finder(Searcher(kb), register, lexicon)
        self._register = register
        self._lexicon = lexicon
        self._calibration = calibration or Calibration.load()
        self._writer = writer
        self._blocked = blocked or BlockedTopics()
        self._reviewed = reviewed
        self._names: tuple[int, Names] | None = None
        self._sentences = Sentences(lambda: kb.encoder)
        self._subjects = SubjectVectors(register, lambda: kb.encoder)
        self._homophones = Homophones(known_terms(register, lexicon), kb.lexical.known)

    def answer(
        self, question: str, history: Sequence[Message] = (), *, as_of: date | None = None, mode: Mode | None = None
    ) -> Answer:
        """The whole answer; drains `stream`."""
        for event in self.stream(question, history, as_of=as_of, mode=mode):
            if isinstance(event, Finished):
                return event.answer
        raise AssertionError("the stream ended without an answer")

    def signals(self, question: str, history: Sequence[Message] = (), *, as_of: date | None = None) -> Signals | None:
        """What the judgement of answerability goes by; None when the question is settled before it."""
        names = self._current_names()
        understood = understand(question, history, names, self._correct)
        composed = self._compose(understood, names, Scope(as_of=as_of), _Clock())
        return composed.verdict.signals if composed.verdict else None

    def searched(
        self, question: str, history: Sequence[Message] = (), *, as_of: date | None = None
    ) -> tuple[Understood, tuple[Ranking, ...]]:
        """How a question is understood and every search that composing its answer makes; the plain search where it
        makes none. Raises InvalidQuestion."""
        recorder, scope = Recorder(self._kb), Scope(as_of=as_of)
        names = self._current_names()
        twin = copy(self)
        twin._finder = self._finder.with_searcher(recorder)
        understood = understand(question, history, names, self._correct)
        twin._compose(understood, names, scope, _Clock())
        if not recorder.rankings:
            twin._find(understood.standalone, scope)
        return understood, tuple(recorder.rankings)

    def asked(self, question: str) -> Asked:
        """What a question is compared with others by."""
        return self._asked(understand(question, (), self._current_names(), self._correct))

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
        clock = _Clock()
        scope = replace(scope or Scope(), as_of=as_of)
        names = self._current_names()
        understood = understood_within(
            self._understood(question, history, names, mode),
            scope,
            names,
            self._kb,
            lambda alone: understand(alone, (), names, self._correct),
        )
        yield Progress("理解问题")
        clock.lap("understand")
        yield Progress("检索")
        blocked = self._blocked.refusal(f"{understood.question}\n{understood.standalone}")
        if blocked:
            composed = Composed(Draft(), 0.0, blocked)
        else:
            composed = self._curated(understood, scope) or self._compose(understood, names, scope, clock)
        yield Progress("核对引文")
        sentences, citations = verified(composed.draft.sentences, composed.draft.citations, self._kb.text)
        clock.lap("verify")
        refusal = composed.refusal
        if not refusal and not citations:
            refusal = refusals.no_answer(())
        if refusal and scope.documents is not None and not understood.named:
            refusal = refusals.inside_scope(refusal)
        written = None if refusal else (yield from self._written(understood, composed, citations, mode, reader, clock))
        if isinstance(written, Written):
            sentences, citations = verified(written.sentences, written.citations, self._kb.text, generated=True)
        about_writing = (written.notice,) if written and written.notice else ()
        answer = Answer(
            question=understood.question,
            standalone=understood.standalone,
            mode=Mode.REFUSE if refusal else Mode.GENERATE if isinstance(written, Written) else Mode.EXTRACT,
            sentences=() if refusal else sentences,
            citations=() if refusal else citations,
            confidence=round(composed.confidence, 3),
            refusal=refusal,
            notices=() if refusal else (*about_writing, *composed.notices, *self._outdated(citations, scope.as_of)),
            table=None if refusal else composed.table,
            timings_ms=clock.laps,
            generation=written.generation if written else None,
            curated=None if refusal else composed.curated,
        )
        if written and written.generation.supported:  # what was said while it was written is not said again
            yield Finished(answer)
            return
        told: set[int] = set()
        for sentence in answer.sentences:
            new = tuple(one for one in answer.citations if one.marker in sentence.citations and one.marker not in told)
            told.update(one.marker for one in new)
            yield Said(sentence, new)
        yield Finished(answer)

    def _understood(self, question: str, history: Sequence[Message], names: Names, mode: Mode | None) -> Understood:
        """The question taken apart; a follow-up is made standalone by the model where there is one, else by rules."""
        by_rules = understand(question, history, names, self._correct)
        if self._writer is None or mode is Mode.EXTRACT:
            return by_rules
        alone = understand(question, (), names, self._correct)
        if by_rules.standalone == alone.standalone:
            return by_rules
        condensed = self._writer.condense(by_rules.question, history)
        return (
            replace(understand(condensed, (), names, self._correct), question=alone.question) if condensed else by_rules
        )

    def _written(
        self,
        understood: Understood,
        composed: Composed,
        cited: Sequence[Citation],
        mode: Mode | None,
        reader: str,
        clock: _Clock,
    ) -> Generator[Event, None, Written | NotWritten | None]:
        """What a model writes in place of an extract; None when none is asked. Articles and comparisons are quoted."""
        if self._writer is None or mode is Mode.EXTRACT or not composed.hits:
            return None
        yield Progress("撰写回答")
        try:
            return (
                yield from self._writer.answer(
                    understood.standalone,
                    cited,
                    composed.hits,
                    self._kb.text,
                    reader,
                    partial(_meets, understood, "".join(citation.quote for citation in cited)),
                )
            )
        except NotWritten as failed:
            return failed
        finally:
            clock.lap("generate")

    def _curated(self, understood: Understood, scope: Scope) -> Composed | None:
        """The answer that a trainer made for this question, as far as everything published is asked about today."""
        if self._reviewed is None or scope != Scope():
            return None
        found = self._reviewed.closest(lambda: self._asked(understood), self.asked)
        if found is None:
            return None
        draft = Draft()
        found.into(draft)
        return Composed(draft, found.by.closeness, curated=found.by)

    def _asked(self, understood: Understood) -> Asked:
        alone = understood.standalone
        vector = self._sentences.vector(alone)
        return Asked(understood, vector, lambda: [hit.passage.id for hit in self._find(alone, Scope())])

    def _correct(self, text: str) -> str:
        return self._homophones.correct(self._lexicon.correct(text))

    def _compose(self, understood: Understood, names: Names, scope: Scope, clock: _Clock) -> Composed:
        draft = Draft()
        held = [one for one in understood.named if one.documents]
        lacking = [one for one in understood.named if not one.documents]
        if outside := beyond(understood, scope):
            return Composed(draft, 0.0, refusals.outside_scope(outside))
        if understood.prediction:
            return Composed(draft, 0.0, refusals.prediction(self._search(understood, scope, clock)))
        if lacking and not held:
            if names.covers(series_key(lacking[0].title)):
                return self._reported(understood, lacking[0], names, scope, draft, clock)
            hits = self._search(understood, scope, clock)
            return Composed(draft, 0.05, refusals.not_in_library(lacking[0].title, hits, named=True))
        if understood.articles and not held:
            what = "请说明是哪一部文件的条文，例如“公务员法第五十九条”。"
            return Composed(draft, 0.0, refusals.under_specified(what))
        if understood.personal:
            return Composed(draft, 0.0, refusals.personal(self._search(understood, scope, clock)))
        if understood.kind is Kind.ARTICLE:
            return self._article(understood, held[0], draft, clock)
        if understood.kind is Kind.CHANGE and held:
            return self._change(understood, held[0], draft, clock)
        return self._passages(understood, held, names, scope, draft, clock)

    def _article(self, understood: Understood, named: Named, draft: Draft, clock: _Clock) -> Composed:
        found = look_up(understood, named, self._kb, draft)
        clock.lap("compose")
        return Composed(draft, 0.0 if found.refusal else 0.99, found.refusal, found.notices)

    def _reported(
        self, understood: Understood, named: Named, names: Names, scope: Scope, draft: Draft, clock: _Clock
    ) -> Composed:
        """An answer from study guides about a document that the library lacks; they must report the article asked for."""
        hits = self._search(understood, scope, clock)
        if understood.articles:
            wanted = label(understood.articles[0])
            hits = [hit for hit in hits if wanted in hit.passage.text and named.title[-4:] in hit.passage.text]
        if understood.years:
            hits = [
                hit
                for hit in hits
                if understood.years[0] in f"{hit.passage.context}{self._kb.text(hit.passage.version_id)}"
            ]
        if not hits:
            return Composed(draft, 0.05, refusals.not_in_library(named.title, (), named=True))
        composed = self._judged(understood, self._focus(understood, (named,)), hits, names, draft, clock)
        notice = f"库中没有《{named.title}》原文，以下出自学习导读，请以原文为准。"
        return replace(composed, notices=(notice, *composed.notices))

    def _change(self, understood: Understood, named: Named, draft: Draft, clock: _Clock) -> Composed:
        pair = two_editions(named, understood)
        if pair is None:
            wanted = f"{understood.years[0]}年版" if understood.years else "可以对照的另一个版本"
            held = [year_of(document) for document in named.documents]
            return Composed(draft, 0.0, refusals.missing_edition(named.title, wanted, held))
        old, new = pair
        topic = self._focus(understood, (named,))
        subject = _topic_of_change(topic.core)

        def about(document: Document) -> list[Hit]:
            return self._finder.searcher.search(subject, 3, Scope(frozenset({document.id}), any_edition=True))

        table = compare.editions(old, new, self._kb, draft, about if len(subject) >= 2 else None)
        clock.lap("compose")
        return Composed(draft, 0.9, table=table)

    def _passages(
        self, understood: Understood, held: Sequence[Named], names: Names, scope: Scope, draft: Draft, clock: _Clock
    ) -> Composed:
        topic = self._focus(understood, held)
        if not topic.weights or says_too_little(understood.standalone, names):
            what = "请把问题说得具体一些，例如问哪一方面的规定、哪一部文件。"
            return Composed(draft, 0.0, refusals.under_specified(what))
        if held:
            editions = [asked_for(one, understood) if scope.as_of is None else current(one.documents) for one in held]
            if None in editions:
                wanted = held[editions.index(None)]
                return Composed(draft, 0.0, missing_edition(wanted, understood))
            chosen = frozenset(document.id for document in editions if document)
            asked_old = bool(understood.years or understood.older)
            scope = replace(scope, documents=chosen, any_edition=scope.any_edition or asked_old)
        if len(held) == 1 and (whole := self._whole(understood, held[0], draft)):
            clock.lap("compose")
            return whole
        hits = preferred(understood.kind, topic, self._search(understood, scope, clock))
        if not hits:
            return Composed(draft, 0.0, refusals.no_answer(()))
        compared_in = scope if understood.kind is Kind.COMPARISON and len(understood.sides) == 2 else None
        return self._judged(understood, topic, hits, names, draft, clock, compared_in)

    def _judged(
        self,
        understood: Understood,
        topic: Focus,
        hits: Sequence[Hit],
        names: Names,
        draft: Draft,
        clock: _Clock,
        compared_in: Scope | None = None,
    ) -> Composed:
        """Answer from `hits` when they are judged to answer; two sides are set side by side within `compared_in`."""
        asked = understood.standalone
        known = Known(names, self._finder.fits(asked)[1], self._subjects.closest(self._sentences.vector(asked)))
        alike = self._sentences.to(asked)
        verdict = judge(understood, topic, hits, known, alike, self._calibration)
        clock.lap("judge")
        if not verdict.answerable:
            return Composed(draft, verdict.probability, _why(verdict, hits), verdict=verdict)
        table = None
        if compared_in is not None:
            table = self._sides(understood, compared_in, draft)
        else:
            labelled = bool(_WHICH_ARTICLE.search(understood.standalone))
            extract(understood.kind, topic, hits, draft, alike, labelled=labelled)
        clock.lap("compose")
        notices = presumed(understood.standalone, " ".join(citation.quote for citation in draft.citations))
        return Composed(
            draft, verdict.probability, notices=notices, table=table, verdict=verdict, hits=() if table else tuple(hits)
        )

    def _whole(self, understood: Understood, named: Named, draft: Draft) -> Composed | None:
        """The headings of a document whose parts are asked for by their right number (`八项规定是哪八条`)."""
        document = asked_for(named, understood)
        asked = _HOW_MANY_PARTS.search(searchable(understood.standalone))
        count = to_int(asked[1]) if asked else None
        if document is None or count is None or understood.kind is not Kind.LIST:
            return None
        parts = [section for section in self._kb.outline(document.version_id).sections if section.depth == 0]
        numbered = [section for section in parts if section.level == "一"]
        if len(numbered) != count:
            return None
        for section in numbered:
            inside = passages_of(section, self._kb.passages(document.version_id))
            first = units(inside[0].text, inside[0].start)[:1] if inside else []
            draft.quote(inside[0], document, first) if first else None
        return Composed(draft, 0.95)

    def _sides(self, understood: Understood, scope: Scope, draft: Draft) -> Table:
        """Each compared side is searched with the question less the other side, in the document it names if any."""
        sides = []
        for side, other in zip(understood.sides, reversed(understood.sides), strict=True):
            question = without(understood.standalone, other)
            named = [one for one in self._current_names().find(side) if one.documents]
            within = replace(scope, documents=frozenset({current(named[0].documents).id})) if named else scope
            sides.append((side, focus(question, named, self._kb.lexical.idf), self._find(question, within)))
        return compare.notions(sides, draft)

    def _focus(self, understood: Understood, named: Sequence[Named]) -> Focus:
        return focus(understood.standalone, named, self._kb.lexical.idf)

    def _search(self, understood: Understood, scope: Scope, clock: _Clock) -> list[Hit]:
        hits = self._find(understood.standalone, scope)
        clock.lap("search")
        return hits

    def _find(self, question: str, scope: Scope) -> list[Hit]:
        return by_closest_sentence(self._finder.find(question, CANDIDATES, scope), self._sentences.to(question))

    def _outdated(self, citations: Sequence[Citation], as_of: date | None) -> tuple[str, ...]:
        """A sentence for every cited document that is not in force on the day of the question."""
        cited = {citation.document.id: citation.document for citation in citations}
        notices = []
        for document in cited.values():
            if document.validity is Validity.IN_FORCE:
                continue
            series = self._kb.document(document.id).series
            now = current([other for other in self._kb.published() if other.series == series])
            edition = f"（{document.edition}年版）" if document.edition else ""
            if as_of:
                notices.append(
                    f"《{document.title}》{edition}在 {as_of} {document.validity}，库中没有那一天有效的版本。"
                )
                continue
            instead = (
                f"现行的是{year_of(now)}年版。"
                if now.validity is Validity.IN_FORCE and now.id != document.id
                else "库中没有它的现行版本，引用前请核对最新文本。"
            )
            notices.append(f"《{document.title}》{edition}{document.validity}，{instead}")
        return tuple(notices)

    def _current_names(self) -> Names:
        generation = self._kb.generation
        if self._names is None or self._names[0] != generation:
            documents = self._kb.published()
            guides = [self._kb.text(document.version_id) for document in documents if document.card.kind == GUIDE]
            self._names = (generation, Names(documents, self._register, guides))
        return self._names[1]


class _Clock:
    """Milliseconds per stage, in the order the stages were passed."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.laps[stage] = round(self.laps.get(stage, 0.0) + (now - self._last) * 1000, 2)
        self._last = now


def _why(verdict: Verdict, hits: Sequence[Hit]) -> Refusal:
    if verdict.missing:
        return refusals.not_in_library(verdict.missing.title, hits, named=False)
    return refusals.no_answer(hits)


def _topic_of_change(core: str) -> str:
    """What the change is about: `对礼金的规定` of `2018年版和2023年版对礼金的规定有什么变化`."""
    without = re.sub(
        r"(?:19|20)\d{2}年?版?|新旧|前后|两[个版]|版本|修[订改正]|变化|变|不同|区别|差别|改动|改|调整|新增|增加|删[除去掉]|新版|旧版|"
        r"和|与|跟|相比|对比|比|较|内容|地方|方面|主要|作|做|条例|条|在|对|关于|上|里|中|后|前|年|版",
        "",
        core,
    )
    return re.sub(r"\s+", "", without)


def _meets(understood: Understood, extract: str, text: str) -> bool:
    """Whether a written text has what was asked for, if the extract in whose place it stands has it."""
    kind, question = understood.kind, understood.standalone
    return holds(kind, question, text) or not holds(kind, question, extract)
