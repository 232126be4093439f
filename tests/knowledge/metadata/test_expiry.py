"""Until when a text counts is read in its many wordings, and the terms of certificates and procedures are not taken for it."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.metadata.expiry import OpenTerm, expiry, for_good, open_term, reread

BEGINS = date(2024, 5, 1)
STATED = (
    ("本办法自2024年5月1日起施行，有效期至2026年3月31日。", date(2026, 3, 31)),
    ("本办法自发布之日起施行，有效期3年。", date(2027, 4, 30)),
    ("第八条 本措施自印发之日起施行，有效期五年。", date(2029, 4, 30)),
    ("本细则自2024年5月1日起施行。有效期为2年。", date(2026, 4, 30)),
    ("本政策由区商务局负责解释。本政策执行期限为2024年1月1日至2026年12月31日。", date(2026, 12, 31)),
    ("七、有效期\n自2024年5月1日起至2027年4月30日止。", date(2027, 4, 30)),
    ("本细则自2025年1月1日起试行，试行期一年。", date(2025, 4, 30)),
    ("本通知自发布之日起暂行两年。", date(2026, 4, 30)),
    ("本规定自公布之日起施行，试行三年。", date(2027, 4, 30)),
    ("政策有效期：2025年1月1日—2027年12月31日", date(2027, 12, 31)),
    ("本办法自2023年9月1日起施行，有效期两年，到期自动失效。", date(2026, 4, 30)),
    ("本办法自2023年7月1日起施行，执行至2026年6月30日。", date(2026, 6, 30)),
    ("本公告有效期截止2026年12月31日。", date(2026, 12, 31)),
    ("本方案实施期限三年，自印发之日起计算。", date(2027, 4, 30)),
    ("本办法有效期自2024年9月1日起至2026年8月31日。", date(2026, 8, 31)),
    ("本通知自下发之日起执行，政策有效期延长至2026年12月31日。", date(2026, 12, 31)),
    ("本方案2025年度内有效。", date(2025, 12, 31)),
    ("本细则有效期届满日期为2025年12月31日，有效期届满自行失效。", date(2025, 12, 31)),
    ("本办法自2026年3月1日起实施，至2028年2月29日止。", date(2028, 2, 29)),
    ("本政策执行到2026年底。", date(2026, 12, 31)),
    ("本通告自发布之日起生效，于2026年5月31日到期后不再执行。", date(2026, 5, 31)),
    ("本细则自2022年6月1日起施行，2025年5月31日废止。", date(2025, 5, 31)),
    ("本办法自2025年7月1日起废止。", date(2025, 6, 30)),
    ("【有效期】2024-03-01至2027-02-28", date(2027, 2, 28)),
    ("本公告至2025年12月31日止有效。", date(2025, 12, 31)),
    ("本办法自2020年7月1日起施行，暂行期五年。", date(2029, 4, 30)),
    ("本办法于2024年5月1日起施行，施行期限为三年。", date(2027, 4, 30)),
    ("本意见自2024年5月1日起施行，有效期十八个月。", date(2025, 10, 31)),
    ("本办法自二〇二四年五月一日起施行，有效期至二〇二六年十二月三十一日。", date(2026, 12, 31)),
    ("本通知执行时间为2025年1月1日至12月31日。", date(2025, 12, 31)),
    ("本方案实施期限为2024—2026年，遇上级调整从其规定。", date(2026, 12, 31)),
    ("本措施有效期为2024年度至2027年度。", date(2027, 12, 31)),
    ("本奖补政策自2026年3月1日起执行，至2026年9月30日结束。", date(2026, 9, 30)),
    ("本规定有效期三年，自2024年7月1日起计算。", date(2027, 6, 30)),
    ("本办法自2022年起实施，为期四年。", date(2028, 4, 30)),
    ("本措施执行至“十四五”末，届时另行研究。", date(2025, 12, 31)),
    ("本通知自2024年5月1日起执行，2026年10月1日起停止执行。", date(2026, 9, 30)),
    ("本政策适用于2026年1月1日至2026年6月30日期间发生的业务。", date(2026, 6, 30)),
)
NOT_STATED = (
    "证书有效期为三年，期满需重新认定。",
    "高新技术企业证书有效期满后应当重新申请认定。",
    "（二）取得职业技能等级证书，证书在有效期内；",
    "资格有效期自公布之日起计算，有效期限为三年的，不得跨年使用。",
    "食品经营许可证有效期至2026年3月31日的，应当提前三十日申请延续。",
    "申报期限：2026年5月10日至2026年6月20日。",
    "自2025年9月15日至2025年11月30日，由养殖户向所在乡镇申报。",
    "公示期自2025年3月1日起至2025年3月7日止。",
    "投标有效期为九十日。",
    "补贴期限最长不超过三年。",
    "《青禾县集市管理办法》有效期延长至2027年12月31日。",
    "《花溪县招商引资奖励暂行办法》自2025年7月1日起废止。",
    "受理期限为2026年1月1日至2026年11月30日。",
    "处分期间为十二个月，影响期两年。",
    "租赁合同有效期五年以上。",
    "试用期一年，试用期满考核合格的予以任职。",
    "本办法所称近三年，是指申报年度之前的三个完整年度。",
    "健康证明在有效期内，有效期一年。",
    "聘任书有效期为三年，聘期自2024年1月1日至2026年12月31日止。",
    "在三个乡镇先行试行一年后总结经验。",
    "本办法自2024年5月1日起施行。",
    "本规定自发布之日起施行，有效期至新的规定出台之日止。",
    "报价有效期至2026年3月31日。",
    "干部试行任职期一年。",
    "奖励申请截止时间为2026年3月31日。",
    "入选名单有效期两年，有效期内不再重复评选。",
    "本办法规定的集中培训为期两个月的，另给补助。",
    "原奖励办法规定的尾款在2026年3月31日前结清。",
)


@pytest.mark.parametrize(("text", "last"), STATED)
def test_the_last_day_is_read_in_whatever_words_it_is_said(text: str, last: date) -> None:
    found = expiry(text)
    assert found is not None
    assert found.until(BEGINS) == last
    assert found.words in text[found.start : found.end]
    assert reread(found.words, BEGINS) == last


def test_the_terms_of_certificates_procedures_and_other_texts_are_not_the_texts_own() -> None:
    assert {text: found.words for text in NOT_STATED if (found := expiry(text)) is not None} == {}


def test_a_term_waits_for_the_day_from_which_it_runs() -> None:
    found = expiry("本办法自发布之日起施行，有效期3年。")
    assert found is not None
    assert found.until(None) is None
    assert found.until(date(2024, 2, 29)) == date(2027, 2, 28)


def test_the_text_itself_may_be_named_by_its_title() -> None:
    text = "《青禾县集市管理办法》有效期延长至2027年12月31日。"
    found = expiry(text, title="青禾县集市管理办法")
    assert found is not None
    assert found.until(None) == date(2027, 12, 31)


def test_a_notice_that_prolongs_an_older_text_says_its_own_last_day() -> None:
    text = "现就延续《河西县以工代训补贴办法》（有效期至2025年6月30日）通知如下。\n原办法有效期延长至2026年6月30日。"
    found = expiry(text, title="关于延续实施以工代训补贴的通知")
    assert found is not None
    assert found.until(None) == date(2026, 6, 30)
    assert expiry(text, title="关于以工代训补贴的通知") is None


def test_a_term_without_a_day_is_told_from_none_and_one_for_good_from_one_that_hangs_on_another_text() -> None:
    said = {
        "本规定自2023年5月1日起施行，长期有效。": OpenTerm("长期有效", True),
        "本细则自2023年5月1日起施行，在重新修订前持续有效。": OpenTerm("在重新修订前持续有效", True),
        "本方案自印发之日起执行，有效期与乡村振兴规划一致。": OpenTerm("有效期与乡村振兴规划一致", False),
        "本办法自2023年5月1日起施行。": None,
        "取得的资格证书长期有效。": None,
    }
    assert {text: open_term(text) for text in said} == said
    assert [for_good(words) for words in ("长期有效", "有效期与乡村振兴规划一致", "")] == [True, False, False]
