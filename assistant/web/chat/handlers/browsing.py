"""Moving about: opening, finding and arranging conversations, and looking at the original behind a citation."""

from __future__ import annotations

from dataclasses import replace
from secrets import token_hex
from typing import Any

import gradio as gr

from assistant.answering.editions import published
from assistant.errors import AssistantError
from assistant.web.chat.conversation_list import PAGE
from assistant.web.chat.handlers.handling import Outputs, WrongEvent, field, reader_of, shown_in, skipped, told
from assistant.web.chat.view import WHOLE, View, composer, seen
from assistant.web.reader.held import original_file
from assistant.web.reader.library import OTHER, shelves
from assistant.web.reader.source import look_at, shown_citations
from assistant.web.site import Site

UNDO_SECONDS = 8
MOST_LISTED = 5000
LONGEST_READY = 500  # characters


class Browsing:
    """Handlers of the list at the side and of the panel with the original."""

    def __init__(self, site: Site, view: View) -> None:
        self._site = site
        self._view = view

    @told
    def load(self, request: gr.Request) -> Outputs:
        """A whole page, with what can be chosen as 范围."""
        user = reader_of(self._site, request)
        try:
            whole = self._view.whole(user, shown_in(request))
        except AssistantError as error:  # deleted since the page was sent
            whole = self._view.whole(user, None)
            gr.Warning(str(error))
        documents = self._site.knowledge_base.published()
        topics = [shelf.topic for shelf in shelves(documents) if shelf.topic != OTHER]
        titles = sorted({document.series: document.card.title for document in documents}.values())
        if words := _ready(request):
            whole = replace(whole, box=composer(answering=False, value=words))
        if title := self._asked_about(request):
            whole = replace(whole, document=title, chosen=self._view.chosen("", title, ""))
        *most, topic, document, day, chosen = whole.outputs()
        return (
            *most,
            gr.update(choices=[("全部专题", ""), *((one, one) for one in topics)], value=topic),
            gr.update(choices=[("全部文件", ""), *((one, one) for one in titles)], value=document),
            day,
            chosen,
        )

    def _asked_about(self, request: gr.Request) -> str:
        """The title of the document from whose page a new conversation was opened (`/?document=…`); "" for none."""
        number = dict(request.query_params).get("document", "")
        if shown_in(request) or not (number.isdecimal() and len(number) < 10):
            return ""
        document = published(self._site.knowledge_base, int(number))
        return document.card.title if document else ""

    @told
    def open(self, containing: str, request: gr.Request, event: gr.EventData) -> Outputs:
        """Another conversation, or an empty page; the list goes back to where it begins."""
        user = reader_of(self._site, request)
        whole = self._view.whole(user, field(event, "id") or None, containing or "")
        return (*whole.outputs(), gr.update(open=True))

    @told
    def new(self, containing: str, request: gr.Request) -> Outputs:
        """An empty page."""
        whole = self._view.whole(reader_of(self._site, request), None, containing or "")
        return (*whole.outputs(), gr.update(open=True))

    @told
    def look(self, bridge: dict[str, Any], containing: str, request: gr.Request) -> Outputs:
        """Back at the page: what was asked or answered elsewhere meanwhile is shown."""
        user, conversation = reader_of(self._site, request), shown_in(request)
        if not conversation or seen(self._site.conversations.turns(user, conversation)) == (bridge or {}).get("seen"):
            return skipped(WHOLE)
        return self._view.whole(user, conversation, containing or "").outputs()

    @told
    def find(self, containing: str, request: gr.Request) -> str:
        """The list, of those conversations only in which the words stand."""
        return self._view.conversations(reader_of(self._site, request), shown_in(request), containing or "")

    @told
    def arrange(self, containing: str, request: gr.Request, event: gr.EventData) -> str:
        """The list after one of it was renamed or pinned, or with older ones."""
        user, chosen, what = reader_of(self._site, request), field(event, "id"), field(event, "what")
        limit = PAGE
        if what == "rename":
            self._site.conversations.rename(user, chosen, field(event, "title"))
        elif what in ("pin", "unpin"):
            self._site.conversations.pin(user, chosen, what == "pin")
        elif what == "more":
            wanted = field(event, "limit")
            limit = min(int(wanted), MOST_LISTED) if wanted.isdecimal() else PAGE
        else:
            raise WrongEvent("没有这样的操作，请刷新页面后再试。")
        return self._view.conversations(user, shown_in(request), containing or "", limit)

    @told
    def remove(self, containing: str, request: gr.Request, event: gr.EventData) -> Outputs:
        """Delete a conversation or bring it back; the page changes with it when it is the one shown."""
        user, current, chosen = reader_of(self._site, request), shown_in(request), field(event, "id")
        if field(event, "what") == "restore":
            restored = self._site.conversations.restore(user, chosen)
            return self._view.whole(user, restored.id, containing or "").outputs()
        self._site.conversations.delete(user, chosen)
        gr.Info(self._site.pages.render("_undo.html", id=chosen).strip(), duration=UNDO_SECONDS)
        if chosen == current:
            gone = self._site.pages.render("_gone.html")
            return replace(self._view.whole(user, None, containing or ""), head=gone).outputs()
        return (*skipped(4), self._view.conversations(user, current, containing or ""), *skipped(WHOLE - 5))

    @told
    def source(self, request: gr.Request, event: gr.EventData) -> str:
        """The original behind a marker of a turn, for the panel, which the browser opens and closes."""
        turn = self._site.conversations.turn(reader_of(self._site, request), field(event, "turn"))
        marker = field(event, "marker")
        citations = shown_citations(turn)
        shown = look_at(self._site.knowledge_base, citations, int(marker) if marker.isdecimal() else 0)
        there = shown.document is not None and original_file(self._site.originals, shown.document) is not None
        return self._site.pages.render("_source.html", source=shown, turn=turn, downloadable=there, opened=token_hex(4))


def _ready(request: gr.Request) -> str:
    """A question that another page has ready for a new conversation (`/?ask=…`); sending it is the reader's."""
    return "" if shown_in(request) else dict(request.query_params).get("ask", "")[:LONGEST_READY]
