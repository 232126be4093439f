"""The sentences of the library are encoded while nobody asks: who asks then waits for his question alone."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_library import HashEncoder, open_library, regulation, write

from assistant.answerer import Answerer
from assistant.answering.sentence_similarity import Sentences
from assistant.answering.sentences_ahead import SentencesAhead
from knowledge.knowledge_base import KnowledgeBase
from knowledge.retrieval.lexicon import Lexicon

PATIENCE = 30.0
BOOKS = regulation("阅览室管理办法", ["借书", "还书", "赔偿"])


@pytest.fixture
def library(tmp_path: Path) -> Iterator[KnowledgeBase]:
    made = open_library(tmp_path / "data", HashEncoder())
    made.add([write(tmp_path, "a.md", BOOKS)], publish=True)
    yield made
    made.close()


def encoded(library: KnowledgeBase) -> int:
    assert isinstance(library.encoder, HashEncoder)
    return library.encoder.calls


def settled(library: KnowledgeBase, more_than: int) -> int:
    """How many sentences are encoded once no more are added."""
    until, before = time.monotonic() + PATIENCE, -1
    while encoded(library) <= more_than or encoded(library) != before:
        assert time.monotonic() < until
        before = encoded(library)
        time.sleep(0.3)
    return before


def test_nothing_of_the_library_is_encoded_while_a_reader_waits(library: KnowledgeBase, tmp_path: Path) -> None:
    sentences = Sentences(lambda: library.encoder)
    ahead = SentencesAhead(library, sentences)
    ahead.start()
    before = settled(library, encoded(library))
    answerer = Answerer(library, library.register, Lexicon.load(), sentences=sentences)
    answerer.answer("还书由谁负责登记")
    assert encoded(library) == before
    library.add([write(tmp_path, "b.md", regulation("图书馆开放办法", ["开馆", "闭馆"]))], publish=True)
    after = settled(library, encoded(library))  # what is published later is encoded too
    answerer.answer("闭馆由谁负责登记")
    assert encoded(library) == after
    ahead.close()


def test_it_waits_while_somebody_asks(library: KnowledgeBase) -> None:
    sentences = Sentences(lambda: library.encoder)
    ahead = SentencesAhead(library, sentences)
    sentences.to("问题")(["一句话。"])
    before = encoded(library)
    ahead.start()
    time.sleep(0.3)
    assert encoded(library) == before
    ahead.close()


def test_there_is_room_left_for_what_is_asked(library: KnowledgeBase) -> None:
    sentences = Sentences(lambda: library.encoder, room=3)
    assert sentences.learn(["一。", "二。", "三。"])
    assert not sentences.learn(["四。"])
    assert sentences.learn(["二。"]), "it is there already"
    assert len(sentences.to("问题")(["四。", "五。"])) == 2
