"""The search as the chat makes it: the lexicon's rule terms and what the register knows of documents go into it."""

from __future__ import annotations

from collections.abc import Mapping

from knowledge.knowledge_base import KnowledgeBase
from knowledge.lexicon import Lexicon
from knowledge.model import Hit
from knowledge.register import Entry
from knowledge.search import EVERYTHING, Scope, Searcher
from knowledge.validity import series_key

#: Per series the known document and how well (0..1) its subjects fit a question.
Fits = Mapping[str, tuple[Entry, float]]


class Finder:
    """Finds passages for questions in one knowledge base. Safe to share between threads."""

    def __init__(self, kb: KnowledgeBase, lexicon: Lexicon) -> None:
        self._searcher = Searcher(kb)
        self._register = kb.register
        self._lexicon = lexicon

    def fits(self, question: str) -> tuple[tuple[str, ...], Fits]:
        """Rule terms for the question's everyday words, and how well known documents fit it."""
        also = self._lexicon.expand(question)
        known = self._register.belongs(question, also)
        return also, {series_key(entry.title): (entry, fit) for entry, fit, _ in known}

    def find(self, question: str, k: int = 10, scope: Scope = EVERYTHING) -> list[Hit]:
        """The `k` best passages, best first."""
        also, fits = self.fits(question)
        return self._searcher.search(question, k, scope, also, {series: fit for series, (_, fit) in fits.items()})
