"""范围: what is chosen stands above the box, each with a way to take it off."""

from __future__ import annotations

import gradio as gr

from assistant.web.chat.handlers.handling import Outputs, field, told
from assistant.web.chat.view import FIELDS, View


class Scoping:
    """Handlers of the fields of the 范围; they read nothing of a reader's."""

    def __init__(self, view: View) -> None:
        self._view = view

    @told
    def chosen(self, topic: str, document: str, day: str) -> str:
        """After the reader filled a field."""
        return self._view.chosen(topic or "", document or "", day or "")

    @told
    def take_off(self, topic: str, document: str, day: str, event: gr.EventData) -> Outputs:
        """One of the fields is emptied, or all of them."""
        off = field(event, "name")
        kept = [
            "" if off in (name, "all") else value or ""
            for (name, _), value in zip(FIELDS, (topic, document, day), strict=True)
        ]
        return (*kept, self._view.chosen(*kept))

    @told
    def clear(self) -> Outputs:
        return ("", "", "", self._view.chosen("", "", ""))
