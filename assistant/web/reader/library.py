"""The list of everything the library holds, by topic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from assistant.web.site import Site
from knowledge.model import Document, Status

OTHER = "其他"
FIRST = ("不会", "不敢", "不想")


@dataclass(frozen=True, slots=True)
class Shelf:
    """Documents of one topic, in the order of their titles."""

    topic: str
    documents: tuple[Document, ...]


def routes(site: Site) -> APIRouter:
    """`/library`, or one topic of it with `?topic=不会`."""
    router = APIRouter()

    @router.get("/library")
    def library(topic: str = "") -> HTMLResponse:
        every = shelves(site.knowledge_base.documents(status=Status.PUBLISHED))
        shown = [shelf for shelf in every if topic in ("", shelf.topic)]
        names = [shelf.topic for shelf in every]
        count = sum(len(shelf.documents) for shelf in every)
        return site.pages.page("library.html", shelves=shown, topics=names, topic=topic, count=count, section="library")

    return router


def shelves(documents: Sequence[Document]) -> list[Shelf]:
    """The three topics first, then the others by size; documents without a topic last."""
    by_topic: dict[str, list[Document]] = {}
    for document in documents:
        by_topic.setdefault(document.card.topic or OTHER, []).append(document)
    order = [topic for topic in FIRST if topic in by_topic]
    order += sorted(
        (topic for topic in by_topic if topic not in (*FIRST, OTHER)), key=lambda topic: -len(by_topic[topic])
    )
    order += [OTHER] if OTHER in by_topic else []
    return [Shelf(topic, tuple(by_topic[topic])) for topic in order]
