"""The lexical index: BM25 as the formula says, over what readers may see."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from small_library import open_library, regulation, write

from knowledge.index.lexical import K1, B, top
from knowledge.knowledge_base import KnowledgeBase
from knowledge.text.tokenizer import tokenize

SUBJECTS = ["借书", "还书", "遗失图书的赔偿", "开放时间的公告和调整", "办证"]


@pytest.fixture
def library(tmp_path: Path, database_url: str | None) -> Iterator[KnowledgeBase]:
    made = open_library(tmp_path / "data", url=database_url)
    for name, title, edition in (
        ("1", "阅览室管理办法", "2018"),
        ("2", "阅览室管理办法", "2023"),
        ("3", "书库规定", "2020"),
    ):
        made.add([write(tmp_path, f"{name}.md", regulation(title, SUBJECTS, edition=edition))], publish=True)
    yield made
    made.close()


def by_hand(library: KnowledgeBase, tokens: list[str]) -> dict[int, float]:
    """BM25 written out, over everything published."""
    documents = {d.version_id: d.card.title for d in library.published()}
    bags = {
        p.id: Counter(tokenize("\n".join(part for part in (title, p.context, p.text) if part)))
        for version_id, title in documents.items()
        for p in library.passages(version_id)
        if p.enabled
    }
    average = sum(bag.total() for bag in bags.values()) / len(bags)
    scores: dict[int, float] = {}
    for passage_id, bag in bags.items():
        norm = K1 * (1 - B + B * bag.total() / average)
        for token in set(tokens):
            frequency = sum(token in other for other in bags.values())
            idf = math.log(1 + (len(bags) - frequency + 0.5) / (frequency + 0.5))
            scores[passage_id] = scores.get(passage_id, 0.0) + idf * bag[token] * (K1 + 1) / (bag[token] + norm)
    return {i: score for i, score in scores.items() if score > 0}


@pytest.mark.parametrize("query", ["遗失图书怎么赔偿", "书库规定", "开放时间和开放公告", "五个工作日", "５个工作日"])
def test_scores_are_bm25(library: KnowledgeBase, query: str) -> None:
    tokens = tokenize(query)
    expected = by_hand(library, tokens)
    hits = library.lexical.search(tokens, 100)
    assert dict(hits) == pytest.approx(expected, rel=1e-4)
    assert [score for _, score in hits] == sorted((score for _, score in hits), reverse=True)
    assert library.lexical.scores(tokens, [*expected, 999]) == pytest.approx({**expected, 999: 0.0}, rel=1e-4)


def test_the_score_of_what_is_hidden_counts_for_nobody(library: KnowledgeBase) -> None:
    hidden = [p.id for p in library.passages(library.document(3).version_id)]
    library.withdraw(3)
    tokens = tokenize("书库规定办证")
    assert dict(library.lexical.search(tokens, 100)) == pytest.approx(by_hand(library, tokens), rel=1e-4)
    assert set(library.lexical.scores(tokens, hidden).values()) == {0.0}


def test_a_new_version_leaves_no_words_of_the_old_one(library: KnowledgeBase, tmp_path: Path) -> None:
    library.add([write(tmp_path, "3.md", regulation("书库规定", ["防火"], edition="2020"))])
    for query in ("防火", "书库规定办证", "阅览室"):
        tokens = tokenize(query)
        assert dict(library.lexical.search(tokens, 100)) == pytest.approx(by_hand(library, tokens), rel=1e-4)


def test_only_what_is_in_force_or_in_scope_when_asked(library: KnowledgeBase) -> None:
    tokens = tokenize("办证")
    documents = {
        p: d.id for p, (_, d) in library.get_passages([i for i, _ in library.lexical.search(tokens, 9)]).items()
    }
    assert sorted(documents.values()) == [1, 2, 3]
    current = library.lexical.search(tokens, 9, current_only=True)
    assert {documents[i] for i, _ in current} == {2, 3}
    assert {documents[i] for i, _ in library.lexical.search(tokens, 9, document_ids={1})} == {1}
    assert library.lexical.search(tokens, 9, document_ids={1}, current_only=True) == []
    assert library.lexical.search(tokens, 9, document_ids=set()) == []


def test_unknown_words_and_empty_questions_find_nothing(library: KnowledgeBase) -> None:
    assert library.lexical.search(tokenize("量子色动力学"), 5) == []
    assert library.lexical.search([], 5) == []
    assert library.lexical.search(tokenize("借书"), 0) == []


def test_words_from_a_user_are_never_taken_for_a_query_language(library: KnowledgeBase) -> None:
    for words in ('" OR 1', "借书* NEAR(还书", "tokens:借书", "'; DROP TABLE passage; --", "-借书 ^还书"):
        library.lexical.search([words, *words.split(), *tokenize(words)], 5)
    assert library.lexical.search(tokenize("借书"), 5)


def test_rare_words_weigh_more_and_unknown_ones_most(library: KnowledgeBase) -> None:
    idf = library.lexical.idf(["登记", "办证", "没有"])
    assert idf["登记"] < idf["办证"] < idf["没有"]


def test_no_score_exceeds_the_ceiling(library: KnowledgeBase) -> None:
    tokens = tokenize("遗失图书的赔偿由阅览室负责登记")
    assert library.lexical.search(tokens, 1)[0][1] < library.lexical.ceiling(tokens)


@pytest.mark.parametrize("database_url", [None], ids=["sqlite"])
def test_the_index_is_written_anew_when_the_rules_of_tokenizing_change(library: KnowledgeBase, tmp_path: Path) -> None:
    tokens = tokenize("办证")
    expected = library.lexical.search(tokens, 9)
    with library.database.write() as connection:
        connection.exec_driver_sql("INSERT INTO passage_fts (passage_fts) VALUES ('delete-all')")
        connection.exec_driver_sql("INSERT INTO passage_fts (rowid, tokens) VALUES (1, '旧词')")
        connection.exec_driver_sql("UPDATE meta SET value = 'of another release' WHERE key = 'tokens'")
    again = open_library(tmp_path / "data")
    assert again.lexical.search(tokens, 9) == expected
    again.close()


def test_the_best_of_equal_scores_are_those_with_the_lower_id() -> None:
    scores = np.array([0, 2, 5, 2, 2, 0], dtype=np.float32)
    assert top(scores, 3, above=0.0) == [(2, 5.0), (1, 2.0), (3, 2.0)]
    assert top(scores, 9, above=0.0) == [(2, 5.0), (1, 2.0), (3, 2.0), (4, 2.0)]
    assert top(scores, 0, above=0.0) == []
