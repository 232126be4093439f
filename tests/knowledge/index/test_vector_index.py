"""The contract of every vector index, checked on each of them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from postgresql_server import PostgresServer
from small_library import HashEncoder, open_library, regulation, write

from knowledge.index.chroma import FOLDER, ChromaIndex
from knowledge.index.exact import ExactIndex, VectorIndex, products
from knowledge.index.fallback import FallbackIndex
from knowledge.knowledge_base import KnowledgeBase
from knowledge.storage.vectors import pack, unpack

SUBJECTS = ["借书", "还书", "赔偿", "开放时间", "办证", "存包", "复印", "预约"]


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """PostgreSQL for the tests that go over every index, and pgvector's turn; else the file in the data folder."""
    if "kind" not in request.fixturenames or request.getfixturevalue("kind") != "pgvector":
        yield None
        return
    running: PostgresServer = request.getfixturevalue("postgresql")
    with running.fresh("migrated") as url:
        yield url


@pytest.fixture(params=["exact", "chroma", "pgvector"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


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


@pytest.fixture
def index(kind: str, library: KnowledgeBase) -> Iterator[VectorIndex]:
    if kind != "chroma":
        yield library.dense
        return
    made = library.indexes.open_chroma()
    assert made is not None
    yield made
    made.close()


def vectors_of(library: KnowledgeBase) -> dict[int, NDArray[np.float32]]:
    """Vectors of everything published, by passage id."""
    ids = [p.id for d in library.published() for p in library.passages(d.version_id)]
    return dict(zip(ids, library.indexes.vectors(ids), strict=True))


def passages_of(library: KnowledgeBase, document_id: int) -> set[int]:
    return {p.id for p in library.passages(library.document(document_id).version_id)}


def test_the_nearest_come_first_with_their_cosine(library: KnowledgeBase, index: VectorIndex) -> None:
    vectors = vectors_of(library)
    query = library.encoder.embed_query("赔偿由阅览室负责登记")
    hits = index.search(query, 5)
    expected = sorted((float(vector @ query) for vector in vectors.values()), reverse=True)[:5]
    assert [score for _, score in hits] == pytest.approx(expected, abs=2e-3)
    assert [score for _, score in hits] == pytest.approx([float(vectors[i] @ query) for i, _ in hits], abs=2e-3)


def test_a_passage_finds_itself(library: KnowledgeBase, index: VectorIndex) -> None:
    for passage_id, vector in vectors_of(library).items():
        hits = dict(index.search(vector, 3))
        assert hits[passage_id] == pytest.approx(1.0, abs=2e-3)


def test_asking_for_more_than_there_is_gives_everything(library: KnowledgeBase, index: VectorIndex) -> None:
    hits = index.search(library.encoder.embed_query("借书"), 1000)
    assert {i for i, _ in hits} == set(vectors_of(library))
    assert index.search(library.encoder.embed_query("借书"), 0) == []


def test_only_passages_in_force_when_asked(library: KnowledgeBase, index: VectorIndex) -> None:
    hits = index.search(library.encoder.embed_query("借书"), 1000, current_only=True)
    assert {i for i, _ in hits} == passages_of(library, 2) | passages_of(library, 3)


def test_only_the_documents_asked_for(library: KnowledgeBase, index: VectorIndex) -> None:
    query = library.encoder.embed_query("书库规定借书")
    assert {i for i, _ in index.search(query, 5, document_ids={1})} <= passages_of(library, 1)
    assert len(index.search(query, 100, document_ids={1, 3})) == 16
    assert index.search(query, 5, document_ids=set()) == []
    assert index.search(query, 5, document_ids={99}) == []
    assert index.search(query, 5, document_ids={1}, current_only=True) == []


@pytest.mark.parametrize("act", ["withdraw", "remove"])
def test_what_is_hidden_is_gone_at_once(library: KnowledgeBase, index: VectorIndex, act: str) -> None:
    hidden = passages_of(library, 3)
    getattr(library, act)(3)
    hits = index.search(library.encoder.embed_query("书库规定"), 12)
    assert len(hits) == 12
    assert not hidden & {i for i, _ in hits}


def test_what_is_added_is_found_after_a_refresh(library: KnowledgeBase, index: VectorIndex, tmp_path: Path) -> None:
    query = library.encoder.embed_query("食堂管理规定餐券")
    index.search(query, 1)
    [added] = library.add([write(tmp_path, "4.md", regulation("食堂管理规定", ["餐券"]))], publish=True)
    index.refresh()
    [(best, _)] = index.search(query, 1)
    assert {best} == passages_of(library, added.document_id or 0)


def test_a_new_version_takes_the_place_of_the_old_one(
    library: KnowledgeBase, index: VectorIndex, tmp_path: Path
) -> None:
    old = passages_of(library, 3)
    library.add([write(tmp_path, "3.md", regulation("书库规定", ["防火", "防潮"], edition="2020"))])
    index.refresh()
    found = {i for i, _ in index.search(library.encoder.embed_query("书库规定防火"), 1000)}
    assert not old & found
    assert passages_of(library, 3) <= found


def test_a_new_title_changes_the_vectors(library: KnowledgeBase, index: VectorIndex) -> None:
    library.set_card(3, title="密集书架使用规定")
    index.refresh()
    for passage_id, vector in vectors_of(library).items():
        assert dict(index.search(vector, 3))[passage_id] == pytest.approx(1.0, abs=2e-3)


def test_what_comes_into_force_or_goes_out_of_it_moves(library: KnowledgeBase, index: VectorIndex) -> None:
    library.withdraw(2)
    index.refresh()
    hits = index.search(library.encoder.embed_query("借书"), 1000, current_only=True)
    assert {i for i, _ in hits} == passages_of(library, 1) | passages_of(library, 3)


def test_an_empty_library_finds_nothing(tmp_path: Path) -> None:
    library = open_library(tmp_path / "empty")
    query = library.encoder.embed_query("借书")
    assert library.dense.search(query, 5) == []
    index = library.indexes.open_chroma()
    assert index is not None
    assert index.search(query, 5) == []
    index.close()
    library.close()


def test_stored_vectors_are_unit_vectors_again() -> None:
    vectors = np.random.default_rng(0).standard_normal((20, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    again = unpack(pack(vectors))
    assert np.linalg.norm(again, axis=1) == pytest.approx(np.ones(20), abs=1e-6)
    assert np.abs(again - vectors).max() < 1e-3


# What only Chroma can get wrong


def test_products_on_one_thread_are_those_of_the_matrix() -> None:
    rows = np.random.default_rng(0).normal(size=(50, 16)).astype(np.float32)
    assert products(rows, rows[7]) == pytest.approx(rows @ rows[7], rel=1e-5)
    assert products(unpack([]), np.empty(0, dtype=np.float32)).shape == (0,)


def test_only_one_may_hold_the_chroma_index(library: KnowledgeBase, tmp_path: Path) -> None:
    first = library.indexes.open_chroma()
    other = open_library(tmp_path / "data")
    assert other.indexes.open_chroma() is None
    assert other.indexes.update() is False
    assert first is not None
    first.close()
    assert other.indexes.update() is True
    other.close()


def test_a_reopened_index_knows_everything_and_has_nothing_to_mend(library: KnowledgeBase) -> None:
    library.indexes.update()
    index = library.indexes.open_chroma()
    assert index is not None
    assert index.mended == 0
    assert index.differences() == (set(), set(), set())
    index.close()


def test_a_damaged_folder_is_built_anew_without_embedding(tmp_path: Path) -> None:
    encoder = HashEncoder()
    library = open_library(tmp_path / "data", encoder)
    library.add([write(tmp_path, "1.md", regulation("书库规定", SUBJECTS))], publish=True)
    library.indexes.update()
    calls = encoder.calls
    for path in (tmp_path / "data" / FOLDER).rglob("*"):
        if path.is_file():
            path.write_bytes(b"rubbish")
    index = library.indexes.open_chroma()
    assert index is not None
    assert len(index.search(encoder.embed_query("借书"), 100)) == len(SUBJECTS)
    assert encoder.calls == calls
    index.close()
    library.close()


def test_entries_that_went_astray_are_mended_when_the_index_is_opened(library: KnowledgeBase) -> None:
    index = library.indexes.open_chroma()
    assert index is not None
    current, rest = index._open_collections()
    [moved] = current.get(limit=1)["ids"]
    current.delete(ids=[moved])
    rest.upsert(ids=["999:00000000"], embeddings=np.ones((1, 64), dtype=np.float32))
    index.close()
    index = library.indexes.open_chroma()
    assert index is not None
    assert index.mended == 2
    assert index.differences() == (set(), set(), set())
    index.close()


def test_another_model_gets_collections_of_its_own(library: KnowledgeBase, tmp_path: Path) -> None:
    library.indexes.update()
    other = open_library(tmp_path / "data", HashEncoder("other", 32))
    other.indexes.embed_missing()
    index = other.indexes.open_chroma()
    assert index is not None
    assert len(index.search(other.encoder.embed_query("借书"), 100)) == 24
    index.close()
    other.close()


def test_a_keeper_applies_what_another_process_adds_within_two_seconds(library: KnowledgeBase, tmp_path: Path) -> None:
    keeper = library.indexes.keep()
    assert keeper.wait(30)
    assert isinstance(library.dense, FallbackIndex)
    assert isinstance(library.dense.first, ChromaIndex)
    other = open_library(tmp_path / "data")
    [added] = other.add([write(tmp_path, "4.md", regulation("食堂管理规定", ["餐券"]))], publish=True)
    other.close()
    query = library.encoder.embed_query("食堂管理规定餐券")
    until = time.monotonic() + 2
    while time.monotonic() < until:
        [(best, _)] = library.dense.search(query, 1)
        if {best} == passages_of(library, added.document_id or 0):
            return
        time.sleep(0.05)
    pytest.fail("not found within two seconds")


def test_searches_use_the_exact_index_until_the_keeper_is_ready(library: KnowledgeBase, tmp_path: Path) -> None:
    holder = open_library(tmp_path / "data")
    held = holder.indexes.open_chroma()
    assert held is not None
    keeper = library.indexes.keep()
    assert not keeper.wait(1)
    assert isinstance(library.dense, ExactIndex)
    held.close()
    assert keeper.wait(30)
    assert isinstance(library.dense, FallbackIndex)
    assert isinstance(library.dense.first, ChromaIndex)
    holder.close()
