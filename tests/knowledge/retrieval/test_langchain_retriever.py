"""The search as LangChain sees it: its own suite for retrievers, and documents whose offsets lead back to the text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from langchain_core.retrievers import BaseRetriever
from langchain_tests.integration_tests import RetrieversIntegrationTests
from small_library import open_library, regulation, write

from knowledge.knowledge_base import KnowledgeBase
from knowledge.retrieval.finder import Finder
from knowledge.retrieval.langchain_retriever import XuesiRetriever
from knowledge.retrieval.lexicon import Lexicon
from knowledge.retrieval.search import Scope, Searcher

TITLE = "阅览室管理办法"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    folder: Path = tmp_path_factory.mktemp("library")
    made = open_library(folder / "data")
    older = regulation(TITLE, ["借书", "还书", "办证", "赔偿"], edition="2018", effective_on="2018-05-01")
    newer = regulation(TITLE, ["借书", "还书", "挂失", "赔偿"], edition="2023", effective_on="2023-05-01")
    made.add([write(folder, "older.md", older), write(folder, "newer.md", newer)], publish=True)
    yield made
    made.close()


class TestTheRetrieverIsOneForLangChain(RetrieversIntegrationTests):
    @pytest.fixture(autouse=True)
    def _open(self, library: KnowledgeBase) -> None:
        self.finder = Finder(Searcher(library), library.register, Lexicon.load())

    @property
    def retriever_constructor(self) -> type[BaseRetriever]:
        return XuesiRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"finder": self.finder}

    @property
    def retriever_query_example(self) -> str:
        return "借书登记"


def test_it_finds_what_the_chat_finds_in_the_same_order_with_the_same_scores(library: KnowledgeBase) -> None:
    hits = Finder(Searcher(library), library.register, Lexicon.load()).find("书丢了怎么赔偿", 3)
    documents = XuesiRetriever.over(library, k=3).invoke("书丢了怎么赔偿")
    assert [(one.id, one.metadata["score"]) for one in documents] == [(str(hit.passage.id), hit.score) for hit in hits]


def test_a_document_leads_back_to_its_place_in_the_text(library: KnowledgeBase) -> None:
    documents = XuesiRetriever.over(library).invoke("挂失")
    for one in documents:
        about = one.metadata
        assert library.text(about["version"])[about["start"] : about["end"]] == one.page_content
    assert documents[0].metadata["address"] == "第三条"
    assert (documents[0].metadata["title"], documents[0].metadata["edition"]) == (TITLE, "2023")
    assert documents[0].metadata["validity"] == "现行有效"


def test_another_day_finds_the_edition_of_that_day(library: KnowledgeBase) -> None:
    then = Scope(as_of=date(2020, 1, 1))
    found = XuesiRetriever.over(library).invoke("办证登记", k=1, scope=then)
    assert [(one.metadata["edition"], one.metadata["address"]) for one in found] == [("2018", "第三条")]
