"""Asking: a question goes in and its answer is begun; it is stopped, made again, or its question changed."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import date

import gradio as gr

from assistant.conversations.turns import Turn
from assistant.errors import InvalidQuestion
from assistant.understanding.question import taken_in
from assistant.understanding.scope import Within
from assistant.understanding.scope import checked as limits
from assistant.web.chat.handlers.handling import Outputs, field, reader_of, shown_in, skipped, told
from assistant.web.chat.view import WHOLE, View, Whole, composer, scope_of_turn
from assistant.web.site import Site

_log = logging.getLogger(__name__)


class Asking:
    """Handlers of the composer and of the buttons beneath an answer."""

    def __init__(self, site: Site, view: View) -> None:
        self._site = site
        self._view = view

    @told
    def ask(self, question: str, topic: str, document: str, day: str, containing: str, request: gr.Request) -> Outputs:
        """What was typed."""
        if not (question or "").strip():
            return skipped(WHOLE)
        user = reader_of(self._site, request)
        whole = self._begin(user, question, scope(topic, document, day), shown_in(request), containing)
        return replace(whole, box=composer(answering=True, value="")).outputs()

    @told
    def ask_offered(
        self, topic: str, document: str, day: str, containing: str, request: gr.Request, event: gr.EventData
    ) -> Outputs:
        """A question that was offered; or that of a turn once more, `everywhere` without its 范围."""
        user = reader_of(self._site, request)
        question, within = field(event, "question") or field(event, "value"), scope(topic, document, day)
        if turn_id := field(event, "turn"):
            turn = self._site.conversations.turn(user, turn_id)
            question, within = turn.question, (turn.within, turn.as_of)
            if field(event, "what") == "everywhere":
                within = scope("", "", "")
        return self._begin(user, question, within, shown_in(request), containing).outputs()

    @told
    def again(self, containing: str, request: gr.Request, event: gr.EventData) -> Outputs:
        """The last answer is made anew."""
        user = reader_of(self._site, request)
        self._site.runs.check_room()
        turn = self._site.conversations.ask_again(user, field(event, "turn"))
        return self._started(user, turn, containing).outputs()

    @told
    def edit(self, request: gr.Request, event: gr.EventData) -> Outputs:
        """A question goes back into the box, with its 范围."""
        turn = self._site.conversations.turn(reader_of(self._site, request), field(event, "turn"))
        scope = scope_of_turn(turn)
        return (turn.question, *scope, self._view.chosen(*scope))

    @told
    def stop(self, bridge: dict[str, object], request: gr.Request) -> None:
        """End the answer that is being made, for every page that follows it."""
        turn = self._site.conversations.turn(reader_of(self._site, request), str(bridge.get("turn")))
        self._site.runs.stop(turn.id)

    def _begin(
        self, user: str, question: str, within: tuple[Within, date | None], conversation: str | None, containing: str
    ) -> Whole:
        taken_in(question)  # may refuse it; what is kept is the question as it was typed
        limited = limits(within[0], self._site.knowledge_base.published())
        self._site.runs.check_room()
        turn = self._site.conversations.ask(user, question.strip(), conversation, as_of=within[1], within=limited)
        return self._started(user, turn, containing)

    def _started(self, user: str, turn: Turn, containing: str) -> Whole:
        self._site.runs.start(user, turn)
        _log.info("asked", extra={"fields": {"turn": turn.id}})
        whole = self._view.whole(user, turn.conversation_id, containing or "")
        return replace(whole, bridge=whole.bridge | {"turn": turn.id, "answering": True, "asked": True})


def scope(topic: str, document: str, day: str) -> tuple[Within, date | None]:
    """The 范围 as the page sends it. Raises InvalidQuestion when the day is none."""
    try:
        as_of = date.fromisoformat(day) if day else None
    except (TypeError, ValueError):
        raise InvalidQuestion("日期请写成 2020-01-01 这样。") from None
    return Within((topic or "").strip() or None, (document or "").strip() or None), as_of
