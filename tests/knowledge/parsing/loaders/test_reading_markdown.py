"""Markdown as converters, wikis and people write it."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.errors import ReadingError
from knowledge.model import SourceText
from knowledge.parsing.loaders import read


@pytest.fixture
def reading(tmp_path: Path):  # type: ignore[no-untyped-def]
    def of(text: str) -> SourceText:
        path = tmp_path / "文件.md"
        path.write_text(text, encoding="utf-8")
        return read(path)

    return of


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("**第一条**　为了规范管理，制定本办法。", "第一条　为了规范管理，制定本办法。"),
        ("渡船由*区交通局*管理，面积为3*4*5米。", "渡船由区交通局管理，面积为3*4*5米。"),
        (r"（中某发\[2005\]8号）", "（中某发[2005]8号）"),
        ("依照[《某办法》](https://example.cn/a_(1).html)办理。", "依照《某办法》办理。"),
        ("依照[[https://example.cn|某办法]]办理。", "依照某办法办理。"),
        ("《关于修改<某某法>等三部法律的决定》", "《关于修改<某某法>等三部法律的决定》"),
        ("《关于修改\\<某某法\\>的决定》", "《关于修改<某某法>的决定》"),
        ("印发`<某办法>`{html}的通知", "印发<某办法>的通知"),
        ("人&nbsp;民&ldquo;监督&rdquo;&#12288;制度", "人 民“监督”　制度"),
        ('<font color="red">严禁</font>外借<br>违者<b>处分</b>', "严禁外借\n违者处分"),
        ("\u3000\u3000第\u200b二条\ufeff 本办法\u00ad适用于机关。\t", "第二条 本办法适用于机关。"),
        ("第一章　总　则", "第一章　总　则"),
        ("面积按 A*B*C 计算，变量 a_b_c 不变", "面积按 A*B*C 计算，变量 a_b_c 不变"),
        ("1.严禁突击花钱。", "1.严禁突击花钱。"),
        ("2013. 年度总结", "2013. 年度总结"),
        ("- 第一项\n- 第二项", "第一项\n第二项"),
        ("> 引用的话\n> 还有一句。", "引用的话\n还有一句。"),
        ("正文<!-- 注\n释 -->继续。", "正文继续。"),
        ("***\n---\n正文。", "正文。"),
        ("*强调* __加粗__", "强调 加粗"),
    ],
)
def test_markup_goes_and_wording_stays(written: str, meant: str, reading) -> None:  # type: ignore[no-untyped-def]
    assert reading(written).text == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        # A number on a line of its own comes to its words, with or without an empty line between.
        ("二、\n要精简会议活动。", "二、要精简会议活动。"),
        ("第三条\n\n本办法适用于机关。", "第三条　本办法适用于机关。"),
        ("第二章\n\n借阅\n\n第四条 凭证借书。", "第二章　借阅\n第四条 凭证借书。"),
        # A paragraph cut by a converter.
        (
            "有关单位应当在每年六月底以前把上一年度的执行情况书面报告主管部门，并抄送财政部门和\n审计机关备查。",
            "有关单位应当在每年六月底以前把上一年度的执行情况书面报告主管部门，并抄送财政部门和审计机关备查。",
        ),
        (
            "对于前款规定的事项、\n本条第二款规定的事项，应当报告。",
            "对于前款规定的事项、本条第二款规定的事项，应当报告。",
        ),
        # What starts a unit never joins the line before, however that line ends.
        (
            "有下列情形之一的，应当报告上级主管部门并在三日之内书面说明情况和理由以及处理意见\n（一）数额较大的；\n（二）多次发生的。",
            None,
        ),
        ("第一条 为了规范管理，制定本办法。\n第二条 本办法适用于机关。", None),
        ("一、总体要求\n要短、实、新。", None),
        ("要做到以下几点：\n一是学深悟透。\n二是真抓实干。", None),
        ("某市人民政府\n2020年6月1日", None),
        ("2022年1月24日 某市常务会议审议批准\n2022年2月25日 某市人民政府发布", None),
        # A reference at the start of a line is no article.
        (
            "违反前款规定造成严重后果的，对负有责任的领导人员和直接责任人员依照本办法\n第三条规定给予处分。",
            "违反前款规定造成严重后果的，对负有责任的领导人员和直接责任人员依照本办法第三条规定给予处分。",
        ),
    ],
)
def test_lines_of_one_paragraph_are_joined_and_others_are_not(written: str, meant: str | None, reading) -> None:  # type: ignore[no-untyped-def]
    assert reading(written).text == (written if meant is None else meant)


def test_a_sentence_cut_by_an_empty_line_inside_an_article_is_mended(reading) -> None:  # type: ignore[no-untyped-def]
    articles = [f"第{number}条 图书应当登记造册，由专人负责保管。" for number in "一二三四五"]
    torn = ["第六条 采取前款规定的措施以前，应当经图书室主要负责", "人批准，并在三日以内告知借阅人。"]
    assert reading("\n\n".join([*articles, *torn])).text.split("\n")[-1] == "".join(torn)


def test_a_title_of_a_speech_is_not_taken_for_a_torn_sentence(reading) -> None:  # type: ignore[no-untyped-def]
    text = "（一）深入学习贯彻会议精神切实增强责任感紧迫感使命感\n要认真组织学习。"
    assert reading(text.replace("\n", "\n\n")).text == text


def test_headings_and_title(reading) -> None:  # type: ignore[no-untyped-def]
    source = reading("###  某办法（试行） \n\n##第一章 总则\n\n正文。\n\n第二章 附则\n-----\n\n正文二。")
    assert source.title == "某办法（试行）"
    assert [(source.text[one.start : one.end], one.level) for one in source.headings] == [
        ("某办法（试行）", 3),
        ("第一章 总则", 2),
        ("第二章 附则", 2),
    ]


def test_a_number_sign_before_a_colour_is_no_heading(reading) -> None:  # type: ignore[no-untyped-def]
    assert reading("颜色\n#ed1c24").headings == ()


def test_tables_become_rows_and_a_note(reading) -> None:  # type: ignore[no-untyped-def]
    for table in (
        "| 级别 | 标准 |\n|------|-----:|\n| 处级 | 12 |\n| 科级 | 9 |",
        "\\|级别\\|标准\\|\n\\|处级\\|12\\|\n\\|科级\\|9\\|",
        "| **级别** \\| 标准\n  \\|\n\n| 处级 \\| 12 \\|\n\n| 科级 \\| 9 \\|",
        "  ------------\n  级别   标准\n  ------ -----\n  处级   12\n\n  科级   9\n  ------------",
    ):
        source = reading(f"标准见下表：\n\n{table}\n\n以上单位为平方米。")
        assert source.text == "标准见下表：\n级别 | 标准\n处级 | 12\n科级 | 9\n以上单位为平方米。"
        assert any("表格 1 处" in note for note in source.notes)


def test_an_empty_cell_keeps_its_column_and_a_cell_too_many_does_not(reading) -> None:  # type: ignore[no-untyped-def]
    """A figure stands under its own header; a row with a bar too many, as web pages leave it, is not moved by that."""
    table = "| 项目 | 城区 | 乡镇 | 备注 |\n|---|---|---|---|\n| 护理 | | 80元 | |\n| 其他 | | | |\n| | | 助餐 | 5元 | 每餐 |"
    assert reading(f"标准：\n\n{table}").text.split("\n")[1:] == [
        "项目 | 城区 | 乡镇 | 备注",
        "护理 |  | 80元",
        "其他",
        "助餐 | 5元 | 每餐",
    ]


def test_images_and_downloads_are_noted(reading) -> None:  # type: ignore[no-untyped-def]
    source = reading(
        "第一条 正文。\n\n![印章](a.png)\n\n{{ :wiki:b.png?400 |}}\n\n\\[\\[http://example.cn/a.pdf\\|PDF文件下载\\]\\]"
    )
    assert source.text == "第一条 正文。"
    assert "略去图片 2 幅：“印章”。" in source.notes
    assert any("PDF文件下载" in note for note in source.notes)


def test_what_a_web_page_left_behind_is_noted_and_left_out(reading) -> None:  # type: ignore[no-untyped-def]
    source = reading("# 某办法\n\n来源：某网 发布时间：2018-05-21\n\n第一条 正文。\n\n（来源：某社）\n\n【打印正文】")
    assert source.text == "某办法\n第一条 正文。"
    assert len(source.notes) == 1
    assert "【打印正文】" in source.notes[0]


def test_a_closing_list_of_other_pages_is_left_out(reading) -> None:  # type: ignore[no-untyped-def]
    source = reading("第一条 正文。\n\n延伸阅读\n\n某会议审议《甲办法》和《乙办法》\n\n某负责人答记者问")
    assert source.text == "第一条 正文。"
    assert "延伸阅读" in source.notes[0]


def test_private_use_characters_are_kept_and_reported(reading) -> None:  # type: ignore[no-untyped-def]
    source = reading("第一条 计量单位为\ue003平方米。")
    assert "\ue003" in source.text
    assert any("无法识别的字符" in note for note in source.notes)


def test_front_matter_is_the_card_and_no_text(reading) -> None:  # type: ignore[no-untyped-def]
    source = reading(
        "---\ntitle: 怎样读文件\nkind: 学习导读\ntopic: 学习方法\nwritten_on: 2024-05-06\nsources:\n"
        "  - 某办法 第三条\n  - 某规定 第五条\nyear: 2024\n---\n\n先看标题。\n"
    )
    assert source.text == "先看标题。"
    assert source.title == "怎样读文件"
    assert source.card == {
        "title": "怎样读文件",
        "kind": "学习导读",
        "topic": "学习方法",
        "written_on": "2024-05-06",
        "sources": "某办法 第三条；某规定 第五条",
        "year": "2024",
    }


def test_a_rule_at_the_start_is_no_front_matter(reading) -> None:  # type: ignore[no-untyped-def]
    assert reading("---\n\n第一条 正文。\n\n---\n").text == "第一条 正文。"


def test_broken_front_matter_is_refused_with_its_line(reading) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ReadingError, match="第 3 行"):
        reading('---\ntitle: 一\nkind: "未完\n---\n正文。')


def test_a_line_end_in_a_cell_breaks_no_row(reading) -> None:  # type: ignore[no-untyped-def]
    text = "时间如下：\n\n| 类别 | 时间 |\n|---|---|\n| 渡船 | 上午<br>下午 |\n"
    assert reading(text).text.endswith("类别 | 时间\n渡船 | 上午 下午")
