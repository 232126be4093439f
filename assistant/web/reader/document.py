"""The page of a whole document: identity card, table of contents, the text with a quoted place marked."""

from __future__ import annotations

import re
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, Response

from assistant.errors import AssistantError
from assistant.web.reader.excerpts import Kept, contents, paragraphs, place_in
from assistant.web.reader.held import (
    age,
    beside,
    editions,
    in_force_instead,
    names,
    open_published,
    original_file,
    recognised,
)
from assistant.web.site import Site
from knowledge.errors import NotInLibrary

_AT = re.compile(r"(\d{1,9})-(\d{1,9})")


def routes(site: Site) -> APIRouter:
    """`/document/{id}?at=start-end&turn=…&version=…` and the original file."""
    router = APIRouter(prefix="/document")
    library = site.knowledge_base

    @router.get("/{document_id}")
    def document(
        request: Request, document_id: int, at: str = "", turn: str = "", version: int | None = None
    ) -> HTMLResponse:
        """`at` marks a quote; `turn` is the question that the reader came from and may go back to; `version` is an older
        text, from which something was quoted or saved before the file changed."""
        newest = open_published(library, document_id)
        shown = open_published(library, document_id, version)
        text = library.text(shown.version_id)
        outline = library.outline(shown.version_id)
        mark = _mark(at, len(text))
        entries = contents(outline)
        every = sorted([newest, *editions(library, newest)], key=age)
        return site.pages.page(
            "document.html",
            document=shown,
            outdated=shown.version_id != newest.version_id,
            current=in_force_instead(library, newest),
            recognised=recognised(library, newest, shown.version_id),
            editions=every,
            names=names(every),
            revised=beside(library, newest),
            contents=entries,
            here=place_in(entries, mark[0]) if mark else (),
            mark=mark,
            paragraphs=paragraphs(text, outline, 0, len(text), mark, _kept(site, request, shown.version_id)),
            progress=site.readings.of(site.reader(request), newest),
            back=_back(site, request, turn),
            downloadable=original_file(site.originals, shown) is not None,
            section="library",
        )

    @router.get("/{document_id}/original")
    def original(document_id: int) -> Response:
        shown = open_published(library, document_id)
        path = original_file(site.originals, shown)
        if path is None:
            raise NotInLibrary(f"《{shown.card.title}》没有保存原件，请告诉教员。")
        disposition = f"attachment; filename*=UTF-8''{quote(shown.file_name)}"
        return FileResponse(path, media_type="application/octet-stream", headers={"Content-Disposition": disposition})

    return router


def _mark(at: str, length: int) -> tuple[int, int] | None:
    match = _AT.fullmatch(at)
    if match is None:
        return None
    start, end = int(match[1]), int(match[2])
    return (start, end) if start < end <= length else None


def _kept(site: Site, request: Request, version_id: int) -> list[Kept]:
    """What the reader himself has saved of a text."""
    notes = site.notes.of_version(site.reader(request), version_id)
    return [Kept(one.id, one.excerpt.start, one.excerpt.end, one.remark) for one in notes]


def _back(site: Site, request: Request, turn_id: str) -> str | None:
    """The address of the conversation that holds the turn, for its own reader only."""
    if not turn_id:
        return None
    try:
        turn = site.conversations.turn(site.reader(request), turn_id)
    except AssistantError:
        return None
    return f"/?c={turn.conversation_id}#turn-{turn.id}"
