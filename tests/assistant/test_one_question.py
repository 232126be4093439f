"""What is worked out for a question is worked out once: its vector, and the sentences of what is found for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answerer import Answerer
from assistant.answering.answerability import Calibration
from assistant.model import Mode
from knowledge.embeddings import Encoder, open_encoder
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register
from knowledge.retrieval.lexicon import Lexicon
from knowledge.retrieval.search import Scope

RULES = """星河市图书借阅管理条例

第一条　本条例适用于星河市图书馆。

第二条　图书的借期为三十日，可以续借一次。

第三条　遗失图书的，按照定价赔偿。
"""


class Counting:
    """The real encoder, counting the questions that it encodes."""

    def __init__(self, encoder: Encoder) -> None:
        self.name, self.dimension = encoder.name, encoder.dimension
        self.embed_documents = encoder.embed_documents
        self._encoder = encoder
        self.asked: list[str] = []

    def embed_query(self, text: str) -> object:
        self.asked.append(text)
        return self._encoder.embed_query(text)


@pytest.fixture(scope="module")
def encoder() -> Counting:
    return Counting(open_encoder("builtin"))


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory, encoder: Counting) -> Iterator[Answerer]:
    folder: Path = tmp_path_factory.mktemp("files")
    (folder / "条例.txt").write_text(RULES, encoding="utf-8")
    register = Register.load()
    kb = KnowledgeBase.open(tmp_path_factory.mktemp("data"), lambda: encoder, register=register)  # type: ignore[arg-type,return-value]
    kb.add([folder], publish=True)
    yield Answerer(kb, register, Lexicon.load(), Calibration({}, 1.0, 0.5, "everything is answered"))
    kb.close()


def test_a_question_is_encoded_once(answerer: Answerer, encoder: Counting) -> None:
    encoder.asked.clear()
    answer = answerer.answer("图书的借期是多久？")
    assert answer.mode is Mode.EXTRACT
    assert "三十日" in answer.text
    assert encoder.asked == ["图书的借期是多久？"]


def test_what_is_found_for_a_question_is_searched_and_taken_apart_once(answerer: Answerer) -> None:
    asked = answerer.asked("遗失图书怎么赔偿？")
    hits = asked.search()
    assert asked.search(Scope()) is hits
    assert asked.units(hits[0]) is asked.units(hits[0])
    assert hits[0].passage.text.startswith("第三条")
    assert [unit.text for unit in asked.units(hits[0])] == ["遗失图书的，按照定价赔偿。"]
    assert [unit.text for unit in asked.units(hits[0], labelled=True)] == ["第三条　遗失图书的，按照定价赔偿。"]
