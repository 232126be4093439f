"""The chat page: an empty one at `/`, a conversation at `/c/{id}`."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from assistant.conversations.turns import Turn
from assistant.understanding.question import LONGEST_QUESTION
from assistant.web.chat.conversation_list import rail
from assistant.web.chat.home import welcome
from assistant.web.chat.surroundings import beside
from assistant.web.site import Site


def routes(site: Site) -> APIRouter:
    """Pages of the chat."""
    router = APIRouter()

    @router.get("/")
    def empty(request: Request) -> HTMLResponse:
        return _page(site, site.reader(request), None, "", [])

    @router.get("/c/{conversation_id}")
    def conversation(request: Request, conversation_id: str) -> HTMLResponse:
        user = site.reader(request)
        shown = site.conversations.get(user, conversation_id)
        return _page(site, user, shown.id, shown.title, site.conversations.turns(user, conversation_id))

    return router


def _page(site: Site, user: str, conversation_id: str | None, title: str, turns: list[Turn]) -> HTMLResponse:
    return site.pages.page(
        "chat.html",
        conversation_id=conversation_id,
        title=title,
        turns=turns,
        around=beside(site, user, turns),
        welcome=None if turns else welcome(site, user),
        groups=rail(site, user),
        longest=LONGEST_QUESTION,
        section="chat",
    )
