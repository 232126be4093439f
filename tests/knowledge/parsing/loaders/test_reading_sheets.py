"""Workbooks: each row with its headers, merged labels repeated, numbers as they are shown, hidden parts reported."""

from __future__ import annotations

import datetime
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwt
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font

from knowledge.chunking.chunker import cut
from knowledge.errors import ReadingError, UnsafeFile
from knowledge.metadata.identity_card import identify
from knowledge.model import SourceText
from knowledge.parsing.loaders import read
from knowledge.parsing.loaders.sheets.number_format import shown
from knowledge.parsing.outline import outline


def passages(source: SourceText) -> dict[str, str]:
    return {one.address: source.text[one.start : one.end] for one in cut(source.text, outline(source))}


def contexts(source: SourceText) -> dict[str, str]:
    return {one.address: one.context for one in cut(source.text, outline(source))}


def saved(workbook: Any, tmp_path: Path, name: str = "青禾县补贴.xlsx") -> SourceText:
    workbook.save(tmp_path / name)
    return read(tmp_path / name)


def subsidies() -> Any:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "种植补贴"
    for row in (
        ["青禾县惠农补贴标准表"],
        ["单位：元/亩"],
        ["类别", "作物", "补贴标准", None, "发放时间"],
        [None, None, "首年", "次年起", None],
        ["粮食", "水稻", 120, 90.5, datetime.date(2026, 6, 30)],
        [None, "小麦", 80, 0.15, "每年九月"],
        ["经济作物", "油茶", "三百", "不补", "每年十月"],
        ["注：本表由县农业农村局解释。"],
    ):
        sheet.append(row)
    for area in ("A1:E1", "A2:E2", "A3:A4", "B3:B4", "C3:D3", "E3:E4", "A5:A6", "A8:E8"):
        sheet.merge_cells(area)
    sheet["D6"].number_format = "0%"
    sheet["E5"].number_format = 'yyyy"年"m"月"d"日"'
    return workbook


def test_each_row_is_a_passage_with_its_headers_and_the_labels_of_merged_cells(tmp_path: Path) -> None:
    found = passages(saved(subsidies(), tmp_path))
    assert found == {
        "种植补贴/第5行": "类别：粮食 | 作物：水稻 | 补贴标准/首年：120 | 补贴标准/次年起：90.5 | 发放时间：2026年6月30日",
        "种植补贴/第6行": "类别：粮食 | 作物：小麦 | 补贴标准/首年：80 | 补贴标准/次年起：15% | 发放时间：每年九月",
        "种植补贴/第7行": "类别：经济作物 | 作物：油茶 | 补贴标准/首年：三百 | 补贴标准/次年起：不补 | 发放时间：每年十月",
        "种植补贴/第8行": "注：本表由县农业农村局解释。",
    }


def test_title_and_unit_above_a_table_are_the_context_of_every_row(tmp_path: Path) -> None:
    source = saved(subsidies(), tmp_path)
    assert source.title == "青禾县惠农补贴标准表"
    assert set(contexts(source).values()) == {"种植补贴 青禾县惠农补贴标准表 单位：元/亩"}


def test_every_word_of_the_shown_cells_is_in_the_text(tmp_path: Path) -> None:
    workbook = subsidies()
    source = saved(workbook, tmp_path)
    words = [str(cell.value) for row in workbook.active.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert [word for word in words if word not in source.text] == []


def test_a_row_across_the_table_heads_the_rows_below_it(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in (["项目", "金额"], ["一、儿童"], ["托育", "二百元"], ["二、老人"], ["助餐", "三元"]):
        sheet.append(row)
    sheet.merge_cells("A2:B2")
    sheet.merge_cells("A4:B4")
    source = saved(workbook, tmp_path)
    assert passages(source) == {"Sheet/第3行": "项目：托育 | 金额：二百元", "Sheet/第5行": "项目：助餐 | 金额：三元"}
    assert contexts(source)["Sheet/第5行"] == "Sheet / 二、老人"


def test_hidden_sheets_rows_and_columns_are_left_out_and_reported(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "标准"
    for row in (["项目", "底数", "金额"], ["甲", "保密", "一元"], ["乙", "保密", "二元"]):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["B"].hidden = True
    aside = workbook.create_sheet("草稿")
    aside.sheet_state = "hidden"
    aside.append(["旧价", "九元"])
    source = saved(workbook, tmp_path)
    assert "保密" not in source.text
    assert "二元" not in source.text
    assert "旧价" not in source.text
    told = "".join(source.notes)
    assert "隐藏的工作表 1 张：草稿" in told
    assert "1 行（第 3 行）" in told
    assert "隐藏的列：B" in told


def test_struck_words_are_left_out_and_quoted_and_so_are_comments(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append(["项目", "标准", "次数"])
    sheet.append(["水稻", CellRichText(TextBlock(InlineFont(strike=True), "旧价八十元"), "九十元"), "一次"])
    sheet.append(["小麦", "六十元", "二次"])
    sheet["B3"].font = Font(strike=True)
    sheet["A2"].comment = Comment("早稻另算。", "经办")
    source = saved(workbook, tmp_path)
    assert source.text == "项目 | 标准 | 次数\n项目：水稻 | 标准：九十元 | 次数：一次\n项目：小麦 | 次数：二次"
    assert source.notes[1:] == ("略去批注 1 条：“早稻另算。”。", "略去划掉的文字 2 处：“旧价八十元”、“六十元”。")


def test_struck_words_of_an_old_workbook_are_left_out_and_quoted(tmp_path: Path) -> None:
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("标准")
    struck = xlwt.easyfont("struck_out true")
    for column, header in enumerate(("项目", "标准", "次数")):
        sheet.write(0, column, header)
    sheet.write(1, 0, "水稻")
    sheet.write(2, 2, "二次")
    sheet.write_rich_text(1, 1, (("旧价八十元", struck), ("九十元", xlwt.easyfont(""))))
    sheet.write(2, 0, "小麦")
    sheet.write(2, 1, "六十元", xlwt.easyxf("font: struck_out true"))
    source = saved(workbook, tmp_path, "标准.xls")
    assert source.text == "标准\n项目 | 标准 | 次数\n项目：水稻 | 标准：九十元\n项目：小麦 | 次数：二次"
    assert source.notes[1:] == ("略去划掉的文字 2 处：“旧价八十元”、“六十元”。",)


def test_a_formula_gives_its_stored_value_and_is_reported_without_one(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    for row in (["项目", "合计"], ["甲", "=1+1"]):
        workbook.active.append(row)
    source = saved(workbook, tmp_path)
    assert "公式 1 处没有存下计算结果" in "".join(source.notes)
    path = tmp_path / "存了.xlsx"
    with zipfile.ZipFile(tmp_path / "青禾县补贴.xlsx") as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"<v />", b"<v>2</v>").replace(b"<v></v>", b"<v>2</v>"))
    assert "项目：甲 | 合计：2" in read(path).text


def test_a_column_of_paragraphs_is_read_as_a_text(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    for line in (
        "云栖市停车办法",
        "第一条　为了停车，制定本办法。",
        "第二条　每小时两元。",
        "第三条　自公布之日起施行。",
    ):
        workbook.active.append([line])
    source = saved(workbook, tmp_path)
    assert outline(source).articles == 3


def test_a_list_of_questions_keeps_each_with_its_choices(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.active.title = "题库"
    workbook.active.append(["题目", "A", "B", "答案"])
    workbook.active.append(["一次可借几册？", "三册", "五册", "A"])
    assert passages(saved(workbook, tmp_path))["题库/第2行"] == "题目：一次可借几册？ | A：三册 | B：五册 | 答案：A"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_a_csv_table_is_read_in_its_encoding_and_by_its_separator(
    tmp_path: Path, encoding: str, separator: str
) -> None:
    lines = [["救助项目", "救助标准"], ["高龄津贴", "每月一百元"], ["临时救助", "一次六百元"]]
    path = tmp_path / "救助标准.csv"
    path.write_text("\n".join(separator.join(line) for line in lines), encoding=encoding)
    source = read(path)
    assert identify(source, path.name, outline(source)).title == "救助标准"
    assert passages(source)["救助标准/第2行"] == "救助项目：高龄津贴 | 救助标准：每月一百元"


def test_an_old_workbook_is_read_as_a_new_one(tmp_path: Path) -> None:
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("标准")
    for column, header in enumerate(("类别", "项目", "比例")):
        sheet.write(0, column, header)
    sheet.write_merge(1, 2, 0, 0, "粮食")
    sheet.write(1, 1, "水稻")
    sheet.write(1, 2, 0.5, xlwt.easyxf(num_format_str="0%"))
    sheet.write(2, 1, "小麦")
    sheet.write(3, 1, "藏起的一行")
    sheet.row(3).hidden = True
    workbook.add_sheet("内部").visibility = 1
    source = saved(workbook, tmp_path, "标准.xls")
    assert passages(source) == {
        "标准/第2行": "类别：粮食 | 项目：水稻 | 比例：50%",
        "标准/第3行": "类别：粮食 | 项目：小麦",
    }
    assert "第 4 行" in "".join(source.notes)
    assert "内部" in "".join(source.notes)


def test_a_web_page_saved_as_xls_is_read_as_a_sheet_with_all_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "导出.xls"
    path.write_text(
        """<html><body><p>青禾县补贴发放表</p><table class="header"><tr><th>乡镇</th><th>项目</th><th>金额</th></tr>
        <tr><td rowspan=2>石桥镇</td><td>水稻<br>补贴</td><td>00120</td></tr><tr><td>小麦补贴</td><td>80</td></tr>
        <tr style="display:none"><td>测试镇</td><td>勿用</td><td>0</td></tr></table>
        <table><tr><td colspan=3>第一条　补贴每年十月底前发放到户，发放情况在村内公示七日。</td></tr>
        <tr><td colspan=3>第二条　种植户应当如实申报面积，申报不实的，取消当年补贴。</td></tr></table></body></html>""",
        encoding="utf-8",
    )
    source = read(path)
    assert source.text.split("\n") == [
        "青禾县补贴发放表",
        "乡镇 | 项目 | 金额",
        "乡镇：石桥镇 | 项目：水稻 补贴 | 金额：00120",
        "乡镇：石桥镇 | 项目：小麦补贴 | 金额：80",
        "第一条　补贴每年十月底前发放到户，发放情况在村内公示七日。",
        "第二条　种植户应当如实申报面积，申报不实的，取消当年补贴。",
    ]
    assert any("略去隐藏的文字 1 处：“测试镇 勿用 0”" in note for note in source.notes)


@pytest.mark.parametrize(
    ("value", "code", "words"),
    [
        (0.155, "0.0%", "15.5%"),
        (12000, "#,##0", "12,000"),
        (80, '0.00"元"', "80.00元"),
        (-3, "0;(0)", "(3)"),
        (0, '0;-0;"不补"', "不补"),
        (3, '"第"0"档"', "第3档"),
        (2.5, "[Red]0.0", "2.5"),
        (45292, "yyyy/m/d", "2024/1/1"),
        (45292, "[DBNum1]yyyy年m月d日", "二〇二四年一月一日"),
        (0.5, "h:mm", "12:00"),
        (1234567, "#,##0,", "1,235"),
        (120, "[DBNum1]General", "一百二十"),
    ],
)
def test_a_number_is_written_as_the_sheet_shows_it(value: float, code: str, words: str) -> None:
    assert shown(value, code) == words


def test_another_package_under_the_name_is_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "假.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("a.txt", "不是表格")
    with pytest.raises(UnsafeFile, match="不是 Excel 表格"):
        read(path)


@pytest.mark.parametrize(
    "sheet",
    [
        "<worksheet><sheetData>" + "<row><c/></row>" * 3,
        '<worksheet><sheetData><row r="x"><c r="A1"><v>1</v></c></row></sheetData></worksheet>',
        '<!DOCTYPE a [<!ENTITY b "cccc">]><worksheet><sheetData><row><c t="s"><v>9</v></c></row></sheetData></worksheet>',
    ],
)
def test_a_damaged_sheet_is_refused_with_one_sentence(tmp_path: Path, sheet: str) -> None:
    path = tmp_path / "坏.xlsx"
    workbook_xml = '<workbook xmlns:r="r"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>'
    relation = '<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="s.xml"/></Relationships>'
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("xl/workbook.xml", workbook_xml)
        package.writestr("xl/_rels/workbook.xml.rels", relation)
        package.writestr("xl/s.xml", sheet)
    with pytest.raises(ReadingError, match=r"坏\.xlsx"):
        read(path)


def test_a_merged_area_over_the_whole_sheet_costs_nothing(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    for row in (["甲", "乙"], ["一", "二"]):
        workbook.active.append(row)
    workbook.save(tmp_path / "大.xlsx")
    path = tmp_path / "合并.xlsx"
    with zipfile.ZipFile(tmp_path / "大.xlsx") as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            areas = b'</sheetData><mergeCells><mergeCell ref="A2:XFD1048576"/></mergeCells>'
            new.writestr(name, old.read(name).replace(b"</sheetData>", areas))
    assert "甲：一" in read(path).text
