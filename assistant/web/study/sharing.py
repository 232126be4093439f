"""One answer on a page of its own, to be printed and, when its reader wishes, shown to others of the office."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from assistant.answering.editions import published
from assistant.conversations.sharing import GONE, can_be_shared, share, shared, shared_as, take_back
from assistant.conversations.turns import Turn
from assistant.errors import NotYours
from assistant.web.chat.surroundings import Beside
from assistant.web.site import Site


def routes(site: Site) -> APIRouter:
    """`/turn/{id}/share` for the reader who asked, `/shared/{id}` for the others."""
    router = APIRouter()

    def page(turn: Turn, *, own: bool, address: str | None = None, back: str | None = None) -> HTMLResponse:
        return site.pages.page(
            "shared.html",
            turn=turn,
            beside=Beside(banners=site.successors.banners(turn.answer) if turn.answer else ()),
            own=own,
            sharable=can_be_shared(turn),
            address=address,
            back=back,
            section="chat",
        )

    @router.get("/turn/{turn_id}/share")
    def own(request: Request, turn_id: str) -> HTMLResponse:
        """The answer as others would see it, with what its reader can do about it."""
        user = site.reader(request)
        turn = site.conversations.turn(user, turn_id)
        address = shared_as(site.conversations, user, turn_id)
        where = f"{request.base_url}shared/{address}" if address else None
        back = f"/?c={turn.conversation_id}#turn-{turn.id}"
        return page(turn, own=True, address=where, back=back)

    @router.post("/turn/{turn_id}/share")
    def change(
        request: Request, turn_id: str, do: Annotated[Literal["share", "take-back"], Form()] = "share"
    ) -> RedirectResponse:
        user = site.reader(request)
        if do == "share":
            share(site.conversations, user, turn_id)
        else:
            take_back(site.conversations, user, turn_id)
        return RedirectResponse(f"/turn/{turn_id}/share", 303)

    @router.get("/shared/{share_id}")
    def others(share_id: str) -> HTMLResponse:
        """For everybody who may see all the documents that the answer quotes; for others there is no such page."""
        turn = shared(site.conversations, share_id)
        cited = turn.answer.citations if turn.answer else ()
        if not all(published(site.knowledge_base, one.document.id) for one in cited):
            raise NotYours(GONE)
        return page(turn, own=False)

    return router
