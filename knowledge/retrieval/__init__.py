"""From a question to ranked passages: `Finder` searches as the chat does, `Searcher` without knowledge of words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.retrieval.finder import Finder, Fits
from knowledge.retrieval.homophones import Homophones, known_terms
from knowledge.retrieval.lexicon import InvalidLexicon, Lexicon
from knowledge.retrieval.search import EVERYTHING, Ranking, Recorder, Scope, Searcher
from knowledge.retrieval.subject_vectors import SubjectVectors

if TYPE_CHECKING:
    from knowledge.retrieval.langchain_retriever import XuesiRetriever

__all__ = [
    "EVERYTHING",
    "Finder",
    "Fits",
    "Homophones",
    "InvalidLexicon",
    "Lexicon",
    "Ranking",
    "Recorder",
    "Scope",
    "Searcher",
    "SubjectVectors",
    "XuesiRetriever",
    "known_terms",
]


def __getattr__(name: str) -> object:
    if name == "XuesiRetriever":  # langchain_core takes half a second, and only chains of others want it
        from knowledge.retrieval.langchain_retriever import XuesiRetriever

        return XuesiRetriever
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
