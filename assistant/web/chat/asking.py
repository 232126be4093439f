"""Asking: a question goes in, its answer comes back as server-sent events, and can be stopped or made again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, StreamingResponse
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from assistant.conversations.runs import Run, Step
from assistant.conversations.turns import Turn, TurnState
from assistant.understanding.question import taken_in
from assistant.understanding.scope import Within
from assistant.understanding.scope import checked as limits
from assistant.web.answer_layout import as_text
from assistant.web.chat.conversation_list import rail
from assistant.web.chat.surroundings import turn_html
from assistant.web.reader.library import OTHER, shelves
from assistant.web.site import Site

HEARTBEAT_SECONDS = 15.0  # a silent connection is cut by some proxies
BETWEEN_BODIES = 0.12  # seconds; a page is redrawn eight times a second at most, or fifty readers fill the machine


class Question(BaseModel, extra="forbid"):
    """What the browser sends: never a history, which is read from the database. `topic`, `document` (a title) and
    `as_of` are the 范围."""

    question: str
    conversation: str | None = None
    topic: str | None = None
    document: str | None = None
    as_of: date | None = None


class Asked(BaseModel):
    """The turn that was opened, with its part of the page and the list at the side."""

    conversation: str
    turn: str
    title: str
    html: str
    rail: str


def routes(site: Site) -> APIRouter:
    """Ask, choose a scope, follow, stop, ask again, copy."""
    router = APIRouter(prefix="/api")

    @router.post("/ask")
    def ask(request: Request, asked: Question) -> Asked:
        user = site.reader(request)
        question = taken_in(asked.question)
        within = limits(Within(asked.topic, asked.document), site.knowledge_base.published())
        site.runs.check_room()
        turn = site.conversations.ask(user, question, asked.conversation, as_of=asked.as_of, within=within)
        site.runs.start(user, turn)
        return _asked(site, user, turn)

    @router.get("/scope")
    def scope() -> HTMLResponse:
        documents = site.knowledge_base.published()
        topics = [shelf.topic for shelf in shelves(documents) if shelf.topic != OTHER]
        titles = sorted({document.series: document.card.title for document in documents}.values())
        return site.pages.page("_scope.html", topics=topics, titles=titles)

    @router.post("/turn/{turn_id}/again")
    def again(request: Request, turn_id: str) -> Asked:
        user = site.reader(request)
        site.runs.check_room()
        turn = site.conversations.ask_again(user, turn_id)
        site.runs.start(user, turn)
        return _asked(site, user, turn)

    @router.post("/turn/{turn_id}/stop", status_code=204)
    def stop(request: Request, turn_id: str) -> None:
        site.conversations.turn(site.reader(request), turn_id)
        site.runs.stop(turn_id)

    @router.get("/turn/{turn_id}/text")
    def text(request: Request, turn_id: str) -> PlainTextResponse:
        turn = site.conversations.turn(site.reader(request), turn_id)
        return PlainTextResponse(as_text(turn.answer) if turn.answer else "")

    @router.get("/turn/{turn_id}/events")
    async def events(request: Request, turn_id: str) -> StreamingResponse:
        user = site.reader(request)
        run = site.runs.get(turn_id)
        await run_in_threadpool(site.conversations.turn, user, turn_id)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(_events(site, user, turn_id, run), media_type="text/event-stream", headers=headers)

    return router


def _asked(site: Site, user: str, turn: Turn) -> Asked:
    conversation = site.conversations.get(user, turn.conversation_id)
    groups = rail(site, user)
    return Asked(
        conversation=conversation.id,
        turn=turn.id,
        title=conversation.title,
        html=turn_html(site, user, turn),
        rail=site.pages.render("_rail.html", groups=groups, conversation_id=conversation.id, containing=""),
    )


async def _events(site: Site, user: str, turn_id: str, run: Run | None) -> AsyncIterator[str]:
    """`stage` and `body` as the run goes on, then one `done` with the turn as the database holds it."""
    if run is not None:
        async for step in _steps(run):
            if step is None:
                yield ": still here\n\n"
            elif step.stage:
                yield _event("stage", {"stage": step.stage})
            elif step.answer:
                yield _event(
                    "body", {"html": site.pages.render("_answer.html", turn=run.turn, answer=step.answer, live=True)}
                )
                await asyncio.sleep(BETWEEN_BODIES)
    turn = await run_in_threadpool(site.conversations.turn, user, turn_id)
    if turn.state is TurnState.ANSWERING:  # the program is ending, or the outcome could not be kept
        turn = replace(turn, state=TurnState.INTERRUPTED)
    html = await run_in_threadpool(turn_html, site, user, turn)
    yield _event("done", {"state": str(turn.state), "html": html})


async def _steps(run: Run) -> AsyncIterator[Step | None]:
    """The steps of a run up to its end, without answers that a later one outdates; None now and then while nothing
    happens."""
    loop = asyncio.get_running_loop()
    news = asyncio.Event()

    def wake() -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody reads any more
            loop.call_soon_threadsafe(news.set)

    leave = run.listen(wake)
    seen = 0
    try:
        while True:
            news.clear()
            pending = run.steps(seen)
            seen += len(pending)
            latest = next((step for step in reversed(pending) if step.answer), None)
            for step in pending:
                if step.ended:
                    return
                if step.answer is None or step is latest:
                    yield step
            try:
                await asyncio.wait_for(news.wait(), HEARTBEAT_SECONDS)
            except TimeoutError:
                yield None
    finally:
        leave()


def _event(name: str, data: dict[str, str]) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
