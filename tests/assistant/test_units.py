"""Sentences and items of a passage, at their offsets."""

from __future__ import annotations

import pytest

from assistant.answering.sentences import units

ARTICLE = (
    "第五条　有下列情形之一的，应当归还：\n（一）期限已满的；\n（二）馆内急用的。\n"
    "前款所称急用，是指“三日内必须使用。不能等待”的情况。遗失的，照价赔偿！"
)


def test_every_unit_is_the_text_at_its_offsets() -> None:
    shifted = "前言。\n" + ARTICLE
    for unit in units(ARTICLE, offset=4):
        assert shifted[unit.start : unit.end] == unit.text


def test_the_articles_number_is_left_off_its_first_unit() -> None:
    assert units(ARTICLE)[0].text == "有下列情形之一的，应当归还："


def test_items_belong_to_the_sentence_that_introduces_them() -> None:
    found = units(ARTICLE)
    assert [unit.text for unit in found if unit.item] == ["（一）期限已满的；", "（二）馆内急用的。"]
    assert {unit.lead for unit in found if unit.item} == {0}
    assert all(unit.lead is None for unit in found if not unit.item)


def test_a_stop_inside_quotes_does_not_end_a_sentence() -> None:
    assert units(ARTICLE)[3].text == "前款所称急用，是指“三日内必须使用。不能等待”的情况。"
    assert units(ARTICLE)[4].text == "遗失的，照价赔偿！"


@pytest.mark.parametrize("label", ["（一）", "(1)", "1.", "１．", "①", "一、"])
def test_the_ways_of_numbering_an_item_are_known(label: str) -> None:
    lead, item = units(f"应当做到：\n{label}按时归还；")
    assert item.item
    assert lead.text == "应当做到："


@pytest.mark.parametrize("text", ["", "\n\n", "　　", "第八条"])
def test_a_text_that_says_nothing_has_no_units(text: str) -> None:
    assert units(text) == []


TABLE = (
    "第六条　住宿费标准如下：\n单位：元/人天\n类别 | 岗位 | 标准 | 说明\n甲类 | 馆长 | 500 | 凭票。超出自理。 | \n"
    "副馆长 | 400 | 凭票\n乙类 | 馆员 | 300 | 凭票\n超出部分由个人负担。"
)


def test_a_row_of_a_table_is_read_under_its_header_and_the_cells_it_leaves_out() -> None:
    found = units(TABLE)
    text = [unit.text for unit in found]
    deputy = found[text.index("副馆长 | 400 | 凭票")]
    assert [text[index] for index in deputy.under] == [
        "住宿费标准如下：", "单位：元/人天", "类别 | 岗位 | 标准 | 说明", "甲类 | 馆长 | 500 | 凭票。超出自理。 |"
    ]  # fmt: skip
    clerk = found[text.index("乙类 | 馆员 | 300 | 凭票")]
    assert [text[index] for index in clerk.under] == text[:3]
    assert found[-1].under == ()
    assert all(TABLE[unit.start : unit.end] == unit.text for unit in found)
