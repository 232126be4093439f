"""What changed in a new edition, article by article, with a few items on just that; offered to those who knew the old one."""

from __future__ import annotations

from functools import lru_cache

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from assistant.study.lessons import FEWEST, Lesson, items_of, lesson
from assistant.study.self_test import Mode
from assistant.web.reader.held import age, editions, names, open_published
from assistant.web.reader.revisions import CLASS, lines
from assistant.web.site import Site
from knowledge.errors import NotInLibrary
from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Document, Validity
from knowledge.parsing.comparison import Change

KEPT = 8  # lessons in memory


def routes(site: Site) -> APIRouter:
    """`/study/changes/{id}`, where the id is that of the new edition."""
    router = APIRouter(prefix="/study/changes/{document_id}")
    library = site.knowledge_base

    @lru_cache(maxsize=KEPT)
    def made(old_version: int, new_version: int) -> Lesson:
        return lesson(library, library.published_version(old_version), library.published_version(new_version))

    def lesson_of(document_id: int) -> Lesson:
        new = open_published(library, document_id)
        old = edition_before(library, new)
        if old is None:
            raise NotInLibrary(f"《{new.card.title}》没有更早的版本，没有改动可学。")
        return made(old.version_id, new.version_id)

    @router.get("")
    def show(request: Request, document_id: int) -> HTMLResponse:
        found = lesson_of(document_id)
        rows = [
            (pair, CLASS[pair.change], tuple(lines(pair.old_words)), tuple(lines(pair.new_words)))
            for pair in found.pairs
        ]
        return site.pages.page(
            "changes.html",
            lesson=found,
            rows=rows,
            names=names([found.old, found.new]),
            counts=[(one, found.count(one)) for one in (Change.CHANGED, Change.ADDED, Change.DELETED)],
            items=len(items_of(site.bank, found)),
            fewest=FEWEST,
            seen=document_id in site.lessons.seen(site.reader(request)),
            section="study",
        )

    @router.post("/test")
    def test(request: Request, document_id: int) -> RedirectResponse:
        """A practice of the items on what changed."""
        found = lesson_of(document_id)
        chosen = [one.id for one in items_of(site.bank, found)]
        title = f"《{found.new.card.title}》改了什么"
        begun = site.tests.begin(site.reader(request), Mode.PRACTICE, title, chosen)
        return RedirectResponse(f"/study/tests/{begun.id}", 303)

    @router.post("/seen")
    def see(request: Request, document_id: int) -> RedirectResponse:
        site.lessons.see(site.reader(request), open_published(library, document_id).id)
        return RedirectResponse("/study", 303)

    return router


def edition_before(library: KnowledgeBase, new: Document) -> Document | None:
    """The published edition right before `new`; None for the first."""
    older = [one for one in editions(library, new) if age(one) < age(new)]
    return max(older, key=age) if older else None


def offered(site: Site, user: str) -> list[Document]:
    """Editions in force whose forerunners the reader read or was tested on, and whose lesson he has not seen."""
    known, seen = site.lessons.known(user), site.lessons.seen(user)
    by_series = {one.series: one for one in site.knowledge_base.published() if one.id in known}
    return [
        one
        for one in site.knowledge_base.published()
        if one.validity is Validity.IN_FORCE
        and one.id not in seen
        and one.series in by_series
        and any(other.id in known and age(other) < age(one) for other in editions(site.knowledge_base, one))
    ]
