"""The list of everything the library holds, by topic, with the editions of a text together, and the search for words in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from assistant.answering.editions import current
from assistant.web.reader.finding import Found, find
from assistant.web.reader.held import age
from assistant.web.site import Site
from knowledge.model import Document, Status, Validity

OTHER = "其他"
FIRST = ("不会", "不敢", "不想")
LONGEST_QUERY = 100  # characters
MOST_FOUND = 60  # texts


@dataclass(frozen=True, slots=True)
class Text:
    """文件系列: the edition in force, or the newest one, and the others, the newest first."""

    document: Document
    others: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """Documents of one topic, in the order of their titles."""

    topic: str
    documents: tuple[Document, ...]

    @property
    def texts(self) -> tuple[Text, ...]:
        return tuple(grouped(self.documents))


def routes(site: Site) -> APIRouter:
    """`/library`: all of it, or what is on a `topic`, has a `validity`, or holds the words `q`."""
    router = APIRouter()

    @router.get("/library")
    def library(topic: str = "", validity: str = "", q: str = "") -> HTMLResponse:
        held = site.knowledge_base.documents(status=Status.PUBLISHED)
        wanted = q[:LONGEST_QUERY].split()
        limited = [one for one in held if validity in ("", one.validity)]
        limited = [one for one in limited if topic in ("", one.card.topic or OTHER)]
        return site.pages.page(
            "library.html",
            shelves=[] if wanted else shelves(limited),
            found=_found(site, limited, wanted) if wanted else None,
            topics=[shelf.topic for shelf in shelves(held)],
            validities=[one for one in Validity if any(document.validity is one for document in held)],
            topic=topic,
            validity=validity,
            q=" ".join(wanted),
            count=len(held),
            section="library",
        )

    return router


def _found(site: Site, documents: Sequence[Document], wanted: Sequence[str]) -> list[list[Found]]:
    """Where the words stand, by text: its editions together, the one in force first."""
    found = {one.document.id: one for one in find(site.knowledge_base, documents, wanted)}
    series: dict[str, list[Document]] = {}
    for one in found.values():
        series.setdefault(one.document.series, []).append(one.document)
    texts = [text for members in series.values() for text in grouped(members)]
    return [[found[one.id] for one in (text.document, *text.others)] for text in texts][:MOST_FOUND]


def grouped(documents: Sequence[Document]) -> list[Text]:
    """The texts of `documents`, each where the first of its editions stands."""
    series: dict[str, list[Document]] = {}
    for document in documents:
        series.setdefault(document.series, []).append(document)
    made = []
    for members in series.values():
        newest = sorted(members, key=age, reverse=True)
        first = current(newest)
        made.append(Text(first, tuple(one for one in newest if one is not first)))
    return made


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
