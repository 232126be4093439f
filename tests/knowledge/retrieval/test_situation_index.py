"""Passages are found by the everyday situations of their provisions, and those without situations keep their places."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from small_library import HashEncoder, open_library, regulation, write

from knowledge.embeddings.vector_cache import VectorCache
from knowledge.knowledge_base import KnowledgeBase
from knowledge.retrieval.search import SITUATION_OFFSET, Scope, Searcher, nearness
from knowledge.retrieval.situation_index import SituationIndex
from knowledge.retrieval.situations import Situations

ASKED = "娃把绘本啃坏了要掏钱不"
KNOWN = (
    Situations("阅览室管理办法", "2023", {"第一条": ("小说能拿回家几天",), "第三条": (ASKED, "绘本撕破咋弄")}),
    Situations("没有收入的办法", None, {"第一条": ("库里没有这部文件咋办",)}),
)


@pytest.fixture
def encoder() -> HashEncoder:
    return HashEncoder(dimension=512)


@pytest.fixture
def library(tmp_path: Path, encoder: HashEncoder) -> Iterator[KnowledgeBase]:
    made = open_library(tmp_path / "data", encoder)
    made.add(
        [
            write(tmp_path, "old.md", regulation("阅览室管理办法", ["借书", "污损"], edition="2011")),
            write(tmp_path, "now.md", regulation("阅览室管理办法", ["借书", "还书", "污损"], edition="2023")),
            write(tmp_path, "other.md", regulation("自习室管理办法", ["占座", "污损"], edition="2022")),
        ],
        publish=True,
    )
    yield made
    made.close()


def index(library: KnowledgeBase, folder: Path) -> SituationIndex:
    return SituationIndex(library, lambda: KNOWN, VectorCache("situations", folder))


def test_a_question_in_everyday_words_finds_the_article_by_its_situation(
    library: KnowledgeBase, tmp_path: Path
) -> None:
    best = Searcher(library, situations=index(library, tmp_path)).search(ASKED, 3)[0]
    assert (best.document.card.edition, best.passage.address) == ("2023", "第三条")
    assert best.met is not None
    assert best.met.situation == ASKED
    assert best.score >= best.met.cosine - SITUATION_OFFSET > best.dense


def test_the_words_of_a_situation_count_beside_its_meaning(library: KnowledgeBase, tmp_path: Path) -> None:
    many = tuple(f"这本书我读了{number}遍还想借" for number in range(40))
    known = (*KNOWN, Situations("阅览室管理办法", "2023", {"第一条": many}))
    situations = SituationIndex(library, lambda: known, VectorCache("situations", tmp_path))
    asked = "绘本啃坏了要掏多少钱"
    best = Searcher(library, situations=situations).search(asked, 3)[0]
    assert best.passage.address == "第三条"
    assert best.worded > 0
    assert set(situations.worded(asked, 5, document_ids=[best.document.id])) == {best.passage.id}
    assert situations.worded(asked, 5, document_ids=[]) == {}


def test_a_situation_that_is_no_nearer_than_the_wording_changes_nothing(library: KnowledgeBase, tmp_path: Path) -> None:
    question = "占座由阅览室负责登记"
    with_them = Searcher(library, situations=index(library, tmp_path)).search(question, 10)
    without = Searcher(library).search(question, 10)
    assert [(hit.passage.id, hit.score) for hit in with_them] == [(hit.passage.id, hit.score) for hit in without]
    assert all(hit.met is None for hit in with_them)


def test_the_offset_lets_the_wording_win_over_a_situation_that_is_hardly_nearer(
    library: KnowledgeBase, tmp_path: Path
) -> None:
    (met,) = index(library, tmp_path).closest(library.query_vector("小说能拿回家几天"), 1).values()
    assert nearness(met, met.cosine - SITUATION_OFFSET / 2) == met.cosine - SITUATION_OFFSET / 2
    assert nearness(met, met.cosine - SITUATION_OFFSET * 2) == met.cosine - SITUATION_OFFSET


def test_another_edition_has_the_situations_of_the_provision_that_says_the_same(
    library: KnowledgeBase, tmp_path: Path
) -> None:
    old = next(one for one in library.published() if one.card.edition == "2011")
    found = index(library, tmp_path).closest(library.query_vector(ASKED), 5, {old.id})
    (passage_id,) = [i for i, met in found.items() if met.situation == ASKED]
    ((passage, _),) = library.get_passages([passage_id]).values()
    assert passage.address == "第二条"
    assert "污损" in passage.text


def test_a_scope_keeps_situations_of_other_documents_out(library: KnowledgeBase, tmp_path: Path) -> None:
    other = next(one for one in library.published() if one.card.title == "自习室管理办法")
    searcher = Searcher(library, situations=index(library, tmp_path))
    assert {hit.document.id for hit in searcher.search(ASKED, 5, Scope(frozenset({other.id})))} == {other.id}


def test_a_withdrawn_document_and_a_disabled_passage_are_not_found_by_situations(
    library: KnowledgeBase, tmp_path: Path
) -> None:
    situations = index(library, tmp_path)
    now = next(one for one in library.published() if one.card.edition == "2023")
    third = next(one for one in library.passages(now.version_id) if one.address == "第三条")
    library.cutting.switch(third.id, False)
    assert third.id not in situations.closest(library.query_vector(ASKED), 9)
    library.withdraw(now.id)
    assert situations.closest(library.query_vector(ASKED), 9) == {}


def test_vectors_are_made_once_and_only_for_documents_that_are_held(
    library: KnowledgeBase, encoder: HashEncoder, tmp_path: Path
) -> None:
    before = encoder.calls
    assert index(library, tmp_path / "cache").ready() == 3
    assert encoder.calls == before + 3
    assert index(library, tmp_path / "cache").ready() == 3
    assert encoder.calls == before + 3


def test_the_situations_of_a_passage_can_be_read(library: KnowledgeBase, tmp_path: Path) -> None:
    now = next(one for one in library.published() if one.card.edition == "2023")
    ids = [passage.id for passage in library.passages(now.version_id)]
    said = index(library, tmp_path).of_passages(ids)
    assert said == {ids[0]: ("小说能拿回家几天",), ids[2]: (ASKED, "绘本撕破咋弄")}


def test_what_to_ask_next_are_situations_of_the_provisions_beside_those_cited(
    library: KnowledgeBase, tmp_path: Path
) -> None:
    now = next(one for one in library.published() if one.card.edition == "2023")
    first, second, third = library.passages(now.version_id)
    situations = index(library, tmp_path)
    assert situations.to_ask_next([second]) == [ASKED, "小说能拿回家几天"]
    assert situations.to_ask_next([second], 1) == [ASKED]
    assert situations.to_ask_next([first, third]) == []


def test_a_library_of_unknown_documents_is_searched_as_before(tmp_path: Path) -> None:
    library = open_library(tmp_path / "data")
    library.add([write(tmp_path, "a.md", regulation("自习室管理办法", ["占座"]))], publish=True)
    assert index(library, tmp_path).closest(library.query_vector(ASKED), 9) == {}
    library.close()
