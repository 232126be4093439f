"""The lists that trainers own: entries are put, taken out and restored; remarks in the files stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.curation.entry_file import with_entry, without_entry
from assistant.curation.lists import Kind, Lists
from assistant.errors import InvalidEntry, NoSuchItem
from assistant.verification.formulations import Formulation, flaws, load

REMARKS = "# 本校的词表\n简称:\n  # 市里的叫法\n  休假规定: 青禾市机关休假管理规定\n\n错字:\n  修假: 休假\n"
TWO = Formulation("两个先行", ("试点先行", "培训先行"))


@pytest.fixture
def lists(tmp_path: Path) -> Lists:
    return Lists(tmp_path)


def test_a_new_entry_counts_at_once_and_stands_first(lists: Lists) -> None:
    lists.put(Kind.ABBREVIATIONS, "休假规定", "青禾市机关休假管理规定")
    lists.put(Kind.TYPOS, "修假", "休假")
    lists.put(Kind.SAYINGS, "歇着", "休假、年休假")
    assert lists.lexicon.full_names("休假规定怎么说") == ("青禾市机关休假管理规定",)
    assert lists.lexicon.correct("怎么修假") == "怎么休假"
    assert lists.lexicon.expand("能歇着吗") == ("休假", "年休假")
    assert next(entry.key for entry in lists.entries(Kind.SAYINGS)) == "歇着"
    assert lists.entries(Kind.SAYINGS)[0].own


def test_remarks_and_order_of_a_file_written_by_hand_stay(lists: Lists, tmp_path: Path) -> None:
    (tmp_path / "lexicon.yaml").write_text(REMARKS, encoding="utf-8")
    lists.put(Kind.ABBREVIATIONS, "接待规则", "青禾市机关来访接待规则")
    lists.put(Kind.TYPOS, "修假", "请假")
    written = (tmp_path / "lexicon.yaml").read_text(encoding="utf-8")
    assert written.startswith("# 本校的词表\n简称:\n  # 市里的叫法\n  休假规定: 青禾市机关休假管理规定\n  接待规则:")
    assert written.endswith("错字:\n  修假: 请假\n")


def test_what_the_program_brings_is_taken_out_and_restored(lists: Lists) -> None:
    assert "饭局" in lists.lexicon.sayings
    lists.remove(Kind.SAYINGS, "饭局")
    assert lists.lexicon.expand("饭局能去吗") == ()
    assert [entry.removed for entry in lists.entries(Kind.SAYINGS) if entry.key == "饭局"] == [True]
    lists.restore(Kind.SAYINGS, "饭局")
    assert "饭局" in lists.lexicon.sayings
    with pytest.raises(NoSuchItem, match="没有"):
        lists.remove(Kind.SAYINGS, "没有这一条")


def test_a_blocked_topic_has_its_own_reply(lists: Lists) -> None:
    lists.put(Kind.BLOCKED, "股票推荐", "理财问题请咨询专业机构。")
    refusal = lists.blocked.refusal("给我一个 股票 推荐")
    assert refusal
    assert refusal.reason == "理财问题请咨询专业机构。"
    lists.remove(Kind.BLOCKED, "股票推荐")
    assert lists.blocked.refusal("给我一个股票推荐") is None


@pytest.mark.parametrize(
    ("kind", "key", "value", "says"),
    [
        (Kind.ABBREVIATIONS, "法", "公务员法", "2 到 60"),
        (Kind.ABBREVIATIONS, "公法", "", "是空的"),
        (Kind.TYPOS, "修假", "休假、请假", "只能有一个"),
        (Kind.FORMULATIONS, "三个先行", "试点先行、培训先行", "3 项，成员却有 2 项"),
        (Kind.FORMULATIONS, "先行", "试点先行", "至少两项"),
        (Kind.BLOCKED, "股票推荐", "长" * 401, "超过 400"),
    ],
)
def test_what_does_not_fit_is_said_and_not_kept(lists: Lists, kind: Kind, key: str, value: str, says: str) -> None:
    before = lists.entries(kind)
    with pytest.raises(InvalidEntry, match=says):
        lists.put(kind, key, value)
    assert lists.entries(kind) == before


@pytest.mark.parametrize("key", ["yes", "键: 值", "# 号", "12", "'引号'", "- 横线", "[方括号]", "a:b"])
def test_any_wording_comes_back_from_the_file_as_it_was(lists: Lists, key: str) -> None:
    lists.put(Kind.ABBREVIATIONS, key, "某规定: 第[一]条 #1")
    lists.put(Kind.BLOCKED, key, "答复: {某}")
    assert lists.lexicon.abbreviations[key] == ("某规定: 第[一]条 #1",)
    assert lists.blocked.topics[key] == "答复: {某}"
    lists.remove(Kind.ABBREVIATIONS, key)
    assert key not in lists.lexicon.abbreviations


def test_a_list_broken_by_hand_is_left_as_it_is(lists: Lists, tmp_path: Path) -> None:
    broken = "简称:\n  没有冒号的一行\n"
    (tmp_path / "lexicon.yaml").write_text(broken, encoding="utf-8")
    with pytest.raises(InvalidEntry, match="lexicon"):
        lists._change(Kind.ABBREVIATIONS, lambda text: with_entry(text, "甲乙", "丙", "简称"))
    assert (tmp_path / "lexicon.yaml").read_text(encoding="utf-8") == broken
    assert [path.name for path in tmp_path.iterdir()] == ["lexicon.yaml"]


def test_an_entry_is_taken_out_of_its_own_section_only() -> None:
    text = "简称:\n  甲乙: 丙\n错字:\n  甲乙: 丁\n"
    assert without_entry(text, "甲乙", "错字") == "简称:\n  甲乙: 丙\n错字:\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("要坚持两个先行，即试点先行、培训先行。", []),
        ("要坚持三个先行。", ["“三个先行”应为“两个先行”"]),
        ("两个先行是指试点先行。", ["“两个先行”共 2 项，少了“培训先行”"]),
        ("坚持两个先行，试点先行尤其要紧。", []),
        ("第三个先行区已经建成。", []),
        ("落实两个先行。试点先行。", []),
    ],
)
def test_a_formulation_that_is_miscounted_or_truncated_is_found_out(text: str, found: list[str]) -> None:
    assert flaws(text, [TWO]) == found


def test_of_four_members_two_listed_ones_want_the_others() -> None:
    said = "增强四个意识，特别是政治意识、大局意识、核心意识。"
    assert flaws(said, load().values()) == ["“四个意识”共 4 项，少了“看齐意识”"]
