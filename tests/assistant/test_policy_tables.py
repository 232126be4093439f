"""`xuesi ask` over a policy table: the row that a question means, with its headers, at its sheet and row."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from command_line import xuesi


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables")
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "种植补贴"
    for row in (
        ["青禾县惠农补贴标准表"],
        ["类别", "作物", "每亩补贴标准", "发放时间"],
        ["粮食", "水稻", "一百二十元", "每年六月底前"],
        [None, "小麦", "八十五元", "每年九月底前"],
        ["经济作物", "油茶", "三百元", "每年十月底前"],
    ):
        sheet.append(row)
    sheet.merge_cells("A1:D1")
    sheet.merge_cells("A3:A4")
    workbook.save(folder / "惠农补贴.xlsx")
    done = xuesi("kb", "add", str(folder / "惠农补贴.xlsx"), "--publish", "--data", folder / "data")
    assert done.returncode == 0, done.stderr
    return folder / "data"


@pytest.mark.parametrize(
    ("question", "words", "address"),
    [
        ("小麦每亩补贴多少钱", "八十五元", "种植补贴/第4行"),
        ("油茶补贴什么时候发放", "每年十月底前", "种植补贴/第5行"),
        ("水稻每亩补贴标准是多少", "一百二十元", "种植补贴/第3行"),
    ],
)
def test_a_question_is_answered_by_the_row_it_means(data: Path, question: str, words: str, address: str) -> None:
    answer = json.loads(xuesi("ask", question, "--json", "--data", data).stdout)
    assert answer["mode"] == "extract"
    assert words in answer["sentences"][0]["text"]
    assert answer["citations"][0]["address"] == address
