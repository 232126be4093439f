"""PDF: what only pages have (watermarks, columns, footnotes, layers, tables set by position) cuts and adds no text."""

from __future__ import annotations

from pathlib import Path

import pytest
from regulation_files import pdf

from knowledge.errors import EmptyFile
from knowledge.model import SourceText
from knowledge.parsing.loaders import read

LONG = "第三条 渡口管理员每月上船巡查不少于十二次，发现漏水、松"
REST = "动等情况应当在两小时内报告所在镇交通办。"


def reading(data: bytes, tmp_path: Path) -> SourceText:
    path = tmp_path / "文件.pdf"
    path.write_bytes(data)
    return read(path)


def left_out(source: SourceText) -> list[tuple[str, str]]:
    return [(piece.what, piece.text) for piece in source.left_out]


def changed(data: bytes, before: bytes, after: bytes) -> bytes:
    assert before in data
    return data.replace(before, after)


def test_text_that_lies_across_the_page_is_a_watermark_and_cuts_no_sentence(tmp_path: Path) -> None:
    pages = [
        [(90.0, 700.0, LONG), (200.0, 420.0, "内部资料严禁外传")],
        [(90.0, 760.0, REST), (300.0, 760.0, "严禁外传")],
    ]
    data = pdf(pages)
    data = changed(data, b"1 0 0 1 200.0 420.0 Tm", b".7 .7 -.7 .7 200 420 Tm")
    data = changed(data, b"1 0 0 1 300.0 760.0 Tm", b".7 .7 -.7 .7 300 760 Tm")
    source = reading(data, tmp_path)
    assert source.text == LONG + REST
    assert left_out(source) == [("水印", "内部资料严禁外传"), ("水印", "严禁外传")]


def test_words_laid_over_every_page_are_a_watermark_and_values_of_a_table_are_none(tmp_path: Path) -> None:
    tiles = [(x, y, "副本编号A017") for x, y in ((90.0, 680.0), (340.0, 672.0), (90.0, 400.0), (340.0, 392.0))]
    one_column = [(200.0, y, "内部使用") for y in (640.0, 470.0, 305.0)]
    rows = [one for y in (600.0, 560.0, 520.0) for one in ((90.0, y, f"渡船{int(y)}号"), (300.0, y, "每年检验"))]
    pages = [
        [(90.0, 720.0, LONG), *tiles, *one_column, (90.0, 696.0, REST), *rows],
        [(90.0, 720.0, LONG), (90.0, 696.0, REST), *one_column],
    ]
    source = reading(pdf(pages), tmp_path)
    assert source.text.split("\n") == [
        LONG + REST,
        "渡船600号 | 每年检验",
        "渡船560号 | 每年检验",
        "渡船520号 | 每年检验",
        LONG + REST,
    ]
    assert left_out(source) == [("水印", "副本编号A017")] * 4 + [("水印", "内部使用")] * 6


@pytest.mark.parametrize("by_row", [True, False], ids=["written row by row", "written column by column"])
def test_two_columns_are_read_one_after_the_other(by_row: bool, tmp_path: Path) -> None:
    left = (
        "第一条 为了规范渡口管理工作，",
        "保障渡运安全，制定本办法，请遵",
        "照执行。",
        "第二条 渡船每年检验一次，费用",
        "由县财政全额保障，不得挪作他",
        "用。",
    )
    right = (
        "第三条 渡口管理员每月上船巡查",
        "不少于十二次，发现漏水情况应当",
        "在两小时内报告所在镇交通办。",
        "第四条 本办法自二〇二一年七月",
        "一日起施行，原办法同时废止执行",
        "完毕。",
    )
    first, second = (
        [(x, 740.0 - 24 * i, words) for i, words in enumerate(column)] for x, column in ((50.0, left), (320.0, right))
    )
    page = [one for pair in zip(first, second, strict=True) for one in pair] if by_row else first + second
    title = [(180.0, 790.0, "青禾县渡口安全管理工作若干规定")]
    assert reading(pdf([title + page]), tmp_path).text.split("\n") == [
        "青禾县渡口安全管理工作若干规定",
        "第一条 为了规范渡口管理工作，保障渡运安全，制定本办法，请遵照执行。",
        "第二条 渡船每年检验一次，费用由县财政全额保障，不得挪作他用。",
        "第三条 渡口管理员每月上船巡查不少于十二次，发现漏水情况应当在两小时内报告所在镇交通办。",
        "第四条 本办法自二〇二一年七月一日起施行，原办法同时废止执行完毕。",
    ]


def test_a_footnote_cuts_no_article_that_goes_on_over_the_page(tmp_path: Path) -> None:
    note = "① 本条所称渡口，是指固定渡口。"
    data = pdf([[(90.0, 700.0, LONG), (90.0, 60.0, note)], [(90.0, 760.0, REST)]])
    data = changed(data, b"/F 14 Tf 1 0 0 1 90.0 60.0 Tm", b"/F 9 Tf 1 0 0 1 90.0 60.0 Tm")
    source = reading(data, tmp_path)
    assert source.text == LONG + REST
    assert left_out(source) == [("脚注", note)]


def test_a_table_without_lines_becomes_rows_and_a_cell_may_take_two_lines(tmp_path: Path) -> None:
    rows = [
        ("职级", "补贴", "备注"),
        ("一级", "三百元", "按月发放"),
        ("", "", "至账户"),
        ("二级", "二百元", "按季发放"),
    ]
    cells = [
        (90.0 + 150 * i, 700.0 - 20 * n, words) for n, row in enumerate(rows) for i, words in enumerate(row) if words
    ]
    source = reading(pdf([[(90.0, 760.0, "渡口补贴标准如下："), *cells]]), tmp_path)
    assert source.text.split("\n") == [
        "渡口补贴标准如下：",
        "职级 | 补贴 | 备注",
        "一级 | 三百元 | 按月发放至账户",
        "二级 | 二百元 | 按季发放",
    ]


def test_a_table_of_contents_is_no_table(tmp_path: Path) -> None:
    listed = [(90.0, 700.0 - 20 * n, words) for n, words in enumerate(("第一章　总则", "第二章　渡运"))]
    numbers = [(450.0, 700.0 - 20 * n, str(n + 1)) for n in range(2)]
    page = [one for pair in zip(listed, numbers, strict=True) for one in pair]
    assert "|" not in reading(pdf([[(250.0, 760.0, "目录"), *page]]), tmp_path).text


def test_a_layer_that_is_switched_off_is_left_out_by_name(tmp_path: Path) -> None:
    data = pdf([[(90.0, 700.0, "第一条 票价三元。"), (90.0, 600.0, "第一条 票价五元。")]])
    data = changed(data, b"BT /F 14 Tf 1 0 0 1 90.0 600.0", b"/OC /L BDC BT /F 14 Tf 1 0 0 1 90.0 600.0")
    start = data.index(b"/OC /L BDC")
    end = data.index(b"endstream", start)
    data = data[:end].rstrip(b"\n") + b" EMC\n" + data[end:]
    data = changed(data, b"/XObject<</I 6 0 R>>", b"/XObject<</I 6 0 R>>/Properties<</L 99 0 R>>")
    data = changed(
        data,
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Catalog/Pages 2 0 R/OCProperties<</OCGs[99 0 R]/D<</OFF[99 0 R]>>>>>>",
    )
    data = (
        data[: data.index(b"\nxref\n") + 1]
        + b"99 0 obj\n<</Type/OCG/Name(old)>>\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    )
    data = _with_right_lengths(data)
    source = reading(data, tmp_path)
    assert source.text == "第一条 票价三元。"
    assert left_out(source) == [("隐藏图层的文字", "第一条票价五元。")]


def test_a_page_that_is_a_picture_with_a_stamp_is_reported_as_scanned(tmp_path: Path) -> None:
    stamp = "此件由青禾县电子公文系统生成，下载人综合科，编号二〇二四〇五〇六，请妥善保管"
    source = reading(pdf([[(60.0, 25.0, stamp)], [(90.0, 700.0, LONG)]], images=(1,)), tmp_path)
    assert source.text == LONG
    assert left_out(source) == [("扫描页上的戳记", stamp)]
    assert source.notes[0].startswith("第 1 页没有文字层，是扫描图像")


def test_a_text_layer_of_garbage_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EmptyFile, match="乱码"):
        reading(pdf([[(90.0, 700.0, "M;\x19!#8E\x17 7=\x043\x015(CF\x05:")]]), tmp_path)


def test_an_english_page_is_no_garbage(tmp_path: Path) -> None:
    words = "Ferry rules: children travel free (2024)."
    assert reading(pdf([[(90.0, 700.0, words)]]), tmp_path).text == words


def _with_right_lengths(data: bytes) -> bytes:
    start = data.index(b"stream\nBT") + 7
    length = data.index(b"\nendstream", start) - start
    head = data.rindex(b"<</Length ", 0, start)
    return data[:head] + b"<</Length %d>>stream\n" % length + data[start:]


def test_a_table_on_a_page_that_is_turned_keeps_its_rows(tmp_path: Path) -> None:
    rows = [("路段", "泊位数", "限停"), ("青年路", "四十个", "两小时"), ("建设路", "六十个", "三小时")]
    cells = [
        (100.0 + 30 * row, 100.0 + 170 * column, text)
        for row, line in enumerate(rows)
        for column, text in enumerate(line)
    ]
    data = pdf([cells])
    for x, y, _ in cells:
        data = changed(data, f"1 0 0 1 {x} {y} Tm".encode(), f"0 1 -1 0 {x:.0f} {y:.0f} Tm".encode())
    assert reading(data, tmp_path).text == "路段 | 泊位数 | 限停\n青年路 | 四十个 | 两小时\n建设路 | 六十个 | 三小时"


def test_a_line_goes_on_though_the_imprint_reaches_further(tmp_path: Path) -> None:
    lines = [
        (90.0, 700.0, "　　渡口管理经费由县财政全额保障，任何单位和个人都不"),
        (90.0, 680.0, "得挪作他用。"),
        (90.0, 620.0, "印发机关" + "　" * 23 + "三月印发"),
    ]
    assert "都不得挪作他用。" in reading(pdf([lines]), tmp_path).text


def test_lines_of_a_table_of_contents_stay_apart(tmp_path: Path) -> None:
    lines = [(90.0, 700.0 - 20 * n, f"第{number}章　总则{'…' * 20}{n}") for n, number in enumerate("一二三", 1)]
    assert reading(pdf([lines]), tmp_path).text.count("\n") == 2


def ruled(data: bytes, *strokes: tuple[int, int, int, int]) -> bytes:
    drawn = "".join(f"{x} {y} m {to_x} {to_y} l S\n" for x, y, to_x, to_y in strokes)
    return data.replace(b"BT", drawn.encode() + b"BT", 1)


def test_a_table_with_lines_keeps_its_rows_however_high_their_cells_are(tmp_path: Path) -> None:
    cells = [
        (90.0, 730.0, "情形"),
        (300.0, 730.0, "处罚"),
        (90.0, 700.0, "占用航道，影响渡船"),
        (90.0, 680.0, "靠岸的"),
    ]
    cells += [(300.0, 690.0, "五百元"), (90.0, 640.0, "夜间不点灯的"), (300.0, 625.0, "三百元")]
    level = [(80, y, 400, y) for y in (750, 720, 660)] + [(80, 630, 280, 630), (80, 610, 400, 610)]
    upright = [(x, 610, x, 750) for x in (80, 280, 400)]
    text = reading(ruled(pdf([cells]), *level, *upright), tmp_path).text
    assert text == "情形 | 处罚\n占用航道，影响渡船靠岸的 | 五百元\n夜间不点灯的 | 三百元"


def test_a_label_over_several_ruled_rows_stands_in_each_and_a_head_that_is_said_again_in_none(tmp_path: Path) -> None:
    first = [(90.0, 730.0, "类别"), (300.0, 730.0, "标准"), (90.0, 690.0, "渡船"), (300.0, 705.0, "大船八十元")]
    first += [(300.0, 675.0, "小船五十元")]
    second = [(90.0, 730.0, "类别"), (300.0, 730.0, "标准"), (90.0, 700.0, "渡口"), (300.0, 700.0, "每处三百元")]
    lines = (
        [(80, y, 400, y) for y in (750, 720, 660)] + [(280, 690, 400, 690)] + [(x, 660, x, 750) for x in (80, 280, 400)]
    )
    below = [(80, y, 400, y) for y in (750, 720, 690)] + [(x, 690, x, 750) for x in (80, 280, 400)]
    data = ruled(pdf([first, second]), *lines)
    at = data.index(b"endstream", data.index(b"BT"))  # the second page's drawing comes after the first one's
    source = reading(data[:at] + ruled(data[at:], *below), tmp_path)
    assert source.text == "类别 | 标准\n渡船 | 大船八十元\n渡船 | 小船五十元\n渡口 | 每处三百元"
    assert left_out(source) == [("各页重复的表头", "类别 | 标准")]
