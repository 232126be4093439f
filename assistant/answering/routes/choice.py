"""Which way a question is answered: the first of the routes that fits."""

from __future__ import annotations

from assistant.answering import refusals
from assistant.answering.answerability import Calibration, worth_showing
from assistant.answering.draft import Draft
from assistant.answering.question import Question
from assistant.answering.routes.about_text import about_text
from assistant.answering.routes.article import look_up
from assistant.answering.routes.change import changes
from assistant.answering.routes.composed import Composed
from assistant.answering.routes.courtesy import courtesy
from assistant.answering.routes.passages import from_guides, from_passages, of_a_person
from assistant.answering.routes.requests import requested
from assistant.answering.routes.speech import sections
from assistant.model import Refusal
from assistant.understanding.question import Kind
from assistant.understanding.scope import beyond
from knowledge.metadata.validity import series_key


def compose(question: Question, calibration: Calibration) -> Composed:
    """What is quoted for `question`, or why nothing is."""
    if said := courtesy(question):
        return said
    composed = _composed(question, calibration)
    request = question.understood.request
    return requested(question, composed, request) if request else composed


def _composed(question: Question, calibration: Calibration) -> Composed:
    understood = question.understood
    held = understood.held
    lacking = [one for one in understood.named if not one.documents]
    if outside := beyond(understood, question.scope):
        return _refused(refusals.outside_scope(outside))
    if understood.prediction:
        return _refused(refusals.prediction(worth_showing(question, question.search())))
    if not understood.articles and understood.kind is not Kind.CHANGE and (said := about_text(question)):
        return said
    if lacking and not held:
        if question.names.covers(series_key(lacking[0].title)):
            return from_guides(question, lacking[0], calibration)
        return _refused(refusals.not_in_library(lacking[0].title, question.search(), named=True), 0.05)
    if understood.articles and not held:
        return _refused(refusals.under_specified("请说明是哪一部文件的条文，例如“公务员法第五十九条”。"))
    if understood.personal:
        return of_a_person(question, held, calibration)
    if understood.kind is Kind.ARTICLE:
        return look_up(question, held[0])
    if understood.kind is Kind.CHANGE and held:
        return changes(question, held[0])
    if len(held) == 1 and (said := sections(question, held[0])):
        return said
    return from_passages(question, held, calibration)


def _refused(refusal: Refusal, confidence: float = 0.0) -> Composed:
    return Composed(Draft(), confidence, refusal)
