"""The page on which a reader arranges an outline: headings, quoted points, his own thoughts; kept as he goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, Field

from assistant.model import CitedDocument
from assistant.study.excerpt import Excerpt, cited, excerpt
from assistant.study.outlines import LONGEST_TOPIC, MOST_POINTS, Heading, Outlines, Point, StudyOutline
from assistant.web.export.saved import of_outline
from assistant.web.site import Site
from assistant.web.study import download
from knowledge.retrieval.search import Searcher

SUGGESTIONS = 8
LONGEST_QUERY = 200  # characters


@dataclass(frozen=True, slots=True)
class Placed:
    """A point with its document as it is today; `held` while readers can open it."""

    point: Point
    document: CitedDocument
    held: bool


class PlacedPoint(BaseModel, extra="forbid"):
    """A point as the page sends it: where its words are, not what they are."""

    document: int
    version: int
    start: int
    end: int
    thought: str = ""


class PlacedHeading(BaseModel, extra="forbid"):
    """A heading with its points."""

    words: str
    points: list[PlacedPoint] = Field(max_length=MOST_POINTS)


class Arrangement(BaseModel, extra="forbid"):
    """A whole outline as the page sends it."""

    topic: str
    headings: list[PlacedHeading] = Field(max_length=MOST_POINTS)


class Removal(BaseModel, extra="forbid"):
    """Whether an outline is taken out of the list."""

    deleted: bool


def routes(site: Site) -> APIRouter:
    """`/outlines/{id}`, its files, and `/api/outlines/{id}`."""
    router = APIRouter()
    library = site.knowledge_base
    searcher = Searcher(library)

    def with_source(point: Point) -> Placed:
        return Placed(point, *cited(library, point.excerpt))

    @router.post("/outlines")
    def begin(request: Request, topic: Annotated[str, Form()] = "") -> RedirectResponse:
        made = site.outlines.add(site.reader(request), topic, [Heading("", ())])
        return RedirectResponse(f"/outlines/{made.id}", 303)

    @router.get("/outlines/{outline_id}")
    def arrange(request: Request, outline_id: str) -> HTMLResponse:
        user = site.reader(request)
        outline = site.outlines.get(user, outline_id)
        held = {_place(one.excerpt) for one in _points(outline)}
        saved = [Point(note.excerpt, note.remark) for note in site.notes.listing(user)]
        return site.pages.page(
            "outline.html",
            outline=outline,
            parts=[(heading.words, [with_source(point) for point in heading.points]) for heading in outline.headings],
            notes=[with_source(point) for point in saved if _place(point.excerpt) not in held],
            longest=LONGEST_TOPIC,
            section="notes",
        )

    @router.get("/outlines/{outline_id}/{form}")
    def take(request: Request, outline_id: str, form: download.Form) -> Response:
        outline = site.outlines.get(site.reader(request), outline_id)
        return download.handed(of_outline(library, outline, site.today(), site.pages.places), form, site.now())

    @router.post("/api/outlines/{outline_id}", status_code=204)
    def keep(request: Request, outline_id: str, wanted: Arrangement) -> None:
        user = site.reader(request)
        held = {_place(one.excerpt): one.excerpt for one in _points(site.outlines.get(user, outline_id))}
        headings = []
        for heading in wanted.headings:
            points = []
            for one in heading.points:
                place = (one.document, one.version, one.start, one.end)
                points.append(Point(held.get(place) or excerpt(library, *place), one.thought.strip()))
            headings.append(Heading(heading.words.strip(), tuple(points)))
        site.outlines.change(user, outline_id, wanted.topic, headings)

    @router.post("/api/outlines/{outline_id}/state", status_code=204)
    def remove(request: Request, outline_id: str, wanted: Removal) -> None:
        outlines: Outlines = site.outlines
        (outlines.delete if wanted.deleted else outlines.restore)(site.reader(request), outline_id)

    @router.get("/api/outlines/{outline_id}/found")
    def found(request: Request, outline_id: str, about: str) -> HTMLResponse:
        """Passages on a topic that are not in the outline yet."""
        outline = site.outlines.get(site.reader(request), outline_id)
        held = {_place(one.excerpt)[1:] for one in _points(outline)}
        hits = searcher.search(about[:LONGEST_QUERY], SUGGESTIONS) if about.strip() else []
        places = [(hit.document.id, hit.passage.version_id, hit.passage.start, hit.passage.end) for hit in hits]
        chosen = [Point(excerpt(library, *place)) for place in places if place[1:] not in held]
        return site.pages.page("_points.html", points=[with_source(point) for point in chosen])

    return router


def _points(outline: StudyOutline) -> list[Point]:
    return [point for heading in outline.headings for point in heading.points]


def _place(chosen: Excerpt) -> tuple[int, int, int, int]:
    return chosen.document_id, chosen.version_id, chosen.start, chosen.end
