"""What a blank accepts and what it never accepts: pairs labelled by hand."""

from __future__ import annotations

from assistant.study.question_bank import Content, Kind
from assistant.study.self_test import fits, mark

#: Expected=given, or expected@what follows the blank=given; `_` is a space.
RIGHT = """
二百元=200元 二百元=２００元 二百元=200_元 二百元=二百元 二百元=二百元。 二百元=200.0元 200元=二百元 三日=3日
三日=三天 三日=3天 三十日=30天 三个月=3个月 三个月=三个月 一年=12个月 一年=十二个月 两年=2年 两年=二年
半年=六个月 半年=6个月 24小时=二十四小时 二十四小时=24小时 五个工作日=5个工作日 5个工作日=五个工作日
十五个工作日=15个工作日 三分之二=2/3 三分之二=３分之２ 百分之五=5% 5%=百分之五 80%=百分之八十 3.5万元=35000元
3.5万元=三万五千元 三万元=30000元 三万元=3万元 1,200元=1200元 1200元=1,200元 一千二百元=1200元 两人=2人
两人=二人 两名=2名 三人=3名 五人=5人 十八周岁=18周岁 十八周岁=18岁 四十五周岁=45周岁 二次=2次 两次=2次
三倍=3倍 二〇二六年=2026年 第三次=第3次 不少于三年=不少于3年 不超过二百元=不超过200元 三年以上=3年以上
十日内=10日内 十日内=十天内 五年以下=5年以下 三至五年=3至5年 实事求是=实事求是。 实事求是=“实事求是”
实事求是=實事求是 党委（党组）=党委(党组) 集体领导、民主集中=集体领导，民主集中
集体领导、民主集中=集体领导民主集中 中央纪委|中央纪律检查委员会=中央纪律检查委员会
中央纪委|中央纪律检查委员会=中央纪委 ABC=abc 支部大会=支部_大会 政治纪律=政治纪律
全国人民代表大会=全国人民代表大会 国务院=国务院 三@年以上=3年 三@年以上=3 三@年以上=三年 200@元=二百元
200@元=200 五@个工作日=5个工作日 十五@日内=15日 十五@日内=15天 二@名以上=2名 十八@周岁=18岁
"""
WRONG = """
二百元=2000元 二百元=二千元 二百元=20元 二百元=200 二百元=二百 二百元=200万元 二百元=二百多元 二百元=200余元
二百元=约二百元 二百元=不超过二百元 三日=三个月 三日=三个工作日 三日=3 三日=十三日 三日=三十日 三日=30日
三个月=三年 三个月=3月 三个月=两个月 一年=一个月 一年=11个月 一年=13个月 半年=五个月 三分之二=三分之一
三分之二=2/5 三分之二=三分之二以上 百分之五=5 百分之五=50% 5%=0.5% 5%=5‰ 3.5万元=3.5元 3.5万元=35万元
3.5万元=三万元 1.5倍=15倍 15倍=1.5倍 两人=两次 两人=2 三人=三人以上 三年以上=三年以下 三年以上=三年
三年以下=三年以上 不少于三年=不多于三年 不少于三年=三年 不超过三年=超过三年 十日内=十日 十日内=十日前
三至五年=三年 三至五年=五年 三至五年=35年 3-5年=35年 第三次=三次 三次=第三次 第三条=第三款 2026年=2025年
二〇二六年=2062年 十八周岁=十六周岁 十八周岁=18 实事求是=实事求 实事求是=实事求是的原则 实事求是=求真务实
应当=可以 应当=不应当 可以=不可以 可以=不得 不得=不 不得=得 批准=审批 批准=不批准 备案=审批
上级党委=上级党组织 中央纪委=省纪委 中央纪委|中央纪律检查委员会=中央
中央纪委|中央纪律检查委员会=中央纪委|中央纪律检查委员会 政治纪律=政治规矩 警告=严重警告 严重警告=警告
国务院=国务院办公厅 支部大会=支部委员会 党委=党委（党组） 集体领导、民主集中=集体领导
集体领导、民主集中=集体领导、民主集中、个别酝酿 三@年以上=3个月 三@年以上=三年以上 三@年以上=4 三@年以上=13
200@元=2000 200@元=200万元 五@个工作日=5日 五@个工作日=五天 十五@日内=5日
"""


def pairs(labelled: str) -> list[tuple[str, str, str]]:
    found = []
    for pair in labelled.split():
        expected, _, given = pair.replace("_", " ").partition("=")
        expected, _, after = expected.partition("@")
        found.append((expected, given, after))
    return found


def test_what_says_the_same_is_right_and_what_does_not_never_is() -> None:
    right, wrong = pairs(RIGHT), pairs(WRONG)
    assert len(right) + len(wrong) >= 150
    refused = [one for one in right if not fits(one[0], one[1], after=one[2])]
    passed = [one for one in wrong if fits(one[0], one[1], after=one[2])]
    assert passed == [], "a wrong answer never passes"
    assert refused == []


def test_nothing_written_is_never_right() -> None:
    for given in ("", " ", "　", "。"):
        assert not fits("二百元", given)


def test_choices_and_judgements_are_right_only_as_a_whole() -> None:
    many = Content(Kind.MULTIPLE, "问", ("甲", "乙", "丙"), ("A", "C"))
    assert [mark(many, one).right for one in (["C", "A"], ["A"], ["A", "B", "C"], [])] == [True, False, False, False]
    judge = Content(Kind.JUDGE, "说", (), ("错",))
    assert [mark(judge, [one]).right for one in ("错", "×", "错误", "对", "", "也许")] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]
    assert mark(Content(Kind.SHORT, "问", (), ("答",)), ["答"]).right is None
