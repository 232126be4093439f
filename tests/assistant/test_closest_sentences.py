"""Passages in the order of their closest sentence, with the real encoder."""

from __future__ import annotations

from datetime import datetime

import pytest

from assistant.answering.sentence_similarity import Sentences, by_closest_sentence
from knowledge.embeddings import Encoder, open_encoder
from knowledge.model import Document, Hit, IdentityCard, Passage, Status, Validity


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return open_encoder()


def test_sentences_seen_before_are_not_encoded_again(encoder: Encoder) -> None:
    asked: list[int] = []

    class Counting:
        name, dimension = encoder.name, encoder.dimension
        embed_query = staticmethod(encoder.embed_query)

        @staticmethod
        def embed_documents(texts: list[str]) -> object:
            asked.append(len(texts))
            return encoder.embed_documents(texts)

    sentences = Sentences(lambda: Counting())  # type: ignore[arg-type,return-value]
    first = sentences.to("借期多久")(["借期为六十日。", "公园七时开放。", "借期为六十日。"])
    again = sentences.to("借期多久")(["公园七时开放。", "借期为六十日。"])
    assert [count for count in asked if count] == [2]
    assert first[0] == first[2] == again[1] > first[1] == again[0]
    assert sentences.to("借期多久")([]) == []


DOCUMENT = Document(
    1,
    1,
    IdentityCard("借阅规则"),
    Status.PUBLISHED,
    Validity.IN_FORCE,
    "借阅规则",
    None,
    2,
    "",
    "",
    datetime(2024, 1, 1),
)


def hit(number: int, text: str, score: float) -> Hit:
    return Hit(Passage(number, 1, 1, number, f"第{number}条", "", text, 0, len(text)), DOCUMENT, score, score, 0.0)


def test_a_passage_is_as_good_as_its_best_sentence(encoder: Encoder) -> None:
    long = "图书馆每日八时开放。读者应当保持安静。借期为六十日，可以续借一次。馆内禁止吸烟。儿童由家长陪同。"
    hits = [hit(1, "馆内的桌椅由管理员每周擦洗一次。", 0.86), hit(2, long, 0.85)]
    found = by_closest_sentence(hits, Sentences(lambda: encoder).to("书的借期是多久"))
    assert [one.passage.id for one in found] == [2, 1]
    assert found[0].closest > found[1].closest > 0
    assert found[0].score > found[1].score
