"""A short question goes on from the one before it or has a topic of its own."""

from __future__ import annotations

import json

from assistant.understanding.own_topic import WEIGHTS, FollowUps, Leaning, OwnTopic
from knowledge.embeddings import BUILTIN, open_encoder

ELLIPSIS = Leaning(said=1, length=6, alone=0.80, joined=0.90, before=0.89, near=0.86, shaped=0)
OWN = Leaning(said=9, length=12, alone=0.90, joined=0.86, before=0.89, near=0.80, shaped=0)


def test_what_finds_more_when_it_is_joined_goes_on_and_what_finds_less_stands_alone() -> None:
    own_topic = OwnTopic.load()
    assert own_topic.goes_on(ELLIPSIS)
    assert not own_topic.goes_on(OWN)


def test_the_weights_are_for_the_encoder_that_comes_with_the_program() -> None:
    stored = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    assert stored["encoder"] == open_encoder(BUILTIN).name


def test_with_another_encoder_the_words_alone_decide() -> None:
    follow_ups = FollowUps(searcher=None, near=lambda _one, _other: 0.0, encoder=lambda: "another")  # type: ignore[arg-type]
    assert follow_ups.goes_on("可以延长吗", "预备期多长", "预备期多长，可以延长吗")
    assert not follow_ups.goes_on("提任县处级领导职务需要多少年工龄", "预备期多长", "")


def test_after_a_comparison_a_question_of_another_matter_is_not_answered_by_the_same_table() -> None:
    name = OwnTopic.load().encoder
    follow_ups = FollowUps(searcher=None, near=lambda _one, _other: 1.0, encoder=lambda: name)  # type: ignore[arg-type]
    compared = "休假管理规定2018年版和2023年版有什么变化"
    assert not follow_ups.goes_on("火星基地的补贴标准是多少", compared, f"{compared}，火星基地的补贴标准是多少")
