"""Every list of words that stand for one another keeps its own two promises."""

from __future__ import annotations

import pytest

from assistant.model import Message
from assistant.understanding.alternatives import Alternatives, load, swap
from assistant.understanding.followup import condense
from assistant.understanding.named_documents import Names
from knowledge.metadata.register import Register

NAMES = Names([], Register([]))


def asked(before: str, question: str) -> str:
    return condense(question, [Message("user", before)], NAMES, lambda text: text)


@pytest.mark.parametrize("one", load().values(), ids=list(load()))
def test_a_word_of_the_list_takes_the_topic_over(one: Alternatives) -> None:
    before, question, expected = one.swaps
    assert asked(before, question) == expected


@pytest.mark.parametrize("one", load().values(), ids=list(load()))
def test_another_word_leaves_the_topic_as_it_was(one: Alternatives) -> None:
    before, question = one.keeps
    word = question.removeprefix("那").removeprefix("如果是").removesuffix("呢")
    assert swap(word, before) is None
    assert one.why


def test_what_a_longer_word_holds_is_not_swapped() -> None:
    assert swap("警告", "党员受严重警告处分影响期多长") == "党员受警告处分影响期多长"
    assert swap("警告", "党员受警告处分影响期多长") is None
