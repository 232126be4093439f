"""One route: the questions offered beneath an answer, once they are worked out."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool

from assistant.conversations.turns import TurnState
from assistant.web.site import Site


def routes(site: Site) -> APIRouter:
    """`GET /api/turn/{id}/further`, which waits for them."""
    router = APIRouter(prefix="/api/turn")

    @router.get("/{turn_id}/further")
    async def offered(request: Request, turn_id: str) -> HTMLResponse:
        user = site.reader(request)
        turn = await run_in_threadpool(site.conversations.turn, user, turn_id)
        questions = site.offers.known(turn)
        if questions is None and turn.state is TurnState.DONE:
            future = site.offers.begin(user, turn)
            questions = await asyncio.shield(asyncio.wrap_future(future)) if future else ()
        return site.pages.page("_further.html", further=questions or ())

    return router
