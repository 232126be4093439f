"""The page of a whole document: identity card, table of contents, the text with a quoted place marked."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, Response

from assistant.errors import AssistantError
from assistant.web.excerpts import contents, paragraphs
from assistant.web.site import Site
from assistant.web.source import editions, in_force_instead, published
from knowledge.errors import NotInLibrary
from knowledge.model import Document

_AT = re.compile(r"(\d{1,9})-(\d{1,9})")


def routes(site: Site) -> APIRouter:
    """`/document/{id}?at=start-end&turn=…` and the original file."""
    router = APIRouter(prefix="/document")

    @router.get("/{document_id}")
    def document(request: Request, document_id: int, at: str = "", turn: str = "") -> HTMLResponse:
        """`at` marks a quote; `turn` is the question that the reader came from and may go back to."""
        shown = _open(site, document_id)
        text = site.knowledge_base.text(shown.version_id)
        outline = site.knowledge_base.outline(shown.version_id)
        return site.pages.page(
            "document.html",
            document=shown,
            current=in_force_instead(site.knowledge_base, shown),
            editions=editions(site.knowledge_base, shown),
            contents=contents(outline),
            paragraphs=paragraphs(text, outline, 0, len(text), _mark(at, len(text))),
            back=_back(site, request, turn),
            downloadable=_original(site, shown) is not None,
            section="library",
        )

    @router.get("/{document_id}/original")
    def original(document_id: int) -> Response:
        shown = _open(site, document_id)
        path = _original(site, shown)
        if path is None:
            raise NotInLibrary(f"《{shown.card.title}》没有保存原件，请告诉教员。")
        disposition = f"attachment; filename*=UTF-8''{quote(shown.file_name)}"
        return FileResponse(path, media_type="application/octet-stream", headers={"Content-Disposition": disposition})

    return router


def _open(site: Site, document_id: int) -> Document:
    document = published(site.knowledge_base, document_id)
    if document is None:
        raise NotInLibrary("库中没有这份文件，可能已被撤下；请从文件库中选择。")
    return document


def _original(site: Site, document: Document) -> Path | None:
    path = site.originals / document.sha256 if site.originals else None
    return path if path and path.is_file() else None


def _mark(at: str, length: int) -> tuple[int, int] | None:
    match = _AT.fullmatch(at)
    if match is None:
        return None
    start, end = int(match[1]), int(match[2])
    return (start, end) if start < end <= length else None


def _back(site: Site, request: Request, turn_id: str) -> str | None:
    """The address of the conversation that holds the turn, for its own reader only."""
    if not turn_id:
        return None
    try:
        turn = site.conversations.turn(site.reader(request), turn_id)
    except AssistantError:
        return None
    return f"/c/{turn.conversation_id}#turn-{turn.id}"
