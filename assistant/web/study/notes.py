"""The page of saved passages, and saving, changing, finding and taking them away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from pydantic import BaseModel

from assistant.errors import InvalidExcerpt
from assistant.model import CitedDocument
from assistant.study.excerpt import cited, excerpt
from assistant.study.notes import Note, checked
from assistant.study.outlines import Point, arranged
from assistant.web.export.saved import of_notes
from assistant.web.export.sheet import source_in_words
from assistant.web.site import Site
from assistant.web.study import download

LONGEST_QUERY = 100  # characters


class Chosen(BaseModel, extra="forbid"):
    """Words in a text, by their offsets; what they are is read from the library."""

    document: int
    version: int
    start: int
    end: int


class Saved(Chosen):
    """A passage to keep, with a remark."""

    remark: str = ""


class Change(BaseModel, extra="forbid"):
    """What to change of a note; what is None stays."""

    remark: str | None = None
    deleted: bool | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A note with its document as it is today; `held` while readers can open it, `newest` while its text is the newest."""

    note: Note
    document: CitedDocument
    held: bool
    newest: bool


def routes(site: Site) -> APIRouter:
    """`/notes` and `/api/notes`."""
    router = APIRouter()
    library = site.knowledge_base

    def shown(note: Note) -> Shown:
        document, held = cited(library, note.excerpt)
        newest = held and library.document(document.id).version_id == note.excerpt.version_id
        return Shown(note, document, held, newest)

    def item(note: Note) -> HTMLResponse:
        return site.pages.page("_note.html", shown=shown(note))

    @router.get("/notes")
    def notes(request: Request, containing: str = "") -> HTMLResponse:
        user = site.reader(request)
        found = site.notes.listing(user, containing[:LONGEST_QUERY])
        return site.pages.page(
            "notes.html",
            notes=[shown(note) for note in found],
            outlines=site.outlines.listing(user),
            containing=containing[:LONGEST_QUERY],
            section="notes",
        )

    @router.post("/notes/take")
    def take(
        request: Request,
        note: Annotated[list[str] | None, Form()] = None,
        form: Annotated[download.Wanted, Form()] = "docx",
    ) -> Response:
        """The chosen notes as a file (`form` md or docx) or as a new outline (`form` outline)."""
        user = site.reader(request)
        chosen = site.notes.chosen(user, note or [])
        if not chosen:
            raise InvalidExcerpt("还没有选中笔记，请先勾选要导出的条目。")
        if form == "outline":
            points = [Point(one.excerpt, one.remark) for one in chosen]
            made = site.outlines.add(user, "", arranged(library, points))
            return RedirectResponse(f"/outlines/{made.id}", 303)
        return download.handed(
            of_notes(library, chosen, site.today(), site.pages.places), download.Form(form), site.now()
        )

    @router.post("/api/notes")
    def save(request: Request, saved: Saved) -> dict[str, str]:
        chosen = excerpt(library, saved.document, saved.version, saved.start, saved.end)
        note = site.notes.save(site.reader(request), chosen, checked(saved.remark))
        return {"id": note.id, "address": note.excerpt.address, "quote": note.excerpt.quote}

    @router.post("/api/notes/{note_id}")
    def change(request: Request, note_id: str, change: Change) -> Response:
        user = site.reader(request)
        if change.deleted:
            site.notes.delete(user, note_id)
            return Response(status_code=204)
        note = site.notes.restore(user, note_id) if change.deleted is False else site.notes.get(user, note_id)
        if change.remark is not None:
            note = site.notes.rewrite(user, note_id, change.remark)
        return item(note)

    @router.post("/api/quote")
    def quote(chosen: Chosen) -> PlainTextResponse:
        """The chosen words with their source, to be pasted elsewhere."""
        found = excerpt(library, chosen.document, chosen.version, chosen.start, chosen.end)
        document, _ = cited(library, found)
        source = source_in_words(document, site.pages.places(found.version_id, found.address))
        return PlainTextResponse(f"“{found.quote}”\n——{source}")

    return router
