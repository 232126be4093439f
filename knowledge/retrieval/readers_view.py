"""The library as readers of certain groups see it: what is kept to others is in no list, no search and no text of theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from knowledge.errors import NotInLibrary
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.audience import by_series
from knowledge.model import Document, Passage, Status

#: The groups of a reader; None for who may see everything.
Groups = frozenset[str] | None


class ReadersView(KnowledgeBase):
    """`library` for whoever `groups` names at the moment. It shares all parts of the library and is not to be closed.

    Searches are limited to what these readers may see, so that no place among the best is lost to what they may not.
    """

    def __init__(self, library: KnowledgeBase, groups: Callable[[], Groups]) -> None:
        self.__dict__.update(library.__dict__)
        self._library = library
        self._groups = groups
        self._seen: dict[frozenset[str], tuple[int, tuple[Document, ...]]] = {}

    @property
    def whole(self) -> bool:
        return self._groups() is None or not by_series(self._library.documents())

    def published(self) -> tuple[Document, ...]:
        groups = self._groups()
        every = self._library.published()
        if groups is None:
            return every
        generation = self._library.generation
        kept = self._seen.get(groups)
        if kept is None or kept[0] != generation:
            kept = (generation, tuple(one for one in every if self._sees(one)))
            self._seen = {**self._seen, groups: kept} if len(self._seen) < _KEPT else {groups: kept}
        return kept[1]

    def documents(self, *, status: Status | None = None) -> list[Document]:
        return [one for one in self._library.documents(status=status) if self._sees(one)]

    def document(self, document_id: int) -> Document:
        return self._checked(self._library.document(document_id), document_id)

    def published_version(self, version_id: int) -> Document:
        return self._checked(self._library.published_version(version_id), version_id)

    def document_of_version(self, version_id: int) -> Document:
        return self._checked(self._library.document_of_version(version_id), version_id)

    def get_passages(self, passage_ids: Iterable[int]) -> dict[int, tuple[Passage, Document]]:
        found = self._library.get_passages(passage_ids)
        return {i: (passage, document) for i, (passage, document) in found.items() if self._sees(document)}

    def hides(self, document_id: int) -> bool:
        """Whether a document is there and kept from these readers."""
        try:
            return not self._sees(self._library.document(document_id))
        except NotInLibrary:
            return False

    def close(self) -> None:
        """The library is closed by who opened it."""

    def _sees(self, document: Document) -> bool:
        groups = self._groups()
        if groups is None:
            return True
        audience = document.audience or by_series(self._library.documents()).get(document.series)
        return not audience or bool(audience & groups)

    def _checked(self, document: Document, number: int) -> Document:
        if not self._sees(document):
            raise NotInLibrary(f"库中没有编号为 {number} 的文件。")
        return document


_KEPT = 64  # lists, by groups


def kept_groups(library: KnowledgeBase) -> frozenset[str]:
    """All groups that some document is kept to; empty when everybody may see everything."""
    return frozenset().union(*by_series(library.documents()).values())
