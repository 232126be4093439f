"""Forty people held against the conditions of invented policies; the outcome is what a clerk who read the text would add up."""

from __future__ import annotations

import pytest
from invented_policies import Invented, policies

from assistant.errors import InvalidExcerpt
from assistant.study.policies import Reply, outcome, replies_in, steps

MET, NOT, UNCLEAR = Reply.MET, Reply.NOT_MET, Reply.UNCLEAR
#: Policy, the person, what he replies to each condition (y 符合, n 不符合, u 不清楚, x 不针对我), the whole as judged by hand.
WALKS = (
    ("p01", "在外务工两年，开店一年半，雇四人", "yyyyy", MET),
    ("p01", "只雇了两人", "yynyy", NOT),
    ("p01", "弟弟的店领过补贴，同一家店", "yyyyn", NOT),
    ("p01", "记不清执照哪天办的", "yuyyy", UNCLEAR),
    ("p02", "有一件发明专利，不在信息库，不是高企", "yynnyyyy", MET),
    ("p02", "三种资质都没有", "yynnnyyy", NOT),
    ("p02", "资质都没有把握", "yynuuyyy", UNCLEAR),
    ("p02", "在信息库，服务方是自己的子公司", "yyynnyny", NOT),
    ("p03", "出口六百万，有制度，无事故", "yyy", MET),
    ("p03", "出过较大事故，整改验收合格，除外", "yyy", MET),
    ("p03", "出口四百万", "nyy", NOT),
    ("p04", "任职三年，称职，村收入二十五万，无处分", "yyyyyy", MET),
    ("p04", "受警告处分，影响期没满", "yyynyy", NOT),
    ("p05", "博士，合同三年，社保八个月，租房", "yyyy", MET),
    ("p05", "事业单位在编", "yyyn", NOT),
    ("p05", "配偶名下有没有房没问过", "yyuy", UNCLEAR),
    ("p07", "专精特新，设备投资二百五十万，按放宽的标准", "yyyyy", MET),
    ("p07", "普通规上企业，投资二百五十万", "ynyyy", NOT),
    ("p08", "户籍迁入半年", "ny", NOT),
    ("p10", "集体决策过，没有私利，损失可控", "yyyyyyy", MET),
    ("p10", "没有集体决策也没有报批", "ynyyyyy", NOT),
    ("p10", "出过重大安全事故，因不可抗力，除外", "yyyyyyy", MET),
    ("p14", "企业转给了妻子，除外不算一致以外", "yyyy", MET),
    ("p15", "只建有市级研发机构", "nnyy", MET),
    ("p15", "三项都不是", "nnny", NOT),
    ("p15", "增长多少还没算出来，其他都不是", "nuny", UNCLEAR),
    ("p15", "研发费用已得过同类补助", "ynnn", NOT),
    ("p16", "因负伤长期病休，除外", "yyyyy", MET),
    ("p16", "借调离校五个月", "yynyy", NOT),
    ("p19", "只有近零能耗标识", "ynyyy", MET),
    ("p19", "政府投资项目", "yyyyn", NOT),
    ("p22", "有品牌项目称号，专职四人", "yynynyy", MET),
    ("p22", "在异常名录", "yyyyyyn", NOT),
    ("p24", "租的是父亲的房子，除外", "yyny", NOT),
    ("p27", "国内展览，面积六千，展期三天", "yyxyy", MET),
    ("p27", "国际性展览，境外参展商一成", "yynyy", NOT),
    ("h12", "公厕没达到三类", "yyynyy", NOT),
    ("h12", "全部要求都达到", "yyyyyy", MET),
    ("h13", "个人申请，没有其他贷款", "yxyyy", MET),
    ("h09", "只更新了三十万设备", "nyyy", MET),
)


@pytest.fixture(scope="module")
def every() -> dict[str, Invented]:
    return {one.id: one for name in ("policies_a", "policies_b", "policies_held_back") for one in policies(name)}


def test_forty_walks_add_up_as_judged_by_hand(every: dict[str, Invented]) -> None:
    found = {
        (policy, who): outcome(every[policy].card, replies_in(letters, every[policy].card)).whole
        for policy, who, letters, _ in WALKS
    }
    assert len(WALKS) == 40
    assert found == {(policy, who): whole for policy, who, _, whole in WALKS}


def test_every_leaf_is_asked_once_and_replies_for_another_text_are_refused(every: dict[str, Invented]) -> None:
    card = every["p02"].card
    assert [step.excluded for step in steps(card)] == [False] * 5 + [True] * 3
    for letters in ("yyyyyyyyy", "q", "x"):
        with pytest.raises(InvalidExcerpt):
            replies_in(letters, card)
