"""What is wanted of the answer before: its main points, its source in full, a reason, an example."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from assistant.answering import refusals
from assistant.answering.draft import Draft
from assistant.answering.question import Question
from assistant.answering.routes.about_text import purpose
from assistant.answering.routes.composed import Composed
from assistant.answering.sentences import units
from assistant.model import Role
from assistant.understanding.followup import Request

POINTS: Final = 3
NO_REASON: Final = "库中文件没有另外说明为什么这样规定；下面是制定这份文件的目的和规定本身。"
IN_SHORT: Final = "要点摘自前面引用的原文："


def requested(question: Question, composed: Composed, request: Request) -> Composed:
    """`composed`, which answers the question before, as it is wanted now."""
    if request is Request.EXAMPLE:
        return Composed(Draft(), 0.0, refusals.no_example(question.search()))
    if composed.refusal or not composed.draft.citations:
        return composed
    draft = {Request.SUMMARY: _points, Request.SOURCE: _in_full, Request.REASON: _with_purpose}[request](
        question, composed.draft
    )
    return replace(composed, draft=draft, table=None, hits=())


def _points(_question: Question, draft: Draft) -> Draft:
    """The first sentence of each quote."""
    short = Draft()
    short.note(IN_SHORT)
    for citation in draft.citations[:POINTS]:
        first = next(
            one for one in draft.sentences if one.citations == (citation.marker,) and one.role is not Role.LEAD
        )
        short.citations.append(citation)
        short.sentences.append(replace(first, role=Role.ITEM))
    return short


def _in_full(question: Question, draft: Draft) -> Draft:
    """The quoted provisions whole, with their numbers."""
    whole = Draft()
    held = question.kb.get_passages(dict.fromkeys(citation.passage_id for citation in draft.citations))
    for passage, document in held.values():
        whole.quote(passage, document, units(passage.text, passage.start, labelled=True))
    return whole


def _with_purpose(question: Question, draft: Draft) -> Draft:
    """What the text was made for, before what it provides."""
    cited = draft.citations[0]
    document = question.kb.document_of_version(cited.version_id)
    found = purpose(document, question.kb.passages(cited.version_id)) or Draft()
    made = Draft()
    made.note(NO_REASON)
    for part in (found, draft):
        shift = len(made.citations)
        made.citations += [replace(one, marker=one.marker + shift) for one in part.citations]
        moved = (replace(one, citations=tuple(marker + shift for marker in one.citations)) for one in part.sentences)
        made.sentences += moved
    return made
