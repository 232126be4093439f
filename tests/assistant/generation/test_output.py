"""A model's output before it is checked: thoughts, loops, refusals, layout."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.generation.output import laid_out, looping, only_a_label, refuses, without_thoughts
from assistant.model import Role


@pytest.mark.parametrize(
    ("pieces", "left"),
    [
        (["<think>先想</think>借期三十日。"], "借期三十日。"),
        (["<th", "ink>先", "想</thi", "nk>借期", "三十日。"], "借期三十日。"),
        (["甲<think>一</think>乙<think>二</think>丙"], "甲乙丙"),
        (["<think>想个没完"], ""),
        (["1<2", "，3>2"], "1<2，3>2"),
        (["末尾<thi"], "末尾<thi"),
    ],
)
def test_thoughts_are_cut_away(pieces: list[str], left: str) -> None:
    assert "".join(without_thoughts(iter(pieces))) == left


@pytest.mark.parametrize(
    ("text", "loops"),
    [
        ("的" * 40, True),
        ("应当报告。" * 12, True),
        ("工作人员应当在五个工作日内向馆长报告有关情况。" * 3, True),
        ("第一，报告。第二，报告。第三，报告。", False),
        ("警告，六个月；记过，十二个月；记大过，十八个月。", False),
    ],
)
def test_loops_are_recognised(text: str, loops: bool) -> None:
    assert looping(text) is loops


@pytest.mark.parametrize(
    "text", ["资料中没有相关内容。", "抱歉，我无法回答。", "以上资料未提及具体期限。", "As an AI, I cannot answer."]
)
def test_refusals_are_recognised(text: str) -> None:
    assert refuses(text)


@pytest.mark.parametrize(
    "text", ["不能报销的，由个人承担。", "无法联系来访人的，应当登记。", "没有特殊情况的，不得延期。"]
)
def test_rules_that_forbid_are_no_refusals(text: str) -> None:
    assert not refuses(text)


@pytest.mark.parametrize(
    ("text", "plain", "role"),
    [
        ("- 着装整洁；", "着装整洁；", Role.ITEM),
        ("（一）着装整洁；", "着装整洁；", Role.ITEM),
        ("**要求如下：**", "要求如下：", Role.LEAD),
        ("## 要求如下：", "要求如下：", Role.LEAD),
        ("期限为12.5日。", "期限为12.5日。", Role.TEXT),
    ],
)
def test_layout_is_read_and_taken_off(text: str, plain: str, role: Role) -> None:
    assert laid_out(text) == (plain, role)


@given(st.text(alphabet="<>/think甲乙。", max_size=60), st.lists(st.integers(1, 5), max_size=40))
def test_where_the_pieces_are_cut_makes_no_difference(text: str, sizes: list[int]) -> None:
    pieces, place = [], 0
    for size in sizes:
        pieces.append(text[place : place + size])
        place += size
    pieces.append(text[place:])
    assert "".join(without_thoughts(iter(pieces))) == "".join(without_thoughts(iter([text])))


@pytest.mark.parametrize(
    ("text", "only"),
    [
        ("第七条", True),
        ("1. 第七条", True),
        ("第三章 第一节：", True),
        ("《青禾市样本规定》（2020年版，现行有效）第五章 第二十七条", True),
        ("1. 2", True),
        ("条例第1段至第3段；", True),
        ("四 （三）至（四）", True),
        ("第七条规定了种类。", False),
        ("《青禾市样本规定》。", False),
        ("三十日。", False),
    ],
)
def test_where_something_stands_is_no_sentence(text: str, only: bool) -> None:
    assert only_a_label(text) is only
