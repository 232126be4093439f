"""The whole search as a LangChain retriever: documents with the address, the offsets and the validity of each passage."""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field

from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Hit
from knowledge.retrieval.finder import Finder
from knowledge.retrieval.lexicon import Lexicon
from knowledge.retrieval.search import EVERYTHING, Scope, Searcher
from knowledge.retrieval.situation_index import SituationIndex


class XuesiRetriever(BaseRetriever):
    """Finds passages as the chat does: words, meaning and everyday situations, editions folded, provisions in force first.

    `k` is how many, `scope` where and for which day; both may be given for one call (`invoke(question, k=3)`). Safe to
    share between threads.

    >>> retriever = XuesiRetriever.over(knowledge_base, k=4)    # doctest: +SKIP
    >>> retriever.invoke("补休要在多久之内安排？")               # doctest: +SKIP
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    finder: Finder
    k: int = Field(default=10, ge=1)
    scope: Scope = EVERYTHING

    @classmethod
    def over(cls, knowledge_base: KnowledgeBase, lexicon: Lexicon | None = None, **settings: Any) -> XuesiRetriever:
        """A retriever over a library; `lexicon` are its everyday words and abbreviations, by default the packaged ones."""
        searcher = Searcher(knowledge_base, situations=SituationIndex(knowledge_base))
        finder = Finder(searcher, knowledge_base.register, lexicon or Lexicon.load())
        return cls(finder=finder, **settings)

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,
        k: int | None = None,
        scope: Scope | None = None,
    ) -> list[Document]:
        hits = self.finder.find(query, self.k if k is None else k, self.scope if scope is None else scope)
        return [as_document(hit) for hit in hits]


def as_document(hit: Hit) -> Document:
    """A hit for LangChain. `page_content` is the canonical text of `version` from `start` to `end`; `score` is higher
    for the better. `KnowledgeBase.text(version)` gives the whole text, also when the document has been replaced since."""
    passage, document = hit.passage, hit.document
    return Document(
        id=str(passage.id),
        page_content=passage.text,
        metadata={
            "document": document.id,
            "version": passage.version_id,
            "title": document.card.title,
            "edition": document.card.edition,
            "doc_no": document.card.doc_no,
            "address": passage.address,
            "context": passage.context,
            "start": passage.start,
            "end": passage.end,
            "validity": str(document.validity),
            "score": hit.score,
        },
    )
