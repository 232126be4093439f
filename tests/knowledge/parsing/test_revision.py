"""Two editions side by side: provisions are found again by their wording, and the changed words are marked."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.model import SourceText
from knowledge.parsing.comparison import Change, Pair, Revision, revision
from knowledge.parsing.loaders import read
from knowledge.parsing.outline import outline
from knowledge.parsing.provisions import provisions
from knowledge.text.diff import compare, folded, same_wording

OFFICIAL = Path(__file__).resolve().parents[3].parent / "shared" / "corpus" / "official"

OLD = """青禾市考勤管理规定
第一章 总则
第一条 为了规范机关考勤，制定本规定。
第二条 本规定适用于青禾市各级机关。
第二章 出勤
第三条 工作人员应当按时到岗，迟到三次以上的，扣发当月奖金。
第四条 外出办事应当向科室负责人报告，并在登记簿上签名。
第五条 考勤记录由人事科保存二年。
第六条 值班人员不得擅自离开岗位。
第三章 附则
第七条 本规定自2015年1月1日起施行。
"""
NEW = """青禾市考勤管理规定
第一章 总则
第一条 为了规范机关考勤，制定本规定。
第二条 值班人员不得擅自离开岗位。
第三条 机关工作人员实行弹性工作制度，每日工作八小时。
第四条 本规定适用于青禾市各级机关。
第二章 出勤
第五条 工作人员应当按时到岗，迟到五次以上的，扣发当月奖金。
第六条 考勤记录由人事科保存二年。
第三章 附则
第七条 本规定自2020年7月1日起施行。
"""


def between(old: str, new: str) -> Revision:
    return revision(old, outline(SourceText(old)), new, outline(SourceText(new)))


def told(pair: Pair) -> tuple[str, bool, str, str]:
    return pair.change.value, pair.moved, pair.old.label if pair.old else "", pair.new.label if pair.new else ""


def test_each_article_is_added_deleted_changed_moved_or_the_same_whatever_its_number() -> None:
    assert [told(pair) for pair in between(OLD, NEW).pairs] == [
        ("未改", False, "第一条", "第一条"),
        ("未改", True, "第六条", "第二条"),
        ("新增", False, "", "第三条"),
        ("未改", False, "第二条", "第四条"),
        ("修改", False, "第三条", "第五条"),
        ("删去", False, "第四条", ""),
        ("未改", False, "第五条", "第六条"),
        ("修改", False, "第七条", "第七条"),
    ]
    found = between(OLD, NEW)
    assert {change.value: found.count(change) for change in Change} == {"未改": 4, "修改": 2, "新增": 1, "删去": 1}
    assert found.moved == 1


def test_only_the_words_that_changed_are_marked() -> None:
    pair = next(pair for pair in between(OLD, NEW).pairs if pair.new and pair.new.label == "第五条")
    assert [words.text for words in pair.old_words if not words.kept] == ["三"]
    assert [words.text for words in pair.new_words if not words.kept] == ["五"]


@pytest.mark.parametrize(
    ("old", "new", "struck", "put_in"),
    [
        ("受处分一百三十三人。", "受处分一百三十八人。", ["一百三十三"], ["一百三十八"]),  # a number changes as a whole
        ("依照第十九条处理。", "依照第二十条处理。", ["第十九条"], ["第二十条"]),
        ("违犯党的纪律的组织。", "违犯党纪的组织。", ["的纪律"], ["纪"]),  # not 的, then 律
        ("应当甲。应当丙。", "应当甲。应当乙。应当丙。", [], ["应当乙。"]),  # a whole sentence, not 乙。应当
        ("享受五天。", "享受八天。\n一般不跨年。", ["五"], ["八", "一般不跨年。"]),
        ("职务、职称等。", "职务、职级、职称等。", [], ["职级、"]),
        ("（一）甲乙；\n（三）丙丁。", "（一）甲乙；\n（二）丙丁。", ["（三）"], ["（二）"]),
    ],
)
def test_changes_are_marked_in_pieces_that_a_reader_can_follow(
    old: str, new: str, struck: list[str], put_in: list[str]
) -> None:
    old_words, new_words = compare(old, new)
    assert [words.text for words in old_words if not words.kept] == struck
    assert [words.text for words in new_words if not words.kept] == put_in


def test_line_breaks_width_and_quotation_marks_are_no_change() -> None:
    assert same_wording("实行“三同时”，\n包括（一）甲。", '实行"三同时"，包括(一)甲。')
    assert same_wording("一八四〇年", "一八四○年")
    assert not same_wording("应当甲。", "可以甲。")


@given(st.text("甲乙丙，。；一二十第条\n （）"), st.text("甲乙丙，。；一二十第条\n （）"))
@settings(max_examples=300, deadline=None)
def test_no_character_is_lost_or_made_up_and_what_is_kept_is_the_same_on_both_sides(old: str, new: str) -> None:
    sides = compare(old, new)
    assert ["".join(words.text for words in side).strip() for side in sides] == [old.strip(), new.strip()]
    kept = [folded("".join(words.text for words in side if words.kept)) for side in sides]
    assert kept[0] == kept[1]


def test_an_article_merged_into_another_points_to_it() -> None:
    new = OLD.replace("第五条 考勤记录由人事科保存二年。\n", "").replace(
        "并在登记簿上签名。", "并在登记簿上签名。\n考勤记录由人事科保存二年。"
    )
    gone = next(pair for pair in between(OLD, new).pairs if pair.change is Change.DELETED)
    assert gone.old is not None
    assert gone.kin is not None
    assert (gone.old.label, gone.kin.label) == ("第五条", "第四条")


def test_paragraphs_outside_of_articles_are_compared_too() -> None:
    old = "青禾市章程\n序言\n青禾市始终坚持节约办事。\n第一条 甲乙丙丁戊己庚。\n第二条 办公用品统一采购。\n第三条 子丑寅卯辰巳午未。"
    new = old.replace("始终坚持节约办事", "始终坚持节约办事、廉洁办事")
    changed = [pair for pair in between(old, new).pairs if pair.change is not Change.UNCHANGED]
    assert len(changed) == 1
    assert [words.text for words in changed[0].new_words if not words.kept] == ["、廉洁办事"]
    assert changed[0].new is not None
    assert changed[0].new.label == ""


def test_provisions_stand_at_their_offsets_in_the_canonical_text() -> None:
    text = OLD.replace("第三条 ", "第三条　　").replace("签名。", "签名。\n　　并注明时间。")
    found = provisions(text, outline(SourceText(text)))
    assert [one.label for one in found] == [f"第{n}条" for n in "一二三四五六七"]
    assert all(text[one.start : one.end] == one.text for one in found)
    assert found[3].text == "外出办事应当向科室负责人报告，并在登记簿上签名。\n　　并注明时间。"
    assert {one.chapter for one in found[2:6]} == {"第二章 出勤"}


def test_texts_without_articles_or_without_anything_do_not_fail() -> None:
    assert between("", "").pairs == ()
    assert [pair.change for pair in between("", "只有一段话的通知。").pairs] == [Change.ADDED]
    same = between("一、甲事\n应当做好。\n二、乙事\n应当抓紧。", "一、甲事\n应当做好。\n二、乙事\n应当抓紧。")
    assert {pair.change for pair in same.pairs} == {Change.UNCHANGED}


def test_a_thousand_articles_take_seconds_not_minutes() -> None:
    lines = [
        f"第{n}条 单位第{n}号仓库由管理员{n * 7}负责，每{n % 9 + 1}日检查一次，并且登记造册。" for n in range(1, 1001)
    ]
    old = "青禾市仓库办法\n" + "\n".join(lines)
    new = old.replace("并且登记造册", "及时登记造册")
    began = time.perf_counter()
    assert between(old, new).count(Change.CHANGED) == 1000
    assert time.perf_counter() - began < 15


@pytest.mark.skipif(not OFFICIAL.is_dir(), reason="../shared/corpus/official is not at hand")
@pytest.mark.parametrize(
    ("old", "new", "added", "changed"),
    [("2015", "2018", (11, 12), (64, 65)), ("2018", "2023", (16, 16), (76, 77))],
)
def test_the_last_two_revisions_come_out_as_their_issuer_counted_them(
    old: str, new: str, added: tuple[int, int], changed: tuple[int, int]
) -> None:
    sources = [read(OFFICIAL / "party" / f"中国共产党纪律处分条例({year}).md") for year in (old, new)]
    outlines = [outline(source) for source in sources]
    began = time.perf_counter()
    found = revision(sources[0].text, outlines[0], sources[1].text, outlines[1])
    assert time.perf_counter() - began < 5  # a third of a second on a quiet machine
    assert added[0] <= found.count(Change.ADDED) <= added[1]
    assert changed[0] <= found.count(Change.CHANGED) <= changed[1]
