"""范围: what is chosen stands above the box, each with a way to take it off."""

from __future__ import annotations

import gradio as gr

from assistant.web.chat.handlers.handling import Outputs, field, told
from assistant.web.site import Site

NAMES = ("topic", "document", "day")
LABELS = {"topic": "专题", "document": "文件", "day": "时效日"}


class Scoping:
    """Handlers of the fields of the 范围; they read nothing of a reader's."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @told
    def chosen(self, topic: str, document: str, day: str) -> str:
        values = dict(zip(NAMES, (topic, document, day), strict=True))
        scope = [(name, LABELS[name], value) for name, value in values.items() if value]
        return self._site.pages.render("_chosen.html", scope=scope)

    @told
    def take_off(self, event: gr.EventData) -> Outputs:
        """One of the fields is emptied, or `all` of them."""
        name = field(event, "name")
        return tuple("" if name in (one, "all") else gr.skip() for one in NAMES)

    @told
    def clear(self) -> Outputs:
        return ("",) * len(NAMES)
