"""Documents and texts kept between questions: the list is never older than the last commit, texts never change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from knowledge.metadata.register import Register
from knowledge.model import Document, Passage, Status
from knowledge.parsing.outline import Outline
from knowledge.storage import validity_refresh
from knowledge.storage.catalog import all_documents, outline_of, passages_of, text_of
from knowledge.storage.changes import change
from knowledge.storage.database import Database
from knowledge.storage.database.facts import fact, generation_of, state

_DAY_KEY: Final = "validity_day"
KEPT: Final = 64  # texts, and as many outlines


@dataclass(frozen=True, slots=True)
class Listing:
    """The documents at one generation, by title, then edition; `published` are those that readers may see."""

    generation: int
    documents: tuple[Document, ...]
    published: tuple[Document, ...]
    by_id: Mapping[int, Document]


class Shelf:
    """Follows the commits of all processes, and the days: with the first look on a day every edition is judged anew."""

    def __init__(self, database: Database, register: Register, today: Callable[[], date]) -> None:
        self._database = database
        self._register = register
        self._today = today
        self._day: date | None = None
        self._listing: Listing | None = None
        self.text = lru_cache(maxsize=KEPT)(self._text)
        self.outline = lru_cache(maxsize=KEPT)(self._outline)
        self._of_generation = lru_cache(maxsize=KEPT)(self._passages)

    def now(self) -> Listing:
        """The list after the last commit; costs one small query when nothing has changed."""
        self.keep_up()
        listing = self._listing
        if listing is not None and listing.generation == self._database.generation():
            return listing
        with self._database.read() as connection:
            generation = generation_of(connection)
            listing = self._listing
            if listing is None or listing.generation != generation:
                documents = all_documents(connection)
                published = tuple(item for item in documents if item.status is Status.PUBLISHED)
                listing = Listing(generation, documents, published, {item.id: item for item in documents})
                self._listing = listing
            return listing

    def passages(self, version_id: int) -> tuple[Passage, ...]:
        """All passages of a version in reading order."""
        return self._of_generation(version_id, self._database.generation())

    def keep_up(self) -> None:
        """Judge every edition on today's date, unless this or another process has done so today."""
        today = self._today()
        if self._day == today:
            return
        with self._database.read() as connection:
            stored = fact(connection, _DAY_KEY)
        if stored != today.isoformat():
            self._judge(today)
        self._day = today

    def _judge(self, today: date) -> None:
        with self._database.read() as connection:
            stale = validity_refresh.stale(connection, self._register, today)
        if stale:
            with change(self._database, self._register, today) as changing:
                changing.documents |= validity_refresh.refresh(changing.connection, self._register, today, None)
        with self._database.write() as connection:
            state(connection, _DAY_KEY, today.isoformat())

    def _text(self, version_id: int) -> str:
        with self._database.read() as connection:
            return text_of(connection, version_id)

    def _outline(self, version_id: int) -> Outline:
        with self._database.read() as connection:
            return outline_of(connection, version_id)

    def _passages(self, version_id: int, _generation: int) -> tuple[Passage, ...]:
        with self._database.read() as connection:
            return tuple(passages_of(connection, version_id))
