"""Following an answer while it is made. Leaving the page ends the following, never the answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import gradio as gr

from assistant.conversations.feedback import Opinion
from assistant.conversations.runs import Run, Step
from assistant.conversations.turns import Turn, TurnState
from assistant.web.chat.handlers.handling import Outputs, reader_of, skipped, told
from assistant.web.chat.view import Live, View, composer, seen
from assistant.web.security.access import look_as
from assistant.web.site import Site

BETWEEN_BODIES = 0.12  # seconds; a page is redrawn eight times a second at most, or fifty readers fill the machine
LOOK_AGAIN = 0.5  # seconds
Bridge = dict[str, Any]


class Following:
    """Handlers that run after each event that may have begun an answer."""

    def __init__(self, site: Site, view: View) -> None:
        self._site = site
        self._view = view

    @told
    async def follow(self, bridge: Bridge, request: gr.Request) -> AsyncIterator[Outputs]:
        """Chat, box and bridge as the last answer goes on, then as the database holds them."""
        if not (bridge or {}).get("answering"):
            yield skipped(3)
            return
        user, turn_id = reader_of(self._site, request), str(bridge.get("turn"))
        run = self._site.runs.get(turn_id)  # before the database, so that nothing falls between
        turn = await asyncio.to_thread(self._site.conversations.turn, user, turn_id)  # NotYours for anybody else
        turns = await asyncio.to_thread(self._site.conversations.turns, user, turn.conversation_id)
        if run is not None:
            answering = replace(turn, state=TurnState.ANSWERING)
            before = (await asyncio.to_thread(self._view.messages, user, turns))[: 2 * len(turns) - 1]
            live = Live()
            async for new in steps(run):
                for step in new:
                    live = live.after(step)
                yield [*before, *self._view.reply(answering, None, live)], gr.skip(), gr.skip()
                if live.so_far:
                    await asyncio.sleep(BETWEEN_BODIES)
            turns = await asyncio.to_thread(self._site.conversations.turns, user, turn.conversation_id)
        while run is None and self._site.conversations.shared and turns[-1].state is TurnState.ANSWERING:
            await asyncio.sleep(LOOK_AGAIN)  # another process makes it; when that ends, the turn is marked
            turns = await asyncio.to_thread(self._site.conversations.turns, user, turn.conversation_id)
        look_as(request.request)  # each step of a stream runs by itself
        if turns[-1].state is TurnState.ANSWERING:  # the program is ending, or the outcome could not be kept
            turns[-1] = replace(turns[-1], state=TurnState.INTERRUPTED)
        messages = await asyncio.to_thread(self._view.messages, user, turns)
        yield messages, composer(answering=False), bridge | {"answering": False, "asked": False, "seen": seen(turns)}

    @told
    async def further(self, bridge: Bridge, request: gr.Request) -> Any:
        """The chat with what could be asked next beneath its last answer, once that is worked out."""
        if not (bridge or {}).get("turn"):
            return gr.skip()
        user = reader_of(self._site, request)
        turn = await asyncio.to_thread(self._site.conversations.turn, user, str(bridge["turn"]))
        if turn.state is not TurnState.DONE or self._site.offers.known(turn) is not None:
            return gr.skip()
        future = self._site.offers.begin(user, turn)
        if future is None or not await asyncio.shield(asyncio.wrap_future(future)):
            return gr.skip()
        turns = await asyncio.to_thread(self._site.conversations.turns, user, turn.conversation_id)
        if turns[-1].id != turn.id or turns[-1].state is not TurnState.DONE:
            return gr.skip()
        messages = await asyncio.to_thread(self._view.messages, user, turns)
        asked_why = await asyncio.to_thread(self._is_asked_why, user, turn)  # after, or a vote could fall between
        return gr.skip() if asked_why else messages

    def _is_asked_why(self, user: str, turn: Turn) -> bool:
        """Whether the form for a reason stands beneath `turn`, which drawing the conversation anew would take away
        with what is typed in it. What is offered is kept, and stands there the next time."""
        vote = self._site.feedback.votes_in(user, turn.conversation_id).get(turn.id)
        return vote is not None and vote.opinion is Opinion.DOWN and not (vote.reason or vote.comment)


async def steps(run: Run) -> AsyncIterator[list[Step]]:
    """The steps of a run up to its end: those that have come since one last looked, which are drawn as one."""
    loop = asyncio.get_running_loop()
    news = asyncio.Event()

    def wake() -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody reads any more
            loop.call_soon_threadsafe(news.set)

    leave = run.listen(wake)
    told_so_far = 0
    try:
        while True:
            news.clear()
            pending = run.steps(told_so_far)
            told_so_far += len(pending)
            if any(step.ended for step in pending):
                return  # the end itself is drawn from the database
            if pending:
                yield pending
            await news.wait()
    finally:
        leave()
