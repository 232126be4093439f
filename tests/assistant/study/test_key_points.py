"""What a document is boiled down to: headings, definitions, figures, time limits, each word for word at its place."""

from __future__ import annotations

import pytest

from assistant.study.key_points import Point, Sort, key_points, of_sort
from knowledge.model import SourceText
from knowledge.parsing.outline import outline

RULE = """青禾市书屋管理办法

第一章 总则

第一条 为了办好书屋，制定本办法。

第二条 本办法所称书屋，是指向居民免费开放的阅览场所。

第二章 开放

第三条 书屋每周开放不少于四十八小时，藏书不少于三千册。

第四条 居民的意见应当自收到之日起七日内答复；购书计划应当于每年11月30日前报送。

第五条 挪用购书经费的，处二年以下停用；近三年内受过表彰的优先。

第六条 本办法自2024年3月1日起施行。
"""


@pytest.fixture(scope="module")
def points() -> list[Point]:
    return key_points(RULE, outline(SourceText(RULE)))


def marked(points: list[Point], sort: Sort) -> list[str]:
    return [piece.text for one in of_sort(points, sort) for piece in one.pieces if piece.marked]


def test_every_point_is_the_text_itself_at_its_place(points: list[Point]) -> None:
    assert all(RULE[one.start : one.end] == one.words for one in points)
    assert all("".join(piece.text for piece in one.pieces) == one.words for one in points)
    assert [one.words for one in of_sort(points, Sort.HEADING)] == ["第一章 总则", "第二章 开放"]


def test_a_term_that_the_text_explains_is_a_definition(points: list[Point]) -> None:
    assert marked(points, Sort.DEFINITION) == ["书屋"]
    assert of_sort(points, Sort.DEFINITION)[0].address == "第一章/第二条"


def test_a_time_within_which_something_is_to_be_done_is_a_deadline_and_a_penalty_is_none(points: list[Point]) -> None:
    assert marked(points, Sort.DEADLINE) == ["七日", "11月30日"]
    assert "二年" in marked(points, Sort.FIGURE)


def test_the_day_on_which_a_text_begins_to_count_is_no_point(points: list[Point]) -> None:
    assert not [one for one in points if "施行" in one.words]


def test_a_figure_of_a_name_counts_nothing() -> None:
    speech = "关于书屋的意见\n\n一、总体要求\n\n围绕“五位一体”总体布局和两个一百年目标，用五年时间办好书屋。\n"
    assert not marked(key_points(speech, outline(SourceText(speech))), Sort.FIGURE)
