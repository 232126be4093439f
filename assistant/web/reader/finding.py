"""Words in the texts of the library, exactly as they are typed: every place, unlike a search by meaning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.web.reader.places import Places
from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Document

SHOWN = 3  # places of one document
AROUND = 40  # characters shown on either side


@dataclass(frozen=True, slots=True)
class Place:
    """The first of the words in a paragraph that has all of them, with what stands around it."""

    start: int
    end: int
    where: str
    before: str
    words: str
    after: str


@dataclass(frozen=True, slots=True)
class Found:
    """A document with the paragraphs in which all words stand: how many, and the first of them."""

    document: Document
    count: int
    places: tuple[Place, ...]


def find(library: KnowledgeBase, documents: Sequence[Document], words: Sequence[str]) -> list[Found]:
    """Those of `documents` in whose title or in one of whose paragraphs all `words` stand, most paragraphs first."""
    places = Places(library)
    wanted = [word.casefold() for word in words]
    made: list[Found] = []
    for document in documents:
        text = library.text(document.version_id)
        spots = list(_spots(text, wanted))
        if spots or all(word in document.card.title.casefold() for word in wanted):
            shown = tuple(_place(library, places, document, text, *spot) for spot in spots[:SHOWN])
            made.append(Found(document, len(spots), shown))
    return sorted(made, key=lambda one: -one.count)


def _spots(text: str, wanted: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where the first word stands in each paragraph that has all of them."""
    folded = text.casefold()
    if len(folded) != len(text):  # a letter that folds to two: offsets would not fit
        folded = text
    if not all(word in folded for word in wanted):
        return
    start = 0
    for line in folded.splitlines(keepends=True):
        if all(word in line for word in wanted):
            at = start + min(line.index(word) for word in wanted)
            word = next(one for one in wanted if folded.startswith(one, at))
            yield at, at + len(word)
        start += len(line)


def _place(library: KnowledgeBase, places: Places, document: Document, text: str, start: int, end: int) -> Place:
    holding = (one.address for one in library.passages(document.version_id) if one.start <= start < one.end)
    opens, closes = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    closes = len(text) if closes < 0 else closes
    before, after = text[max(opens, start - AROUND) : start], text[end : min(closes, end + AROUND)]
    return Place(
        start,
        end,
        places(document.version_id, next(holding, "")),
        ("…" if start - AROUND > opens else "") + before.lstrip(),
        text[start:end],
        after + ("…" if end + AROUND < closes else ""),
    )
