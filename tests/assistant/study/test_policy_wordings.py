"""Wordings of conditions, refusals, sums and telephones that policies of other places brought."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.study.policies import Join, Part, lines_of, read_card
from knowledge.metadata import identify
from knowledge.model import IdentityCard
from knowledge.parsing.loaders import read
from knowledge.parsing.outline import outline


def identity(folder: Path, text: str) -> IdentityCard:
    path = folder / "文件.txt"
    path.write_text(text, encoding="utf-8")
    source = read(path)
    return identify(source, path.name, outline(source))


def test_a_line_that_leads_to_a_list_takes_it_in_a_text_without_articles() -> None:
    card = read_card(
        "第一节 身份\n申请人符合下列身份之一即可：\n1. 户籍在本镇的青年；\n2. 本镇生源的毕业生。\n第二节 条件\n"
        "除上述身份外，还须同时满足以下条件：\n（1）开店满半年；\n（2）雇用一人以上。\n第三节 补助\n每人补助三千元。\n"
    )
    either, *further = card.conditions
    assert (either.join, [one.quote.text for one in either.children]) == (
        Join.ANY,
        ["户籍在本镇的青年", "本镇生源的毕业生"],
    )
    assert [one.quote.text for one in further] == ["开店满半年", "雇用一人以上"]


def test_a_heading_that_refuses_takes_the_list_below_it() -> None:
    card = read_card("三、有下列情形的，不予扶持\n1．刷单的；\n2．售假被罚未满一年的。\n四、补贴\n每单补贴一元。\n")
    assert lines_of(card, Part.EXCLUDED) == ["刷单的", "售假被罚未满一年的"]


def test_one_condition_is_enough_where_another_article_says_so() -> None:
    card = read_card(
        "第二条 申请人应当符合第三条规定的条件之一，并符合第四条规定的全部条件。\n第三条 资格条件：\n"
        "（一）硕士以上学历；\n（二）副高以上职称。\n"
        "第四条 基本条件：\n（一）年龄不超过四十周岁；\n（二）签订三年以上协议。\n"
    )
    joins = [(one.join, len(one.children)) for one in card.conditions]
    assert joins == [(Join.ANY, 2), (Join.ALL, 0), (Join.ALL, 0)]


def test_cases_that_relax_a_condition_are_its_exception() -> None:
    card = read_card(
        "第三条 参评应当同时具备下列条件：\n（一）任职满三年；\n（二）考核均为称职以上。\n"
        "第四条 有下列情形之一的，任职时间可以放宽至两年：\n（一）受过市级表彰的；\n（二）参加抢险的。\n"
    )
    assert [one.exception for one in card.conditions] == [
        "有下列情形之一的，任职时间可以放宽至两年：受过市级表彰的；参加抢险的",
        "",
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "在编人员及其近亲属除外。",
        "挂职干部按其他规定执行，不适用本办法。",
        "同一项目领过创业补贴的，不再给予启动补助，但可以申请贴息。",
    ],
)
def test_sentences_that_refuse(sentence: str) -> None:
    card = read_card(f"第二条 本办法适用于在本县创业的青年。{sentence}\n第三条 每人补助三千元。\n")
    assert [one.quote.text in sentence for one in card.excluded] == [True]


def test_the_highest_grade_alone_refuses_nobody_and_a_payment_in_parts_is_no_sum() -> None:
    card = read_card(
        "三、奖励标准\n（一）市级企业奖励五万元；\n（二）县级企业奖励二万元。\n同一企业按照最高级别享受，不重复奖励。\n"
        "补助采取先建后补方式。\n奖励分两期发放：审定后发放60%，投产后发放40%。\n"
    )
    assert card.excluded == ()
    assert [one.text.rstrip("；。") for one in card.standards] == [
        "市级企业奖励五万元",
        "县级企业奖励二万元",
        "同一企业按照最高级别享受，不重复奖励",
    ]


def test_numbers_of_the_place_and_of_a_mobile_are_whole() -> None:
    card = read_card(
        "第九条 咨询电话：县文化馆0000-6003001、县教育局6003002；值班手机19000001234。\n第十条 每户补助5000000元。\n"
    )
    assert [one.text for one in card.phones] == ["0000-6003001", "6003002", "19000001234"]


def test_a_committee_meeting_is_no_office_and_a_second_check_is_work() -> None:
    card = read_card("第九条 县委组织部会同县财政局审核，报县委常委会研究审定。\n")
    assert card.unit is not None
    assert card.unit.text == "县委组织部"
    card = read_card("第九条 乡镇人民政府受理，市工业和信息化局复审。\n云岭市人民政府\n", issuer="云岭市人民政府")
    assert card.unit is not None
    assert card.unit.text == "市工业和信息化局"


def test_a_notice_that_prolongs_ends_when_it_says_of_the_text_it_prolongs(tmp_path: Path) -> None:
    card = identity(
        tmp_path,
        "关于延长稳岗补助政策执行期限的通知\n各乡镇：\n一、《通知》规定的各项政策执行期限延长至2027年12月31日。\n"
        "二、本通知自2026年1月1日起执行。\n青禾市人力资源和社会保障局\n2025年12月1日\n",
    )
    assert str(card.valid_until) == "2027-12-31"


def test_a_text_that_ends_with_a_five_year_plan_ends_with_its_last_day(tmp_path: Path) -> None:
    card = identity(
        tmp_path,
        "青禾市创新券管理办法\n第一条 为降低成本，制定本办法。\n"
        "第二条 本办法自2022年7月1日起施行，有效期与《青禾市“十四五”创新规划》规划期一致。\n青禾市人民政府\n2022年6月1日\n",
    )
    assert str(card.valid_until) == "2025-12-31"


def test_the_years_of_a_plan_stay_in_its_title(tmp_path: Path) -> None:
    card = identity(
        tmp_path, "青禾县产业三年行动计划（2026—2028年）\n为加快发展，制定本计划。\n一、目标\n到2028年翻一番。\n"
    )
    assert card.title == "青禾县产业三年行动计划（2026—2028年）"
