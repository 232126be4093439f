"""Every visible character of a Word file is in its text or named as left out; what is deleted or hidden is no text."""

from __future__ import annotations

from pathlib import Path

import pytest
from word_files import W, numbered, numbering, package, paragraph, run, table

from knowledge.errors import ReadingError
from knowledge.model import SourceText
from knowledge.parsing.loaders import read


def reading(data: bytes, tmp_path: Path) -> SourceText:
    path = tmp_path / "文件.docx"
    path.write_bytes(data)
    return read(path)


def left_out(source: SourceText) -> list[tuple[str, str]]:
    return [(piece.what, piece.text) for piece in source.left_out]


@pytest.mark.parametrize(
    "data",
    [
        package(paragraph("第一条 船闸每日开放。"), strict=True),
        package(paragraph("第一条 船闸每日开放。"), main="word/document7.xml"),
        package(paragraph("第一条 船闸每日开放。"), parts={"media.bin": b"\0"}, kinds={"media.bin": "image"}),
    ],
    ids=["strict", "another main part", "unregistered media and a reference that leads nowhere"],
)
def test_what_word_opens_is_opened(data: bytes, tmp_path: Path) -> None:
    assert reading(data, tmp_path).text == "第一条 船闸每日开放。"


def test_hidden_text_is_left_out_by_name_whether_the_run_or_its_style_hides_it(tmp_path: Path) -> None:
    styles = f'<w:styles {W}><w:style w:type="character" w:styleId="h"><w:name w:val="藏"/><w:rPr><w:vanish/></w:rPr></w:style></w:styles>'
    body = (
        paragraph(run("渡口夜间停航。"), run("（内部说明）", "<w:vanish/>"), run("草稿", '<w:rStyle w:val="h"/>')),
        paragraph(run("旧的一段。", "<w:vanish/>"), properties="<w:rPr><w:vanish/></w:rPr>"),
        paragraph(run("雾天停航。", '<w:vanish w:val="0"/>')),
    )
    source = reading(package(*body, parts={"styles.xml": styles}), tmp_path)
    assert source.text == "渡口夜间停航。\n雾天停航。"
    assert left_out(source) == [("隐藏的文字", "（内部说明）草稿"), ("隐藏的文字", "旧的一段。")]


def test_a_paragraph_whose_end_was_deleted_goes_on_with_the_next_one(tmp_path: Path) -> None:
    gone = '<w:del w:id="1"><w:r><w:delText>两</w:delText></w:r></w:del>'
    body = (
        paragraph("第一条 渡船每", gone, "三", properties='<w:rPr><w:del w:id="2"/></w:rPr>'),
        paragraph("年检验一次。"),
    )
    source = reading(package(*body), tmp_path)
    assert source.text == "第一条 渡船每三年检验一次。"
    assert left_out(source) == [("标为删除的文字", "两")]


def test_a_deleted_row_of_a_table_is_no_row(tmp_path: Path) -> None:
    rows = table(("船型", "定员"), ("木船", "八人"), ("铁船", "二十人"))
    rows = rows.replace(
        "<w:tr><w:tc><w:tcPr></w:tcPr>" + paragraph("木船"),
        '<w:tr><w:trPr><w:del w:id="1"/></w:trPr><w:tc>' + paragraph("木船"),
    )
    source = reading(package(rows), tmp_path)
    assert source.text == "船型 | 定员\n铁船 | 二十人"
    assert ("标为删除的文字", "木船八人") in left_out(source)


def test_an_empty_numbered_paragraph_takes_its_number_along(tmp_path: Path) -> None:
    body = (numbered("票价两元。"), numbered(""), numbered("学生免费。"))
    source = reading(package(*body, parts={"numbering.xml": numbering()}), tmp_path)
    assert source.text == "第一条　票价两元。\n第三条　学生免费。"
    assert left_out(source) == [("没有文字的编号", "第二条")]


def test_the_number_column_of_a_table_is_written_out(tmp_path: Path) -> None:
    number = paragraph(properties='<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')
    rows = table(("序号", "船名"), (number, "青禾号"), (number, "云栖号"))
    source = reading(package(rows, parts={"numbering.xml": numbering((("decimal", "%1."),))}), tmp_path)
    assert source.text == "序号 | 船名\n1 | 青禾号\n2 | 云栖号"


def test_the_level_of_a_numbered_style_is_the_one_the_list_gives_it(tmp_path: Path) -> None:
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{name}"/>'
        f'<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        for name in ("tiao", "xiang")
    )
    body = (
        paragraph("船员应当：", properties='<w:pStyle w:val="tiao"/>'),
        paragraph("持证；", properties='<w:pStyle w:val="xiang"/>'),
        paragraph("穿救生衣。", properties='<w:pStyle w:val="xiang"/>'),
    )
    parts = {"styles.xml": f"<w:styles {W}>{styles}</w:styles>", "numbering.xml": numbering(styles=("tiao", "xiang"))}
    assert reading(package(*body, parts=parts), tmp_path).text == "第一条　船员应当：\n（一）持证；\n（二）穿救生衣。"


def test_a_nested_table_is_read_once_below_the_row_it_stands_in(tmp_path: Path) -> None:
    inner = table(("等次", "奖金"), ("优秀", "三百元"))
    rows = table(("项目", "标准"), ("年终", f"{paragraph('按等次：')}{inner}{paragraph('一月发放。')}"))
    assert reading(package(rows), tmp_path).text.split("\n") == [
        "项目 | 标准",
        "年终 | 按等次： 一月发放。",
        "等次 | 奖金",
        "优秀 | 三百元",
    ]


def nested(depth: int) -> bytes:
    inner = paragraph("最里层")
    for level in range(depth):
        inner = table((f"层{level}", inner + paragraph("完")))
    return package(inner)


def test_deeply_nested_tables_are_read_in_one_pass(tmp_path: Path) -> None:
    assert reading(nested(40), tmp_path).text.count("最里层") == 1


def test_tables_nested_beyond_all_sense_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="套得太深"):
        reading(nested(100), tmp_path)


def test_a_label_over_several_rows_stands_in_each_of_them(tmp_path: Path) -> None:
    rows = table(("类别", "情形", "扣分"), ("v:卫生", "乱堆", "2"), ("^", "乱倒", "3"), ("停车", "占道", "5"))
    assert reading(package(rows), tmp_path).text.split("\n") == [
        "类别 | 情形 | 扣分",
        "卫生 | 乱堆 | 2",
        "卫生 | 乱倒 | 3",
        "停车 | 占道 | 5",
    ]


def test_the_letterhead_of_the_first_page_is_text_and_other_margins_are_left_out(tmp_path: Path) -> None:
    margins = {
        "header1.xml": f"<w:hdr {W}>{paragraph('青禾县水务局文件')}{paragraph('青水发〔2020〕3号')}</w:hdr>",
        "header2.xml": f"<w:hdr {W}>{paragraph('内部资料')}</w:hdr>",
        "footer1.xml": f"<w:ftr {W}>{paragraph('— 2 —')}</w:ftr>",
    }
    section = (
        '<w:sectPr><w:headerReference w:type="first" r:id="header1.xml"/><w:headerReference w:type="default" r:id="header2.xml"/>'
        '<w:footerReference w:type="default" r:id="footer1.xml"/><w:titlePg/></w:sectPr>'
    )
    kinds = {"header1.xml": "header", "header2.xml": "header", "footer1.xml": "footer"}
    source = reading(package(paragraph("关于清淤的通知"), section, parts=margins, kinds=kinds), tmp_path)
    assert source.text == "青禾县水务局文件\n青水发〔2020〕3号\n关于清淤的通知"
    assert left_out(source) == [("页眉", "内部资料")]


def test_formulas_lettering_form_fields_and_graphics_are_read(tmp_path: Path) -> None:
    fraction = "<m:f><m:num><m:r><m:t>天数</m:t></m:r></m:num><m:den><m:r><m:t>365</m:t></m:r></m:den></m:f>"
    tick = '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:checked/></w:checkBox></w:ffData></w:fldChar></w:r>'
    smart = '<w:r><w:drawing><dgm:relIds r:dm="data1.xml"/></w:drawing></w:r>'
    points = "".join(
        f"<dgm:pt><dgm:t><a:p><a:r><a:t>{word}</a:t></a:r></a:p></dgm:t></dgm:pt>" for word in ("受理", "审核")
    )
    space = 'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    body = (
        paragraph('<w:r><w:pict><v:shape><v:textpath string="青禾县水务局文件"/></v:shape></w:pict></w:r>'),
        paragraph("补助为基数×", f"<m:oMath>{fraction}</m:oMath>", "。"),
        paragraph(tick, "同意"),
        paragraph(smart),
        "<mc:AlternateContent><mc:Choice>"
        + paragraph("新版。")
        + "</mc:Choice><mc:Fallback>"
        + paragraph("旧版。")
        + "</mc:Fallback></mc:AlternateContent>",
    )
    source = reading(
        package(
            *body,
            parts={"data1.xml": f"<dgm:dataModel {space}>{points}</dgm:dataModel>"},
            kinds={"data1.xml": "diagramData"},
        ),
        tmp_path,
    )
    assert source.text.split("\n") == ["青禾县水务局文件", "补助为基数×天数/365。", "☑同意", "受理", "审核", "新版。"]


def test_embedded_files_notes_and_comments_are_named_and_quoted(tmp_path: Path) -> None:
    notes = f'<w:footnotes {W}><w:footnote w:id="2">{paragraph("按实测计算。")}</w:footnote></w:footnotes>'
    comments = f'<w:comments {W}><w:comment w:id="0">{paragraph("再核。")}</w:comment></w:comments>'
    body = (
        paragraph(
            "面积",
            '<w:r><w:footnoteReference w:id="2"/></w:r>',
            "见附件。",
            '<w:r><w:commentReference w:id="0"/></w:r>',
        ),
        paragraph('<w:r><w:object><o:OLEObject Type="Embed" ProgID="Excel.Sheet.12"/></w:object></w:r>'),
        '<w:altChunk r:id="piece.bin"/><w:altChunk r:id="piece.html"/>',
    )
    parts = {
        "footnotes.xml": notes,
        "comments.xml": comments,
        "piece.bin": b"?",
        "piece.html": "<p>第二条 补助三百元。</p>",
    }
    source = reading(package(*body, parts=parts, kinds={"piece.bin": "aFChunk", "piece.html": "aFChunk"}), tmp_path)
    assert source.text == "面积见附件。\n第二条 补助三百元。"
    assert left_out(source) == [
        ("脚注和尾注", "按实测计算。"),
        ("批注", "再核。"),
        ("嵌入的文件", "Excel.Sheet.12"),
        ("嵌入的文件", "piece.bin"),
    ]


def test_word_files_and_rich_text_within_a_word_file_are_read_in_their_place(tmp_path: Path) -> None:
    struck = "<w:r><w:rPr><w:strike/></w:rPr><w:t>旧价</w:t></w:r>"
    innermost = package(paragraph("第三条 补助五百元。"))
    inner = package(
        paragraph("第二条 补助", struck, "三百元。"),
        '<w:altChunk r:id="deep.docx"/>',
        parts={"deep.docx": innermost},
        kinds={"deep.docx": "aFChunk"},
    )
    rich = rb"{\rtf1\ansicpg936 " + "第四条 按月发放。".encode("gb18030") + rb"\par}"
    body = (paragraph("第一条 本办法适用于全县。"), '<w:altChunk r:id="a.docx"/><w:altChunk r:id="b.rtf"/>')
    parts = {"a.docx": inner, "b.rtf": rich}
    source = reading(package(*body, parts=parts, kinds=dict.fromkeys(parts, "aFChunk")), tmp_path)
    assert source.text == "第一条 本办法适用于全县。\n第二条 补助三百元。\n第三条 补助五百元。\n第四条 按月发放。"
    assert left_out(source) == [("划掉的文字", "旧价")]


def test_soft_returns_and_page_numbers_cut_no_sentence(tmp_path: Path) -> None:
    soft = "<w:r><w:br/></w:r>"
    body = (
        paragraph("青禾县人民政府关于进一步加强渡口", soft, "安全管理工作的实施意见"),
        paragraph("第一条 渡费每次", soft, "两元。", soft, "第二条 学生免费。"),
        paragraph("第三条 停航期为每年七月"),
        paragraph("－ 3 －"),
        paragraph("青禾县水务局"),
        paragraph("一日至八月十日。"),
        paragraph("联系人：某某", soft, "电话：110"),
    )
    source = reading(package(*body), tmp_path)
    assert source.text.split("\n") == [
        "青禾县人民政府关于进一步加强渡口安全管理工作的实施意见",
        "第一条 渡费每次两元。",
        "第二条 学生免费。",
        "第三条 停航期为每年七月一日至八月十日。",
        "联系人：某某",
        "电话：110",
    ]
    assert left_out(source) == [("页码", "－ 3 －"), ("页眉", "青禾县水务局")]


@pytest.mark.parametrize(
    "line",
    [
        "今天是开班第一天，我讲三点意见。",
        "欢迎大家对渡口管理提出意见。",
        "位置偏远的渡口可以晚开半小时。",
        "上一条所称渡口，不包括浮桥。",
        "资料来源：青禾县水务局",
        "收藏",
        "第十四条　计量技术机构可以分享到有关单位",
    ],
)
def test_no_line_of_a_word_file_is_taken_for_a_web_pages_furniture(line: str, tmp_path: Path) -> None:
    assert reading(package(paragraph("开头。"), paragraph(line)), tmp_path).text == f"开头。\n{line}"


@pytest.mark.parametrize("mark", ["strike", "dstrike"])
def test_struck_text_is_left_out_by_name(mark: str, tmp_path: Path) -> None:
    body = paragraph(
        run("渡船票价"), run("五元", f"<w:{mark}/>"), run("三元。"), run("儿童免费。", f'<w:{mark} w:val="0"/>')
    )
    source = reading(package(body), tmp_path)
    assert source.text == "渡船票价三元。儿童免费。"
    assert left_out(source) == [("划掉的文字", "五元")]
