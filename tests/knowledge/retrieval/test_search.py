"""From two rankings to one: what is folded, and how much words weigh."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from small_library import open_library, regulation, write

from knowledge.knowledge_base import KnowledgeBase
from knowledge.retrieval.search import LAY_WEIGHT, QUOTED_WEIGHT, Scope, Searcher


@pytest.fixture
def library(tmp_path: Path) -> Iterator[KnowledgeBase]:
    made = open_library(tmp_path / "data")
    text = regulation("阅览室管理办法", ["借书", "还书"], edition="2023")
    made.add([write(tmp_path, "now.md", text)], publish=True)
    yield made
    made.close()


def test_two_articles_of_one_text_that_read_alike_both_stay(library: KnowledgeBase) -> None:
    hits = Searcher(library).search("借书登记", 10)
    assert all(not hit.folded for hit in hits)
    held = library.passages(library.published()[0].version_id)
    assert {hit.passage.id for hit in hits} == {passage.id for passage in held}


def test_words_weigh_between_a_laymans_and_a_quotation(library: KnowledgeBase) -> None:
    hits = Searcher(library).search("借书登记", 10, Scope(any_edition=True))
    weights = [(hit.score - hit.dense) / hit.lexical for hit in hits if hit.lexical]
    assert weights
    assert all(LAY_WEIGHT * 0.9 <= weight <= QUOTED_WEIGHT * 1.1 for weight in weights)
