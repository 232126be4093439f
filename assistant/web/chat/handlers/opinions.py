"""What a reader thinks of an answer: 有用 or 没用 with a reason, and 告诉教员 under a refusal."""

from __future__ import annotations

from typing import Any

import gradio as gr

from assistant.conversations.feedback import Opinion, Reason
from assistant.web.chat.handlers.handling import WrongEvent, field, reader_of, told
from assistant.web.site import Site

Part = dict[str, Any]


class Opinions:
    """Each handler returns the part of the page that it changed: not a conversation is sent again for one vote."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @told
    def vote(self, request: gr.Request, event: gr.EventData) -> Part:
        """A vote, or none any more; the first 没用 asks why, `final` ends the asking."""
        user, turn_id = reader_of(self._site, request), field(event, "turn")
        opinion = _of(Opinion, field(event, "opinion"))
        noted = None
        if opinion is None:
            self._site.feedback.unvote(user, turn_id)
        else:
            reason = _of(Reason, field(event, "reason"))
            noted = self._site.feedback.vote(user, turn_id, opinion, reason, field(event, "comment"))
        if field(event, "final") == "thanks":
            gr.Info("谢谢，教员会看到。", duration=4)
        why = opinion is Opinion.DOWN and not field(event, "final")
        return self._part(turn_id, ".vote", "_vote.html", turn_id=turn_id, vote=noted, asking_why=why)

    @told
    def report(self, request: gr.Request, event: gr.EventData) -> Part:
        """Tell the trainers what the library lacks."""
        user, turn_id = reader_of(self._site, request), field(event, "turn")
        noted = self._site.feedback.report(user, turn_id, "")
        return self._part(turn_id, ".report", "_report.html", report=noted)

    def _part(self, turn: str, where: str, template: str, **values: object) -> Part:
        return {"turn": turn, "where": where, "html": self._site.pages.render(template, **values)}


def _of(kind: Any, value: str) -> Any:
    """The member of an enumeration that an event names; None for "". Raises WrongEvent when there is none."""
    try:
        return kind(value) if value else None
    except ValueError:
        raise WrongEvent("评价没有记下，请刷新页面后再试。") from None
