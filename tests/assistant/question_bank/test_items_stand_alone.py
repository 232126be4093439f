"""Items that an independent reader found wanting: half a thought, half a range, a wrong option that is also right, a recitation."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from duty_library import bring

from assistant.study.question_bank import BLANK, Content, Kind
from assistant.study.question_bank.making import make
from knowledge.knowledge_base import KnowledgeBase

KEYS = """云川市钥匙管理规定

（2025年2月1日云川市机关事务局印发　自2025年3月1日起施行）

第一条　领用钥匙的保管费收取标准和计算方法：

每领用一次钥匙，按押金的百分之十计收费用。

第二条　钥匙的押金按照购置价格的30%-50%收取并且登记入账。

第三条　每年4月15日为全市机关钥匙安全检查日，各单位应当组织自查。

第四条　保管员应当在每日下班以前核对全部钥匙，核对记录应当保存三年。

接到报告后，管理部门应当在十日内更换门锁并且登记。

第五条　保管员有下列行为之一的，应当调离保管岗位：
（一）私自配制钥匙的；
（二）被警告或者记过的；
（三）丢失钥匙不报的。

第六条　钥匙使用人有下列行为之一的，应当收回钥匙：
（一）转借给他人的；
（二）因违纪被记过处分的；
（三）拒绝配合检查的；
（四）在值班室以外过夜存放的。

第七条　领用重要部位的钥匙，应当按照下列规定办理登记：
（一）白天领用的，由领用人持工作证到值班室填写登记表，值班员核对照片和单位以后在表上签字，再交给领用人；
（二）夜间领用的，由领用人事先报值班领导同意，值班员电话核实以后在登记表上注明时间，两人在场才能交出；
（三）节假日领用的，由领用人提前一天报办公室备案，值班员核对备案名单以后签字，用完当天必须归还不得过夜。

第八条　钥匙的管理分工如下：
（一）办公室保管总钥匙；
（二）后勤科登记领用；
（三）值班室核对数量。

第九条　有下列行为之一，情节较重的，给予通报：
（一）涂改登记的；
（二）私藏钥匙的；
（三）冒名领用的。

第十条　更换档案库房的门锁，由后勤科提出方案，报请市人民政府批准。

第十一条　更换财务库房的门锁，报分管领导小组批准。

第十二条　每年作废的钥匙清单由物资监督委员会审核。

第十三条　紧急开锁的方案由安全管理办公室制定。

第十四条　本规定自2025年3月1日起施行。
"""


@pytest.fixture
def made(kb: KnowledgeBase, tmp_path: Path) -> list[Content]:
    bring(kb, tmp_path, KEYS, "云川市钥匙管理规定.txt")
    document = next(one for one in kb.documents() if "钥匙" in one.card.title)
    return [one.content for one in make(kb, document, 60)]


def of(made: Sequence[Content], words: str) -> list[Content]:
    return [one for one in made if words in one.stem]


def test_what_only_the_lines_around_a_sentence_make_clear_is_not_asked(made: list[Content]) -> None:
    assert of(made, "核对记录应当保存"), "a sentence that stands by itself is"
    assert not of(made, "计收费用"), "of what, the lead-in before it says"
    assert not of(made, "接到报告后"), "of what, the sentence before says"


def test_half_of_a_range_is_not_asked_and_beside_a_day_of_the_month_stand_only_days(made: list[Content]) -> None:
    assert not of(made, "押金按照购置价格")
    for one in of(made, "安全检查日"):
        for shown in (one.stem.replace(BLANK, option) for option in one.options or one.answer):
            assert "4月45日" not in shown
            assert "4月60日" not in shown


def test_a_body_is_named_without_the_verb_before_it_and_nobodys_acts_are_not_asked(made: list[Content]) -> None:
    options = {option for one in made for option in one.options}
    assert "市人民政府" in options
    assert not [one for one in options if one.startswith("请")]
    assert not of(made, "情节较重")


def test_an_option_that_overlaps_a_listed_member_is_not_taken_for_wrong(made: list[Content]) -> None:
    chosen = [one for one in made if one.kind is Kind.MULTIPLE]
    assert chosen
    for one in chosen:
        assert not {"被警告或者记过的", "因违纪被记过处分的"} <= {*one.options}


def test_an_enumeration_is_asked_as_a_question_and_long_rules_are_not_recited(made: list[Content]) -> None:
    assert {one.stem.split("》，")[1] for one in made if one.kind is Kind.SHORT} == {
        "保管员有哪些行为的，应当调离保管岗位？请逐项写出。",
        "钥匙使用人有哪些行为的，应当收回钥匙？请逐项写出。",
    }
