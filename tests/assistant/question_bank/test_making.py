"""Items made from passages: every key is in the text, every wrong option is not, and nothing hangs on what stands elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from duty_library import bring

from assistant.study.question_bank import BLANK, FALSE, LETTERS, Content, Kind
from assistant.study.question_bank.making import make
from assistant.study.self_test import mark
from knowledge.knowledge_base import KnowledgeBase

STORES = """云川市物资仓库管理规定

（2025年2月1日云川市机关事务局印发　自2025年3月1日起施行）

第一章　总则

第一条　为了规范物资仓库管理，制定本规定。

第二条　仓库管理坚持分级负责、统一登记、定期盘点、账实相符的原则。

第二章　管理

第三条　仓库管理人员应当在物资入库之日起五日内完成登记。

仓库主任每届任期为三年。

第四条　物资采购金额超过二万元的，应当公开询价。

第五条　库存物资应当至少每六个月全面盘点，盘点结果应当保存十年。

第六条　前款规定的期限可以延长二日。

第七条　损坏的物资需要报废的，由市财政局批准。

第八条　仓库新增岗位的，由机关工会委员会审核。

第九条　年度盘点方案由仓储监督小组办公室制定。

第十条　仓库安全检查计划由市应急管理部门确定。

第十一条　仓库管理人员在值班期间履行下列职责：
（一）登记物资的入库和出库；
（二）检查消防器材是否完好；
（三）保管钥匙和封条；
（四）其他与仓库有关的工作。

第十二条　安全监督员对仓库履行下列职责：
（一）抽查夜间值守情况；
（二）组织应急演练；
（三）督促整改火灾隐患。

第三章　附则

第十三条　本规定自2025年3月1日起施行。
"""


@pytest.fixture
def made(kb: KnowledgeBase, tmp_path: Path) -> list[Content]:
    bring(kb, tmp_path, STORES, "云川市物资仓库管理规定.txt")
    document = next(one for one in kb.documents() if "仓库" in one.card.title)
    again = [one.content for one in make(kb, document, 40)]
    assert again == [one.content for one in make(kb, document, 40)], "the same text gives the same items"
    return again


def of(made: Sequence[Content], words: str) -> list[Content]:
    return [one for one in made if words in one.stem]


def test_every_key_is_in_the_text_and_no_wrong_option_is_there(made: list[Content], kb: KnowledgeBase) -> None:
    text = kb.text(next(one for one in kb.documents() if "仓库" in one.card.title).version_id)
    assert {one.kind for one in made} >= {Kind.SINGLE, Kind.MULTIPLE, Kind.JUDGE, Kind.FILL, Kind.SHORT}
    for one in made:
        assert one.source
        assert text[one.source.start : one.source.end] == one.source.quote
        assert one.stem.startswith("根据《云川市物资仓库管理规定》，")
        said = one.stem.removeprefix("根据《云川市物资仓库管理规定》，")
        if one.kind in (Kind.SINGLE, Kind.FILL):
            for option in one.options or (one.answer[0],):
                filled = said.replace(BLANK, option)
                right = option in one.right_options or not one.options
                assert (filled in text) == right, filled
        if one.kind is Kind.JUDGE:
            assert (said in text) == (one.answer != (FALSE,))
        if one.kind is Kind.MULTIPLE:
            for letter, option in zip(LETTERS, one.options, strict=False):
                assert (option in one.source.quote) == (letter in one.answer)


def test_what_points_elsewhere_or_is_a_formality_is_not_asked(made: list[Content]) -> None:
    assert not of(made, "前款")
    assert not of(made, "施行")
    assert not of(made, "制定本规定")


def test_wrong_figures_are_of_the_same_unit(made: list[Content]) -> None:
    choices = [one for one in made if one.kind is Kind.SINGLE and one.options[0][-1] in "年日月元"]
    assert choices
    for one in choices:
        assert len({option.lstrip("一二三四五六七八九十百千万") for option in one.options}) == 1


def test_an_enumeration_is_asked_with_members_of_another_one_and_without_the_open_end(made: list[Content]) -> None:
    (one,) = [one for one in of(made, "仓库管理人员在值班期间履行") if one.kind is Kind.MULTIPLE]
    assert not [option for option in one.options if "其他" in option]
    assert {"抽查夜间值守情况", "组织应急演练", "督促整改火灾隐患"} & set(one.options)
    assert not [one for one in of(made, "仓库管理人员在值班期间履行") if one.kind is Kind.SHORT], "its end is open"
    (whole,) = [one for one in of(made, "安全监督员") if one.kind is Kind.SHORT]
    assert whole.answer[0].count("\n") == 2


def test_a_figure_with_two_answers_in_the_text_is_not_asked(kb: KnowledgeBase, tmp_path: Path) -> None:
    twice = STORES.replace(
        "第四条　物资采购",
        "第四条　仓库管理人员应当在物资入库之日起九日内完成登记。\n\n物资采购",
    )
    bring(kb, tmp_path, twice, "云川市物资仓库管理规定.txt")
    document = next(one for one in kb.documents() if "仓库" in one.card.title)
    assert not [one for one in make(kb, document, 40) if "入库之日起" in one.content.stem]


def test_made_items_are_marked_right_by_their_own_key(made: list[Content]) -> None:
    for one in made:
        if one.kind is not Kind.SHORT:
            assert mark(one, one.answer).right, one.stem
