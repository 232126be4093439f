"""The list of documents, kept between questions and never older than the last commit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from knowledge.model import Document, Status
from knowledge.storage.catalog import all_documents
from knowledge.storage.database import Database
from knowledge.storage.roster import generation_of


@dataclass(frozen=True, slots=True)
class Listing:
    """The documents at one generation, by title, then edition; `published` are those that readers may see."""

    generation: int
    documents: tuple[Document, ...]
    published: tuple[Document, ...]
    by_id: Mapping[int, Document]


class Shelf:
    """Follows the commits of all processes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._listing: Listing | None = None

    def now(self) -> Listing:
        """The list after the last commit; costs one small query when nothing has changed."""
        with self._database.read() as connection:
            generation = generation_of(connection)
            listing = self._listing
            if listing is None or listing.generation != generation:
                documents = all_documents(connection)
                published = tuple(item for item in documents if item.status is Status.PUBLISHED)
                listing = Listing(generation, documents, published, {item.id: item for item in documents})
                self._listing = listing
            return listing
