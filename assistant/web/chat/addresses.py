"""Addresses of the chat beside its page: a conversation's bookmark, and the text of an answer to be copied."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, RedirectResponse

from assistant.web.answer_layout import as_text
from assistant.web.reader.places import Places
from assistant.web.site import Site


def routes(site: Site) -> APIRouter:
    """`/c/{id}`, which leads to `/?c={id}`, and `/api/turn/{id}/text`."""
    router = APIRouter()
    places = Places(site.knowledge_base)

    def plainly(version_id: int, address: str) -> str:
        return places(version_id, address).replace(" › ", " ")

    @router.get("/c/{conversation_id}")
    def conversation(request: Request, conversation_id: str) -> RedirectResponse:
        shown = site.conversations.get(site.reader(request), conversation_id)
        return RedirectResponse(f"/?c={shown.id}", 303)

    @router.get("/api/turn/{turn_id}/text")
    def text(request: Request, turn_id: str) -> PlainTextResponse:
        turn = site.conversations.turn(site.reader(request), turn_id)
        return PlainTextResponse(as_text(turn.answer, plainly) if turn.answer else "")

    return router
