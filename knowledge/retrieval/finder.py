"""The search as the chat makes it: the lexicon's rule terms and what the register knows of documents go into it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from knowledge.metadata.register import Entry, Register
from knowledge.metadata.validity import series_key
from knowledge.model import Hit
from knowledge.retrieval.lexicon import Lexicon
from knowledge.retrieval.search import EVERYTHING, Scope, Searcher

#: Per series the known document and how well (0..1) its subjects fit a question.
Fits = Mapping[str, tuple[Entry, float]]


class Finder:
    """Finds passages for questions with `searcher`. Safe to share between threads."""

    def __init__(self, searcher: Searcher, register: Register, lexicon: Lexicon) -> None:
        self.searcher = searcher
        self._register = register
        self._lexicon = lexicon
        # One question asks for its fits two or three times: to search, to judge, per compared side.
        self.fits = lru_cache(maxsize=64)(self._fits)

    def with_searcher(self, searcher: Searcher) -> Finder:
        """The same knowledge of words and documents, searching with `searcher`."""
        return Finder(searcher, self._register, self._lexicon)

    def find(self, question: str, k: int = 10, scope: Scope = EVERYTHING) -> list[Hit]:
        """The `k` best passages, best first."""
        also, fits = self.fits(question)
        return self.searcher.search(question, k, scope, also, {series: fit for series, (_, fit) in fits.items()})

    def _fits(self, question: str) -> tuple[tuple[str, ...], Fits]:
        """Rule terms for the question's everyday words and abbreviations, and how well known documents fit it."""
        also = (*self._lexicon.expand(question), *self._lexicon.full_names(question))
        known = self._register.belongs(question, also)
        return also, {series_key(entry.title): (entry, fit) for entry, fit, _ in known}
