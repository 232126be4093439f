"""Conditions for different applicants and grants stay apart, who gives the last word is told from the office to ask, and what a trainer
puts right keeps its groups."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.errors import InvalidEntry
from assistant.study.policies import (
    Join,
    Part,
    Reply,
    answered,
    is_open,
    lines_of,
    outcome,
    read_card,
    replies_in,
    steps,
    taken_back,
)
from assistant.study.policies.edited import spots, with_words
from assistant.study.policies.windows import dated, window_in

CRAFT = """第一条 本办法奖励在本县从事传统手艺的个人和工坊。
第二条 手艺人申请传承补助，应当同时符合下列条件：
（一）从艺满三年；
（二）带徒一人以上，年满六十周岁的不受此项限制。
第三条 工坊申请场地补助，应当同时符合下列条件：
（一）场地在五十平方米以上；
（二）取得下列证照之一：营业执照、民办非企业登记证。
符合下列条件之一的，可以另外申领展销奖励：
（一）参加省级以上展会；
（二）年销售额一百万元以上。
第四条 有下列情形之一的，不得领取：
（一）作品侵权的；
（二）两年内有不良信用记录的，已经修复的除外。
第五条 手艺人补助三千元，工坊补助八千元。
第六条 每季度首月5日至20日由乡镇初审，县文化馆受理，县文化和旅游局会同县财政局审核，报县非遗保护领导小组审定。
第七条 骗取补助的，追回资金，三年内不得申请。
电话：0000-3003001
"""
CARD = read_card(CRAFT)
MET, NOT, UNCLEAR = Reply.MET, Reply.NOT_MET, Reply.UNCLEAR


def test_groups_for_different_applicants_and_grants_stay_apart() -> None:
    told = [(one.whose, one.beside, one.join, len(one.children)) for one in CARD.conditions]
    assert told == [
        ("手艺人申请传承补助", False, Join.ALL, 2),
        ("工坊申请场地补助", False, Join.ALL, 2),
        ("展销奖励", True, Join.ANY, 2),
    ]
    licences = CARD.conditions[1].children[1]
    assert (licences.join, [one.quote.text for one in licences.children]) == (
        Join.ANY,
        ["营业执照", "民办非企业登记证"],
    )


def test_the_office_to_ask_is_not_the_one_that_has_the_last_word() -> None:
    assert CARD.unit is not None
    assert CARD.decides is not None
    assert (CARD.unit.text, CARD.decides.text) == ("县文化和旅游局", "县非遗保护领导小组")


@pytest.mark.parametrize(
    ("sentence", "unit", "decides"),
    [
        ("申请报县林业和草原局，由其会同县财政局核实后审定。", "县林业和草原局", "县林业和草原局"),
        ("县科学技术协会初审，县残疾人联合会审批。", "县残疾人联合会", "县残疾人联合会"),
        ("各乡镇人民政府审核，县就业服务中心复核确认。", "县就业服务中心", "县就业服务中心"),
        ("县委人才办公室组织评审，提请领导小组会议审定。", "县委人才办公室", "领导小组会议"),
        ("市水利局组织专家评审，结果报市人民政府批准。", "市水利局", "市人民政府"),
    ],
)
def test_offices_are_told_by_what_they_do(sentence: str, unit: str, decides: str) -> None:
    card = read_card(sentence)
    assert card.unit is not None
    assert card.decides is not None
    assert (card.unit.text, card.decides.text) == (unit, decides)


def test_a_penalty_for_cheats_is_no_exclusion_where_the_text_lists_them() -> None:
    assert lines_of(CARD, Part.EXCLUDED) == ["作品侵权的", "两年内有不良信用记录的，已经修复的除外"]
    assert lines_of(read_card("骗取补助的，追回资金，三年内不得申请。"), Part.EXCLUDED)


@pytest.mark.parametrize(
    ("letters", "whole"),
    [
        ("yyxxxxxyy", MET),  # a craftsman alone
        ("yxxxxxxyy", MET),  # sixty years old: exempt from the second
        ("ynxxxxxyy", NOT),
        ("xxyynxxyy", MET),  # a workshop with a licence
        ("xxynnxxyy", NOT),
        ("xxyynnnyy", MET),  # no prize for fairs, and what it has stays
        ("yyyunuuyy", MET),
        ("yuxxxxxyy", UNCLEAR),
        ("xxxxxxxyy", UNCLEAR),  # nothing of it is for him
        ("yyxxxxxyn", NOT),
    ],
)
def test_one_grant_that_is_met_is_enough(letters: str, whole: Reply) -> None:
    assert outcome(CARD, replies_in(letters, CARD)).whole is whole


def test_not_for_me_answers_for_the_group_and_is_taken_back_with_it() -> None:
    assert [step.whole for step in steps(CARD)] == [2, 1, 3, 1, 1, 2, 1, 1, 1]
    letters = answered(CARD, "yy", "x")
    assert letters == "yyxxx"
    assert taken_back(CARD, letters) == "yy"
    assert taken_back(CARD, "yyy") == "yy"


def test_lead_ins_of_different_things_can_be_skipped_but_not_traded() -> None:
    card = read_card(
        "二、奖补条件\n（一）鱼塘改造应同时满足：面积十亩以上；水源稳定。\n（二）冷库建设应同时满足：容积百立方以上；用地合法。\n"
    )
    assert [one.whose for one in card.conditions] == ["鱼塘改造", "冷库建设"]
    assert outcome(card, replies_in("yyxx", card)).whole is MET
    assert outcome(card, replies_in("yynn", card)).whole is NOT


@pytest.mark.parametrize(
    ("sentence", "day", "open_on"),
    [
        ("报名时间为每年12月10日至次年1月20日。", date(2026, 1, 3), True),
        ("每年3月1日起受理，4月10日截止。", date(2026, 4, 11), False),
        ("自即日起至2026年5月31日报送。", date(2026, 5, 31), True),
        ("每月1日至8日集中申请。", date(2026, 11, 9), False),
        ("每月20日前申报。", date(2026, 11, 20), True),
        ("每季度最后一个月受理。", date(2026, 9, 30), True),
        ("每年3月和9月的1日至15日申报。", date(2026, 9, 16), False),
        ("每年6月1日至30日申报。", date(2026, 6, 30), True),
        ("材料于2026年第三季度提交。", date(2027, 8, 1), False),
        ("企业无需申报，由主管部门每年6月底前核定。", date(2026, 6, 1), None),
        ("原办法有效期延长至2026年12月31日。", date(2026, 6, 1), None),
        ("申请随到随受理。", date(2026, 6, 1), True),
        ("报名时间分别为4月和10月。", date(2026, 10, 31), True),
        ("申报自2026年3月2日开始，至2026年4月1日结束。", date(2026, 4, 2), False),
        ("乡镇每月25日前报送次月名册。", date(2026, 6, 26), None),
    ],
)
def test_days_of_applying_that_come_again_or_stand_apart(sentence: str, day: date, open_on: bool | None) -> None:
    assert is_open(window_in(sentence, 0), day) is open_on


def test_days_that_run_from_the_texts_own_are_counted_when_those_are_known() -> None:
    issued, begins = date(2026, 3, 2), date(2026, 4, 1)
    window = window_in("自本办法施行之日起30日内集中受理。", 0)
    assert is_open(window, begins) is None
    assert is_open(dated(window, issued, None), begins) is None
    counted = dated(window, issued, begins)
    assert [is_open(counted, day) for day in (date(2026, 5, 1), date(2026, 5, 2))] == [True, False]
    at_once = dated(window_in("自即日起至2026年5月31日报名。", 0), issued, begins)
    assert [is_open(at_once, day) for day in (date(2026, 3, 1), issued)] == [False, True]


def test_what_refuses_some_objects_is_no_object_and_a_demand_with_a_share_is_no_grant() -> None:
    card = read_card(
        "二、补助对象\n种植大户和果园。平原乡镇不在此列。\n三、申请条件\n（一）种植大户申请补助，应当同时符合：面积五十亩以上；无欠租。\n"
        "（二）果园申请补助的，除满足上述要求外，还应当成活率不低于80%。\n四、额度和利率\n每亩三百元。\n五、其他\n"
        "有下列情形之一的，不给予补助：\n（一）毁林的。\n县林草局监督并审核，每年选取10%的项目抽查。"
    )
    assert lines_of(card, Part.OBJECTS) == ["种植大户和果园。"]
    assert lines_of(card, Part.EXCLUDED)[0] == "平原乡镇不在此列"
    assert [one.whose for one in card.conditions] == ["", "", "果园申请补助的"]
    assert lines_of(card, Part.STANDARDS) == ["每亩三百元。"]


def test_what_everybody_must_meet_cannot_be_skipped_where_only_more_is_asked_of_some() -> None:
    card = read_card(
        "第三条 申请购机补贴，应当满足下列要求：\n（一）机具在本县作业；\n（二）发票齐全。\n"
        "合作社申请的，除满足上述要求外，还应当托管二百亩以上。\n"
    )
    assert [step.for_some for step in steps(card)] == [False, False, True]
    assert outcome(card, replies_in("yyx", card)).whole is MET
    assert outcome(card, replies_in("yyn", card)).whole is NOT


def test_a_trainer_who_edits_keeps_the_groups_and_whom_they_are_for() -> None:
    lines = lines_of(CARD, Part.CONDITIONS)
    assert lines[:3] == ["手艺人申请传承补助，应当同时符合下列条件：", "　　从艺满三年", lines[2]]
    assert "　　　　营业执照" in lines
    del lines[1]
    changed = with_words(CARD, Part.CONDITIONS, CRAFT, spots(CRAFT, Part.CONDITIONS, lines, CARD))
    assert lines_of(changed, Part.CONDITIONS) == lines
    assert [(one.whose, one.join) for one in changed.conditions] == [(o.whose, o.join) for o in CARD.conditions]
    assert changed.conditions[1] == CARD.conditions[1]


def test_lines_that_stand_nowhere_or_hang_below_nothing_are_refused() -> None:
    for lines, why in ((["从艺满九年"], "不是原文里的话"), (["　　从艺满三年"], "缩进太深")):
        with pytest.raises(InvalidEntry, match=why):
            spots(CRAFT, Part.CONDITIONS, lines, CARD)


def test_words_that_stand_twice_are_found_after_the_line_before() -> None:
    text = "手艺人可以申请。条件：手艺人从艺满三年；工坊登记满三年；手艺人无欠税。"
    placed = spots(text, Part.CONDITIONS, ["工坊登记满三年", "手艺人"], read_card(""))
    assert placed[1][0] == text.rindex("手艺人")


def test_what_an_older_desk_kept_without_levels_still_reads() -> None:
    at = CRAFT.index("从艺满三年")
    card = with_words(CARD, Part.CONDITIONS, CRAFT, [[at, at + 5]])
    assert lines_of(card, Part.CONDITIONS) == ["从艺满三年"]
