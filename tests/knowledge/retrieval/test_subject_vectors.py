"""Subjects of known documents as vectors: made once, kept, and compared with questions in other words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from knowledge.embeddings import Encoder, open_encoder
from knowledge.metadata.register import Register
from knowledge.metadata.register_file import Entry
from knowledge.retrieval.subject_vectors import SubjectVectors


def entry(title: str, *subjects: str) -> Entry:
    return Entry(title, (), None, "规定", "其他", (), True, None, subjects, ())


REGISTER = Register(
    [
        entry("机关差旅费管理办法", "出差 住宿费", "出差 伙食补助"),
        entry("机关档案管理规定", "档案 移交", "档案 借阅"),
        entry("没有主题的规定"),
    ]
)


class Counting:
    """The real encoder, counting what it is given."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.name, self.dimension = encoder.name, encoder.dimension
        self.texts = 0

    def embed_documents(self, texts: list[str]) -> NDArray[np.float32]:
        self.texts += len(texts)
        return self._encoder.embed_documents(texts)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        return self._encoder.embed_query(text)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return open_encoder()


def test_a_question_in_other_words_is_closest_to_its_document(encoder: Encoder, tmp_path: Path) -> None:
    close = SubjectVectors(REGISTER, lambda: encoder, tmp_path).closest(
        encoder.embed_query("去外地公干住宾馆一晚能报多少")
    )
    assert {found.title for found, _ in close.values()} == {"机关差旅费管理办法", "机关档案管理规定"}
    assert max(close.values(), key=lambda one: one[1])[0].title == "机关差旅费管理办法"


def test_vectors_are_made_once_and_a_damaged_file_is_made_again(encoder: Encoder, tmp_path: Path) -> None:
    counting = Counting(encoder)
    first = SubjectVectors(REGISTER, lambda: counting, tmp_path).ready()
    assert counting.texts == 4
    again = SubjectVectors(REGISTER, lambda: counting, tmp_path).ready()
    assert counting.texts == 4
    assert np.allclose(first, again, atol=1e-3)
    [kept] = (tmp_path / "subjects").iterdir()
    kept.write_bytes(b"damaged")
    SubjectVectors(REGISTER, lambda: counting, tmp_path).ready()
    assert counting.texts == 8


def test_a_register_without_subjects_is_close_to_nothing(encoder: Encoder, tmp_path: Path) -> None:
    assert SubjectVectors(Register([]), lambda: encoder, tmp_path).closest(encoder.embed_query("任何问题")) == {}
