"""The lexicon: typos put right, abbreviations written out, everyday words led to the words of the rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.metadata.register import Register
from knowledge.retrieval.lexicon import InvalidLexicon, Lexicon


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.load()


def write(folder: Path, text: str) -> Path:
    path = folder / "lexicon.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_packaged_lists_are_long_enough(lexicon: Lexicon) -> None:
    assert len(lexicon.abbreviations) >= 50
    assert len(lexicon.typos) >= 120
    assert len(lexicon.sayings) >= 200


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("违反记律怎么处份", "违反纪律怎么处分"),
        ("工作按排", "工作安排"),
        ("既使退休也要追究吗", "即使退休也要追究吗"),
        ("读职和循私舞弊", "渎职和徇私舞弊"),
        ("主题挡日多久一次", "主题党日多久一次"),
        ("行政付议的期限", "行政复议的期限"),
        ("任前公式几天", "任前公示几天"),
        ("信仿条列", "信访条例"),
        ("戒勉谈话和谈话涵询", "诫勉谈话和谈话函询"),
        ("历行节约反对浪废", "厉行节约反对浪费"),
    ],
)
def test_frequent_typos_are_put_right(lexicon: Lexicon, typed: str, meant: str) -> None:
    assert lexicon.correct(typed) == meant


@pytest.mark.parametrize(
    "right",
    [
        "按排名先后安排座次",
        "党委会和党组会有什么不同",
        "监察官和检察官的等级",
        "巡视和巡察有什么区别",
        "逐条列出问题，按件计酬",
        "年满十八岁的公民可以申请入党",
        "处分影响期内能否提拔",
        "文件里的“应当”和“可以”有什么区别？",
    ],
)
def test_right_words_stay_as_they_are(lexicon: Lexicon, right: str) -> None:
    assert lexicon.correct(right) == right


def test_a_correction_is_itself_right(lexicon: Lexicon) -> None:
    for right in lexicon.typos.values():
        assert lexicon.correct(right) == right


def test_no_title_of_the_register_is_taken_for_a_typo(lexicon: Lexicon) -> None:
    for entry in Register.load().entries:
        for name in (entry.title, *entry.short, *entry.subjects):
            assert lexicon.correct(name) == name


@pytest.mark.parametrize(
    ("said", "term"),
    [
        ("老板请客吃饭能去吗", "宴请"),
        ("过年收红包怎么处理", "收受礼金"),
        ("单位有人吃空饷", "虚报冒领"),
        ("躺平的干部怎么办", "不担当不作为"),
        ("遇事就甩锅", "推卸责任"),
        ("他被双规了", "留置"),
        ("想举报领导", "检举控告"),
        ("去上访有什么规矩", "信访"),
        ("我想申请入党", "发展党员"),
        ("公车私用", "公务用车"),
        ("背处分了还能提拔吗", "受到处分"),
        ("不来上班怎么处理", "旷工"),
        ("考公務員要什麼條件", "公务员录用"),
    ],
)
def test_everyday_words_lead_to_the_words_of_the_rules(lexicon: Lexicon, said: str, term: str) -> None:
    assert term in lexicon.expand(said)


def test_terms_that_stand_in_the_question_are_not_added_again(lexicon: Lexicon) -> None:
    assert "宴请" not in lexicon.expand("饭局算不算接受宴请")
    assert lexicon.expand("留置的期限") == ()
    assert lexicon.expand("") == ()


def test_every_saying_adds_something(lexicon: Lexicon) -> None:
    assert [said for said in lexicon.sayings if not lexicon.expand(said)] == []


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("十五五时期的目标", "第十五个五年规划"),
        ("八项规定有哪些", "中央八项规定"),
        ("处分条例第几条", "中国共产党纪律处分条例"),
        ("中纪委的职责", "中央纪律检查委员会"),
        ("四调怎么晋升", "四级调研员"),
        ("四风指什么", "官僚主义"),
    ],
)
def test_abbreviations_are_written_out(lexicon: Lexicon, short: str, full: str) -> None:
    assert full in lexicon.full_names(short)


def test_a_full_name_that_is_written_out_is_not_repeated(lexicon: Lexicon) -> None:
    assert lexicon.full_names("中央八项规定") == ()


def test_the_trainers_own_entries_come_first(tmp_path: Path) -> None:
    extra = write(
        tmp_path,
        "错字:\n  图书是: 图书室\n  记律:\n说法:\n  借书: 图书借阅\n  饭局: 聚餐\n简称:\n  图办: 图书室管理办法\n",
    )
    lexicon = Lexicon.load(extra=extra)
    assert lexicon.correct("图书是的记律") == "图书室的记律"
    assert lexicon.expand("借书要去饭局吗") == ("聚餐", "图书借阅")
    assert lexicon.full_names("图办") == ("图书室管理办法",)
    assert lexicon.correct("处份") == "处分"


def test_without_an_own_file_the_packaged_lists_stand(tmp_path: Path, lexicon: Lexicon) -> None:
    assert Lexicon.load(extra=tmp_path / "lexicon.yaml").sayings == lexicon.sayings


def test_an_empty_own_file_changes_nothing(tmp_path: Path, lexicon: Lexicon) -> None:
    assert Lexicon.load(extra=write(tmp_path, "")).typos == lexicon.typos


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("别的: {}\n", "顶层只能有 简称、错字、说法"),
        ("- 一\n", "顶层只能有 简称、错字、说法"),
        ("错字:\n  - 记律\n", "“错字”下面应当每行一条"),
        ("错字:\n  记律: [纪律]\n", "“记律”这一条应当写成“左边: 右边”"),
        ("说法:\n  2019: 某年\n", "数字请加引号"),
        ("说法:\n  查: 审查\n", "左边至少两个字"),
        ("说法:\n  '没有结束: 甲\n", "不符合 YAML 格式"),
    ],
)
def test_a_mistake_in_the_file_is_told_in_one_sentence(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(InvalidLexicon) as raised:
        Lexicon.load(extra=write(tmp_path, text))
    assert told in str(raised.value)
    assert str(raised.value).endswith("。")
