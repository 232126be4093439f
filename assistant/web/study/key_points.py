"""要点 of a document on a page of its own, and the 学习卡 to print: nothing but words of the text, each with the way to it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from assistant.study.key_points import Point, Sort, key_points, of_sort
from assistant.web.reader.held import open_published
from assistant.web.site import Site

KEPT = 32  # texts whose points are kept in memory; a text of a version never changes
SHOWN = 40  # points of one sort on the page; the others unfold
#: How many points of each sort have room on a card of one sheet of paper.
ON_CARD = {Sort.HEADING: 12, Sort.DEFINITION: 4, Sort.FIGURE: 8, Sort.DEADLINE: 8}
LONGEST_ON_CARD = 110  # characters
EXPLAINED = {
    Sort.HEADING: "全文的骨架",
    Sort.DEFINITION: "文件自己解释的用语",
    Sort.FIGURE: "比例、金额、人数和年限",
    Sort.DEADLINE: "什么事要在多久以内办",
}


def routes(site: Site) -> APIRouter:
    """`/document/{id}/points` and `/document/{id}/card`."""
    router = APIRouter(prefix="/document/{document_id}")
    library = site.knowledge_base

    @lru_cache(maxsize=KEPT)
    def points_of(version_id: int) -> tuple[Point, ...]:
        return tuple(key_points(library.text(version_id), library.outline(version_id)))

    @router.get("/points")
    def points(document_id: int) -> HTMLResponse:
        document = open_published(library, document_id)
        every = points_of(document.version_id)
        sorts = [(sort, EXPLAINED[sort], of_sort(every, sort)) for sort in Sort]
        return site.pages.page("key_points.html", document=document, sorts=sorts, shown=SHOWN, section="library")

    @router.get("/card")
    def card(document_id: int) -> HTMLResponse:
        document = open_published(library, document_id)
        every = points_of(document.version_id)
        sorts = [(sort, chosen(of_sort(every, sort), ON_CARD[sort])) for sort in Sort]
        return site.pages.page("study_card.html", document=document, sorts=sorts, today=site.today(), section="library")

    return router


def chosen(points: Sequence[Point], count: int) -> list[Point]:
    """At most `count` of the points, evenly over the text; of headings the outermost first, and no sentence too long for a card."""
    fitting = [one for one in points if len(one.words) <= LONGEST_ON_CARD]
    if fitting and fitting[0].sort is Sort.HEADING and len(fitting) > count:
        outermost = min(one.depth for one in fitting)
        fitting = [one for one in fitting if one.depth == outermost]
    if len(fitting) <= count:
        return fitting
    return [fitting[place * len(fitting) // count] for place in range(count)]
