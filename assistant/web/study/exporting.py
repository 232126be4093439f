"""A conversation to take away: the page on which turns are chosen, and the file made of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.answering.editions import published
from assistant.conversations.turns import Turn
from assistant.errors import InvalidExcerpt
from assistant.model import Answer, Citation
from assistant.study.excerpt import from_citation
from assistant.study.outlines import LONGEST_TOPIC, Point, arranged
from assistant.web.export.answers import of_turns
from assistant.web.reader.source import shown_citations
from assistant.web.site import Site
from assistant.web.study import download
from knowledge.knowledge_base import KnowledgeBase


def routes(site: Site) -> APIRouter:
    """`/c/{id}/export`."""
    router = APIRouter(prefix="/c/{conversation_id}/export")

    @router.get("")
    def choose(request: Request, conversation_id: str, turn: str = "") -> HTMLResponse:
        """`turn` is the only one chosen at first; without it all are."""
        user = site.reader(request)
        conversation = site.conversations.get(user, conversation_id)
        turns = site.conversations.turns(user, conversation_id)
        known = {one.id for one in turns}
        return site.pages.page(
            "export.html",
            conversation=conversation,
            turns=turns,
            chosen={turn} if turn in known else known,
            section="chat",
        )

    @router.post("")
    def take(
        request: Request,
        conversation_id: str,
        turn: Annotated[list[str] | None, Form()] = None,
        form: Annotated[download.Wanted, Form()] = "docx",
    ) -> Response:
        """The chosen turns as a file (`form` md or docx) or their quotes as a new outline (`form` outline)."""
        user = site.reader(request)
        conversation = site.conversations.get(user, conversation_id)
        chosen = [one for one in site.conversations.turns(user, conversation_id) if one.id in (turn or [])]
        if not chosen:
            raise InvalidExcerpt("还没有选中问答，请先勾选要导出的问答。")
        if form == "outline":
            points = _points(chosen)
            if not points:
                raise InvalidExcerpt("选中的问答没有引用原文，不能做成提纲；请另选有出处的问答。")
            made = site.outlines.add(user, conversation.title[:LONGEST_TOPIC], arranged(site.knowledge_base, points))
            return RedirectResponse(f"/outlines/{made.id}", 303)
        now = [_as_it_stands(site.knowledge_base, one) for one in chosen]
        sheet = of_turns(conversation.title, now, site.today(), warnings, site.pages.places)
        return download.handed(sheet, download.Form(form), site.now())

    def warnings(answer: Answer) -> list[str]:
        return [banner.text for banner in site.successors.banners(answer)]

    return router


def _as_it_stands(knowledge_base: KnowledgeBase, turn: Turn) -> Turn:
    """`turn` with today's 时效 of what its answer cites, unless it was asked for another day."""
    answer = turn.answer
    if answer is None or turn.as_of is not None:
        return turn

    def now(citation: Citation) -> Citation:
        document = published(knowledge_base, citation.document.id)
        validity = document.validity if document else citation.document.validity
        return replace(citation, document=replace(citation.document, validity=validity))

    answer = replace(answer, citations=tuple(now(one) for one in answer.citations))
    if answer.refusal:
        answer = replace(answer, refusal=replace(answer.refusal, nearest=tuple(map(now, answer.refusal.nearest))))
    return replace(turn, answer=answer)


def _points(turns: list[Turn]) -> list[Point]:
    """What the answers quote, each place once."""
    quoted = (from_citation(citation) for turn in turns for citation in shown_citations(turn))
    return [Point(one) for one in {(one.version_id, one.start, one.end): one for one in quoted}.values()]
