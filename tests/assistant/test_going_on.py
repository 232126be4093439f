"""A question that goes on from another is searched for joined with it and alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from assistant.answering.going_on import merged
from knowledge.model import Document, Hit, IdentityCard, Passage, Status, Validity

DOCUMENT = Document(
    1,
    1,
    IdentityCard("处罚规则"),
    Status.PUBLISHED,
    Validity.IN_FORCE,
    "处罚规则",
    None,
    4,
    "",
    "",
    datetime(2024, 1, 1),
)


@pytest.fixture
def hits() -> list[Hit]:
    passages = [Passage(i, 1, 1, i, f"第{i}条", "", "处罚规则", i * 10, i * 10 + 4) for i in range(1, 5)]
    return [Hit(passage, DOCUMENT, 0.0, dense=0.0, lexical=0.0) for passage in passages]


def scored(hits: list[Hit], *scores: float) -> list[Hit]:
    return [replace(hit, score=score) for hit, score in zip(hits, scores, strict=False)]


def order(found: list[Hit], hits: list[Hit]) -> list[int]:
    return [[hit.passage.id for hit in hits].index(one.passage.id) for one in found]


def test_an_ellipsis_is_found_joined_only(hits: list[Hit]) -> None:
    joined, alone = scored(hits[:3], 1.0, 0.9, 0.8), scored(hits[1:], 1.6, 1.5, 1.4)
    assert order(merged(joined, alone, "政务上呢？"), hits) == [0, 1, 2]


def test_a_new_matter_leads_with_what_both_find(hits: list[Hit]) -> None:
    joined, alone = scored(hits[:3], 1.0, 0.9, 0.8), scored(hits[1:], 1.6, 1.5, 1.4)
    assert order(merged(joined, alone, "头一回犯，也没出啥事，能不能别罚了"), hits) == [1, 0, 2]


def test_as_many_are_found_as_joined(hits: list[Hit]) -> None:
    assert merged([], scored(hits, 1.0, 0.9), "头一回犯，也没出啥事，能不能别罚了") == []
    assert (
        len(merged(scored(hits[:2], 1.0, 0.9), scored(hits, 1.0, 0.9, 0.8, 0.7), "头一回犯，也没出啥事，能不能别罚了"))
        == 2
    )
