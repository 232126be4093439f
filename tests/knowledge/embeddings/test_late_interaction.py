"""Relevance token by token, on the built-in encoder as users have it."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.embeddings import Encoder, ensure_builtin, open_encoder
from knowledge.embeddings.late_interaction import LateInteraction

RULES = [
    "值班人员应当在岗在位，不得擅自离岗；确需离开的，由带班领导批准并安排人员顶班。",
    "公章由办公室指定专人管理，用印须登记。",
    "差旅住宿费在规定标准以内凭据报销。",
    "新入职人员应当参加岗前培训，培训时间不少于五天。",
]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    ensure_builtin()
    return open_encoder("builtin")


@pytest.mark.parametrize(
    ("question", "answering"),
    [
        ("夜里轮到我守着，家里有急事能先走吗", 0),
        ("谁保管单位的大印", 1),
        ("外出办事住旅馆的钱能报多少", 2),
        ("刚来的同事要先学几天", 3),
    ],
)
def test_the_rule_that_answers_is_the_most_relevant(encoder: Encoder, question: str, answering: int) -> None:
    relevance = LateInteraction(lambda: encoder).relevance(question, RULES)
    assert max(range(4), key=relevance.__getitem__) == answering


def test_relevance_depends_neither_on_the_others_nor_on_what_was_read_before(encoder: Encoder) -> None:
    once = LateInteraction(lambda: encoder)
    first = once.relevance("谁保管公章", RULES)
    assert once.relevance("谁保管公章", RULES[::-1])[::-1] == pytest.approx(first, abs=1e-6)
    alone = [LateInteraction(lambda: encoder).relevance("谁保管公章", [rule])[0] for rule in RULES]
    assert alone == pytest.approx(first, abs=1e-6)


def test_nothing_and_very_long_text_can_be_read(encoder: Encoder) -> None:
    tokens = LateInteraction(lambda: encoder)
    assert tokens.relevance("谁保管公章", []) == []
    long = RULES[1] * 100
    assert tokens.relevance("谁保管公章" * 100, [long, long + "另有规定的除外。"])[0] > 0


def test_for_another_encoder_nothing_is_said(tiny: Path) -> None:
    other = open_encoder(str(tiny))
    assert LateInteraction(lambda: other).relevance("学习", ["学习档案", "会议"]) == [0.0, 0.0]


def test_what_was_read_ahead_is_as_relevant_as_what_is_read_when_asked(encoder: Encoder) -> None:
    ahead = LateInteraction(lambda: encoder)
    for rule in RULES:
        ahead.learn(rule)
    assert ahead.relevance("谁保管公章", RULES) == LateInteraction(lambda: encoder).relevance("谁保管公章", RULES)
