"""Typos of pinyin input: terms are put right by their sound, ordinary words are left alone."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from knowledge.metadata.register import Register
from knowledge.retrieval.homophones import Homophones, known_terms
from knowledge.retrieval.lexicon import Lexicon

TERMS = ("主题党日", "党支部工作条例", "行政复议", "积极分子", "预备党员", "公车私用", "责令候查", "不担当作为")
WRITTEN = {"使用", "部担", "担当", "党日", "条例"}


def written(bigrams: Collection[str]) -> set[str]:
    return WRITTEN & set(bigrams)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("主题挡日多久搞一次", "主题党日多久搞一次"),
        ("党支部工作条理说了什么", "党支部工作条例说了什么"),
        ("行政付议60天从哪天算", "行政复议60天从哪天算"),
        ("入党级极分子的培养", "入党积极分子的培养"),
        ("预备党元几年转正", "预备党员几年转正"),
        ("责令侯查最长多久", "责令候查最长多久"),
    ],
)
def test_a_term_typed_by_its_sound_is_put_right(typed: str, meant: str) -> None:
    assert Homophones(TERMS, written).correct(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "主题党日多久一次",
        "公车使用要登记哪些内容",  # sounds like 公车私用, but 使用 is a word of the library
        "激励干部担当作为的意见",  # 部担当作为 sounds like 不担当作为
        "红烧肉怎么做",
        "",
        "第3条 abc",
    ],
)
def test_words_that_are_right_are_left_alone(typed: str) -> None:
    assert Homophones(TERMS, written).correct(typed) == typed


def test_most_characters_of_a_term_must_be_there() -> None:
    assert Homophones(["积极分子"], written).correct("机级芬紫") == "机级芬紫"
    assert Homophones(["监督权"], written).correct("兼都权") == "兼都权"


def test_the_register_and_the_lexicon_give_the_terms() -> None:
    terms = known_terms(Register.load(), Lexicon.load())
    assert {"中华人民共和国公务员法", "公务员法", "八项规定"} <= terms
