"""The usual way: the best passages are searched, judged, and their sentences chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from assistant.answering import compare, notices, refusals
from assistant.answering.answerability import Calibration, Verdict, holds, judge, presumed, worth_showing
from assistant.answering.draft import Draft
from assistant.answering.editions import asked_for, current
from assistant.answering.extract import extract, preferred
from assistant.answering.question import Question
from assistant.answering.routes import speech
from assistant.answering.routes.article import missing_edition
from assistant.answering.routes.composed import Composed
from assistant.answering.routes.further import further, in_parts
from assistant.answering.routes.headings import headings
from assistant.answering.routes.possible import OF_A_PERSON, REMARK, possible
from assistant.answering.routes.precedence import newer_rule, rules_first
from assistant.model import Notice, Refusal, Table
from assistant.understanding.focus import Focus, focus
from assistant.understanding.followup import says_too_little
from assistant.understanding.named_documents import Named, is_speech
from assistant.understanding.places import is_carried, place_asked_for, place_of
from assistant.understanding.question import Kind, without
from knowledge.model import Hit
from knowledge.retrieval.search import Scope

#: What lies outside of the field by its sound is not so when a passage is so close (cosine): an office's own rule on its canteen.
CLOSE: Final = 0.8


def from_passages(question: Question, held: Sequence[Named], calibration: Calibration) -> Composed:
    """An answer from the whole scope, or from the documents that the question names and the library has (`held`)."""
    understood, scope = question.understood, question.scope
    topic = question.focus(held)
    if not topic.weights or says_too_little(question.text, question.names):
        what = "请把问题说得具体一些，例如问哪一方面的规定、哪一部文件。"
        return Composed(Draft(), 0.0, refusals.under_specified(what))
    if held:
        editions = [asked_for(one, understood) if scope.as_of is None else current(one.documents) for one in held]
        if None in editions:
            return Composed(Draft(), 0.0, missing_edition(held[editions.index(None)], understood))
        chosen = frozenset(document.id for document in editions if document)
        asked_old = bool(understood.years or understood.older)
        scope = replace(scope, documents=chosen, any_edition=scope.any_edition or asked_old)
    if len(held) == 1 and (whole := headings(question, held[0])):
        return whole
    hits = preferred(understood.kind, topic, question.search(scope))
    if not hits:
        return Composed(Draft(), 0.0, refusals.no_answer(()))
    if not held and _is_outside(question, hits):
        return Composed(Draft(), 0.0, refusals.outside_field())
    if not held and (place := _place_without_rules(question, hits[0])):
        return Composed(Draft(), 0.05, refusals.place_not_in_library(place, hits))
    compared_in = scope if understood.kind is Kind.COMPARISON and len(understood.sides) == 2 else None
    return _judged(question, topic, hits, calibration, compared_in, everywhere=not held)


def _is_outside(question: Question, hits: Sequence[Hit]) -> bool:
    """Whether the question lies outside of the field and nothing that was found is close to it."""
    return question.resources.outside(question.text) and max(hit.dense for hit in hits) < CLOSE


def _place_without_rules(question: Question, best: Hit) -> str | None:
    """The place that the question asks about, when the library speaks of it nowhere and `best` is a rule of another place."""
    place = place_asked_for(question.text)
    if place is None or place_of(best.document) in (None, place) or is_carried(place, question.kb):
        return None
    return place


def of_a_person(question: Question, held: Sequence[Named], calibration: Calibration) -> Composed:
    """The provisions that may apply where somebody asks how his own case will end; who decides it is said before them."""
    hits = question.search()
    topic = question.focus(held)
    verdict = judge(question, topic, hits, calibration) if hits and topic.weights else None
    if verdict is None or not verdict.near:
        return Composed(Draft(), 0.0, refusals.personal(worth_showing(question, hits)))
    return possible(question, rules_first(hits), verdict, OF_A_PERSON)


def from_guides(question: Question, named: Named, calibration: Calibration) -> Composed:
    """An answer from study guides about a document that the library lacks; they must report the article asked for."""
    understood = question.understood
    hits = question.search()
    if understood.articles:
        wanted = str(understood.articles[0])
        hits = [hit for hit in hits if wanted in hit.passage.text and named.title[-4:] in hit.passage.text]
    if understood.years:
        year = understood.years[0]
        hits = [hit for hit in hits if year in f"{hit.passage.context}{question.kb.text(hit.passage.version_id)}"]
    if not hits:
        return Composed(Draft(), 0.05, refusals.not_in_library(named.title, (), named=True))
    composed = _judged(question, question.focus((named,)), hits, calibration)
    return replace(composed, notices=(notices.from_guides(named.title), *composed.notices))


def _judged(
    question: Question,
    topic: Focus,
    hits: Sequence[Hit],
    calibration: Calibration,
    compared_in: Scope | None = None,
    *,
    everywhere: bool = False,
) -> Composed:
    """Answer from `hits` when they are judged to answer; two sides are set side by side within `compared_in`. Of texts that
    the question does not name (`everywhere`) a rule leads, a newer or higher one before the other; a speech that it does name
    is told by its points."""
    draft = Draft()
    told: tuple[Notice, ...] = ()
    verdict = judge(question, topic, hits, calibration)
    question.clock.lap("judge")
    if everywhere:
        hits, told = _in_order(question, topic, hits)
    spoken = bool(question.understood.held) and is_speech(hits[0].document.card.kind, hits[0].document.card.title)
    if not verdict.answerable:
        near = verdict.near and not _better_elsewhere(question)
        if near and spoken:
            draft.note(REMARK)
            speech.tell(question, topic, hits, draft, sure=False)
            return Composed(draft, verdict.probability, verdict=verdict, possible=True)
        if near and (answered := in_parts(question, calibration)):
            return answered
        if near:
            return possible(question, hits, verdict)
        return Composed(draft, verdict.probability, _why(verdict, worth_showing(question, hits)), verdict=verdict)
    table = None
    if compared_in is not None:
        table = _sides(question, compared_in, draft)
    elif spoken:
        speech.tell(question, topic, hits, draft, sure=True)
    else:
        asked = question.understood.kind, question.text
        extract(question, topic, hits, draft, both=bool(told), holds=partial(holds, *asked))
        further(question, draft, calibration)
    told = (*told, *presumed(question.text, " ".join(citation.quote for citation in draft.citations)))
    return Composed(
        draft, verdict.probability, notices=told, table=table, verdict=verdict, hits=() if table else tuple(hits)
    )


def _better_elsewhere(question: Question) -> bool:
    """Whether the best passage of the library stands outside of where the reader looks: that is said, not what is nearest there."""
    within = question.scope.documents
    if within is None:
        return False
    best = question.search_for(question.text, replace(question.scope, documents=None))[:1]
    return any(hit.document.id not in within for hit in best)


def _in_order(question: Question, topic: Focus, hits: Sequence[Hit]) -> tuple[list[Hit], tuple[Notice, ...]]:
    """`hits` with the text in front that leads, and what is to be said about it."""
    ordered = rules_first(hits)
    led = newer_rule(question, topic, ordered)
    if led is None:
        return ordered, ()
    rest = [hit for hit in ordered if hit.passage.id != led.first.passage.id]
    return [led.first, *rest], (notices.newer_rule(led.first.document, led.before.document),)


def _sides(question: Question, scope: Scope, draft: Draft) -> Table:
    """Each compared side is searched with the question less the other side, in the document it names if any."""
    sides = []
    names = question.understood.sides
    for side, other in zip(names, reversed(names), strict=True):
        about = without(question.text, other)
        named = [one for one in question.names.find(side) if one.documents]
        within = replace(scope, documents=frozenset({current(named[0].documents).id})) if named else scope
        sides.append((side, focus(about, named, question.kb.lexical.idf), question.search_for(about, within)))
    return compare.notions(sides, question.units, draft)


def _why(verdict: Verdict, hits: Sequence[Hit]) -> Refusal:
    if verdict.missing:
        return refusals.not_in_library(verdict.missing.title, hits, named=False)
    return refusals.no_answer(hits)
